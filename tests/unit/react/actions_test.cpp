#include "unit/react/world.hpp"

namespace kith::internal::react::testing {
namespace {

using store::RunState;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string on_created(const std::string& actions, const std::string& rest = {}) {
  return R"("workflows": [{"id": "w", "on": "shop.item", "trigger": {"created": true}, )" + rest + R"("actions": [)" +
         actions + "]}]";
}
RecordId make_item(World& world, std::int64_t n = 3, const RecordId& customer = {}) {
  std::vector<facts::Input> fields = {
      {"name", Value::text("lamp")}, {"n", Value::integer(n)}, {"note", Value::text("secret")}};
  if (!customer.is_nil()) fields.push_back({"customer", Value::text("customer/" + customer.text())});
  return world.create("shop.item", fields);
}
RecordId make_customer(World& world, const std::string& name, const std::string& kind = "person") {
  return world.create("customer", {{"kind", Value::text(kind)}, {"name", Value::text(name)}});
}

TEST(ActionTest, SetsFieldsByTypedTemplates) {
  World world(on_created(R"({"id": "a", "set": {"n": "{{n * 2}}", "name": "two {{name}}s"}})"));
  const RecordId id = make_item(world);
  world.run();
  EXPECT_EQ(world.value("shop.item", id, "n"), Value::integer(6));
  EXPECT_EQ(world.value("shop.item", id, "name"), Value::text("two lamps"));
}

TEST(ActionTest, SeesWhatTheActionsBeforeItDid) {
  World world(on_created(R"({"id": "a", "set": {"n": "{{n + 1}}"}}, {"id": "b", "set": {"n": "{{n * 10}}"}})"));
  const RecordId id = make_item(world);
  world.run();
  EXPECT_EQ(world.value("shop.item", id, "n"), Value::integer(40));
}

TEST(ActionTest, CreatesRecordsWithTheLabelInTheTenantsLanguage) {
  World world(on_created(
      R"({"id": "a", "create": "task", "set": {"title": {"en": "Check {{name}}", "zh": "检查{{name}}"},
        "about": "{{record}}"}})"));
  make_item(world);
  world.run();
  EXPECT_EQ(world.newest("task", "title"), Value::text("Check lamp"));
  EXPECT_EQ(world.newest("task", "about").kind, Kind::ref);
}

TEST(ActionTest, MovesALifecycle) {
  World world(on_created(
      R"({"id": "a", "transition": "shop.stage", "event": "sell"}, {"id": "b", "transition": "shop.stage",
        "event": "return", "reason": "{{name}} broke"})"));
  const RecordId id = make_item(world);
  world.run();
  world.read([&](access::Unit& unit) {
    const auto rows = unit.journal.transitions(unit.catalog().type("shop.item").number, id);
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[2].to_state, "back");
    EXPECT_EQ(rows[2].reason, "lamp broke");
    EXPECT_EQ(rows[2].actor, "system:shop");
  });
}

TEST(ActionTest, LogsAnInteractionOfTheCustomerOnWhoseTimelineTheRecordIs) {
  World world(on_created(R"({"id": "a", "log": {"channel": "note", "subject": "got {{name}}"}})"));
  const RecordId ada = make_customer(world, "Ada Li");
  make_item(world, 3, ada);
  world.run();
  EXPECT_EQ(world.newest("interaction", "customer").id, ada);
  EXPECT_EQ(world.newest("interaction", "at"), Value::timestamp(world.now));
  EXPECT_EQ(world.newest("interaction", "about").kind, Kind::ref);
}

TEST(ActionTest, RelatesTwoRecords) {
  World world(R"("fields": {"customer": [{"name": "firm", "type": "ref", "to": "customer", "inverse": "staff"}]},
    "workflows": [{"id": "w", "on": "customer", "trigger": {"updated": ["shop.firm"]}, "actions": [{"id": "a",
     "relate": "works_for", "to": "{{shop.firm}}"}]}])");
  const RecordId firm = make_customer(world, "Acme", "organization"), ada = make_customer(world, "Ada Li");
  world.update("customer", ada, {{"shop.firm", Value::text("customer/" + firm.text())}});
  world.run();
  world.read([&](access::Unit& unit) {
    const auto edges = unit.journal.edges("works_for", unit.catalog().type("customer").number, ada, true,
                                          world.now / kMicrosPerDay, false);
    ASSERT_EQ(edges.size(), 1U);
    EXPECT_EQ(edges[0].to, firm);
  });
}

