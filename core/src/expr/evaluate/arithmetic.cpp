#include "expr/evaluate/arithmetic.hpp"

namespace kith::internal::expr {

std::optional<std::int64_t> truncate(double value) {
  constexpr double kLimit = 9223372036854775808.0;
  if (!(value >= -kLimit && value < kLimit)) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

double power_of_ten(unsigned scale) {
  double power = 1;
  for (unsigned i = 0; i < scale; ++i) power *= 10;
  return power;
}

}  // namespace kith::internal::expr
