#include "base/time/clock.hpp"

#include <chrono>

namespace kith::internal {

Clock system_clock() {
  return [] {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::int64_t>(std::chrono::duration_cast<std::chrono::microseconds>(since_epoch).count());
  };
}

Clock fixed_clock(std::int64_t us) {
  return [us] { return us; };
}

}  // namespace kith::internal
