// Where those who read events stand, over tenants, and what lies before them.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "store/rows/records.hpp"

namespace kith::internal::store {

/// An act that concerns a whole tenant and no record, such as a clock that was set: kept for ever, in the order of
/// time.
void note_act(Records& records, std::string_view act, std::int64_t at_us, std::string_view text);
std::string last_act(Records& records, std::string_view act);  ///< its text; "" = there was none
/// Runs that wait for a time after `instant` wait no longer than until then.
void bring_runs_forward(Records& records, std::int64_t instant_us);

}  // namespace kith::internal::store
