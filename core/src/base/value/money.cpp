#include "base/value/money.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "base/text/cursor.hpp"
#include "base/text/text.hpp"

namespace kith::internal {
namespace {

struct ScaleList {
  std::uint8_t scale;
  std::string_view codes;  ///< each of three letters, a blank between
};

// ISO 4217, list one (SIX, 2026), by the decimals of the minor unit. Left out are the codes without a minor unit
// (metals XAG XAU XPD XPT, bond units XBA-XBD, XDR XSU XUA, XTS XXX): no price is in them. Kept although withdrawn in
// recent years, because records of those years hold them: ANG BGN CUC HRK SLL ZWL.
constexpr std::array<ScaleList, 4> kLists = {{
    {2,
     "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF "
     "CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK "
     "HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR "
     "MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP "
     "SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG "
     "YER ZAR ZMW ZWG ZWL"},
    {0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"},
    {3, "BHD IQD JOD KWD LYD OMR TND"},
    {4, "CLF UYW"},
}};

constexpr std::uint64_t kLargestAmount = INT64_MAX;

// ISO 4217 knows scales up to 4; a host may bring a currency of its own with more, up to what 64 bits hold.
std::uint64_t power_of(const Currency& currency) {
  std::uint64_t power = 1;
  for (int i = std::min<int>(currency.scale, std::numeric_limits<std::int64_t>::digits10); i > 0; --i) power *= 10;
  return power;
}

std::uint64_t magnitude(std::int64_t n) {
  return n < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(n) : static_cast<std::uint64_t>(n);
}

// A decimal as it was written: digits without the point, and how many of them stand behind it.
struct Decimal {
  bool negative = false;
  std::string digits;
  std::int64_t behind_point = 0;
};

std::optional<Decimal> read_decimal(std::string_view text, bool exponent_allowed) {
  Cursor cursor(text);
  Decimal decimal;
  decimal.negative = cursor.take('-');
  if (!decimal.negative) cursor.take('+');
  const std::string_view whole = cursor.take_digits();
  if (whole.empty()) return std::nullopt;
  decimal.digits = whole;
  if (cursor.take('.')) {
    const std::string_view behind = cursor.take_digits();
    if (behind.empty()) return std::nullopt;
    decimal.digits.append(behind);
    decimal.behind_point = static_cast<std::int64_t>(behind.size());
  }
  if (exponent_allowed && (cursor.take('e') || cursor.take('E'))) {
    const bool down = cursor.take('-');
    if (!down) cursor.take('+');
    const auto exponent = cursor.digits(1, 6);
    if (!exponent) return std::nullopt;
    decimal.behind_point += down ? *exponent : -*exponent;
  }
  if (!cursor.at_end()) return std::nullopt;
  return decimal;
}

// Leaves no more digits behind the point than the scale has: the first that goes decides.
Decimal round_away(Decimal decimal, const Currency& currency) {
  const std::int64_t surplus = decimal.behind_point - currency.scale;
  if (surplus <= 0) return decimal;
  const auto size = static_cast<std::int64_t>(decimal.digits.size());
  const bool up = surplus <= size && decimal.digits[static_cast<std::size_t>(size - surplus)] >= '5';
  decimal.digits.resize(static_cast<std::size_t>(std::max<std::int64_t>(size - surplus, 0)));
  decimal.behind_point = currency.scale;
  if (!up) return decimal;
  decimal.digits.insert(0, 1, '0');
  auto digit = decimal.digits.rbegin();
  for (; *digit == '9'; ++digit) *digit = '0';
  ++*digit;
  return decimal;
}

// The decimal times 10^scale, when that is an integer of 64 bits.
std::optional<std::int64_t> exact_minor(Decimal decimal, const Currency& currency) {
  decimal.digits.erase(0, std::min(decimal.digits.find_first_not_of('0'), decimal.digits.size()));
  if (decimal.digits.empty()) return 0;
  std::int64_t zeros = currency.scale - decimal.behind_point;
  for (; zeros < 0; ++zeros) {
    if (decimal.digits.empty() || decimal.digits.back() != '0') return std::nullopt;
    decimal.digits.pop_back();
  }
  if (zeros + static_cast<std::int64_t>(decimal.digits.size()) > std::numeric_limits<std::uint64_t>::digits10) {
    return std::nullopt;
  }
  decimal.digits.append(static_cast<std::size_t>(zeros), '0');
  std::uint64_t minor = 0;
  std::from_chars(decimal.digits.data(), decimal.digits.data() + decimal.digits.size(), minor);
  if (minor > (decimal.negative ? kLargestAmount + 1 : kLargestAmount)) return std::nullopt;
  return static_cast<std::int64_t>(decimal.negative ? std::uint64_t{0} - minor : minor);
}

}  // namespace

std::optional<Currency> currency_of(std::string_view code) {
  if (code.size() != 3 || code.find(' ') != std::string_view::npos) return std::nullopt;
  for (const ScaleList& list : kLists) {
    for (std::size_t at = 0; at < list.codes.size(); at += 4) {
      if (list.codes.substr(at, 3) == code) return Currency{{code[0], code[1], code[2]}, list.scale};
    }
  }
  return std::nullopt;
}

std::optional<std::int64_t> parse_minor(std::string_view text, const Currency& currency) {
  std::string_view amount = trim(text);
  const std::size_t blank = amount.rfind(' ');
  if (blank != std::string_view::npos) {
    if (amount.substr(blank + 1) != currency.text()) return std::nullopt;
    amount = trim(amount.substr(0, blank));
  }
  const auto decimal = read_decimal(amount, false);
  return decimal ? exact_minor(*decimal, currency) : std::nullopt;
}

std::string format_minor(std::int64_t minor, const Currency& currency) {
  const std::uint64_t power = power_of(currency);
  const std::uint64_t amount = magnitude(minor);
  std::string out = minor < 0 ? "-" : "";
  out.append(std::to_string(amount / power));
  if (power == 1) return out;
  // Adding the power keeps the leading zeros behind the point.
  const std::string behind = std::to_string(amount % power + power);
  return out.append(".").append(behind, 1);
}

// Up to 2^53 both operands are exact, so that one division rounds once. Beyond, the decimal text is rounded once.
double major_units(std::int64_t minor, const Currency& currency) {
  constexpr std::uint64_t kExact = std::uint64_t{1} << 53U;
  if (magnitude(minor) <= kExact) return static_cast<double>(minor) / static_cast<double>(power_of(currency));
  const std::string text = format_minor(minor, currency);
  double major = 0;
  std::from_chars(text.data(), text.data() + text.size(), major);
  return major;
}

std::optional<std::int64_t> minor_from_decimal(std::string_view literal, const Currency& currency) {
  const auto decimal = read_decimal(literal, true);
  return decimal ? exact_minor(*decimal, currency) : std::nullopt;
}

std::optional<std::int64_t> rounded_minor(std::string_view decimal, const Currency& currency) {
  auto read = read_decimal(decimal, true);
  return read ? exact_minor(round_away(*std::move(read), currency), currency) : std::nullopt;
}

bool is_decimal(std::string_view text) { return read_decimal(text, true).has_value(); }

}  // namespace kith::internal
