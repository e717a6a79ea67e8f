// Names of a query, resolved to places: a member of the record, or one reached through refs ("customer.retail.tier").
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/model/model.hpp"
#include "store/select/place.hpp"

namespace kith::internal::access {

struct Selected : store::Place {
  std::string name;  ///< as asked for
};

/// Throws unknown_field with a suggestion, or query_invalid for what has no single value (a child set).
Selected resolve(const catalog::Catalog& catalog, std::int32_t record_type, std::string_view name);
/// The catalog's member behind a place; nullptr for an id.
const catalog::Member* member_of(const catalog::Catalog& catalog, const store::Place& place);
/// "retail.net_spend_12m desc, name". Throws query_invalid, unknown_field.
std::vector<store::Sorting> parse_order(const catalog::Catalog& catalog, std::int32_t record_type,
                                        std::string_view text);

}  // namespace kith::internal::access
