// The forms of score rules, clamps, bands and what unknown means.
#include "derive/compute/score.hpp"
#include "unit/derive/bench.hpp"

namespace kith::internal::testing {
namespace {

using ::testing::ElementsAre;

std::string shop_with(const std::string& score, const std::string& more = {}) {
  return std::string(kShopFacts) + R"json(, "rollups": {"customer": [
      {"name": "spend", "type": "money", "over": "shop.orders", "aggregate": "sum", "value": "total"}]},
    "scores": [{"name": "value", "on": "customer", )json" +
         score + "}]" + more;
}

derive::ScoreResult explained(Bench& bench, const RecordId& customer) {
  derive::ScoreResult result;
  bench.reading([&](access::Unit& unit, derive::Engine& engine) {
    const catalog::Derivation& derivation =
        bench.catalog->derivations[static_cast<std::size_t>(bench.derivation("shop.value"))];
    result = derive::compute_score(derivation, *engine.view(bench.type("customer"), customer), unit.env(), true);
  });
  return result;
}

std::vector<std::int64_t> points_of(const derive::ScoreResult& result) {
  std::vector<std::int64_t> points;
  for (const derive::RuleResult& rule : result.rules) points.push_back(rule.points_milli);
  return points;
}

TEST(ScoreTest, EachFormGivesItsPoints) {
  Bench bench(shop_with(R"json("range": [0, 100], "rules": [
    {"id": "vip", "text": {"en": "VIP"}, "when": "shop.vip", "points": 12.5},
    {"id": "spent", "text": {"en": "Spent {{v}}"}, "value": "shop.spend", "steps": [[10, 1], [99.99, 5], [100, 9]]},
    {"id": "points", "text": {"en": "Points"}, "value": "shop.points", "each": 0.4, "cap": 3},
    {"id": "orders", "text": {"en": "Orders"}, "each": 2, "cap": 5,
     "count": {"over": "shop.orders", "where": "!returned", "at": "placed_at", "window_days": 30}}])json"));
  const RecordId customer =
      bench.create("customer", {{"shop.vip", Value::boolean(true)}, {"shop.points", Value::integer(6)}});
  const auto order = [&](std::int64_t minor, std::int64_t at) {
    bench.create("shop.order", {{"customer", bench.ref("customer", customer)},
                                {"total", bench.money(minor)},
                                {"placed_at", Value::timestamp(at)},
                                {"returned", Value::boolean(false)}});
  };
  order(9'999, bench.now - 10 * kDay);
  EXPECT_THAT(points_of(explained(bench, customer)), ElementsAre(12'500, 5'000, 2'400, 2'000));
  order(1, bench.now - 40 * kDay);
  EXPECT_THAT(points_of(explained(bench, customer)), ElementsAre(12'500, 9'000, 2'400, 2'000))
      << "the old one is outside of the window";
  order(0, bench.now - kDay);
  order(0, bench.now + kDay);
  const derive::ScoreResult result = explained(bench, customer);
  EXPECT_THAT(points_of(result), ElementsAre(12'500, 9'000, 2'400, 4'000)) << "the one to come does not count yet";
  EXPECT_EQ(result.score_milli, 27'900);
  EXPECT_EQ(result.until, bench.now + kDay) << "when it comes";
  EXPECT_EQ(bench.value("shop.value", customer), Value::real(27.9));
  bench.now += kDay;
  EXPECT_EQ(bench.value("shop.value", customer), Value::real(28.9)) << "capped at 5";
}

TEST(ScoreTest, UnknownMeansWhatTheRuleSays) {
  const std::string rules = R"json("range": [0, 100], "rules": [
    {"id": "sure", "text": {"en": "Sure"}, "when": "true", "points": 1},
    {"id": "vip", "text": {"en": "VIP"}, "when": "shop.vip", "points": 20, "on_unknown": "%"},
    {"id": "points", "text": {"en": "Points"}, "value": "shop.points", "steps": [[0, 3], [5, 7]], "on_unknown": "%"}],
    "bands": [{"id": "low", "from": 0}, {"id": "high", "from": 20}])json";
  const auto with = [&](const std::string& word) {
    std::string text = rules;
    for (std::size_t at; (at = text.find('%')) != std::string::npos;) text.replace(at, 1, word);
    return shop_with(text);
  };
  Bench zero(with("zero")), max(with("max")), withhold(with("withhold"));
  EXPECT_EQ(zero.value("shop.value", zero.create("customer", {})), Value::real(1));
  const RecordId full = max.create("customer", {});
  EXPECT_EQ(max.value("shop.value", full), Value::real(28));
  EXPECT_EQ(max.band("shop.value", full), "high");
  EXPECT_TRUE(explained(max, full).rules[1].unknown);
  const RecordId withheld = withhold.create("customer", {{"shop.points", Value::integer(9)}});
  EXPECT_EQ(withhold.value("shop.value", withheld), Value::null());
  EXPECT_EQ(withhold.band("shop.value", withheld), "");
  EXPECT_TRUE(explained(withhold, withheld).withheld);
}

// Three bands by points, and one that only an override gives.
std::string banded(const std::string& rules) {
  return shop_with(
      R"json("range": [0, 100], "rules": [
    {"id": "points", "text": {"en": "Points"}, "value": "shop.points", "each": 1, "cap": 100}, )json" +
      rules +
      R"json(], "bands": [{"id": "low", "from": 0}, {"id": "medium", "from": 30}, {"id": "high", "from": 60},
        {"id": "barred", "from": 101}])json");
}

