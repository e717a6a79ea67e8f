#include "manifests.hpp"

namespace kith::internal::catalog {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(RecordTypeTest, ReadsItsFieldsKeyTitleAndTimeline) {
  const Built built = build_bundle(kOrders);
  ASSERT_BUILDS(built);
  const RecordType& order = built->type("shop.order");
  EXPECT_EQ(order.owner, "shop");
  EXPECT_EQ(order.title_member, built->member_index(order, "number"));
  EXPECT_EQ(order.key_member, built->member_index(order, "number"));
  EXPECT_THAT(order.timeline_path, ElementsAre(built->member_index(order, "customer")));
  const Member& customer = built->member(order, "customer");
  EXPECT_EQ(customer.type.kind, Kind::ref);
  EXPECT_EQ(customer.inverse, "shop.orders");
  EXPECT_TRUE(customer.required);
  EXPECT_TRUE(customer.index);
  const Member& set = built->member(built->type("customer"), "shop.orders");
  EXPECT_EQ(set.set_ref_member, built->member_index(order, "customer"));
  EXPECT_EQ(built->member(order, "total").type.currency, *&built->currency);
  EXPECT_THAT(built->member(order, "channel").type.values->ids, ElementsAre("web", "store"));
}

TEST(RecordTypeTest, FollowsATimelinePathThroughSeveralRefs) {
  const Built built = build_bundle(R"("record_types": [
    {"name": "line", "timeline": "order.customer", "fields": [{"name": "order", "type": "ref", "to": "shop.order",
     "inverse": "lines"}]},
    {"name": "order", "fields": [{"name": "customer", "type": "ref", "to": "customer"}]}])");
  ASSERT_BUILDS(built);
  EXPECT_EQ(built->type("shop.line").timeline_path.size(), 2U);
  EXPECT_NE(built->type("shop.order").find("lines"), nullptr);
}

TEST(RecordTypeTest, RefusesATimelineThatDoesNotEndAtACustomer) {
  const Built built = build_bundle(
      R"("record_types": [{"name": "order", "timeline": "store", "fields": [{"name": "store", "type": "ref",
        "to": "team"}]}])");
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_THAT(built.problems[0].message, HasSubstr("does not lead to a customer"));
}

TEST(RecordTypeTest, RefusesAKeyThatIsNotUnique) {
  const Built built = build_bundle(
      R"("record_types": [{"name": "order", "key": "number", "fields": [{"name": "number", "type": "text"}]}])");
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_THAT(built.problems[0].message, HasSubstr("unique text field"));
}

TEST(RecordTypeTest, ReadsDefaultsLimitsAndForms) {
  const Built built = build_bundle(R"("fields": {"customer": [
    {"name": "points", "type": "int", "default": 5, "min": 0, "max": 10, "pii": "sensitive"},
    {"name": "limit", "type": "money", "default": 12.5},
    {"name": "since", "type": "date", "default": "2026-01-31"},
    {"name": "code", "type": "text", "pattern": "[A-Z]+", "max_length": 4},
    {"name": "zone", "type": "text", "format": "time_zone"},
    {"name": "size", "type": "enum", "ordered": true, "values": [{"id": "s", "label": {"en": "Small"}}, {"id": "l",
     "label": {"en": "Large"}}], "default": "l"},
    {"name": "likes", "type": "list", "of": "enum", "values": ["tea", "coffee"], "default": ["tea"]}]})");
  ASSERT_BUILDS(built);
  const RecordType& customer = built->type("customer");
  EXPECT_EQ(built->member(customer, "shop.points").default_value->i, 5);
  EXPECT_EQ(built->member(customer, "shop.points").pii, Pii::sensitive);
  EXPECT_EQ(built->member(customer, "shop.limit").default_value->i, 1250);
  EXPECT_EQ(to_text(*built->member(customer, "shop.since").default_value), "2026-01-31");
  EXPECT_EQ(built->member(customer, "shop.code").max_length, 4);
  EXPECT_EQ(built->member(customer, "shop.zone").format, "time_zone");
  const Member& size = built->member(customer, "shop.size");
  EXPECT_TRUE(size.type.values->ordered);
  EXPECT_EQ(size.value_labels[1].label.in("zh"), "Large");
  const Member& likes = built->member(customer, "shop.likes");
  EXPECT_EQ(likes.type.kind, Kind::json);
  EXPECT_EQ(likes.type.element, Kind::text);
  EXPECT_EQ(likes.default_value->s, R"(["tea"])");
}

