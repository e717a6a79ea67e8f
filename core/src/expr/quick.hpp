// The common forms, compiled: what reads only stored fields of the record and literals, each form a function of its
// own, so that evaluating a term is one call and no decision. Everything else goes through Evaluator, by the same
// rules.
#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "expr/evaluation.hpp"

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

/// The most common condition of all as data, so that several are judged without a call: a whole number is there and is
/// not beyond an edge, which may move with now(). Where `turned` is -1 (all bits set) it is the lowest one allowed,
/// else the highest: to turn all bits turns the order of whole numbers about.
struct Limit {
  std::int64_t turned = 0;
  std::int64_t edge = 0;
  std::int64_t by_now = 0;  ///< -1: the edge is counted from now()
  std::int32_t fact = -1;
};
/// The same of an amount of money in that currency.
struct AmountLimit {
  Limit limit;
  Currency currency{};
};
/// The same of a double: times 1 it is not more than the edge, or times -1.
struct RealLimit {
  double sign = 1;
  double edge = 0;
  std::int32_t fact = -1;
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
  struct Part {
    Holds holds;
    const Quick* quick;
  };

  // A condition has the first two, an int or double the third; a tree that is not of a common form has none.
  Holds holds = nullptr;  ///< whether it is true, and nothing else: unknown is as good as false
  Judge judge = nullptr;  ///< true, false or unknown; where `timed`, until when
  Count number = nullptr;

  std::int32_t fact = -1;          ///< the field on the left
  std::int32_t other = -1;         ///< the field on the right, where there is one
  Number literal{};                ///< the literal on the right, where it is a number
  const Value* against = nullptr;  ///< the literal on the right
  const Quick* left = nullptr;
  const Quick* right = nullptr;
  std::int64_t offset = 0;               ///< now() + offset
  std::int64_t lowest = 0, highest = 0;  ///< of the sums on the way there
  Span sums;                             ///< the instants at which every sum with now() is in range
  // The condition said as one of these, where it can be.
  std::optional<Limit> limit;
  std::optional<AmountLimit> amount_limit;
  std::optional<RealLimit> real_limit;
  Span limit_sums;  ///< the instants at which it may be
  // Of an && or ||: its parts as written, those that are limits, and the rest.
  std::vector<const Quick*> parts;
  std::vector<Limit> limits;
  std::vector<AmountLimit> amount_limits;
  std::vector<RealLimit> real_limits;
  std::vector<Part> others;
  std::vector<const Value*> values;  ///< of `in`
};

/// Owns what the nodes of a tree point to.
struct QuickForms {
  std::deque<Quick> all;
};

/// Finds the common forms in a checked tree and hangs them on its nodes.
std::unique_ptr<QuickForms> compile_quick(Node& root);

}  // namespace kith::internal::expr
