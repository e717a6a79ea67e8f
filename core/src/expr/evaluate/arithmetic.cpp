#include "expr/evaluate/arithmetic.hpp"

#include <charconv>

namespace kith::internal::expr {

std::optional<std::int64_t> read_int(const char* first, const char* last) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(first, last, value);
  return error == std::errc{} && end == last ? std::optional{value} : std::nullopt;
}

std::optional<double> read_double(const char* first, const char* last) {
  double value = 0;
  const auto [end, error] = std::from_chars(first, last, value);
  return error == std::errc{} && end == last ? finite(value) : std::nullopt;
}

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
