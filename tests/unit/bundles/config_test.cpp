#include "unit/bundles/support.hpp"

namespace kith::internal::bundles::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

Config read(const std::string& text, const std::string& folder = "/srv/crm") {
  return read_config(JsonDocument::parse(text, folder + "/kith.json"), folder);
}
std::string problems(const std::string& text) {
  return problems_of([&] { read(text); });
}

TEST(ConfigTest, HasDefaultsForAllButTheDatabase) {
  const Config config = read(R"({"database": {"url": "sqlite:data/crm.kith"}})");
  EXPECT_EQ(config.database_url, "sqlite:/srv/crm/data/crm.kith");
  EXPECT_TRUE(config.survive_power_loss);
  EXPECT_TRUE(config.migrate_auto);
  EXPECT_FALSE(config.open_without);
  EXPECT_EQ(config.tenants, std::vector<std::string>{"default"});
  EXPECT_EQ(config.locale.currency, "EUR");
  EXPECT_FALSE(config.fixed_clock_us);
  EXPECT_TRUE(config.plugins.empty());
}

TEST(ConfigTest, ReadsEveryKey) {
  const Config config = read(R"({
    "$schema": "https://kith.dev/schema/0.1/kith.schema.json",
    "database": {"url": "sqlite:/var/lib/crm.kith", "durability": "process", "migrate": "ask", "cache_mb": 256},
    "locale": {"language": "zh", "currency": "CNY", "time_zone": "Asia/Shanghai", "phone_region": "CN"},
    "plugin_folders": ["plugins", "/opt/kith/plugins"],
    "plugins": {"sales": {}, "retail": {"version": "^0.1", "settings": {"lapse_days": 200}, "on_error": "refuse_open"},
                "service": {"enabled": false, "settings": {"hours": 1}}},
    "tenants": {"north": {}, "south": {}},
    "on_error": "open_without", "clock": "fixed:2006-12-31T00:00:00Z",
    "log": {"level": "debug", "file": "log/kith.log", "max_mb": 5, "keep": 2}})");
  EXPECT_EQ(config.database_url, "sqlite:/var/lib/crm.kith");
  EXPECT_FALSE(config.survive_power_loss);
  EXPECT_FALSE(config.migrate_auto);
  EXPECT_EQ(config.cache_mb, 256U);
  EXPECT_EQ(config.locale.time_zone, "Asia/Shanghai");
  EXPECT_EQ(config.plugin_folders, (std::vector<std::string>{"/srv/crm/plugins", "/opt/kith/plugins"}));
  EXPECT_EQ(config.tenants, (std::vector<std::string>{"north", "south"}));
  EXPECT_TRUE(config.plugins.at("sales").open_without);
  EXPECT_FALSE(config.plugins.at("retail").open_without);
  EXPECT_EQ(config.plugins.at("retail").place.line, 6);
  EXPECT_FALSE(config.plugins.at("service").enabled);
  ASSERT_EQ(config.locale.settings.count("retail"), 1U);
  EXPECT_EQ(config.locale.settings.count("service"), 0U) << "settings of a disabled plugin concern nobody";
  EXPECT_EQ(config.locale.settings.at("retail").pointer, "/plugins/retail/settings");
  EXPECT_EQ(config.fixed_clock_us, 1'167'523'200'000'000);
  EXPECT_EQ(config.log.file, "/srv/crm/log/kith.log");
  EXPECT_EQ(config.log.level, LogLevel::debug);
  EXPECT_EQ(config.log.max_mb, 5U);
}

