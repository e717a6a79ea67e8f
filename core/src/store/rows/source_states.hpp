// What a source of imports said last of a record's state: a feed that says the same every night changes nothing.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "store/rows/records.hpp"

namespace kith::internal::store {

std::optional<std::string> said_state(Records& records, std::string_view source, std::int32_t record_type,
                                      const RecordId& id, std::string_view lifecycle);
void keep_said_state(Records& records, std::string_view source, std::int32_t record_type, const RecordId& id,
                     std::string_view lifecycle, std::string_view state);

}  // namespace kith::internal::store
