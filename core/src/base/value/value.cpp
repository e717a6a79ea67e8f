#include "base/value/value.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "base/time/time.hpp"
#include "base/value/money.hpp"

namespace kith::internal {
namespace {

constexpr std::array<const char*, 12> kKindNames = {"null",      "bool",     "int",   "double", "text", "date",
                                                    "timestamp", "duration", "money", "ref",    "json", "unknown"};

std::string shortest(double d) {
  std::array<char, 32> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), d);
  return error == std::errc{} ? std::string(buffer.data(), end) : std::string{};
}

std::string money_text(const Value& value) {
  const std::string code = value.currency.text();
  const std::string amount = format_minor(value.i, value.currency);
  return code.empty() ? amount : amount + " " + code;
}

}  // namespace

const char* kind_name(Kind kind) {
  const auto index = static_cast<std::size_t>(kind);
  return index < kKindNames.size() ? kKindNames[index] : "unknown";
}

// Minus zero becomes zero: the two are equal, should look equal, and SQLite keeps no difference. NaN and infinities
// pass, so that whoever writes can refuse them by name.
Value Value::real(double d) {
  Value v;
  v.kind = Kind::real;
  v.d = d == 0.0 ? 0.0 : d;
  return v;
}

Value Value::text(std::string s) {
  Value v;
  v.kind = Kind::text;
  v.s = std::move(s);
  return v;
}

Value Value::json(std::string s) {
  Value v;
  v.kind = Kind::json;
  v.s = std::move(s);
  return v;
}

Value Value::money(std::int64_t minor, Currency currency) {
  Value v = with(Kind::money, minor);
  v.currency = currency;
  return v;
}

Value Value::ref(std::int32_t record_type, RecordId id) {
  Value v;
  v.kind = Kind::ref;
  v.record_type = record_type;
  v.id = id;
  return v;
}

bool operator==(const Value& a, const Value& b) {
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case Kind::null:
    case Kind::unknown: return true;
    case Kind::real: return a.d == b.d || (std::isnan(a.d) && std::isnan(b.d));
    case Kind::text:
    case Kind::json: return a.s == b.s;
    case Kind::money: return a.i == b.i && a.currency == b.currency;
    case Kind::ref: return a.record_type == b.record_type && a.id == b.id;
    case Kind::boolean:
    case Kind::integer:
    case Kind::date:
    case Kind::timestamp:
    case Kind::duration: return a.i == b.i;
  }
  return false;
}

std::string to_text(const Value& value) {
  switch (value.kind) {
    case Kind::null:
    case Kind::unknown: return {};
    case Kind::boolean: return value.i != 0 ? "true" : "false";
    case Kind::integer: return std::to_string(value.i);
    case Kind::real: return shortest(value.d);
    case Kind::text:
    case Kind::json: return value.s;
    case Kind::date: return format_date(value.i);
    case Kind::timestamp: return format_instant(value.i);
    case Kind::duration: return format_duration(value.i);
    case Kind::money: return money_text(value);
    case Kind::ref: return value.id.text();
  }
  return {};
}

}  // namespace kith::internal