TEST(RecordTypeTest, RefusesDefaultsThatDoNotFit) {
  const Built built = build_bundle(R"("fields": {"customer": [
    {"name": "points", "type": "int", "default": "five"},
    {"name": "limit", "type": "money", "default": 12.505},
    {"name": "since", "type": "date", "default": "31.1.2026"},
    {"name": "size", "type": "enum", "values": ["s", "l"], "default": "m"},
    {"name": "code", "type": "text", "pattern": "["}]})");
  ASSERT_EQ(built.problems.size(), 5U) << built.text();
  for (const Problem& problem : built.problems) EXPECT_EQ(problem.number, ProblemNumber::bad_value);
}

TEST(RecordTypeTest, RefusesPatternsThatCannotBeMatchedInLinearTimeOrAreTooLarge) {
  const auto refused = [](const std::string& pattern) {
    const Built built =
        build_bundle(R"("fields": {"customer": [{"name": "code", "type": "text", "pattern": ")" + pattern + R"("}]})");
    return built.problems.empty() ? std::string("taken") : built.problems.front().message;
  };
  EXPECT_EQ(refused("[A-Z]{2}[0-9]+"), "taken");
  EXPECT_EQ(refused("(a+)+b"), "taken");
  EXPECT_EQ(refused(std::string(100, '(') + "a" + std::string(100, ')')), "taken");
  EXPECT_THAT(refused("(?=a)b"), ::testing::HasSubstr("linear time"));
  EXPECT_THAT(refused("(a)\\\\1"), ::testing::HasSubstr("linear time"));
  EXPECT_THAT(refused(std::string(100'000, 'a')), ::testing::HasSubstr("at most 4096"));
  EXPECT_THAT(refused(std::string(1'500, '(') + "a" + std::string(1'500, ')')), ::testing::HasSubstr("at most 100"));
  EXPECT_THAT(refused("((a{1000}){1000}){1000}"), ::testing::HasSubstr("can't be used"));
}

TEST(RecordTypeTest, RefusesKeysThatDoNotGoWithTheType) {
  const Built built = build_bundle(R"("fields": {"customer": [
    {"name": "a", "type": "int", "max_length": 5},
    {"name": "b", "type": "text", "values": ["x"]},
    {"name": "c", "type": "ref", "to": "any", "inverse": "cs"},
    {"name": "d", "type": "ref"},
    {"name": "e", "type": "list"},
    {"name": "f", "type": "enum"}]})");
  EXPECT_EQ(built.problems.size(), 6U) << built.text();
}

TEST(RecordTypeTest, ReadsSetsOfUniqueAndIndexedFields) {
  const Built built = build_bundle(
      R"("record_types": [{"name": "visit", "append_only": true, "unique": [["customer", "on_date"]],
        "indexes": [["on_date"]], "fields": [
    {"name": "customer", "type": "ref", "to": "customer"}, {"name": "on_date", "type": "date"}]}])");
  ASSERT_BUILDS(built);
  const RecordType& visit = built->type("shop.visit");
  EXPECT_TRUE(visit.append_only);
  EXPECT_THAT(visit.unique_sets,
              ElementsAre(ElementsAre(built->member_index(visit, "customer"), built->member_index(visit, "on_date"))));
  EXPECT_EQ(visit.index_sets.size(), 1U);
}

TEST(RecordTypeTest, RefusesARefToNothing) {
  const Built built = build_bundle(R"("fields": {"customer": [{"name": "store", "type": "ref", "to": "shop.store"}]})");
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_EQ(built.problems[0].number, ProblemNumber::unknown_reference);
}

