#include "expr/evaluate/conversions.hpp"

#include <algorithm>
#include <array>

#include "base/text/forms.hpp"
#include "base/text/text.hpp"
#include "base/time/time.hpp"
#include "base/value/money.hpp"
#include "base/value/number.hpp"
#include "expr/evaluate/arithmetic.hpp"
#include "expr/evaluate/calendar.hpp"
#include "expr/evaluate/reasons.hpp"

namespace kith::internal::expr {
namespace {

template <class Why>
Value known_or(Kind kind, const std::optional<std::int64_t>& value, Why why) {
  return value ? Value::with(kind, *value) : Value::unknown(why());
}

std::string is_not(std::string_view text, std::string_view wanted) {
  return quoted_short(text) + " is not " + std::string{wanted};
}

std::string no_day(const std::string& day) { return "there is no day " + day + " in the calendar"; }

bool is_written_as_date(std::string_view text) {
  constexpr std::string_view kForm = "dddd-dd-dd";
  return std::equal(text.begin(), text.end(), kForm.begin(), kForm.end(),
                    [](char c, char wanted) { return wanted == 'd' ? c >= '0' && c <= '9' : c == wanted; });
}

std::string no_date(const std::string& text) {
  return is_written_as_date(text) ? no_day(text) : is_not(text, "a date such as 2026-01-31");
}

std::string not_in_zone(std::string_view zone) {
  return is_time_zone(zone) ? "the instant or date is outside of the years that a zone shows"
                            : "there is no time zone " + quoted_short(zone);
}

std::string padded(const Value& number, std::size_t width) {
  std::string digits = std::to_string(number.i);
  if (number.i >= 0 && digits.size() < width) digits.insert(0, width - digits.size(), '0');
  return digits;
}

}  // namespace

Value to_date(std::span<const Value* const> arguments) {
  const Value& from = *arguments[0];
  if (from.kind == Kind::date) return from;
  if (from.kind == Kind::text) return known_or(Kind::date, parse_date(from.s), [&] { return no_date(from.s); });
  const std::string_view zone = arguments.size() > 1 ? std::string_view{arguments[1]->s} : kUtc;
  return known_or(Kind::date, date_at(from.i, zone), [&] { return not_in_zone(zone); });
}

// A text without an offset, and a date, are of the zone.
Value to_timestamp(std::span<const Value* const> arguments) {
  const Value& from = *arguments[0];
  if (from.kind == Kind::timestamp) return from;
  const bool zoned = arguments.size() > 1;
  const std::string_view zone = zoned ? std::string_view{arguments[1]->s} : kUtc;
  if (from.kind == Kind::date)
    return known_or(Kind::timestamp, start_of_date(from.i, zone), [&] { return not_in_zone(zone); });
  if (zoned && !is_time_zone(zone)) return Value::unknown(not_in_zone(zone));
  return known_or(Kind::timestamp, zoned ? parse_local_instant(from.s, zone) : parse_instant(from.s),
                  [&] { return is_not(from.s, "an instant such as 2026-01-31T08:30:00Z"); });
}

Value to_duration(const Value& from) {
  return known_or(Kind::duration, parse_duration(from.s), [&] { return is_not(from.s, "a duration such as 1d12h"); });
}

Value to_int(const Value& from) {
  if (from.kind == Kind::integer) return from;
  if (from.kind == Kind::text)
    return known_or(Kind::integer, read_integer(from.s), [&] { return is_not(from.s, "a whole number of 64 bits"); });
  return known_or(Kind::integer, truncate(from.d), [&] { return to_text(from) + " does not fit into 64 bits"; });
}

Value to_double(const Value& from) {
  if (from.kind == Kind::real) return from;
  if (from.kind == Kind::text) {
    const auto parsed = read_real(from.s);
    return parsed ? Value::real(*parsed) : Value::unknown(is_not(from.s, "a number such as 12.5"));
  }
  const double number = static_cast<double>(from.i);
  return Value::real(from.kind == Kind::money ? number / power_of_ten(from.currency.scale) : number);
}

Value to_money(const Value& from, const Value& currency) {
  const auto known = currency_of(as_stored(TextForm::currency, currency.s, {}));
  if (!known) return Value::unknown(is_not(currency.s, "an ISO 4217 currency such as EUR"));
  const std::string written = to_text(from);
  const std::string_view amount = trim(written);
  const auto minor = rounded_minor(amount, *known);
  if (minor) return Value::money(*minor, *known);
  return Value::unknown(is_decimal(amount) ? quoted_short(amount) + " is more " + known->text() + " than 64 bits hold"
                                           : is_not(amount, "a decimal number such as 12.50"));
}

Value civil_date(const Value& year, const Value& month, const Value& day) {
  const auto within = [](const Value& part, std::int64_t most) { return part.i >= 1 && part.i <= most; };
  const bool possible = within(year, 9999) && within(month, 12) && within(day, 31);
  const auto found =
      possible ? days_from_civil(year.i, static_cast<unsigned>(month.i), static_cast<unsigned>(day.i)) : std::nullopt;
  return known_or(Kind::date, found, [&] {
    return no_day(padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2)) + " (year " +
           std::to_string(year.i) + ", month " + std::to_string(month.i) + ", day " + std::to_string(day.i) + ")";
  });
}

}  // namespace kith::internal::expr
