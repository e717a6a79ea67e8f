#include "expr/evaluate/rounding.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>

#include "base/value/number.hpp"
#include "expr/evaluate/arithmetic.hpp"

namespace kith::internal::expr {
namespace {

// From here on half of the unit is more than 64 bits hold, so that all is rounded to nothing.
constexpr std::int64_t kNothingLeft = 20;

Value beyond_range() { return Value::unknown("the result does not fit into 64 bits"); }
Value not_finite() { return Value::unknown("the result is not a finite number"); }

Value with_number(const Value& like, Wide number) {
  if (!fits(number)) return beyond_range();
  Value out = like;
  out.i = static_cast<std::int64_t>(number);
  return out;
}

Wide ten_to(std::int64_t power) {
  Wide unit = 1;
  for (; power > 0; --power) unit *= 10;
  return unit;
}

Type type_of_value(const Value& value) {
  Type type = Type::of(value.kind);
  type.currency = value.currency;
  return type;
}

Value rounded_whole(const Value& value, std::int64_t digits) {
  const std::int64_t power = rounding_power(type_of_value(value), digits);
  if (power <= 0) return value;
  if (power >= kNothingLeft) return with_number(value, 0);
  const Wide unit = ten_to(power);
  const Wide rest = value.i % unit;
  const Wide down = value.i - rest;
  return with_number(value, rest * 2 >= unit ? down + unit : rest * 2 <= -unit ? down - unit : down);
}

// One more in the last digit; "99" becomes "100".
void count_up(std::string& digits) {
  digits.insert(0, 1, '0');
  auto digit = digits.rbegin();
  for (; *digit == '9'; ++digit) *digit = '0';
  ++*digit;
}

/// A decimal as it is shown: its digits, and before how many of them the point stands.
struct ShownDecimal {
  std::string digits;
  std::int64_t point = 0;
};

ShownDecimal shown_decimal(double size) {
  const std::string text = to_text(Value::real(size));
  const std::size_t e = std::min(text.find('e'), text.size());
  ShownDecimal out{text.substr(0, e), 0};
  const std::size_t point = std::min(out.digits.find('.'), e);
  if (point < e) out.digits.erase(point, 1);
  const std::size_t exponent = e + (text.compare(e, 2, "e+") == 0 ? 2 : 1);
  if (e < text.size()) std::from_chars(text.data() + exponent, text.data() + text.size(), out.point);
  out.point += static_cast<std::int64_t>(point);
  return out;
}

Value rounded_real(double number, std::int64_t digits) {
  if (digits == 0) return Value::real(std::round(number));
  ShownDecimal decimal = shown_decimal(std::fabs(number));
  // No double has more digits before or behind the point.
  const std::int64_t kept = decimal.point + std::clamp<std::int64_t>(digits, -1'000, 2'000);
  if (kept >= static_cast<std::int64_t>(decimal.digits.size())) return Value::real(number);
  if (kept < 0) return Value::real(0);
  const bool up = decimal.digits[static_cast<std::size_t>(kept)] >= '5';
  decimal.digits.resize(static_cast<std::size_t>(kept));
  if (up) count_up(decimal.digits);
  if (decimal.digits.empty()) return Value::real(0);
  const std::string text = decimal.digits + "e" + std::to_string(decimal.point - kept);
  const auto read = read_real(text);
  return read ? Value::real(std::copysign(*read, number)) : not_finite();
}

}  // namespace

Value rounded(const Value& value, std::int64_t digits) {
  return value.kind == Kind::real ? rounded_real(value.d, digits) : rounded_whole(value, digits);
}

Value floored(const Value& value) {
  if (value.kind == Kind::real) return Value::real(std::floor(value.d));
  const std::int64_t power = rounding_power(type_of_value(value), 0);
  if (power <= 0) return value;
  if (power >= kNothingLeft) return value.i < 0 ? beyond_range() : with_number(value, 0);
  const Wide unit = ten_to(power);
  return with_number(value, floor_divide(value.i, unit) * unit);
}

Value absolute(const Value& value) {
  if (value.kind == Kind::real) return Value::real(std::fabs(value.d));
  return with_number(value, value.i < 0 ? -Wide{value.i} : Wide{value.i});
}

Value transcendental(Function function, double x, double y) {
  if (function == Function::logarithm && x <= 0) return Value::unknown("only numbers above 0 have a logarithm");
  const double result = function == Function::power       ? std::pow(x, y)
                        : function == Function::logarithm ? std::log(x)
                                                          : std::exp(x);
  return std::isfinite(result) ? Value::real(result) : not_finite();
}

}  // namespace kith::internal::expr
