#include "cut_points.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>

namespace insight {
namespace {

using testing::ElementsAre;

TEST(CutPointsTest, AreQuantilesOfTypeSevenPlusOne) {
  // R: quantile(c(10, 20, 30, 40, 50), c(.2, .4, .6, .8)) is 18 26 34 42.
  EXPECT_THAT(cut_points({10, 20, 30, 40, 50}, 1), ElementsAre(19, 27, 35, 43));
  // R: quantile(1:10, c(.2, .4, .6, .8)) is 2.8 4.6 6.4 8.2.
  EXPECT_THAT(cut_points({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 1), ElementsAre(3.8, 5.6, 7.4, 9.2));
}

TEST(CutPointsTest, AreTheNearestDoublesOfTheExactValues) {
  // 296.4 + 1: three fifths of 296 and two of 297, and one.
  EXPECT_EQ(cut_points({0, 0, 296, 297, 500}, 1)[2], 297.4);
  EXPECT_THAT(cut_points({0, 2}, 1), ElementsAre(1.4, 1.8, 2.2, 2.6));
}

TEST(CutPointsTest, DoNotDependOnTheOrderOfTheValues) {
  EXPECT_EQ(cut_points({50, 10, 40, 20, 30}, 1), cut_points({10, 20, 30, 40, 50}, 1));
}

TEST(CutPointsTest, AreInWholeUnits) {
  EXPECT_THAT(cut_points({1000, 2000, 3000, 4000, 5000}, 100), ElementsAre(19, 27, 35, 43));
  EXPECT_THAT(cut_points({1, 2}, 100), ElementsAre(1.012, 1.014, 1.016, 1.018));
}

TEST(CutPointsTest, OfOneValueLieAllOneAboveIt) { EXPECT_THAT(cut_points({7}, 1), ElementsAre(8, 8, 8, 8)); }

TEST(CutPointsTest, OfNegativeValuesAreInterpolatedAlike) {
  EXPECT_THAT(cut_points({-50, -40, -30, -20, -10}, 1), ElementsAre(-41, -33, -25, -17));
}

TEST(CutPointsTest, OfTheLargestAmountsDoNotOverflow) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max(),
                         least = std::numeric_limits<std::int64_t>::min();
  EXPECT_THAT(cut_points({most, most, most}, 1),
              ElementsAre(9223372036854775808.0, 9223372036854775808.0, 9223372036854775808.0, 9223372036854775808.0));
  EXPECT_LT(cut_points({least, most}, 1)[0], 0);
}

TEST(CutPointsTest, AreRefusedForNoValues) {
  EXPECT_THROW(cut_points({}, 1), std::invalid_argument);
  EXPECT_THROW(cut_points({1}, 0), std::invalid_argument);
}

}  // namespace
}  // namespace insight
