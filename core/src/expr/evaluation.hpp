// The walk over the checked tree. Rules of valid_until: design/derivations.md, first table.
#pragma once
#include <vector>

#include "expr/evaluate.hpp"
#include "expr/node.hpp"

namespace kith::internal::expr {

class Evaluator {
 public:
  /// `record` may be null: it does not exist, and every field of it is null.
  Evaluator(const Env& env, RecordView* record) : env_(env), record_(record) {}
  Timed run(const Node& node);

 private:
  Timed member(const Node& node);
  RecordView* reach(const Node& node, std::int64_t& until);
  Timed parameter(const Node& node) const;
  const Surroundings& surroundings() const;

  // evaluate_operators.cpp
  Timed logic(const Node& node);
  Timed comparison(const Node& node);
  Timed against_now(const Node& node);
  Timed in_values(const Node& node);
  Timed in_list(const Node& node);
  Timed arithmetic(const Node& node);
  Timed negate(const Node& node);
  Timed conditional(const Node& node);
  Timed coalesce(const Node& node);
  Timed change(const Node& node);
  std::int64_t durations_until(const Node& node, std::int64_t& furthest);

  // evaluate_functions.cpp
  Timed function(const Node& node);
  Timed plugin(const Node& node);

  const Env& env_;
  RecordView* record_;
};

/// x == y as the language means it: null equals null; unknown when a side is unknown or amounts of two currencies meet.
Value equal_values(const Value& a, const Value& b);

}  // namespace kith::internal::expr
