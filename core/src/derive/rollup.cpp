#include "derive/rollup.hpp"

#include <algorithm>

#include "derive/conditions.hpp"
#include "expr/aggregates.hpp"

namespace kith::internal::derive {
namespace {

expr::Aggregate aggregate_of(catalog::Aggregate aggregate) {
  switch (aggregate) {
    case catalog::Aggregate::count:
      return expr::Aggregate::count;
    case catalog::Aggregate::sum:
      return expr::Aggregate::sum;
    case catalog::Aggregate::min:
      return expr::Aggregate::min;
    case catalog::Aggregate::max:
      return expr::Aggregate::max;
  }
  return expr::Aggregate::count;
}

}  // namespace

expr::Timed compute_rollup(const catalog::Derivation& rollup, const expr::Type& type, expr::RecordView& record, const expr::Env& env) {
  std::vector<expr::Related> rows;
  record.related(rollup.over, rows);
  expr::Collected collected(aggregate_of(rollup.aggregate), type);
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
    if (rollup.value == nullptr) {
      collected.add({});
      continue;
    }
    expr::Timed value = expr::evaluate(*rollup.value, *row.record, env);
    until = std::min(until, value.until);
    if (!value.value.is_null()) collected.add(std::move(value.value));
  }
  return {collected.result(), until};
}

}  // namespace kith::internal::derive
