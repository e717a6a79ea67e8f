// The common forms, compiled: what reads only stored fields of the record and literals, each form a function of its own,
// so that evaluating a term is one call and no decision. Everything else goes through Evaluator, by the same rules.
#pragma once
#include <cstdint>
#include <deque>
#include <memory>
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

struct QuickFrame {
  const Value* facts;
  const Env& env;
  bool timed;
};

struct Quick {
  using Judge = Judged (*)(const Quick&, const QuickFrame&);
  using Count = Number (*)(const Quick&, const QuickFrame&);
  Judge judge = nullptr;              ///< a condition; nullptr: this is none, or not of a common form
  Count number = nullptr;             ///< an int or double
  std::int32_t fact = -1;             ///< the field on the left
  Number literal{};                   ///< the literal on the right, where it is a number
  const Value* against = nullptr;     ///< the literal on the right
  const Quick* left = nullptr;
  const Quick* right = nullptr;
  std::int64_t offset = 0;            ///< now() + offset
  std::int64_t lowest = 0, highest = 0;  ///< of the sums on the way there
  std::vector<const Quick*> parts;    ///< of an && or ||
  std::vector<const Value*> values;   ///< of `in`
};

/// Owns what the nodes of a tree point to.
struct QuickForms {
  std::deque<Quick> all;
};

/// Finds the common forms in a checked tree and hangs them on its nodes.
std::unique_ptr<QuickForms> compile_quick(Node& root);

}  // namespace kith::internal::expr
