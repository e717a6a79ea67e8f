// Which changes of derived values are events, and whose cause they carry.
#include <algorithm>

#include "unit/derive/bench.hpp"

namespace kith::internal::testing {
namespace {

const char* const kEventsDerivations = R"json(,
  "rollups": {"customer": [
    {"name": "last_order_at", "type": "timestamp", "over": "shop.orders", "aggregate": "max", "value": "placed_at"}]},
  "segments": [{"name": "regular", "on": "customer", "when": "shop.points >= 5"}],
  "scores": [
    {"name": "value", "on": "customer", "range": [0, 10], "rules": [
      {"id": "points", "text": {"en": "Points"}, "value": "shop.points", "each": 1, "cap": 10}],
     "bands": [{"id": "low", "from": 0}, {"id": "high", "from": 8}]},
    {"name": "unheard", "on": "customer", "range": [0, 10], "rules": [
      {"id": "points", "text": {"en": "Points"}, "value": "shop.points", "each": 1, "cap": 10}],
     "bands": [{"id": "low", "from": 0}, {"id": "high", "from": 8}]}],
  "workflows": [
    {"id": "quiet", "on": "customer", "trigger": {"became": "days_since(shop.last_order_at) >= 2"},
     "actions": [{"id": "tell", "emit": "quiet", "set": {}}]},
    {"id": "risen", "on": "customer", "trigger": {"band": "shop.value", "to": "high"},
     "actions": [{"id": "tell", "emit": "risen", "set": {}}]}])json";

class EventsTest : public ::testing::Test {
 protected:
  Bench bench{std::string(kShopFacts) + kEventsDerivations};
  std::vector<store::Event> named(const std::string& name) {
    std::vector<store::Event> found = bench.events();
    found.erase(
        std::remove_if(found.begin(), found.end(), [&](const store::Event& event) { return event.name != name; }),
        found.end());
    return found;
  }
};

TEST_F(EventsTest, ASegmentTellsOfEnteringAndLeavingInTheirOwnTransaction) {
  const RecordId customer = bench.create("customer", {{"shop.points", Value::integer(7)}});
  const auto entered = named("shop.regular");
  ASSERT_EQ(entered.size(), 1U) << "a record that is made inside a condition enters it";
  EXPECT_EQ(entered[0].payload_json, R"({"old":false,"new":true})");
  bench.update("customer", customer, {{"shop.points", Value::integer(3)}}, {"41", 2, true, "workflow shop.x"});
  const auto events = named("shop.regular");
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].kind, store::EventKind::derived);
  EXPECT_EQ(events[1].record, customer);
  EXPECT_EQ(events[1].payload_json, R"({"old":true,"new":false})");
  EXPECT_EQ(events[1].cause.root, "41");
  EXPECT_EQ(events[1].cause.depth, 2) << "what is derived is no reaction";
  bench.update("customer", customer, {{"shop.points", Value::integer(4)}});
  bench.settle();
  EXPECT_EQ(named("shop.regular").size(), 2U) << "still outside";
}

TEST_F(EventsTest, ATriggerTellsOnlyOfBecomingTrueAndTimeIsItsOwnCause) {
  const RecordId customer = bench.create("customer", {});
  bench.create("shop.order",
               {{"customer", bench.ref("customer", customer)}, {"placed_at", Value::timestamp(bench.now)}});
  bench.settle();
  bench.now += 2 * kDay;
  bench.settle();
  const auto events = named("shop.quiet#trigger");
  ASSERT_EQ(events.size(), 1U);
  EXPECT_THAT(events[0].cause.root, ::testing::StartsWith("due:shop.quiet#trigger"));
  EXPECT_EQ(events[0].cause.depth, 0);
  bench.create("shop.order",
               {{"customer", bench.ref("customer", customer)}, {"placed_at", Value::timestamp(bench.now)}});
  bench.settle();
  EXPECT_EQ(named("shop.quiet#trigger").size(), 1U) << "true -> false is no news";
}

TEST_F(EventsTest, ABandIsAnEventOnlyWhereAWorkflowWaitsForIt) {
  const RecordId customer = bench.create("customer", {{"shop.points", Value::integer(1)}});
  bench.settle();
  bench.update("customer", customer, {{"shop.points", Value::integer(2)}});
  bench.settle();
  EXPECT_EQ(named("shop.value").size(), 1U) << "its first band; another score, the same band";
  bench.update("customer", customer, {{"shop.points", Value::integer(9)}});
  bench.settle();
  const auto events = named("shop.value");
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].payload_json, R"({"old":null,"new":"low"})");
  EXPECT_EQ(events[1].payload_json, R"({"old":"low","new":"high"})");
  EXPECT_TRUE(named("shop.unheard").empty());
}

TEST_F(EventsTest, SuppressedAutomationWritesNoEvent) {
  const RecordId customer = bench.create("customer", {{"shop.points", Value::integer(7)}});
  const std::size_t before = bench.events().size();
  bench.update("customer", customer, {{"shop.points", Value::integer(3)}}, {"call", 0, false, "import"});
  bench.settle();
  EXPECT_EQ(bench.events().size(), before);
}

TEST_F(EventsTest, OppositeChangesOfTwoTransactionsAreTwoEvents) {
  const RecordId customer = bench.create("customer", {{"shop.points", Value::integer(7)}});
  bench.update("customer", customer, {{"shop.points", Value::integer(3)}});
  bench.update("customer", customer, {{"shop.points", Value::integer(8)}});
  bench.settle();
  EXPECT_EQ(named("shop.regular").size(), 3U) << "entered, left, entered: whoever looked in between";
}

TEST_F(EventsTest, OppositeChangesInsideOneTransactionAreNoEvent) {
  const RecordId customer = bench.create("customer", {{"shop.points", Value::integer(7)}});
  bench.writing([&](access::Unit& unit, derive::Engine& engine) {
    bench.update(unit, engine, "customer", customer, {{"shop.points", Value::integer(3)}});
    bench.update(unit, engine, "customer", customer, {{"shop.points", Value::integer(8)}});
  });
  bench.settle();
  EXPECT_EQ(named("shop.regular").size(), 1U);
}

}  // namespace
}  // namespace kith::internal::testing
