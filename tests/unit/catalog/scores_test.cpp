#include "manifests.hpp"

namespace kith::internal::catalog {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

std::string score(const std::string& keys) {
  return std::string(kOrders) + R"j(, "scores": [{"name": "value", "on": "customer", )j" + keys + "}]";
}

TEST(ScoreTest, ReadsTheFormsOfItsRules) {
  const Built built = build_bundle(score(
      R"j("label": {"en": "Value", "zh": "价值"}, "applies_when": "kind == 'person'", "range": [-10, 90.5],
        "normalise": true, "rules": [
    {"id": "known", "when": "email != null", "points": 2.125, "on_unknown": "withhold", "text": {"en": "Known, {{n}}"}},
    {"id": "age", "value": "days_since(created_at)", "steps": [[10, 1], [100, 2.5]]},
    {"id": "days", "value": "days_since(created_at)", "each": -0.5, "cap": -30, "on_unknown": "max"},
    {"id": "orders", "count": {"over": "shop.orders", "where": "channel == 'web'", "at": "placed_at",
     "window_days": 90}, "each": 3, "cap": 15}],
    "bands": [{"id": "c", "from": 0}, {"id": "b", "from": 35}, {"id": "a", "from": 70, "label": {"en": "A"}}])j"));
  ASSERT_BUILDS(built);
  const Derivation* value = built->find_derivation("shop.value");
  ASSERT_NE(value, nullptr);
  const ScoreModel& model = *value->score;
  EXPECT_EQ(model.low_milli, -10'000);
  EXPECT_EQ(model.high_milli, 90'500);
  EXPECT_TRUE(model.normalise);
  EXPECT_NE(model.applies_when, nullptr);
  ASSERT_EQ(model.dimensions.size(), 1U);
  const std::vector<ScoreRule>& rules = model.dimensions[0].groups[0].rules;
  ASSERT_EQ(rules.size(), 4U);
  EXPECT_EQ(rules[0].form, ScoreRule::Form::points);
  EXPECT_EQ(rules[0].points_milli, 2125);
  EXPECT_EQ(rules[0].on_unknown, ScoreRule::OnUnknown::withhold);
  EXPECT_EQ(rules[1].form, ScoreRule::Form::steps);
  EXPECT_THAT(rules[1].steps, ElementsAre(std::pair(10.0, std::int64_t{1000}), std::pair(100.0, std::int64_t{2500})));
  EXPECT_EQ(rules[2].form, ScoreRule::Form::per_unit);
  EXPECT_EQ(rules[2].each_milli, -500);
  EXPECT_EQ(rules[2].cap_milli, -30'000);
  EXPECT_EQ(rules[3].form, ScoreRule::Form::per_event);
  EXPECT_EQ(rules[3].window_days, 90);
  EXPECT_EQ(built->set_text(rules[3].over), "shop.orders");
}

TEST(ScoreTest, ReadsFloorsAndOverridesToItsBands) {
  const Built built = build_bundle(score(
      R"j("rules": [{"id": "pep", "when": "email != null", "floor": "high"}, {"id": "match", "when": "phone != null",
        "override": "barred", "on_unknown": "max"}],
    "bands": [{"id": "low", "from": 0}, {"id": "high", "from": 50}, {"id": "barred", "from": 101}])j"));
  ASSERT_BUILDS(built);
  const std::vector<ScoreRule>& rules = built->find_derivation("shop.value")->score->dimensions[0].groups[0].rules;
  ASSERT_EQ(rules.size(), 2U);
  EXPECT_EQ(rules[0].form, ScoreRule::Form::raise);
  EXPECT_EQ(rules[0].band, 1U);
  EXPECT_EQ(rules[1].form, ScoreRule::Form::replace);
  EXPECT_EQ(rules[1].band, 2U);
  EXPECT_EQ(rules[1].on_unknown, ScoreRule::OnUnknown::max);
}

TEST(ScoreTest, RefusesAFloorToNoBandAndOneWithPoints) {
  EXPECT_THAT(
      build_bundle(score(
                       R"j("rules": [{"id": "pep", "when": "email != null", "floor": "hihg"}], "bands": [{"id": "low",
                "from": 0}, {"id": "high", "from": 50}])j"))
          .text(),
      testing::AllOf(HasSubstr("has no band \"hihg\""), HasSubstr("high")));
  EXPECT_THAT(build_bundle(score(
                               R"j("rules": [{"id": "pep", "when": "email != null", "points": 3, "floor": "high"}],
                "bands": [{"id": "high", "from": 0}])j"))
                  .text(),
              HasSubstr("has none of the forms of a rule"));
}

TEST(ScoreTest, HasAMemberForItsValueAndOneForItsBand) {
  const Built built = build_bundle(score(
      R"j("rules": [{"id": "r", "when": "email != null", "points": 1}], "bands": [{"id": "low", "from": 0},
        {"id": "high", "from": 50}])j"));
  ASSERT_BUILDS(built);
  const RecordType& customer = built->type("customer");
  const Derivation* value = built->find_derivation("shop.value");
  EXPECT_EQ(value->member, built->member_index(customer, "shop.value"));
  EXPECT_EQ(value->band_member, built->member_index(customer, "shop.value_band"));
  EXPECT_EQ(built->member(customer, "shop.value").type.kind, Kind::real);
  const Member& band = built->member(customer, "shop.value_band");
  EXPECT_THAT(band.type.values->ids, ElementsAre("low", "high"));
  EXPECT_TRUE(band.type.values->ordered);
  EXPECT_EQ(band.derivation, value->number);
}

TEST(ScoreTest, ReadsEventsThroughTheirSet) {
  const Built built = build_bundle(score(
      R"j("rules": [{"id": "orders", "count": {"over": "shop.orders", "at": "placed_at"}, "each": 3, "cap": 15}])j"));
  ASSERT_BUILDS(built);
  const RecordType& customer = built->type("customer");
  const RecordType& order = built->type("shop.order");
  const expr::Hop hop{true, customer.number, built->member_index(customer, "shop.orders")};
  const auto& reads = built->find_derivation("shop.value")->reads;
  EXPECT_THAT(reads, Contains(expr::Read{{hop}, order.number, built->member_index(order, "placed_at")}));
  EXPECT_THAT(reads, Contains(expr::Read{{hop}, order.number, built->member_index(order, "customer")}));
}

TEST(ScoreTest, ReadsDimensionsAndGroups) {
  const Built built = build_bundle(score(
      R"j("dimensions": [{"id": "fit", "groups": [{"id": "who", "min": 0, "max": 20, "rules": [{"id": "a",
        "when": "email != null", "points": 5}]}]},
    {"id": "engagement", "groups": [{"id": "what", "rules": [{"id": "b", "when": "phone != null",
     "points": 5}]}]}])j"));
  ASSERT_BUILDS(built);
  const ScoreModel& model = *built->find_derivation("shop.value")->score;
  ASSERT_EQ(model.dimensions.size(), 2U);
  EXPECT_EQ(model.dimensions[0].groups[0].max_milli, 20'000);
  EXPECT_FALSE(model.dimensions[1].groups[0].min_milli.has_value());
}

