#include "react/reactions.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "react/runner.hpp"
#include "react/trace.hpp"
#include "store/rows/log_reader.hpp"

namespace kith::internal::react {
namespace {

using store::RunState;

constexpr std::string_view kConsumer = "react";

/// One transaction's worth of reactions: what is due, and a window of the log.
class Window {
 public:
  Window(access::Unit& unit, const ActionCaller& caller, bool careful)
      : unit_(unit),
        triggers_(unit.catalog().once<Triggers>()),
        runs_(unit.records),
        cursor_(unit.journal.cursor(kConsumer)),
        runner_(unit, caller, careful, cursor_) {}

  void gather(std::int64_t limit) {
    for (store::WorkflowRun& run : runs_.due(unit_.now, limit)) take_due(std::move(run));
    std::int64_t last = cursor_;
    {
      store::LogReader reader(unit_.journal, cursor_);
      auto entry = std::make_shared<store::LogEntry>();
      // What is left of earlier windows comes first, so that it does not grow.
      for (auto rows = static_cast<std::int64_t>(tasks_.size()); rows < limit && reader.next(*entry); ++rows) {
        last = entry->sequence();
        if (take(entry)) entry = std::make_shared<store::LogEntry>();
      }
    }
    if (last > cursor_) unit_.journal.set_cursor(kConsumer, last);
    group();
  }

  void run(const std::function<bool()>& go_on) {
    bool time_left = true;
    for (Task& task : tasks_) {
      if (!time_left) {
        runner_.postpone(task);
        continue;
      }
      if (runner_.run(task)) {
        const RunState state = task.run.state;
        if (state != RunState::quarantined || task.run.tries > 0) ++progress_.runs;
        if (state != RunState::done && state != RunState::skipped) ++progress_.failed;
      }
      time_left = !go_on || go_on();
    }
  }

  Progress progress() {
    derive::Engine::of(unit_).flush();
    progress_.more = Reactions::any_due(unit_);
    progress_.wrote = progress_.events > 0 || !tasks_.empty();
    return progress_;
  }

 private:
  /// Runs of what one row of the log says, in the workflows' order. False: nothing keeps the row.
  bool take(const std::shared_ptr<const store::LogEntry>& entry) {
    const std::size_t before = tasks_.size();
    for (const store::Happening& happening : store::happenings(*entry)) {
      ++progress_.events;
      // A transition that fires by itself is a rule of the record, no automation: an import that suppresses automation
      // doesn't suppress it, but what follows from it stays suppressed.
      if (const catalog::Lifecycle* lifecycle = triggers_.automatic(happening)) {
        Task& task = add(entry, happening.number);
        task.lifecycle = lifecycle;
        task.run.workflow = entry->event.name;
        task.run.version = lifecycle->owner_version;
      }
      if (!entry->cause().automation) continue;
      for (const Waiting* waiting : triggers_.pulled(happening)) {
        Task& task = add(entry, happening.number);
        task.waiting = waiting;
        task.run.workflow = waiting->workflow->id;
        task.run.version = waiting->workflow->owner_version;
      }
    }
    return tasks_.size() > before;
  }

  /// A run that waits to be done, or is set aside because its chain of causes is too long.
  Task& add(const std::shared_ptr<const store::LogEntry>& entry, std::int64_t number) {
    Task& task = tasks_.emplace_back();
    task.entry = entry;
    task.depth = entry->cause().depth + 1;
    task.settles = settled_by(*entry);
    store::WorkflowRun& run = task.run;
    run.event = number;
    run.record_type = entry->record_type();
    run.record = entry->record();
    run.at_us = unit_.now;
    run.next_us = unit_.now;
    // What set off a chain of runs is the number of its first event. A call, an import, a job or the clock may set off
    // any number of chains that have nothing to do with each other, so each of their events is a root of its own.
    const std::int64_t root = root_number(entry->cause().root);
    run.root = root == 0 ? number : root;
    if (entry->cause().depth >= kMaxDepth) {
      run.state = RunState::quarantined;
      run.error = "the chain of causes is longer than " + std::to_string(kMaxDepth) + ": it came by " +
                  entry->cause().by +
                  "; look for workflows and automatic transitions that set each other going, then resume it";
    }
    return task;
  }

