#include "manifests.hpp"

namespace kith::internal::catalog {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(ManifestKeysTest, ReportsATypoInAKeyAndOneInAnExpressionAtOnceWithTheirPlaces) {
  const Built built = Manifests()
                          .add("retail", R"({
  "id": "retail", "version": "0.1.0",
  "fields": {"customer": [
    {"name": "tier", "type": "text", "requierd": true}
  ]},
  "formulas": {"customer": [
    {"name": "gold", "type": "bool", "expr": "retail.teir == 'gold'"}
  ]}
})")
                          .build();
  ASSERT_EQ(built.problems.size(), 2U) << built.text();
  const Problem& key = built.problems[0];
  EXPECT_EQ(key.number, ProblemNumber::unknown_key);
  EXPECT_EQ(key.where.text(), "retail/plugin.json:4:38");
  EXPECT_THAT(key.fix, HasSubstr("required"));
  EXPECT_THAT(key.excerpt, HasSubstr("^"));
  const Problem& name = built.problems[1];
  EXPECT_EQ(name.number, ProblemNumber::unknown_name);
  EXPECT_EQ(name.where.text(), "retail/plugin.json:7:47");
  EXPECT_THAT(name.fix, HasSubstr("retail.tier"));
  EXPECT_THAT(name.message, HasSubstr("formula retail.gold"));
}

TEST(ManifestKeysTest, ReportsProblemsOfAllBundlesInOneGo) {
  const Built built = Manifests()
                          .bundle("one", R"("settings": [{"name": "a", "type": "integer", "default": 1}])")
                          .bundle("two", R"("segments": [{"name": "s", "on": "custmer", "when": "true"}])")
                          .build();
  ASSERT_EQ(built.problems.size(), 2U) << built.text();
  EXPECT_EQ(built.problems[0].where.file, "one/plugin.json");
  EXPECT_THAT(built.problems[0].expected, HasSubstr("int"));
  EXPECT_EQ(built.problems[1].where.file, "two/plugin.json");
  EXPECT_THAT(built.problems[1].fix, HasSubstr("customer"));
}

TEST(ManifestKeysTest, NamesAMissingKey) {
  const Built built = build_bundle(R"("segments": [{"name": "s", "on": "customer"}])");
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_EQ(built.problems[0].number, ProblemNumber::missing_key);
  EXPECT_THAT(built.problems[0].message, HasSubstr("\"when\""));
}

TEST(ManifestKeysTest, DoesNotCallAMisspeltKeyMissingAsWell) {
  const Built built = build_bundle(R"("segments": [{"name": "s", "on": "customer", "wehn": "true"}])");
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_EQ(built.problems[0].number, ProblemNumber::unknown_key);
}

TEST(ManifestKeysTest, SaysWhatIsExpectedWhereAValueHasTheWrongType) {
  const Built built = build_bundle(R"("fields": {"customer": [{"name": "tier", "type": "text", "required": "yes"}]})");
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_EQ(built.problems[0].number, ProblemNumber::wrong_type);
  EXPECT_EQ(built.problems[0].expected, "true or false");
  EXPECT_EQ(built.problems[0].found, "text \"yes\"");
}

TEST(ManifestKeysTest, RefusesALabelWithoutEnglish) {
  const Built built =
      build_bundle(R"("fields": {"customer": [{"name": "p", "type": "int", "label": {"zh": "许可"}}]})");
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_EQ(built.problems[0].number, ProblemNumber::label_missing);
}

TEST(ManifestKeysTest, RefusesNamesThatTheDatabaseCouldMixUp) {
  const Built built =
      build_bundle(R"("fields": {"customer": [{"name": "a__b", "type": "int"}, {"name": "Big", "type": "int"}]})");
  ASSERT_EQ(built.problems.size(), 2U) << built.text();
  for (const Problem& problem : built.problems) EXPECT_EQ(problem.number, ProblemNumber::bad_name);
}

struct LaterCase {
  const char* what;
  const char* sections;
};

class LaterKeyTest : public testing::TestWithParam<LaterCase> {};

TEST_P(LaterKeyTest, IsRefusedAsNotSupportedRatherThanAsUnknown) {
  const Built built = build_bundle(GetParam().sections);
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_EQ(built.problems[0].number, ProblemNumber::later_version);
  EXPECT_THAT(built.problems[0].message, AllOf(HasSubstr(GetParam().what), HasSubstr("is not supported by kith 0.1")));
  EXPECT_GT(built.problems[0].where.line, 0);
}

