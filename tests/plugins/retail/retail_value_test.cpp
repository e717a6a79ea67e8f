// The score retail.value, rule by rule.
#include "plugins/world.hpp"

namespace kith::test {
namespace {

constexpr const char* kShopperValue = "retail.value";

TEST(ShopperValueTest, RatesRecency) {
  World world;
  world.publish_scale();
  const Ref fresh = world.person("Fresh"), stale = world.person("Stale");
  world.purchases(fresh, 10, 2, "100");
  world.purchases(stale, 50, 2, "100");
  EXPECT_EQ(points_of(world.me.explain(fresh, kShopperValue), "recency"), 25);
  EXPECT_EQ(points_of(world.me.explain(stale, kShopperValue), "recency"), 5);
}

TEST(ShopperValueTest, RatesFrequency) {
  World world;
  world.publish_scale();
  const Ref often = world.person("Often"), seldom = world.person("Seldom");
  world.purchases(often, 10, 10, "100");
  world.purchases(seldom, 10, 2, "100");
  EXPECT_EQ(points_of(world.me.explain(often, kShopperValue), "frequency"), 20);
  EXPECT_EQ(points_of(world.me.explain(seldom, kShopperValue), "frequency"), 4);
}

TEST(ShopperValueTest, RatesMoney) {
  World world;
  world.publish_scale();
  const Ref much = world.person("Much"), little = world.person("Little");
  world.purchases(much, 10, 2, "500");
  world.purchases(little, 10, 2, "100");
  EXPECT_EQ(points_of(world.me.explain(much, kShopperValue), "monetary"), 20);
  EXPECT_EQ(points_of(world.me.explain(little, kShopperValue), "monetary"), 4);
}

TEST(ShopperValueTest, GivesNothingForWhatIsNotKnown) {
  World world;
  const Ref ada = world.person("Ada");
  const Explanation why = world.me.explain(ada, kShopperValue);
  EXPECT_EQ(why.points, 0);
  EXPECT_EQ(why.band, "c");
  for (const Reason& reason : why.reasons) {
    EXPECT_EQ(reason.points, 0) << reason.rule;
    EXPECT_EQ(reason.unknown, reason.rule == "recency" || reason.rule == "frequency" || reason.rule == "monetary")
        << reason.rule;
  }
}

TEST(ShopperValueTest, CountsContactsFromTheShopper) {
  World world;
  const Ref ada = world.person("Ada");
  world.contact(ada, 1);
  world.contact(ada, 89);
  EXPECT_EQ(points_of(world.me.explain(ada, kShopperValue), "engagement"), 4);
  world.contact(ada, 1, "out");
  world.contact(ada, 200);
  world.contact(world.person("Bo"), 1);
  EXPECT_EQ(points_of(world.me.explain(ada, kShopperValue), "engagement"), 4) << "ours, too old, another customer's";
  for (int i = 0; i < 9; ++i) world.contact(ada, 2);
  EXPECT_EQ(points_of(world.me.explain(ada, kShopperValue), "engagement"), 10) << "capped";
}

TEST(ShopperValueTest, ForgetsContactsAsTimePasses) {
  World world;
  const Ref ada = world.person("Ada");
  world.contact(ada, 0);
  world.settle();
  EXPECT_EQ(world.value(ada, kShopperValue), "2");
  world.pass(92);
  EXPECT_EQ(points_of(world.me.explain(ada, kShopperValue), "engagement"), 0);
  EXPECT_EQ(world.value(ada, kShopperValue), "0");
}

TEST(ShopperValueTest, TakesPointsForReturns) {
  World world;
  const Ref ada = world.person("Ada");
  world.order(ada, 1, "10");
  EXPECT_EQ(points_of(world.me.explain(ada, kShopperValue), "returns"), 0);
  world.order(ada, 1, "10", "return");
  world.order(ada, 400, "10", "return");
  EXPECT_EQ(points_of(world.me.explain(ada, kShopperValue), "returns"), -5);
  for (int i = 0; i < 5; ++i) world.order(ada, 2, "1", "return");
  EXPECT_EQ(points_of(world.me.explain(ada, kShopperValue), "returns"), -15) << "capped";
}

TEST(ShopperValueTest, IsNeverBelowZeroAndSaysSo) {
  World world;
  const Ref ada = world.person("Ada");
  for (int i = 0; i < 4; ++i) world.order(ada, 2, "1", "return");
  const Explanation why = world.me.explain(ada, kShopperValue);
  EXPECT_EQ(why.points, 0);
  EXPECT_EQ(points_of(why, "returns"), -15);
  EXPECT_EQ(sum_of(why), 0) << "what holds it at zero is a reason of its own";
}

TEST(ShopperValueTest, HasBandsByPoints) {
  World world;
  world.publish_scale();
  const Ref best = world.person("Best"), middling = world.person("Middling"), least = world.person("Least");
  world.purchases(best, 10, 10, "500");
  world.purchases(middling, 30, 6, "300");
  world.purchases(least, 50, 2, "100");
  for (const auto& [who, points, band] :
       {std::tuple(best, 65.0, "a"), std::tuple(middling, 35.0, "b"), std::tuple(least, 13.0, "c")}) {
    const Explanation why = world.me.explain(who, kShopperValue);
    EXPECT_EQ(why.points, points);
    EXPECT_EQ(why.band, band);
    EXPECT_EQ(world.value(who, "retail.value_band"), band);
  }
}

TEST(ShopperValueTest, IsTheSumOfItsReasons) {
  World world;
  world.publish_scale();
  for (int i = 0; i < 12; ++i) {
    const Ref shopper = world.person("Shopper " + std::to_string(i));
    world.purchases(shopper, 5 + 7 * i % 50, 1 + 5 * i % 11, std::to_string(40 + 53 * i % 500));
    for (int contact = 0; contact < i % 7; ++contact) world.contact(shopper, 10 * contact);
    for (int back = 0; back < i % 5; ++back) world.order(shopper, 1, "3", "return");
    const Explanation why = world.me.explain(shopper, kShopperValue);
    EXPECT_EQ(sum_of(why), why.points);
    EXPECT_EQ(world.me.get(shopper, {kShopperValue}).next()->operator[](0).str(), detail::real_text(why.points));
    const json::object document =
        world.run("score", {{"type", "customer"}, {"key", shopper.text().substr(9)}, {"score", kShopperValue}});
    double sum = 0;
    for (const char* part : {"reasons", "adjustments"})
      for (const json::value& one : document.at(part).as_array()) sum += one.at("points").to_number<double>();
    EXPECT_EQ(sum, document.at("value").to_number<double>());
    EXPECT_EQ(sum, why.points);
  }
}

TEST(ShopperValueTest, SaysWhatItSaw) {
  World world;
  world.publish_scale();
  const Ref ada = world.person("Ada");
  world.purchases(ada, 10, 2, "300");
  std::vector<std::string> texts;
  for (const Reason& reason : world.me.explain(ada, kShopperValue).reasons) texts.push_back(reason.text);
  EXPECT_THAT(texts,
              testing::IsSupersetOf({"Recency score 5 of 5", "Frequency score 1 of 5", "Monetary score 3 of 5"}));
}

}  // namespace
}  // namespace kith::test
