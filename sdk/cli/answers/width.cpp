#include "cli/answers/width.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace kith::cli {
namespace {

struct Range {
  char32_t first, last;
};

constexpr std::array<Range, 30> kWide = {{
    {0x1100, 0x115F}, {0x231A, 0x231B}, {0x2329, 0x232A}, {0x23E9, 0x23EC}, {0x25FD, 0x25FE}, {0x2614, 0x2615},
    {0x2648, 0x2653}, {0x26AA, 0x26AB}, {0x26BD, 0x26BE}, {0x26C4, 0x26C5}, {0x2705, 0x2705}, {0x270A, 0x270B},
    {0x2728, 0x2728}, {0x274C, 0x274C}, {0x2753, 0x2755}, {0x2795, 0x2797}, {0x2B1B, 0x2B1C}, {0x2B50, 0x2B50},
    {0x2E80, 0x303E}, {0x3041, 0x33FF}, {0x3400, 0x4DBF}, {0x4E00, 0x9FFF}, {0xA000, 0xA4CF}, {0xA960, 0xA97F},
    {0xAC00, 0xD7A3}, {0xF900, 0xFAFF}, {0xFE30, 0xFE6F}, {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6}, {0x1F300, 0x3FFFD},
}};
constexpr std::array<Range, 14> kZero = {{
    {0x0300, 0x036F},
    {0x0483, 0x0489},
    {0x0591, 0x05BD},
    {0x0610, 0x061A},
    {0x064B, 0x065F},
    {0x093C, 0x093C},
    {0x0E31, 0x0E31},
    {0x0E34, 0x0E3A},
    {0x1AB0, 0x1AFF},
    {0x1DC0, 0x1DFF},
    {0x200B, 0x200F},
    {0x20D0, 0x20FF},
    {0xFE00, 0xFE0F},
    {0xFE20, 0xFE2F},
}};

template <std::size_t N>
bool contains(const std::array<Range, N>& ranges, char32_t c) {
  const auto at =
      std::upper_bound(ranges.begin(), ranges.end(), c, [](char32_t x, const Range& r) { return x < r.first; });
  return at != ranges.begin() && c <= std::prev(at)->last;
}

std::size_t cells_of(char32_t c) { return contains(kZero, c) ? 0 : contains(kWide, c) ? 2 : 1; }

// The next code point; a wrong byte counts as itself. `at` moves behind it.
char32_t next(std::string_view s, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(s[i]); };
  const std::uint8_t lead = byte(at++);
  const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
  char32_t c = more == 3 ? lead & 0x07U : more == 2 ? lead & 0x0FU : more == 1 ? lead & 0x1FU : lead;
  for (int i = 0; i < more && at < s.size() && (byte(at) & 0xC0U) == 0x80U; ++i) c = (c << 6U) | (byte(at++) & 0x3FU);
  return c;
}

}  // namespace

std::size_t display_width(std::string_view utf8) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < utf8.size();) width += cells_of(next(utf8, at));
  return width;
}

std::string printable(std::string_view utf8, std::size_t cells) {
  std::string out;
  std::size_t width = 0;
  const bool cut = cells != static_cast<std::size_t>(-1) && display_width(utf8) > cells;
  const std::size_t room = cut && cells > 0 ? cells - 1 : cells;
  for (std::size_t at = 0; at < utf8.size();) {
    const std::size_t start = at;
    const char32_t c = next(utf8, at);
    width += cells_of(c);
    if (cut && width > room) break;
    if (c < 0x20 || (c >= 0x7F && c < 0xA0))
      out += ' ';
    else
      out.append(utf8.substr(start, at - start));
  }
  if (cut) out += "…";
  return out;
}

}  // namespace kith::cli
