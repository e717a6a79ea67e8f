#include "unit/react/world.hpp"

namespace kith::internal::react::testing {
namespace {

using store::RunState;
using ::testing::HasSubstr;

std::string workflow(const std::string& on, const std::string& trigger, const std::string& rest = {}) {
  return R"("workflows": [{"id": "w", "on": ")" + on + R"(", "trigger": )" + trigger +
         (rest.empty() ? "" : ", " + rest) +
         R"(, "actions": [{"id": "task", "create": "task", "set": {"title": "fired"}}]}])";
}
std::vector<facts::Input> item(std::int64_t n, const RecordId& customer = {}) {
  std::vector<facts::Input> fields = {{"name", Value::text("thing")}, {"n", Value::integer(n)}};
  if (!customer.is_nil()) fields.push_back({"customer", Value::text("customer/" + customer.text())});
  return fields;
}
std::vector<facts::Input> person() { return {{"kind", Value::text("person")}, {"name", Value::text("Ada Li")}}; }

TEST(TriggerTest, FiresWhenARecordIsCreatedAndNotWhenItChanges) {
  World world(workflow("shop.item", R"({"created": true})"));
  const RecordId id = world.create("shop.item", item(1));
  EXPECT_EQ(world.run().runs, 1);
  EXPECT_EQ(world.count("task"), 1);
  world.update("shop.item", id, {{"n", Value::integer(2)}});
  EXPECT_EQ(world.run().runs, 0);
  EXPECT_EQ(world.count("task"), 1);
}

TEST(TriggerTest, FiresOnlyForTheFieldsThatItWatches) {
  World world(workflow("shop.item", R"({"updated": ["n"]})"));
  const RecordId id = world.create("shop.item", item(1));
  world.update("shop.item", id, {{"name", Value::text("other")}});
  world.run();
  EXPECT_EQ(world.count("task"), 0);
  world.update("shop.item", id, {{"n", Value::integer(2)}});
  world.run();
  EXPECT_EQ(world.count("task"), 1);
}

TEST(TriggerTest, FiresOncePerTransactionHoweverOftenARecordIsWrittenInIt) {
  World world(workflow("shop.item", R"({"updated": ["n"]})"));
  const RecordId id = world.create("shop.item", item(1));
  world.write([&](access::Unit&, facts::Transaction& transaction) {
    transaction.update("shop.item", id, 0, {{"n", Value::integer(2)}});
    transaction.update("shop.item", id, 0, {{"n", Value::integer(3)}});
  });
  world.run();
  EXPECT_EQ(world.count("task"), 1);
}

TEST(TriggerTest, SeesTheOldValueInItsCondition) {
  World world(workflow("shop.item", R"({"updated": ["n"]})", R"("condition": "old.n < 5 && n >= 5")"));
  const RecordId id = world.create("shop.item", item(1));
  for (const std::int64_t n : {4, 5, 6}) {
    world.update("shop.item", id, {{"n", Value::integer(n)}});
    world.run();
  }
  EXPECT_EQ(world.count("task"), 1);
}

TEST(TriggerTest, ExplainsWhyAConditionDidNotHold) {
  World world(workflow("shop.item", R"({"created": true})", R"("condition": "n > 5 && name != 'x'")"));
  const RecordId id = world.create("shop.item", item(1));
  world.run();
  EXPECT_EQ(world.count("task"), 0);
  ASSERT_EQ(world.runs(id).size(), 1U);
  EXPECT_EQ(world.runs(id)[0].state, RunState::skipped);
  EXPECT_THAT(world.runs(id)[0].trace_json, HasSubstr(R"("term":"n > 5)"));
  EXPECT_THAT(world.runs(id)[0].trace_json, HasSubstr(R"("value":false)"));
}

TEST(TriggerTest, FiresWhenAStateIsEnteredAlsoByCreation) {
  World created(workflow("shop.item", R"({"entered": "shop.stage", "state": "new"})"));
  created.create("shop.item", item(1));
  created.run();
  EXPECT_EQ(created.count("task"), 1);

  World world(workflow("shop.item", R"({"entered": "shop.stage", "state": "sold"})"));
  const RecordId id = world.create("shop.item", item(1));
  world.run();
  EXPECT_EQ(world.count("task"), 0);
  world.write([&](access::Unit&, facts::Transaction& transaction) {
    transaction.transition("shop.item", id, "shop.stage", "sell", {});
  });
  world.run();
  EXPECT_EQ(world.count("task"), 1);
}

TEST(TriggerTest, FiresWhenAStateIsLeftAndAtANamedTransition) {
  for (const char* trigger :
       {R"({"left": "shop.stage", "state": "new"})", R"({"transition": "shop.stage", "event": "sell"})"}) {
    World world(workflow("shop.item", trigger));
    const RecordId id = world.create("shop.item", item(1));
    world.run();
    EXPECT_EQ(world.count("task"), 0) << trigger;
    world.write([&](access::Unit&, facts::Transaction& transaction) {
      transaction.transition("shop.item", id, "shop.stage", "sell", {});
    });
    world.run();
    EXPECT_EQ(world.count("task"), 1) << trigger;
    world.write([&](access::Unit&, facts::Transaction& transaction) {
      transaction.transition("shop.item", id, "shop.stage", "return", {{"reason", Value::text("broken")}});
    });
    world.run();
    EXPECT_EQ(world.count("task"), 1) << trigger;
  }
}

TEST(TriggerTest, FiresWhenASegmentIsEnteredAndNotAgainWhileInIt) {
  World world(workflow("customer", R"({"entered_segment": "shop.rich"})"));
  const RecordId ada = world.create("customer", person());
  world.create("shop.item", item(3, ada));
  world.run();
  EXPECT_EQ(world.count("task"), 0);
  world.create("shop.item", item(8, ada));
  world.run();
  EXPECT_EQ(world.count("task"), 1);
  world.create("shop.item", item(8, ada));
  world.run();
  EXPECT_EQ(world.count("task"), 1);
}

TEST(TriggerTest, FiresWhenASegmentIsLeft) {
  World world(workflow("customer", R"({"left_segment": "shop.rich"})"));
  const RecordId ada = world.create("customer", person());
  world.run();
  const RecordId thing = world.create("shop.item", item(12, ada));
  world.run();
  EXPECT_EQ(world.count("task"), 0);
  world.update("shop.item", thing, {{"n", Value::integer(1)}});
  world.run();
  EXPECT_EQ(world.count("task"), 1);
}

TEST(TriggerTest, FiresWhenAnExpressionBecomesTrue) {
  World world(workflow("customer", R"({"became": "shop.owned > 20"})"));
  const RecordId ada = world.create("customer", person());
  world.run();
  const RecordId thing = world.create("shop.item", item(21, ada));
  world.run();
  EXPECT_EQ(world.count("task"), 1);
  world.update("shop.item", thing, {{"n", Value::integer(25)}});
  world.run();
  EXPECT_EQ(world.count("task"), 1) << "it was true already";
  world.update("shop.item", thing, {{"n", Value::integer(1)}});
  world.run();
  world.update("shop.item", thing, {{"n", Value::integer(30)}});
  world.run();
  EXPECT_EQ(world.count("task"), 2);
}

TEST(TriggerTest, FiresWhenAScoreCrossesIntoABand) {
  World world(workflow("customer", R"({"band": "shop.size", "from": "small", "to": "large"})"));
  const RecordId ada = world.create("customer", person());
  const RecordId thing = world.create("shop.item", item(10, ada));
  world.run();
  world.update("shop.item", thing, {{"n", Value::integer(40)}});
  world.run();
  EXPECT_EQ(world.count("task"), 0) << "another score, the same band";
  world.update("shop.item", thing, {{"n", Value::integer(60)}});
  world.run();
  EXPECT_EQ(world.count("task"), 1);
  world.update("shop.item", thing, {{"n", Value::integer(5)}});
  world.run();
  EXPECT_EQ(world.count("task"), 1);
}

TEST(TriggerTest, RunsOncePerRecordWhereItSaysSo) {
  World world(workflow("shop.item", R"({"updated": ["n"]})", R"("once_per": "record")"));
  const RecordId first = world.create("shop.item", item(1)), second = world.create("shop.item", item(1));
  for (const std::int64_t n : {2, 3}) {
    world.update("shop.item", first, {{"n", Value::integer(n)}});
    world.update("shop.item", second, {{"n", Value::integer(n)}});
    world.run();
  }
  EXPECT_EQ(world.count("task"), 2);
}

TEST(TriggerTest, PassesOverWhatWasWrittenWithoutAutomation) {
  World world(workflow("shop.item", R"({"created": true})"));
  world.write([&](access::Unit&, facts::Transaction& transaction) { transaction.create("shop.item", item(1)); },
              {"import:imp_1", 0, false, "import imp_1"});
  EXPECT_EQ(world.run().runs, 0);
  EXPECT_EQ(world.count("task"), 0);
  world.read([](access::Unit& unit) { EXPECT_EQ(Reactions::pending(unit), 0); });
}

TEST(TriggerTest, DoesNothingWhenItIsDisabled) {
  World world(workflow("shop.item", R"({"created": true})", R"("enabled": false)"));
  world.create("shop.item", item(1));
  EXPECT_EQ(world.run().runs, 0);
}

TEST(TriggerTest, SkipsARecordThatIsGone) {
  World world(workflow("shop.item", R"({"created": true})"));
  const RecordId id = world.create("shop.item", item(1));
  world.write([&](access::Unit&, facts::Transaction& transaction) { transaction.remove("shop.item", id, 0); });
  world.run();
  EXPECT_EQ(world.count("task"), 0);
  ASSERT_EQ(world.runs(id).size(), 1U);
  EXPECT_THAT(world.runs(id)[0].error, HasSubstr("removed"));
}

}  // namespace
}  // namespace kith::internal::react::testing
