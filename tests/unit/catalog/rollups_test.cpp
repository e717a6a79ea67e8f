// Rollups over a relationship: what they read, and what is said where one can't be.
#include <boost/json.hpp>

#include "catalog/describe.hpp"
#include "manifests.hpp"

namespace kith::internal::catalog {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

std::string rollup(const std::string& rest, const std::string& type = "customer") {
  return R"j("rollups": {")j" + type + R"j(": [{"name": "r", "type": "int", )j" + rest + "}]}";
}

std::string shop(const std::string& sections) { return std::string(kOrders) + ",\n" + sections; }

Problem only_problem(const std::string& sections, const std::string& head = {}) {
  const Built built = build_bundle(shop(sections), head);
  EXPECT_EQ(built.problems.size(), 1U) << built.text();
  return built.problems.empty() ? Problem{} : built.problems[0];
}

/// The place of a text in a manifest of one bundle, from which its columns count.
void expect_at(const Problem& problem, const std::string& sections, const std::string& text) {
  const std::string manifest = "{\"id\": \"shop\", \"version\": \"0.1.0\",\n" + shop(sections) + "}";
  const std::size_t at = manifest.find(text);
  ASSERT_NE(at, std::string::npos);
  const std::string before = manifest.substr(0, at);
  const std::size_t line = 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  EXPECT_EQ(static_cast<std::size_t>(problem.where.line), line) << format_problem(problem);
  EXPECT_EQ(static_cast<std::size_t>(problem.where.column), at - before.rfind('\n')) << format_problem(problem);
}

TEST(RollupsTest, OverARelationshipReadsItsEdgesAndWhatTheyLeadTo) {
  const Built built =
      build_bundle(shop(rollup(
                            R"j("over": "rel('referred_by')", "aggregate": "max", "value": "shop.orders_ever",
            "where": "country == 'CN'")j") +
                        R"j(, "formulas": {"customer": [{"name": "orders_ever", "type": "int", "expr": "1"}]})j"));
  ASSERT_BUILDS(built);
  const RecordType& customer = built->type("customer");
  const Derivation* found = built->find_derivation("shop.r");
  ASSERT_NE(found, nullptr);
  const Relationship* referred = built->find_relationship("referred");
  const expr::Hop by{true, customer.number, -1, referred->number, true};
  EXPECT_EQ(found->over, by);
  EXPECT_THAT(
      found->reads,
      UnorderedElementsAre(expr::Read{{}, customer.number, -1, referred->number}, expr::Read{{by}, customer.number, -1},
                           expr::Read{{by}, customer.number, built->member_index(customer, "country")},
                           expr::Read{{by}, customer.number, built->member_index(customer, "shop.orders_ever")}));
  ASSERT_EQ(built->edge_readers(referred->number).size(), 1U);
  EXPECT_EQ(built->edge_readers(referred->number)[0].reader.derivation, found->number);
}

TEST(RollupsTest, ARelationshipIsSeenFromEitherOfItsEnds) {
  const char* const sponsors =
      R"j("relationships": [{"name": "paid_by", "inverse": "pays", "from": {"type": "shop.order"},
        "to": {"type": "customer"}}])j";
  const Built built = build_bundle(shop(std::string(sponsors) + R"j(, "rollups": {
      "customer": [{"name": "paid", "type": "money", "over": "rel('shop.pays')", "aggregate": "sum", "value": "total"}],
      "shop.order": [{"name": "payers", "type": "int", "over": "rel('shop.paid_by')", "aggregate": "count",
       "where": "email != null"}]})j"));
  ASSERT_BUILDS(built);
  EXPECT_TRUE(built->find_derivation("shop.paid")->over.inverse);
  EXPECT_FALSE(built->find_derivation("shop.order.payers")->over.inverse);
  const std::string wrong_end =
      std::string(sponsors) + ", " + rollup(R"j("over": "rel('shop.paid_by')", "aggregate": "count")j");
  const Problem problem = only_problem(wrong_end);
  EXPECT_EQ(problem.number, ProblemNumber::unknown_name);
  EXPECT_THAT(problem.message, HasSubstr("no relationship 'shop.paid_by' begins at customer"));
  expect_at(problem, wrong_end, "'shop.paid_by')");
}

TEST(RollupsTest, AnUnknownRelationshipIsPointedAtWithTheNearestName) {
  const std::string sections = rollup(R"j("over": "rel('refered')", "aggregate": "count")j");
  const Problem problem = only_problem(sections);
  EXPECT_EQ(problem.number, ProblemNumber::unknown_name);
  EXPECT_THAT(problem.message,
              HasSubstr("over of the rollup \"shop.r\": no relationship 'refered' begins at customer"));
  EXPECT_THAT(problem.fix, HasSubstr("referred"));
  EXPECT_THAT(problem.excerpt, HasSubstr("    ^~~~~~~~~"));
  expect_at(problem, sections, "'refered'");
}

