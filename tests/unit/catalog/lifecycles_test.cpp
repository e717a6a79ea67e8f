#include "manifests.hpp"

namespace kith::internal::catalog {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

std::string lifecycle(const std::string& on, const std::string& transitions, const std::string& extra_state = "") {
  return std::string(kOrders) + R"(, "lifecycles": [{"name": "stage", "on": ")" + on +
         R"(", "initial": ["open"], "label": {"en": "Stage", "zh": "阶段"},
    "states": [{"id": "open", "category": "open"}, {"id": "done", "category": "won")" +
         extra_state + R"(}],
    "transitions": [)" +
         transitions + "]}]";
}

const char* const kFinish =
    R"({"event": "finish", "from": ["open"], "to": "done", "guard": "total > 0", "deny": {"en": "Empty."},
      "reason": "required"})";

TEST(LifecycleTest, AddsItsStateAndSinceToItsType) {
  const Built built =
      build_bundle(lifecycle("shop.order", kFinish, R"(, "required": ["total"], "enter_guard": "channel != null")"));
  ASSERT_BUILDS(built);
  const RecordType& order = built->type("shop.order");
  const Lifecycle* stage = built->find_lifecycle(order.number, "shop.stage");
  ASSERT_NE(stage, nullptr);
  EXPECT_EQ(stage->state_member, built->member_index(order, "stage"));
  EXPECT_EQ(stage->since_member, built->member_index(order, "stage_since"));
  EXPECT_THAT(order.lifecycles, ElementsAre(stage->number));
  EXPECT_EQ(stage->state("done")->category, Category::won);
  EXPECT_THAT(stage->state("done")->required, ElementsAre(built->member_index(order, "total")));
  EXPECT_NE(stage->state("done")->enter_guard, nullptr);
  EXPECT_TRUE(stage->transitions[0].reason_required);
  EXPECT_NE(stage->transitions[0].guard, nullptr);
}

TEST(LifecycleTest, PrefixesItsMembersOnAnotherBundlesType) {
  const Built built = build_bundle(lifecycle("customer", R"({"event": "finish", "from": ["open"], "to": "done"})"));
  ASSERT_BUILDS(built);
  const RecordType& customer = built->type("customer");
  EXPECT_EQ(built->member(customer, "shop.stage").column, "shop__stage");
  EXPECT_EQ(built->member(customer, "shop.stage_since").column, "shop__stage_since");
  EXPECT_NE(built->find_lifecycle(customer.number, "shop.stage"), nullptr);
}

TEST(LifecycleTest, CanBeAskedInExpressions) {
  const Built built = build_bundle(lifecycle("shop.order", kFinish) +
                                   R"(, "segments": [{"name": "s", "on": "shop.order",
        "when": "state('shop.stage') == 'done' && customer.state('customer.lifecycle') == 'lead'"}])");
  ASSERT_BUILDS(built);
  const Built wrong =
      build_bundle(lifecycle("shop.order", kFinish) +
                   R"(, "segments": [{"name": "s", "on": "shop.order", "when": "state('shop.stage') == 'dun'"}])");
  ASSERT_EQ(wrong.problems.size(), 1U) << wrong.text();
  EXPECT_EQ(wrong.problems[0].number, ProblemNumber::bad_enum_value);
}

TEST(LifecycleTest, RefusesStatesThatAreNotThere) {
  const Built built = build_bundle(lifecycle("shop.order", R"({"event": "finish", "from": ["opn"], "to": "don"})"));
  ASSERT_EQ(built.problems.size(), 2U) << built.text();
  EXPECT_THAT(built.text(), AllOf(HasSubstr("did you mean \"open\""), HasSubstr("did you mean \"done\"")));
}

TEST(LifecycleTest, RefusesTwoWaysForOneEvent) {
  const Built built = build_bundle(
      lifecycle("shop.order",
                R"({"event": "go", "from": ["open"], "to": "done"}, {"event": "go", "from": ["open"], "to": "open"})"));
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_EQ(built.problems[0].number, ProblemNumber::ambiguous_transition);
}

TEST(LifecycleTest, ReportsAMistakeInAGuardAtItsPlace) {
  const Built built = build_bundle(
      lifecycle("shop.order", R"({"event": "finish", "from": ["open"], "to": "done", "guard": "totl > 0"})"));
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_THAT(built.problems[0].message, HasSubstr("guard of shop.stage/finish"));
  EXPECT_THAT(built.problems[0].fix, HasSubstr("total"));
}

TEST(LifecycleTest, RefusesToRequireWhatIsNotWritten) {
  const Built built = build_bundle(lifecycle("shop.order", kFinish, R"(, "required": ["version", "nothing"])"));
  EXPECT_EQ(built.problems.size(), 2U) << built.text();
}

// It passed once, and whoever asked made the transition.
TEST(LifecycleTest, RefusesAPermissionThatNobodyWouldBeAskedFor) {
  const Built built = build_bundle(
      lifecycle("shop.order", R"({"event": "go", "from": ["open"], "to": "done", "permission": "reopen"})"));
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_EQ(built.problems[0].number, ProblemNumber::later_version);
  EXPECT_THAT(built.problems[0].message, HasSubstr("\"permission\" of a transition would protect nothing"));
  EXPECT_GT(built.problems[0].where.line, 0);
}

TEST(ValidationTest, CompilesItsConditionAndNamesItsField) {
  const Built built = build_bundle(std::string(kOrders) +
                                   R"j(, "validations": [{"id": "paid", "on": "shop.order", "field": "total",
        "reject_when": "total < 0 && changed(total)", "on_unknown": "reject", "text": {"en": "No.", "zh": "否。"}}])j");
  ASSERT_BUILDS(built);
  const Validation& validation = built->validations.back();
  EXPECT_EQ(validation.id, "shop.paid");
  EXPECT_EQ(validation.field_member, built->member_index(built->type("shop.order"), "total"));
  EXPECT_TRUE(validation.reject_on_unknown);
  EXPECT_NE(validation.reject_when, nullptr);
  const Built wrong =
      build_bundle(std::string(kOrders) +
                   R"(, "validations": [{"id": "paid", "on": "shop.order", "field": "totl", "reject_when": "total",
        "text": {"en": "No."}}])");
  EXPECT_EQ(wrong.problems.size(), 2U) << wrong.text();
}

}  // namespace
}  // namespace kith::internal::catalog
