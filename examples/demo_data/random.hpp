// A small generator of numbers whose sequence is the same on every machine; the standard's distributions are not.
#pragma once
#include <cstdint>
#include <string_view>

namespace demo {

/// SplitMix64 (Steele, Lea, Flood 2014).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }
  /// 0 ... limit-1; the bias of the remainder is far below what a demonstration could show.
  std::int64_t below(std::int64_t limit) {
    return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(limit));
  }
  bool chance(std::int64_t percent) { return below(100) < percent; }
  template <std::size_t N>
  std::string_view one_of(const std::string_view (&list)[N]) {
    return list[static_cast<std::size_t>(below(static_cast<std::int64_t>(N)))];
  }

 private:
  std::uint64_t state_;
};

}  // namespace demo
