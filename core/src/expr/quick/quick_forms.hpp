// The functions that quick.cpp chooses from. Each form says whether it holds and, by the same rule, what it comes to
// and until when. A form is negated when it is chosen, never when it runs: !(a < b) is a >= b, and T(!a) = F(a) for
// each. Whether a value is there is computed with, not branched on: nulls come as they like, and a branch that can't be
// foreseen costs more than the work it saves. A null has its number at zero and its text empty, so both can be read.
#pragma once
#include <cstdint>
#include <type_traits>

#include "expr/quick/quick_numbers.hpp"
#include "expr/tree/types.hpp"

namespace kith::internal::expr::forms {

// field op literal: Compare decides of a value that is there.

template <Op O, class Compare>
struct Field {
  static bool holds(const Quick& quick, const Value* facts, std::int64_t) {
    const Value& value = quick.fact.of(facts);
    return unless_null<O>(value, both(Compare::comparable(value, quick), Compare::template decide<O>(value, quick)));
  }
  static Judged judge(const Quick& quick, const Value* facts, std::int64_t, bool) {
    const Value& value = quick.fact.of(facts);
    if (value.is_null()) return one_is_null<O>();
    if (!Compare::comparable(value, quick)) return {};
    return forever(Compare::template decide<O>(value, quick));
  }
};

template <class T>
struct Plainly {
  static bool comparable(const Value&, const Quick&) { return true; }
  template <Op O>
  static bool decide(const Value& value, const Quick& quick) {
    return decided<O>(plain<T>(value), plain<T>(quick.literal));
  }
};
struct AsMoney : Plainly<std::int64_t> {
  static bool comparable(const Value& value, const Quick& quick) {
    return value.currency == quick.against->currency || same_currency(value.currency, quick.against->currency);
  }
};
struct AsText {
  static bool comparable(const Value&, const Quick&) { return true; }
  template <Op O>
  static bool decide(const Value& value, const Quick& quick) {
    return decided<O>(value.s, quick.against->s);
  }
};

template <bool Wanted>
struct There {
  static bool holds(const Quick& quick, const Value* facts, std::int64_t) {
    return quick.fact.of(facts).is_null() != Wanted;
  }
  static Judged judge(const Quick& quick, const Value* facts, std::int64_t now, bool) {
    return forever(holds(quick, facts, now));
  }
};

template <bool Wanted>
struct Flag {
  static bool holds(const Quick& quick, const Value* facts, std::int64_t) {
    const Value& value = quick.fact.of(facts);
    return both(!value.is_null(), (value.i != 0) == Wanted);
  }
  static Judged judge(const Quick& quick, const Value* facts, std::int64_t, bool) {
    const Truth truth = truth_of(quick.fact.of(facts));
    return {Wanted ? truth : opposite(truth), kForever};
  }
};

template <class T, bool Wanted>
struct Among {
  static bool holds(const Quick& quick, const Value* facts, std::int64_t) {
    const Value& value = quick.fact.of(facts);
    for (const Value* element : quick.values) {
      if (value.is_null() ? element->is_null() : !element->is_null() && same(value, *element)) return Wanted;
    }
    return !Wanted;
  }
  static Judged judge(const Quick& quick, const Value* facts, std::int64_t now, bool) {
    return forever(holds(quick, facts, now));
  }
  static bool same(const Value& a, const Value& b) {
    if constexpr (std::is_same_v<T, std::string>) {
      return a.s == b.s;
    } else {
      return a.i == b.i;
    }
  }
};

// Time

template <Op O>
struct AgainstNow {
  static bool holds(const Quick& quick, const Value* facts, std::int64_t now) {
    const Value& value = quick.fact.of(facts);
    if (!quick.instants.contains(now)) return false;
    return unless_null<O>(value, decided<O>(value.i, now + quick.offset));
  }
  static Judged judge(const Quick& quick, const Value* facts, std::int64_t now, bool timed) {
    const Value& value = quick.fact.of(facts);
    if (is_ordering(O) && value.is_null()) return {};
    if (!quick.instants.contains(now)) return {Truth::unknown, now == kForever ? kForever : now + 1};
    const std::int64_t clock = now + quick.offset;
    const bool yes = value.is_null() ? kHoldsWithNull<O> : decided<O>(value.i, clock);
    if (!timed) return forever(yes);
    const std::int64_t range_end = saturate(static_cast<Wide>(kForever) - quick.highest + 1);
    return {truth_of(yes), value.is_null() ? range_end : flip_of(O, value.i, clock, now, range_end)};
  }
};

// A count of days whose microseconds, and those of one day more, are known numbers: of an instant, in range of which
// `now` can be counted back. Whatever else is asked of days goes the long way.
template <Op O, bool OfDate>
struct Days {
  static bool holds(const Quick& quick, const Value* facts, std::int64_t now) {
    const Value& value = quick.fact.of(facts);
    if (OfDate || !quick.instants.contains(now)) return !value.is_null() && long_way(quick, value, now);
    const std::int64_t first = now - quick.lowest;    // the latest moment that was `days` ago
    const std::int64_t second = now - quick.highest;  // and one day more
    bool yes = false;
    if constexpr (O == Op::less) yes = value.i > first;
    if constexpr (O == Op::less_equal) yes = value.i > second;
    if constexpr (O == Op::greater) yes = value.i <= second;
    if constexpr (O == Op::greater_equal) yes = value.i <= first;
    if constexpr (O == Op::equal) yes = both(value.i <= first, value.i > second);
    if constexpr (O == Op::not_equal) yes = either(value.i > first, value.i <= second);
    return both(!value.is_null(), yes);
  }
  static Judged judge(const Quick& quick, const Value* facts, std::int64_t now, bool timed) {
    const Value& value = quick.fact.of(facts);
    if (value.is_null()) return {};
    return {truth_of(holds(quick, facts, now)), timed ? days_until(O, start(value), quick.literal.i, now) : kForever};
  }
  static Wide start(const Value& value) { return start_of(OfDate ? Kind::date : Kind::timestamp, value.i); }
  static bool long_way(const Quick& quick, const Value& value, std::int64_t now) {
    return days_compare(O, start(value), quick.literal.i, now);
  }
};

// Logic

template <bool Decides>
bool decide_or_run_next(bool holds, const Quick& quick, const Value* facts, std::int64_t now) {
  if (holds == Decides) return Decides;
  const Quick& next = (&quick)[1];
  return next.run(next, facts, now);
}
/// In a row a part either decides or has the next one run, which takes its place: a jump, no call. (Without
/// optimisation it is a call, as deep as a source of 8 KiB has parts.) The last one is run by itself, since what it
/// comes to is what the row comes to.
template <bool Decides, class Form>
struct InRow {
  static bool holds(const Quick& quick, const Value* facts, std::int64_t now) {
    return decide_or_run_next<Decides>(Form::holds(quick, facts, now), quick, facts, now);
  }
};

/// A sum in a range; where that is unsure, what it comes to step by step.
template <std::size_t Fields, class Range, std::optional<Range> Quick::*Which>
struct InRange {
  static bool holds(const Quick& quick, const Value* facts, std::int64_t now) {
    const Found found = find<Fields>(*(quick.*Which), facts);
    return found == Found::unsure ? long_way(quick, facts, now) : found == Found::yes;
  }
  static bool long_way(const Quick& quick, const Value* facts, std::int64_t now) {
    return quick.judge(quick, facts, now, false).truth == Truth::yes;
  }
};
// With the long way out of line as a whole, so that the short one keeps nothing for it.
template <bool Decides, std::size_t Fields, class Range, std::optional<Range> Quick::*Which>
struct InRow<Decides, InRange<Fields, Range, Which>> {
  static bool holds(const Quick& quick, const Value* facts, std::int64_t now) {
    const Found found = find<Fields>(*(quick.*Which), facts);
    if (found == Found::unsure) return long_way(quick, facts, now);
    return decide_or_run_next<Decides>(found == Found::yes, quick, facts, now);
  }
  [[gnu::noinline]] static bool long_way(const Quick& quick, const Value* facts, std::int64_t now) {
    return decide_or_run_next<Decides>(InRange<Fields, Range, Which>::long_way(quick, facts, now), quick, facts, now);
  }
};

template <Truth Deciding>
struct Combined {
  static bool holds(const Quick& quick, const Value* facts, std::int64_t now) {
    return quick.first->run(*quick.first, facts, now);
  }
  static Judged judge(const Quick& quick, const Value* facts, std::int64_t now, bool timed) {
    LogicRule rule(Deciding, timed);
    for (const Quick* part : quick.parts) {
      if (rule.takes(part->judge(*part, facts, now, timed))) break;
    }
    return rule.result();
  }
};

}  // namespace kith::internal::expr::forms
