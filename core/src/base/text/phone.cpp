// Telephone numbers in their international form. The rules are a table (phone_regions.cpp); a host that links
// libphonenumber can put it behind normalise_phone, the only door.
#include <algorithm>

#include "base/text/phone_regions.hpp"
#include "base/text/text.hpp"

namespace kith::internal {
namespace {

constexpr std::size_t kMostDigits = 15;    // E.164, with the calling code
constexpr std::size_t kLeastNational = 4;  // for codes without rules here: the shortest national numbers
constexpr std::string_view kSeparators = " -./()";

struct Dialled {
  bool plus = false;
  std::string digits;
};

// Digits without what people write between them; nullopt when there is anything else, such as an extension: to drop it
// without a word would make two people's numbers one.
std::optional<Dialled> read_dialled(std::string_view text) {
  std::string folded = fold(trim(text));  // NFKC makes full-width digits and signs of Chinese and Japanese input ASCII
  if (folded.compare(0, 4, "tel:") == 0) folded.erase(0, 4);
  // "+49 (0) 89": the trunk prefix in brackets is for callers inside of the country.
  const std::size_t trunk = folded.find("(0)");
  if (trunk != std::string::npos && folded.find_first_of("+0123456789") < trunk) folded.erase(trunk, 3);
  Dialled dialled;
  std::string_view rest = trim(folded);
  if (!rest.empty() && rest.front() == '(') rest.remove_prefix(1);
  if (!rest.empty() && rest.front() == '+') {
    dialled.plus = true;
    rest.remove_prefix(1);
  }
  static constexpr std::string_view kDashes = "\xE2\x80";  // U+2010 to U+2015 after NFKC, the six hyphens and dashes
  while (!rest.empty()) {
    const char c = rest.front();
    const bool dash = rest.size() >= 3 && rest.substr(0, 2) == kDashes &&
                      static_cast<unsigned char>(rest[2]) >= 0x90U && static_cast<unsigned char>(rest[2]) <= 0x95U;
    if (c >= '0' && c <= '9') {
      dialled.digits.push_back(c);
    } else if (!dash && kSeparators.find(c) == std::string_view::npos) {
      return std::nullopt;
    }
    rest.remove_prefix(dash ? 3 : 1);
  }
  return dialled;
}

// The North American plan: neither area nor exchange begins with 0 or 1.
bool is_north_american(std::string_view national) { return national[0] >= '2' && national[3] >= '2'; }

std::optional<std::string> assemble(std::string_view code, std::string_view national) {
  if (code.size() + national.size() > kMostDigits) return std::nullopt;
  return "+" + std::string{code} + std::string{national};
}

std::optional<std::string> from_national(const PhoneRegion& region, std::string_view national) {
  if (national.size() < region.least || national.size() > region.most) return std::nullopt;
  if (region.code == "1" && !is_north_american(national)) return std::nullopt;
  // Where a prefix of zero is dialled first, no national number begins with another zero.
  if (region.trunk == "0" && national.front() == '0') return std::nullopt;
  return assemble(region.code, national);
}

std::optional<std::string> from_international(std::string_view digits) {
  const std::string_view code = calling_code_of(digits);
  if (code.empty()) return std::nullopt;
  std::string_view national = digits.substr(code.size());
  const PhoneRegion* region = phone_region_of_code(code);
  if (region == nullptr) return national.size() < kLeastNational ? std::nullopt : assemble(code, national);
  // "+44 020 ...": the trunk prefix, left in by mistake.
  if (region->trunk == "0" && national.starts_with('0')) national.remove_prefix(1);
  return from_national(*region, national);
}

}  // namespace

std::optional<std::string> normalise_phone(std::string_view text, std::string_view region) {
  const auto dialled = read_dialled(text);
  if (!dialled) return std::nullopt;
  const std::string_view digits = dialled->digits;
  if (dialled->plus) return from_international(digits);
  std::string upper{region};
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  const PhoneRegion* rules = phone_region(upper);
  if (rules == nullptr) return std::nullopt;
  if (digits.starts_with(rules->international)) {
    const auto international = from_international(digits.substr(rules->international.size()));
    if (international) return international;
  }
  const bool has_trunk = !rules->trunk.empty() && digits.starts_with(rules->trunk);
  if (has_trunk) {
    const auto national = from_national(*rules, digits.substr(rules->trunk.size()));
    if (national) return national;
  }
  return rules->trunk_needed ? std::nullopt : from_national(*rules, digits);
}

}  // namespace kith::internal
