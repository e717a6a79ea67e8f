#include "facts/lifecycle/follow.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "access/policy.hpp"
#include "base/text/text.hpp"
#include "facts/lifecycle/lifecycle.hpp"
#include "facts/lifecycle/raises.hpp"
#include "facts/lifecycle/states.hpp"

namespace kith::internal::facts {

namespace {

using catalog::Lifecycle;
using catalog::RecordType;
using catalog::State;
using catalog::Transition;
using Way = std::vector<const Transition*>;

constexpr std::size_t kMostWays = 16;  ///< two are too many already; a few more are named

bool leaves(const Transition& transition, const std::string& state) {
  return std::find(transition.from.begin(), transition.from.end(), state) != transition.from.end();
}

/// All ways of the least length, in the order of the transitions' declaration.
std::vector<Way> shortest_ways(const Lifecycle& lifecycle, const std::string& from, const std::string& to) {
  std::vector<std::pair<std::string, Way>> reached{{from, {}}};
  std::map<std::string, std::size_t> length{{from, 0}};
  std::vector<Way> found;
  for (std::size_t steps = 1; steps <= lifecycle.states.size() && found.empty(); ++steps) {
    std::vector<std::pair<std::string, Way>> next;
    for (const auto& [state, way] : reached) {
      for (const Transition& transition : lifecycle.transitions) {
        if (!leaves(transition, state) || next.size() >= kMostWays) continue;
        if (length.emplace(transition.to, steps).first->second != steps) continue;
        Way longer = way;
        longer.push_back(&transition);
        if (transition.to == to) found.push_back(longer);
        next.emplace_back(transition.to, std::move(longer));
      }
    }
    reached = std::move(next);
  }
  return found;
}

std::string text_of(const Way& way) {
  std::vector<std::string> events;
  for (const Transition* transition : way) events.push_back(transition->event);
  return join(events, ", ");
}

Problem refused(const Pipeline& pipeline, const Lifecycle& lifecycle, std::string message) {
  Problem problem;
  problem.number = ProblemNumber::no_such_transition;
  problem.field =
      pipeline.catalog.type(lifecycle.record_type).members[static_cast<std::size_t>(lifecycle.state_member)].name;
  problem.message = std::move(message);
  return problem;
}

[[noreturn]] void refuse_state(const Pipeline& pipeline, const Lifecycle& lifecycle, const std::string& said) {
  std::vector<std::string> ids;
  for (const State& state : lifecycle.states) ids.push_back(state.id);
  Problem problem = refused(pipeline, lifecycle, lifecycle.name + " has no state '" + said + "'");
  problem.expected = join(ids, ", ");
  problem.found = said;
  problem.fix = did_you_mean(said, ids);
  throw Error(std::move(problem));
}

[[noreturn]] void refuse_way(const Pipeline& pipeline, const Lifecycle& lifecycle, const std::string& from,
                             const std::string& to) {
  std::vector<std::string> events;
  for (const Transition& transition : lifecycle.transitions)
    if (leaves(transition, from)) events.push_back(transition.event + " (to " + transition.to + ")");
  Problem problem =
      refused(pipeline, lifecycle, "no transitions of " + lifecycle.name + " lead from " + from + " to " + to);
  problem.expected = events.empty() ? "nothing: no transition leaves " + from : join(events, ", ");
  problem.found = to;
  problem.fix = "correct the state, or say \"states\": \"force\" in the mapping if the source is always right";
  throw Error(std::move(problem));
}

/// The only shortest way, or that of several on which the event is.
Way way_to(const Pipeline& pipeline, const Lifecycle& lifecycle, const std::string& from, const StateSaid& said) {
  std::vector<Way> ways = shortest_ways(lifecycle, from, said.state);
  if (ways.empty()) refuse_way(pipeline, lifecycle, from, said.state);
  if (ways.size() > 1 && !said.event.empty()) {
    const auto avoids = [&](const Way& way) {
      return std::none_of(way.begin(), way.end(), [&](const Transition* step) { return step->event == said.event; });
    };
    ways.erase(std::remove_if(ways.begin(), ways.end(), avoids), ways.end());
  }
  if (ways.size() == 1) return ways.front();
  std::vector<std::string> texts;
  for (const Way& way : shortest_ways(lifecycle, from, said.state)) texts.push_back(text_of(way));
  Problem problem =
      refused(pipeline, lifecycle, "several ways of " + lifecycle.name + " lead from " + from + " to " + said.state);
  problem.expected = join(texts, " or ");
  problem.found = said.event;
  problem.fix = "say which event it was: \"event\" of the record in the mapping";
  throw Error(std::move(problem));
}

std::vector<Input> reason_of(const StateSaid& said) {
  if (said.reason.empty()) return {};
  return {{"reason", Value::text(said.reason)}};
}

void take_way(Pipeline& pipeline, const RecordType& type, const RecordId& id, const Lifecycle& lifecycle,
              const std::string& from, const Way& way, const StateSaid& said) {
  const std::string by = pipeline.unit.cause.by;
  for (const Transition* step : way) {
    // A state that is only passed through is in the history, marked; nobody hears of it.
    const bool passing = step != way.back();
    transition(pipeline, type, id, lifecycle.name, step->event, reason_of(said),
               {passing ? by + ", on the way to " + said.state : by, !passing});
  }
  pipeline.load(type.number, id).states.back().from = from;
}

void force(Pipeline& pipeline, const RecordType& type, const RecordId& id, const Lifecycle& lifecycle,
           const std::string& from, const StateSaid& said) {
  Touched& touched = pipeline.load(type.number, id);
  const State& target = *lifecycle.state(said.state);
  Draft draft;
  draft.row = touched.current;
  put_state(pipeline, lifecycle, said.state, draft.row);
  Problems problems;
  check_required(type, lifecycle, target, draft.row, draft.failed, problems);
  const store::Row* old = touched.committed ? &*touched.committed : nullptr;
  const std::vector<Raised> raised = raise(pipeline, type, id, lifecycle, said.state, old, draft, problems);
  pipeline.rewrite(touched, std::move(draft.row), draft.failed, problems);
  touched.transitioned = true;
  store::TransitionRow row;
  row.lifecycle = lifecycle.name;
  row.from_state = from;
  row.to_state = said.state;
  row.reason = said.reason;
  row.guard_json = "{}";
  row.bundle_version = lifecycle.owner_version;
  row.cause.by = pipeline.unit.cause.by + ", forced";
  note_transition(pipeline, touched, std::move(row));
  note_raised(pipeline, touched, raised);
}

}  // namespace

bool follow(Pipeline& pipeline, const RecordType& type, const RecordId& id, std::string_view lifecycle_name,
            const StateSaid& said) {
  access::require(pipeline.unit, access::Operation::transition, type.number);
  const Lifecycle& lifecycle = *pipeline.catalog.find_lifecycle(type.number, lifecycle_name);
  if (lifecycle.state(said.state) == nullptr) refuse_state(pipeline, lifecycle, said.state);
  const Touched& touched = pipeline.load(type.number, id);
  // A record that is older than the lifecycle begins it now.
  const bool begins = at(touched.current, lifecycle.state_member).is_null();
  if (begins && !begin(pipeline, type, id, lifecycle.name))
    throw Error(refused(pipeline, lifecycle, lifecycle.name + " does not apply to this record"));
  const std::string from = at(touched.current, lifecycle.state_member).s;
  if (from == said.state) return begins;
  if (said.force)
    force(pipeline, type, id, lifecycle, from, said);
  else
    take_way(pipeline, type, id, lifecycle, from, way_to(pipeline, lifecycle, from, said), said);
  return true;
}

}  // namespace kith::internal::facts
