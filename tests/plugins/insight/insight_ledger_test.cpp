// insight.value_entry and the rollups over it.
#include "plugins/world.hpp"

namespace kith::test {
namespace {

TEST(ValueLedgerTest, TakesOneEntryForEachSource) {
  World world(kInsight);
  const Ref ada = world.person("Ada"), order = world.me.create("task", {{"title", "stands for an order"}});
  const auto post = [&] {
    world.me.create("insight.value_entry", {{"customer", ada.text()},
                                            {"occurred_on", "2026-03-01"},
                                            {"kind", "revenue"},
                                            {"net", "10"},
                                            {"source", order.text()}});
  };
  post();
  EXPECT_EQ(failure_of(post).code(), KITH_CONFLICT);
  EXPECT_EQ(world.count("insight.value_entry"), 1);
}

TEST(ValueLedgerTest, TakesAnyNumberOfEntriesWithoutASource) {
  World world(kInsight);
  const Ref ada = world.person("Ada");
  world.entry(ada, 1, "10");
  world.entry(ada, 1, "10");
  EXPECT_EQ(world.count("insight.value_entry"), 2);
}

TEST(ValueLedgerTest, IsNeverRewritten) {
  World world(kInsight);
  const Ref entry = world.entry(world.person("Ada"), 1, "10");
  EXPECT_EQ(failure_of([&] { world.me.update(entry, {{"net", "99"}}); }).code(), KITH_INVALID);
  EXPECT_EQ(failure_of([&] { world.me.remove(entry); }).code(), KITH_INVALID);
  EXPECT_EQ(world.value(entry, "net"), "10.00 USD");
}

TEST(ValueLedgerTest, RollsUpTheLastPurchase) {
  World world(kInsight);
  const Ref ada = world.person("Ada");
  world.entry(ada, 30, "10");
  world.entry(ada, 20, "10");
  EXPECT_EQ(world.value(ada, "insight.last_value_on"), "2026-02-18");
  world.entry(ada, 5, "-10", "return");
  world.entry(ada, 4, "3", "cost");
  EXPECT_EQ(world.value(ada, "insight.last_value_on"), "2026-02-18") << "a return or a cost is no purchase";
  world.entry(ada, 2, "10");
  EXPECT_EQ(world.value(ada, "insight.last_value_on"), "2026-03-08");
}

TEST(ValueLedgerTest, RollsUpTheNumberOfPurchases) {
  World world(kInsight);
  const Ref ada = world.person("Ada");
  EXPECT_EQ(world.value(ada, "insight.value_count"), "0");
  world.entry(ada, 30, "10");
  world.entry(ada, 30, "10");
  EXPECT_EQ(world.value(ada, "insight.value_count"), "2");
  world.entry(ada, 5, "-10", "return");
  world.entry(ada, 4, "3", "cost");
  EXPECT_EQ(world.value(ada, "insight.value_count"), "2");
}

TEST(ValueLedgerTest, RollsUpTheNetOfRevenueAndReturns) {
  World world(kInsight);
  const Ref ada = world.person("Ada"), bo = world.person("Bo");
  world.entry(ada, 30, "100.50");
  world.entry(ada, 5, "-20.25", "return");
  EXPECT_EQ(world.value(ada, "insight.net_value"), "80.25 USD");
  world.entry(ada, 4, "30", "cost");
  EXPECT_EQ(world.value(ada, "insight.net_value"), "80.25 USD");
  EXPECT_EQ(world.value(bo, "insight.value_count"), "0") << "another customer's entries";
}

}  // namespace
}  // namespace kith::test
