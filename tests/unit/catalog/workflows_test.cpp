#include "manifests.hpp"

namespace kith::internal::catalog {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using ActionKind = WorkflowAction::Kind;

std::string workflow(const std::string& trigger, const std::string& actions, const std::string& keys = "",
                     const std::string& on = "customer") {
  return std::string(kOrders) +
         R"j(, "segments": [{"name": "fading", "on": "customer", "when": "days_since(created_at) > 90"}],
    "scores": [{"name": "value", "on": "customer", "rules": [{"id": "r", "when": "email != null", "points": 60}],
     "bands": [{"id": "low", "from": 0}, {"id": "high", "from": 50}]}],
    "fields": {"customer": [{"name": "tier", "type": "enum", "values": ["basic", "gold"]}, {"name": "since",
     "type": "date"}]},
    "roles": [{"name": "keeper", "grants": {"customer": {"read": "all"}}}],
    "actions": [{"name": "welcome", "on": "customer", "effect": "database", "runs_as": "keeper", "writes": ["task"],
     "args": [{"name": "days", "type": "int"}]}],
    "workflows": [{"id": "w", "on": ")j" +
         on + R"j(", "trigger": )j" + trigger + R"j(, "actions": [)j" + actions + "]" + keys + "}]";
}
const char* const kHead = R"(, "library": "shop", "requires": {"abi": "0.1"})";
const char* const kEmit = R"({"id": "e", "emit": "happened"})";

Built build_workflow(const std::string& sections) { return Manifests().bundle("shop", sections, kHead).build(); }

const Workflow& only(const Built& built) { return built->workflows.at(0); }

struct GoodTrigger {
  const char* json;
  Trigger::Kind kind;
};
class GoodTriggerTest : public testing::TestWithParam<GoodTrigger> {};

TEST_P(GoodTriggerTest, IsRead) {
  const Built built = build_workflow(workflow(GetParam().json, kEmit));
  ASSERT_BUILDS(built);
  EXPECT_EQ(only(built).trigger.kind, GetParam().kind);
}

INSTANTIATE_TEST_SUITE_P(
    Workflows, GoodTriggerTest,
    testing::Values(GoodTrigger{R"({"created": true})", Trigger::Kind::created},
                    GoodTrigger{R"({"updated": ["name", "shop.tier"]})", Trigger::Kind::updated},
                    GoodTrigger{R"({"updated": []})", Trigger::Kind::updated},
                    GoodTrigger{R"({"entered": "customer.lifecycle", "state": "lead"})", Trigger::Kind::entered_state},
                    GoodTrigger{R"({"left": "customer.lifecycle", "state": "lead"})", Trigger::Kind::left_state},
                    GoodTrigger{R"({"transition": "customer.lifecycle", "event": "win"})", Trigger::Kind::transitioned},
                    GoodTrigger{R"({"entered_segment": "shop.fading"})", Trigger::Kind::entered_segment},
                    GoodTrigger{R"({"left_segment": "shop.fading"})", Trigger::Kind::left_segment},
                    GoodTrigger{R"({"became": "email != null"})", Trigger::Kind::became},
                    GoodTrigger{R"({"band": "shop.value", "to": "high"})", Trigger::Kind::band}));

struct WrongCase {
  const char* json;
  const char* says;
};
class WrongTriggerTest : public testing::TestWithParam<WrongCase> {};

