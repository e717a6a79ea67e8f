// Scores in integer thousandths of a point: rule -> cap -> group clamp -> dimension -> bounds -> band.
#pragma once
#include <string>
#include <vector>

#include "derive/engine.hpp"

namespace kith::internal::derive {

struct RuleResult {
  const catalog::ScoreRule* rule = nullptr;
  std::string dimension, group;
  std::int64_t points_milli = 0;  ///< after the rule's cap
  bool unknown = false;
  bool withheld = false;
  bool holds = false;                  ///< a floor or an override: it counts
  Value seen;                          ///< the value of when, value or the count
  std::vector<expr::Explained> parts;  ///< only when explaining
};
struct Adjustment {   ///< what a clamp took or gave: its own line, so that the lines add up to the score
  std::string where;  ///< "group engagement max 20"; with no points: "floor pep: band high, not low"
  std::int64_t points_milli = 0;
};
struct ScoreResult {
  bool applies = true;
  bool withheld = false;
  std::int64_t score_milli = 0;
  std::string band;
  std::int64_t until = kForever;
  std::vector<RuleResult> rules;
  std::vector<Adjustment> adjustments;  ///< rules + adjustments = score, to the thousandth
};

ScoreResult compute_score(const catalog::Derivation& derivation, expr::RecordView& record, const expr::Env& env,
                          bool explain);

}  // namespace kith::internal::derive
