#include "expr/parse/utf8.hpp"

namespace kith::internal::expr {

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
  if (code < 0x80U) {
    put(code);
  } else if (code < 0x800U) {
    put(0xC0U | (code >> 6U));
    put(0x80U | (code & 0x3FU));
  } else if (code < 0x10000U) {
    put(0xE0U | (code >> 12U));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  } else {
    put(0xF0U | (code >> 18U));
    put(0x80U | ((code >> 12U) & 0x3FU));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  }
}

std::string prefix_end(std::string prefix) {
  constexpr std::uint32_t kLast = 0x10FFFFU;
  while (!prefix.empty()) {
    std::size_t start = prefix.size() - 1;
    while (start > 0 && (static_cast<unsigned char>(prefix[start]) & 0xC0U) == 0x80U) --start;
    const std::size_t length = prefix.size() - start;
    const std::uint32_t lead_mask = length == 1 ? 0x7FU : 0xFFU >> (length + 1);
    std::uint32_t code = static_cast<unsigned char>(prefix[start]) & lead_mask;
    for (std::size_t at = start + 1; at < prefix.size(); ++at)
      code = (code << 6U) | (static_cast<unsigned char>(prefix[at]) & 0x3FU);
    prefix.resize(start);
    if (code >= kLast) continue;
    // The surrogates are no characters; what follows U+D7FF is U+E000.
    append_utf8(prefix, code == 0xD7FFU ? 0xE000U : code + 1);
    return prefix;
  }
  return {};
}

}  // namespace kith::internal::expr