struct WrongScore {
  const char* name;
  const char* keys;
  const char* says;
};
void PrintTo(const WrongScore& wrong, std::ostream* out) { *out << wrong.name; }

class WrongScoreTest : public testing::TestWithParam<WrongScore> {};

TEST_P(WrongScoreTest, IsRefused) {
  const Built built = build_bundle(score(GetParam().keys));
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_THAT(built.text(), HasSubstr(GetParam().says));
  EXPECT_GT(built.problems[0].where.line, 0);
}

INSTANTIATE_TEST_SUITE_P(
    Scores, WrongScoreTest,
    testing::Values(
        WrongScore{"no rules", R"j("bands": [])j", "\"rules\" or \"dimensions\""},
        WrongScore{"no form", R"j("rules": [{"id": "r", "when": "email != null"}])j", "none of the forms"},
        WrongScore{"two forms",
                   R"j("rules": [{"id": "r", "when": "email != null", "points": 1, "each": 1, "cap": 1}])j",
                   "none of the forms"},
        WrongScore{"four decimals", R"j("rules": [{"id": "r", "when": "email != null", "points": 1.0005}])j",
                   "three decimals"},
        WrongScore{"signs", R"j("rules": [{"id": "r", "value": "days_since(created_at)", "each": 1, "cap": -1}])j",
                   "both be above 0"},
        WrongScore{"steps", R"j("rules": [{"id": "r", "value": "days_since(created_at)", "steps": [[5, 1], [5, 2]]}])j",
                   "don't ascend"},
        WrongScore{"text value", R"j("rules": [{"id": "r", "value": "name", "each": 1, "cap": 1}])j",
                   "must be a number"},
        WrongScore{"rule twice",
                   R"j("rules": [{"id": "r", "when": "email != null", "points": 1}, {"id": "r", "when": "email != null",
              "points": 1}])j",
                   "there twice"},
        WrongScore{"bands", R"j("rules": [], "bands": [{"id": "a", "from": 5}, {"id": "b", "from": 1}])j",
                   "don't ascend"},
        WrongScore{"range", R"j("rules": [], "range": [10, 0])j", "[lowest, highest]"},
        WrongScore{"set",
                   R"j("rules": [{"id": "r", "count": {"over": "orders", "at": "placed_at"}, "each": 1, "cap": 1}])j",
                   "shop.orders"},
        WrongScore{"at",
                   R"j("rules": [{"id": "r", "count": {"over": "shop.orders", "at": "number"}, "each": 1, "cap": 1}])j",
                   "an instant or a date"},
        WrongScore{"text",
                   R"j("rules": [{"id": "r", "when": "email != null", "points": 1, "text": {"en": "{{name}}"}}])j",
                   "{{n}}"}));

}  // namespace
}  // namespace kith::internal::catalog
