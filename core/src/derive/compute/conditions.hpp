// Whether a record of a set counts, and until when: an `&&` over what it must fulfil. One that counts does so until the
// first of them turns; one that doesn't stays out for as long as the most lasting of its reasons.
#pragma once
#include <algorithm>
#include <cstdint>
#include <limits>

#include "base/time/time.hpp"

namespace kith::internal::derive {

class Conditions {
 public:
  void add(bool fulfilled, std::int64_t until) {
    if (fulfilled) {
      kept_until_ = std::min(kept_until_, until);
    } else {
      counts_ = false;
      out_until_ = std::max(out_until_, until);
    }
  }
  bool counts() const { return counts_; }
  std::int64_t until() const { return counts_ ? kept_until_ : out_until_; }
  /// Nothing but a write makes it count: there is no need to ask for further conditions.
  bool never_counts() const { return !counts_ && out_until_ == kForever; }

 private:
  bool counts_ = true;
  std::int64_t kept_until_ = kForever;
  std::int64_t out_until_ = std::numeric_limits<std::int64_t>::min();
};

}  // namespace kith::internal::derive
