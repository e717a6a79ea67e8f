#include "base/text/visible.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/text/text.hpp"

namespace kith::internal {
namespace {

struct Range {
  char32_t first, last;
};
// Format characters that only turn text around or hide in it; joiners stay, words are written with them.
constexpr std::array<Range, 8> kHidden = {{{0x00, 0x1F},
                                           {0x7F, 0x9F},
                                           {0x061C, 0x061C},
                                           {0x200E, 0x200F},
                                           {0x2028, 0x202E},
                                           {0x2066, 0x2069},
                                           {0xFEFF, 0xFEFF},
                                           {0xE0000, 0xE007F}}};

bool hidden(char32_t code) {
  return std::any_of(kHidden.begin(), kHidden.end(),
                     [&](const Range& range) { return code >= range.first && code <= range.last; });
}

/// The character at the front; a byte that begins none has the length 0.
struct Character {
  char32_t code = 0;
  std::size_t length = 0;
};
Character first_of(std::string_view text) {
  const auto lead = static_cast<std::uint8_t>(text.front());
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (length > text.size() || !is_utf8(text.substr(0, length))) return {lead, 0};
  constexpr std::array<std::uint8_t, 5> kMask = {0, 0x7F, 0x1F, 0x0F, 0x07};
  char32_t code = lead & kMask[length];
  for (const char c : text.substr(1, length - 1)) code = (code << 6U) | (static_cast<std::uint8_t>(c) & 0x3FU);
  return {code, length};
}

std::string hex_of(char32_t code, std::size_t digits) {
  std::string out;
  for (std::size_t i = digits; i-- > 0;) out += "0123456789abcdef"[(code >> (4 * i)) & 0x0FU];
  return out;
}

std::string escape_of(Character c) {
  switch (c.code) {
    case U'\n': return "\\n";
    case U'\r': return "\\r";
    case U'\t': return "\\t";
    default: break;
  }
  if (c.length == 0) return "\\x" + hex_of(c.code, 2);
  return c.code > 0xFFFF ? "\\U" + hex_of(c.code, 8) : "\\u" + hex_of(c.code, 4);
}

// Unicode has pictures of the C0 controls, U+2400 and on; others get the sign for what can't be shown.
std::string picture_of(Character c) {
  if (c.code == U'\t') return "\t";
  if (c.length == 0 || c.code > 0x7F) return "\xEF\xBF\xBD";
  if (c.code == 0x7F) return "\xE2\x90\xA1";
  return std::string("\xE2\x90") + static_cast<char>(0x80 + static_cast<int>(c.code));
}

std::string replaced(std::string_view text, std::string (*instead)(Character)) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Character c = first_of(text);
    const std::size_t length = std::max<std::size_t>(c.length, 1);
    if (c.length == 0 || hidden(c.code))
      out += instead(c);
    else
      out += text.substr(0, length);
    text.remove_prefix(length);
  }
  return out;
}

bool plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

std::string visible(std::string_view text) { return plain(text) ? std::string(text) : replaced(text, escape_of); }

std::string visible_in_place(std::string_view text) {
  return plain(text) ? std::string(text) : replaced(text, picture_of);
}

}  // namespace kith::internal
