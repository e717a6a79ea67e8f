// What of a condition an index can find: its parts, and which column each of them bounds.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "expr/sql/lower.hpp"

namespace kith::internal::expr {

/// As many values as are bound one by one; more of them are one bind (SqlDialect::rows_of).
inline constexpr std::size_t kMostSingleBinds = 24;

/// A part of a condition that bounds one column of the record itself.
struct Reach {
  std::string column;         ///< quoted; `id` for the record's own
  bool derived = false;       ///< it lies in the derived row
  bool range = false;         ///< from, to or between; else one of the values, or null where `or_null`
  std::vector<Value> values;  ///< alive, of one kind, in order, each once
  bool or_null = false;
};

struct Condition;

/// What every record must fulfil.
struct Part {
  Sql sql;
  std::optional<Reach> reach;
  std::vector<Condition> ways;  ///< of an ||: what each of its sides asks
};

/// All parts of a condition; those that only the evaluator can decide are left out.
struct Condition {
  std::vector<Part> parts;
  Sql sql() const;                          ///< TRUE iff all of them are
  Sql sql_without(std::size_t part) const;  ///< of the others
};

/// The same as lower_true, in parts. Of a program that SQL can't decide at all: no parts.
Condition lower_parts(const Program& program, const Env& env, const Lowering& how);
/// A query of one column, `value`, whose rows are the values: one bind, however many they are. nullopt: this database
/// can't read them back exactly.
std::optional<Sql> rows_of(Dialect dialect, const std::vector<Value>& values);

}  // namespace kith::internal::expr
