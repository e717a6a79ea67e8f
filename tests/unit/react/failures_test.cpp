#include "unit/react/world.hpp"

namespace kith::internal::react::testing {
namespace {

using store::RunState;
using ::testing::HasSubstr;

const char* const kCreateThenPoke = R"("workflows": [{"id": "w", "on": "shop.item", "trigger": {"updated": ["n"]},
  "actions": [{"id": "task", "create": "task", "set": {"title": "about {{n}}"}}, {"id": "poke",
   "call": "shop.poke"}]}])";

RecordId item_at_one(World& world) {
  return world.create("shop.item", {{"name", Value::text("lamp")}, {"n", Value::integer(1)}});
}
void set_n(World& world, const RecordId& id, std::int64_t n) {
  world.update("shop.item", id, {{"n", Value::integer(n)}});
}

template <class Thrown>
ActionCaller throwing(Thrown thrown, const bool& broken) {
  return [thrown, &broken](auto&&...) {
    if (broken) throw thrown;
  };
}
Error passing() { return Error(ProblemNumber::plugin_body_failed, "the till does not answer"); }

TEST(FailureTest, LeavesNothingOfAFailedRunAndTriesAgainAfterASecond) {
  World world(kCreateThenPoke);
  bool broken = true;
  world.poke = throwing(passing(), broken);
  const RecordId id = item_at_one(world);
  set_n(world, id, 2);
  EXPECT_EQ(world.run().failed, 1);
  EXPECT_EQ(world.count("task"), 0) << "the task of the first action went with the run";
  store::WorkflowRun run = world.runs(id).at(0);
  EXPECT_EQ(run.state, RunState::retry);
  EXPECT_THAT(run.error, HasSubstr("the till does not answer"));
  EXPECT_GE(run.next_us, world.now + kMicrosPerSecond);
  EXPECT_LE(run.next_us, world.now + 2 * kMicrosPerSecond);
  world.read([&](access::Unit& unit) {
    EXPECT_EQ(Reactions::next_due(unit), run.next_us);
    EXPECT_EQ(Reactions::pending(unit), 0) << "it waits";
  });
  EXPECT_EQ(world.run().runs, 0) << "not before it is due";

  broken = false;
  world.now = run.next_us;
  EXPECT_EQ(world.run().runs, 1);
  EXPECT_EQ(world.count("task"), 1);
  EXPECT_EQ(world.runs(id).at(0).state, RunState::done);
  EXPECT_EQ(world.runs(id).at(0).tries, 2);
}

TEST(FailureTest, DoublesThePauseAndGivesUpAfterEightTries) {
  World world(kCreateThenPoke);
  const bool broken = true;
  world.poke = throwing(passing(), broken);
  const RecordId id = item_at_one(world);
  set_n(world, id, 2);
  world.run();
  std::int64_t expected = kMicrosPerSecond;
  for (std::int64_t tries = 1; tries < kMaxTries; ++tries) {
    const store::WorkflowRun run = world.runs(id).at(0);
    ASSERT_EQ(run.state, RunState::retry);
    ASSERT_EQ(run.tries, tries);
    EXPECT_GE(run.next_us - world.now, expected);
    EXPECT_LE(run.next_us - world.now, expected + expected / 4);
    expected *= 2;
    world.now = run.next_us;
    world.run();
  }
  const store::WorkflowRun run = world.runs(id).at(0);
  EXPECT_EQ(run.state, RunState::dead);
  EXPECT_EQ(run.tries, kMaxTries);
  world.read([](access::Unit& unit) { EXPECT_EQ(Reactions::next_due(unit), std::nullopt); });
}

