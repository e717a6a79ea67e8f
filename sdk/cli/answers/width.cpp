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

// Controls, line separators, marks of direction (Unicode UAX 9) and tags: they move a cursor, or turn or hide text.
constexpr std::array<Range, 8> kHidden = {{{0x00, 0x1F},
                                           {0x7F, 0x9F},
                                           {0x061C, 0x061C},
                                           {0x200E, 0x200F},
                                           {0x2028, 0x202E},
                                           {0x2066, 0x2069},
                                           {0xFEFF, 0xFEFF},
                                           {0xE0000, 0xE007F}}};

template <std::size_t N>
bool contains(const std::array<Range, N>& ranges, char32_t c) {
  const auto at =
      std::upper_bound(ranges.begin(), ranges.end(), c, [](char32_t x, const Range& r) { return x < r.first; });
  return at != ranges.begin() && c <= std::prev(at)->last;
}

std::size_t cells_of(char32_t c) { return contains(kZero, c) ? 0 : contains(kWide, c) ? 2 : 1; }

struct Character {
  char32_t code = 0;
  bool valid = true;
};

// The next code point; a byte that begins none counts as itself. `at` moves behind it.
Character next(std::string_view s, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(s[i]); };
  const std::uint8_t lead = byte(at++);
  if (lead < 0x80) return {lead};
  const std::size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
  constexpr std::array<std::uint8_t, 4> kMask = {0x7F, 0x1F, 0x0F, 0x07};
  constexpr std::array<char32_t, 4> kLeast = {0, 0x80, 0x800, 0x10000};
  char32_t code = lead & kMask[more];
  std::size_t end = at;
  for (; end < at + more && end < s.size() && (byte(end) & 0xC0U) == 0x80U; ++end)
    code = (code << 6U) | (byte(end) & 0x3FU);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (lead < 0xC0 || lead > 0xF4 || end != at + more || code < kLeast[more] || code > 0x10FFFF || surrogate)
    return {lead, false};
  at = end;
  return {code};
}

std::string escape_of(const Character& c) {
  if (c.code == U'\n' && c.valid) return "\\n";
  if (c.code == U'\r' && c.valid) return "\\r";
  if (c.code == U'\t' && c.valid) return "\\t";
  const std::size_t digits = !c.valid ? 2 : c.code > 0xFFFF ? 8 : 4;
  std::string out = !c.valid ? "\\x" : c.code > 0xFFFF ? "\\U" : "\\u";
  for (std::size_t i = digits; i-- > 0;) out += "0123456789abcdef"[(c.code >> (4 * i)) & 0x0FU];
  return out;
}

bool is_hidden(const Character& c) { return !c.valid || contains(kHidden, c.code); }

std::string escaped(std::string_view utf8, std::string_view kept) {
  std::string out;
  for (std::size_t at = 0; at < utf8.size();) {
    const std::size_t start = at;
    const Character c = next(utf8, at);
    const bool keep = c.valid && c.code < 0x80 && kept.find(static_cast<char>(c.code)) != std::string_view::npos;
    if (is_hidden(c) && !keep)
      out += escape_of(c);
    else
      out.append(utf8.substr(start, at - start));
  }
  return out;
}

}  // namespace

std::size_t display_width(std::string_view utf8) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < utf8.size();) width += cells_of(next(utf8, at).code);
  return width;
}

std::string visible_line(std::string_view utf8) { return escaped(utf8, ""); }

std::string visible_lines(std::string_view utf8) { return escaped(utf8, "\n\t"); }

std::string printable(std::string_view utf8, std::size_t cells) {
  std::string text = escaped(utf8, "\n\r\t");
  for (char& c : text)
    if (c == '\n' || c == '\r' || c == '\t') c = ' ';
  if (cells == static_cast<std::size_t>(-1) || display_width(text) <= cells) return text;
  std::size_t width = 0, end = 0;
  for (std::size_t at = 0; at < text.size(); end = at) {
    std::size_t behind = at;
    width += cells_of(next(text, behind).code);
    if (width + 1 > cells) break;
    at = behind;
  }
  return text.substr(0, end) + "…";
}

}  // namespace kith::cli