TEST(RollupsTest, ARelationshipNamedLikeASetIsToldHowItIsWritten) {
  const Problem problem = only_problem(rollup(R"j("over": "referred_by", "aggregate": "count")j"));
  EXPECT_EQ(problem.number, ProblemNumber::unknown_reference);
  EXPECT_EQ(problem.fix, "write rel('referred_by')");
}

TEST(RollupsTest, SeveralStepsAreRefusedWithTheWayToWriteOne) {
  const std::string sections = rollup(R"j("over": {"rel": "subsidiary_of", "depth": 2}, "aggregate": "count")j");
  const Problem problem = only_problem(sections);
  EXPECT_EQ(problem.number, ProblemNumber::later_version);
  EXPECT_THAT(problem.fix, HasSubstr("rel('subsidiary_of')"));
  expect_at(problem, sections, "{\"rel\"");
}

TEST(RollupsTest, OnlyASetOfTheRecordItselfIsGoneOver) {
  for (const auto& [over, type, says] :
       {std::tuple{"customer.rel('referred')", "shop.order", "a set of another record"},
        std::tuple{"rel('referred').count()", "customer", "no set of related records"},
        std::tuple{"count(orders)", "customer", "no set of related records"},
        std::tuple{"actor.rel('referred')", "customer", "not known here"}, std::tuple{"rel()", "customer", "rel"},
        std::tuple{"rel(name)", "customer", "rel"}, std::tuple{"rel('referred'", "customer", ")"}}) {
    const std::string sections = rollup(std::string(R"j("over": ")j") + over + R"j(", "aggregate": "count")j", type);
    const Built built = build_bundle(shop(sections));
    ASSERT_FALSE(built.problems.empty()) << over;
    EXPECT_THAT(built.text(), HasSubstr(says)) << over;
    EXPECT_GT(built.problems[0].where.column, 0) << over;
  }
}

TEST(RollupsTest, ItsExpressionsAreOnTheRecordAtTheOtherEnd) {
  const std::string sections =
      R"j("relationships": [{"name": "paid_by", "inverse": "pays", "from": {"type": "shop.order"},
        "to": {"type": "customer"}}],
    )j" +
      rollup(R"j("over": "rel('shop.paid_by')", "aggregate": "count", "where": "total > 5")j", "shop.order");
  const Problem problem = only_problem(sections);
  EXPECT_EQ(problem.number, ProblemNumber::unknown_name);
  EXPECT_THAT(problem.message, HasSubstr("customer"));
  expect_at(problem, sections, "total > 5");
}

TEST(RollupsTest, ItLooksThroughNoSecondSet) {
  const Problem problem = only_problem(
      rollup(R"j("over": "rel('referred')", "aggregate": "count", "where": "rel('referred').count() > 1")j"));
  EXPECT_EQ(problem.number, ProblemNumber::not_allowed_here);
  EXPECT_THAT(problem.fix, HasSubstr("make a rollup"));
}

TEST(RollupsTest, TheRelationshipOfABundleThatIsNotRequiredIsRefused) {
  const char* const club =
      R"j("relationships": [{"name": "invited", "inverse": "invited_by", "from": {"type": "customer"},
        "to": {"type": "customer"}}])j";
  const auto build = [&](const std::string& sections, const std::string& head) {
    return Manifests().bundle("club", club).bundle("shop", sections, head).build();
  };
  const std::string required = R"(, "requires": {"plugins": {"club": "*"}})";
  const std::string over = rollup(R"j("over": "rel('club.invited')", "aggregate": "count")j");
  EXPECT_BUILDS(build(over, required));
  const Built refused = build(over, "");
  ASSERT_EQ(refused.problems.size(), 1U) << refused.text();
  EXPECT_EQ(refused.problems[0].number, ProblemNumber::unknown_reference);
  EXPECT_THAT(refused.problems[0].message, HasSubstr("shop does not require \"club\""));
  EXPECT_GT(refused.problems[0].where.line, 0);
  // The same where an expression asks it.
  const std::string asked =
      R"j("segments": [{"name": "s", "on": "customer", "when": "rel('club.invited').count() > 0"}])j";
  EXPECT_BUILDS(build(asked, required));
  const Built expression = build(asked, "");
  ASSERT_EQ(expression.problems.size(), 1U) << expression.text();
  EXPECT_THAT(expression.problems[0].message, HasSubstr("uses names of \"club\""));
}

