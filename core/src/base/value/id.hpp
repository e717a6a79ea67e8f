// Record ids: UUIDv7 (RFC 9562, section 5.7), 16 bytes, made by us, ordered by time.
#pragma once
#include <array>
#include <compare>
#include <cstdint>
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
  std::uint32_t random();

  std::mutex mutex_;
  std::array<std::uint32_t, 64> pool_{};  ///< one call of the system fills it
  std::size_t left_ = 0;
  std::int64_t last_ms_ = 0;
  std::uint64_t counter_ = 0;  ///< 12 bits of rand_a and 30 of rand_b: a counter seeded at random each millisecond
};

}  // namespace kith::internal

template <>
struct std::hash<kith::internal::RecordId> {
  std::size_t operator()(const kith::internal::RecordId& id) const noexcept;
};
