#pragma once
#include "catalog/builder/builder.hpp"

namespace kith::internal::catalog {

/// The "actions" of a workflow, in order.
std::vector<WorkflowAction> read_workflow_actions(Builder& builder, const Item& item, const Workflow& workflow);

}  // namespace kith::internal::catalog
