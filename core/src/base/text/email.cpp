// Addresses of RFC 5321 (Mailbox), with the UTF-8 text of RFC 6531. Comments and folding white space belong to message
// headers (RFC 5322), not to addresses that a person leaves at a reception, and are refused.
#include <algorithm>
#include <array>
#include <cstdint>

#include "base/text/cursor.hpp"
#include "base/text/text.hpp"

namespace kith::internal {
namespace {

constexpr std::size_t kLongestLocal = 64;     // octets, RFC 5321 section 4.5.3.1.1
constexpr std::size_t kLongestDomain = 253;   // as text; 255 octets on the wire (RFC 1035)
constexpr std::size_t kLongestAddress = 254;  // a path of 256 without its angle brackets
constexpr std::size_t kLongestLabel = 63;
constexpr int kIpv6Groups = 8;

bool is_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_beyond_ascii(char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; }

// atext of RFC 5322, and every character beyond ASCII.
bool is_atext(char c) {
  return is_alnum(c) || is_beyond_ascii(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

bool is_dot_string(std::string_view local) {
  if (local.empty() || local.front() == '.' || local.back() == '.') return false;
  char before = '\0';
  for (const char c : local) {
    if (c == '.' ? before == '.' : !is_atext(c)) return false;
    before = c;
  }
  return true;
}

bool is_printable(char c) { return c >= ' ' && c <= '~'; }

// `local` begins with a quote; the closing one must be its last character.
bool is_quoted_string(std::string_view local) {
  if (local.size() < 2 || local.back() != '"') return false;
  const std::string_view inner = local.substr(1, local.size() - 2);
  for (std::size_t i = 0; i < inner.size(); ++i) {
    if (inner[i] == '"') return false;
    if (inner[i] == '\\' && (++i == inner.size() || !is_printable(inner[i]))) return false;
    if (!is_printable(inner[i]) && !is_beyond_ascii(inner[i])) return false;
  }
  return true;
}

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > kLongestLabel || label.front() == '-' || label.back() == '-') return false;
  return std::all_of(label.begin(), label.end(), [](char c) { return is_alnum(c) || c == '-' || is_beyond_ascii(c); });
}

bool is_domain_name(std::string_view domain) {
  const std::vector<std::string> labels = split(domain, '.');
  return std::all_of(labels.begin(), labels.end(), is_label);
}

bool is_ipv4(std::string_view text) {
  Cursor cursor(text);
  for (int i = 0; i < 4; ++i) {
    if (i > 0 && !cursor.take('.')) return false;
    const auto octet = cursor.digits(1, 3);
    if (!octet || *octet > 255) return false;
  }
  return cursor.at_end();
}

// Groups of one to four hexadecimal digits; an IPv4 address may stand for the last two. nullopt: something else.
std::optional<int> count_groups(std::string_view text, bool ipv4_may_end) {
  if (text.empty()) return 0;
  const std::vector<std::string> groups = split(text, ':');
  int count = 0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const std::string& group = groups[i];
    if (ipv4_may_end && i + 1 == groups.size() && is_ipv4(group)) {
      count += 2;
    } else if (!group.empty() && group.size() <= 4 && std::all_of(group.begin(), group.end(), is_hex)) {
      ++count;
    } else {
      return std::nullopt;
    }
  }
  return count;
}

// RFC 5321 section 4.1.3: "::" stands for two groups at least.
bool is_ipv6(std::string_view text) {
  const std::size_t gap = text.find("::");
  if (gap == std::string_view::npos) return count_groups(text, true) == kIpv6Groups;
  const auto before = count_groups(text.substr(0, gap), false);
  const auto after = count_groups(text.substr(gap + 2), true);
  return before && after && *before + *after <= kIpv6Groups - 2;
}

bool is_address_literal(std::string_view domain) {
  if (domain.size() < 2 || domain.front() != '[' || domain.back() != ']') return false;
  const std::string_view inner = domain.substr(1, domain.size() - 2);
  if (lower_ascii(inner.substr(0, 5)) == "ipv6:") return is_ipv6(inner.substr(5));
  return is_ipv4(inner);
}

// Characters beyond ASCII that no one means to have in an address: C1 controls, blanks, marks without width.
bool has_invisible(std::string_view text) {
  static constexpr std::array<std::string_view, 7> kInvisible = {
      "\xC2\xA0", "\xC2\xAD", "\xE2\x80\x8B", "\xE2\x80\x8E", "\xE2\x80\x8F", "\xE3\x80\x80", "\xEF\xBB\xBF"};
  for (std::size_t at = text.find('\xC2'); at != std::string_view::npos; at = text.find('\xC2', at + 1)) {
    if (at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xA0U) return true;
  }
  return std::any_of(kInvisible.begin(), kInvisible.end(),
                     [&](std::string_view mark) { return text.find(mark) != std::string_view::npos; });
}

}  // namespace

std::optional<std::string> normalise_email(std::string_view text) {
  const std::string_view address = trim(text);
  if (address.size() > kLongestAddress || !is_utf8(address) || has_invisible(address)) return std::nullopt;
  // The last @ separates: a quoted local part may contain others, a domain can't.
  const std::size_t at = address.rfind('@');
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view local = address.substr(0, at);
  const std::string_view domain = address.substr(at + 1);
  if (local.size() > kLongestLocal || domain.size() > kLongestDomain) return std::nullopt;
  const bool quoted = !local.empty() && local.front() == '"';
  if (!(quoted ? is_quoted_string(local) : is_dot_string(local))) return std::nullopt;
  const bool literal = !domain.empty() && domain.front() == '[';
  if (literal)
    return is_address_literal(domain) ? std::optional(to_nfc(local) + "@" + lower_ascii(domain)) : std::nullopt;
  const std::string folded = fold(domain);
  if (!is_domain_name(domain) || !is_domain_name(folded)) return std::nullopt;
  return to_nfc(local) + "@" + folded;
}

// The domain's dots decide nothing here: whether it is an address at all was asked when it was written.
std::string email_key(std::string_view address) {
  const std::size_t at = address.rfind('@');
  if (at == std::string_view::npos) return std::string{address};
  return lower(address.substr(0, at)) + "@" + ascii_domain(address.substr(at + 1));
}

}  // namespace kith::internal
