// sales.deal: won and lost, what a customer's deals come to, and the close date that passes.
#include "plugins/world.hpp"

namespace kith::test {
namespace {

using testing::HasSubstr;

constexpr const char* kState = "sales.deal_state";

Ref deal_of(World& world, const Ref& customer, std::string_view amount = "1000", std::string_view title = "Machines") {
  const Ref deal = world.me.create("sales.deal", {{"title", title}, {"customer", customer.text()}});
  if (!amount.empty()) world.me.update(deal, {{"amount", amount}});
  return deal;
}

TEST(DealTest, BeginsOpenInTheNewBusinessPipeline) {
  World world(kSales);
  const Ref deal = deal_of(world, world.person("Ada"));
  EXPECT_EQ(world.value(deal, "state('sales.deal_state')"), "open");
  EXPECT_EQ(world.value(deal, "pipeline"), "new_business");
  EXPECT_EQ(world.value(deal, "forecast_category"), "pipeline");
}

TEST(DealTest, IsWonWithAnAmountAboveZero) {
  World world(kSales);
  const Ref deal = deal_of(world, world.person("Ada"));
  world.me.transition(deal, kState, "win");
  EXPECT_EQ(world.value(deal, "state('sales.deal_state')"), "won");
}

TEST(DealTest, IsNotWonForNothing) {
  World world(kSales);
  const Ref free = deal_of(world, world.person("Ada"), "0"), without = deal_of(world, world.person("Bo"), "");
  for (const Ref& deal : {free, without}) {
    const Error error = failure_of([&] { world.me.transition(deal, kState, "win"); });
    EXPECT_EQ(error.code(), KITH_INVALID);
    EXPECT_EQ(world.value(deal, "state('sales.deal_state')"), "open");
  }
  EXPECT_THAT(failure_of([&] { world.me.transition(free, kState, "win"); }).what(),
              HasSubstr("A deal is won with an amount above zero."));
}

TEST(DealTest, IsLostAndReopenedWithAReasonOnly) {
  World world(kSales);
  const Ref deal = deal_of(world, world.person("Ada"));
  EXPECT_EQ(failure_of([&] { world.me.transition(deal, kState, "lose"); }).code(), KITH_INVALID);
  world.me.transition(deal, kState, "lose", {{"reason", "price"}});
  EXPECT_EQ(failure_of([&] { world.me.transition(deal, kState, "reopen"); }).code(), KITH_INVALID);
  world.me.transition(deal, kState, "reopen", {{"reason", "new budget"}});
  EXPECT_EQ(world.value(deal, "state('sales.deal_state')"), "open");
}

TEST(DealTest, AddsUpOnItsCustomer) {
  World world(kSales);
  const Ref ada = world.person("Ada");
  EXPECT_EQ(world.value(ada, "sales.win_rate"), "") << "nothing is decided yet";
  const Ref first = deal_of(world, ada, "1000"), second = deal_of(world, ada, "500"), third = deal_of(world, ada, "70");
  deal_of(world, ada, "30");
  world.me.transition(first, kState, "win");
  world.me.transition(second, kState, "win");
  world.me.transition(third, kState, "lose", {{"reason", "price"}});
  EXPECT_EQ(world.value(ada, "sales.won_deals"), "2");
  EXPECT_EQ(world.value(ada, "sales.won_amount"), "1500.00 USD");
  EXPECT_EQ(world.value(ada, "sales.lost_deals"), "1");
  EXPECT_EQ(world.value(ada, "sales.open_deals"), "1");
  EXPECT_EQ(world.value(ada, "sales.open_amount"), "30.00 USD");
  EXPECT_TRUE(world.holds(ada, "sales.win_rate > 0.66 && sales.win_rate < 0.67"));
  EXPECT_EQ(world.value(world.person("Bo"), "sales.open_deals"), "0") << "another customer's deals";
}

TEST(OverdueDealTest, AsksForANewDateWhenTheClockPassesTheOldOne) {
  World world(kSales);
  const Ref ada = world.person("Ada"), deal = deal_of(world, ada);
  world.me.update(deal, {{"close_on", "2026-03-12"}});
  world.settle();
  EXPECT_FALSE(world.holds(deal, "overdue"));
  EXPECT_EQ(world.count("task"), 0);
  world.pass(2);
  world.settle();
  EXPECT_EQ(world.count("task"), 0) << "the day itself is not past";
  world.pass(1);
  world.settle();
  EXPECT_TRUE(world.holds(deal, "overdue"));
  ASSERT_EQ(world.count("task", "title == 'New close date for Machines?' && due_on == '2026-03-15'"), 1);
  world.pass(1);
  world.settle();
  EXPECT_EQ(world.count("task"), 1) << "still overdue is no news";
}

TEST(OverdueDealTest, LeavesAloneWhatIsWonInTime) {
  World world(kSales);
  const Ref deal = deal_of(world, world.person("Ada"));
  world.me.update(deal, {{"close_on", "2026-03-12"}});
  world.settle();
  world.me.transition(deal, kState, "win");
  world.pass(10);
  world.settle();
  EXPECT_FALSE(world.holds(deal, "overdue"));
  EXPECT_EQ(world.count("task"), 0);
}

}  // namespace
}  // namespace kith::test