INSTANTIATE_TEST_SUITE_P(
    ManifestKeys, LaterKeyTest,
    testing::Values(
        LaterCase{"\"before\"", R"("before": [])"}, LaterCase{"\"seed\"", R"("seed": [])"},
        LaterCase{"\"metrics\"", R"("metrics": [])"}, LaterCase{"\"match_rules\"", R"("match_rules": [])"},
        LaterCase{"\"change\"", R"("change": {})"},
        LaterCase{"\"relative_to\"",
                  R"("lifecycles": [{"name": "l", "on": "customer", "initial": ["a"], "states": [{"id": "a",
              "category": "open"}, {"id": "b", "category": "won"}],
           "transitions": [{"event": "go", "from": ["a"], "to": "b", "auto": {"relative_to": "birth_date"}}]}])"},
        LaterCase{"\"actions\"",
                  R"("lifecycles": [{"name": "l", "on": "customer", "initial": ["a"], "states": [{"id": "a",
              "category": "open", "actions": []}], "transitions": []}])"},
        LaterCase{
            "\"hysteresis\"",
            R"("scores": [{"name": "s", "on": "customer", "rules": [{"id": "r", "when": "email != null", "points": 1}],
              "hysteresis": 3}])"},
        LaterCase{"\"decay\"",
                  R"("scores": [{"name": "s", "on": "customer", "rules": [{"id": "r", "count": {"over": "interactions",
              "at": "at"}, "each": 1, "cap": 5, "decay": {"half_life_days": 30}}]}])"},
        LaterCase{"\"schedule\"",
                  R"("workflows": [{"id": "w", "on": "customer", "trigger": {"schedule": {"every": "day"}},
              "actions": [{"id": "a", "emit": "e"}]}])"},
        LaterCase{"\"wait\"",
                  R"("workflows": [{"id": "w", "on": "customer", "trigger": {"created": true}, "actions": [{"id": "a",
              "wait": {"for": "1d"}}]}])"},
        LaterCase{"\"branch\"",
                  R"("workflows": [{"id": "w", "on": "customer", "trigger": {"created": true}, "actions": [{"id": "a",
              "branch": []}]}])"},
        LaterCase{"\"event\"",
                  R"("workflows": [{"id": "w", "on": "customer", "trigger": {"event": "paid"}, "actions": [{"id": "a",
              "emit": "e"}]}])"},
        LaterCase{"\"aggregate\": \"any\"",
                  R"("rollups": {"customer": [{"name": "r", "type": "double", "over": "tasks", "aggregate": "any"}]})"},
        LaterCase{"several steps of a relationship",
                  R"j("rollups": {"customer": [{"name": "r", "type": "int", "over": {"rel": "referred", "depth": 3},
              "aggregate": "count"}]})j"},
        LaterCase{"\"record\"", R"("fields": {"customer": [{"name": "m", "type": "money", "currency": "record"}]})"},
        LaterCase{"another currency",
                  R"("fields": {"customer": [{"name": "m", "type": "money", "currency": "fixed:CNY"}]})"}));

TEST(ManifestKeysTest, LetsAnItemSleepWithoutTheBundleThatItNeeds) {
  const char* const sections = R"("segments": [
    {"name": "reached", "on": "customer", "needs": "mail", "when": "mail.opened"},
    {"name": "known", "on": "customer", "when": "email != null"}])";
  const char* const head = R"(, "requires": {"optional": {"mail": "^0.1"}})";
  const Built without = Manifests().bundle("shop", sections, head).build();
  ASSERT_BUILDS(without);
  EXPECT_EQ(without->find_derivation("shop.reached"), nullptr);
  EXPECT_NE(without->find_derivation("shop.known"), nullptr);
  const Built with = Manifests()
                         .bundle("mail", R"("fields": {"customer": [{"name": "opened", "type": "bool"}]})")
                         .bundle("shop", sections, head)
                         .build();
  ASSERT_BUILDS(with);
  EXPECT_NE(with->find_derivation("shop.reached"), nullptr);
}

TEST(ManifestKeysTest, RefusesNeedsThatRequiresDoesNotKnow) {
  const Built built = build_bundle(R"("segments": [{"name": "s", "on": "customer", "needs": "mail", "when": "true"}])");
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_EQ(built.problems[0].number, ProblemNumber::unknown_reference);
}

TEST(ManifestKeysTest, RefusesALibraryWithoutAnAbi) {
  const Built built = build_bundle("", R"(, "library": "shop")");
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_THAT(built.problems[0].message, HasSubstr("ABI"));
}

TEST(ManifestKeysTest, ReadsAHeadWithoutTheRest) {
  Problems problems;
  const JsonDocument document = JsonDocument::parse(
      R"({"id": "retail", "version": "0.2.1", "library": "retail", "label": {"en": "Retail", "zh": "零售"},
    "requires": {"kith": ">=0.1 <0.2", "abi": "0.1", "plugins": {"sales": "^0.1"}, "optional": {"mail": "*"}},
     "segments": 5})",
      "p.json");
  const ManifestHead head = read_head(document, problems);
  EXPECT_TRUE(problems.empty());
  EXPECT_EQ(head.id, "retail");
  EXPECT_EQ(head.version, "0.2.1");
  EXPECT_EQ(head.label.in("zh"), "零售");
  EXPECT_EQ(head.kith_range, ">=0.1 <0.2");
  EXPECT_EQ(head.abi_range, "0.1");
  EXPECT_EQ(head.needs.at("sales"), "^0.1");
  EXPECT_EQ(head.needs_optional.at("mail"), "*");
}

}  // namespace
}  // namespace kith::internal::catalog
