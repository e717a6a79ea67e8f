// The piece of source that a problem shows, with a caret under what is wrong.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "base/problem/error.hpp"

namespace kith::internal {

/// Line and column of byte `offset` of a UTF-8 text; the end of the text when it lies behind it. Linear in `offset`.
Place place_of_offset(std::string_view text, std::size_t offset, std::string file = {});

/// The line around byte `offset` and below it "^~~~" as wide as `length` bytes of it (at least one caret). Long lines
/// are cut to a window, marked by "...". Characters that a terminal shows twice as wide get two carets; control
/// characters are shown by their pictures.
std::string caret_excerpt(std::string_view text, std::size_t offset, std::size_t length = 1);
/// The same with the whole line, however long.
std::string whole_caret_excerpt(std::string_view text, std::size_t offset, std::size_t length = 1);

}  // namespace kith::internal
