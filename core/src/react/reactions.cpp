#include "react/reactions.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "react/runner.hpp"
#include "react/trigger.hpp"
#include "store/rows/positions.hpp"

namespace kith::internal::react {
namespace {

using store::RunState;

constexpr std::string_view kConsumer = "react";

/// What set off a chain of runs: the number of its first event. A call, an import, a job or the clock may set off any
/// number of chains that have nothing to do with each other, so each of their events is a root of its own.
std::string root_of(const store::Event& event) {
  const std::string& root = event.cause.root;
  const bool of_a_run =
      root.starts_with(kResumedRoot) || (!root.empty() && root.find_first_not_of("0123456789") == std::string::npos);
  return of_a_run ? root : std::to_string(event.sequence);
}

bool ran_already(const store::Runs& runs, const catalog::Workflow& workflow, const store::Event& event,
                 const std::string& root) {
  switch (workflow.once_per) {
    case catalog::Workflow::Once::event: return runs.exists(event.sequence, workflow.id, event.record);
    case catalog::Workflow::Once::record: return runs.ran_for_record(workflow.id, event.record);
    case catalog::Workflow::Once::root: return runs.ran_for_root(workflow.id, event.record, root);
  }
  return false;
}

/// A run that waits to be done, or is set aside because its chain of causes is too long.
store::WorkflowRun run_of(const access::Unit& unit, const store::Event& event, const std::string& root,
                          const std::string& id, const std::string& version) {
  store::WorkflowRun run;
  run.event = event.sequence;
  run.workflow = id;
  run.version = version;
  run.record_type = event.record_type;
  run.record = event.record;
  run.at_us = unit.now;
  run.next_us = unit.now;
  run.root = root;
  if (event.cause.depth >= kMaxDepth) {
    run.state = RunState::quarantined;
    run.error = "the chain of causes is longer than " + std::to_string(kMaxDepth) + ": it came by " + event.cause.by +
                "; look for workflows and automatic transitions that set each other going, then resume it";
  }
  return run;
}

/// A lifecycle's transition that fires by itself. It is a rule of the record, no automation: an import that suppresses
/// automation doesn't suppress it, but what follows from it stays suppressed.
std::int64_t dispatch_automatic(access::Unit& unit, store::Runs& runs, const store::Event& event) {
  if (event.kind != store::EventKind::derived) return 0;
  const catalog::Derivation* derivation = unit.catalog().find_derivation(event.name);
  if (!derivation || derivation->kind != catalog::DerivationKind::automatic) return 0;
  if (runs.exists(event.sequence, derivation->name, event.record)) return 0;
  const store::WorkflowRun run = run_of(unit, event, root_of(event), derivation->name, derivation->owner_version);
  runs.add(run);
  return run.state == RunState::quarantined ? 1 : 0;
}

/// Makes the runs of one event, in the workflows' order.
std::int64_t dispatch(access::Unit& unit, store::Runs& runs, const store::Event& event) {
  std::int64_t quarantined = 0;
  const boost::json::object payload = payload_of(event);
  const std::string root = root_of(event);
  for (const catalog::Workflow& workflow : unit.catalog().workflows) {
    if (!workflow.enabled || !triggered(unit.catalog(), workflow, event, payload)) continue;
    if (runs.exists(event.sequence, workflow.id, event.record) || ran_already(runs, workflow, event, root)) continue;
    const store::WorkflowRun run = run_of(unit, event, root, workflow.id, workflow.owner_version);
    if (run.state == RunState::quarantined) ++quarantined;
    runs.add(run);
  }
  return quarantined;
}

}  // namespace

Progress Reactions::step(access::Unit& unit, std::int64_t limit) const {
  Progress progress;
  store::Runs runs(unit.records);
  const std::vector<store::Event> events = unit.journal.events_after(unit.journal.cursor(kConsumer), limit);
  for (const store::Event& event : events) {
    progress.failed += dispatch_automatic(unit, runs, event);
    if (event.cause.automation) progress.failed += dispatch(unit, runs, event);
    ++progress.events;
  }
  if (!events.empty()) unit.journal.set_cursor(kConsumer, events.back().sequence);

  Runner runner(unit, actions_);
  for (store::WorkflowRun& run : runs.due(unit.now, limit)) {
    if (runner.put_off(run)) continue;
    runner.run(run);
    ++progress.runs;
    if (run.state != RunState::done && run.state != RunState::skipped) ++progress.failed;
  }
  derive::Engine::of(unit).flush();
  progress.more = unit.journal.last_event() > unit.journal.cursor(kConsumer) || runs.any_due(unit.now);
  return progress;
}

std::optional<std::int64_t> Reactions::next_due(access::Unit& unit) {
  if (unit.journal.last_event() > unit.journal.cursor(kConsumer)) return unit.now;
  return store::Runs(unit.records).next_due();
}

void Reactions::requeue(access::Unit& unit, std::int64_t row) {
  store::Runs runs(unit.records);
  std::optional<store::WorkflowRun> run = runs.get(row);
  if (!run)
    throw Error(ProblemNumber::unknown_thing, "there is no workflow run " + std::to_string(row),
                "list them: kith queue");
  if (run->state != RunState::dead && run->state != RunState::quarantined && run->state != RunState::retry)
    throw Error(ProblemNumber::usage, "workflow run " + std::to_string(row) + " has not failed",
                "only dead, quarantined and waiting runs can be set going again");
  if (run->state == RunState::quarantined) run->trace_json = kResumedTrace;
  run->state = RunState::pending;
  run->tries = 0;
  run->next_us = unit.now;
  run->error.clear();
  runs.update(*run);
}

std::int64_t Reactions::pending(access::Unit& unit) {
  constexpr std::int64_t most = 1'000;  // enough to say "many"
  return store::events_behind(unit.records, unit.journal.cursor(kConsumer)) +
         static_cast<std::int64_t>(store::Runs(unit.records).due(unit.now, most).size());
}

}  // namespace kith::internal::react
