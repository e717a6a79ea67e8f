// Lowering to SQL by the dual scheme: T(e) is TRUE iff e is true, F(e) is TRUE iff e is false; NOT is never emitted.
// All literals are bound. See design/expressions.md.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "expr/evaluate/evaluate.hpp"

namespace kith::internal::expr {

enum class Dialect : std::uint8_t { sqlite, postgresql };

/// A piece of SQL with its values, in the order of the `?` in it.
struct Sql {
  std::string text;
  std::vector<Value> binds;
};

class SqlDialect;  // expr/sql/dialect.hpp

/// How records lie in tables. All names come back quoted where they need it.
class SqlSchema {
 public:
  virtual ~SqlSchema() = default;
  virtual std::string facts_table(std::int32_t record_type) const = 0;
  virtual std::string derived_table(std::int32_t record_type) const = 0;
  virtual std::string column(std::int32_t record_type, std::int32_t member) const = 0;
  /// Where the email_key() of a text that has a key (has_key of its form) lies.
  virtual std::string key_column(std::int32_t record_type, std::int32_t member) const {
    return column(record_type, member);
  }
  virtual std::string live_condition(std::int32_t record_type,
                                     std::string_view alias) const = 0;  ///< "a.removed_at IS NULL"
  /// How a derived row is found from its facts row. Both have `rid`, `tenant` and `id`.
  virtual std::string derived_join(std::string_view facts, std::string_view derived) const {
    return std::string{derived} + ".rid = " + std::string{facts} + ".rid";
  }
  /// A sub-query, without parentheses, of the ids to which a relationship's edges of `now` lead from the record whose
  /// id is `owner`.
  virtual Sql related(const Hop& set, const Sql& owner, std::int64_t tenant, std::int64_t now) const;
};

/// Aliases: facts of the record `<alias>`, its derived row `<alias>d` (LEFT JOINed by the caller where
/// `needs_derived`).
struct Lowering {
  Dialect dialect = Dialect::sqlite;
  const SqlSchema* schema = nullptr;
  std::string alias = "t";
  std::int64_t tenant = 0;   ///< bound in every sub-query
  bool counts_work = false;  ///< the database has kith_looked_at, which ends a query that does too much for one record
  const SqlDialect* rules = nullptr;  ///< in place of the dialect's own; borrowed
};

/// A predicate that is TRUE exactly for the records for which the program is true (class exact), or for at least
/// those (superset; the caller decides the rest by evaluate). Throws not_exact_in_sql for vm_only.
Sql lower_true(const Program& program, const Env& env, const Lowering& how);
/// TRUE exactly where the program is false.
Sql lower_false(const Program& program, const Env& env, const Lowering& how);
/// The value itself (for order by and select of exact terms).
Sql lower_value(const Program& program, const Env& env, const Lowering& how);
/// The same text with $1, $2, ... for the `?`, as PostgreSQL wants them.
std::string numbered(std::string_view text);
bool needs_derived(const Program& program);  ///< reads a derivation of the record itself

}  // namespace kith::internal::expr
