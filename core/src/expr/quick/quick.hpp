// The common forms, compiled: what reads only stored fields of the record and literals, each form a function of its
// own, so that evaluating a term is one call and no decision. Everything else goes through Evaluator, by the same
// rules.
#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "expr/evaluate/evaluation.hpp"
#include "expr/quick/quick_sums.hpp"

namespace kith::internal::expr {

/// A number on its way, without the rest of a Value.
struct Number {
  enum class State : std::uint8_t { alive, null, unknown };
  union {
    std::int64_t i = 0;
    double d;
  };
  State state = State::alive;
  bool dead() const { return state != State::alive; }
};

/// Instants from the first to the last, both included.
struct Span {
  std::int64_t first = INT64_MIN, last = INT64_MAX;
  bool contains(std::int64_t now) const { return now >= first && now <= last; }
  void narrow(const Span& other) {
    first = first < other.first ? other.first : first;
    last = other.last < last ? other.last : last;
  }
  /// To those to which `offset` can be added.
  void narrow_to_sums_with(std::int64_t offset) {
    if (offset > 0) narrow({INT64_MIN, INT64_MAX - offset});
    if (offset < 0) narrow({INT64_MIN - offset, INT64_MAX});
  }
};

struct Quick {
  using Holds = bool (*)(const Quick&, const Value* facts, std::int64_t now);
  using Judge = Judged (*)(const Quick&, const Value* facts, std::int64_t now, bool timed);
  using Count = Number (*)(const Quick&, const Value* facts);

  // A condition has holds() and judge(), an int or double number(); a tree that is not of a common form has none.
  Holds run = nullptr;    ///< in a row: it and what stands behind it; elsewhere the same as holds()
  Holds holds = nullptr;  ///< whether it is true, and nothing else: unknown is as good as false

  Fact fact;                       ///< the field on the left
  Fact other;                      ///< the field on the right, where there is one
  Number literal{};                ///< the literal on the right, where it is a number
  const Value* against = nullptr;  ///< the literal on the right
  std::int64_t offset = 0;         ///< now() + offset
  const Quick* left = nullptr;
  const Quick* right = nullptr;
  std::int64_t lowest = 0, highest = 0;  ///< what is added to now() on the way; of days, so many and one more
  Span instants;                         ///< at which every sum with now() is in range
  // The comparison as a range, where it can be said so; only holds() looks at it.
  std::optional<SumRange> range;
  std::optional<RealSumRange> real_range;

  Judge judge = nullptr;  ///< true, false or unknown; where `timed`, until when
  Count number = nullptr;
  // In a row of an && or ||: decides it, or lets the next one do so.
  Holds in_and = nullptr;
  Holds in_or = nullptr;
  std::vector<const Value*> values;  ///< of `in`
  std::vector<const Quick*> parts;   ///< of an && or ||
  const Quick* first = nullptr;      ///< of an && or ||: where its row begins
  bool takes_longer = false;         ///< than to compare a number
};

/// Owns what the nodes of a tree point to.
struct QuickForms {
  const Quick* first = nullptr;  ///< what is run to learn whether the root holds; nullptr: it has no common form
  std::deque<Quick> all;
  /// Of each && or || its parts again, one behind the other, each of which runs the next. What takes longer stands
  /// last, since of what is true or not the order says nothing.
  std::deque<std::vector<Quick>> rows;
};

/// Finds the common forms in a checked tree and hangs them on its nodes.
std::unique_ptr<QuickForms> compile_quick(Node& root);

}  // namespace kith::internal::expr
