#include "facts/lifecycle/states.hpp"

#include <algorithm>

#include "base/text/text.hpp"
#include "derive/compute/automatic.hpp"
#include "facts/read/shown.hpp"

namespace kith::internal::facts {

using catalog::Lifecycle;
using catalog::RecordType;
using catalog::State;

std::vector<const Lifecycle*> lifecycles_of(const catalog::Catalog& catalog, const RecordType& type) {
  std::vector<const Lifecycle*> found;
  for (const std::int32_t number : type.lifecycles)
    found.push_back(&catalog.lifecycles[static_cast<std::size_t>(number)]);
  return found;
}

void check_required(const RecordType& type, const Lifecycle& lifecycle, const State& state, const store::Row& row,
                    const std::set<std::int32_t>& failed, Problems& problems) {
  for (const std::int32_t number : state.required) {
    if (!at(row, number).is_null() || failed.count(number) != 0) continue;
    const catalog::Member& member = type.members[static_cast<std::size_t>(number)];
    Problem problem = member_problem(ProblemNumber::required_missing, member,
                                     member.name + " is required in state " + state.id + " of " + lifecycle.name);
    problem.expected = "a value of type " + expr::type_name(member.type);
    problem.found = "nothing";
    problems.add(std::move(problem));
  }
}

Problem denied(const catalog::Catalog& catalog, const std::string& what, const catalog::Label& deny,
               const expr::Program& guard, const Verdict& verdict) {
  Problem problem;
  problem.number = ProblemNumber::guard_denied;
  const std::string text = deny.texts.empty() ? std::string() : deny.in(catalog.language);
  problem.message = what + " is not allowed" + (text.empty() ? "" : ": " + text);
  problem.expected = guard.source;
  problem.found = join(verdict.seen, ", ");
  if (verdict.unknown && !verdict.empty.empty()) {
    problem.field = verdict.empty.front();
    problem.fix = "fill in " + join(verdict.empty, ", ") + ", so that the guard can be decided";
  }
  return problem;
}

void note_transition(Pipeline& pipeline, Touched& touched, store::TransitionRow row, bool announced) {
  access::Unit& unit = pipeline.unit;
  row.actor = unit.principal.actor;
  row.record_type = touched.record_type;
  row.record = touched.id;
  if (row.entered_us == 0) row.entered_us = unit.now;
  std::string by = std::move(row.cause.by);
  row.cause = unit.cause;
  if (!by.empty()) row.cause.by = by;
  unit.journal.add_transition(row, row.from_state.empty());
  if (announced) touched.states.push_back({row.lifecycle, row.event, row.from_state, row.to_state, std::move(by)});
  pipeline.changes.written(touched);
}

void put_state(const Pipeline& pipeline, const Lifecycle& lifecycle, const std::string& state, store::Row& row) {
  row[static_cast<std::size_t>(lifecycle.state_member)] = Value::text(state);
  if (lifecycle.since_member >= 0)
    row[static_cast<std::size_t>(lifecycle.since_member)] = Value::timestamp(pipeline.unit.now);
}

bool applies(Pipeline& pipeline, const RecordType& type, const RecordId& id, const Lifecycle& lifecycle,
             const store::Row& row) {
  if (lifecycle.always_applies()) return true;
  const auto view = pipeline.derivations.view_of(type.number, id, row);
  return derive::applies(pipeline.catalog, lifecycle, *view, pipeline.unit.env()).value.is_true();
}

std::string check_entry(Pipeline& pipeline, const RecordType& type, const RecordId& id, const Lifecycle& lifecycle,
                        const State& state, const store::Row& row, const store::Row* old, Problems& problems) {
  if (state.enter_guard == nullptr) return "{}";
  const auto view = pipeline.derivations.view_of(type.number, id, row);
  const auto before = old == nullptr ? nullptr : pipeline.derivations.view_of(type.number, id, *old);
  const Verdict verdict = judge(pipeline.unit, state.enter_guard.get(), *view, before.get());
  if (!verdict.allowed)
    problems.add(denied(pipeline.catalog, "state " + state.id + " of " + lifecycle.name, state.deny, *state.enter_guard,
                        verdict));
  return verdict.seen_json;
}

}  // namespace kith::internal::facts
