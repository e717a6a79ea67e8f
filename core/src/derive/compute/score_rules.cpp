#include "derive/compute/score_rules.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "derive/compute/conditions.hpp"

namespace kith::internal::derive {
namespace {

__extension__ typedef __int128 Wide;

std::int64_t narrowed(Wide wide) {
  if (wide > std::numeric_limits<std::int64_t>::max()) return std::numeric_limits<std::int64_t>::max();
  if (wide < std::numeric_limits<std::int64_t>::min()) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(wide);
}

Wide divided_half_even(Wide a, Wide b) {
  Wide quotient = a / b, rest = a % b;
  if (rest < 0) {
    rest += b;
    --quotient;
  }
  const Wide twice = rest * 2;
  if (twice > b || (twice == b && quotient % 2 != 0)) ++quotient;
  return quotient;
}

std::int64_t power_of_ten(int exponent) {
  std::int64_t power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

bool is_number(const Value& value) {
  return value.kind == Kind::integer || value.kind == Kind::real || value.kind == Kind::money;
}

bool at_least(const Value& value, double from) {
  if (value.kind == Kind::real) return value.d >= from;
  if (value.kind == Kind::money) {
    // A bound in major units is meant as the decimal that was written, which is exact in minor units.
    const double minor = std::round(from * static_cast<double>(power_of_ten(value.currency.scale)));
    return static_cast<long double>(value.i) >= static_cast<long double>(minor);
  }
  return static_cast<long double>(value.i) >= static_cast<long double>(from);
}

std::int64_t step_points(const catalog::ScoreRule& rule, const Value& value) {
  std::int64_t points = 0;
  for (const auto& [from, milli] : rule.steps) {
    if (at_least(value, from)) points = milli;
  }
  return points;
}

std::int64_t capped(const catalog::ScoreRule& rule, std::int64_t points) {
  const auto [low, high] = bounds_of(rule);
  return std::clamp(points, low, high);
}

std::int64_t unit_points(const catalog::ScoreRule& rule, const Value& value) {
  if (value.kind == Kind::money)
    return capped(rule, scaled(rule.each_milli, value.i, power_of_ten(value.currency.scale)));
  if (value.kind == Kind::integer) return capped(rule, narrowed(static_cast<Wide>(rule.each_milli) * value.i));
  // Clamped before it becomes an integer, which could not hold every double.
  const auto [low, high] = bounds_of(rule);
  const double points = static_cast<double>(rule.each_milli) * value.d;
  return static_cast<std::int64_t>(
      std::nearbyint(std::clamp(points, static_cast<double>(low), static_cast<double>(high))));
}

std::int64_t full_points(const catalog::ScoreRule& rule) {
  switch (rule.form) {
    case catalog::ScoreRule::Form::points: return rule.points_milli;
    case catalog::ScoreRule::Form::steps: {
      std::int64_t most = 0;
      for (const auto& step : rule.steps) most = std::max(most, step.second);
      return most;
    }
    case catalog::ScoreRule::Form::per_unit:
    case catalog::ScoreRule::Form::per_event: return rule.cap_milli;
    case catalog::ScoreRule::Form::raise:
    case catalog::ScoreRule::Form::replace: return 0;  // they give a band
  }
  return 0;
}

void take_unknown(const catalog::ScoreRule& rule, RuleResult& result) {
  result.unknown = true;
  result.withheld = rule.on_unknown == catalog::ScoreRule::OnUnknown::withhold;
  result.holds = rule.gives_band() && rule.on_unknown == catalog::ScoreRule::OnUnknown::max;
  result.points_milli = rule.on_unknown == catalog::ScoreRule::OnUnknown::max ? full_points(rule) : 0;
}

/// now + days, saturated: an event at the end of time never leaves its window.
std::int64_t plus_days(std::int64_t at, std::int64_t days) {
  const Wide sum = static_cast<Wide>(at) + static_cast<Wide>(days) * kMicrosPerDay;
  return narrowed(sum);
}

/// Whether a record of the set is an event that counts now.
Conditions count_event(const catalog::ScoreRule& rule, const expr::Related& row, const expr::Env& env) {
  Conditions conditions;
  conditions.add(row.inside, row.until);
  if (rule.where != nullptr && !conditions.never_counts()) {
    const expr::Timed where = expr::evaluate(*rule.where, *row.record, env);
    conditions.add(where.value.is_true(), where.until);
  }
  if (rule.at == nullptr || conditions.never_counts()) return conditions;
  const expr::Timed at = expr::evaluate(*rule.at, *row.record, env);
  if (at.value.is_dead()) {
    conditions.add(false, at.until);
    return conditions;
  }
  const std::int64_t instant = at.value.kind == Kind::date ? plus_days(0, at.value.i) : at.value.i;
  const std::int64_t end = rule.window_days ? plus_days(instant, *rule.window_days) : kForever;
  const bool in_time = instant <= env.now && env.now < end;
  std::int64_t until = at.until;
  if (instant > env.now) until = std::min(until, instant);
  if (in_time) until = std::min(until, end);
  conditions.add(in_time, until);
  return conditions;
}

void judge_events(const catalog::ScoreRule& rule, const RuleContext& context, JudgedRule& judged) {
  std::int64_t count = 0;
  std::vector<expr::Related> rows;
  context.record->related(rule.over, rows);
  for (const expr::Related& row : rows) {
    const Conditions conditions = count_event(rule, row, *context.env);
    judged.until = std::min(judged.until, conditions.until());
    if (conditions.counts()) ++count;
  }
  judged.result.seen = Value::integer(count);
  judged.result.points_milli = capped(rule, narrowed(static_cast<Wide>(rule.each_milli) * count));
  if (context.explain) {
    const std::string what = rule.where != nullptr ? rule.where->source : std::string("events");
    judged.result.parts.push_back({what, judged.result.seen, judged.until, {}});
  }
}

}  // namespace

std::int64_t scaled(std::int64_t a, std::int64_t b, std::int64_t c) {
  return narrowed(divided_half_even(static_cast<Wide>(a) * b, c));
}

std::pair<std::int64_t, std::int64_t> bounds_of(const catalog::ScoreRule& rule) {
  std::int64_t low = 0, high = 0;
  const auto take = [&](std::int64_t points) {
    low = std::min(low, points);
    high = std::max(high, points);
  };
  take(full_points(rule));
  if (rule.form == catalog::ScoreRule::Form::steps) {
    for (const auto& step : rule.steps) take(step.second);
  }
  return {low, high};
}

JudgedRule judge(const catalog::ScoreRule& rule, const RuleContext& context) {
  JudgedRule judged;
  judged.result.rule = &rule;
  if (rule.form == catalog::ScoreRule::Form::per_event) {
    judge_events(rule, context, judged);
    return judged;
  }
  const bool condition = rule.form == catalog::ScoreRule::Form::points || rule.gives_band();
  const expr::Program& program = condition ? *rule.when : *rule.value;
  expr::Timed seen = expr::evaluate(program, *context.record, *context.env);
  judged.until = seen.until;
  if (context.explain) judged.result.parts.push_back(expr::explain(program, *context.record, *context.env));
  const bool usable = condition ? !seen.value.is_dead() : is_number(seen.value);
  if (!usable) {
    take_unknown(rule, judged.result);
  } else if (rule.gives_band()) {
    judged.result.holds = seen.value.is_true();
  } else if (rule.form == catalog::ScoreRule::Form::points) {
    judged.result.points_milli = seen.value.is_true() ? rule.points_milli : 0;
  } else if (rule.form == catalog::ScoreRule::Form::steps) {
    judged.result.points_milli = step_points(rule, seen.value);
  } else {
    judged.result.points_milli = unit_points(rule, seen.value);
  }
  judged.result.seen = std::move(seen.value);
  return judged;
}

}  // namespace kith::internal::derive
