// What a rollup comes to over the records of its set: the children of a record, or those at the other end of its edges.
#pragma once
#include "catalog/model/model.hpp"
#include "expr/evaluate/evaluate.hpp"

namespace kith::internal::derive {

/// `type`: of the rollup's member. Nulls are skipped; an unknown element, or a sum out of range, makes the result
/// unknown.
expr::Timed compute_rollup(const catalog::Derivation& rollup, const expr::Type& type, expr::RecordView& record,
                           const expr::Env& env);

}  // namespace kith::internal::derive
