// round(), floor(), abs() of ints, doubles, money and durations, and what is computed from doubles by the C library.
#pragma once
#include <cstdint>

#include "base/value/value.hpp"
#include "expr/tree/node.hpp"

namespace kith::internal::expr {

/// To so many decimals of the number itself, half away from zero; money in whole units where digits are 0. Below 0: to
/// tens, hundreds, ... Of a double it is the decimal that is shown, the shortest that is read back as it: 2.675 to two
/// digits is 2.68.
Value rounded(const Value& value, std::int64_t digits);
Value floored(const Value& value);  ///< money in whole units
Value absolute(const Value& value);
/// pow, ln, exp: as exact as the C library is.
Value transcendental(Function function, double x, double y);

/// The power of ten in which ints and amounts are rounded to `digits`; 0 and below: they are as they are.
inline std::int64_t rounding_power(const Type& type, std::int64_t digits) {
  const std::int64_t scale = type.kind == Kind::money ? type.currency.scale : 0;
  return digits <= -100 ? 100 : scale - digits;
}

}  // namespace kith::internal::expr