TEST(ScoreTest, AFloorLiftsTheBandAndLeavesThePoints) {
  Bench bench(banded(R"json({"id": "vip", "text": {"en": "VIP"}, "when": "shop.vip", "floor": "medium"})json"));
  const auto customer = [&](bool vip, std::int64_t points) {
    return bench.create("customer", {{"shop.vip", Value::boolean(vip)}, {"shop.points", Value::integer(points)}});
  };
  const RecordId lifted = customer(true, 10), plain = customer(false, 10), above = customer(true, 70);
  EXPECT_EQ(bench.band("shop.value", lifted), "medium");
  EXPECT_EQ(bench.value("shop.value", lifted), Value::real(10));
  EXPECT_EQ(bench.band("shop.value", plain), "low");
  EXPECT_EQ(bench.band("shop.value", above), "high") << "a floor takes nothing away";
  const derive::ScoreResult result = explained(bench, lifted);
  ASSERT_EQ(result.adjustments.size(), 1U);
  EXPECT_EQ(result.adjustments[0].where, "floor vip: band medium, not low");
  EXPECT_EQ(result.adjustments[0].points_milli, 0);
  EXPECT_TRUE(explained(bench, above).adjustments.empty());
  bench.update("customer", lifted, {{"shop.vip", Value::boolean(false)}});
  EXPECT_EQ(bench.band("shop.value", lifted), "low");
}

TEST(ScoreTest, TheHighestFloorWinsAndAnOverrideBeforeAllFloors) {
  Bench bench(banded(R"json(
    {"id": "a", "text": {"en": "A"}, "when": "shop.vip", "floor": "medium"},
    {"id": "b", "text": {"en": "B"}, "when": "shop.points >= 5", "floor": "high"},
    {"id": "c", "text": {"en": "C"}, "when": "shop.points == 7", "override": "low"},
    {"id": "d", "text": {"en": "D"}, "when": "shop.points == 99", "override": "barred"})json"));
  const auto band = [&](std::int64_t points) {
    return bench.band("shop.value", bench.create("customer", {{"shop.vip", Value::boolean(true)},
                                                              {"shop.points", Value::integer(points)}}));
  };
  EXPECT_EQ(band(1), "medium");
  EXPECT_EQ(band(5), "high");
  EXPECT_EQ(band(7), "low") << "an override stands against floors";
  EXPECT_EQ(band(99), "barred") << "no points reach it";
}

TEST(ScoreTest, AnUnknownFloorHoldsOnlyWhereItSaysMax) {
  const auto with = [](const char* on_unknown) {
    return banded(
        R"json({"id": "vip", "text": {"en": "VIP"}, "when": "shop.vip", "floor": "high", "on_unknown": ")json" +
        std::string(on_unknown) + R"json("})json");
  };
  Bench zero(with("zero")), max(with("max")), withhold(with("withhold"));
  const auto create = [](Bench& bench) { return bench.create("customer", {{"shop.points", Value::integer(1)}}); };
  EXPECT_EQ(zero.band("shop.value", create(zero)), "low");
  EXPECT_EQ(max.band("shop.value", create(max)), "high");
  EXPECT_EQ(withhold.band("shop.value", create(withhold)), "");
}

