// What the host pulls: how far a consumer has read.
#pragma once
#include <cstdint>
#include <string>

#include "core/core.hpp"

namespace kith::internal {

/// Everything up to and including `position` was dealt with, in all tenants: one transaction, and none when nothing
/// moved. Throws usage for a position behind the last event.
void acknowledge_events(Core& core, const std::string& consumer, std::uint64_t position);

}  // namespace kith::internal
