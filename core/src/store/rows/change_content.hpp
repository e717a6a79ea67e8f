// How the content of a change lies in its row: what differs, by the lasting numbers of members, old value and new; then
// the states that were entered. An edge instead, where the change is one. What a bundle that is not loaded wrote stays
// readable by the notes about its members.
#pragma once
#include <string>
#include <string_view>

#include "store/layout/layout.hpp"
#include "store/rows/change.hpp"

namespace kith::internal::store {

std::string encode_content(const Change& change, const Layout& layout);
/// Fills members, states and edge of a change whose other parts are known. Throws storage_corrupt.
void decode_content(std::string_view content, std::int64_t lasting_type, const Layout& layout, Change& change);
/// Of an announced edge: the two values.
std::string encode_values(const Value& before, const Value& after);
void decode_values(std::string_view content, Value& before, Value& after);

}  // namespace kith::internal::store
