#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "base/problem/error.hpp"
#include "base/text/text.hpp"
#include "base/time/time.hpp"
#include "base/value/number.hpp"
#include "expr/evaluate/arithmetic.hpp"
#include "expr/evaluate/calendar.hpp"
#include "expr/evaluate/evaluation.hpp"
#include "expr/evaluate/json_list.hpp"
#include "expr/tree/functions.hpp"
#include "expr/tree/types.hpp"

namespace kith::internal::expr {
namespace {

Value known(Kind kind, const std::optional<std::int64_t>& value) {
  return value ? Value::with(kind, *value) : Value::unknown();
}

// A date, or the date in UTC of a timestamp.
std::int64_t day_of(const Value& value) {
  return value.kind == Kind::timestamp ? floor_div(value.i, kMicrosPerDay) : value.i;
}

Value part_of_date(Function function, const Value& value) {
  const std::int64_t day = day_of(value);
  if (day < kFirstDay || day > kLastDay) return Value::unknown();
  const CivilDate civil = civil_from_days(day);
  return Value::integer(function == Function::year    ? civil.year
                        : function == Function::month ? civil.month
                                                      : civil.day);
}

Value to_date(std::span<const Value* const> arguments) {
  const Value& from = *arguments[0];
  if (from.kind == Kind::date) return from;
  if (from.kind == Kind::text) return known(Kind::date, parse_date(from.s));
  return known(Kind::date, date_at(from.i, arguments.size() > 1 ? std::string_view{arguments[1]->s} : kUtc));
}

// A text without an offset, and a date, are of the zone.
Value to_timestamp(std::span<const Value* const> arguments) {
  const Value& from = *arguments[0];
  if (from.kind == Kind::timestamp) return from;
  const bool zoned = arguments.size() > 1;
  const std::string_view zone = zoned ? std::string_view{arguments[1]->s} : kUtc;
  if (from.kind == Kind::date) return known(Kind::timestamp, start_of_date(from.i, zone));
  if (!zoned) return known(Kind::timestamp, parse_instant(from.s));
  return is_time_zone(zone) ? known(Kind::timestamp, parse_local_instant(from.s, zone)) : Value::unknown();
}

Value to_int(const Value& from) {
  if (from.kind == Kind::integer) return from;
  if (from.kind == Kind::text) return known(Kind::integer, read_integer(from.s));
  return known(Kind::integer, truncate(from.d));
}

Value to_double(const Value& from) {
  if (from.kind == Kind::real) return from;
  if (from.kind == Kind::text) {
    const auto parsed = read_real(from.s);
    return parsed ? Value::real(*parsed) : Value::unknown();
  }
  const double number = static_cast<double>(from.i);
  return Value::real(from.kind == Kind::money ? number / power_of_ten(from.currency.scale) : number);
}

Value extreme(Function function, std::span<const Value* const> arguments) {
  const Value* best = arguments[0];
  for (const Value* value : arguments) {
    if (value->kind == Kind::money && !same_currency(value->currency, best->currency)) return Value::unknown();
    const int order = compare(*value, *best);
    if (function == Function::least ? order < 0 : order > 0) best = value;
  }
  return *best;
}

// All arguments are alive.
Value compute(const Node& node, std::span<const Value* const> arguments) {
  const Value& first = *arguments[0];
  switch (node.function) {
    case Function::days_between: return known(Kind::integer, subtract(day_of(*arguments[1]), day_of(first)));
    case Function::date: return to_date(arguments);
    case Function::timestamp: return to_timestamp(arguments);
    case Function::duration: return known(Kind::duration, parse_duration(first.s));
    case Function::to_int: return to_int(first);
    case Function::to_double: return to_double(first);
    case Function::to_string: return Value::text(to_text(first));
    case Function::size:
      if (first.kind == Kind::json) return known(Kind::integer, list_size(first.s));
      return Value::integer(static_cast<std::int64_t>(code_points(first.s)));
    case Function::lower_ascii: return Value::text(lower_ascii(first.s));
    case Function::fold: return Value::text(fold(first.s));
    case Function::year:
    case Function::month:
    case Function::day: return part_of_date(node.function, first);
    case Function::least:
    case Function::greatest: return extreme(node.function, arguments);
    default: return Value::unknown();
  }
}

}  // namespace

bool is_text_test(const Node& node) {
  return node.function == Function::contains || node.function == Function::starts_with ||
         node.function == Function::ends_with;
}

bool test_text(Function function, std::string_view text, std::string_view part) {
  switch (function) {
    case Function::contains: return text.find(part) != std::string_view::npos;
    case Function::starts_with: return text.starts_with(part);
    default: return text.ends_with(part);
  }
}

Judged Evaluator::text_test(const Node& node) {
  const Look text = look(*node.parts[0]);
  const Look part = look(*node.parts[1]);
  const Fate fate = fate_of(text, part, true);
  return {fate.dead ? Truth::unknown : truth_of(test_text(node.function, text.value->s, part.value->s)), fate.until};
}

Timed apply(const Node& node, std::span<const Look> arguments, std::int64_t now) {
  std::array<const Value*, kMostArguments> values;
  std::size_t count = 0;
  bool dead = false;
  std::int64_t dead_until = 0;
  std::int64_t until = kForever;
  for (const Look& one : arguments) {
    if (one.value->is_dead()) {
      dead_until = dead ? std::max(dead_until, one.until) : one.until;
      dead = true;
    }
    until = std::min(until, one.until);
    values[count++] = one.value;
  }
  if (dead) return {Value::unknown(), dead_until};
  if (node.function == Function::today) {
    const WallDate today = wall_date(now, count == 0 ? kUtc : std::string_view{values[0]->s});
    return {known(Kind::date, today.date), std::min(until, today.until)};
  }
  if (node.function == Function::days_since) {
    const Wide start = start_of(values[0]->kind, values[0]->i);
    const std::int64_t days = saturate(floor_divide(static_cast<Wide>(now) - start, kMicrosPerDay));
    return {Value::integer(days), std::min(until, days_until(Op::less_equal, start, days, now))};
  }
  return {compute(node, std::span{values.data(), count}), until};
}

Look Evaluator::function(const Node& node) {
  std::array<Look, kMostArguments> arguments;
  std::size_t count = 0;
  for (const NodePtr& part : node.parts) arguments[count++] = look(*part);
  Timed result = apply(node, std::span{arguments.data(), count}, env_.now);
  return keep(std::move(result.value), result.until);
}

Value given_by_plugin(const Node& node, Value value) {
  const auto beyond = [&](const char* what) { return Value::unknown(node.name + "() gave " + what); };
  if (value.kind == Kind::date && (value.i < kFirstDay || value.i > kLastDay))
    return beyond("a date outside of the years 1 to 9999");
  if (value.kind == Kind::timestamp &&
      (value.i < kFirstDay * kMicrosPerDay || value.i >= (kLastDay + 1) * kMicrosPerDay))
    return beyond("an instant outside of the years 1 to 9999");
  if (value.kind == Kind::real && !std::isfinite(value.d)) return beyond("a number that is not finite");
  return value;
}

Look Evaluator::plugin(const Node& node) {
  std::vector<Value> arguments;
  arguments.reserve(node.parts.size());
  std::int64_t until = kForever;
  for (const NodePtr& part : node.parts) {
    const Look one = look(*part);
    until = std::min(until, one.until);
    // A plugin knows no unknown: it sees null, as it would be stored.
    arguments.push_back(one.value->is_unknown() ? Value::null() : *one.value);
  }
  return keep(given_by_plugin(node, surroundings().call(node.number, arguments)), until);
}

}  // namespace kith::internal::expr
