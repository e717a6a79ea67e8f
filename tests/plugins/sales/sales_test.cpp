#include "plugins/world.hpp"

namespace kith::test {
namespace {

TEST(SalesTest, KeepsAProductUnderItsCode) {
  World world(kSales);
  const Ref tea = world.me.create("sales.product", {{"code", "TEA-1"}, {"name", "Green tea"}, {"list_price", "12.50"}});
  EXPECT_EQ(world.me.find("sales.product", "TEA-1"), tea);
  EXPECT_EQ(world.value(tea, "list_price"), "12.50 USD");
  EXPECT_TRUE(world.holds(tea, "active"));
}

TEST(SalesTest, RefusesASecondProductOfTheSameCode) {
  World world(kSales);
  world.me.create("sales.product", {{"code", "TEA-1"}, {"name", "Green tea"}});
  EXPECT_EQ(failure_of([&] {
              world.me.create("sales.product", {{"code", "TEA-1"}, {"name", "Black tea"}});
            }).code(),
            KITH_CONFLICT);
  EXPECT_EQ(world.count("sales.product"), 1);
}

TEST(SalesTest, RefusesANegativePriceAndAMissingName) {
  World world(kSales);
  const Error error = failure_of([&] { world.me.create("sales.product", {{"code", "TEA-1"}, {"list_price", "-1"}}); });
  EXPECT_EQ(error.code(), KITH_INVALID);
  EXPECT_THAT(error.what(), testing::AllOf(testing::HasSubstr("list_price"), testing::HasSubstr("name")));
}

}  // namespace
}  // namespace kith::test