TEST(RollupsTest, OneThatReadsItselfAtTheOtherEndIsACircle) {
  const Problem itself = only_problem(rollup(R"j("over": "rel('referred')", "aggregate": "sum", "value": "shop.r")j"));
  EXPECT_EQ(itself.number, ProblemNumber::derivation_cycle);
  EXPECT_THAT(itself.message, HasSubstr("shop.r -> shop.r"));
  const Problem around = only_problem(R"j("rollups": {"customer": [
    {"name": "a", "type": "int", "over": "rel('referred')", "aggregate": "sum", "value": "shop.b"},
    {"name": "b", "type": "int", "over": "rel('referred_by')", "aggregate": "max", "value": "shop.c"}]},
    "formulas": {"customer": [{"name": "c", "type": "int", "expr": "shop.a + 1"}]})j");
  EXPECT_EQ(around.number, ProblemNumber::derivation_cycle);
  EXPECT_BUILDS(build_bundle(R"j("rollups": {"customer": [
    {"name": "a", "type": "int", "over": "rel('referred')", "aggregate": "sum", "value": "shop.b"},
    {"name": "b", "type": "int", "over": "rel('referred')", "aggregate": "count"}]})j"))
      << "the record type is its own, the derivation another";
}

TEST(RollupsTest, ARelationshipThatIsTurnedAroundMakesAnotherDerivation) {
  const auto fingerprint = [](const char* names) {
    const Built built = build_bundle(std::string(R"j("relationships": [{)j") + names +
                                     R"j(, "from": {"type": "customer"}, "to": {"type": "customer"}}], )j" +
                                     rollup(R"j("over": "rel('shop.leads')", "aggregate": "count")j"));
    EXPECT_BUILDS(built);
    return built.problems.empty() ? built->find_derivation("shop.r")->fingerprint : std::string();
  };
  const std::string leads = fingerprint(R"j("name": "leads", "inverse": "led_by")j");
  EXPECT_EQ(leads, fingerprint(R"j("name": "leads", "inverse": "led_by", "label": {"en": "Leads"})j"));
  EXPECT_NE(leads, fingerprint(R"j("name": "led_by", "inverse": "leads")j"));
  EXPECT_NE(leads, fingerprint(R"j("name": "leads", "inverse": "leads", "symmetric": true)j"));
}

TEST(RollupsTest, ASetThatIsMovedToAnotherRefMakesAnotherDerivation) {
  const auto fingerprint = [](const char* refs) {
    const Built built = build_bundle(
        std::string(
            R"j("record_types": [{"name": "bill", "title": "no", "fields": [{"name": "no", "type": "text"}, )j") +
        refs + "]}], " + rollup(R"j("over": "shop.bills", "aggregate": "count")j"));
    EXPECT_BUILDS(built);
    return built.problems.empty() ? built->find_derivation("shop.r")->fingerprint : std::string();
  };
  const char* customer =
      R"j({"name": "customer", "type": "ref", "to": "customer", "inverse": "bills"}, {"name": "payer", "type": "ref",
        "to": "customer"})j";
  const char* payer =
      R"j({"name": "customer", "type": "ref", "to": "customer"}, {"name": "payer", "type": "ref", "to": "customer",
        "inverse": "bills"})j";
  EXPECT_EQ(fingerprint(customer), fingerprint(customer));
  EXPECT_NE(fingerprint(customer), fingerprint(payer));
}

TEST(RollupsTest, TheHighestOfAnEnumIsNotTakenByItsLetters) {
  const std::string sections =
      R"j("fields": {"customer": [{"name": "tier", "type": "enum", "ordered": true, "values": ["gold", "silver"]}]},
        "rollups": {"customer": [
      {"name": "r", "type": "text", "over": "rel('referred')", "aggregate": "max", "value": "shop.tier"}]})j";
  const Built built = build_bundle(sections);
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_THAT(built.problems[0].message, HasSubstr("the max of an enum by its letters"));
  EXPECT_THAT(built.problems[0].fix, HasSubstr("latest"));
}

