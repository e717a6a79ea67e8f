// Record ids: UUIDv7 (RFC 9562, section 5.7), 16 bytes, made by us, ordered by time.
#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace kith::internal {

struct RecordId {
  std::array<std::uint8_t, 16> bytes{};
  friend auto operator<=>(const RecordId&, const RecordId&) = default;
  bool is_nil() const noexcept { return *this == RecordId{}; }
  std::string text() const;                                     ///< "0190b5f2-....", lower case
  static std::optional<RecordId> parse(std::string_view text);  ///< with or without hyphens
};

/// Makes ids that grow strictly, also within one millisecond and when the clock stands still. [any]
class IdSource {
 public:
  RecordId next(std::int64_t now_us);

 private:
  std::mutex mutex_;
  std::int64_t last_ms_ = 0;
  std::uint64_t counter_ = 0;  ///< 12 bits of rand_a and 30 of rand_b: a counter seeded at random each millisecond
};

}  // namespace kith::internal

template <>
struct std::hash<kith::internal::RecordId> {
  std::size_t operator()(const kith::internal::RecordId& id) const noexcept {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    std::memcpy(&high, id.bytes.data(), sizeof high);
    std::memcpy(&low, id.bytes.data() + sizeof high, sizeof low);
    // The halves are not independent (time in one, version bits in both): mix them well (splitmix64's finaliser).
    std::uint64_t mixed = high ^ (low * 0x9E3779B97F4A7C15U);
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
    return static_cast<std::size_t>(mixed ^ (mixed >> 31U));
  }
};
