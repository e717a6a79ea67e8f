#include "base/text/text.hpp"

#include <openssl/evp.h>
#include <unicode/bytestream.h>
#include <unicode/idna.h>
#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/unistr.h>
#include <unicode/uversion.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>

#include "base/problem/error.hpp"

namespace kith::internal {
namespace {

unsigned byte_at(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }

bool continues(std::string_view text, std::size_t at) {
  return at < text.size() && (byte_at(text, at) & 0xC0U) == 0x80U;
}

bool is_ascii(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; });
}

// Table 3-7 of the Unicode Standard: the length of the well-formed sequence at `at`, 0 when there is none.
std::size_t sequence_length(std::string_view text, std::size_t at) {
  const unsigned lead = byte_at(text, at);
  if (lead < 0x80U) return 1;
  if (lead < 0xC2U || lead > 0xF4U || !continues(text, at + 1)) return 0;
  if (lead < 0xE0U) return 2;
  const unsigned second = byte_at(text, at + 1);
  if (lead == 0xE0U && second < 0xA0U) return 0;  // over-long
  if (lead == 0xEDU && second > 0x9FU) return 0;  // surrogates
  if (lead == 0xF0U && second < 0x90U) return 0;  // over-long
  if (lead == 0xF4U && second > 0x8FU) return 0;  // beyond U+10FFFF
  if (!continues(text, at + 2)) return 0;
  if (lead < 0xF0U) return 3;
  return continues(text, at + 3) ? 4 : 0;
}

[[noreturn]] void icu_failed(UErrorCode status) {
  throw Error(ProblemNumber::bug, std::string{"the Unicode library (ICU) failed: "} + u_errorName(status),
              "check that ICU and its data are installed in the same version");
}

std::string normalised(const icu::Normalizer2* form, UErrorCode status, std::string_view text) {
  if (U_FAILURE(status)) icu_failed(status);
  if (text.size() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
    throw Error(ProblemNumber::too_large, "a text of more than 2 GiB can't be normalised", "split the text");
  }
  std::string out;
  out.reserve(text.size());
  icu::StringByteSink<std::string> sink(&out);
  form->normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())), sink, nullptr, status);
  if (U_FAILURE(status)) icu_failed(status);
  return out;
}

icu::UnicodeString wide_of(std::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
}

// kBlankCharacters, one by one.
constexpr std::array<std::string_view, 8> kBlanks = {" ", "\t", "\n", "\r", "\v", "\f", "\xC2\xA0", "\xE3\x80\x80"};

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_length(text, at);
    if (length == 0 || text[at] == '\0') return false;
    at += length;
  }
  return true;
}

std::string_view beginning(std::string_view text, std::size_t most) {
  constexpr int kMostFollowing = 3;  // bytes of a code point behind its first; more are no UTF-8
  if (text.size() <= most) return text;
  std::size_t end = most;
  for (int i = 0; i < kMostFollowing && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U; ++i) --end;
  return text.substr(0, end);
}

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string to_nfc(std::string_view text) {
  if (is_ascii(text)) return std::string{text};
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* form = icu::Normalizer2::getNFCInstance(status);
  return normalised(form, status, text);
}

std::string fold(std::string_view text) {
  if (is_ascii(text)) return lower_ascii(text);
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* form = icu::Normalizer2::getNFKCCasefoldInstance(status);
  return normalised(form, status, text);
}

std::string_view trim(std::string_view text) {
  const auto is_ink = [](char c) { return c > ' ' && c < 0x7F; };
  if (!text.empty() && is_ink(text.front()) && is_ink(text.back())) return text;
  const auto cut = [&](auto matches, auto remove) {
    for (;;) {
      const auto* const blank = std::find_if(kBlanks.begin(), kBlanks.end(), matches);
      if (blank == kBlanks.end()) return;
      remove(blank->size());
    }
  };
  cut([&](std::string_view blank) { return text.starts_with(blank); }, [&](std::size_t n) { text.remove_prefix(n); });
  cut([&](std::string_view blank) { return text.ends_with(blank); }, [&](std::size_t n) { text.remove_suffix(n); });
  return text;
}

std::string lower_ascii(std::string_view text) {
  std::string out{text};
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string lower(std::string_view text) {
  if (is_ascii(text)) return lower_ascii(text);
  std::string out;
  wide_of(text).toLower(icu::Locale::getRoot()).toUTF8String(out);
  return to_nfc(out);
}

std::string upper(std::string_view text) {
  std::string out;
  wide_of(text).toUpper(icu::Locale::getRoot()).toUTF8String(out);
  return to_nfc(out);
}

std::string ascii_domain(std::string_view domain) {
  if (is_ascii(domain)) return lower_ascii(domain);
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::IDNA> idna(icu::IDNA::createUTS46Instance(UIDNA_NONTRANSITIONAL_TO_ASCII, status));
  if (U_FAILURE(status)) icu_failed(status);
  std::string out;
  icu::StringByteSink<std::string> sink(&out);
  icu::IDNAInfo found;
  idna->nameToASCII_UTF8(icu::StringPiece(domain.data(), static_cast<std::int32_t>(domain.size())), sink, found,
                         status);
  return U_FAILURE(status) || found.hasErrors() ? fold(domain) : out;
}

std::string unicode_version() {
  UVersionInfo version{};
  u_getVersion(version);
  std::string out;
  for (std::size_t i = 0; i < 2; ++i) out += (i == 0 ? "" : ".") + std::to_string(version[i]);
  return out;
}

bool is_identifier(std::string_view text) {
  if (text.empty() || text.front() < 'a' || text.front() > 'z') return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t at = text.find(separator);
    parts.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i != 0) out.append(separator);
    out.append(parts[i]);
  }
  return out;
}

std::string hex(std::string_view bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out.push_back(kDigits[byte >> 4U]);
    out.push_back(kDigits[byte & 0x0FU]);
  }
  return out;
}

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) {
    throw Error(ProblemNumber::bug, "the cryptographic library (libcrypto) refused to compute SHA-256",
                "check that OpenSSL 3 is installed with its default provider");
  }
  return hex({reinterpret_cast<const char*>(digest.data()), length});
}

std::uint64_t fnv1a(std::string_view bytes) {
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const char c : bytes) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001B3U;
  }
  return hash;
}

}  // namespace kith::internal
