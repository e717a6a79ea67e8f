// Text: validity, normal forms, and the normalised forms of addresses and numbers. ICU stays in text.cpp.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kith::internal {

/// White space that files of hotels and shops carry at the ends of a field: ASCII's, no-break, ideographic.
inline constexpr std::string_view kBlankCharacters = " \t\n\r\v\f\xC2\xA0\xE3\x80\x80";

bool is_utf8(std::string_view text);  ///< well-formed and without U+0000
std::size_t code_points(std::string_view text);
std::string_view beginning(std::string_view text, std::size_t most);  ///< at most so many bytes, no code point cut
std::string to_nfc(std::string_view text);                            ///< Unicode NFC
std::string fold(std::string_view text);                              ///< NFKC case fold, for search and matching
std::string_view trim(std::string_view text);                         ///< kBlankCharacters at both ends
std::string lower_ascii(std::string_view text);
std::string lower(std::string_view text);  ///< Unicode's lower case, of no language in particular; NFC
std::string upper(std::string_view text);  ///< likewise; a letter can become several
/// A domain as it is asked of DNS: UTS 46, labels beyond ASCII as "xn--..."; lower case where that can't be.
std::string ascii_domain(std::string_view domain);
bool is_identifier(std::string_view text);  ///< [a-z][a-z0-9_]*
/// Lower-cases the domain, trims; nullopt when it can't be an address (RFC 5321 with RFC 6531 text, no comments).
std::optional<std::string> normalise_email(std::string_view text);
/// What two spellings of one address have in common: the local part in lower case, the domain in ASCII. A text that is
/// no address stays as it is. Addresses are stored as typed and told apart by this.
std::string email_key(std::string_view address);
/// E.164 ("+8613800138000"); national numbers need the region (ISO 3166-1 alpha-2). nullopt: not a number.
std::optional<std::string> normalise_phone(std::string_view text, std::string_view region);
/// The version of what folds and lowers ("72.1"), for fingerprints of what was made by it.
std::string unicode_version();
std::vector<std::string> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::string hex(std::string_view bytes);
/// SHA-256 of `bytes`, in hex (FIPS 180-4, by libcrypto).
std::string sha256_hex(std::string_view bytes);
std::uint64_t fnv1a(std::string_view bytes);  ///< 64 bit FNV-1a: stable across runs, for fingerprints and slots

}  // namespace kith::internal
