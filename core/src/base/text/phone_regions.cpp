#include "base/text/phone_regions.hpp"

#include <algorithm>
#include <array>

namespace kith::internal {
namespace {

// From the numbering plans that ITU-T publishes (E.129, national plans), sorted by region.
constexpr PhoneRegion kRegions[] = {
    {"AD", "376", "", "00", 6, 9, false},    {"AE", "971", "0", "00", 8, 9, false},
    {"AL", "355", "0", "00", 8, 9, false},   {"AM", "374", "0", "00", 8, 8, false},
    {"AR", "54", "0", "00", 10, 11, false},  {"AT", "43", "0", "00", 4, 13, true},
    {"AU", "61", "0", "0011", 9, 10, false}, {"AZ", "994", "0", "00", 9, 9, false},
    {"BA", "387", "0", "00", 8, 9, false},   {"BD", "880", "0", "00", 8, 10, true},
    {"BE", "32", "0", "00", 8, 9, false},    {"BG", "359", "0", "00", 7, 9, true},
    {"BH", "973", "", "00", 8, 8, false},    {"BO", "591", "0", "00", 8, 8, false},
    {"BR", "55", "0", "00", 10, 11, false},  {"BY", "375", "80", "810", 9, 9, false},
    {"CA", "1", "1", "011", 10, 10, false},  {"CH", "41", "0", "00", 9, 9, false},
    {"CL", "56", "", "00", 9, 9, false},     {"CN", "86", "0", "00", 10, 11, false},
    {"CO", "57", "", "00", 10, 10, false},   {"CR", "506", "", "00", 8, 8, false},
    {"CY", "357", "", "00", 8, 8, false},    {"CZ", "420", "", "00", 9, 9, false},
    {"DE", "49", "0", "00", 5, 13, true},    {"DK", "45", "", "00", 8, 8, false},
    {"DO", "1", "1", "011", 10, 10, false},  {"DZ", "213", "0", "00", 8, 9, false},
    {"EC", "593", "0", "00", 8, 9, false},   {"EE", "372", "", "00", 7, 8, false},
    {"EG", "20", "0", "00", 8, 10, true},    {"ES", "34", "", "00", 9, 9, false},
    {"ET", "251", "0", "00", 9, 9, false},   {"FI", "358", "0", "00", 5, 12, true},
    {"FJ", "679", "", "00", 7, 7, false},    {"FR", "33", "0", "00", 9, 9, false},
    {"GB", "44", "0", "00", 9, 10, false},   {"GE", "995", "0", "00", 9, 9, false},
    {"GH", "233", "0", "00", 9, 9, false},   {"GR", "30", "", "00", 10, 10, false},
    {"GT", "502", "", "00", 8, 8, false},    {"HK", "852", "", "001", 8, 8, false},
    {"HR", "385", "0", "00", 8, 9, false},   {"HU", "36", "06", "00", 8, 9, false},
    {"ID", "62", "0", "001", 8, 12, true},   {"IE", "353", "0", "00", 7, 9, true},
    {"IL", "972", "0", "00", 8, 9, false},   {"IN", "91", "0", "00", 10, 10, false},
    {"IS", "354", "", "00", 7, 9, false},    {"IT", "39", "", "00", 6, 12, false},
    {"JM", "1", "1", "011", 10, 10, false},  {"JO", "962", "0", "00", 8, 9, false},
    {"JP", "81", "0", "010", 9, 10, false},  {"KE", "254", "0", "000", 9, 9, false},
    {"KH", "855", "0", "001", 8, 9, false},  {"KR", "82", "0", "001", 8, 10, true},
    {"KW", "965", "", "00", 8, 8, false},    {"KZ", "7", "8", "810", 10, 10, false},
    {"LB", "961", "0", "00", 7, 8, false},   {"LI", "423", "", "00", 7, 9, false},
    {"LK", "94", "0", "00", 9, 9, false},    {"LT", "370", "0", "00", 8, 8, false},
    {"LU", "352", "", "00", 5, 11, false},   {"LV", "371", "", "00", 8, 8, false},
    {"MA", "212", "0", "00", 9, 9, false},   {"MC", "377", "", "00", 8, 9, false},
    {"MD", "373", "0", "00", 8, 8, false},   {"ME", "382", "0", "00", 8, 8, false},
    {"MK", "389", "0", "00", 8, 8, false},   {"MM", "95", "0", "00", 7, 10, true},
    {"MO", "853", "", "00", 8, 8, false},    {"MT", "356", "", "00", 8, 8, false},
    {"MU", "230", "", "00", 7, 8, false},    {"MX", "52", "", "00", 10, 10, false},
    {"MY", "60", "0", "00", 8, 10, true},    {"NG", "234", "0", "009", 8, 10, false},
    {"NL", "31", "0", "00", 9, 9, false},    {"NO", "47", "", "00", 8, 8, false},
    {"NP", "977", "0", "00", 8, 10, true},   {"NZ", "64", "0", "00", 8, 10, true},
    {"OM", "968", "", "00", 8, 8, false},    {"PA", "507", "", "00", 7, 8, false},
    {"PE", "51", "0", "00", 8, 9, false},    {"PH", "63", "0", "00", 8, 10, true},
    {"PK", "92", "0", "00", 9, 10, false},   {"PL", "48", "", "00", 9, 9, false},
    {"PR", "1", "1", "011", 10, 10, false},  {"PT", "351", "", "00", 9, 9, false},
    {"PY", "595", "0", "00", 9, 9, false},   {"QA", "974", "", "00", 8, 8, false},
    {"RO", "40", "0", "00", 9, 9, false},    {"RS", "381", "0", "00", 8, 10, true},
    {"RU", "7", "8", "810", 10, 10, false},  {"SA", "966", "0", "00", 9, 9, false},
    {"SE", "46", "0", "00", 7, 10, true},    {"SG", "65", "", "001", 8, 8, false},
    {"SI", "386", "0", "00", 8, 8, false},   {"SK", "421", "0", "00", 9, 9, false},
    {"TH", "66", "0", "001", 8, 9, false},   {"TN", "216", "", "00", 8, 8, false},
    {"TR", "90", "0", "00", 10, 10, false},  {"TW", "886", "0", "002", 8, 9, false},
    {"TZ", "255", "0", "000", 9, 9, false},  {"UA", "380", "0", "00", 9, 9, false},
    {"UG", "256", "0", "000", 9, 9, false},  {"US", "1", "1", "011", 10, 10, false},
    {"UY", "598", "0", "00", 8, 8, false},   {"UZ", "998", "", "00", 9, 9, false},
    {"VE", "58", "0", "00", 10, 10, false},  {"VN", "84", "0", "00", 9, 10, false},
    {"ZA", "27", "0", "00", 9, 9, false},
};

// ITU-T E.164, list of assigned codes. Those of one digit are 1 and 7; those of two are the pairs below; of the others,
// all of three digits, these are the groups of ten with the last digits that are assigned.
constexpr std::string_view kTwoDigits =
    "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 "
    "62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98";

struct Decade {
  std::string_view first_two;
  std::string_view third;
};

constexpr std::array<Decade, 23> kThreeDigits = {{
    {"21", "1234568"},    {"22", "0123456789"}, {"23", "0123456789"}, {"24", "0123456789"}, {"25", "012345678"},
    {"26", "0123456789"}, {"29", "01789"},      {"35", "0123456789"}, {"37", "012345678"},  {"38", "01235679"},
    {"42", "013"},        {"50", "0123456789"}, {"59", "0123456789"}, {"67", "023456789"},  {"68", "012356789"},
    {"69", "012"},        {"80", "08"},         {"85", "02356"},      {"87", "08"},         {"88", "012368"},
    {"96", "012345678"},  {"97", "012345679"},  {"99", "234568"},
}};

}  // namespace

const PhoneRegion* phone_region(std::string_view region) {
  const auto* const found =
      std::lower_bound(std::begin(kRegions), std::end(kRegions), region,
                       [](const PhoneRegion& row, std::string_view name) { return row.region < name; });
  return found != std::end(kRegions) && found->region == region ? found : nullptr;
}

const PhoneRegion* phone_region_of_code(std::string_view code) {
  const auto* const found =
      std::find_if(std::begin(kRegions), std::end(kRegions), [&](const PhoneRegion& row) { return row.code == code; });
  return found == std::end(kRegions) ? nullptr : found;
}

std::string_view calling_code_of(std::string_view digits) {
  if (digits.empty()) return {};
  if (digits.front() == '1' || digits.front() == '7') return digits.substr(0, 1);
  const std::string_view two = digits.substr(0, 2);
  if (two.size() < 2) return {};
  if (kTwoDigits.find(two) != std::string_view::npos) return two;
  if (digits.size() < 3) return {};
  const bool assigned = std::any_of(kThreeDigits.begin(), kThreeDigits.end(), [&](const Decade& decade) {
    return decade.first_two == two && decade.third.find(digits[2]) != std::string_view::npos;
  });
  return assigned ? digits.substr(0, 3) : std::string_view{};
}

}  // namespace kith::internal
