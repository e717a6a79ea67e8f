#include "manifests.hpp"

namespace kith::internal::catalog {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;

std::string shop(const std::string& sections) { return std::string(kOrders) + ",\n" + sections; }

TEST(DerivationTest, ReadsARollupThroughItsSetWithTheEdgeThatDecidesItsRows) {
  const Built built = build_bundle(shop(R"j("rollups": {"customer": [
    {"name": "spend", "type": "money", "over": "shop.orders", "aggregate": "sum", "value": "total",
     "where": "days_since(placed_at) <= 365"},
    {"name": "orders_ever", "type": "int", "over": "shop.orders", "aggregate": "count"}]})j"));
  ASSERT_BUILDS(built);
  const Derivation* spend = built->find_derivation("shop.spend");
  ASSERT_NE(spend, nullptr);
  EXPECT_EQ(spend->kind, DerivationKind::rollup);
  EXPECT_EQ(spend->aggregate, Aggregate::sum);
  const RecordType& customer = built->type("customer");
  const RecordType& order = built->type("shop.order");
  const expr::Hop hop{true, customer.number, built->member_index(customer, "shop.orders")};
  for (const char* name : {"customer", "total", "placed_at"})
    EXPECT_THAT(spend->reads, Contains(expr::Read{{hop}, order.number, built->member_index(order, name)})) << name;
  const Member& member = built->member(customer, "shop.spend");
  EXPECT_EQ(member.role, Role::derived);
  EXPECT_EQ(member.column, "shop__spend");
  EXPECT_EQ(member.derivation, spend->number);
  EXPECT_EQ(built->find_derivation("shop.orders_ever")->reads.size(), 1U);
}

TEST(DerivationTest, ListsTheReadersOfAFact) {
  const Built built = build_bundle(shop(
      R"j("rollups": {"customer": [{"name": "spend", "type": "money", "over": "shop.orders", "aggregate": "sum",
        "value": "total"}]},
    "formulas": {"customer": [{"name": "big", "type": "bool", "expr": "shop.spend > 100"}],
     "shop.order": [{"name": "buyer", "type": "text", "expr": "customer.name"}]})j"));
  ASSERT_BUILDS(built);
  const RecordType& customer = built->type("customer");
  const RecordType& order = built->type("shop.order");
  const auto& of_total = built->readers(order.number, built->member_index(order, "total"));
  ASSERT_EQ(of_total.size(), 1U);
  EXPECT_EQ(of_total[0].derivation, built->find_derivation("shop.spend")->number);
  EXPECT_TRUE(of_total[0].path.front().through_set);
  EXPECT_EQ(built->readers(customer.number, built->member_index(customer, "shop.spend")).size(), 1U);
  const auto& of_name = built->readers(customer.number, built->member_index(customer, "name"));
  ASSERT_EQ(of_name.size(), 1U);
  EXPECT_FALSE(of_name[0].path.front().through_set);
  EXPECT_TRUE(built->readers(customer.number, built->member_index(customer, "phone")).empty());
}

TEST(DerivationTest, StandsBehindWhatItReadsWhateverTheOrderOfDeclaration) {
  const Built built = build_bundle(shop(
      R"j("segments": [{"name": "loyal", "on": "customer", "when": "shop.big && in_segment('shop.known')"},
        {"name": "known", "on": "customer", "when": "email != null"}],
    "formulas": {"customer": [{"name": "big", "type": "bool", "expr": "shop.spend > 100"}]},
    "rollups": {"customer": [{"name": "spend", "type": "money", "over": "shop.orders", "aggregate": "sum",
     "value": "total", "where": "web"}]})j"));
  EXPECT_FALSE(built.problems.empty());  // "web" is no name of an order
  const Built fixed = build_bundle(shop(
      R"j("segments": [{"name": "loyal", "on": "customer", "when": "shop.big && in_segment('shop.known')"},
        {"name": "known", "on": "customer", "when": "email != null"}],
    "formulas": {"customer": [{"name": "big", "type": "bool", "expr": "shop.spend > 100"}]},
    "rollups": {"customer": [{"name": "spend", "type": "money", "over": "shop.orders", "aggregate": "sum",
     "value": "total", "where": "channel == 'web'"}]})j"));
  ASSERT_BUILDS(fixed);
  std::map<std::string, std::int32_t> at;
  for (std::size_t i = 0; i < fixed->derivations.size(); ++i) {
    EXPECT_EQ(fixed->derivations[i].number, static_cast<std::int32_t>(i));
    at[fixed->derivations[i].name] = fixed->derivations[i].number;
  }
  EXPECT_LT(at["shop.spend"], at["shop.big"]);
  EXPECT_LT(at["shop.big"], at["shop.loyal"]);
  EXPECT_LT(at["shop.known"], at["shop.loyal"]);
  const RecordType& customer = fixed->type("customer");
  EXPECT_EQ(fixed->member(customer, "shop.loyal").derivation, at["shop.loyal"]);
}

TEST(DerivationTest, NamesACircleAlongItself) {
  const Built built = build_bundle(R"j("formulas": {"customer": [
    {"name": "a", "type": "int", "expr": "shop.b + 1"}, {"name": "b", "type": "int", "expr": "shop.c + 1"},
     {"name": "c", "type": "int", "expr": "shop.a + 1"}]})j");
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_EQ(built.problems[0].number, ProblemNumber::derivation_cycle);
  EXPECT_THAT(built.problems[0].message, HasSubstr("shop.a -> shop.b -> shop.c -> shop.a"));
  EXPECT_EQ(built.problems[0].notes.size(), 3U);
}

