// The indexes over a record type's facts, as statements name them.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "catalog/model/model.hpp"

namespace kith::internal::store {

struct IndexFacts {
  std::string name;                  ///< quoted
  std::vector<std::string> columns;  ///< behind the tenant, quoted; `id` for the record's own. The id follows them
  bool unique = false;
  std::string of_nulls;  ///< quoted: the index of records without a value, in the order of their ids; "": none
  bool whole = true;     ///< has every live record; else only those that have a value in each of the columns
};

/// By record type; the first is that over the ids.
std::vector<std::vector<IndexFacts>> indexes_of(const catalog::Catalog& catalog);

}  // namespace kith::internal::store
