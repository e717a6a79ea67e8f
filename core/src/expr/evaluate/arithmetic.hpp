// Arithmetic that can say "out of range": nullopt where the result is no value of its type.
#pragma once
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

namespace kith::internal::expr {

inline std::optional<std::int64_t> add(std::int64_t a, std::int64_t b) {
  std::int64_t r = 0;
  return __builtin_add_overflow(a, b, &r) ? std::nullopt : std::optional{r};
}
inline std::optional<std::int64_t> subtract(std::int64_t a, std::int64_t b) {
  std::int64_t r = 0;
  return __builtin_sub_overflow(a, b, &r) ? std::nullopt : std::optional{r};
}
inline std::optional<std::int64_t> multiply(std::int64_t a, std::int64_t b) {
  std::int64_t r = 0;
  return __builtin_mul_overflow(a, b, &r) ? std::nullopt : std::optional{r};
}
/// Towards zero, as CEL, C++ and SQL do.
inline std::optional<std::int64_t> divide(std::int64_t a, std::int64_t b) {
  if (b == 0 || (b == -1 && a == std::numeric_limits<std::int64_t>::min())) return std::nullopt;
  return a / b;
}
/// With the sign of `a`.
inline std::optional<std::int64_t> modulo(std::int64_t a, std::int64_t b) {
  if (b == 0) return std::nullopt;
  return b == -1 ? 0 : a % b;
}
inline std::optional<double> finite(double value) { return std::isfinite(value) ? std::optional{value} : std::nullopt; }

/// A wider integer for bounds that must not wrap.
__extension__ using Wide = __int128;
inline bool fits(Wide value) {
  return value >= std::numeric_limits<std::int64_t>::min() && value <= std::numeric_limits<std::int64_t>::max();
}
inline std::int64_t saturate(Wide value) {
  if (value > std::numeric_limits<std::int64_t>::max()) return std::numeric_limits<std::int64_t>::max();
  if (value < std::numeric_limits<std::int64_t>::min()) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(value);
}
/// b > 0; towards minus infinity.
inline Wide floor_divide(Wide a, Wide b) {
  const Wide quotient = a / b;
  return a % b < 0 ? quotient - 1 : quotient;
}

/// Towards zero; nullopt outside of 64 bits.
std::optional<std::int64_t> truncate(double value);
/// 10^scale.
double power_of_ten(unsigned scale);

}  // namespace kith::internal::expr
