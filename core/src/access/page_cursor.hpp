// Where a page ended: the values that it was ordered by, and the id that breaks ties. Opaque to callers.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "store/select/place.hpp"

namespace kith::internal::access {

using store::PageKey;

/// `query` names the request (type, filter, order), so that a cursor is refused by any other.
std::string encode_cursor(std::uint64_t query, const PageKey& key);
/// Throws query_invalid: not a cursor, or one of another query. The values have the kinds that were encoded.
PageKey decode_cursor(std::uint64_t query, std::string_view cursor);

}  // namespace kith::internal::access
