// The walk over the checked tree with a column for each node. The rules are those of Evaluator; what is here is how
// they are applied to many rows at once.
#pragma once
#include "expr/batch/batch_space.hpp"
#include "expr/evaluate/evaluation.hpp"

namespace kith::internal::expr {

/// Rows for which a test is true, eight at a time so that the bits are put together without branches.
template <class Test>
Mask mask_of(std::size_t rows, Test test) {
  Mask mask;
  const auto bit = [&](std::size_t row, unsigned place) {
    return static_cast<std::uint64_t>(static_cast<bool>(test(row))) << place;
  };
  for (std::size_t word = 0; word * 64 < rows; ++word) {
    const std::size_t begin = word * 64;
    const std::size_t count = rows - begin < 64 ? rows - begin : 64;
    std::uint64_t bits = 0;
    std::size_t i = 0;
    for (; i + 8 <= count; i += 8) {
      const std::size_t row = begin + i;
      const std::uint64_t eight = bit(row, 0) | bit(row + 1, 1) | bit(row + 2, 2) | bit(row + 3, 3) | bit(row + 4, 4) |
                                  bit(row + 5, 5) | bit(row + 6, 6) | bit(row + 7, 7);
      bits |= eight << i;
    }
    for (; i < count; ++i) bits |= bit(begin + i, 0) << i;
    mask.words[word] = bits;
  }
  return mask;
}

/// Rows for which a(row) op b(row), an operator that compares.
template <class A, class B>
Mask decide_all(Op op, std::size_t rows, A a, B b) {
  switch (op) {
    case Op::less: return mask_of(rows, [&](std::size_t row) { return a(row) < b(row); });
    case Op::less_equal: return mask_of(rows, [&](std::size_t row) { return a(row) <= b(row); });
    case Op::greater: return mask_of(rows, [&](std::size_t row) { return a(row) > b(row); });
    case Op::greater_equal: return mask_of(rows, [&](std::size_t row) { return a(row) >= b(row); });
    case Op::not_equal: return mask_of(rows, [&](std::size_t row) { return a(row) != b(row); });
    default: return mask_of(rows, [&](std::size_t row) { return a(row) == b(row); });
  }
}

/// Calls visit(row) for every row of the mask.
template <class Visit>
void for_each_row(const Mask& mask, Visit visit) {
  for (std::size_t word = 0; word < Mask::kWords; ++word) {
    for (std::uint64_t bits = mask.words[word]; bits != 0; bits &= bits - 1) {
      visit(word * 64 + static_cast<std::size_t>(__builtin_ctzll(bits)));
    }
  }
}

class BatchWalk {
 public:
  BatchWalk(const Program& program, const Batch& batch, const Env& env, BatchSpace& space, bool timed);
  /// Rows outside of `active` may come to anything, and nothing that costs is computed for them.
  Column column(const Node& node, const Mask& active);
  BatchTruth judge(const Node& node, const Mask& active);
  const Mask& all() const { return all_; }

 private:
  struct Times;  ///< rows' instants that are still being made
  Column same_for_all(const Node& node);
  const Column& read(const Node& node) const;
  Column by_record(const Node& node, const Mask& active);
  Column truth_column(const BatchTruth& truth);
  BatchTruth column_truth(const Column& column);
  Mask alive(const Column& column) const;
  Mask nulls(const Column& column) const;
  const std::int64_t* times(const Column& column);
  /// The rule of Fate for each row; nullptr: all hold forever.
  const std::int64_t* fate(const Column& a, const Column& b, bool null_is_dead);

  // batch.cpp
  std::vector<const Node*> parts_in_order(const Node& node) const;
  BatchTruth logic(const Node& node, const Mask& active);
  Column conditional(const Node& node, const Mask& active);
  Column coalesce(const Node& node, const Mask& active);

  // batch_compare.cpp
  BatchTruth comparison(const Node& node, const Mask& active);
  BatchTruth compared(Op op, const Node& node, const Column& a, const Column& b, const Mask& active);
  Mask test(Op op, const Column& a, const Column& b, const Mask& asked) const;
  BatchTruth compared_by_rows(Op op, const Node& node, const Column& a, const Column& b, const Mask& active);
  BatchTruth against_now(const Node& node, const Mask& active);
  BatchTruth days_compared(const Node& node, std::size_t side, const Mask& active);
  BatchTruth in_values(const Node& node, const Mask& active);
  BatchTruth in_values_by_rows(const Node& node, const Column& x, const Mask& active);
  BatchTruth in_list(const Node& node, const Mask& active);
  BatchTruth text_test(const Node& node, const Mask& active);

  // batch_values.cpp
  Column arithmetic(const Node& node, const Mask& active);
  Column calculated(const Node& node, const Column& a, const Column& b, const Mask& active);
  Column negate(const Node& node, const Mask& active);
  Column function(const Node& node, const Mask& active);
  Column days(const Column& start);
  Column plugin(const Node& node, const Mask& active);
  Column brought(const Node& node, const Mask& active);

  const Program& program_;
  const Batch& batch_;
  const Env& env_;
  BatchSpace& space_;
  bool timed_;
  Mask all_;
};

}  // namespace kith::internal::expr
