#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "base/problem/error.hpp"
#include "base/text/text.hpp"
#include "base/time/time.hpp"
#include "expr/evaluate/anniversaries.hpp"
#include "expr/evaluate/arithmetic.hpp"
#include "expr/evaluate/calendar.hpp"
#include "expr/evaluate/conversions.hpp"
#include "expr/evaluate/evaluation.hpp"
#include "expr/evaluate/json_list.hpp"
#include "expr/evaluate/reasons.hpp"
#include "expr/evaluate/rounding.hpp"
#include "expr/evaluate/texts.hpp"
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

Value extreme(Function function, std::span<const Value* const> arguments) {
  const Value* best = arguments[0];
  for (const Value* value : arguments) {
    if (value->kind == Kind::money && !same_currency(value->currency, best->currency)) return Value::unknown();
    const int order = compare(*value, *best);
    if (function == Function::least ? order < 0 : order > 0) best = value;
  }
  return *best;
}

// Those that make texts of texts, and lists of them.
Value compute_text(Function function, std::span<const Value* const> arguments) {
  const Value& first = *arguments[0];
  switch (function) {
    case Function::lower_ascii: return Value::text(lower_ascii(first.s));
    case Function::fold: return Value::text(fold(first.s));
    case Function::trim: return Value::text(std::string{trim(first.s)});
    case Function::upper: return upper_text(first);
    case Function::lower: return lower_text(first);
    case Function::replace: return replace_text(first, *arguments[1], *arguments[2]);
    case Function::substring:
      return substring(first, arguments[1]->i, arguments.size() > 2 ? std::optional{arguments[2]->i} : std::nullopt);
    default: return split_text(first, *arguments[1]);
  }
}

// All arguments are alive.
Value compute(const Node& node, std::span<const Value* const> arguments) {
  const Value& first = *arguments[0];
  switch (node.function) {
    case Function::days_between: return known(Kind::integer, subtract(day_of(*arguments[1]), day_of(first)));
    case Function::date: return to_date(arguments);
    case Function::timestamp: return to_timestamp(arguments);
    case Function::duration: return to_duration(first);
    case Function::to_int: return to_int(first);
    case Function::to_double: return to_double(first);
    case Function::to_string: return Value::text(to_text(first));
    case Function::size:
      if (first.kind == Kind::json) return known(Kind::integer, list_size(first.s));
      return Value::integer(static_cast<std::int64_t>(code_points(first.s)));
    case Function::lower_ascii:
    case Function::fold:
    case Function::trim:
    case Function::upper:
    case Function::lower:
    case Function::replace:
    case Function::substring:
    case Function::split: return compute_text(node.function, arguments);
    case Function::round: return rounded(first, arguments.size() > 1 ? arguments[1]->i : 0);
    case Function::floor: return floored(first);
    case Function::absolute: return absolute(first);
    case Function::power: return transcendental(node.function, first.d, arguments[1]->d);
    case Function::logarithm:
    case Function::exponential: return transcendental(node.function, first.d, 0);
    case Function::money: return to_money(first, *arguments[1]);
    case Function::civil_date: return civil_date(first, *arguments[1], *arguments[2]);
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
  const Value* dead = nullptr;  // the first of them that says why, if one does
  std::int64_t dead_until = 0;
  std::int64_t until = kForever;
  for (const Look& one : arguments) {
    if (one.value->is_dead()) {
      dead_until = dead != nullptr ? std::max(dead_until, one.until) : one.until;
      if (dead == nullptr || dead->s.empty()) dead = one.value;
    }
    until = std::min(until, one.until);
    values[count++] = one.value;
  }
  if (dead != nullptr) return {Value::unknown(dead->s), dead_until};
  if (node.function == Function::today) {
    const WallDate today = wall_date(now, count == 0 ? kUtc : std::string_view{values[0]->s});
    return {known(Kind::date, today.date), std::min(until, today.until)};
  }
  if (node.function == Function::next_anniversary) {
    Timed next = next_anniversary(day_of(*values[0]), now, count == 1 ? kUtc : std::string_view{values[1]->s});
    return {std::move(next.value), std::min(until, next.until)};
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