TEST(ScoreTest, WhereItDoesNotApplyThereIsNoScoreAndNoBand) {
  Bench bench(shop_with(R"json("range": [0, 10], "applies_when": "shop.vip", "rules": [
    {"id": "sure", "text": {"en": "Sure"}, "when": "true", "points": 1}], "bands": [{"id": "any", "from": 0}])json"));
  const RecordId unknown = bench.create("customer", {});
  const RecordId vip = bench.create("customer", {{"shop.vip", Value::boolean(true)}});
  EXPECT_EQ(bench.value("shop.value", unknown), Value::null());
  EXPECT_EQ(bench.band("shop.value", unknown), "");
  EXPECT_EQ(bench.value("shop.value", vip), Value::real(1));
  EXPECT_EQ(bench.band("shop.value", vip), "any");
  bench.update("customer", vip, {{"shop.vip", Value::boolean(false)}});
  EXPECT_EQ(bench.value("shop.value", vip), Value::null());
  EXPECT_FALSE(bench.stored("shop.value", vip).band.kind == Kind::text);
}

TEST(ScoreTest, GroupsAndTheRangeClampAndSayWhatTheyTook) {
  Bench bench(shop_with(R"json("range": [0, 30], "dimensions": [{"id": "fit", "label": {"en": "Fit"}, "groups": [
    {"id": "profile", "max": 20, "rules": [
      {"id": "a", "text": {"en": "A"}, "when": "true", "points": 15},
      {"id": "b", "text": {"en": "B"}, "when": "true", "points": 15}]},
    {"id": "malus", "min": -5, "rules": [
      {"id": "c", "text": {"en": "C"}, "when": "shop.vip", "points": -9.5}]},
    {"id": "bonus", "rules": [
      {"id": "d", "text": {"en": "D"}, "when": "true", "points": 40}]}]}])json"));
  const RecordId customer = bench.create("customer", {{"shop.vip", Value::boolean(true)}});
  const derive::ScoreResult result = explained(bench, customer);
  ASSERT_EQ(result.adjustments.size(), 3U);
  EXPECT_EQ(result.adjustments[0].where, "group profile max 20");
  EXPECT_EQ(result.adjustments[0].points_milli, -10'000);
  EXPECT_EQ(result.adjustments[1].where, "group malus min -5");
  EXPECT_EQ(result.adjustments[1].points_milli, 4'500);
  EXPECT_EQ(result.adjustments[2].where, "range max 30");
  EXPECT_EQ(result.adjustments[2].points_milli, -25'000);
  EXPECT_EQ(result.score_milli, 30'000);
}

TEST(ScoreTest, NormalisingUsesTheStatedBounds) {
  Bench bench(shop_with(
      R"json("range": [0, 100], "normalise": true, "dimensions": [{"id": "fit", "label": {"en": "Fit"}, "groups": [
    {"id": "up", "max": 3, "rules": [
      {"id": "a", "text": {"en": "A"}, "when": "shop.vip", "points": 2},
      {"id": "b", "text": {"en": "B"}, "when": "shop.points > 0", "points": 2}]}]}])json"));
  const RecordId customer = bench.create("customer", {{"shop.vip", Value::boolean(true)}});
  EXPECT_EQ(bench.value("shop.value", customer), Value::real(66.667));
  bench.update("customer", customer, {{"shop.points", Value::integer(1)}});
  EXPECT_EQ(bench.value("shop.value", customer), Value::real(100));
}

}  // namespace
}  // namespace kith::internal::testing
