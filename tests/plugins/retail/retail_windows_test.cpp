// What a year of orders amounts to: rollups that move with the clock, without a write, and the segment over them.
#include "plugins/world.hpp"

namespace kith::test {
namespace {

TEST(RetailWindowTest, CountsTheSalesOfAYear) {
  World world;
  const Ref ada = world.person("Ada");
  EXPECT_EQ(world.value(ada, "retail.net_orders_12m"), "0");
  world.order(ada, 1, "10");
  world.order(ada, 364, "10");
  EXPECT_EQ(world.value(ada, "retail.net_orders_12m"), "2");
  world.order(ada, 365, "10");
  world.order(ada, 1, "10", "return");
  world.order(world.person("Bo"), 1, "10");
  EXPECT_EQ(world.value(ada, "retail.net_orders_12m"), "2") << "too old, a return, another customer's";
}

TEST(RetailWindowTest, AddsUpSalesLessReturns) {
  World world;
  const Ref ada = world.person("Ada");
  world.order(ada, 1, "100.50");
  world.order(ada, 2, "20");
  world.order(ada, 3, "50.25", "return");
  EXPECT_EQ(world.value(ada, "retail.net_spend_12m"), "70.25 USD");
  world.order(ada, 400, "999");
  EXPECT_EQ(world.value(ada, "retail.net_spend_12m"), "70.25 USD");
}

TEST(RetailWindowTest, CountsTheReturnsOfAYear) {
  World world;
  const Ref ada = world.person("Ada");
  world.order(ada, 1, "10", "return");
  EXPECT_EQ(world.value(ada, "retail.returns_12m"), "1");
  world.order(ada, 365, "10", "return");
  world.order(ada, 1, "10");
  EXPECT_EQ(world.value(ada, "retail.returns_12m"), "1");
}

TEST(RetailWindowTest, KnowsTheLastSale) {
  World world;
  const Ref ada = world.person("Ada");
  EXPECT_EQ(world.value(ada, "retail.last_order_at"), "");
  world.order(ada, 30, "10");
  world.order(ada, 40, "10");
  EXPECT_EQ(world.value(ada, "retail.last_order_at"), "2026-02-08T12:00:00Z");
  world.order(ada, 1, "10", "return");
  EXPECT_EQ(world.value(ada, "retail.last_order_at"), "2026-02-08T12:00:00Z");
}

TEST(RetailWindowTest, MovesWithTheClockAndNoWrite) {
  World world;
  const Ref ada = world.person("Ada");
  world.order(ada, 0, "10");
  world.order(ada, 0, "4", "return");
  world.settle();
  world.pass(364);
  world.settle();
  EXPECT_EQ(world.value(ada, "retail.net_orders_12m"), "1");
  EXPECT_EQ(world.value(ada, "retail.net_spend_12m"), "6.00 USD");
  EXPECT_EQ(world.value(ada, "retail.returns_12m"), "1");
  world.pass(1);
  EXPECT_EQ(world.value(ada, "retail.net_orders_12m"), "0") << "also before anything ran";
  world.settle();
  EXPECT_EQ(world.count("customer", "retail.net_orders_12m == 0 && retail.returns_12m == 0"), 1);
  EXPECT_EQ(world.value(ada, "retail.last_order_at"), "2026-03-10T12:00:00Z");
}

TEST(RetailWindowTest, GivesNoWorkBeforeAnOrderLeavesIt) {
  World world;
  world.order(world.person("Ada"), 0, "10");
  world.settle();
  const std::int64_t ordered = world.now().us;
  const auto next = [&] {
    const auto at = world.core.run_due(std::chrono::milliseconds(500));
    return at ? at->us - ordered : 0;
  };
  EXPECT_EQ(next(), 60 * kDay + 1) << "nobody looks at the order every day; after 60 days the shopper is at risk";
  world.pass(61);
  world.settle();
  EXPECT_EQ(next(), 365 * kDay) << "it leaves the window of twelve months";
}

TEST(ActiveShoppersTest, HasWhoOrderedTwiceInAYear) {
  World world;
  const Ref ada = world.person("Ada"), bo = world.person("Bo");
  world.order(ada, 1, "10");
  world.order(ada, 200, "10");
  world.order(bo, 1, "10");
  world.order(bo, 400, "10");
  EXPECT_TRUE(world.holds(ada, "in_segment('retail.active_shoppers')"));
  EXPECT_FALSE(world.holds(bo, "in_segment('retail.active_shoppers')"));
  EXPECT_EQ(world.count("customer", "in_segment('retail.active_shoppers')"), 1);
}

TEST(ActiveShoppersTest, IsLeftAsTimePasses) {
  World world;
  const Ref ada = world.person("Ada");
  world.order(ada, 1, "10");
  world.order(ada, 200, "10");
  world.settle();
  world.pass(164);
  EXPECT_TRUE(world.holds(ada, "in_segment('retail.active_shoppers')"));
  world.pass(1);
  EXPECT_FALSE(world.holds(ada, "in_segment('retail.active_shoppers')"));
}

}  // namespace
}  // namespace kith::test
