// The actions of a workflow, done through the save pipeline inside the run's savepoint.
#pragma once
#include <boost/json/fwd.hpp>

#include "react/reactions.hpp"

namespace kith::internal::react {

/// What the actions of one run work with. All of it lives as long as the run.
struct Stage {
  access::Unit& unit;
  derive::Engine& derivations;
  facts::Transaction& transaction;
  const catalog::Workflow& workflow;
  const store::WorkflowRun& run;
  const ActionCaller& caller;
  expr::RecordView* before = nullptr;  ///< the record before the event; nullptr: it did not exist
};

/// Does one action; returns its line of the trace. Throws Error, and then nothing of the run may stay.
boost::json::object perform(const Stage& stage, const catalog::WorkflowAction& action);

/// A term with what it came to, for the trace. Texts are left out when `hide`: they may be personal data.
boost::json::object explained_json(const catalog::Catalog& catalog, const expr::Explained& term, bool hide);
/// Does the program read a field with personal data?
bool reads_personal_data(const catalog::Catalog& catalog, const expr::Program& program);

}  // namespace kith::internal::react