TEST(DerivationTest, FindsACircleAcrossTypes) {
  const Built built = build_bundle(shop(
      R"j("rollups": {"customer": [{"name": "best", "type": "int", "over": "shop.orders", "aggregate": "max",
        "value": "share"}]},
    "formulas": {"shop.order": [{"name": "share", "type": "int", "expr": "customer.shop.best + 1"}]})j"));
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_EQ(built.problems[0].number, ProblemNumber::derivation_cycle);
  EXPECT_THAT(built.problems[0].message, AllOf(HasSubstr("shop.best"), HasSubstr("shop.order.share")));
}

TEST(DerivationTest, NamesAFormulaOnAnotherTypeWithTheTypeInside) {
  const Built built = build_bundle(shop(
      R"j("formulas": {"shop.order": [{"name": "label", "type": "text", "expr": "number"}],
        "customer": [{"name": "label", "type": "text", "expr": "name"}], "team": [{"name": "label", "type": "text",
        "expr": "name"}]})j"));
  ASSERT_BUILDS(built);
  for (const char* name : {"shop.order.label", "shop.label", "shop.team.label"})
    EXPECT_NE(built->find_derivation(name), nullptr) << name;
  EXPECT_NE(built->type("shop.order").find("label"), nullptr);
  EXPECT_NE(built->type("team").find("shop.label"), nullptr);
}

TEST(DerivationTest, RefusesAFormulaOfAnotherType) {
  const Built built = build_bundle(R"j("formulas": {"customer": [{"name": "n", "type": "int", "expr": "name"}]})j");
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_EQ(built.problems[0].number, ProblemNumber::type_mismatch);
  EXPECT_GT(built.problems[0].where.column, 0);
}

TEST(DerivationTest, RefusesARollupOverWhatIsNoSet) {
  const Built built = build_bundle(
      shop(R"j("rollups": {"customer": [{"name": "n", "type": "int", "over": "shop.order", "aggregate": "count"}]})j"));
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_THAT(built.problems[0].fix, HasSubstr("shop.orders"));
}

TEST(DerivationTest, RefusesRollupsWhoseTypeDoesNotFitTheirAggregate) {
  const Built built = build_bundle(shop(R"j("rollups": {"customer": [
    {"name": "a", "type": "money", "over": "shop.orders", "aggregate": "count"},
    {"name": "b", "type": "date", "over": "shop.orders", "aggregate": "sum", "value": "placed_at"},
    {"name": "c", "type": "money", "over": "shop.orders", "aggregate": "max"}]})j"));
  EXPECT_GE(built.problems.size(), 3U) << built.text();
}

TEST(DerivationTest, RefusesARollupThatReadsDerivationsOfOtherRecords) {
  const Built built =
      build_bundle(shop(R"j("formulas": {"customer": [{"name": "known", "type": "bool", "expr": "email != null"}]},
    "rollups": {"customer": [{"name": "n", "type": "int", "over": "shop.orders", "aggregate": "count",
     "where": "customer.shop.known"}]})j"));
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_EQ(built.problems[0].number, ProblemNumber::not_allowed_here);
}

TEST(DerivationTest, LetsARollupReadTheChildsOwnDerivations) {
  const Built built =
      build_bundle(shop(R"j("formulas": {"shop.order": [{"name": "big", "type": "bool", "expr": "total > 100"}]},
    "rollups": {"customer": [{"name": "n", "type": "int", "over": "shop.orders", "aggregate": "count",
     "where": "big && customer.country == 'CN'"}]})j"));
  ASSERT_BUILDS(built);
  EXPECT_LT(built->find_derivation("shop.order.big")->number, built->find_derivation("shop.n")->number);
}

TEST(DerivationTest, RefusesTwoDerivationsOfOneName) {
  const Built built = build_bundle(shop(
      R"j("formulas": {"customer": [{"name": "loyal", "type": "bool", "expr": "true"}]}, "segments": [{"name": "loyal",
        "on": "shop.order", "when": "true"}])j"));
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_EQ(built.problems[0].number, ProblemNumber::duplicate_name);
}

TEST(DerivationTest, PutsACaretUnderTheMistake) {
  const Built built = build_bundle(R"j("segments": [{"name": "s", "on": "customer", "when": "emial != null"}])j");
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_THAT(built.problems[0].excerpt, AllOf(HasSubstr("emial"), HasSubstr("^~~~~")));
  EXPECT_THAT(built.problems[0].fix, HasSubstr("email"));
}

TEST(DerivationTest, KnowsTheParameterSetsThatItReads) {
  const Built built = build_bundle(R"j("parameters": [{"set": "rfm", "values": [{"name": "r1", "type": "int"}]}],
    "formulas": {"customer": [{"name": "r", "type": "bool",
     "expr": "days_since(created_at) <= param('shop.rfm', 'r1')"}]})j");
  ASSERT_BUILDS(built);
  EXPECT_THAT(built->find_derivation("shop.r")->parameter_sets, testing::ElementsAre("shop.rfm"));
}

}  // namespace
}  // namespace kith::internal::catalog
