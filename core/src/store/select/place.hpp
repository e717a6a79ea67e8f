// What a list shows and is ordered by: members of its record type, or of what its refs lead to.
#pragma once
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "expr/names.hpp"
#include "expr/sql/lower.hpp"

namespace kith::internal::store {

struct Place {
  std::vector<std::int32_t> refs;  ///< ref members that lead from the list's type to `record_type`
  std::int32_t record_type = -1;
  std::int32_t member = -1;  ///< -1: the record's id
  expr::Type type;
};

struct Sorting {
  Place by;
  bool descending = false;
};

/// Where a page ended: the values that it was ordered by, and the id that breaks ties.
struct PageKey {
  std::vector<Value> order;
  RecordId id;
};

/// The predicate, over facts of a type under an alias, that whoever reads is bound by: tenant, liveness, rules.
using Allowed = std::function<expr::Sql(std::int32_t record_type, std::string_view alias)>;

}  // namespace kith::internal::store
