// The actions of a workflow, done through the save pipeline.
#pragma once
#include <boost/json/fwd.hpp>

#include "react/reactions.hpp"

namespace kith::internal::react {

/// What the actions of one run work with. All of it lives as long as the run.
struct Stage {
  access::Unit& unit;  ///< writes, now
  derive::Engine& derivations;
  facts::Transaction& transaction;
  const catalog::Workflow& workflow;
  const store::WorkflowRun& run;
  const ActionCaller& caller;
  // What values are rendered on: the record as the event left it, and, where the event is of an earlier instant (an
  // edge of time), the instant itself. What the run has written itself shows through.
  access::Unit& seen_unit;
  derive::Engine& seen_derivations;
  const store::Row* left = nullptr;    ///< nullptr: the record is as the event left it
  expr::RecordView* before = nullptr;  ///< the record before the event; nullptr: it did not exist
};

/// Does one action; returns its line of the trace. Throws Error, and then nothing of the run may stay.
boost::json::object perform(const Stage& stage, const catalog::WorkflowAction& action);

}  // namespace kith::internal::react
