#include "derive/compute/score.hpp"

#include <algorithm>
#include <utility>

#include "derive/compute/score_rules.hpp"

namespace kith::internal::derive {
namespace {

/// 12500 -> "12.5"
std::string points_text(std::int64_t milli) {
  const bool negative = milli < 0;
  const std::uint64_t size =
      negative ? std::uint64_t{0} - static_cast<std::uint64_t>(milli) : static_cast<std::uint64_t>(milli);
  std::string text = (negative ? "-" : "") + std::to_string(size / 1'000);
  if (size % 1'000 == 0) return text;
  std::string decimals = std::to_string(1'000 + size % 1'000).substr(1);
  while (decimals.back() == '0') decimals.pop_back();
  return text + "." + decimals;
}

/// Clamps and notes what the clamp took or gave.
std::int64_t clamp(std::int64_t milli, const std::optional<std::int64_t>& low, const std::optional<std::int64_t>& high,
                   const std::string& what, ScoreResult& result) {
  std::int64_t clamped = milli;
  const char* word = "";
  std::int64_t bound = 0;
  if (high && clamped > *high) {
    clamped = bound = *high;
    word = " max ";
  }
  if (low && clamped < *low) {
    clamped = bound = *low;
    word = " min ";
  }
  if (clamped != milli) result.adjustments.push_back({what + word + points_text(bound), clamped - milli});
  return clamped;
}

/// The least and the most that a group can come to: as stated, else what its rules can give together.
std::pair<std::int64_t, std::int64_t> group_bounds(const catalog::ScoreGroup& group) {
  std::int64_t low = 0, high = 0;
  for (const catalog::ScoreRule& rule : group.rules) {
    const auto [rule_low, rule_high] = bounds_of(rule);
    low += rule_low;
    high += rule_high;
  }
  if (group.min_milli) low = *group.min_milli;
  if (group.max_milli) high = *group.max_milli;
  return {low, std::max(low, high)};
}

std::int64_t normalised(std::int64_t raw, const catalog::ScoreModel& model, ScoreResult& result) {
  std::int64_t low = 0, high = 0;
  for (const catalog::ScoreDimension& dimension : model.dimensions) {
    for (const catalog::ScoreGroup& group : dimension.groups) {
      const auto [group_low, group_high] = group_bounds(group);
      low += group_low;
      high += group_high;
    }
  }
  const std::int64_t width = model.high_milli - model.low_milli;
  const std::int64_t score = high == low ? model.low_milli : model.low_milli + scaled(raw - low, width, high - low);
  if (score != raw) {
    result.adjustments.push_back({"normalised from " + points_text(low) + ".." + points_text(high) + " to " +
                                      points_text(model.low_milli) + ".." + points_text(model.high_milli),
                                  score - raw});
  }
  return score;
}

std::int64_t group_points(const catalog::ScoreDimension& dimension, const catalog::ScoreGroup& group,
                          const RuleContext& context, ScoreResult& result) {
  std::int64_t points = 0;
  for (const catalog::ScoreRule& rule : group.rules) {
    JudgedRule judged = judge(rule, context);
    judged.result.dimension = dimension.id;
    judged.result.group = group.id;
    points += judged.result.points_milli;
    result.until = std::min(result.until, judged.until);
    result.withheld = result.withheld || judged.result.withheld;
    result.rules.push_back(std::move(judged.result));
  }
  return clamp(points, group.min_milli, group.max_milli, "group " + group.id, result);
}

/// The highest band that a rule of this form gives, or nullptr.
const RuleResult* strongest(const ScoreResult& result, catalog::ScoreRule::Form form) {
  const RuleResult* found = nullptr;
  for (const RuleResult& one : result.rules) {
    if (one.rule->form == form && one.holds && (found == nullptr || one.rule->band > found->rule->band)) found = &one;
  }
  return found;
}

/// The band by points, unless an override says another or a floor a higher one; what they changed is noted.
std::string band_of(const catalog::ScoreModel& model, ScoreResult& result) {
  constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::size_t by_points = kNone;
  for (std::size_t i = 0; i < model.bands.size(); ++i) {
    if (result.score_milli >= model.bands[i].from_milli) by_points = i;
  }
  const std::string before = by_points == kNone ? std::string() : model.bands[by_points].id;
  const RuleResult* decides = strongest(result, catalog::ScoreRule::Form::replace);
  const char* what = "override ";
  if (decides == nullptr) {
    decides = strongest(result, catalog::ScoreRule::Form::raise);
    what = "floor ";
    if (decides != nullptr && by_points != kNone && decides->rule->band <= by_points) decides = nullptr;
  }
  if (decides == nullptr || decides->rule->band == by_points) return before;
  const std::string& band = model.bands[decides->rule->band].id;
  result.adjustments.push_back(
      {what + decides->rule->id + ": band " + band + (before.empty() ? "" : ", not " + before), 0});
  return band;
}

}  // namespace

ScoreResult compute_score(const catalog::Derivation& derivation, expr::RecordView& record, const expr::Env& env,
                          bool explain) {
  const catalog::ScoreModel& model = *derivation.score;
  ScoreResult result;
  if (model.applies_when != nullptr) {
    const expr::Timed applies = expr::evaluate(*model.applies_when, record, env);
    result.until = applies.until;
    result.applies = applies.value.is_true();
    if (!result.applies) return result;
  }
  const RuleContext context{&record, &env, explain};
  std::int64_t raw = 0;
  for (const catalog::ScoreDimension& dimension : model.dimensions) {
    for (const catalog::ScoreGroup& group : dimension.groups) raw += group_points(dimension, group, context, result);
  }
  const std::int64_t scaled_score = model.normalise ? normalised(raw, model, result) : raw;
  result.score_milli = clamp(scaled_score, model.low_milli, model.high_milli, "range", result);
  if (result.withheld || model.bands.empty()) return result;
  result.band = band_of(model, result);
  return result;
}

}  // namespace kith::internal::derive
