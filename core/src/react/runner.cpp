#include "react/runner.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <new>

#include "base/text/text.hpp"
#include "base/time/time.hpp"
#include "derive/compute/automatic.hpp"
#include "react/perform.hpp"
#include "react/record_then.hpp"
#include "react/trace.hpp"

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
/// together. The extra is taken from the run's identity: the same history gives the same times.
std::int64_t pause_before(const store::WorkflowRun& run) {
  const std::int64_t doublings = std::min<std::int64_t>(run.tries - 1, 12);
  const std::int64_t pause = std::min(kMicrosPerSecond << doublings, kLongestPause);
  const std::uint64_t noise = fnv1a(std::to_string(run.event) + run.workflow + std::to_string(run.tries));
  constexpr std::uint64_t steps = 256;
  return std::min(pause + pause / 4 * static_cast<std::int64_t>(noise % steps) / static_cast<std::int64_t>(steps),
                  kLongestPause);
}

const catalog::Transition* find_transition(const catalog::Lifecycle& lifecycle, std::string_view state,
                                           std::string_view event) {
  for (const catalog::Transition& transition : lifecycle.transitions)
    if (transition.automatic && transition.event == event &&
        std::find(transition.from.begin(), transition.from.end(), state) != transition.from.end())
      return &transition;
  return nullptr;
}

/// What a run's condition and values are asked of: the record as the event left it. An edge of time is asked at its own
/// instant, where derived values are as they were then.
class Scene {
 public:
  Scene(access::Unit& unit, derive::Engine& derivations, const Task& task) : unit_(&unit), derivations_(&derivations) {
    const store::LogEntry& entry = *task.entry;
    const bool at_once = entry.change || entry.event.kind != store::EventKind::derived || entry.event.at_us >= unit.now;
    std::optional<RecordThen> then = record_then(unit, entry, task.waiting->reads_old, version_of(entry));
    if (!then) return;
    if (!at_once) look_back(entry, *then);
    left_ = std::move(then->after);
    if (left_) {
      made_ = derivations_->view_of(entry.record_type(), entry.record(), *left_);
      view_ = made_.get();
    } else {
      view_ = derivations_->view(entry.record_type(), entry.record());
    }
    if (then->before) before_ = derivations_->view_of(entry.record_type(), entry.record(), *then->before);
  }

  expr::RecordView* view() const { return view_; }
  expr::RecordView* before() const { return before_.get(); }
  const store::Row* left() const { return left_ ? &*left_ : nullptr; }
  access::Unit& unit() const { return *unit_; }
  derive::Engine& derivations() const { return *derivations_; }

 private:
  std::int64_t version_of(const store::LogEntry& entry) {
    const catalog::RecordType& type = unit_->catalog().type(entry.record_type());
    const auto version = type.by_name.find("version");
    expr::RecordView* present = derivations_->view(type.number, entry.record());
    return present == nullptr || version == type.by_name.end() ? 0 : present->get(version->second).value.i;
  }

  void look_back(const store::LogEntry& entry, RecordThen& then) {
    derivations_->flush();
    past_unit_ = std::make_unique<access::Unit>(unit_->connection, unit_->layout, unit_->principal, entry.at_us(),
                                                false, unit_->ids, unit_->functions, unit_->cause);
    if (!then.after)
      if (auto present = unit_->reads.load(access::Operation::read, entry.record_type(), entry.record(), true))
        then.after = std::move(present->values);
    unit_ = past_unit_.get();
    derivations_ = &derive::Engine::of(*past_unit_);
  }

  access::Unit* unit_;
  derive::Engine* derivations_;
  std::unique_ptr<access::Unit> past_unit_;
  std::optional<store::Row> left_;
  std::unique_ptr<expr::RecordView> made_, before_;
  expr::RecordView* view_ = nullptr;
};

}  // namespace

