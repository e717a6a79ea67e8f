// State machines on records: initial states, transitions with their guards, and the history that they leave.
#pragma once
#include <string>
#include <vector>

#include "facts/lifecycle/raises.hpp"
#include "facts/save/pipeline.hpp"

namespace kith::internal::facts {

bool is_state_member(const catalog::Catalog& catalog, const catalog::RecordType& type, std::int32_t member);
bool is_since_member(const catalog::Catalog& catalog, const catalog::RecordType& type, std::int32_t member);
/// Puts the initial state of each lifecycle that applies into a new row.
void set_initial_states(Pipeline& pipeline, const catalog::RecordType& type, const RecordId& id, Draft& draft,
                        const WriteOptions& options, Problems& problems);
struct Entered {
  const catalog::Lifecycle* lifecycle;
  std::string state, guard_json;
  std::int64_t since_us = 0;  ///< brought in: when that was; 0 = now
  std::vector<Raised> raised;
};
/// Required fields and entry guards of the initial states, over the new row; then what these raise is put into it.
std::vector<Entered> enter_initial_states(Pipeline& pipeline, const catalog::RecordType& type, const RecordId& id,
                                          Draft& draft, Problems& problems);
/// History rows and states of a record that was just created.
void write_initial_states(Pipeline& pipeline, Touched& touched, const std::vector<Entered>& entered);
/// Puts a record that has no state of a lifecycle yet into its first. False: it has one, or the lifecycle doesn't
/// apply.
bool begin(Pipeline& pipeline, const catalog::RecordType& type, const RecordId& id, std::string_view lifecycle);
/// A field that a present state requires can't be emptied.
void check_state_fields(Pipeline& pipeline, const catalog::RecordType& type, const store::Row& row,
                        const std::vector<std::int32_t>& changed, Problems& problems);

/// How a transition is noted besides its own words.
struct Noted {
  std::string by;         ///< "" = the unit's cause
  bool announced = true;  ///< false: it is in the history only, and sets nothing going
};
Saved transition(Pipeline& pipeline, const catalog::RecordType& type, const RecordId& id, std::string_view lifecycle,
                 std::string_view event, const std::vector<Input>& inputs, const Noted& noted = {});

}  // namespace kith::internal::facts
