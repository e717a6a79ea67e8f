// When the planner's statistics are taken anew: once there is something to count, and each time as much as there was
// has been written since. So they cost a fixed part of all writing, and are never far from what is there.
#pragma once
#include <cstdint>

#include "store/connection/native.hpp"

namespace kith::internal::store {

class Statistics {
 public:
  /// Reads what the last ANALYZE of the file counted. `written`: the connection's changes so far.
  void look(NativeSession& session, std::int64_t written);
  bool due(std::int64_t written) const { return written - written_then_ >= enough_; }
  /// About how long an ANALYZE takes now.
  std::int64_t price_us(std::int64_t written) const;

 private:
  std::int64_t rows_ = 0;          ///< of all tables, at the last ANALYZE
  std::int64_t written_then_ = 0;  ///< changes before it
  std::int64_t enough_ = 0;        ///< changes after which it is time
};

}  // namespace kith::internal::store