bool Runner::run(Task& task) {
  if (!task.waiting && !task.lifecycle) {
    end(task, RunState::dead, task.run.workflow + " is no longer there: its plugin was removed or changed");
    return true;
  }
  if (!task.entry) {
    end(task, RunState::dead, "the event that it follows from is no longer kept");
    return true;
  }
  if (!task.stored && ran_already(task)) return false;
  if (put_off(task)) return false;
  if (task.run.state == RunState::quarantined) {
    write(task);
    return true;
  }
  if (over_limit(task)) return true;
  const std::int64_t changes = unit_.connection.total_changes();
  const auto leave_nothing = [&] {
    const bool wrote = unit_.connection.total_changes() != changes || (transaction_ && transaction_->has_written());
    transaction_.reset();
    if (!careful_ && wrote) throw HalfDone();
  };
  try {
    attempt(task);
    transaction_.reset();
  } catch (const Error& error) {
    if (not_the_runs_fault(error)) throw;
    leave_nothing();
    failed(task, error);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& unforeseen) {
    // A run that can't end would be tried for ever, before all others.
    leave_nothing();
    failed(task, Error(ProblemNumber::bug, std::string("an unforeseen failure: ") + unforeseen.what()));
  }
  return true;
}

void Runner::postpone(Task& task) {
  if (task.stored || (task.waiting && ran_already(task))) return;
  if (task.run.state == RunState::pending) task.run.next_us = unit_.now;
  write(task);
}

bool Runner::ran_already(const Task& task) const {
  const store::WorkflowRun& run = task.run;
  if (task.waiting) {
    switch (task.waiting->workflow->once_per) {
      case catalog::Workflow::Once::event: break;
      case catalog::Workflow::Once::record:
        if (runs_.ran_for_record(run.workflow, run.record)) return true;
        break;
      case catalog::Workflow::Once::root:
        if (runs_.ran_for_root(run.workflow, run.record, run.root)) return true;
        break;
    }
  }
  return replayed_ && runs_.exists(run.event, run.workflow, run.record);
}

bool Runner::put_off(Task& task) {
  store::WorkflowRun& run = task.run;
  if (!open_runs_ || run.state != RunState::pending) return false;
  const std::optional<std::int64_t> until = runs_.blocked_until(run.workflow, run.record);
  if (!until) return false;
  run.next_us = std::max(unit_.now + 1, *until);
  write(task);
  return true;
}

bool Runner::over_limit(Task& task) {
  const std::size_t actions = task.waiting ? task.waiting->workflow->actions.size() : 1;
  // The first run of an event that begins a chain has nothing behind it that could count.
  if (task.run.root == task.run.event && static_cast<std::int64_t>(actions) <= kMaxActionsPerRoot && task.depth <= 1 &&
      !open_runs_ && !task.stored)
    return false;
  const std::int64_t wanted = runs_.actions_of_root(task.run.root) + static_cast<std::int64_t>(actions);
  if (wanted <= kMaxActionsPerRoot) return false;
  end(task, RunState::quarantined,
      "more than " + std::to_string(kMaxActionsPerRoot) + " actions follow from one cause (" +
          root_text(task.run.root) + "): look for workflows that set each other going, then resume it");
  return true;
}

store::Cause Runner::cause_of(const Task& task, std::string by) const {
  return {root_text(task.run.root), task.depth, task.entry->cause().automation, std::move(by)};
}

void Runner::attempt(Task& task) {
  std::optional<access::Savepoint> savepoint;
  if (careful_) savepoint.emplace(unit_);
  task.waiting ? attempt_workflow(task) : attempt_automatic(task);
  if (savepoint) savepoint->release();
}

