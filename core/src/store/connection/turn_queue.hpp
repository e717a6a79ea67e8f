// First come, first served: the queue of threads before the one writer.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "base/problem/stop.hpp"

namespace kith::internal::store {

/// Who takes the writer, as those who wait are told, and when it makes room for them.
struct WriterUse {
  std::string who = "another transaction";
  /// How long it may be kept while others wait; 0: as long as it takes.
  std::int64_t limit_us = 0;
  /// Asked by the first who waits once the limit has passed, again and again until the writer is free; whoever holds it
  /// gives it back if it can. Comes on any thread. What has this belongs to no thread: it may be taken on one and given
  /// back on another. Without it the writer belongs to the thread that took it.
  std::function<void()> give_way{};
  /// Ends the wait, and the statements of who has the writer.
  const Stop* stop = nullptr;
};

/// [any]
class TurnQueue {
 public:
  /// True: it is the caller's turn, until leave(). False: the wait was over before. Throws misuse at once when this
  /// thread has the turn already and would wait for itself, `cancelled` when the use's stop is requested.
  bool enter(std::int64_t wait_us, WriterUse use = {});
  void leave() noexcept;
  std::size_t waiting() const;  ///< threads in the queue
  std::string holder() const;   ///< "actor 'alice' of tenant 'acme', for 5.2 s"; "" = nobody

 private:
  bool is_turn_of(std::uint64_t ticket) const { return !taken_ && waiting_.front() == ticket; }
  void give_up(std::uint64_t ticket);
  void wait(std::unique_lock<std::mutex>& lock, std::uint64_t ticket, std::int64_t until_us, const Stop* stop);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::uint64_t> waiting_;  ///< tickets, the next in turn first
  std::uint64_t next_ticket_ = 0;
  bool taken_ = false;
  std::thread::id owner_;  ///< none: the turn belongs to no thread
  WriterUse use_;          ///< of who has the turn
  std::int64_t since_us_ = 0;
};

}  // namespace kith::internal::store
