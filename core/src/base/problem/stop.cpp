#include "base/problem/stop.hpp"

#include "base/problem/error.hpp"

namespace kith::internal {

void Stop::check() const {
  if (requested()) throw Error(ProblemNumber::cancelled, "the operation was cancelled");
}

}  // namespace kith::internal
