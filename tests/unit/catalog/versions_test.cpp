#include "manifests.hpp"

namespace kith::internal::catalog {
namespace {

TEST(VersionTest, AcceptsTwoOrThreeNumbers) {
  EXPECT_TRUE(is_version("0.1"));
  EXPECT_TRUE(is_version("1.20.300"));
  for (const char* wrong : {"", "1", "1.2.3.4", "1.x", "v1.0", "1..2", "-1.0", "1.2 "})
    EXPECT_FALSE(is_version(wrong)) << wrong;
}

TEST(VersionTest, AcceptsRanges) {
  for (const char* range : {"*", "^0.1", ">=0.1 <0.2", "0.1.3", "=0.1.3", "<=2.0", ">1"})
    EXPECT_TRUE(is_version_range(range)) << range;
  for (const char* wrong : {"", "~1.0", "^", "latest", ">=0.1,<0.2"}) EXPECT_FALSE(is_version_range(wrong)) << wrong;
}

TEST(VersionTest, KeepsTheLeftmostNumberThatIsNotZeroUnderACaret) {
  EXPECT_TRUE(version_in_range("0.1.9", "^0.1"));
  EXPECT_FALSE(version_in_range("0.2.0", "^0.1"));
  EXPECT_TRUE(version_in_range("1.9.0", "^1.2"));
  EXPECT_FALSE(version_in_range("1.1.9", "^1.2"));
  EXPECT_FALSE(version_in_range("2.0.0", "^1.2"));
  EXPECT_TRUE(version_in_range("0.0.3", "^0.0.3"));
  EXPECT_FALSE(version_in_range("0.0.4", "^0.0.3"));
}

TEST(VersionTest, HoldsAllComparisonsOfARange) {
  EXPECT_TRUE(version_in_range("0.1.0", ">=0.1 <0.2"));
  EXPECT_FALSE(version_in_range("0.2.0", ">=0.1 <0.2"));
  EXPECT_TRUE(version_in_range("7.0", "*"));
  EXPECT_TRUE(version_in_range("0.1.5", "0.1"));
  EXPECT_FALSE(version_in_range("0.1.5", "0.1.4"));
}

}  // namespace
}  // namespace kith::internal::catalog