TEST(RelationshipTest, ChecksItsEndsAndNames) {
  const Built built = build_bundle(R"("relationships": [
    {"name": "owns", "inverse": "owned_by", "from": {"type": "customer", "kind": "persn"}, "to": {"type": "customer"}},
    {"name": "near", "inverse": "near", "from": {"type": "customer"}, "to": {"type": "customer"}},
    {"name": "part_of", "inverse": "has_part", "acyclic": true, "from": {"type": "customer"},
     "to": {"type": "team"}}])");
  ASSERT_EQ(built.problems.size(), 3U) << built.text();
  EXPECT_THAT(built.problems[0].fix, HasSubstr("person"));
}

TEST(RelationshipTest, IsFoundByItsNameAndItsInverse) {
  const Built built = build_bundle(
      R"("relationships": [{"name": "owns", "inverse": "owned_by", "from": {"type": "customer"},
        "to": {"type": "customer"},
    "cardinality": "many_to_one", "attributes": [{"name": "percent", "type": "double"}]}])");
  ASSERT_BUILDS(built);
  const Relationship* owns = built->find_relationship("shop.owned_by");
  ASSERT_NE(owns, nullptr);
  EXPECT_EQ(owns->name, "shop.owns");
  EXPECT_EQ(owns->cardinality, Cardinality::many_to_one);
  EXPECT_EQ(owns->attributes.front().type.kind, Kind::real);
}

constexpr const char* kRunsAsClerk =
    R"("library": "shop", "requires": {"abi": "0.1"},
    "actions": [{"name": "post", "on": "customer", "effect": "database", "runs_as": "clerk"}], )";

TEST(RoleTest, KeepsGrantsAndChecksWhatTheyName) {
  const Built built = build_bundle(std::string(kRunsAsClerk) + R"("roles": [
    {"name": "clerk", "grants": {"customer": {"read": "all", "update": "own"}, "shop.*": {"read": "team"}}}])");
  ASSERT_BUILDS(built);
  ASSERT_EQ(built->roles.size(), 1U);
  EXPECT_EQ(built->roles[0].name, "shop.clerk");
  EXPECT_EQ(built->roles[0].grants.size(), 3U);
  const Built wrong = build_bundle(std::string(kRunsAsClerk) + R"("roles": [{"name": "clerk", "grants":
        {"custmer": {"read": "all"}, "customer": {"reed": "all", "update": "mine"}}}])");
  EXPECT_EQ(wrong.problems.size(), 3U) << wrong.text();
}

TEST(RoleTest, RefusesOneThatNothingRunsAs) {
  const Built built = build_bundle(std::string(kRunsAsClerk) + R"("roles": [
    {"name": "clerk", "grants": {"customer": {"read": "all"}}},
    {"name": "seller", "grants": {"customer": {"read": "own"}}}])");
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_EQ(built.problems[0].number, ProblemNumber::later_version);
  EXPECT_NE(built.problems[0].message.find("\"shop.seller\""), std::string::npos);
  EXPECT_NE(built.problems[0].expected.find("runs_as"), std::string::npos);
}

TEST(RoleTest, StaysWhereWhatRunsAsItSleeps) {
  const Built built = build_bundle(R"("library": "shop", "requires": {"abi": "0.1", "optional": {"elsewhere": "^0.1"}},
    "jobs": [{"name": "night", "needs": "elsewhere", "runs_as": "clerk"}],
    "roles": [{"name": "clerk", "grants": {"customer": {"read": "all"}}}])");
  EXPECT_TRUE(built.problems.empty()) << built.text();
}

TEST(RoleTest, RefusesPermissionsAsLongAsNothingAsksForThem) {
  const Built built = build_bundle(std::string(kRunsAsClerk) + R"("permissions": [{"name": "reverse"}],
    "roles": [{"name": "clerk", "grants": {"customer": {"read": "all"}}, "permissions": ["reverse"]}])");
  ASSERT_EQ(built.problems.size(), 2U) << built.text();
  for (const Problem& problem : built.problems) EXPECT_EQ(problem.number, ProblemNumber::later_version);
}

}  // namespace
}  // namespace kith::internal::catalog
