// The workflow retail.win_back: a good shopper grows cold.
#include "plugins/world.hpp"

namespace kith::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::int64_t tasks_of(World& world, const Ref& customer) {
  std::int64_t tasks = 0;
  for ([[maybe_unused]] const auto row :
       world.me.query("task").where("customer == $who", {{"who", customer.text()}}).select({"id"}))
    ++tasks;
  return tasks;
}

/// A shopper whose values were computed once: the first computation is no news and starts nothing.
Ref known_person(World& world, std::string_view name) {
  const Ref person = world.person(name);
  world.settle();
  return person;
}

std::vector<std::string> offers_for(World& world, const std::string& name) {
  std::vector<std::string> payloads;
  Rows events = world.core.events_next("test", 10'000);
  while (const auto event = events.next())
    if ((*event)["name"].str() == "retail.win_back_offer" && (*event)["payload"].str().find(name) != std::string::npos)
      payloads.push_back((*event)["payload"].str());
  return payloads;
}

TEST(WinBackTest, StartsWhenAGoodShopperHasGoneCold) {
  World world;
  world.publish_scale();
  const Ref ada = known_person(world, "Ada Li");
  world.purchases(ada, 40, 2, "400");  // R 2, M 4
  world.settle();
  ASSERT_EQ(tasks_of(world, ada), 1);
  for (const auto row : world.me.query("task")
                            .where("customer == $who", {{"who", ada.text()}})
                            .select({"title", "due_on", "about", "status"})) {
    EXPECT_EQ(row["title"].str(), "Win back Ada Li");
    EXPECT_EQ(row["due_on"].str(), "2026-03-17");
    EXPECT_EQ(row["about"].str(), ada.text());
    EXPECT_EQ(row["status"].str(), "open");
  }
}

TEST(WinBackTest, TellsTheHost) {
  World world;
  world.publish_scale();
  world.purchases(known_person(world, "Ada Li"), 40, 2, "400");
  world.settle();
  const std::vector<std::string> offers = offers_for(world, "Ada Li");
  ASSERT_EQ(offers.size(), 1u);
  EXPECT_THAT(offers.front(), HasSubstr("400.00"));
}

TEST(WinBackTest, WinsBackWhoIsColdWhenHerOrdersCome) {
  World world;
  world.publish_scale();
  const Ref ada = world.person("Ada Li");
  world.purchases(ada, 40, 2, "400");  // whoever comes to be inside a condition enters it; an import may suppress that
  world.settle();
  EXPECT_EQ(tasks_of(world, ada), 1);
}

TEST(WinBackTest, LeavesAloneWhoStillBuys) {
  World world;
  world.publish_scale();
  const Ref ada = known_person(world, "Ada Li");
  world.purchases(ada, 30, 2, "500");  // R 3, M 5
  world.settle();
  EXPECT_EQ(tasks_of(world, ada), 0);
  EXPECT_TRUE(offers_for(world, "Ada Li").empty());
}

TEST(WinBackTest, LeavesAloneWhoSpentLittle) {
  World world;
  world.publish_scale();
  const Ref ada = known_person(world, "Ada Li");
  world.purchases(ada, 50, 10, "300");  // R 1, M 3
  world.settle();
  EXPECT_EQ(tasks_of(world, ada), 0);
}

TEST(WinBackTest, LeavesAloneWhoNeverBought) {
  World world;
  world.publish_scale();
  const Ref ada = known_person(world, "Ada Li");
  world.contact(ada, 1);
  world.settle();
  EXPECT_EQ(tasks_of(world, ada), 0);
}

TEST(WinBackTest, StartsWhenTheFirstBoundsArePublished) {
  World world;
  const Ref ada = known_person(world, "Ada Li");
  world.purchases(ada, 60, 2, "600");
  world.publish_scale();
  EXPECT_EQ(world.value(ada, "insight.r_score"), "1");
  EXPECT_EQ(tasks_of(world, ada), 1) << "it was not known before";
}

TEST(WinBackTest, StartsWhenNewBoundsSaySo) {
  World world;
  world.publish_scale();
  const Ref ada = known_person(world, "Ada Li");
  world.purchases(ada, 10, 2, "500");  // R 5, M 5
  world.settle();
  EXPECT_EQ(tasks_of(world, ada), 0);
  world.pass(60);
  for (int i = 0; i < 20; ++i) world.entry(world.person("New"), 1, "10");
  world.settle();
  world.run_job("insight.rfm");
  world.settle();
  EXPECT_EQ(world.value(ada, "insight.r_score"), "2");
  EXPECT_EQ(tasks_of(world, ada), 1);
}

TEST(WinBackTest, StartsAgainOnlyAfterTheShopperCameBack) {
  World world;
  world.publish_scale();
  const Ref ada = known_person(world, "Ada Li");
  world.purchases(ada, 40, 2, "400");
  world.settle();
  world.run_job("insight.rfm");
  world.settle();
  EXPECT_EQ(tasks_of(world, ada), 1) << "still cold is no news";
  world.entry(ada, 0, "1");
  world.settle();
  EXPECT_EQ(world.value(ada, "insight.r_score"), "5");
  EXPECT_EQ(tasks_of(world, ada), 1);
  world.pass(60);
  for (int i = 0; i < 20; ++i) world.entry(world.person("New"), 1, "10");
  world.settle();
  world.run_job("insight.rfm");
  world.settle();
  EXPECT_EQ(tasks_of(world, ada), 2);
}

TEST(WinBackTest, AllowsAsManyDaysAsTheSettingSays) {
  World world(R"({"sales": {}, "insight": {}, "retail": {"settings": {"win_back_days": 14}}})");
  world.publish_scale();
  const Ref ada = known_person(world, "Ada Li");
  world.purchases(ada, 40, 2, "400");
  world.settle();
  std::vector<std::string> due;
  for (const auto row : world.me.query("task").where("customer == $who", {{"who", ada.text()}}).select({"due_on"}))
    due.push_back(row[0].str());
  EXPECT_THAT(due, ElementsAre("2026-03-24"));
}

TEST(WinBackTest, RefusesASettingOutOfItsRange) {
  const Error error =
      failure_of([] { World world(R"({"sales": {}, "insight": {}, "retail": {"settings": {"win_back_days": 91}}})"); });
  EXPECT_EQ(error.code(), KITH_INVALID);
  EXPECT_THAT(error.what(), HasSubstr("win_back_days"));
}

}  // namespace
}  // namespace kith::test
