// Orders: what they are checked for, and how they are posted to the value ledger.
#include "plugins/world.hpp"

namespace kith::test {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

std::string entry_of(World& world, const Ref& order, std::string_view column) {
  std::string found = "none";
  for (const auto row :
       world.me.query("insight.value_entry").where("source == $order", {{"order", order.text()}}).select({column}))
    found = row[0].str();
  return found;
}

TEST(OrderTest, IsASaleUnlessItSaysOtherwise) {
  World world;
  const Ref order = world.me.create(
      "retail.order", {{"customer", world.person("Ada").text()}, {"ordered_at", world.now()}, {"total", "5"}});
  EXPECT_EQ(world.value(order, "kind"), "sale");
}

TEST(OrderTest, IsRefusedWhenItLiesInTheFuture) {
  World world;
  const Ref ada = world.person("Ada");
  const Error error = failure_of([&] { world.order(ada, -2, "5"); });
  EXPECT_EQ(error.code(), KITH_INVALID);
  EXPECT_THAT(error.what(), HasSubstr("The order lies in the future."));
  EXPECT_THAT(error.json(), HasSubstr("ordered_at"));
  EXPECT_EQ(world.count("retail.order"), 0);
}

TEST(OrderTest, MayLieADayAhead) {
  World world;
  world.order(world.person("Ada"), -1, "5");
  EXPECT_EQ(world.count("retail.order"), 1);
}

TEST(OrderTest, IsRefusedWithANegativeTotal) {
  World world;
  const Ref ada = world.person("Ada");
  EXPECT_EQ(failure_of([&] { world.order(ada, 1, "-5"); }).code(), KITH_INVALID);
}

TEST(OrderTest, NamesItsStoreByCode) {
  World world;
  const Ref store =
      world.me.create("retail.store", {{"code", "SH-01"}, {"name", "Nanjing Road"}, {"city", "Shanghai"}});
  EXPECT_EQ(world.me.find("retail.store", "SH-01"), store);
  const Ref order = world.me.create("retail.order", {{"customer", world.person("Ada").text()},
                                                     {"ordered_at", world.now()},
                                                     {"total", "5"},
                                                     {"channel", "store"},
                                                     {"store", store.text()}});
  EXPECT_EQ(world.value(order, "store.city"), "Shanghai");
}

TEST(PostOrderTest, PostsASaleAsRevenue) {
  World world;
  const Ref ada = world.person("Ada");
  const Ref order = world.me.create(
      "retail.order",
      {{"customer", ada.text()}, {"ordered_at", "2026-03-01T23:59:59Z"}, {"total", "120.50"}, {"category", "Tea"}});
  EXPECT_EQ(world.count("insight.value_entry"), 0) << "posting is a reaction to the commit";
  world.settle();
  EXPECT_EQ(entry_of(world, order, "kind"), "revenue");
  EXPECT_EQ(entry_of(world, order, "net"), "120.50 USD");
  EXPECT_EQ(entry_of(world, order, "occurred_on"), "2026-03-01");
  EXPECT_EQ(entry_of(world, order, "category"), "Tea");
  EXPECT_EQ(entry_of(world, order, "units"), "1");
  EXPECT_EQ(entry_of(world, order, "customer"), ada.text());
}

TEST(PostOrderTest, PostsAReturnAsANegativeAmount) {
  World world;
  const Ref order = world.order(world.person("Ada"), 3, "20.25", "return");
  world.settle();
  EXPECT_EQ(entry_of(world, order, "kind"), "return");
  EXPECT_EQ(entry_of(world, order, "net"), "-20.25 USD");
  EXPECT_EQ(entry_of(world, order, "category"), "");
}

TEST(PostOrderTest, PostsEachOrderOnce) {
  World world;
  const Ref ada = world.person("Ada");
  for (int i = 0; i < 3; ++i) world.order(ada, 3, "10");
  world.settle();
  world.settle();
  EXPECT_EQ(world.count("insight.value_entry"), 3);
  EXPECT_THAT(world.runs_of("retail.post_order"), ElementsAre("done", "done", "done"));
}

TEST(PostOrderTest, ChangesNothingWhereTheEntryIsThereAlready) {
  World world;
  const Ref ada = world.person("Ada"), order = world.order(ada, 3, "10");
  world.me.create("insight.value_entry", {{"customer", ada.text()},
                                          {"occurred_on", "2026-03-07"},
                                          {"kind", "revenue"},
                                          {"net", "9"},
                                          {"source", order.text()}});
  world.settle();
  EXPECT_EQ(world.count("insight.value_entry"), 1);
  EXPECT_EQ(entry_of(world, order, "net"), "9.00 USD");
  EXPECT_THAT(world.runs_of("retail.post_order"), ElementsAre("done"));
}

TEST(PostOrderTest, DoesNotPostAgainWhenAnOrderIsCorrected) {
  World world;
  const Ref order = world.order(world.person("Ada"), 3, "10");
  world.settle();
  world.me.update(order, {{"category", "Coffee"}});
  world.settle();
  EXPECT_EQ(world.count("insight.value_entry"), 1);
  EXPECT_EQ(entry_of(world, order, "category"), "");
}

TEST(PostOrderTest, DoesNotPostWhatIsNoOrder) {
  World world;
  world.contact(world.person("Ada"), 1);
  world.settle();
  EXPECT_EQ(world.count("insight.value_entry"), 0);
  EXPECT_TRUE(world.runs_of("retail.post_order").empty());
}

TEST(PostOrderTest, CountsTheDayInTheShopsTimeZone) {
  World world(R"({"sales": {}, "insight": {}, "retail": {"settings": {"day_zone": "Asia/Shanghai"}}})");
  const Ref order = world.me.create(
      "retail.order",
      {{"customer", world.person("Ada").text()}, {"ordered_at", "2026-03-01T17:00:00Z"}, {"total", "1"}});
  world.settle();
  EXPECT_EQ(entry_of(world, order, "occurred_on"), "2026-03-02");
}

TEST(PostOrderTest, SetsAnOrderAsideWhenTheTimeZoneIsNone) {
  World world(R"({"sales": {}, "insight": {}, "retail": {"settings": {"day_zone": "Middle/Earth"}}})");
  world.order(world.person("Ada"), 3, "10");
  world.settle();
  EXPECT_EQ(world.count("insight.value_entry"), 0);
  EXPECT_THAT(world.runs_of("retail.post_order"), ElementsAre("dead"));
  const json::object queue = world.run("queue", {{"state", "dead"}});
  EXPECT_THAT(std::string(queue.at("runs").at(0).at("error").as_string()), HasSubstr("retail.day_zone"));
}

}  // namespace
}  // namespace kith::test
