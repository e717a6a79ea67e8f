// One run of one workflow for one event: condition, actions, outcome. Its effects and its row are written together, the
// row once where the run ends at once.
#pragma once
#include <exception>
#include <memory>
#include <optional>

#include "react/reactions.hpp"
#include "react/triggers.hpp"

namespace kith::internal::react {

/// A run on its way: what set it off, and its row, which is there already where it waited.
struct Task {
  store::WorkflowRun run;
  const Waiting* waiting = nullptr;               ///< a workflow, or
  const catalog::Lifecycle* lifecycle = nullptr;  ///< a transition that fires by itself
  std::shared_ptr<const store::LogEntry> entry;   ///< nullptr: no longer kept
  std::int32_t depth = 0;                         ///< of what it does, in its chain of causes
  RecordId settles;                               ///< the record whose values it may move: tasks of one go together
  bool stored = false;                            ///< its row is there
};

/// A run failed after it had begun to write, where there was no savepoint: nothing of the transaction may stay.
struct HalfDone : std::exception {
  const char* what() const noexcept override { return "a run failed half-way; the transaction is to be done again"; }
};

class Runner {
 public:
  /// `careful`: a savepoint for each run. Without, one that fails half-way throws HalfDone. `cursor`: no run of an
  /// event behind it was begun, unless the log is read again.
  Runner(access::Unit& unit, const ActionCaller& caller, bool careful, std::int64_t cursor)
      : unit_(unit),
        caller_(caller),
        careful_(careful),
        runs_(unit.records),
        open_runs_(runs_.any_open()),
        replayed_(runs_.any_after(cursor)) {}

  /// Runs it and writes its row; the state says how it ended. False: it was not its turn (a run of the same workflow
  /// and record waits for its retry), or it is not to run at all. Throws only what is not the run's fault: the
  /// database, a busy writer, a cancelled call.
  bool run(Task& task);
  /// There is no time left: its row says that it is still to be done.
  void postpone(Task& task);

 private:
  void attempt(Task& task);
  void attempt_workflow(Task& task);
  void attempt_automatic(Task& task);
  bool ran_already(const Task& task) const;
  bool put_off(Task& task);
  bool over_limit(Task& task);
  void failed(Task& task, const Error& error);
  void end(Task& task, store::RunState state, std::string error = {});
  void pass(Task& task);
  void write(Task& task);
  store::Cause cause_of(const Task& task, std::string by) const;

  access::Unit& unit_;
  const ActionCaller& caller_;
  const bool careful_;
  store::Runs runs_;
  std::optional<facts::Transaction> transaction_;  ///< of the run that is under way
  bool open_runs_;                                 ///< some run waits: others may have to wait behind it
  bool replayed_;                                  ///< events are read that were read before: some have their run
};

}  // namespace kith::internal::react
