#include "derive/compute/difference.hpp"

#include <algorithm>
#include <limits>

#include "derive/compute/conditions.hpp"

namespace kith::internal::derive {
namespace {

using Wide = Difference::Wide;

bool fits(Wide sum) {
  return sum >= std::numeric_limits<std::int64_t>::min() && sum <= std::numeric_limits<std::int64_t>::max();
}

void take_in(Difference& difference, expr::Aggregate aggregate, const Part& part, bool added) {
  if (added) difference.until = std::min(difference.until, part.until);
  if (part.kind != Part::Kind::in) return;
  difference.count += added ? 1 : -1;
  if (aggregate == expr::Aggregate::sum) difference.sum += added ? Wide{part.value.i} : -Wide{part.value.i};
  if (aggregate == expr::Aggregate::min || aggregate == expr::Aggregate::max)
    (added ? difference.added : difference.taken).push_back(part.value);
}

/// The best of the present value and of what was added; nothing where the best may have been taken away.
std::optional<Value> best(const Difference& difference, bool greatest, const Value& present) {
  const auto better = [&](const Value& a, const Value& b) {
    return greatest ? expr::compare(a, b) > 0 : expr::compare(a, b) < 0;
  };
  std::vector<Value> added = difference.added;
  Value found = present;
  // What came and went in between was never in the value; only what is taken for good may have been the best.
  for (const Value& taken : difference.taken) {
    const auto same = std::find(added.begin(), added.end(), taken);
    if (same != added.end())
      added.erase(same);
    else if (!better(present, taken))
      return std::nullopt;
  }
  for (Value& value : added)
    if (better(value, found)) found = std::move(value);
  return found;
}

}  // namespace

Part part_of(const catalog::Derivation& rollup, expr::RecordView& child, const expr::Env& env) {
  Part part;
  Conditions conditions;
  if (rollup.where != nullptr) {
    const expr::Timed where = expr::evaluate(*rollup.where, child, env);
    conditions.add(where.value.is_true(), where.until);
  }
  part.until = conditions.until();
  if (!conditions.counts()) return part;
  part.kind = Part::Kind::in;
  if (rollup.value == nullptr) return part;
  expr::Timed value = expr::evaluate(*rollup.value, child, env);
  part.until = std::min(part.until, value.until);
  part.kind = value.value.is_unknown() ? Part::Kind::unknown
              : value.value.is_null()  ? Part::Kind::null
                                       : Part::Kind::in;
  part.value = std::move(value.value);
  return part;
}

const Difference* Differences::find(std::size_t position) const {
  const auto found = std::find_if(all_.begin(), all_.end(), [&](const auto& one) { return one.first == position; });
  return found == all_.end() ? nullptr : &found->second;
}

void Differences::note(std::size_t position, const catalog::Derivation& rollup, const std::optional<Part>& before,
                       const std::optional<Part>& after) {
  const auto undecided = [](const std::optional<Part>& part) { return part && part->kind == Part::Kind::unknown; };
  if (undecided(before) || undecided(after)) return forget(position);
  if (!known_.has(position)) {
    known_.add(position);
    all_.emplace_back(position, Difference{});
  }
  Difference& difference = const_cast<Difference&>(*find(position));
  if (before) take_in(difference, rollup.aggregate, *before, false);
  if (after) take_in(difference, rollup.aggregate, *after, true);
}

void Differences::forget(std::size_t position) {
  known_.remove(position);
  std::erase_if(all_, [&](const auto& one) { return one.first == position; });
}

void Differences::clear() {
  known_.clear();
  all_.clear();
}

std::optional<expr::Timed> Differences::apply(std::size_t position, const catalog::Derivation& rollup,
                                              const Value& value, std::int64_t until) const {
  const Difference* difference = find(position);
  // Nothing to add to: an unknown sum, or the extreme of an empty set.
  if (difference == nullptr || value.is_dead()) return std::nullopt;
  Value changed = value;
  switch (rollup.aggregate) {
    case expr::Aggregate::count: changed.i += difference->count; break;
    case expr::Aggregate::sum: {
      const Wide sum = Wide{value.i} + difference->sum;
      if (!fits(sum)) return std::nullopt;
      changed.i = static_cast<std::int64_t>(sum);
      break;
    }
    case expr::Aggregate::min:
    case expr::Aggregate::max: {
      auto found = best(*difference, rollup.aggregate == expr::Aggregate::max, value);
      if (!found) return std::nullopt;
      changed = std::move(*found);
      break;
    }
    default: return std::nullopt;
  }
  return expr::Timed{std::move(changed), std::min(until, difference->until)};
}

}  // namespace kith::internal::derive
