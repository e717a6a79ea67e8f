// Which transition of a lifecycle fires by itself, and until when that answer holds.
#pragma once
#include <functional>
#include <memory>
#include <string_view>

#include "catalog/model/model.hpp"
#include "expr/evaluate/evaluate.hpp"

namespace kith::internal::derive {

/// What fires where a lifecycle applies to a record that has no state of it yet. No event has this name.
inline constexpr std::string_view kBegin = "#begin";

/// Whether the lifecycle applies: its own condition, and no earlier one of its slot.
expr::Timed applies(const catalog::Catalog& catalog, const catalog::Lifecycle& lifecycle, expr::RecordView& record,
                    const expr::Env& env);
/// Whether an automatic transition is due, guards left aside.
expr::Timed is_due(const catalog::Lifecycle& lifecycle, const catalog::Transition& transition, expr::RecordView& record,
                   const expr::Env& env);
/// Gives the record as it would be in a state, entered now.
using Entering = std::function<std::unique_ptr<expr::RecordView>(const std::string& state)>;
/// The event that fires now: the automatic transition of the lowest order that is due and whose guards hold; kBegin; or
/// null.
expr::Timed firing(const catalog::Catalog& catalog, const catalog::Lifecycle& lifecycle, expr::RecordView& record,
                   const expr::Env& env, const Entering& entering);

}  // namespace kith::internal::derive