TEST(ActionTest, EmitsAnEventForTheHost) {
  World world(on_created(R"({"id": "a", "emit": "made", "set": {"what": "{{name}}", "n": "{{n}}", "fixed": 7}})"));
  make_item(world);
  world.run();
  const store::Event last = world.events().back();
  EXPECT_EQ(last.kind, store::EventKind::emitted);
  EXPECT_EQ(last.name, "shop.made");
  EXPECT_THAT(last.payload_json,
              AllOf(HasSubstr(R"("what":"lamp")"), HasSubstr(R"("n":3)"), HasSubstr(R"("fixed":7)")));
}

TEST(ActionTest, CallsAPluginsActionWithItsArguments) {
  World world(on_created(R"({"id": "a", "call": "shop.poke", "with": {"n": "{{n + 1}}", "to": "x"}})"));
  std::vector<std::string> seen;
  world.poke = [&](std::int32_t, access::Unit& unit, derive::Engine&, facts::Transaction& transaction, std::int32_t,
                   const RecordId& record, const std::vector<facts::Input>& arguments, std::int64_t attempt,
                   const std::string& key) {
    seen = {arguments.at(0).name + "=" + to_text(arguments.at(0).value),
            arguments.at(1).name + "=" + to_text(arguments.at(1).value),
            std::to_string(attempt),
            key,
            unit.principal.actor,
            unit.cause.by};
    transaction.update("shop.item", record, 0, {{"n", Value::integer(99)}});
  };
  const RecordId id = make_item(world);
  world.run();
  EXPECT_THAT(seen, ElementsAre("n=4", "to=x", "1", std::to_string(world.runs(id).at(0).event) + "/shop.w/a",
                                "system:shop", "workflow shop.w"));
  EXPECT_EQ(world.value("shop.item", id, "n"), Value::integer(99));
}

TEST(ActionTest, WritesAsThePluginWithTheCauseThatSetItOff) {
  World world(on_created(R"({"id": "a", "set": {"n": 9}})"));
  const RecordId id = make_item(world);
  world.run();
  world.read([&](access::Unit& unit) {
    const store::Change change = unit.journal.changes(unit.catalog().type("shop.item").number, id, 0, 1).at(0);
    EXPECT_EQ(change.actor, "system:shop");
    EXPECT_EQ(change.cause.by, "workflow shop.w");
    EXPECT_EQ(change.cause.depth, 1);
    EXPECT_EQ(change.cause.root, std::to_string(world.runs(id)[0].event));
  });
}

TEST(ActionTest, LeavesATraceOfWhatItDidWithoutPersonalData) {
  World world(on_created(
      R"({"id": "a", "set": {"note": "{{note}}!", "n": "{{n + 1}}"}}, {"id": "b", "create": "task",
        "set": {"title": "{{note}}"}})",
      R"("condition": "note == 'secret' && n > 1", )"));
  const RecordId id = make_item(world);
  world.run();
  const std::string trace = world.trace(world.runs(id).at(0));
  EXPECT_THAT(trace, AllOf(HasSubstr(R"("workflow":"shop.w")"), HasSubstr(R"("version":"0.3.0")"),
                           HasSubstr(R"("do":"create")"), HasSubstr(R"("n":4)"), HasSubstr(R"("record":"task/)"),
                           HasSubstr(R"("term":"n > 1")"), HasSubstr(R"("depth":0)")));
  EXPECT_THAT(trace, Not(HasSubstr(R"("secret)")));
  EXPECT_EQ(world.runs(id).at(0).state, RunState::done);
  EXPECT_EQ(world.runs(id).at(0).cursor, 2);
}

TEST(ActionTest, RunsWorkflowsInTheOrderOfPhaseAndPriority) {
  World world(R"("workflows": [
    {"id": "a_late", "on": "shop.item", "trigger": {"created": true}, "phase": 2, "actions": [{"id": "x",
     "set": {"name": "{{name}} late"}}]},
    {"id": "b_early", "on": "shop.item", "trigger": {"created": true}, "phase": 1, "actions": [{"id": "x",
     "set": {"name": "{{name}} early"}}]}])");
  const RecordId id = make_item(world);
  world.run();
  EXPECT_EQ(world.value("shop.item", id, "name"), Value::text("lamp late"))
      << "both saw the record as it was made; the later one wrote last";
}

}  // namespace
}  // namespace kith::internal::react::testing
