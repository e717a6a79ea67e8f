#include "unit/react/world.hpp"

namespace kith::internal::react::testing {
namespace {

using store::RunState;
using ::testing::HasSubstr;

RecordId item_at_zero(World& world) {
  return world.create("shop.item", {{"name", Value::text("lamp")}, {"n", Value::integer(0)}});
}

std::int64_t count_in(World& world, RunState state) {
  std::int64_t number = 0;
  world.read([&](access::Unit& unit) {
    for (const auto& [of, many] : store::Runs(unit.records).counts())
      if (of == state) number = many;
  });
  return number;
}

const char* const kEndless =
    R"("workflows": [{"id": "w", "on": "shop.item", "trigger": {"updated": ["n"]}, "actions": [{"id": "a",
      "set": {"n": "{{n + 1}}"}}]}])";

TEST(LoopTest, QuarantinesAChainThatIsLongerThanEight) {
  World world(kEndless);
  const RecordId id = item_at_zero(world);
  world.update("shop.item", id, {{"n", Value::integer(1)}});
  world.run();
  EXPECT_EQ(world.value("shop.item", id, "n"), Value::integer(1 + kMaxDepth));
  EXPECT_EQ(count_in(world, RunState::done), kMaxDepth);
  EXPECT_EQ(count_in(world, RunState::quarantined), 1);
  const std::vector<store::WorkflowRun> runs = world.runs(id);
  EXPECT_THAT(runs.back().error, HasSubstr("workflow shop.w"));
  for (const store::WorkflowRun& run : runs) EXPECT_EQ(run.root, runs.front().event) << "one chain, one root";
}

TEST(LoopTest, ResumesAQuarantinedRunWithLimitsThatCountAnew) {
  World world(kEndless);
  const RecordId id = item_at_zero(world);
  world.update("shop.item", id, {{"n", Value::integer(1)}});
  world.run();
  world.write([&](access::Unit& unit, facts::Transaction&) { Reactions::requeue(unit, world.runs(id).back().row); });
  world.run();
  EXPECT_EQ(world.value("shop.item", id, "n"), Value::integer(1 + 2 * kMaxDepth));
  EXPECT_EQ(count_in(world, RunState::quarantined), 1) << "the chain went on and was stopped again";
}

TEST(LoopTest, RunsOncePerRootWhereItSaysSo) {
  World world(
      R"("workflows": [{"id": "w", "on": "shop.item", "trigger": {"updated": ["n"]}, "once_per": "root",
        "actions": [{"id": "a", "set": {"n": "{{n + 1}}"}}]}])");
  const RecordId id = item_at_zero(world);
  world.update("shop.item", id, {{"n", Value::integer(10)}});
  world.run();
  EXPECT_EQ(world.value("shop.item", id, "n"), Value::integer(11));
  world.update("shop.item", id, {{"n", Value::integer(20)}});
  world.run();
  EXPECT_EQ(world.value("shop.item", id, "n"), Value::integer(21));
}

TEST(LoopTest, QuarantinesWhatFollowsFromOneCauseBeyondAThousandActions) {
  std::string copies;
  for (int i = 0; i < 4; ++i)
    copies += (i > 0 ? ", " : "") + std::string(R"({"id": "c)") + std::to_string(i) +
              R"(", "create": "shop.item", "set": {"name": "{{name}}"}})";
  World world(R"("workflows": [{"id": "w", "on": "shop.item", "trigger": {"created": true}, "actions": [)" + copies +
              "]}]");
  item_at_zero(world);
  world.run();
  EXPECT_EQ(count_in(world, RunState::done) * 4, kMaxActionsPerRoot);
  EXPECT_GT(count_in(world, RunState::quarantined), 0);
  EXPECT_EQ(world.count("shop.item"), 1 + kMaxActionsPerRoot);
}

TEST(LoopTest, LetsManyUnrelatedEventsOfOneCallEachHaveTheirOwnLimit) {
  World world(
      R"("workflows": [{"id": "w", "on": "shop.item", "trigger": {"created": true}, "actions": [{"id": "a",
        "set": {"n": 1}}]}])");
  world.write(
      [](access::Unit&, facts::Transaction& transaction) {
        for (int i = 0; i < 1'200; ++i) transaction.create("shop.item", {{"name", Value::text("lamp")}});
      },
      {"import:imp_1", 0, true, "import imp_1"});
  world.run();
  EXPECT_EQ(count_in(world, RunState::done), 1'200);
  EXPECT_EQ(count_in(world, RunState::quarantined), 0);
}

}  // namespace
}  // namespace kith::internal::react::testing
