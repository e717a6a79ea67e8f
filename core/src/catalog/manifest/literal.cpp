#include "catalog/manifest/literal.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>

#include "base/text/text.hpp"
#include "base/time/time.hpp"
#include "base/value/money.hpp"

namespace kith::internal::catalog {
namespace json = boost::json;
namespace {

using Result = std::optional<Value>;

Result as_value(std::optional<std::int64_t> number, Kind kind) {
  return number ? Result(Value::with(kind, *number)) : std::nullopt;
}

std::string text_of(const json::value& literal) {
  return literal.is_string() ? std::string(literal.get_string().data(), literal.get_string().size()) : std::string();
}

std::optional<std::int64_t> whole(const json::value& literal) {
  if (literal.is_int64()) return literal.get_int64();
  return std::nullopt;
}

// The shortest decimal text of the number is what was written, so no digit is gained or lost on the way.
std::string decimal_text(const json::value& literal) {
  if (literal.is_string()) return text_of(literal);
  if (literal.is_int64()) return std::to_string(literal.get_int64());
  if (!literal.is_double()) return {};
  std::array<char, 400> buffer{};
  const auto [end, error] =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), literal.get_double(), std::chars_format::fixed);
  return error == std::errc{} ? std::string(buffer.data(), end) : std::string();
}

Result read_text(const json::value& literal, const expr::Type& type, std::string& expected) {
  expected = "text";
  if (!literal.is_string() || !is_utf8(text_of(literal))) return std::nullopt;
  if (type.values) {
    expected = "one of " + join(type.values->ids, ", ");
    const auto& ids = type.values->ids;
    if (std::find(ids.begin(), ids.end(), text_of(literal)) == ids.end()) return std::nullopt;
  }
  return Value::text(text_of(literal));
}

Result read_money(const json::value& literal, const expr::Type& type, std::string& expected) {
  expected =
      "an amount of " + type.currency.text() + " with at most " + std::to_string(type.currency.scale) + " decimals";
  const auto minor = parse_minor(decimal_text(literal), type.currency);
  return minor ? Result(Value::money(*minor, type.currency)) : std::nullopt;
}

Result read_json(const json::value& literal, const expr::Type& type, std::string& expected) {
  if (type.element == Kind::null) {
    expected = "JSON";
    return Value::json(json::serialize(literal));
  }
  expr::Type element = expr::Type::of(type.element);
  element.values = type.values;
  std::string inner;
  expected = std::string("a list of ") + kind_name(type.element);
  if (!literal.is_array()) return std::nullopt;
  for (const json::value& entry : literal.get_array())
    if (!read_literal(entry, element, inner)) {
      expected = "a list of which each element is " + inner;
      return std::nullopt;
    }
  return Value::json(json::serialize(literal));
}

}  // namespace

std::optional<Value> read_literal(const json::value& literal, const expr::Type& type, std::string& expected) {
  if (literal.is_null()) return Value::null();
  switch (type.kind) {
    case Kind::boolean:
      expected = "true or false";
      return literal.is_bool() ? Result(Value::boolean(literal.get_bool())) : std::nullopt;
    case Kind::integer: expected = "a whole number"; return as_value(whole(literal), Kind::integer);
    case Kind::real:
      expected = "a number";
      if (!literal.is_number() || !std::isfinite(literal.to_number<double>())) return std::nullopt;
      return Value::real(literal.to_number<double>());
    case Kind::text: return read_text(literal, type, expected);
    case Kind::date: expected = "a date: \"2026-01-31\""; return as_value(parse_date(text_of(literal)), Kind::date);
    case Kind::timestamp:
      expected = "an instant: \"2026-01-31T12:00:00Z\"";
      return as_value(parse_instant(text_of(literal)), Kind::timestamp);
    case Kind::duration:
      expected = "a duration: \"30d\", \"12h\"";
      return as_value(parse_duration(text_of(literal)), Kind::duration);
    case Kind::money: return read_money(literal, type, expected);
    case Kind::json: return read_json(literal, type, expected);
    case Kind::ref: expected = "no literal: a reference has none"; return std::nullopt;
    case Kind::null:
    case Kind::unknown: break;
  }
  expected = "nothing";
  return std::nullopt;
}

std::optional<std::int64_t> read_milli(double number) {
  constexpr double largest = 1e12;
  if (!std::isfinite(number) || std::abs(number) > largest) return std::nullopt;
  const double scaled = number * 1000.0;
  const double rounded = std::round(scaled);
  // A decimal with three places is rarely a binary fraction: an error of some units in the last place is its own.
  if (std::abs(scaled - rounded) > 1e-9 * std::max(1.0, std::abs(scaled))) return std::nullopt;
  return static_cast<std::int64_t>(rounded);
}

}  // namespace kith::internal::catalog
