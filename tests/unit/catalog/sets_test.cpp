// "Who may read what": which places may look through sets of related records, and what they read; purposes and actor.
#include "manifests.hpp"

namespace kith::internal::catalog {
namespace {

using testing::Contains;
using testing::HasSubstr;

std::string set_shop(const std::string& sections) { return std::string(kOrders) + ",\n" + sections; }

Problem only_set_problem(const std::string& sections) {
  const Built built = build_bundle(set_shop(sections));
  EXPECT_EQ(built.problems.size(), 1U) << built.text();
  return built.problems.empty() ? Problem{} : built.problems[0];
}

TEST(SetsTest, AFormulaLooksThroughNoSetAndIsToldToMakeARollup) {
  const Problem problem = only_set_problem(
      R"j("formulas": {"customer": [{"name": "many", "type": "bool", "expr": "shop.orders.count() > 3"}]})j");
  EXPECT_EQ(problem.number, ProblemNumber::not_allowed_here);
  EXPECT_THAT(problem.fix, HasSubstr("make a rollup"));
  EXPECT_GT(problem.where.line, 0);
}

TEST(SetsTest, ARollupLooksThroughItsOwnSetOnly) {
  const Problem problem = only_set_problem(
      R"j("rollups": {"customer": [{"name": "r", "type": "int", "over": "shop.orders", "aggregate": "count",
        "where": "customer.shop.orders.count() > 1"}]})j");
  EXPECT_THAT(problem.fix, HasSubstr("make a rollup"));
}

TEST(SetsTest, ASegmentCountsAndDoesNotSum) {
  const Built built = build_bundle(set_shop(
      R"j("segments": [{"name": "s", "on": "customer",
        "when": "shop.orders.exists(o, o.total > 5) && rel('referred').all(r, r.email != null)"}])j"));
  ASSERT_BUILDS(built);
  const Problem problem =
      only_set_problem(R"j("segments": [{"name": "s", "on": "customer", "when": "shop.orders.sum(o, o.total) > 5"}])j");
  EXPECT_THAT(problem.fix, HasSubstr("\"aggregate\": \"sum\""));
}

TEST(SetsTest, AScoreCountsInItsConditions) {
  const Built built = build_bundle(set_shop(
      R"j("scores": [{"name": "s", "on": "customer", "rules": [{"id": "r", "when": "shop.orders.exists(o, o.total > 5)",
        "points": 1},
      {"id": "v", "value": "shop.orders.count()", "each": 1, "cap": 5}]}])j"));
  EXPECT_BUILDS(built);
  const Problem problem = only_set_problem(
      R"j("scores": [{"name": "s", "on": "customer", "rules": [{"id": "v",
        "value": "shop.orders.max(o, double(o.total))", "each": 1, "cap": 5}]}])j");
  EXPECT_THAT(problem.fix, HasSubstr("\"aggregate\": \"max\""));
}

TEST(SetsTest, TriggersGuardsValidationsAndConditionsMaySum) {
  const Built built = build_bundle(
      set_shop(R"j("workflows": [{"id": "w", "on": "customer", "trigger": {"became": "shop.orders.sum(o, o.total) > 5"},
      "condition": "shop.orders.median(o, o.total) > 1 && actor != owner", "actions": [{"id": "a", "emit": "e"}]}],
    "validations": [{"id": "v", "on": "customer", "reject_when": "shop.orders.max(o, o.total) > 100 || owner == actor",
     "text": {"en": "No."}}])j"));
  EXPECT_BUILDS(built);
}

TEST(SetsTest, WhoAsksIsUnknownToWhatIsStored) {
  const Problem problem =
      only_set_problem(R"j("segments": [{"name": "mine", "on": "customer", "when": "owner == actor"}])j");
  EXPECT_THAT(problem.message, HasSubstr("who asks is not known here"));
}

TEST(SetsTest, TheCatalogKnowsWhoReadsTheEdgesOfARelationship) {
  const Built built = build_bundle(set_shop(
      R"j("segments": [{"name": "s", "on": "shop.order",
        "when": "customer.rel('referred_by').exists(r, r.shop.orders.count() > 1)"}])j"));
  ASSERT_BUILDS(built);
  const Derivation* segment = built->find_derivation("shop.s");
  ASSERT_NE(segment, nullptr);
  const RecordType& order = built->type("shop.order");
  const RecordType& customer = built->type("customer");
  const Relationship* referred = built->find_relationship("referred");
  const expr::Hop to_customer{false, order.number, built->member_index(order, "customer")};
  const expr::Hop by{true, customer.number, -1, referred->number, true};
  const expr::Hop orders{true, customer.number, built->member_index(customer, "shop.orders")};
  EXPECT_THAT(segment->reads, Contains(expr::Read{{to_customer}, customer.number, -1, referred->number}));
  EXPECT_THAT(segment->reads, Contains(expr::Read{{to_customer, by}, customer.number, -1}));
  EXPECT_THAT(segment->reads,
              Contains(expr::Read{{to_customer, by, orders}, order.number, built->member_index(order, "customer")}));
  const auto& readers = built->edge_readers(referred->number);
  ASSERT_EQ(readers.size(), 1U);
  EXPECT_EQ(readers[0].record_type, customer.number);
  EXPECT_EQ(readers[0].reader.derivation, segment->number);
  EXPECT_THAT(segment->reads, Contains(expr::Read{{to_customer}, customer.number, -1}));
  EXPECT_EQ(built->readers(customer.number, -1).size(), 2U) << "whether the customer, and who referred it, is there";
}

TEST(SetsTest, ASegmentOverASetOfItsOwnTypeCantReadItself) {
  const Problem problem = only_set_problem(
      R"j("segments": [{"name": "s", "on": "customer",
        "when": "rel('referred').exists(r, r.in_segment('shop.s'))"}])j");
  EXPECT_EQ(problem.number, ProblemNumber::derivation_cycle);
}

TEST(SetsTest, AFormulaMayAskForConsentToADeclaredPurpose) {
  const std::string purposes =
      R"j("purposes": [{"id": "news", "label": {"en": "News"}, "text": {"en": "May we write?"}, "version": "2"}], )j";
  const Built built = build_bundle(set_shop(
      purposes +
      R"j("formulas": {"customer": [{"name": "reach", "type": "bool", "expr": "consented('shop.news', 'email')"}]})j"));
  ASSERT_BUILDS(built);
  ASSERT_EQ(built->purposes.size(), 1U);
  EXPECT_EQ(built->purposes[0].name, "shop.news");
  EXPECT_EQ(built->purposes[0].version, "2");
  const RecordType& consent = built->type("consent");
  EXPECT_EQ(built->readers(consent.number, built->member_index(consent, "status")).size(), 1U);
  const Problem problem = only_set_problem(
      purposes +
      R"j("formulas": {"customer": [{"name": "reach", "type": "bool", "expr": "consented('shop.newz')"}]})j");
  EXPECT_THAT(problem.fix, HasSubstr("shop.news"));
}

}  // namespace
}  // namespace kith::internal::catalog
