#include "unit/schema_match.hpp"

#include <regex>

#include "manifests.hpp"

namespace kith::internal::catalog {
namespace {

TEST(SchemaTest, DescribesExactlyTheKeysThatTheReaderKnows) {
  expect_schema_matches(read_schema("plugin.schema.json"), manifest_table());
}

TEST(SchemaTest, HasAPatternForNamesThatAgreesWithTheReader) {
  const boost::json::value schema = read_schema("plugin.schema.json");
  const std::regex identifier(schema.at("$defs").at("identifier").at("pattern").as_string().c_str());
  for (const char* name : {"a", "tier_2", "net_spend_12m", "Tier", "_a", "a_", "a__b", "2a", "a.b", ""}) {
    Problems problems;
    const JsonDocument document =
        JsonDocument::parse(std::string("{\"id\": \"") + name + "\", \"version\": \"0.1\"}", "p.json");
    read_head(document, problems);
    EXPECT_EQ(problems.empty(), std::regex_match(name, identifier)) << name;
  }
}

TEST(SchemaTest, HasAPatternForRangesThatAgreesWithTheReader) {
  const boost::json::value schema = read_schema("plugin.schema.json");
  const std::regex range(schema.at("$defs").at("version_range").at("pattern").as_string().c_str());
  const std::regex version(schema.at("$defs").at("version").at("pattern").as_string().c_str());
  for (const char* text : {"*", "^0.1", ">=0.1 <0.2", "0.1.3", "=1", "~1", "", "latest", ">=0.1,<0.2"})
    EXPECT_EQ(is_version_range(text), std::regex_match(text, range)) << text;
  for (const char* text : {"0.1", "0.1.0", "1", "1.2.3.4", "x", ""})
    EXPECT_EQ(is_version(text), std::regex_match(text, version)) << text;
}

TEST(SchemaTest, NamesEachTableOnce) {
  std::set<std::string_view> names;
  for (const Table* table : all_tables()) EXPECT_TRUE(names.insert(table->name).second) << table->name;
}

}  // namespace
}  // namespace kith::internal::catalog