TEST(FailureTest, SetsADeadRunGoingAgain) {
  World world(kCreateThenPoke);
  bool broken = true;
  world.poke = throwing(NotWorthRetrying(ProblemNumber::plugin_body_failed, "no such voucher"), broken);
  const RecordId id = item_at_one(world);
  set_n(world, id, 2);
  world.run();
  EXPECT_EQ(world.runs(id).at(0).state, RunState::dead) << "another try would end the same way";
  EXPECT_EQ(world.runs(id).at(0).tries, 1);
  broken = false;
  world.write([&](access::Unit& unit, facts::Transaction&) { Reactions::requeue(unit, world.runs(id).at(0).row); });
  world.run();
  EXPECT_EQ(world.runs(id).at(0).state, RunState::done);
  EXPECT_EQ(world.count("task"), 1);
}

TEST(FailureTest, RefusesToRequeueWhatHasNotFailed) {
  World world(kCreateThenPoke);
  const RecordId id = item_at_one(world);
  set_n(world, id, 2);
  world.run();
  const std::int64_t row = world.runs(id).at(0).row;
  world.write([&](access::Unit& unit, facts::Transaction&) {
    EXPECT_THROW(Reactions::requeue(unit, row), Error);
    EXPECT_THROW(Reactions::requeue(unit, row + 1'000), Error);
  });
}

TEST(FailureTest, GivesUpAtOnceWhenAGuardDenies) {
  World world(R"("workflows": [{"id": "w", "on": "shop.item", "trigger": {"created": true},
    "actions": [{"id": "a", "transition": "shop.stage", "event": "sell"}]}])");
  const RecordId id = world.create("shop.item", {{"name", Value::text("lamp")}, {"n", Value::integer(0)}});
  world.run();
  EXPECT_EQ(world.runs(id).at(0).state, RunState::dead);
  EXPECT_THAT(world.runs(id).at(0).error, HasSubstr("There is none to sell."));
}

TEST(FailureTest, GivesUpAtOnceWhenAValueIsRefused) {
  World world(
      R"("workflows": [{"id": "w", "on": "shop.item", "trigger": {"created": true}, "actions": [{"id": "a",
        "set": {"n": "{{n * 1000}}"}}]}])");
  const RecordId id = world.create("shop.item", {{"name", Value::text("lamp")}, {"n", Value::integer(7)}});
  world.run();
  EXPECT_EQ(world.runs(id).at(0).state, RunState::dead);
  EXPECT_EQ(world.value("shop.item", id, "n"), Value::integer(7));
}

TEST(FailureTest, KeepsTheOrderOfOneRecordWhileAnEarlierRunWaits) {
  World world(kCreateThenPoke);
  bool broken = true;
  world.poke = throwing(passing(), broken);
  const RecordId first = item_at_one(world), second = item_at_one(world);
  set_n(world, first, 2);
  world.run();
  set_n(world, first, 3);
  set_n(world, second, 4);
  broken = false;
  world.run();
  EXPECT_EQ(world.runs(first).at(1).state, RunState::pending) << "its turn comes after the first";
  EXPECT_EQ(world.runs(second).at(0).state, RunState::done) << "another record does not wait";
  world.now = world.runs(first).at(0).next_us;
  world.run();
  EXPECT_EQ(world.runs(first).at(0).state, RunState::done);
  EXPECT_EQ(world.runs(first).at(1).state, RunState::done);
  EXPECT_EQ(world.count("task"), 3);
}

TEST(FailureTest, NotesNothingAgainstARunWhenTheDatabaseIsInTrouble) {
  World world(kCreateThenPoke);
  bool broken = true;
  world.poke = throwing(Error(ProblemNumber::storage_full, "the disk is full"), broken);
  const RecordId id = item_at_one(world);
  set_n(world, id, 2);
  EXPECT_THROW(world.run(), Error);
  EXPECT_TRUE(world.runs(id).empty()) << "the whole step was rolled back";
  broken = false;
  world.run();
  EXPECT_EQ(world.count("task"), 1);
  EXPECT_EQ(world.runs(id).at(0).tries, 1);
}

}  // namespace
}  // namespace kith::internal::react::testing
