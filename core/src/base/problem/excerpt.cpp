#include "base/problem/excerpt.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text/visible.hpp"

namespace kith::internal {
namespace {

constexpr std::size_t kWindowBefore = 48;  // bytes of a line that are shown before the caret
constexpr std::size_t kWindowAfter = 40;   // and after what the caret underlines
constexpr std::string_view kCut = "... ";

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

std::size_t back_to_start(std::string_view text, std::size_t offset) {
  while (offset > 0 && offset < text.size() && continues(text[offset])) --offset;
  return offset;
}

std::size_t on_to_start(std::string_view text, std::size_t offset) {
  while (offset < text.size() && continues(text[offset])) ++offset;
  return offset;
}

// Columns of a terminal, by the blocks of Unicode Standard Annex 11 that matter: Han, kana, Hangul, full-width forms.
std::size_t width_of(std::string_view sequence) {
  static constexpr std::array<std::pair<char32_t, char32_t>, 6> kWide = {
      {{0x1100, 0x115F}, {0x2E80, 0xA4CF}, {0xAC00, 0xD7A3}, {0xF900, 0xFAFF}, {0xFE30, 0xFF60}, {0x1F300, 0x3FFFD}}};
  static constexpr std::array<unsigned char, 5> kLeadMask = {0, 0x7F, 0x1F, 0x0F, 0x07};
  char32_t code = static_cast<unsigned char>(sequence.front()) & kLeadMask[std::min<std::size_t>(sequence.size(), 4)];
  for (const char c : sequence.substr(1)) code = (code << 6U) | (static_cast<unsigned char>(c) & 0x3FU);
  const bool wide = std::any_of(kWide.begin(), kWide.end(),
                                [&](const auto& block) { return code >= block.first && code <= block.second; });
  return wide ? 2 : 1;
}

std::size_t columns(std::string_view text) {
  std::size_t total = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t next = on_to_start(text, at + 1);
    total += width_of(text.substr(at, next - at));
    at = next;
  }
  return total;
}

// Blanks as wide as `text`; tabs stay tabs, so that the caret stands right whatever a tab's width is.
std::string blanks_for(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t next = on_to_start(text, at + 1);
    if (text[at] == '\t') {
      out.push_back('\t');
    } else {
      out.append(width_of(text.substr(at, next - at)), ' ');
    }
    at = next;
  }
  return out;
}

}  // namespace

Place place_of_offset(std::string_view text, std::size_t offset, std::string file) {
  const std::size_t end = std::min(offset, text.size());
  Place place{std::move(file), 1, 1};
  for (std::size_t at = 0; at < end; ++at) {
    if (text[at] == '\n') {
      ++place.line;
      place.column = 1;
    } else if (!continues(text[at])) {
      ++place.column;
    }
  }
  // Inside of a sequence the loop has counted its first byte already.
  if (end < text.size() && continues(text[end]) && place.column > 1) --place.column;
  return place;
}

namespace {

std::string excerpt_of(std::string_view text, std::size_t offset, std::size_t length, bool whole) {
  offset = back_to_start(text, std::min(offset, text.size()));
  const std::size_t newline_before = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
  const std::size_t begin = newline_before == std::string_view::npos ? 0 : newline_before + 1;
  std::size_t end = std::min(text.find('\n', offset), text.size());
  if (end > begin && text[end - 1] == '\r') --end;
  offset = std::min(offset, end);
  const std::size_t marked_end =
      on_to_start(text, std::min(end, offset + std::min(std::max<std::size_t>(length, 1), end - offset)));

  std::size_t from = begin;
  if (!whole && offset - begin > kWindowBefore) from = on_to_start(text, offset - kWindowBefore);
  std::size_t to = end;
  if (!whole && end - marked_end > kWindowAfter) to = back_to_start(text, marked_end + kWindowAfter);

  std::string out;
  std::string pad;
  if (from > begin) {
    out.append(kCut);
    pad.append(kCut.size(), ' ');
  }
  out.append(visible_in_place(text.substr(from, to - from)));
  if (to < end) out.append(" ...");
  const std::size_t carets = std::max<std::size_t>(1, columns(text.substr(offset, marked_end - offset)));
  return out + "\n" + pad + blanks_for(text.substr(from, offset - from)) + "^" + std::string(carets - 1, '~');
}

}  // namespace

std::string caret_excerpt(std::string_view text, std::size_t offset, std::size_t length) {
  return excerpt_of(text, offset, length, false);
}

std::string whole_caret_excerpt(std::string_view text, std::size_t offset, std::size_t length) {
  return excerpt_of(text, offset, length, true);
}

}  // namespace kith::internal
