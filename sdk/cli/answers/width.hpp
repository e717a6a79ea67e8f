// How a text is shown on a terminal: how wide it is, and that nothing in it steers the terminal.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace kith::cli {

/// In cells: wide characters (East Asian Wide and Fullwidth, emoji) take two, combining marks none.
/// Source: Unicode 15, EastAsianWidth.txt, ranges joined where nothing else lies between.
std::size_t display_width(std::string_view utf8);

/// The text for a cell of a table: line breaks and tabs as spaces, other control characters, marks of direction and
/// bytes that are no UTF-8 as escapes such as \u001b; the cut is at `cells` with "…".
std::string printable(std::string_view utf8, std::size_t cells = static_cast<std::size_t>(-1));

/// The text in one line, with line breaks as escapes too.
std::string visible_line(std::string_view utf8);
/// Text of several lines that were laid out before: line breaks and tabs stay.
std::string visible_lines(std::string_view utf8);

}  // namespace kith::cli
