// Transitions that fire by themselves: by level, not by edge; and what entering a state raises.
#include "unit/react/world.hpp"

namespace kith::internal::react::testing {
namespace {

using store::RunState;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Sections go behind a comma.
const char* const kNone = R"("validations": [])";

// A lamp warms up and is then checked, both by data; it is thrown away after a time.
const char* const kWarmth = R"({"name": "warmth", "on": "shop.item", "initial": ["cold", "warm"],
  "states": [{"id": "cold", "category": "open"}, {"id": "warm", "category": "active"}, {"id": "hot",
   "category": "active"}, {"id": "gone", "category": "closed"}],
  "transitions": [
    {"event": "warm_up", "from": ["cold"], "to": "warm", "auto": {"when": "n >= 10"}},
    {"event": "heat", "from": ["warm"], "to": "hot", "auto": {"when": "n >= 20"}, "guard": "name != 'broken'",
     "order": 1},
    {"event": "expire", "from": ["warm"], "to": "gone", "auto": {"after": "30d"}, "order": 2},
    {"event": "cool", "from": ["warm", "hot"], "to": "cold"}]})";

RecordId make_lamp(World& world, std::int64_t n, const std::string& name = "lamp") {
  return world.create("shop.item", {{"name", Value::text(name)}, {"n", Value::integer(n)}});
}
std::string warmth(World& world, const RecordId& id) { return world.value("shop.item", id, "warmth").s; }

TEST(AutomaticTest, FiresForARecordThatIsDueWhenItIsMade) {
  World world(kNone, kWarmth);
  const RecordId id = make_lamp(world, 10);
  EXPECT_EQ(warmth(world, id), "cold");
  world.run();
  EXPECT_EQ(warmth(world, id), "warm");
}

TEST(AutomaticTest, GoesThroughAChainOfStatesUntilNoneIsDue) {
  World world(kNone, kWarmth);
  const RecordId id = make_lamp(world, 25);
  world.run();
  EXPECT_EQ(warmth(world, id), "hot");
  std::vector<std::string> states;
  for (const store::TransitionRow& row : world.transitions("shop.item", id))
    if (row.lifecycle == "shop.warmth") states.push_back(row.from_state + ">" + row.to_state);
  EXPECT_THAT(states, ElementsAre(">cold", "cold>warm", "warm>hot"));
}

TEST(AutomaticTest, SaysInItsHistoryWhoAndWhy) {
  World world(kNone, kWarmth);
  const RecordId id = make_lamp(world, 10);
  world.run();
  const store::TransitionRow row = world.transitions("shop.item", id).back();
  EXPECT_EQ(row.event, "warm_up");
  EXPECT_EQ(row.actor, "system:shop");
  EXPECT_THAT(row.cause.by, HasSubstr("n >= 10"));
  EXPECT_GT(row.cause.depth, 0);
}

TEST(AutomaticTest, FiresWhenDataMakesItDue) {
  World world(kNone, kWarmth);
  const RecordId id = make_lamp(world, 1);
  world.run();
  EXPECT_EQ(warmth(world, id), "cold");
  world.update("shop.item", id, {{"n", Value::integer(12)}});
  world.run();
  EXPECT_EQ(warmth(world, id), "warm");
}

TEST(AutomaticTest, LeavesNoRunWhereTheRecordHasMovedOnBeforeItIsLookedAt) {
  World world(kNone, kWarmth);
  const RecordId id = make_lamp(world, 10);
  world.update("shop.item", id, {{"n", Value::integer(1)}});
  world.run();
  EXPECT_EQ(warmth(world, id), "cold");
  EXPECT_TRUE(world.runs(id).empty());
  world.update("shop.item", id, {{"n", Value::integer(10)}});
  world.run();
  EXPECT_EQ(warmth(world, id), "warm");
  EXPECT_EQ(world.runs(id).size(), 1U);
}

TEST(AutomaticTest, WaitsForItsGuardWithoutNoise) {
  World world(kNone, kWarmth);
  const RecordId id = make_lamp(world, 25, "broken");
  world.run();
  EXPECT_EQ(warmth(world, id), "warm");
  for (const store::WorkflowRun& run : world.runs(id)) EXPECT_NE(run.state, RunState::dead) << run.error;
  world.update("shop.item", id, {{"name", Value::text("mended")}});
  world.run();
  EXPECT_EQ(warmth(world, id), "hot");
}

TEST(AutomaticTest, FiresAtTheInstantAtWhichTheTimeIsOver) {
  World world(kNone, kWarmth);
  const RecordId id = make_lamp(world, 10);
  world.run();
  const std::int64_t entered = world.now;
  EXPECT_EQ(world.next_due(), std::optional(entered + 30 * kMicrosPerDay));
  world.now = entered + 30 * kMicrosPerDay - 1;
  world.run();
  EXPECT_EQ(warmth(world, id), "warm");
  world.now += 1;
  world.run();
  EXPECT_EQ(warmth(world, id), "gone");
}

