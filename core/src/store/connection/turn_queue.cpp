#include "store/connection/turn_queue.hpp"

#include <algorithm>
#include <chrono>

#include "base/problem/error.hpp"

namespace kith::internal::store {

bool TurnQueue::enter(std::int64_t wait_us) {
  std::unique_lock lock(mutex_);
  if (taken_ && owner_ == std::this_thread::get_id()) {
    throw Error(ProblemNumber::misuse, "this thread holds the writer already and would wait for itself",
                "end the open transaction before another is begun on the same thread");
  }
  const std::uint64_t ticket = next_ticket_++;
  waiting_.push_back(ticket);
  const auto my_turn = [&] { return !taken_ && waiting_.front() == ticket; };
  constexpr std::int64_t kLongest = 365LL * 86'400 * 1'000'000;  // a longer wait would overflow the clock
  const auto wait = std::chrono::microseconds(std::clamp<std::int64_t>(wait_us, 0, kLongest));
  if (!changed_.wait_for(lock, wait, my_turn)) {
    waiting_.erase(std::find(waiting_.begin(), waiting_.end(), ticket));
    changed_.notify_all();
    return false;
  }
  waiting_.pop_front();
  taken_ = true;
  owner_ = std::this_thread::get_id();
  return true;
}

void TurnQueue::leave() noexcept {
  {
    const std::lock_guard lock(mutex_);
    taken_ = false;
    owner_ = {};
  }
  changed_.notify_all();
}

std::size_t TurnQueue::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

}  // namespace kith::internal::store