  void take_due(store::WorkflowRun run) {
    Task& task = tasks_.emplace_back();
    task.stored = true;
    task.run = std::move(run);
    task.waiting = triggers_.workflow(task.run.workflow);
    if (!task.waiting) task.lifecycle = triggers_.automatic(task.run.workflow);
    if (auto entry = unit_.journal.entry(task.run.event)) {
      task.entry = std::make_shared<const store::LogEntry>(std::move(*entry));
      task.depth = task.entry->cause().depth + 1;
      task.settles = settled_by(*task.entry);
    }
    if (task.run.trace_json == kResumedTrace) {
      task.run.root = -task.run.row;
      task.depth = 1;
    }
  }

  /// The record whose values a run is likely to move: the one on whose timeline its own stands, as far as the change
  /// says so.
  RecordId settled_by(const store::LogEntry& entry) const {
    if (!entry.change || entry.record_type() < 0) return entry.record();
    const std::vector<std::int32_t>& path = unit_.catalog().type(entry.record_type()).timeline_path;
    const store::MemberChange* ref = path.empty() ? nullptr : entry.change->find(path.front());
    return ref != nullptr && ref->after.kind == Kind::ref ? ref->after.id : entry.record();
  }

  /// What moves the same record comes together: its pages and rows are then read once. All runs of one record stay in
  /// one group, also where a later change names no other record, and the order within a group stays.
  void group() {
    std::map<RecordId, RecordId> with;  // a run's record: the record whose values its group moves
    std::map<RecordId, std::size_t> groups;
    std::vector<std::pair<std::size_t, std::size_t>> order;  // group, place
    for (std::size_t i = 0; i < tasks_.size(); ++i) {
      const RecordId& settles = with.try_emplace(tasks_[i].run.record, tasks_[i].settles).first->second;
      order.emplace_back(groups.try_emplace(settles, groups.size()).first->second, i);
    }
    std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<Task> sorted;
    sorted.reserve(tasks_.size());
    for (const auto& [group, place] : order) sorted.push_back(std::move(tasks_[place]));
    tasks_ = std::move(sorted);
  }

  access::Unit& unit_;
  const Triggers& triggers_;
  store::Runs runs_;
  std::int64_t cursor_;
  Runner runner_;
  std::vector<Task> tasks_;
  Progress progress_;
};

}  // namespace

Progress Reactions::step(access::Unit& unit, std::int64_t limit, const std::function<bool()>& go_on) const {
  for (const bool careful : {false, true}) {
    try {
      Window window(unit, actions_, careful);
      window.gather(limit);
      window.run(go_on);
      return window.progress();
    } catch (const HalfDone&) {
      // Only the first time: with savepoints a run that fails takes back what it wrote.
      unit.connection.rollback();
      unit.connection.begin(true);
      derive::Engine::of(unit).forget();
      unit.surroundings.forget_parameters();
    }
  }
  throw Error(ProblemNumber::bug, "a run failed half-way in spite of its savepoint", "report this as a bug");
}

bool Reactions::any_due(access::Unit& unit) {
  return unit.journal.any_after(unit.journal.cursor(kConsumer)) || store::Runs(unit.records).any_due(unit.now);
}

std::optional<std::int64_t> Reactions::next_due(access::Unit& unit) {
  if (unit.journal.any_after(unit.journal.cursor(kConsumer))) return unit.now;
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
  return unit.journal.count_after(unit.journal.cursor(kConsumer)) + store::Runs(unit.records).count_due(unit.now);
}

}  // namespace kith::internal::react
