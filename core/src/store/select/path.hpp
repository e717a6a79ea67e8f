// By which index the rows of a list are found. SQLite's planner knows averages at best, and without statistics takes
// every index on the tenant for one that finds ten rows; here it is known which values are asked for, so that what a
// path would cost is counted in the index, up to a limit, before it is taken.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "expr/sql/reach.hpp"
#include "store/connection/connection.hpp"
#include "store/layout/layout.hpp"
#include "store/select/ranges.hpp"

namespace kith::internal::store {

/// Rows that are found in one way.
struct Arm {
  std::string index;   ///< quoted; "": as the database likes
  std::string listed;  ///< a quoted column that is one of `values`: they are bound as one list, and lead
  std::vector<Value> values;
  expr::Sql where;  ///< what else they fulfil
};

struct Path {
  std::vector<Arm> arms;  ///< a row comes from one of them only
  bool in_order = false;  ///< they give their rows in the order of the page, without a sort
  /// A unique index has no order among records without a value: these are found by another one. "": not so here.
  std::string of_nulls;
  Path nulls() const { return {{{of_nulls, {}, {}, arms.front().where}}, true, {}}; }
};

class PathFinder {
 public:
  PathFinder(Connection& connection, const Layout& layout, std::int64_t tenant, std::int32_t record_type,
             const expr::Condition& condition);
  /// For a page of about so many rows.
  Path for_page(const Order& order, std::int64_t rows) const;
  /// For all rows, in any order. `read`: columns of the facts that will be looked at, quoted.
  Path for_all(const std::vector<std::string>& read) const;

 private:
  struct Lookup;
  std::vector<Lookup> lookups(const expr::Condition& condition) const;
  std::optional<Lookup> by(const struct IndexFacts& index, const expr::Condition& condition) const;
  std::optional<std::vector<Lookup>> ways(const expr::Part& part) const;
  std::int64_t matches(const Lookup& lookup, std::int64_t most) const;
  std::int64_t matches(const Lookup& lookup, const expr::Sql& where, std::int64_t most) const;
  std::int64_t rows_of_type() const;
  const Lookup* fewest(const std::vector<Lookup>& found, std::int64_t most, std::int64_t& rows) const;
  bool gives_order(const struct IndexFacts& index, std::size_t from, const Order& order) const;
  bool gives_order(const Lookup& lookup, const Order& order) const;
  const struct IndexFacts* walk(const Order& order) const;
  const struct IndexFacts* holding(const std::vector<std::string>& read) const;
  Path along(const struct IndexFacts* index) const;
  Path through(const Lookup& lookup, bool in_order) const;
  std::optional<Path> through_ways(const Order& order, std::int64_t most) const;

  Connection* connection_;
  const Layout* layout_;
  std::int64_t tenant_;
  std::int32_t record_type_;
  const expr::Condition* condition_;
};

}  // namespace kith::internal::store
