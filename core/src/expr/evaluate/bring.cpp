#include "expr/evaluate/bring.hpp"

#include <array>
#include <charconv>
#include <optional>

#include "base/problem/error.hpp"
#include "base/text/text.hpp"
#include "base/time/time.hpp"
#include "base/value/money.hpp"
#include "base/value/number.hpp"
#include "expr/evaluate/arithmetic.hpp"
#include "expr/evaluate/json_list.hpp"

namespace kith::internal::expr {
namespace {

constexpr std::int64_t kExactAsDouble = std::int64_t{1} << 53U;

template <class T>
std::optional<Value> known_value(Kind kind, const std::optional<T>& read) {
  return read ? std::optional{Value::with(kind, *read)} : std::nullopt;
}

std::optional<Value> truth_value(std::string_view text) {
  if (text != "true" && text != "false") return std::nullopt;
  return Value::boolean(text == "true");
}

// A record's own currency is said behind the amount: "12.50 EUR".
std::optional<Value> amount(std::string_view text, const Currency& wanted) {
  const std::size_t blank = text.rfind(' ');
  std::optional<Currency> currency = wanted;
  if (wanted.code[0] == 0) {
    currency = blank == std::string_view::npos ? std::nullopt : currency_of(text.substr(blank + 1));
    if (!currency) return std::nullopt;
  }
  const auto minor = parse_minor(text, *currency);
  return minor ? std::optional{Value::money(*minor, *currency)} : std::nullopt;
}

std::optional<Value> amount(double number, const Currency& wanted) {
  std::array<char, 400> digits{};
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), number, std::chars_format::fixed);
  if (written.ec != std::errc{}) return std::nullopt;
  const std::string_view text(digits.data(), static_cast<std::size_t>(written.ptr - digits.data()));
  const auto minor = minor_from_decimal(text, wanted);
  return minor ? std::optional{Value::money(*minor, wanted)} : std::nullopt;
}

std::optional<Value> read_as(const Type& to, std::string_view text, std::string_view zone) {
  switch (to.kind) {
    case Kind::integer: return known_value(Kind::integer, read_integer(text));
    case Kind::real: {
      const auto number = read_real(text);
      return number ? std::optional{Value::real(*number)} : std::nullopt;
    }
    case Kind::boolean: return truth_value(text);
    case Kind::date: return known_value(Kind::date, parse_date(text));
    case Kind::timestamp: return known_value(Kind::timestamp, parse_local_instant(text, zone));
    case Kind::duration: return known_value(Kind::duration, parse_duration(text));
    case Kind::money: return amount(text, to.currency);
    default: return std::nullopt;
  }
}

std::optional<Value> converted(const Type& to, const Value& value, std::string_view zone) {
  if (value.kind == to.kind) return value;
  if (value.kind == Kind::text) return read_as(to, trim(value.s), zone);
  if (value.kind == Kind::integer && to.kind == Kind::real && value.i <= kExactAsDouble && value.i >= -kExactAsDouble)
    return Value::real(static_cast<double>(value.i));
  if (to.kind != Kind::money || (value.kind != Kind::integer && value.kind != Kind::real)) return std::nullopt;
  if (value.kind == Kind::real) return amount(value.d, to.currency);
  const auto minor = minor_from_decimal(std::to_string(value.i), to.currency);
  return minor ? std::optional{Value::money(*minor, to.currency)} : std::nullopt;
}

std::string shown_as(const Value& value) { return value.kind == Kind::text ? "'" + value.s + "'" : to_text(value); }

std::string wanted_text(const Type& to) {
  switch (to.kind) {
    case Kind::money:
      return to.currency.code[0] == 0 ? "an amount with its currency, such as '12.50 EUR'"
                                      : "an amount of " + to.currency.text() + " with at most " +
                                            std::to_string(to.currency.scale) + " decimals";
    case Kind::date: return "a date such as 2026-01-31";
    case Kind::timestamp: return "an instant such as 2026-01-31 or 2026-01-31T08:30:00Z";
    case Kind::duration: return "a duration such as 30d";
    case Kind::boolean: return "true or false";
    case Kind::integer: return "a whole number of 64 bits";
    case Kind::real: return "a number that a double holds";
    default: return type_name(to);
  }
}

}  // namespace

std::string brought_text(TextForm form, bool keyed, std::string_view text, std::string_view region) {
  std::string stored = as_stored(form, text, region);
  return keyed ? email_key(stored) : stored;
}

Value brought(const Node& node, const Value& value) {
  if (value.is_dead()) return value;
  const auto form_of = [&](std::string_view text) { return brought_text(node.form, node.keyed, text, node.detail); };
  if (value.kind == Kind::text && node.type.kind == Kind::text) return Value::text(form_of(value.s));
  if (value.kind == Kind::json && node.type.kind == Kind::json) return Value::json(list_of_texts(value.s, form_of));
  if (auto found = converted(node.type, value, node.name)) return *std::move(found);
  Problem problem;
  problem.number = ProblemNumber::query_invalid;
  problem.message =
      "$" + node.parts.front()->name + " is " + shown_as(value) + ", where " + wanted_text(node.type) + " is wanted";
  problem.expected = wanted_text(node.type);
  problem.found = shown_as(value);
  problem.fix = "give the parameter such a value";
  throw Error(std::move(problem));
}

}  // namespace kith::internal::expr
