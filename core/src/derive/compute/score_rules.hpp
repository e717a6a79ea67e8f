// One rule of a score: its points in thousandths, and until when they hold.
#pragma once
#include <cstdint>
#include <utility>

#include "derive/compute/score.hpp"

namespace kith::internal::derive {

struct RuleContext {
  expr::RecordView* record;
  const expr::Env* env;
  bool explain;
};
struct JudgedRule {
  RuleResult result;
  std::int64_t until = kForever;
};
JudgedRule judge(const catalog::ScoreRule& rule, const RuleContext& context);

/// The least and the most points that a rule can give; 0 lies between them.
std::pair<std::int64_t, std::int64_t> bounds_of(const catalog::ScoreRule& rule);
/// a * b / c rounded half to even, c > 0; what is out of range is the nearest in range.
std::int64_t scaled(std::int64_t a, std::int64_t b, std::int64_t c);

}  // namespace kith::internal::derive
