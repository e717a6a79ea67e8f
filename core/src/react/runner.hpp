// One run of one workflow for one event: condition, actions, outcome. Its effects and its row belong together: they are
// written under one savepoint, or the row alone says why not.
#pragma once
#include "react/reactions.hpp"

namespace kith::internal::react {

class Runner {
 public:
  Runner(access::Unit& unit, const ActionCaller& caller) : unit_(unit), caller_(caller), runs_(unit.records) {}

  /// Runs a pending or retried run and writes its row; the state says how it ended. Throws only what is not the run's
  /// fault: the database, a busy writer, a cancelled call.
  void run(store::WorkflowRun& run);
  /// A run that waits because an earlier one of the same workflow and record waits for its retry: put off until then.
  bool put_off(store::WorkflowRun& run);

 private:
  void attempt(store::WorkflowRun& run, const catalog::Workflow& workflow, const store::Event& event);
  void attempt_automatic(store::WorkflowRun& run, const catalog::Lifecycle& lifecycle, const store::Event& event);
  void failed(store::WorkflowRun& run, const Error& error);
  void end(store::WorkflowRun& run, store::RunState state, std::string error);
  bool over_limit(store::WorkflowRun& run, std::size_t actions);
  store::Cause cause_of(const store::WorkflowRun& run, const store::Event& event, std::string by) const;
  static std::string root_of(const store::WorkflowRun& run);

  access::Unit& unit_;
  const ActionCaller& caller_;
  store::Runs runs_;
};

/// A run that a person set going again after it was quarantined begins a chain of its own, so that limits count anew.
inline constexpr std::string_view kResumedRoot = "resumed:";
inline constexpr std::string_view kResumedTrace = R"({"resumed":true})";  ///< its trace until it has run

}  // namespace kith::internal::react
