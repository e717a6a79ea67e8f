// How wide a text is on a terminal.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace kith::cli {

/// In cells: wide characters (East Asian Wide and Fullwidth, emoji) take two, combining marks none.
/// Source: Unicode 15, EastAsianWidth.txt, ranges joined where nothing else lies between.
std::size_t display_width(std::string_view utf8);

/// The text with control characters as spaces, so that data cannot steer a terminal; the cut is at `cells` with "…".
std::string printable(std::string_view utf8, std::size_t cells = static_cast<std::size_t>(-1));

}  // namespace kith::cli