TEST(ConfigTest, SaysHowLongWhatHappenedIsKept) {
  const Config usual = read(R"({"database": {"url": "sqlite:x"}})");
  EXPECT_EQ(usual.history.changes_us, std::nullopt);
  EXPECT_EQ(usual.history.runs_us, 90 * kMicrosPerDay);
  EXPECT_EQ(usual.history.events_us, 90 * kMicrosPerDay);
  const Config config =
      read(R"({"database": {"url": "sqlite:x"}, "history": {"changes": 365, "runs": 0, "events": "forever"}})");
  EXPECT_EQ(config.history.changes_us, 365 * kMicrosPerDay);
  EXPECT_EQ(config.history.runs_us, 0);
  EXPECT_EQ(config.history.events_us, std::nullopt);
  for (const char* value : {"-1", "\"90\"", "1.5", "99999", "null"})
    EXPECT_THAT(problems(R"({"database": {"url": "sqlite:x"}, "history": {"runs": )" + std::string(value) + "}}"),
                HasSubstr("\"forever\""))
        << value;
  EXPECT_THAT(problems(R"({"database": {"url": "sqlite:x"}, "history": {"change": 1}})"), HasSubstr("changes"));
}

TEST(ConfigTest, NamesTheNearestKeyAndReportsEverythingAtOnce) {
  const std::string text =
      problems(R"({"databse": {"url": "sqlite:x"}, "locale": {"currncy": "CNY", "time_zone": "Mars/Olympus"},
    "clock": "fixed:yesterday", "log": {"level": "loud"}})");
  EXPECT_THAT(text, HasSubstr("did you mean \"database\"?"));
  EXPECT_THAT(text, HasSubstr("did you mean \"currency\"?"));
  EXPECT_THAT(text, HasSubstr("the time zone is not known"));
  EXPECT_THAT(text, HasSubstr("the clock is not understood"));
  EXPECT_THAT(text, HasSubstr("loud"));
}

TEST(ConfigTest, SaysThatAKeyOfALaterVersionIsNotSupported) {
  for (const char* key :
       {"overlays", "lock", "roles", "grants", "members", "secrets", "backup", "calendars", "control"})
    EXPECT_THAT(problems(R"({"database": {"url": "sqlite:x"}, ")" + std::string(key) + "\": {}}"),
                AllOf(HasSubstr(key), HasSubstr("not supported by kith 0.1")));
  EXPECT_THAT(problems(R"({"database": {"url": "sqlite:x"}, "tenants": {"a": {"settings": {}}}})"),
              HasSubstr("not supported"));
}

TEST(ConfigTest, RefusesADatabaseThatItCantOpen) {
  EXPECT_THAT(problems(R"({"database": {"url": "postgresql://crm"}})"), HasSubstr("PostgreSQL is not supported"));
  EXPECT_THAT(problems(R"({"database": {"url": "crm.kith"}})"), HasSubstr("sqlite:data/crm.kith"));
  EXPECT_THAT(problems(R"({"database": {"url": ""}})"), HasSubstr("empty"));
  EXPECT_THAT(problems(R"({})"), HasSubstr("\"database\""));
}

TEST(ConfigTest, RefusesAPluginThatIsNamedByAPath) {
  const std::string text =
      problems(R"({"database": {"url": "sqlite:x"}, "plugin_folders": ["p"], "plugins": {"../evil": {}}})");
  EXPECT_THAT(text, AllOf(HasSubstr("'../evil' can't be a plugin's id"), HasSubstr("never by a path")));
}

TEST(ConfigTest, AsksForAFolderWherePluginsAreAskedFor) {
  EXPECT_THAT(problems(R"({"database": {"url": "sqlite:x"}, "plugins": {"sales": {}}})"), HasSubstr("plugin_folders"));
}

TEST(ConfigTest, RefusesWrongTypesWithTheirPlace) {
  const std::string text = problems("{\"database\": {\"url\": 7},\n \"plugins\": [],\n \"tenants\": 1}");
  EXPECT_THAT(text, AllOf(HasSubstr("kith.json:1:22"), HasSubstr("kith.json:2:13"), HasSubstr("kith.json:3:13")));
}

TEST(ConfigTest, KeepsAPrivateDatabaseInMemory) {
  EXPECT_EQ(read(R"({"database": {"url": "sqlite::memory:"}})").database_url, "sqlite::memory:");
}

}  // namespace
}  // namespace kith::internal::bundles::testing
