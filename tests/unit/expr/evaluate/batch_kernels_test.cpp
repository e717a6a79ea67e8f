// The loops over whole columns say of every row what the operator of C++ says, whether row by row or four at a time,
// and nothing of rows that are not there.
#include "expr/batch/batch_kernels.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>
#include <vector>

namespace kith::internal::expr::testing {
namespace {

template <class T>
bool compares(Op op, T a, T b) {
  switch (op) {
    case Op::equal: return a == b;
    case Op::not_equal: return a != b;
    case Op::less: return a < b;
    case Op::less_equal: return a <= b;
    case Op::greater: return a > b;
    default: return a >= b;
  }
}

class BatchKernelsTest : public ::testing::TestWithParam<Lanes> {
 protected:
  void SetUp() override {
    if (GetParam() == Lanes::four && widest_lanes() != Lanes::four) GTEST_SKIP() << "this processor has no AVX2";
  }
  /// Every length up to three words and some up to all rows.
  template <class Use>
  void for_each_length(Use use) {
    for (std::size_t rows = 0; rows <= 200; ++rows) use(rows);
    for (const std::size_t rows : {255U, 256U, 257U, 1000U, 2047U, 2048U}) use(rows);
  }
  template <class T>
  T pick(const std::vector<T>& from) {
    return from[random_() % from.size()];
  }
  template <class T>
  std::vector<T> column(const std::vector<T>& from, std::size_t rows) {
    std::vector<T> values;
    for (std::size_t row = 0; row < rows; ++row) values.push_back(pick(from));
    return values;
  }
  static void expect_same(const Mask& found, std::size_t rows, const std::vector<bool>& expected) {
    for (std::size_t row = 0; row < kBatchRows; ++row) {
      ASSERT_EQ(found[row], row < rows && expected[row]) << "row " << row << " of " << rows;
    }
  }

  template <class T>
  void expect_compared(const std::vector<T>& from) {
    for_each_length([&](std::size_t rows) {
      const std::vector<T> values = column(from, rows);
      const T with = pick(from);
      for (const Op op : {Op::equal, Op::not_equal, Op::less, Op::less_equal, Op::greater, Op::greater_equal}) {
        std::vector<bool> expected;
        for (const T value : values) expected.push_back(compares(op, value, with));
        expect_same(compare_rows(op, values.data(), with, rows, GetParam()), rows, expected);
      }
    });
  }

  std::mt19937_64 random_{20261122};
};

TEST_P(BatchKernelsTest, CompareWholeNumbersAsTheOperatorDoes) {
  using Limits = std::numeric_limits<std::int64_t>;
  expect_compared<std::int64_t>({Limits::min(), Limits::min() + 1, -1, 0, 1, 2, std::int64_t{1} << 32,
                                 -(std::int64_t{1} << 32), Limits::max() - 1, Limits::max()});
}

TEST_P(BatchKernelsTest, CompareDoublesAsTheOperatorDoes) {
  using Limits = std::numeric_limits<double>;
  expect_compared<double>({-Limits::infinity(), Limits::lowest(), -1.0, -0.0, 0.0, Limits::denorm_min(), 0.1, 1.0,
                           Limits::max(), Limits::infinity(), Limits::quiet_NaN()});
}

TEST_P(BatchKernelsTest, FindTextsOfASize) {
  const std::vector<std::string> words = {"", "a", "ab", "abc", "a text of some length"};
  const std::vector<std::string_view> from(words.begin(), words.end());
  for_each_length([&](std::size_t rows) {
    const std::vector<std::string_view> texts = column(from, rows);
    for (const std::size_t size : {0U, 1U, 2U, 3U, 21U, 22U}) {
      std::vector<bool> expected;
      for (const std::string_view text : texts) expected.push_back(text.size() == size);
      expect_same(rows_of_size(texts.data(), size, rows, GetParam()), rows, expected);
    }
  });
}

INSTANTIATE_TEST_SUITE_P(ByLanes, BatchKernelsTest, ::testing::Values(Lanes::one, Lanes::four),
                         [](const auto& lanes) { return lanes.param == Lanes::one ? "RowByRow" : "FourAtATime"; });

}  // namespace
}  // namespace kith::internal::expr::testing
