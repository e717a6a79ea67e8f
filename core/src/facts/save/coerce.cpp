// From what comes in to the member's type: exact or refused. Text is how JSON, CSV and the command line say everything.
#include <boost/json.hpp>
#include <charconv>
#include <cmath>

#include "base/problem/limits.hpp"
#include "base/text/text.hpp"
#include "base/time/time.hpp"
#include "base/value/money.hpp"
#include "base/value/number.hpp"
#include "facts/read/shown.hpp"
#include "facts/save/references.hpp"
#include "facts/transaction.hpp"

namespace kith::internal::facts {

namespace {

namespace json = boost::json;

struct Wanted {
  const catalog::Catalog& catalog;
  const catalog::Member& member;
  const Value& given;

  [[noreturn]] void refuse(std::string expected, std::string fix = {}) const {
    Problem problem = member_problem(ProblemNumber::value_invalid, member,
                                     member.name + " must be " + expected + ", not " + shown(member, given));
    problem.expected = std::move(expected);
    problem.found =
        given.kind == Kind::text ? shown(member, given) : std::string("a value of type ") + kind_name(given.kind);
    problem.fix = std::move(fix);
    throw Error(std::move(problem));
  }
};

Value to_boolean(const Wanted& wanted) {
  if (wanted.given.kind == Kind::text) {
    const std::string_view text = trim(wanted.given.s);
    if (text == "true") return Value::boolean(true);
    if (text == "false") return Value::boolean(false);
  }
  wanted.refuse("true or false");
}

Value to_integer(const Wanted& wanted) {
  const Value& given = wanted.given;
  if (given.kind == Kind::text) {
    if (const auto number = read_integer(trim(given.s))) return Value::integer(*number);
  }
  // 2^63 itself is not an int64; every double below it in magnitude that is whole converts exactly.
  if (given.kind == Kind::real && std::trunc(given.d) == given.d && std::abs(given.d) < 9.2233720368547758e18) {
    return Value::integer(static_cast<std::int64_t>(given.d));
  }
  wanted.refuse("a whole number");
}

Value to_real(const Wanted& wanted) {
  const Value& given = wanted.given;
  if (given.kind == Kind::text) {
    if (const auto number = read_real(trim(given.s))) return Value::real(*number);
  }
  constexpr std::int64_t kExact = std::int64_t{1} << 53;
  if (given.kind == Kind::integer && given.i >= -kExact && given.i <= kExact)
    return Value::real(static_cast<double>(given.i));
  wanted.refuse("a number");
}

/// What to do about a value that an enum does not have.
std::string enum_fix(const Wanted& wanted, const std::string& id) {
  const expr::EnumValues& values = *wanted.member.type.values;
  const std::size_t dot = id.find('.');
  const std::string near = did_you_mean(id, values.ids);
  if (!near.empty() || !values.extensible || dot == std::string::npos) return near;
  // "club.live" is of the bundle club, and so no slip of the pen where that one was taken out.
  const std::string bundle = id.substr(0, dot);
  if (!is_identifier(bundle)) return near;
  for (const catalog::Bundle& loaded : wanted.catalog.bundles)
    if (loaded.id == bundle) return {};
  return bundle + " is not loaded: add it to kith.json if it adds this value, or use another one";
}

Value to_enum(const Wanted& wanted) {
  const expr::EnumValues& values = *wanted.member.type.values;
  if (wanted.given.kind != Kind::text) wanted.refuse("one of " + join(values.ids, ", "));
  const std::string id(trim(wanted.given.s));
  for (const std::string& known : values.ids) {
    if (known == id) return Value::text(id);
  }
  Problem problem =
      member_problem(ProblemNumber::value_invalid, wanted.member,
                     wanted.member.name + " " + shown(wanted.member, wanted.given) + " is not one of its values");
  problem.expected = join(values.ids, ", ");
  problem.found = shown(wanted.member, wanted.given);
  problem.fix = enum_fix(wanted, id);
  throw Error(std::move(problem));
}

Value to_plain_text(const Wanted& wanted) {
  const Value& given = wanted.given;
  switch (given.kind) {
    case Kind::text: return given;
    case Kind::integer:
    case Kind::date:
    case Kind::timestamp: return Value::text(to_text(given));
    default: wanted.refuse("text");
  }
}

Value to_date(const Wanted& wanted) {
  if (wanted.given.kind == Kind::text) {
    if (const auto days = parse_date(trim(wanted.given.s))) return Value::date(*days);
  }
  wanted.refuse("a date such as 2026-01-31", wanted.given.kind == Kind::timestamp
                                                 ? "turn the instant into the date of a time zone first: date(x, zone)"
                                                 : "");
}

Value to_timestamp(const Wanted& wanted) {
  const Value& given = wanted.given;
  const std::string& zone = wanted.catalog.time_zone;
  if (given.kind == Kind::text) {
    if (const auto instant = parse_local_instant(trim(given.s), zone)) return Value::timestamp(*instant);
  }
  if (given.kind == Kind::date) return Value::timestamp(local_to_utc(given.i * kMicrosPerDay, zone));
  wanted.refuse("an instant such as 2026-01-31T14:30:00Z");
}

Value to_duration(const Wanted& wanted) {
  if (wanted.given.kind == Kind::text) {
    if (const auto duration = parse_duration(trim(wanted.given.s))) return Value::duration(*duration);
  }
  wanted.refuse("a duration such as 30d or 1h30m");
}

Value to_money(const Wanted& wanted) {
  const Value& given = wanted.given;
  const Currency& currency = wanted.member.type.currency;
  std::optional<std::int64_t> minor;
  if (given.kind == Kind::money) {
    if (given.currency == currency) return given;
    wanted.refuse("an amount in " + currency.text(), "convert it before it is written");
  }
  if (given.kind == Kind::text) minor = parse_minor(trim(given.s), currency);
  if (given.kind == Kind::integer) minor = minor_from_decimal(std::to_string(given.i), currency);
  if (given.kind == Kind::real && std::isfinite(given.d)) {
    char text[64];
    const auto [end, error] = std::to_chars(text, text + sizeof text, given.d, std::chars_format::fixed);
    if (error == std::errc{})
      minor = minor_from_decimal(std::string_view(text, static_cast<std::size_t>(end - text)), currency);
  }
  if (minor) return Value::money(*minor, currency);
  wanted.refuse("an amount in " + currency.text() + " with at most " + std::to_string(currency.scale) + " decimals");
}

Value to_ref(const Wanted& wanted) {
  const Value& given = wanted.given;
  const std::int32_t target = wanted.member.type.record_type;
  if (given.kind == Kind::ref) {
    if (target < 0 || given.record_type == target) return given;
    wanted.refuse("a record of type " + wanted.catalog.type(target).name);
  }
  if (given.kind == Kind::text) {
    if (auto ref = ref_of_text(wanted.catalog, target, trim(given.s))) return *ref;
  }
  wanted.refuse(target < 0 ? "a record as type/id"
                           : "a record as " + wanted.catalog.type(target).name + "/id or its id");
}

bool fits_element(const json::value& element, const expr::Type& type) {
  switch (type.element) {
    case Kind::integer: return element.is_int64();
    case Kind::boolean: return element.is_bool();
    case Kind::real: return element.is_number();
    case Kind::text:
    case Kind::ref:
      if (!element.is_string()) return false;
      if (type.values == nullptr) return true;
      for (const std::string& id : type.values->ids) {
        if (id == std::string_view(element.get_string())) return true;
      }
      return false;
    default: return true;
  }
}

/// Written back in one form, so that the same content is the same text.
Value to_json(const Wanted& wanted) {
  const Value& given = wanted.given;
  const expr::Type& type = wanted.member.type;
  const bool list = type.element != Kind::null;
  const std::string expected = !list                    ? std::string("JSON")
                               : type.values != nullptr ? "a JSON list of " + join(type.values->ids, ", ")
                                                        : std::string("a JSON list of ") + kind_name(type.element);
  if (given.kind != Kind::json && given.kind != Kind::text) wanted.refuse(expected);
  boost::system::error_code error;
  const json::value parsed = json::parse(given.s, error);
  if (error) wanted.refuse(expected, "it can't be read as JSON: " + error.message());
  if (list) {
    if (!parsed.is_array()) wanted.refuse(expected);
    for (const json::value& element : parsed.get_array()) {
      if (fits_element(element, type)) continue;
      const bool named = type.values != nullptr && element.is_string();
      const std::string fix = named ? enum_fix(wanted, std::string(element.get_string())) : std::string();
      wanted.refuse(expected,
                    "the element " + json::serialize(element) + " doesn't fit" + (fix.empty() ? "" : "; " + fix));
    }
  }
  return Value::json(json::serialize(parsed));
}

}  // namespace

namespace {

// Before anything is parsed, normalised or shown of it.
void check_size(const catalog::Member& member, const Value& value) {
  const Limit limit = member.type.kind == Kind::json ? Limit::json_value : Limit::text_value;
  if (value.s.size() <= most_of(limit)) return;
  Problem problem = limit_problem(limit, grouped_digits(value.s.size()) + " bytes", " of \"" + member.name + "\"");
  problem.field = member.name;
  throw Error(std::move(problem));
}

}  // namespace

Value coerce(const catalog::Catalog& catalog, const catalog::Member& member, const Value& value) {
  if (value.is_dead()) return Value::null();
  check_size(member, value);
  const Wanted wanted{catalog, member, value};
  if ((value.kind == Kind::text || value.kind == Kind::json) && !is_utf8(value.s))
    wanted.refuse("UTF-8 without U+0000");
  if (value.kind == Kind::text && trim(value.s).empty()) return Value::null();
  if (value.kind == Kind::real && !std::isfinite(value.d)) wanted.refuse("a finite number");
  const expr::Type& type = member.type;
  if (type.kind == Kind::text) return type.values != nullptr ? to_enum(wanted) : to_plain_text(wanted);
  if (type.kind == Kind::ref) return to_ref(wanted);
  if (type.kind == Kind::json) return to_json(wanted);
  if (type.kind == Kind::money) return to_money(wanted);
  if (value.kind == type.kind) return value;
  switch (type.kind) {
    case Kind::boolean: return to_boolean(wanted);
    case Kind::integer: return to_integer(wanted);
    case Kind::real: return to_real(wanted);
    case Kind::date: return to_date(wanted);
    case Kind::timestamp: return to_timestamp(wanted);
    case Kind::duration: return to_duration(wanted);
    default: wanted.refuse(expr::type_name(type));
  }
}

}  // namespace kith::internal::facts
