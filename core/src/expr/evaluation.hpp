// The walk over the checked tree. Rules of valid_until: design/derivations.md, first table.
#pragma once
#include <array>
#include <vector>

#include "expr/evaluate.hpp"
#include "expr/node.hpp"

namespace kith::internal::expr {

class Evaluator {
 public:
  /// `record` may be null: it does not exist, and every field of it is null.
  Evaluator(const Env& env, RecordView* record) : env_(env), record_(record) {}
  Timed run(const Node& node);
  /// The record at which `node.path` begins, and the one at its end.
  RecordView* root(const Node& node) const;
  RecordView* reach(const Node& node, std::int64_t& until);
  /// What the variable in a slot stands for.
  void bind(std::int8_t slot, RecordView* record) { bound_[static_cast<std::size_t>(slot)] = record; }

 private:
  Timed member(const Node& node);
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

  // evaluate_sets.cpp
  Timed over_set(const Node& node);
  Timed quantified(const Node& node, const std::vector<Related>& rows);
  Timed only_one(const Node& node, const std::vector<Related>& rows);
  Timed aggregated(const Node& node, const std::vector<Related>& rows);
  Timed latest(const Node& node, const std::vector<Related>& rows);
  bool counts(const Node& node, const Related& row, std::int64_t& until);
  Timed setting(const Node& node);

  // evaluate_functions.cpp
  Timed function(const Node& node);
  Timed plugin(const Node& node);

  const Env& env_;
  RecordView* record_;
  std::array<RecordView*, kSlots> bound_{};
  std::int64_t looked_at_ = 0;  ///< related records so far
};

/// x == y as the language means it: null equals null; unknown when a side is unknown or amounts of two currencies meet.
Value equal_values(const Value& a, const Value& b);

}  // namespace kith::internal::expr
