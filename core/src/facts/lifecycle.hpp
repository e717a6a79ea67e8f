// State machines on records: initial states, transitions with their guards, and the history that they leave.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "facts/pipeline.hpp"

namespace kith::internal::facts {

bool is_state_member(const catalog::Catalog& catalog, const catalog::RecordType& type, std::int32_t member);
/// Puts the initial state of each lifecycle into a new row.
void set_initial_states(Pipeline& pipeline, const catalog::RecordType& type, Draft& draft, const WriteOptions& options,
                        Problems& problems);
/// A lifecycle and the seen values of its entry guard, as JSON.
using Entered = std::vector<std::pair<const catalog::Lifecycle*, std::string>>;
/// Required fields and entry guards of the initial states, over the new row.
Entered check_initial_states(Pipeline& pipeline, const catalog::RecordType& type, const RecordId& id,
                             const Draft& draft, Problems& problems);
/// History rows and events of a record that was just created.
void write_initial_states(Pipeline& pipeline, const Touched& touched, const Entered& entered);
/// A field that a present state requires can't be emptied.
void check_state_fields(Pipeline& pipeline, const catalog::RecordType& type, const store::Row& row,
                        const std::vector<std::int32_t>& changed, Problems& problems);

Saved transition(Pipeline& pipeline, const catalog::RecordType& type, const RecordId& id, std::string_view lifecycle,
                 std::string_view event, const std::vector<Input>& inputs);

}  // namespace kith::internal::facts
