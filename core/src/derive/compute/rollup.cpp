#include "derive/compute/rollup.hpp"

#include <algorithm>

#include "derive/compute/conditions.hpp"
#include "expr/evaluate/aggregates.hpp"

namespace kith::internal::derive {
namespace {

/// Of two at one instant the later id is the latest: the rows come in the order of their ids.
class Latest {
 public:
  explicit Latest(const catalog::Derivation& rollup) : rollup_(rollup) {}
  void add(expr::RecordView& record, const expr::Env& env, std::int64_t& until) {
    const expr::Timed at = expr::evaluate(*rollup_.at, record, env);
    until = std::min(until, at.until);
    unknown_ = unknown_ || at.value.is_unknown();
    if (at.value.is_dead() || (best_ != nullptr && at.value.i < best_at_)) return;
    best_ = &record;
    best_at_ = at.value.i;
  }
  expr::Timed result(const expr::Env& env, std::int64_t until) const {
    if (unknown_) return {Value::unknown(), until};
    if (best_ == nullptr) return {Value::null(), until};
    expr::Timed value = expr::evaluate(*rollup_.value, *best_, env);
    value.until = std::min(value.until, until);
    return value;
  }

 private:
  const catalog::Derivation& rollup_;
  expr::RecordView* best_ = nullptr;
  std::int64_t best_at_ = 0;
  bool unknown_ = false;
};

}  // namespace

expr::Timed compute_rollup(const catalog::Derivation& rollup, const expr::Type& type, expr::RecordView& record,
                           const expr::Env& env) {
  std::vector<expr::Related> rows;
  record.related(rollup.over, rows);
  expr::Collected collected(rollup.aggregate, type);
  Latest latest(rollup);
  std::int64_t until = kForever;
  for (const expr::Related& row : rows) {
    Conditions conditions;
    conditions.add(row.inside, row.until);
    if (rollup.where != nullptr && !conditions.never_counts()) {
      const expr::Timed where = expr::evaluate(*rollup.where, *row.record, env);
      conditions.add(where.value.is_true(), where.until);
    }
    until = std::min(until, conditions.until());
    if (!conditions.counts()) continue;
    if (rollup.at != nullptr) {
      latest.add(*row.record, env, until);
      continue;
    }
    if (rollup.value == nullptr) {
      collected.add({});
      continue;
    }
    expr::Timed value = expr::evaluate(*rollup.value, *row.record, env);
    until = std::min(until, value.until);
    if (!value.value.is_null()) collected.add(std::move(value.value));
  }
  if (rollup.at != nullptr) return latest.result(env, until);
  return {collected.result(), until};
}

}  // namespace kith::internal::derive
