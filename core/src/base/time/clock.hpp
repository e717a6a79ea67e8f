// The only clock of a core.
#pragma once
#include <cstdint>
#include <functional>

namespace kith::internal {

/// Microseconds since 1970-01-01 UTC. Given at open; tests and historical data give a fixed or stepped one.
using Clock = std::function<std::int64_t()>;
Clock system_clock();
Clock fixed_clock(std::int64_t us);

}  // namespace kith::internal
