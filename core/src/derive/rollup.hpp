// What a rollup comes to over the children of a record.
#pragma once
#include <functional>

#include "catalog/model.hpp"
#include "expr/evaluate.hpp"

namespace kith::internal::derive {

/// Calls back with the view of each live child, in id order.
using EachChild = std::function<void(const std::function<void(expr::RecordView&)>&)>;

/// `type`: of the rollup's member. Nulls are skipped; an unknown element, or a sum out of range, makes the result unknown.
expr::Timed compute_rollup(const catalog::Derivation& rollup, const expr::Type& type, const expr::Env& env, const EachChild& children);

}  // namespace kith::internal::derive
