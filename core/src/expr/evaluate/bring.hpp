// What is given, brought to the type and the form of what it meets: as the same would be stored.
#pragma once
#include <string>
#include <string_view>

#include "expr/tree/node.hpp"

namespace kith::internal::expr {

/// As the field that it meets would store it; `keyed`: as equal addresses are told to be equal.
std::string brought_text(TextForm form, bool keyed, std::string_view text, std::string_view region);
/// What Op::brought comes to for the value of its part. Throws query_invalid where a parameter can't be of that type.
Value brought(const Node& node, const Value& value);

}  // namespace kith::internal::expr
