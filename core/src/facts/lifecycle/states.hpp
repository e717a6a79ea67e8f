// States of one record: what the rest of this floor's lifecycle code shares.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "facts/lifecycle/guard.hpp"
#include "facts/save/pipeline.hpp"

namespace kith::internal::facts {

using store::at;

std::vector<const catalog::Lifecycle*> lifecycles_of(const catalog::Catalog& catalog, const catalog::RecordType& type);
/// The row in a state, entered now.
void put_state(const Pipeline& pipeline, const catalog::Lifecycle& lifecycle, const std::string& state,
               store::Row& row);
/// The lifecycle applies to the record as `row` has it.
bool applies(Pipeline& pipeline, const catalog::RecordType& type, const RecordId& id,
             const catalog::Lifecycle& lifecycle, const store::Row& row);
void check_required(const catalog::RecordType& type, const catalog::Lifecycle& lifecycle, const catalog::State& state,
                    const store::Row& row, const std::set<std::int32_t>& failed, Problems& problems);
/// The entry guard over a row that stands in the state; returns the seen values as JSON.
std::string check_entry(Pipeline& pipeline, const catalog::RecordType& type, const RecordId& id,
                        const catalog::Lifecycle& lifecycle, const catalog::State& state, const store::Row& row,
                        const store::Row* old, Problems& problems);
Problem denied(const catalog::Catalog& catalog, const std::string& what, const catalog::Label& deny,
               const expr::Program& guard, const Verdict& verdict);
/// The history row, and the state in the record's change; the row's cause is the unit's where it names none.
/// `entered_us` of the row: 0 = now. One that is not announced is in the history only.
void note_transition(Pipeline& pipeline, Touched& touched, store::TransitionRow row, bool announced = true);

}  // namespace kith::internal::facts