TEST(AutomaticTest, TheLowestOrderThatIsDueWins) {
  World world(kNone, kWarmth);
  const RecordId both = make_lamp(world, 10), late = make_lamp(world, 10);
  world.run();
  world.advance("31d");
  world.update("shop.item", both, {{"n", Value::integer(20)}});
  world.run();
  EXPECT_EQ(warmth(world, both), "hot") << "heat has order 1";
  EXPECT_EQ(warmth(world, late), "gone");
}

// An edge-triggered machine would stay here: the value that says what fires never becomes false in between.
TEST(AutomaticTest, FiresAgainForARecordThatComesBackBeforeAnybodyLooked) {
  World world(kNone, kWarmth);
  const RecordId id = make_lamp(world, 10);
  world.turn();
  EXPECT_EQ(warmth(world, id), "warm");
  world.transition("shop.item", id, "shop.warmth", "cool");  // nothing was settled since it fired
  EXPECT_EQ(warmth(world, id), "cold");
  world.run();
  EXPECT_EQ(warmth(world, id), "warm");
}

TEST(AutomaticTest, RunsAWorkflowThatWaitsForTheState) {
  World world(
      R"("workflows": [{"id": "w", "on": "shop.item", "trigger": {"entered": "shop.warmth", "state": "warm"},
        "actions": [{"id": "a", "set": {"note": "warm now"}}]}])",
      kWarmth);
  const RecordId id = make_lamp(world, 10);
  world.run();
  EXPECT_EQ(world.value("shop.item", id, "note"), Value::text("warm now"));
}

TEST(AutomaticTest, FiresWhereAnImportSuppressesAutomationButNothingFollows) {
  World world(
      R"("workflows": [{"id": "w", "on": "shop.item", "trigger": {"entered": "shop.warmth", "state": "warm"},
        "actions": [{"id": "a", "set": {"note": "warm now"}}]}])",
      kWarmth);
  RecordId id;
  world.write(
      [&](access::Unit&, facts::Transaction& transaction) {
        id = transaction.create("shop.item", {{"name", Value::text("lamp")}, {"n", Value::integer(10)}}).id;
      },
      {"call", 0, false, "import x"});
  world.run();
  EXPECT_EQ(warmth(world, id), "warm");
  EXPECT_TRUE(world.value("shop.item", id, "note").is_null());
}

TEST(AutomaticTest, StopsTwoTransitionsThatChaseEachOther) {
  World world(
      kNone,
      R"({"name": "spin", "on": "shop.item", "initial": ["a"], "states": [{"id": "a", "category": "open"}, {"id": "b",
        "category": "open"}],
    "transitions": [{"event": "go", "from": ["a"], "to": "b", "auto": {"when": "n > 0"}}, {"event": "back",
     "from": ["b"], "to": "a", "auto": {"when": "n > 0"}}]})");
  const RecordId id = make_lamp(world, 1);
  world.run();
  const std::vector<store::WorkflowRun> runs = world.runs(id);
  EXPECT_EQ(runs.back().state, RunState::quarantined);
  EXPECT_LE(runs.size(), static_cast<std::size_t>(kMaxDepth) + 1);
}

TEST(AutomaticTest, WaitsForFieldsThatItsTargetRequires) {
  World world(
      kNone,
      R"({"name": "sale", "on": "shop.item", "initial": ["draft"], "states": [{"id": "draft", "category": "open"},
        {"id": "listed", "category": "active", "required": ["price"], "enter_guard": "n > 0"}],
    "transitions": [{"event": "list", "from": ["draft"], "to": "listed", "auto": {"when": "name != 'x'"},
     "reason": "required"}]})");
  const RecordId id = make_lamp(world, 0);
  world.run();
  EXPECT_EQ(world.value("shop.item", id, "sale"), Value::text("draft"));
  world.update("shop.item", id, {{"price", Value::text("3.00")}});
  world.run();
  EXPECT_EQ(world.value("shop.item", id, "sale"), Value::text("draft")) << "the entry guard denies";
  world.update("shop.item", id, {{"n", Value::integer(1)}});
  world.run();
  EXPECT_EQ(world.value("shop.item", id, "sale"), Value::text("listed"));
  EXPECT_THAT(world.transitions("shop.item", id).back().reason, HasSubstr("name != 'x'"));
  for (const store::WorkflowRun& run : world.runs(id)) EXPECT_NE(run.state, RunState::dead) << run.error;
}

TEST(AutomaticTest, WaitsAsLongAsASettingSays) {
  World world(kNone,
              R"({"name": "stay", "on": "shop.item", "initial": ["here"], "states": [{"id": "here", "category": "open"},
        {"id": "gone", "category": "closed"}],
    "transitions": [{"event": "leave", "from": ["here"], "to": "gone", "auto": {"after": {"setting": "many"}}}]})");
  make_lamp(world, 0);
  world.run();
  EXPECT_EQ(world.next_due(), std::optional(world.now + 10 * kMicrosPerDay));
}

// --- lifecycles that apply to some records only ---------------------------------------------------------------------

