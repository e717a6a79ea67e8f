// Macros over sets of related records. What makes a value end (design/derivations.md): a record that counts may stop
// doing so, and one that doesn't stays out for as long as its reason holds.
#include <algorithm>
#include <cmath>

#include "base/problem/error.hpp"
#include "expr/evaluate/aggregates.hpp"
#include "expr/evaluate/evaluation.hpp"

namespace kith::internal::expr {

void RecordView::related(const Hop&, std::vector<Related>&) {
  throw Error(ProblemNumber::bug, "an expression looks through a set of records where only one record is known",
              "report this with the expression");
}

Look Evaluator::over_set(const Node& node) {
  if (env_.stop != nullptr) env_.stop->check();
  std::int64_t until = kForever;
  RecordView* owner = reach(node, until);
  std::vector<Related> rows;
  if (owner != nullptr) owner->related(node.set.hop, rows);
  looked_at_ += static_cast<std::int64_t>(rows.size());
  if (looked_at_ > env_.most_related) {
    throw Error(
        ProblemNumber::budget_exceeded,
        "an expression looked at more than " + std::to_string(env_.most_related) + " related records of one record",
        "count them in a rollup, which is kept, instead of in the expression");
  }
  // What is computed on the way is given back before the one result is kept.
  const Scratch::Mark mark = scratch_.mark();
  Timed result;
  switch (node.aggregate) {
    case Aggregate::exists:
    case Aggregate::all: result = quantified(node, rows); break;
    case Aggregate::exists_one: result = only_one(node, rows); break;
    case Aggregate::latest: result = latest(node, rows); break;
    default: result = aggregated(node, rows); break;
  }
  scratch_.release(mark);
  bind(node.binds, nullptr);
  return keep(std::move(result.value), std::min(result.until, until));
}

void Evaluator::turn_to(const Node& node, const Related& row, const Scratch::Mark& mark) {
  constexpr std::uint32_t kRowsBetweenLooks = 1'024;
  if (env_.stop != nullptr && ++turns_ % kRowsBetweenLooks == 0) env_.stop->check();
  scratch_.release(mark);
  bind(node.binds, row.record);
}

// exists is an || over "is in the set and fulfils it", all an && over "is not in the set or fulfils it".
Timed Evaluator::quantified(const Node& node, const std::vector<Related>& rows) {
  const bool exists = node.aggregate == Aggregate::exists;
  bool decided = false;
  bool dead = false;
  std::int64_t latest = 0;
  std::int64_t earliest = kForever;
  const Scratch::Mark mark = scratch_.mark();
  for (const Related& row : rows) {
    if (!row.inside) {
      earliest = std::min(earliest, row.until);
      continue;
    }
    turn_to(node, row, mark);
    const Judged one = judge(*node.parts[0]);
    const bool decides = one.truth == truth_of(exists);
    const bool undecided = one.truth == truth_of(!exists);
    // What doesn't fulfil an exists stays so when it leaves the set.
    const std::int64_t until = undecided ? one.until : std::min(one.until, row.until);
    dead = dead || one.truth == Truth::unknown;
    if (decides) {
      latest = decided ? std::max(latest, until) : until;
      decided = true;
      if (latest == kForever || !timed_) break;
    }
    earliest = std::min(earliest, until);
  }
  if (decided) return {Value::boolean(exists), latest};
  return {dead ? Value::unknown() : Value::boolean(!exists), earliest};
}

Timed Evaluator::only_one(const Node& node, const std::vector<Related>& rows) {
  std::int64_t until = kForever;
  std::int64_t found = 0;
  bool dead = false;
  const Scratch::Mark mark = scratch_.mark();
  for (const Related& row : rows) {
    until = std::min(until, row.until);
    if (!row.inside) continue;
    turn_to(node, row, mark);
    const Judged one = judge(*node.parts[0]);
    until = std::min(until, one.until);
    dead = dead || one.truth == Truth::unknown;
    found += one.truth == Truth::yes ? 1 : 0;
  }
  return {dead ? Value::unknown() : Value::boolean(found == 1), until};
}

// Binds the variable. The condition is a filter: only what is true counts.
bool Evaluator::counts(const Node& node, const Related& row, std::int64_t& until) {
  if (!row.inside) {
    until = std::min(until, row.until);
    return false;
  }
  bind(node.binds, row.record);
  const Judged condition = judge(*node.parts[0]);
  until = std::min(until, condition.until);
  if (condition.truth != Truth::yes) return false;
  until = std::min(until, row.until);
  return true;
}

Timed Evaluator::aggregated(const Node& node, const std::vector<Related>& rows) {
  std::int64_t until = kForever;
  Collected collected(node.aggregate, node.type);
  const Scratch::Mark mark = scratch_.mark();
  for (const Related& row : rows) {
    scratch_.release(mark);
    if (!counts(node, row, until)) continue;
    if (node.aggregate == Aggregate::count) {
      collected.add({});
      continue;
    }
    Timed value = run(*node.parts[1]);
    until = std::min(until, value.until);
    if (!value.value.is_null()) collected.add(std::move(value.value));
  }
  return {collected.result(), until};
}

// The rows come in the order of ids, so that of two at one instant the later id wins.
Timed Evaluator::latest(const Node& node, const std::vector<Related>& rows) {
  std::int64_t until = kForever;
  RecordView* best = nullptr;
  std::int64_t best_at = 0;
  bool dead = false;
  const Scratch::Mark mark = scratch_.mark();
  for (const Related& row : rows) {
    scratch_.release(mark);
    if (!counts(node, row, until)) continue;
    const Look at = look(*node.parts[1]);
    until = std::min(until, at.until);
    dead = dead || at.value->is_unknown();
    if (at.value->is_dead() || (best != nullptr && at.value->i < best_at)) continue;
    best = row.record;
    best_at = at.value->i;
  }
  if (dead) return {Value::unknown(), until};
  if (best == nullptr) return {Value::null(), until};
  bind(node.binds, best);
  Timed value = run(*node.parts[2]);
  value.until = std::min(value.until, until);
  return value;
}

Look Evaluator::setting(const Node& node) {
  if (node.parts.empty()) return keep(surroundings().setting(node.name), kForever);
  const Look key = look(*node.parts[0]);
  if (key.value->is_unknown()) return keep(Value::unknown(), key.until);
  const auto* table = key.value->is_null() ? nullptr : surroundings().setting_table(node.name);
  if (table == nullptr) return keep(Value::null(), key.until);
  for (const auto& [entry, value] : *table) {
    if (entry.kind == key.value->kind && compare(entry, *key.value) == 0) return keep(Value(value), key.until);
  }
  return keep(Value::null(), key.until);
}

}  // namespace kith::internal::expr
