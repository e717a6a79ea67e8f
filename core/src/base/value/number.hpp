// Numbers as people and files write them.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace kith::internal {

/// The whole text is a whole number of 64 bits, with at most one sign: "5", "+5", "-5".
std::optional<std::int64_t> read_integer(std::string_view text);
/// The whole text is a number that a double holds, with at most one sign: "1.5", "+1e3". No infinity, no NaN.
std::optional<double> read_real(std::string_view text);

}  // namespace kith::internal