void Runner::attempt_workflow(Task& task) {
  const catalog::Workflow& workflow = *task.waiting->workflow;
  json::object trace;
  {
    const ActingAs acting(unit_, "system:" + workflow.owner, cause_of(task, "workflow " + workflow.id));
    derive::Engine& derivations = derive::Engine::of(unit_);
    if (!derivations.view(task.run.record_type, task.run.record))
      return end(task, RunState::skipped, "the record was removed before the workflow could run");
    const Scene scene(unit_, derivations, task);
    if (workflow.condition) {
      expr::Env env = scene.unit().env();
      env.old = scene.before();
      const expr::Explained why = expr::explain(*workflow.condition, *scene.view(), env);
      trace["condition"] = explained_json(unit_.catalog(), why);
      if (!why.value.is_true()) {
        task.run.trace_json = json::serialize(trace);
        return end(task, RunState::skipped);
      }
    }
    facts::Transaction& transaction = transaction_.emplace(unit_, derivations);
    const Stage stage{unit_,   derivations,  transaction,         workflow,     task.run,
                      caller_, scene.unit(), scene.derivations(), scene.left(), scene.before()};
    json::array done;
    for (const catalog::WorkflowAction& action : workflow.actions) done.push_back(perform(stage, action));
    transaction.finish();
    derivations.finish_step();
    trace["actions"] = std::move(done);
  }
  task.run.trace_json = json::serialize(trace);
  task.run.cursor = static_cast<std::int64_t>(workflow.actions.size());
  ++task.run.tries;
  end(task, RunState::done);
}

// What fires is asked anew: since the event was written, the record may have moved, or the guard may have changed its
// mind.
void Runner::attempt_automatic(Task& task) {
  const catalog::Lifecycle& lifecycle = *task.lifecycle;
  const catalog::RecordType& type = unit_.catalog().type(lifecycle.record_type);
  json::object trace;
  {
    const ActingAs acting(unit_, "system:" + lifecycle.owner,
                          cause_of(task, "automatic transition of " + lifecycle.name));
    derive::Engine& derivations = derive::Engine::of(unit_);
    expr::RecordView* view = derivations.view(task.run.record_type, task.run.record);
    const Value fires = view ? derivations.value(lifecycle.automatic, task.run.record).value : Value::null();
    if (fires.is_null()) return pass(task);
    facts::Transaction& transaction = transaction_.emplace(unit_, derivations);
    trace["event"] = fires.s;
    if (fires.s == derive::kBegin) {
      transaction.begin(type.name, task.run.record, lifecycle.name);
    } else {
      const catalog::Transition* transition =
          find_transition(lifecycle, view->get(lifecycle.state_member).value.s, fires.s);
      const std::string why = transition ? transition->automatic->text() : std::string();
      unit_.cause.by = "automatic transition: " + why;
      trace["because"] = why;
      std::vector<facts::Input> inputs;
      if (transition && transition->reason_required) inputs.push_back({"reason", Value::text("automatic: " + why)});
      transaction.transition(type.name, task.run.record, lifecycle.name, fires.s, inputs);
    }
    transaction.finish();
    derivations.finish_step();
  }
  task.run.trace_json = json::serialize(trace);
  task.run.cursor = 1;
  ++task.run.tries;
  end(task, RunState::done);
}

void Runner::failed(Task& task, const Error& error) {
  store::WorkflowRun& run = task.run;
  ++run.tries;
  std::string text;
  for (const Problem& problem : error.problems())
    text += (text.empty() ? "" : "\n") + problem_id(problem.number) + "  " + problem.message;
  if (lasting(error) || run.tries >= kMaxTries) return end(task, RunState::dead, std::move(text));
  run.next_us = unit_.now + pause_before(run);
  open_runs_ = true;
  end(task, RunState::retry, std::move(text));
}

/// The record has moved since, or is gone: nothing was done, and a run that was not written yet leaves no trace.
void Runner::pass(Task& task) {
  task.run.state = RunState::skipped;
  if (task.stored) write(task);
}

void Runner::end(Task& task, RunState state, std::string error) {
  task.run.state = state;
  task.run.error = std::move(error);
  write(task);
}

void Runner::write(Task& task) {
  if (task.stored) return runs_.update(task.run);
  task.run.row = runs_.add(task.run);
  task.stored = true;
}

}  // namespace kith::internal::react
