#include "store/connection/turn_queue.hpp"

#include <algorithm>
#include <utility>

#include "base/problem/error.hpp"

namespace kith::internal::store {
namespace {

constexpr std::int64_t kLongestUs = 365LL * 86'400 * 1'000'000;  // a longer wait would overflow the clock
constexpr std::int64_t kLookUs = 10'000;  // a request to stop, and a holder past its limit, are looked at so often

std::string seconds(std::int64_t us) {
  const std::int64_t tenths = us / 100'000;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

}  // namespace

bool TurnQueue::enter(std::int64_t wait_us, WriterUse use) {
  std::unique_lock lock(mutex_);
  if (taken_ && owner_ == std::this_thread::get_id()) {
    throw Error(ProblemNumber::misuse,
                "this thread holds the writer already, for " + use_.who + ", and would wait for itself",
                "end the open transaction before another is begun on the same thread");
  }
  const std::uint64_t ticket = next_ticket_++;
  waiting_.push_back(ticket);
  const std::int64_t until = steady_us() + std::clamp<std::int64_t>(wait_us, 0, kLongestUs);
  while (!is_turn_of(ticket)) {
    const bool stopped = use.stop != nullptr && use.stop->requested();
    if (stopped || steady_us() >= until) {
      give_up(ticket);
      if (stopped) use.stop->check();
      return false;
    }
    wait(lock, ticket, until, use.stop);
  }
  waiting_.pop_front();
  taken_ = true;
  owner_ = use.give_way ? std::thread::id() : std::this_thread::get_id();
  use_ = std::move(use);
  since_us_ = steady_us();
  return true;
}

// One look: until something changes, or it is time to look again. The first in the queue asks who is past its limit.
void TurnQueue::wait(std::unique_lock<std::mutex>& lock, std::uint64_t ticket, std::int64_t until_us,
                     const Stop* stop) {
  std::int64_t next = until_us;
  const std::int64_t now = steady_us();
  if (taken_ && use_.give_way && waiting_.front() == ticket) {
    const std::int64_t limit = since_us_ + use_.limit_us;
    if (now > limit) {
      const auto give_way = use_.give_way;
      lock.unlock();  // it comes back by leave()
      give_way();
      lock.lock();
      if (is_turn_of(ticket)) return;
    }
    next = std::min(next, std::max(limit + 1, now + kLookUs));
  }
  if (stop != nullptr) next = std::min(next, now + kLookUs);
  changed_.wait_for(lock, std::chrono::microseconds(std::max<std::int64_t>(next - steady_us(), 0)));
}

void TurnQueue::give_up(std::uint64_t ticket) {
  waiting_.erase(std::find(waiting_.begin(), waiting_.end(), ticket));
  changed_.notify_all();
}

void TurnQueue::leave() noexcept {
  WriterUse gone;  // what it holds goes without the lock
  {
    const std::lock_guard lock(mutex_);
    taken_ = false;
    owner_ = {};
    std::swap(gone, use_);
  }
  changed_.notify_all();
}

std::size_t TurnQueue::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

std::string TurnQueue::holder() const {
  const std::lock_guard lock(mutex_);
  return taken_ ? use_.who + ", for " + seconds(steady_us() - since_us_) : std::string();
}

}  // namespace kith::internal::store
