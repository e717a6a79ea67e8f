// A page begins where the one before it ended. The rows behind that place are a few ranges, one after the other, and
// each is found by one seek in an index that is in the page's order: "a = ? AND (b, id) > (?, ?)", then
// "a = ? AND b IS NULL", then "a > ?", then "a IS NULL". One condition with OR would be read from the start.
#pragma once
#include <string>
#include <vector>

#include "expr/sql/lower.hpp"
#include "store/select/place.hpp"

namespace kith::internal::store {

/// What a page is ordered by: the terms, nulls last in each, then the id in the direction of the last term. A term that
/// is the id itself ends the order.
struct Order {
  std::vector<std::string> keys;  ///< SQL
  std::vector<bool> descending;
  bool id_descending = false;
  std::vector<std::string> columns;  ///< of the facts, quoted, by key; "" where the key is no such column
};

struct Range {
  expr::Sql equal;    ///< the terms that are the same in all rows; ends with " AND ", or is ""
  std::string bound;  ///< of the next term: "t.b > ?", "(t.b, t.id) > (?, ?)", "t.b IS NULL"; "": none
  std::vector<Value> bound_values;
  std::size_t from = 0;   ///< the first term that differs
  bool not_null = false;  ///< it has a value in all rows
  expr::Sql where() const;
};

/// In the order in which they are to be read; `after` null: from the beginning. `nulls_apart`: rows without a value in
/// the first term are always a range of their own.
std::vector<Range> ranges(const Order& order, const PageKey* after, bool nulls_apart = false);
/// All rows behind the key, as one range: for rows that are sorted anyway.
Range whole_range(const Order& order, const PageKey* after);

/// The first of several terms may have groups of equal values in which an index has nulls where the page has them last.
/// Such a range is read group by group: each is a seek again.
bool has_groups(const Order& order, const Range& range);
/// The group of this value, then the groups behind it.
std::vector<Range> split(const Order& order, const Range& range, const Value& first);

}  // namespace kith::internal::store
