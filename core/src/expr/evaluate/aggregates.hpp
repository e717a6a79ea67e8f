// What the values of a set of records come to. Null values are left out by the caller; one that is unknown makes the
// whole unknown.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "expr/evaluate/arithmetic.hpp"
#include "expr/tree/node.hpp"

namespace kith::internal::expr {

/// Half of the sum, or a part of it, to the nearest; what lies in the middle goes to the even neighbour. `parts` > 0.
std::int64_t divide_half_even(Wide sum, std::int64_t parts);

class Collected {
 public:
  /// `type` is that of the result.
  Collected(Aggregate aggregate, const Type& type) : aggregate_(aggregate), type_(type) {}
  void add(Value value);
  Value result();

 private:
  Value sum() const;
  Value average() const;
  Value median();
  Value distinct();

  Aggregate aggregate_;
  Type type_;
  std::int64_t rows_ = 0;
  Wide whole_ = 0;
  double real_ = 0;
  Value best_;
  std::vector<Value> values_;  ///< median, count_distinct
  bool unknown_ = false;
};

}  // namespace kith::internal::expr
