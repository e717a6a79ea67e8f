// First come, first served: the queue of threads before the one writer.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <thread>

namespace kith::internal::store {

/// [any]
class TurnQueue {
 public:
  /// True: it is this thread's turn, until leave(). False: the wait was over before. Throws misuse at once when this
  /// thread has the turn already: it would wait for itself.
  bool enter(std::int64_t wait_us);
  void leave() noexcept;
  std::size_t waiting() const;  ///< threads in the queue

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::uint64_t> waiting_;  ///< tickets, the next in turn first
  std::uint64_t next_ticket_ = 0;
  bool taken_ = false;
  std::thread::id owner_;
};

}  // namespace kith::internal::store