const char* const kSlots =
    R"({"name": "small", "on": "shop.item", "slot": "size", "applies_when": "n < 100", "initial": ["s"],
    "states": [{"id": "s", "category": "open"}, {"id": "s2", "category": "open"}], "transitions": [{"event": "go",
     "from": ["s"], "to": "s2"}]},
  {"name": "big", "on": "shop.item", "slot": "size", "initial": ["b"],
    "states": [{"id": "b", "category": "open"}, {"id": "b2", "category": "open"}], "transitions": [{"event": "go",
     "from": ["b"], "to": "b2", "auto": {"when": "n >= 200"}}]})";

TEST(SlotTest, GivesARecordTheFirstLifecycleOfTheSlotThatApplies) {
  World world(kNone, kSlots);
  const RecordId small = make_lamp(world, 1), big = make_lamp(world, 100);
  EXPECT_EQ(world.value("shop.item", small, "small"), Value::text("s"));
  EXPECT_TRUE(world.value("shop.item", small, "big").is_null());
  EXPECT_TRUE(world.value("shop.item", big, "small").is_null());
  EXPECT_EQ(world.value("shop.item", big, "big"), Value::text("b"));
}

TEST(SlotTest, BeginsTheOtherWhenItComesToApplyAndRefusesTheOneThatNoLongerDoes) {
  World world(kNone, kSlots);
  const RecordId id = make_lamp(world, 1);
  world.update("shop.item", id, {{"n", Value::integer(150)}});
  world.run();
  EXPECT_EQ(world.value("shop.item", id, "big"), Value::text("b"));
  EXPECT_EQ(world.value("shop.item", id, "small"), Value::text("s")) << "what was is kept";
  try {
    world.transition("shop.item", id, "shop.small", "go");
    FAIL() << "a lifecycle that doesn't apply moved";
  } catch (const Error& error) {
    EXPECT_EQ(error.number(), ProblemNumber::no_such_transition);
    EXPECT_THAT(error.what(), HasSubstr("does not apply"));
  }
  world.update("shop.item", id, {{"n", Value::integer(200)}});
  world.run();
  EXPECT_EQ(world.value("shop.item", id, "big"), Value::text("b2"));
}

// --- raises ---------------------------------------------------------------------------------------------------------

const char* const kRaises = R"({"name": "buyer", "on": "customer", "initial": ["new", "active"],
  "states": [{"id": "new", "category": "open"}, {"id": "active", "category": "active"}, {"id": "asleep",
   "category": "on_hold"}],
  "transitions": [{"event": "buy", "from": ["new", "asleep"], "to": "active"}, {"event": "sleep", "from": ["active",
   "new"], "to": "asleep"}],
  "raises": {"customer.lifecycle": {"active": "customer", "asleep": "lead"}}})";

RecordId make_buyer(World& world, const std::string& state) {
  return world.create(
      "customer", {{"kind", Value::text("person")}, {"name", Value::text("Ann")}, {"shop.buyer", Value::text(state)}});
}
std::string standing(World& world, const RecordId& id) { return world.value("customer", id, "lifecycle").s; }

TEST(RaiseTest, LiftsTheOtherLifecycleInTheSameTransaction) {
  World world(kNone, kRaises);
  const RecordId id = make_buyer(world, "new");
  EXPECT_EQ(standing(world, id), "prospect");
  world.transition("customer", id, "shop.buyer", "buy");
  EXPECT_EQ(standing(world, id), "customer");
  const store::TransitionRow row = world.transitions("customer", id).back();
  EXPECT_EQ(row.lifecycle, "customer.lifecycle");
  EXPECT_EQ(row.from_state, "prospect");
  EXPECT_EQ(row.to_state, "customer");
  EXPECT_THAT(row.cause.by, HasSubstr("shop.buyer"));
  EXPECT_EQ(row.actor, "ada");
}

TEST(RaiseTest, NeverLowers) {
  World world(kNone, kRaises);
  const RecordId id = make_buyer(world, "new");
  world.transition("customer", id, "shop.buyer", "buy");
  world.transition("customer", id, "shop.buyer", "sleep");
  EXPECT_EQ(standing(world, id), "customer");
}

TEST(RaiseTest, LiftsARecordThatIsMadeInTheState) {
  World world(kNone, kRaises);
  const RecordId id = make_buyer(world, "active");
  EXPECT_EQ(standing(world, id), "customer");
  std::vector<std::string> states;
  for (const store::TransitionRow& row : world.transitions("customer", id))
    if (row.lifecycle == "customer.lifecycle") states.push_back(row.from_state + ">" + row.to_state);
  EXPECT_THAT(states, ElementsAre(">prospect", "prospect>customer"));
}

TEST(RaiseTest, BringsAFormerCustomerBack) {
  World world(kNone, kRaises);
  const RecordId id = make_buyer(world, "active");
  world.write([&](access::Unit&, facts::Transaction& transaction) {
    transaction.transition("customer", id, "customer.lifecycle", "leave", {{"reason", Value::text("moved")}});
  });
  EXPECT_EQ(standing(world, id), "former");
  world.transition("customer", id, "shop.buyer", "sleep");
  EXPECT_EQ(standing(world, id), "former") << "to a lead would be lower";
  world.transition("customer", id, "shop.buyer", "buy");
  EXPECT_EQ(standing(world, id), "customer");
}

}  // namespace
}  // namespace kith::internal::react::testing
