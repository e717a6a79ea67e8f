#include "facts/lifecycle/lifecycle.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "access/policy.hpp"
#include "base/text/text.hpp"
#include "facts/lifecycle/raises.hpp"
#include "facts/lifecycle/states.hpp"
#include "facts/read/shown.hpp"

namespace kith::internal::facts {

namespace {

using catalog::Lifecycle;
using catalog::RecordType;
using catalog::State;
using catalog::Transition;

const Lifecycle& lifecycle_named(const catalog::Catalog& catalog, const RecordType& type, std::string_view name) {
  if (const Lifecycle* found = catalog.find_lifecycle(type.number, name)) return *found;
  std::vector<std::string> names;
  for (const Lifecycle* lifecycle : lifecycles_of(catalog, type)) names.push_back(lifecycle->name);
  Problem problem;
  problem.number = ProblemNumber::unknown_thing;
  problem.message = type.name + " has no lifecycle '" + std::string(name) + "'";
  problem.expected = names.empty() ? "none: " + type.name + " has no lifecycle" : join(names, ", ");
  problem.fix = did_you_mean(name, names);
  throw Error(std::move(problem));
}

Problem not_applying(const catalog::Catalog& catalog, const Lifecycle& lifecycle) {
  Problem problem;
  problem.number = ProblemNumber::no_such_transition;
  problem.field = catalog.type(lifecycle.record_type).members[static_cast<std::size_t>(lifecycle.state_member)].name;
  problem.message = lifecycle.name + " does not apply to this record";
  if (lifecycle.applies_when) problem.expected = lifecycle.applies_when->source;
  std::vector<std::string> others;
  for (const std::int32_t number : lifecycle.earlier_in_slot)
    others.push_back(catalog.lifecycles[static_cast<std::size_t>(number)].name);
  if (!others.empty()) problem.fix = "of the slot " + lifecycle.slot + ", " + join(others, " and ") + " comes first";
  return problem;
}

/// The transition of `event` from the present state, or an error that lists what is possible from here.
const Transition& transition_named(const catalog::Catalog& catalog, const Lifecycle& lifecycle,
                                   const std::string& state, std::string_view event) {
  std::vector<std::string> ids, described;
  for (const Transition& transition : lifecycle.transitions) {
    if (std::find(transition.from.begin(), transition.from.end(), state) == transition.from.end()) continue;
    if (transition.event == event) return transition;
    ids.push_back(transition.event);
    described.push_back(transition.event + " (to " + transition.to + ")");
  }
  Problem problem;
  problem.number = ProblemNumber::no_such_transition;
  problem.field = catalog.type(lifecycle.record_type).members[static_cast<std::size_t>(lifecycle.state_member)].name;
  problem.message = lifecycle.name + " has no event '" + std::string(event) + "' from state " + state;
  problem.expected = described.empty() ? "nothing: no transition leaves " + state : join(described, ", ");
  problem.found = std::string(event);
  problem.fix = did_you_mean(event, ids);
  throw Error(std::move(problem));
}

/// Takes "reason" out of the inputs.
std::string take_reason(std::vector<Input>& inputs) {
  std::string reason;
  for (auto input = inputs.begin(); input != inputs.end();) {
    if (input->name != "reason") {
      ++input;
      continue;
    }
    reason = to_nfc(trim(to_text(input->value)));
    input = inputs.erase(input);
  }
  return reason;
}

/// Both guards of a transition judged over the row as it will be; the seen values of both are kept together.
std::string check_guards(Pipeline& pipeline, const Lifecycle& lifecycle, const Transition& transition,
                         const State& target, const Touched& touched, const store::Row& row, Problems& problems) {
  const RecordType& type = pipeline.catalog.type(touched.record_type);
  store::Row entered = row;
  put_state(pipeline, lifecycle, transition.to, entered);
  const auto leaving = pipeline.derivations.view_of(type.number, touched.id, row);
  const auto entering = pipeline.derivations.view_of(type.number, touched.id, entered);
  const auto old =
      touched.committed ? pipeline.derivations.view_of(type.number, touched.id, *touched.committed) : nullptr;
  boost::json::object seen;
  const auto judge_one = [&](const expr::Program* guard, const catalog::Label& deny, expr::RecordView& view) {
    if (guard == nullptr) return;
    const Verdict verdict = judge(pipeline.unit, guard, view, old.get());
    const boost::json::value parsed = boost::json::parse(verdict.seen_json);
    for (const auto& [name, value] : parsed.get_object()) seen[name] = value;
    if (!verdict.allowed)
      problems.add(denied(pipeline.catalog, transition.event + " of " + lifecycle.name, deny, *guard, verdict));
  };
  judge_one(transition.guard.get(), transition.deny, *leaving);
  judge_one(target.enter_guard.get(), target.deny, *entering);
  return boost::json::serialize(seen);
}

}  // namespace

bool is_state_member(const catalog::Catalog& catalog, const RecordType& type, std::int32_t member) {
  for (const Lifecycle* lifecycle : lifecycles_of(catalog, type)) {
    if (lifecycle->state_member == member) return true;
  }
  return false;
}

bool is_since_member(const catalog::Catalog& catalog, const RecordType& type, std::int32_t member) {
  for (const Lifecycle* lifecycle : lifecycles_of(catalog, type)) {
    if (lifecycle->since_member == member) return true;
  }
  return false;
}

void set_initial_states(Pipeline& pipeline, const RecordType& type, const RecordId& id, Draft& draft,
                        const WriteOptions& options, Problems& problems) {
  for (const Lifecycle* lifecycle : lifecycles_of(pipeline.catalog, type)) {
    std::string wanted = lifecycle->initial.empty() ? lifecycle->states.front().id : lifecycle->initial.front();
    const auto asked = draft.initial_states.find(lifecycle->state_member);
    if (asked != draft.initial_states.end())
      wanted = asked->second;
    else if (!options.initial_state.empty() && type.lifecycles.size() == 1)
      wanted = options.initial_state;
    const catalog::Member& member = type.members[static_cast<std::size_t>(lifecycle->state_member)];
    if (!applies(pipeline, type, id, *lifecycle, draft.row)) {
      if (asked != draft.initial_states.end()) problems.add(not_applying(pipeline.catalog, *lifecycle));
      continue;
    }
    const auto since = draft.since.find(lifecycle->since_member);
    const auto& initial = lifecycle->initial;
    // What is brought in from the past may have come to any state by now.
    const bool past = since != draft.since.end() && lifecycle->state(wanted) != nullptr;
    if (!past && std::find(initial.begin(), initial.end(), wanted) == initial.end() && !initial.empty()) {
      Problem problem =
          member_problem(ProblemNumber::no_such_transition, member,
                         "a new " + type.name + " can't begin in state '" + wanted + "' of " + lifecycle->name);
      problem.expected = join(initial, ", ");
      problem.found = wanted;
      problem.fix = "create it in an initial state, then use transitions";
      problems.add(std::move(problem));
      wanted = initial.front();
    }
    put_state(pipeline, *lifecycle, wanted, draft.row);
    if (since != draft.since.end())
      draft.row[static_cast<std::size_t>(lifecycle->since_member)] = Value::timestamp(since->second);
  }
  if (options.initial_state.empty() || type.lifecycles.size() == 1) return;
  problems.add(Problem{ProblemNumber::no_such_transition,
                       type.name + " has " + std::to_string(type.lifecycles.size()) +
                           " lifecycles, so that one initial state doesn't say which",
                       {},
                       {},
                       {},
                       {},
                       options.initial_state,
                       "name the state field instead",
                       {}});
}

std::vector<Entered> enter_initial_states(Pipeline& pipeline, const RecordType& type, const RecordId& id, Draft& draft,
                                          Problems& problems) {
  std::vector<Entered> entered;
  for (const Lifecycle* lifecycle : lifecycles_of(pipeline.catalog, type)) {
    const State* state = lifecycle->state(at(draft.row, lifecycle->state_member).s);
    if (state == nullptr) continue;
    check_required(type, *lifecycle, *state, draft.row, draft.failed, problems);
    const auto since = draft.since.find(lifecycle->since_member);
    const bool past = since != draft.since.end();
    // Whether the state could be entered was judged when it was.
    std::string guard = past ? "{}" : check_entry(pipeline, type, id, *lifecycle, *state, draft.row, nullptr, problems);
    entered.push_back({lifecycle, state->id, std::move(guard), past ? since->second : 0, {}});
  }
  // Raising comes behind all of them, so that each is judged in the state in which it was asked to begin.
  for (Entered& one : entered)
    one.raised = raise(pipeline, type, id, *one.lifecycle, one.state, nullptr, draft, problems);
  return entered;
}

void write_initial_states(Pipeline& pipeline, Touched& touched, const std::vector<Entered>& entered) {
  for (const Entered& one : entered) {
    store::TransitionRow row;
    row.lifecycle = one.lifecycle->name;
    row.to_state = one.state;
    row.guard_json = one.guard_json;
    row.bundle_version = one.lifecycle->owner_version;
    row.entered_us = one.since_us;
    if (one.since_us != 0)
      row.cause.by = pipeline.unit.cause.by + (pipeline.unit.cause.by.empty() ? "" : ", ") + "brought in";
    note_transition(pipeline, touched, std::move(row), one.since_us == 0);
  }
  for (const Entered& one : entered) note_raised(pipeline, touched, one.raised);
}

void check_state_fields(Pipeline& pipeline, const RecordType& type, const store::Row& row,
                        const std::vector<std::int32_t>& changed, Problems& problems) {
  for (const Lifecycle* lifecycle : lifecycles_of(pipeline.catalog, type)) {
    // Entering a state is judged by the transition, with its own words.
    if (std::find(changed.begin(), changed.end(), lifecycle->state_member) != changed.end()) continue;
    const State* state = lifecycle->state(at(row, lifecycle->state_member).s);
    if (state == nullptr) continue;
    for (const std::int32_t number : state->required) {
      if (!at(row, number).is_null() || std::find(changed.begin(), changed.end(), number) == changed.end()) continue;
      const catalog::Member& member = type.members[static_cast<std::size_t>(number)];
      problems.add(member_problem(ProblemNumber::required_missing, member,
                                  member.name + " is required in state " + state->id + " of " + lifecycle->name));
    }
  }
}

bool begin(Pipeline& pipeline, const RecordType& type, const RecordId& id, std::string_view lifecycle_name) {
  access::require(pipeline.unit, access::Operation::transition, type.number);
  const Lifecycle& lifecycle = lifecycle_named(pipeline.catalog, type, lifecycle_name);
  Touched& touched = pipeline.load(type.number, id);
  if (!at(touched.current, lifecycle.state_member).is_null() ||
      !applies(pipeline, type, id, lifecycle, touched.current))
    return false;
  const State& first = *lifecycle.state(lifecycle.initial.front());
  const store::Row* old = touched.committed ? &*touched.committed : nullptr;
  Draft draft;
  draft.row = touched.current;
  put_state(pipeline, lifecycle, first.id, draft.row);
  Problems problems;
  check_required(type, lifecycle, first, draft.row, draft.failed, problems);
  store::TransitionRow history;
  history.guard_json = check_entry(pipeline, type, id, lifecycle, first, draft.row, old, problems);
  const std::vector<Raised> raised = raise(pipeline, type, id, lifecycle, first.id, old, draft, problems);
  pipeline.rewrite(touched, std::move(draft.row), draft.failed, problems);
  touched.transitioned = true;
  history.lifecycle = lifecycle.name;
  history.to_state = first.id;
  history.bundle_version = lifecycle.owner_version;
  note_transition(pipeline, touched, std::move(history));
  note_raised(pipeline, touched, raised);
  return true;
}

Saved transition(Pipeline& pipeline, const RecordType& type, const RecordId& id, std::string_view lifecycle_name,
                 std::string_view event, const std::vector<Input>& inputs, const Noted& noted) {
  access::require(pipeline.unit, access::Operation::transition, type.number);
  if (!pipeline.unit.writable) throw Error(ProblemNumber::misuse, "a transition needs a unit that may write");
  const Lifecycle& lifecycle = lifecycle_named(pipeline.catalog, type, lifecycle_name);
  Touched& touched = pipeline.load(type.number, id);
  if (!applies(pipeline, type, id, lifecycle, touched.current)) throw Error(not_applying(pipeline.catalog, lifecycle));
  // A record that is older than the lifecycle begins it now.
  const bool begins = at(touched.current, lifecycle.state_member).is_null();
  const std::string from = begins ? lifecycle.initial.front() : at(touched.current, lifecycle.state_member).s;
  const Transition& taken = transition_named(pipeline.catalog, lifecycle, from, event);
  const State& target = *lifecycle.state(taken.to);

  std::vector<Input> fields = inputs;
  Problems problems;
  store::TransitionRow history;
  history.reason = take_reason(fields);
  if (taken.reason_required && history.reason.empty()) {
    Problem problem;
    problem.number = ProblemNumber::reason_required;
    problem.field = "reason";
    problem.message = taken.event + " of " + lifecycle.name + " needs a reason";
    problem.fix = "say why: --reason TEXT, or the input \"reason\"";
    problems.add(std::move(problem));
  }
  Draft draft;
  draft.row = touched.current;
  pipeline.apply(type, fields, false, draft, problems);
  check_required(type, lifecycle, target, draft.row, draft.failed, problems);
  history.guard_json = check_guards(pipeline, lifecycle, taken, target, touched, draft.row, problems);

  put_state(pipeline, lifecycle, taken.to, draft.row);
  const store::Row* old = touched.committed ? &*touched.committed : nullptr;
  const std::vector<Raised> raised = raise(pipeline, type, id, lifecycle, taken.to, old, draft, problems);
  pipeline.rewrite(touched, std::move(draft.row), draft.failed, problems);
  touched.transitioned = true;
  if (begins) {
    store::TransitionRow first;
    first.lifecycle = lifecycle.name;
    first.to_state = from;
    first.guard_json = "{}";
    first.bundle_version = lifecycle.owner_version;
    note_transition(pipeline, touched, std::move(first));
  }
  history.lifecycle = lifecycle.name;
  history.from_state = from;
  history.to_state = taken.to;
  history.event = taken.event;
  history.bundle_version = lifecycle.owner_version;
  history.cause.by = noted.by;
  note_transition(pipeline, touched, std::move(history), noted.announced);
  note_raised(pipeline, touched, raised);
  return {id, at(touched.current, pipeline.facts(type.number).version).i, true};
}

}  // namespace kith::internal::facts
