#include "manifests.hpp"

namespace kith::internal::catalog {
namespace {

using testing::HasSubstr;

const char* const kSettings = R"j("settings": [
  {"name": "lapse_days", "type": "int", "default": 365, "min": 30},
  {"name": "cutoff", "type": "text", "default": "06:00", "pattern": "[0-2][0-9]:[0-5][0-9]"},
  {"name": "mode", "type": "enum", "default": "soft", "values": ["soft", "hard"]},
  {"name": "floor", "type": "money", "default": "9.90"}])j";

Built build_with(const JsonDocument& config) {
  CatalogConfig settings;
  settings.currency = "CNY";
  settings.settings["shop"] = {&config, "/plugins/shop/settings"};
  return Manifests().bundle("shop", kSettings).build(settings);
}

TEST(SettingTest, TakesItsDefaultWhereTheConfigurationSaysNothing) {
  const Built built = Manifests().bundle("shop", kSettings).build();
  ASSERT_BUILDS(built);
  EXPECT_EQ(built->find_setting("shop.lapse_days")->value.i, 365);
  EXPECT_FALSE(built->find_setting("shop.lapse_days")->from_config);
  EXPECT_EQ(built->find_setting("shop.floor")->value.i, 990);
  EXPECT_EQ(built->find_setting("shop.mode")->type.values->ids.size(), 2U);
}

TEST(SettingTest, TakesTheConfiguredValue) {
  const JsonDocument config =
      JsonDocument::parse(R"j({"plugins": {"shop": {"settings": {"lapse_days": 400, "mode": "hard"}}}})j", "kith.json");
  const Built built = build_with(config);
  ASSERT_BUILDS(built);
  EXPECT_EQ(built->find_setting("shop.lapse_days")->value.i, 400);
  EXPECT_TRUE(built->find_setting("shop.lapse_days")->from_config);
  EXPECT_EQ(built->find_setting("shop.mode")->value.s, "hard");
  EXPECT_EQ(built->find_setting("shop.floor")->value.currency.text(), "CNY");
}

TEST(SettingTest, AKeyedOneIsATable) {
  const char* const sections = R"j("settings": [
    {"name": "limit", "type": "money", "default": {"gold": "99.5", "none": 0}, "min": 0, "key": {"type": "enum",
     "values": ["none", "gold"]}},
    {"name": "grace", "type": "int", "default": {"1": 10, "-2": 20}, "key": {"type": "int"}}],
    "fields": {"customer": [{"name": "level", "type": "int"}]},
    "formulas": {"customer": [{"name": "g", "type": "int", "expr": "setting('shop.grace', shop.level)"}]})j";
  const Built built = Manifests().bundle("shop", sections).build();
  ASSERT_BUILDS(built);
  const Setting* limit = built->find_setting("shop.limit");
  ASSERT_TRUE(limit->key.has_value());
  ASSERT_EQ(limit->entries.size(), 2U);
  EXPECT_EQ(limit->entries[0].first.s, "gold");
  EXPECT_EQ(limit->entries[0].second.i, 9950);
  EXPECT_EQ(built->find_setting("shop.grace")->entries[1].first.i, -2);
  const JsonDocument config =
      JsonDocument::parse(R"j({"plugins": {"shop": {"settings": {"limit": {"none": 5}}}}})j", "kith.json");
  CatalogConfig with;
  with.settings["shop"] = {&config, "/plugins/shop/settings"};
  const Built configured = Manifests().bundle("shop", sections).build(with);
  ASSERT_BUILDS(configured);
  EXPECT_EQ(configured->find_setting("shop.limit")->entries.size(), 1U);
  EXPECT_TRUE(configured->find_setting("shop.limit")->from_config);
  EXPECT_EQ(configured->find_derivation("shop.g")->fingerprint, built->find_derivation("shop.g")->fingerprint);
}

TEST(SettingTest, AKeyedOneRefusesWrongKeysAndValues) {
  for (const char* wrong : {"5", "{\"bronze\": 1}", "{\"gold\": \"x\"}", "{\"gold\": -1}"}) {
    const Built built =
        build_bundle(R"j("settings": [{"name": "limit", "type": "int", "min": 0, "default": )j" + std::string(wrong) +
                     R"j(, "key": {"type": "enum", "values": ["none", "gold"]}}])j");
    ASSERT_EQ(built.problems.size(), 1U) << wrong << built.text();
    EXPECT_EQ(built.problems[0].number, ProblemNumber::bad_setting) << wrong;
  }
}

TEST(SettingTest, ReportsConfiguredValuesThatDoNotFitWithThePlaceInTheConfiguration) {
  const JsonDocument config = JsonDocument::parse(
      "{\"plugins\": {\"shop\": {\"settings\": {\n\"lapse_days\": 5,\n\"cutoff\": \"noon\",\n\"mode\": "
      "\"mild\",\n\"laps_days\": 1}}}}",
      "kith.json");
  const Built built = build_with(config);
  ASSERT_EQ(built.problems.size(), 4U) << built.text();
  int line = 2;
  for (const Problem& problem : built.problems) {
    EXPECT_EQ(problem.number, ProblemNumber::bad_setting);
    EXPECT_EQ(problem.where.file, "kith.json");
    EXPECT_EQ(problem.where.line, line++);
  }
  EXPECT_THAT(built.problems[0].expected, HasSubstr("at least 30"));
  EXPECT_THAT(built.problems[3].fix, HasSubstr("lapse_days"));
}

TEST(SettingTest, RefusesADefaultOutsideOfItsLimits) {
  const Built built = build_bundle(R"j("settings": [{"name": "days", "type": "int", "default": 5, "min": 30}])j");
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_EQ(built.problems[0].number, ProblemNumber::bad_setting);
}

TEST(SettingTest, ChangesTheFingerprintOfWhatReadsIt) {
  const auto fingerprint = [](int days) {
    const JsonDocument config = JsonDocument::parse("{\"days\": " + std::to_string(days) + "}", "kith.json");
    CatalogConfig settings;
    settings.settings["shop"] = {&config, ""};
    const Built built = Manifests()
                            .bundle("shop", R"j("settings": [{"name": "days", "type": "int", "default": 30}],
      "segments": [{"name": "new", "on": "customer", "when": "days_since(created_at) < setting('shop.days')"},
       {"name": "known", "on": "customer", "when": "email != null"}])j")
                            .build(settings);
    EXPECT_BUILDS(built);
    return std::pair(built->find_derivation("shop.new")->fingerprint,
                     built->find_derivation("shop.known")->fingerprint);
  };
  const auto thirty = fingerprint(30), ninety = fingerprint(90);
  EXPECT_NE(thirty.first, ninety.first);
  EXPECT_EQ(thirty.second, ninety.second);
}

}  // namespace
}  // namespace kith::internal::catalog
