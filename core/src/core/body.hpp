// What a plugin's body may do with the session that it is lent, and what it did that it may not. A body runs inside its
// step's transaction and holds the writer: its calls fail once its time or its writes are used up. One that makes no
// calls can't be stopped inside the process; it is told of when it comes back.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/problem/error.hpp"
#include "base/problem/stop.hpp"
#include "base/time/time.hpp"

namespace kith::internal {

inline constexpr std::int64_t kTransactionLimitUs = 5 * kMicrosPerSecond;  ///< of a session, and of a body in a step
inline constexpr std::int64_t kMostWritesOfBody = 10'000;

class LentBody {
 public:
  /// `name`: "action 'retail.issue_voucher' of plugin retail 0.1.0".
  explicit LentBody(std::string name) : name_(std::move(name)), began_us_(steady_us()) {}

  std::int64_t ends_at() const noexcept { return began_us_ + kTransactionLimitUs; }  ///< on the steady clock
  void calls() const;                    ///< one of its calls begins: throws deadline_passed when its time is over
  void writes();                         ///< and one that writes: throws misuse beyond the most
  Error misused(std::string_view call);  ///< begin, commit or rollback: noted, and what the call is answered
  Error out_of_time() const;
  /// What is wrong although the body may say that all is well.
  std::optional<Problem> broken() const;

 private:
  std::string name_, misused_;
  std::int64_t began_us_, writes_ = 0;
};

}  // namespace kith::internal
