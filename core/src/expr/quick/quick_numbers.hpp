// Sums of numbers and what they compare with, for quick.cpp to choose from; quick_forms.hpp has the rest.
#pragma once
#include <cmath>
#include <cstdint>
#include <type_traits>

#include "expr/quick/quick.hpp"

namespace kith::internal::expr::forms {

inline Judged forever(bool yes) { return {truth_of(yes), kForever}; }

template <Op O, class T>
bool decided(const T& a, const T& b) {
  if constexpr (O == Op::less) return a < b;
  if constexpr (O == Op::less_equal) return a <= b;
  if constexpr (O == Op::greater) return a > b;
  if constexpr (O == Op::greater_equal) return a >= b;
  if constexpr (O == Op::not_equal) return a != b;
  return a == b;
}

// A null on one side only is definite where it is asked whether both are the same.
template <Op O>
constexpr bool kHoldsWithNull = O == Op::not_equal;
/// For a value of which it is known how it compares.
template <Op O>
bool unless_null(const Value& value, bool compares) {
  return kHoldsWithNull<O> ? either(value.is_null(), compares) : both(!value.is_null(), compares);
}
template <Op O>
Judged one_is_null() {
  if constexpr (is_ordering(O)) return {};
  return forever(kHoldsWithNull<O>);
}

template <class T, class From>
T plain(const From& from) {
  if constexpr (std::is_same_v<T, double>) {
    return from.d;
  } else {
    return from.i;
  }
}

template <class T>
Number with_state(T value, Number::State state) {
  Number number{};
  if constexpr (std::is_same_v<T, double>) {
    number.d = value;
  } else {
    number.i = value;
  }
  number.state = state;
  return number;
}
inline Number::State unknown_if(bool yes) {
  return static_cast<Number::State>(yes * static_cast<int>(Number::State::unknown));
}

template <class T>
Number field_number(const Value& value) {
  static_assert(static_cast<int>(Number::State::null) == 1);
  return with_state(plain<T>(value), static_cast<Number::State>(value.is_null()));
}

/// `dead`: of what it is computed.
template <Op O, class T>
Number compute(T a, T b, bool dead) {
  if constexpr (std::is_same_v<T, double>) {
    const double result = O == Op::add ? a + b : O == Op::subtract ? a - b : O == Op::multiply ? a * b : a / b;
    return with_state(result, unknown_if(either(dead, !std::isfinite(result))));
  } else {
    std::int64_t result = 0;
    bool outside = false;
    if constexpr (O == Op::add) outside = __builtin_add_overflow(a, b, &result);
    if constexpr (O == Op::subtract) outside = __builtin_sub_overflow(a, b, &result);
    if constexpr (O == Op::multiply) outside = __builtin_mul_overflow(a, b, &result);
    if constexpr (O == Op::divide || O == Op::modulo) {
      const auto quotient = O == Op::divide ? divide(a, b) : modulo(a, b);
      outside = !quotient;
      result = quotient.value_or(0);
    }
    return with_state(result, unknown_if(either(dead, outside)));
  }
}

// Where an operand stands, so that fields and literals are read without a call. Each says how it is read as the left or
// the right operand of `quick`: fields and literals stand in it, the rest below it.
struct AField {
  template <class T>
  static Number left(const Quick& quick, const Value* facts) {
    return field_number<T>(quick.fact.of(facts));
  }
  template <class T>
  static Number right(const Quick& quick, const Value* facts) {
    return field_number<T>(quick.other.of(facts));
  }
};
struct ALiteral {
  template <class T>
  static Number right(const Quick& quick, const Value*) {
    return with_state(plain<T>(quick.literal), Number::State::alive);
  }
};
struct ATerm {
  template <class T>
  static Number left(const Quick& quick, const Value* facts) {
    return quick.left->number(*quick.left, facts);
  }
  template <class T>
  static Number right(const Quick& quick, const Value* facts) {
    return quick.right->number(*quick.right, facts);
  }
};

template <class T>
Number field_of(const Quick& quick, const Value* facts) {
  return AField::left<T>(quick, facts);
}
template <class T>
Number literal_of(const Quick& quick, const Value* facts) {
  return ALiteral::right<T>(quick, facts);
}

template <Op O, class T, class L, class R>
Number computed(const Quick& quick, const Value* facts) {
  const Number a = L::template left<T>(quick, facts);
  const Number b = R::template right<T>(quick, facts);
  return compute<O>(plain<T>(a), plain<T>(b), either(a.dead(), b.dead()));
}

template <Op O>
Judged judge_dead(const Number& a, const Number& b) {
  const bool unknown = a.state == Number::State::unknown || b.state == Number::State::unknown;
  if (unknown || is_ordering(O)) return {};
  return forever((a.dead() && b.dead()) == (O == Op::equal));
}

template <Op O, class T, class L, class R>
struct Numbers {
  static bool holds(const Quick& quick, const Value* facts, std::int64_t) {
    const Number a = L::template left<T>(quick, facts);
    const Number b = R::template right<T>(quick, facts);
    if constexpr (is_ordering(O)) {
      return both(!either(a.dead(), b.dead()), decided<O>(plain<T>(a), plain<T>(b)));
    } else {
      if (either(a.dead(), b.dead())) return judge_dead<O>(a, b).truth == Truth::yes;
      return decided<O>(plain<T>(a), plain<T>(b));
    }
  }
};
/// What the comparison comes to has the same operands wherever they stand: one function for all of them.
template <Op O, class T>
Judged judge_numbers(const Quick& quick, const Value* facts, std::int64_t, bool) {
  const Number a = quick.left->number(*quick.left, facts);
  const Number b = quick.right->number(*quick.right, facts);
  if (a.dead() || b.dead()) return judge_dead<O>(a, b);
  return forever(decided<O>(plain<T>(a), plain<T>(b)));
}

}  // namespace kith::internal::expr::forms
