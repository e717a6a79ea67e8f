// Single code points of UTF-8.
#pragma once
#include <cstdint>
#include <string>

namespace kith::internal::expr {

void append_utf8(std::string& out, std::uint32_t code);

/// The least text above all that begin with `prefix` (valid UTF-8), in order of code points. Empty: there is none.
std::string prefix_end(std::string prefix);

}  // namespace kith::internal::expr
