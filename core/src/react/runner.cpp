#include "react/runner.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <new>

#include "base/text/text.hpp"
#include "base/time/time.hpp"
#include "derive/compute/automatic.hpp"
#include "react/perform.hpp"
#include "react/trigger.hpp"

namespace kith::internal::react {
namespace json = boost::json;
namespace {

using store::RunState;

constexpr std::int64_t kLongestPause = 3'600 * kMicrosPerSecond;

/// Who writes and why, for the length of a run; put back afterwards, also when it throws.
class ActingAs {
 public:
  ActingAs(access::Unit& unit, std::string actor, store::Cause cause)
      : unit_(unit),
        actor_(std::exchange(unit.principal.actor, std::move(actor))),
        cause_(std::exchange(unit.cause, std::move(cause))) {}
  ActingAs(const ActingAs&) = delete;
  ActingAs& operator=(const ActingAs&) = delete;
  ~ActingAs() {
    unit_.principal.actor = std::move(actor_);
    unit_.cause = std::move(cause_);
  }

 private:
  access::Unit& unit_;
  std::string actor_;
  store::Cause cause_;
};

/// The database or the caller is in trouble, not this run: nothing is to be noted against it.
bool not_the_runs_fault(const Error& error) {
  constexpr std::array codes = {KITH_BUSY,    KITH_RETRY,  KITH_CANCELLED, KITH_IO,
                                KITH_CORRUPT, KITH_CLOSED, KITH_NO_MEMORY};
  if (error.number() == ProblemNumber::plugin_body_failed) return false;
  return error.number() == ProblemNumber::deadline_passed ||
         std::find(codes.begin(), codes.end(), error.code()) != codes.end();
}

/// Another try with the same record and the same rules ends the same way: type and guard errors.
bool lasting(const Error& error) {
  constexpr std::array codes = {KITH_INVALID, KITH_DENIED, KITH_NOT_FOUND, KITH_MISUSE, KITH_UNSUPPORTED};
  return dynamic_cast<const NotWorthRetrying*>(&error) != nullptr ||
         std::find(codes.begin(), codes.end(), error.code()) != codes.end();
}

/// 1 s, doubled with each try, at most 1 h, and up to a quarter more, so that what failed together does not come back
/// together. The extra is taken from the run's number: the same history gives the same times.
std::int64_t pause_before(const store::WorkflowRun& run) {
  const std::int64_t doublings = std::min<std::int64_t>(run.tries - 1, 12);
  const std::int64_t pause = std::min(kMicrosPerSecond << doublings, kLongestPause);
  const std::uint64_t noise = fnv1a(std::to_string(run.row) + "/" + std::to_string(run.tries));
  constexpr std::uint64_t steps = 256;
  return std::min(pause + pause / 4 * static_cast<std::int64_t>(noise % steps) / static_cast<std::int64_t>(steps),
                  kLongestPause);
}

json::object cause_json(const store::Cause& cause) {
  json::object out{{"root", cause.root}, {"depth", cause.depth}};
  if (!cause.by.empty()) out["by"] = cause.by;
  return out;
}

const catalog::Workflow* find_workflow(const catalog::Catalog& catalog, std::string_view id) {
  const auto found = std::find_if(catalog.workflows.begin(), catalog.workflows.end(),
                                  [&](const auto& workflow) { return workflow.id == id; });
  return found == catalog.workflows.end() ? nullptr : &*found;
}

/// The lifecycle whose automatic transitions a run of this name makes.
const catalog::Lifecycle* find_automatic(const catalog::Catalog& catalog, std::string_view name) {
  const catalog::Derivation* derivation = catalog.find_derivation(name);
  return derivation && derivation->lifecycle >= 0 ? &catalog.lifecycles[static_cast<std::size_t>(derivation->lifecycle)]
                                                  : nullptr;
}

const catalog::Transition* find_transition(const catalog::Lifecycle& lifecycle, std::string_view state,
                                           std::string_view event) {
  for (const catalog::Transition& transition : lifecycle.transitions)
    if (transition.automatic && transition.event == event &&
        std::find(transition.from.begin(), transition.from.end(), state) != transition.from.end())
      return &transition;
  return nullptr;
}

}  // namespace

void Runner::run(store::WorkflowRun& run) {
  const catalog::Workflow* workflow = find_workflow(unit_.catalog(), run.workflow);
  const catalog::Lifecycle* lifecycle = workflow ? nullptr : find_automatic(unit_.catalog(), run.workflow);
  if (!workflow && !lifecycle)
    return end(run, RunState::dead, run.workflow + " is no longer there: its plugin was removed or changed");
  const std::vector<store::Event> events = unit_.journal.events_after(run.event - 1, 1);
  if (events.empty() || events.front().sequence != run.event)
    return end(run, RunState::dead, "the event that it follows from is no longer kept");
  if (over_limit(run, workflow ? workflow->actions.size() : 1)) return;
  try {
    if (workflow)
      attempt(run, *workflow, events.front());
    else
      attempt_automatic(run, *lifecycle, events.front());
  } catch (const Error& error) {
    if (not_the_runs_fault(error)) throw;
    failed(run, error);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& unforeseen) {
    // A run that can't end would be tried for ever, before all others.
    failed(run, Error(ProblemNumber::bug, std::string("an unforeseen failure: ") + unforeseen.what()));
  }
}

bool Runner::put_off(store::WorkflowRun& run) {
  if (run.state != RunState::pending || !runs_.blocked(run.workflow, run.record)) return false;
  std::int64_t until = unit_.now + kMicrosPerSecond;
  for (const store::WorkflowRun& other : runs_.of_record(run.record_type, run.record))
    if (other.workflow == run.workflow && other.state == RunState::retry)
      until = std::max(unit_.now + 1, other.next_us);
  run.next_us = until;
  runs_.update(run);
  return true;
}

std::string Runner::root_of(const store::WorkflowRun& run) {
  return run.trace_json == kResumedTrace ? std::string(kResumedRoot) + std::to_string(run.row) : run.root;
}

bool Runner::over_limit(store::WorkflowRun& run, std::size_t actions) {
  const std::int64_t wanted = runs_.actions_of_root(root_of(run)) + static_cast<std::int64_t>(actions);
  if (wanted <= kMaxActionsPerRoot) return false;
  end(run, RunState::quarantined,
      "more than " + std::to_string(kMaxActionsPerRoot) + " actions follow from one cause (" + run.root +
          "): look for workflows that set each other going, then resume it");
  return true;
}

store::Cause Runner::cause_of(const store::WorkflowRun& run, const store::Event& event, std::string by) const {
  const std::int32_t depth = run.trace_json == kResumedTrace ? 1 : event.cause.depth + 1;
  return {root_of(run), depth, event.cause.automation, std::move(by)};
}

void Runner::attempt(store::WorkflowRun& run, const catalog::Workflow& workflow, const store::Event& event) {
  const json::object payload = payload_of(event);
  const store::Cause cause = cause_of(run, event, "workflow " + workflow.id);
  json::object trace{{"workflow", workflow.id},
                     {"version", workflow.owner_version},
                     {"trigger", describe(event, payload)},
                     {"cause", cause_json(event.cause)},
                     {"at", format_instant(unit_.now)}};
  access::Savepoint savepoint(unit_);
  {
    const ActingAs acting(unit_, "system:" + workflow.owner, cause);
    derive::Engine& derivations = derive::Engine::of(unit_);
    const auto record = unit_.reads.load(access::Operation::read, run.record_type, run.record);
    expr::RecordView* view = record ? derivations.view(run.record_type, run.record) : nullptr;
    if (!view) {
      savepoint.release();
      return end(run, RunState::skipped, "the record was removed before the workflow could run");
    }
    const auto before = view_before(unit_, derivations, event, payload, record->values);
    if (workflow.condition) {
      expr::Env env = unit_.env();
      env.old = before.get();
      const expr::Explained why = expr::explain(*workflow.condition, *view, env);
      trace["condition"] =
          explained_json(unit_.catalog(), why, reads_personal_data(unit_.catalog(), *workflow.condition));
      if (!why.value.is_true()) {
        run.trace_json = json::serialize(trace);
        savepoint.release();
        return end(run, RunState::skipped, {});
      }
    }
    facts::Transaction transaction(unit_, derivations);
    const Stage stage{unit_, derivations, transaction, workflow, run, caller_, before.get()};
    json::array done;
    for (const catalog::WorkflowAction& action : workflow.actions) done.push_back(perform(stage, action));
    transaction.finish();
    derivations.finish_step();
    trace["actions"] = std::move(done);
  }
  savepoint.release();
  run.trace_json = json::serialize(trace);
  run.cursor = static_cast<std::int64_t>(workflow.actions.size());
  ++run.tries;
  end(run, RunState::done, {});
}

// What fires is asked anew: since the event was written, the record may have moved, or the guard may have changed its
// mind.
void Runner::attempt_automatic(store::WorkflowRun& run, const catalog::Lifecycle& lifecycle,
                               const store::Event& event) {
  const catalog::RecordType& type = unit_.catalog().type(lifecycle.record_type);
  json::object trace{{"lifecycle", lifecycle.name},
                     {"version", lifecycle.owner_version},
                     {"trigger", describe(event, payload_of(event))},
                     {"cause", cause_json(event.cause)},
                     {"at", format_instant(unit_.now)}};
  access::Savepoint savepoint(unit_);
  {
    const ActingAs acting(unit_, "system:" + lifecycle.owner,
                          cause_of(run, event, "automatic transition of " + lifecycle.name));
    derive::Engine& derivations = derive::Engine::of(unit_);
    expr::RecordView* view = derivations.view(run.record_type, run.record);
    const Value fires = view ? derivations.value(lifecycle.automatic, run.record).value : Value::null();
    if (fires.is_null()) {
      savepoint.release();
      run.trace_json = json::serialize(trace);
      return end(run, RunState::skipped,
                 view ? std::string() : "the record was removed before the transition could fire");
    }
    facts::Transaction transaction(unit_, derivations);
    trace["event"] = fires.s;
    if (fires.s == derive::kBegin) {
      transaction.begin(type.name, run.record, lifecycle.name);
    } else {
      const catalog::Transition* transition =
          find_transition(lifecycle, view->get(lifecycle.state_member).value.s, fires.s);
      const std::string why = transition ? transition->automatic->text() : std::string();
      unit_.cause.by = "automatic transition: " + why;
      trace["because"] = why;
      std::vector<facts::Input> inputs;
      if (transition && transition->reason_required) inputs.push_back({"reason", Value::text("automatic: " + why)});
      transaction.transition(type.name, run.record, lifecycle.name, fires.s, inputs);
    }
    transaction.finish();
    derivations.finish_step();
  }
  savepoint.release();
  run.trace_json = json::serialize(trace);
  run.cursor = 1;
  ++run.tries;
  end(run, RunState::done, {});
}

void Runner::failed(store::WorkflowRun& run, const Error& error) {
  ++run.tries;
  std::string text;
  for (const Problem& problem : error.problems())
    text += (text.empty() ? "" : "\n") + problem_id(problem.number) + "  " + problem.message;
  if (lasting(error) || run.tries >= kMaxTries) return end(run, RunState::dead, std::move(text));
  run.next_us = unit_.now + pause_before(run);
  end(run, RunState::retry, std::move(text));
}

void Runner::end(store::WorkflowRun& run, RunState state, std::string error) {
  run.state = state;
  run.error = std::move(error);
  runs_.update(run);
}

}  // namespace kith::internal::react