TEST(RollupsTest, WhatIsMadeOfPersonalDataIsPersonal) {
  const Built built =
      build_bundle(R"j("fields": {"customer": [{"name": "illness", "type": "text", "pii": "sensitive"}]},
    "rollups": {"customer": [
      {"name": "last_mail", "type": "text", "over": "rel('referred')", "aggregate": "latest", "at": "created_at",
       "value": "email"},
      {"name": "mails", "type": "int", "over": "rel('referred')", "aggregate": "count", "distinct_by": "email"},
      {"name": "last_kind", "type": "text", "over": "rel('referred')", "aggregate": "latest", "at": "created_at",
       "value": "kind", "where": "email != null"}]},
    "formulas": {"customer": [
      {"name": "mail_again", "type": "text", "expr": "shop.last_mail"},
      {"name": "both", "type": "text", "expr": "shop.last_mail + shop.illness"},
      {"name": "ill", "type": "bool", "expr": "shop.illness != null"}]})j");
  ASSERT_BUILDS(built);
  const auto pii = [&](const char* name) { return built->type("customer").find(std::string("shop.") + name)->pii; };
  EXPECT_EQ(pii("last_mail"), Pii::personal);
  EXPECT_EQ(pii("mail_again"), Pii::personal);
  EXPECT_EQ(pii("both"), Pii::sensitive);
  EXPECT_EQ(pii("mails"), Pii::none);
  EXPECT_EQ(pii("last_kind"), Pii::none);
  EXPECT_EQ(pii("ill"), Pii::none);
}

TEST(RollupsTest, NoRelationshipLeadsToRecordsOfAnyType) {
  const std::string sections =
      R"j("relationships": [{"name": "owns", "inverse": "owned_by", "from": {"type": "customer"},
        "to": {"type": "any"}}], )j" +
      rollup(R"j("over": "rel('shop.owns')", "aggregate": "count")j");
  const Built built = build_bundle(shop(sections));
  ASSERT_FALSE(built.problems.empty());
  EXPECT_THAT(built.problems[0].message, HasSubstr("\"any\""));
  expect_at(built.problems[0], sections, "\"any\"");
}

TEST(RollupsTest, AScoreCountsEventsOverARelationship) {
  const Built built = build_bundle(R"j("scores": [{"name": "s", "on": "customer", "rules": [
    {"id": "brought", "count": {"over": "rel('referred')", "at": "created_at", "window_days": 30}, "each": 1,
     "cap": 5}]}])j");
  ASSERT_BUILDS(built);
  const Derivation* score = built->find_derivation("shop.s");
  const std::int32_t customer = built->type("customer").number;
  EXPECT_THAT(score->reads, Contains(expr::Read{{}, customer, -1, built->find_relationship("referred")->number}));
  const boost::json::value out = describe(*built, "en");
  const auto& rule = out.at("scores").at(0).at("dimensions").at(0).at("groups").at(0).at("rules").at(0);
  EXPECT_EQ(rule.at("over").as_string(), "rel('referred')");
}

TEST(RollupsTest, DescribingOneTellsItsRelationshipAsSeenFromItsEnd) {
  const Built built = build_bundle(rollup(R"j("over": " rel( \"referred_by\" )", "aggregate": "count")j"));
  ASSERT_BUILDS(built);
  const boost::json::value out = describe(*built, "en");
  EXPECT_EQ(out.at("rollups").at(0).at("over").as_string(), "rel('referred_by')");
}

struct WrongRollup {
  const char* rest;
  ProblemNumber number;
  const char* said;
};

TEST(RollupsTest, WhatAnAggregateNeedsAndHasNoUseForIsSaid) {
  const std::vector<WrongRollup> wrong = {
      {R"j("over": "shop.orders", "aggregate": "latest", "value": "size(number)")j", ProblemNumber::not_allowed_here,
       "has no \"at\""},
      {R"j("over": "shop.orders", "aggregate": "latest", "at": "number", "value": "size(number)")j",
       ProblemNumber::type_mismatch, "must be an instant or a date"},
      {R"j("over": "shop.orders", "aggregate": "sum", "at": "placed_at", "value": "size(number)")j",
       ProblemNumber::not_allowed_here, "has no use for \"at\""},
      {R"j("over": "shop.orders", "aggregate": "sum", "distinct_by": "number", "value": "size(number)")j",
       ProblemNumber::not_allowed_here, "has no use for \"distinct_by\""},
      {R"j("over": "shop.orders", "aggregate": "avg", "value": "size(number)")j", ProblemNumber::not_allowed_here,
       "is a mean"},
      {R"j("over": "shop.orders", "aggregate": "count", "value": "size(number)")j", ProblemNumber::not_allowed_here,
       "has no use for \"value\""},
  };
  for (const WrongRollup& one : wrong) {
    const Problem problem = only_problem(rollup(one.rest));
    EXPECT_EQ(problem.number, one.number) << one.rest << "\n" << format_problem(problem);
    EXPECT_THAT(problem.message, HasSubstr(one.said)) << one.rest;
  }
  const Problem of_texts = only_problem(
      R"j("rollups": {"customer": [{"name": "r", "type": "double", "over": "shop.orders", "aggregate": "median",
        "value": "number"}]})j");
  EXPECT_EQ(of_texts.number, ProblemNumber::type_mismatch);
  EXPECT_EQ(of_texts.expected, "an int or a double");
}

}  // namespace
}  // namespace kith::internal::catalog
