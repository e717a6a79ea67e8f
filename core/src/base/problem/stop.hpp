// Whether work that is under way should end. Asked by whatever may take long: statements, waits, loops of evaluations.
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>

namespace kith::internal {

/// Microseconds on the clock that never goes back: for waits and deadlines, never for instants that are stored.
inline std::int64_t steady_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

/// One request to end, of a cancel or of a time that is over. [any] but for clear() and the constructor.
class Stop {
 public:
  enum class Why : std::int32_t { none, cancelled, out_of_time };

  /// `outer`: a request to it is one to this, too.
  explicit Stop(const Stop* outer = nullptr) noexcept : outer_(outer) {}
  Stop(const Stop&) = delete;
  Stop& operator=(const Stop&) = delete;

  void request(Why why) noexcept { why_.store(why, std::memory_order_relaxed); }
  /// Work may go on until then, on the steady clock; 0: for ever.
  void end_at(std::int64_t steady) noexcept { end_us_.store(steady, std::memory_order_relaxed); }
  void clear() noexcept { request(Why::none); }  ///< before the next piece of work; an end stays

  Why why() const noexcept {
    if (const Why own = why_.load(std::memory_order_relaxed); own != Why::none) return own;
    const std::int64_t end = end_us_.load(std::memory_order_relaxed);
    if (end != 0 && steady_us() > end) return Why::out_of_time;
    return outer_ != nullptr ? outer_->why() : Why::none;
  }
  bool requested() const noexcept { return why() != Why::none; }
  /// Throws `cancelled`; who began the work says what it was and why it ended.
  void check() const;

 private:
  std::atomic<Why> why_{Why::none};
  std::atomic<std::int64_t> end_us_{0};
  const Stop* outer_;
};

}  // namespace kith::internal
