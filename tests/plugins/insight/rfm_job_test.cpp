// The job insight.rfm, and what it refuses.
#include "plugins/world.hpp"

namespace kith::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

json::object published(World& world) { return world.run("parameters", {{"set", "insight.rfm"}}); }
double bound(const json::object& set, const char* name) { return set.at("values").at(name).to_number<double>(); }

TEST(RfmJobTest, PublishesTheBoundsOfTheLedger) {
  World world(kInsight);
  world.publish_scale();
  const json::object set = published(world);
  EXPECT_EQ(set.at("as_of").as_string(), "2026-03-10T00:00:00Z");
  EXPECT_EQ(set.at("values").at("as_of").as_string(), "2026-03-10");
  EXPECT_EQ(set.at("values").at("customers").as_int64(), 5);
  const double r[] = {19, 27, 35, 43}, f[] = {4.6, 6.2, 7.8, 9.4}, m[] = {181, 261, 341, 421};
  for (std::size_t i = 0; i < 4; ++i) {
    const std::string number = std::to_string(i + 1);
    EXPECT_EQ(bound(set, ("r" + number).c_str()), r[i]);
    EXPECT_EQ(bound(set, ("f" + number).c_str()), f[i]);
    EXPECT_EQ(bound(set, ("m" + number).c_str()), m[i]);
  }
}

TEST(RfmJobTest, AnswersWithWhatItPublished) {
  World world(kInsight);
  world.entry(world.person("Ada"), 10, "100");
  world.settle();
  const json::object answer = world.run_job("insight.rfm");
  EXPECT_EQ(answer.at("published").at(0).at("set").as_string(), "insight.rfm");
  EXPECT_EQ(answer.at("published").at(0).at("values").at("r1").to_number<double>(), 11);
  EXPECT_EQ(answer.at("done").as_int64(), 1);
}

TEST(RfmJobTest, RefusesAnEmptyLedgerWithAdvice) {
  World world(kInsight);
  world.person("Ada");
  world.settle();
  const Error error = failure_of([&] { world.run_job("insight.rfm"); });
  EXPECT_THAT(error.what(), AllOf(HasSubstr("nobody bought anything up to 2026-03-10"), HasSubstr("kith run-due")));
  EXPECT_TRUE(published(world).at("as_of").is_null());
}

TEST(RfmJobTest, RefusesWhileOrdersWaitToBePosted) {
  World world;
  const Ref ada = world.person("Ada");
  world.settle();
  world.order(ada, 10, "100");
  const Error error = failure_of([&] { world.run_job("insight.rfm"); });
  EXPECT_THAT(error.what(), AllOf(HasSubstr("still pending"), HasSubstr("kith run-due")));
  EXPECT_TRUE(published(world).at("as_of").is_null());
  world.settle();
  world.run_job("insight.rfm");
  EXPECT_EQ(published(world).at("values").at("customers").as_int64(), 1);
}

TEST(RfmJobTest, RefusesADayThatIsStillToCome) {
  World world(kInsight);
  world.entry(world.person("Ada"), 10, "100");
  world.settle();
  EXPECT_THAT(failure_of([&] {
                world.run_job("insight.rfm", {{"as_of", "2026-03-11"}});
              }).what(),
              HasSubstr("2026-03-11 lies in the future"));
  EXPECT_THAT(failure_of([&] { world.run_job("insight.rfm", {{"as_of", "soon"}}); }).what(), HasSubstr("as_of"));
  EXPECT_THAT(failure_of([&] { world.run_job("insight.rfm", {{"asof", "2026-03-10"}}); }).what(), HasSubstr("as_of"));
}

TEST(RfmJobTest, ReadsTheLedgerUpToItsDay) {
  World world(kInsight);
  world.entry(world.person("Ada"), 40, "100");
  world.entry(world.person("Bo"), 29, "200");  // the day after
  world.entry(world.person("Cy"), 30, "300");  // the day itself
  world.settle();
  world.run_job("insight.rfm", {{"as_of", "2026-02-08"}});
  const json::object set = published(world);
  EXPECT_EQ(set.at("values").at("customers").as_int64(), 2);
  EXPECT_EQ(bound(set, "r4"), 9);    // recency 0 and 10
  EXPECT_EQ(bound(set, "m4"), 261);  // 100 and 300
}

TEST(RfmJobTest, LeavesOutCostsAndWhoOnlyReturned) {
  World world(kInsight);
  const Ref ada = world.person("Ada"), bo = world.person("Bo"), cy = world.person("Cy");
  world.entry(ada, 10, "100");
  world.entry(ada, 5, "70", "cost");
  world.entry(ada, 4, "-30", "return");
  world.entry(bo, 3, "-40", "return");
  world.entry(cy, 3, "40", "cost");
  world.settle();
  world.run_job("insight.rfm");
  const json::object set = published(world);
  EXPECT_EQ(set.at("values").at("customers").as_int64(), 1);
  EXPECT_EQ(bound(set, "r1"), 11);
  EXPECT_EQ(bound(set, "f1"), 2);
  EXPECT_EQ(bound(set, "m1"), 71);
}

TEST(RfmJobTest, MovesAllScoresWhenItPublishesAgain) {
  World world(kInsight);
  world.publish_scale();
  const Ref ada = world.person("Ada");
  world.purchases(ada, 10, 2, "100");
  world.settle();
  EXPECT_EQ(world.value(ada, "insight.recency_days"), "10");
  EXPECT_EQ(world.value(ada, "insight.r_score"), "5");
  world.pass(30);
  for (int i = 0; i < 20; ++i) world.entry(world.person("New"), 1, "100");
  world.settle();
  world.run_job("insight.rfm");
  world.settle();
  EXPECT_EQ(world.value(ada, "insight.recency_days"), "40");
  EXPECT_EQ(world.value(ada, "insight.r_score"), "2") << "the scale's own five are 40 to 80 days away by now";
}

TEST(RfmJobTest, ReadsALedgerOfManyPages) {
  World world(kInsight);
  const Ref ada = world.person("Ada");
  world.purchases(ada, 10, 5'000, "100");
  world.settle();
  const json::object answer = world.run_job("insight.rfm");
  EXPECT_EQ(answer.at("done").as_int64(), 5'000);
  EXPECT_EQ(bound(published(world), "f1"), 5'001);
}

TEST(RfmJobTest, AlonePublishesItsBounds) {
  World world(kInsight);
  const Error error = failure_of(
      [&] { world.me.run("parameters.publish", R"({"set": "insight.rfm", "as_of": "2026-03-10", "values": {}})"); });
  EXPECT_EQ(error.code(), KITH_DENIED);
}

}  // namespace
}  // namespace kith::test
