// retail.shopper_state: it moves by itself with orders and with the clock.
#include "plugins/world.hpp"

namespace kith::test {
namespace {

struct Shop : World {
  Ref ada = person("Ada Li");
  std::string state() { return value(ada, "state('retail.shopper_state')"); }
  std::string standing() { return value(ada, "state('customer.lifecycle')"); }
  void buy(std::int64_t days_ago = 0) {
    order(ada, days_ago, "40");
    settle();
  }
  void wait(std::int64_t days) {
    pass(days);
    settle();
  }
};

TEST(ShopperStateTest, BeginsWithTheFirstOrder) {
  Shop shop;
  shop.settle();
  EXPECT_EQ(shop.state(), "none");
  EXPECT_EQ(shop.standing(), "prospect");
  shop.buy();
  EXPECT_EQ(shop.state(), "first_time");
  EXPECT_EQ(shop.standing(), "customer");
}

TEST(ShopperStateTest, AReturnAloneIsNoOrder) {
  Shop shop;
  shop.order(shop.ada, 0, "40", "return");
  shop.settle();
  EXPECT_EQ(shop.state(), "none");
}

TEST(ShopperStateTest, IsActiveWithTwoNetOrders) {
  Shop shop;
  shop.buy(10);
  shop.order(shop.ada, 5, "40", "return");
  shop.buy(4);
  EXPECT_EQ(shop.state(), "first_time") << "two orders less one return";
  shop.buy(1);
  EXPECT_EQ(shop.state(), "active");
}

TEST(ShopperStateTest, IsLoyalByRecencyAndFrequency) {
  Shop shop;
  shop.publish_scale();
  for (int i = 0; i < 7; ++i) shop.order(shop.ada, 15, "40");
  shop.settle();
  ASSERT_EQ(shop.value(shop.ada, "insight.f_score"), "3");
  EXPECT_EQ(shop.state(), "active") << "F 3 is not enough";
  shop.buy(12);
  ASSERT_EQ(shop.value(shop.ada, "insight.f_score"), "4");
  EXPECT_EQ(shop.state(), "loyal");
}

TEST(ShopperStateTest, StopsBeingLoyalWithNewBounds) {
  Shop shop;
  shop.publish_scale();
  for (int i = 0; i < 10; ++i) shop.order(shop.ada, 10, "40");
  shop.settle();
  ASSERT_EQ(shop.state(), "loyal");
  for (int i = 0; i < 20; ++i) shop.purchases(shop.person("New " + std::to_string(i)), 1, 12, "10");
  shop.settle();
  shop.run_job("insight.rfm");
  shop.settle();
  EXPECT_EQ(shop.state(), "active");
}

TEST(ShopperStateTest, IsAtRiskAfterTwiceTheUsualGap) {
  Shop shop;
  shop.buy(90);
  shop.buy(45);
  shop.buy(0);
  ASSERT_EQ(shop.value(shop.ada, "retail.average_gap_days"), "45");
  shop.wait(90);
  EXPECT_EQ(shop.state(), "active");
  shop.wait(1);
  EXPECT_EQ(shop.state(), "at_risk");
  EXPECT_EQ(shop.standing(), "customer") << "never lowered";
  shop.buy();
  EXPECT_EQ(shop.state(), "active");
}

TEST(ShopperStateTest, IsNotAtRiskBeforeSixtyDays) {
  Shop shop;
  shop.buy(6);
  shop.buy(3);
  shop.buy(0);
  shop.wait(60);
  EXPECT_EQ(shop.state(), "active") << "twice the usual gap is six days";
  shop.wait(1);
  EXPECT_EQ(shop.state(), "at_risk");
}

TEST(ShopperStateTest, LapsesAfterAYearAndIsWonBack) {
  Shop shop;
  shop.buy();
  shop.wait(365);
  EXPECT_EQ(shop.state(), "at_risk");
  shop.wait(1);
  EXPECT_EQ(shop.state(), "lapsed");
  shop.buy();
  EXPECT_EQ(shop.state(), "won_back");
  shop.buy();
  EXPECT_EQ(shop.state(), "active");
}

}  // namespace
}  // namespace kith::test