TEST_P(WrongTriggerTest, IsRefused) {
  const Built built = build_workflow(workflow(GetParam().json, kEmit));
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_THAT(built.text(), HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    Workflows, WrongTriggerTest,
    testing::Values(WrongCase{R"({})", "has no head"}, WrongCase{R"({"created": false})", "true"},
                    WrongCase{R"({"created": true, "updated": []})", "more than one head"},
                    WrongCase{R"({"created": true, "state": "lead"})", "does not go with"},
                    WrongCase{R"({"entered": "customer.lifecycle"})", "has no \"state\""},
                    WrongCase{R"({"entered": "customer.lifecycle", "state": "laed"})", "did you mean \"lead\""},
                    WrongCase{R"({"entered": "lifecycle", "state": "lead"})", "customer.lifecycle"},
                    WrongCase{R"({"transition": "customer.lifecycle", "event": "lave"})", "did you mean \"leave\""},
                    WrongCase{R"({"entered_segment": "shop.value"})", "no segment"},
                    WrongCase{R"({"band": "shop.value", "to": "hihg"})", "did you mean \"high\""},
                    WrongCase{R"({"updated": ["shop.value"]})", "is not written"},
                    WrongCase{R"({"became": "emial != null"})", "did you mean"}));

TEST(WorkflowTest, HidesADerivationBehindBecame) {
  const Built built = build_workflow(workflow(R"({"became": "shop.value >= 50"})", kEmit));
  ASSERT_BUILDS(built);
  const Derivation& trigger = built->derivations.at(static_cast<std::size_t>(only(built).trigger.derivation));
  EXPECT_EQ(trigger.kind, DerivationKind::trigger);
  EXPECT_EQ(trigger.name, "shop.w#trigger");
  EXPECT_NE(trigger.program, nullptr);
  const RecordType& customer = built->type("customer");
  const Member& member = customer.members.at(static_cast<std::size_t>(trigger.member));
  EXPECT_EQ(member.column, "shop__w__trigger");
  EXPECT_EQ(member.role, Role::derived);
  EXPECT_LT(built->find_derivation("shop.value")->number, trigger.number);
  EXPECT_FALSE(built->names().member(customer.number, "shop.w#trigger").has_value());
  EXPECT_THROW(built->member(customer, "shop.w#trigger"), Error);
}

TEST(WorkflowTest, LetsTheConditionLookAtTheRecordBeforeTheChange) {
  const Built built = build_workflow(workflow(
      R"({"updated": ["name"]})", kEmit,
      R"(, "condition": "changed(name) && old.name != null", "once_per": "record", "phase": 2, "enabled": false)"));
  ASSERT_BUILDS(built);
  EXPECT_TRUE(only(built).condition->uses_old);
  EXPECT_EQ(only(built).once_per, Workflow::Once::record);
  EXPECT_EQ(only(built).phase, 2);
  EXPECT_FALSE(only(built).enabled);
}

TEST(WorkflowTest, ReadsEveryKindOfAction) {
  const Built built = build_workflow(workflow(R"({"created": true})", R"(
    {"id": "a", "set": {"shop.tier": "gold", "shop.since": "{{date(created_at, 'UTC')}}", "given_name": null}},
    {"id": "b", "transition": "customer.lifecycle", "event": "leave", "reason": {"en": "Gone", "zh": "流失"}},
    {"id": "c", "create": "task", "set": {"title": {"en": "Call {{name}}", "zh": "致电{{name}}"}, "about": "{{record}}",
     "customer": "{{record}}", "assigned_to": "team/shop.floor"}},
    {"id": "d", "log": {"channel": "note", "subject": "Hello {{name}}"}},
    {"id": "e", "relate": "referred_by", "to": "{{record}}"},
    {"id": "f", "emit": "happened", "set": {"who": "{{name}}", "n": 5, "list": [1, 2]}},
    {"id": "g", "call": "shop.welcome", "with": {"days": 3}})"));
  ASSERT_BUILDS(built);
  const std::vector<WorkflowAction>& actions = only(built).actions;
  ASSERT_EQ(actions.size(), 7U);
  EXPECT_EQ(actions[0].kind, ActionKind::set);
  EXPECT_EQ(actions[0].assignments[0].literal->s, "gold");
  EXPECT_TRUE(actions[0].assignments[1].templates.at("").is_single());
  EXPECT_TRUE(actions[0].assignments[2].literal->is_null());
  EXPECT_EQ(actions[1].kind, ActionKind::transition);
  EXPECT_EQ(actions[1].event, "leave");
  EXPECT_EQ(actions[1].assignments[0].templates.size(), 2U);
  EXPECT_EQ(actions[2].target_number, built->type("task").number);
  EXPECT_EQ(actions[2].assignments[0].member, built->member_index(built->type("task"), "title"));
  EXPECT_EQ(actions[2].assignments[3].literal->s, "team/shop.floor");
  EXPECT_EQ(actions[3].target, "interaction");
  EXPECT_EQ(actions[4].target_number, built->find_relationship("referred")->number);
  EXPECT_EQ(actions[5].target, "shop.happened");
  EXPECT_EQ(actions[5].assignments[1].literal->i, 5);
  EXPECT_EQ(actions[6].target_number, built->find_action("shop.welcome")->number);
}

class WrongActionTest : public testing::TestWithParam<WrongCase> {};

TEST_P(WrongActionTest, IsRefused) {
  const Built built = build_workflow(workflow(R"({"created": true})", GetParam().json));
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_THAT(built.text(), HasSubstr(GetParam().says));
  EXPECT_GT(built.problems[0].where.line, 0);
}

INSTANTIATE_TEST_SUITE_P(
    Workflows, WrongActionTest,
    testing::Values(
        WrongCase{R"({"id": "a"})", "does nothing"},
        WrongCase{R"({"id": "a", "create": "task", "emit": "x", "set": {"title": "t"}})", "two heads"},
        WrongCase{R"({"id": "a", "create": "task", "set": {"due_on": "2026-01-31"}})", "gives no \"title\""},
        WrongCase{R"({"id": "a", "create": "tsk", "set": {}})", "did you mean \"task\""},
        WrongCase{R"({"id": "a", "set": {"shop.teir": "gold"}})", "did you mean \"shop.tier\""},
        WrongCase{R"({"id": "a", "set": {"shop.tier": "silver"}})", "basic, gold"},
        WrongCase{R"({"id": "a", "set": {"shop.since": "on {{name}}"}})", "exactly one {{expression}}"},
        WrongCase{R"({"id": "a", "set": {"lifecycle": "lead"}})", "use a \"transition\""},
        WrongCase{R"({"id": "a", "set": {"shop.value": 5}})", "it is computed"},
        WrongCase{R"({"id": "a", "transition": "customer.lifecycle", "event": "leave"})", "has no \"reason\""},
        WrongCase{R"({"id": "a", "transition": "customer.lifecycle", "event": "levae", "reason": "x"})",
                  "did you mean \"leave\""},
        WrongCase{R"({"id": "a", "create": "task", "set": {"title": "t", "assigned_to": "floor"}})", "team/floor"},
        WrongCase{R"({"id": "a", "create": "shop.order", "set": {"number": "1", "customer": "li"}})", "has no key"},
        WrongCase{R"({"id": "a", "set": {"name": "{{nmae}}"}})", "did you mean"},
        WrongCase{R"({"id": "a", "relate": "refered", "to": "{{record}}"})", "did you mean \"referred\""},
        WrongCase{R"({"id": "a", "call": "shop.welcom"})", "did you mean \"shop.welcome\""},
        WrongCase{R"({"id": "a", "call": "shop.welcome", "with": {"dys": 3}})", "did you mean \"days\""},
        WrongCase{R"({"id": "a", "call": "shop.welcome", "with": {"days": "three"}})", "a whole number"},
        WrongCase{R"({"id": "a", "emit": "x", "with": {}})", "does not go with"}));

TEST(WorkflowTest, RefusesACallOfAnActionOnAnotherType) {
  const Built built =
      build_workflow(workflow(R"({"created": true})", R"({"id": "a", "call": "shop.welcome"})", "", "shop.order"));
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_THAT(built.text(), AllOf(HasSubstr("customer"), HasSubstr("shop.order")));
}

TEST(WorkflowTest, RunsInTheOrderOfPhasePriorityBundleAndId) {
  const auto bundle = [](const char* phases) { return std::string(R"("workflows": [)") + phases + "]"; };
  const auto one = [](const std::string& id, const std::string& keys) {
    return R"({"id": ")" + id + R"(", "on": "customer", "trigger": {"created": true}, "actions": [])" + keys + "}";
  };
  const Built built =
      Manifests()
          .bundle("two", bundle((one("b", "") + "," + one("a", "") + "," + one("first", R"(, "phase": -1)")).c_str()))
          .bundle("one", bundle((one("z", "") + "," + one("late", R"(, "priority": 5)")).c_str()))
          .build();
  ASSERT_BUILDS(built);
  std::vector<std::string> ids;
  for (const Workflow& w : built->workflows) ids.push_back(w.id);
  EXPECT_THAT(ids, ElementsAre("two.first", "one.z", "two.a", "two.b", "one.late"));
}

TEST(NativeTest, ChecksActionsAndJobs) {
  const Built built = build_workflow(
      R"("roles": [{"name": "keeper", "grants": {}}], "parameters": [{"set": "rfm", "values": [{"name": "r1",
        "type": "double"}]}],
    "jobs": [{"name": "rfm", "runs_as": "keeper", "args": [{"name": "as_of", "type": "timestamp"}],
     "publishes": ["rfm"], "writes": ["customer"], "text": {"en": "RFM"}}])");
  ASSERT_BUILDS(built);
  const Job* job = built->find_job("shop.rfm");
  ASSERT_NE(job, nullptr);
  EXPECT_EQ(job->runs_as, "shop.keeper");
  EXPECT_THAT(job->publishes, ElementsAre("shop.rfm"));
  EXPECT_EQ(job->arguments[0].type.kind, Kind::timestamp);
  const Built wrong =
      build_workflow(R"("jobs": [{"name": "rfm", "runs_as": "keper", "publishes": ["rfn"], "writes": ["custmer"]}])");
  EXPECT_EQ(wrong.problems.size(), 3U) << wrong.text();
  const Built no_library = build_bundle(R"("functions": [{"name": "f", "args": [], "returns": "int"}])");
  ASSERT_EQ(no_library.problems.size(), 1U) << no_library.text();
  EXPECT_THAT(no_library.text(), HasSubstr("no library"));
}

}  // namespace
}  // namespace kith::internal::catalog
