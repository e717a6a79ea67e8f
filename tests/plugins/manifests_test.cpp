// What is shipped loads as a whole, and speaks both languages.
#include <fstream>
#include <sstream>

#include "plugins/world.hpp"

namespace kith::test {
namespace {

json::object manifest_of(const std::string& plugin) {
  std::ifstream file(std::string(KITH_SOURCE_DIR) + "/plugins/" + plugin + "/plugin.json");
  std::ostringstream text;
  text << file.rdbuf();
  return json::parse(text.str()).as_object();
}

bool speaks_both(const json::value& label) {
  if (!label.is_object()) return false;
  for (const char* language : {"en", "zh"}) {
    const json::value* text = label.as_object().if_contains(language);
    if (!text || !text->is_string() || text->as_string().empty()) return false;
  }
  return true;
}

/// Everything that people are shown. Arguments, published values and a workflow's steps are seen by programs only.
void require_labels(const json::value& item, const std::string& path, bool shown) {
  if (item.is_array()) {
    std::size_t index = 0;
    for (const json::value& one : item.as_array()) require_labels(one, path + "/" + std::to_string(index++), shown);
    return;
  }
  if (!item.is_object()) return;
  const json::object& object = item.as_object();
  if (shown && (object.contains("id") || object.contains("name"))) {
    const json::value* label = object.if_contains("label");
    if (!label) label = object.if_contains("text");
    EXPECT_TRUE(label && speaks_both(*label)) << path << " lacks a label or text in English and Chinese";
    if (object.contains("inverse")) {
      EXPECT_TRUE(object.contains("inverse_label") && speaks_both(object.at("inverse_label")))
          << path << " lacks an inverse_label";
    }
  }
  for (const auto& [key, value] : object) {
    const bool inside = shown && key != "args" && key != "parameters" && key != "requires" && key != "with" &&
                        key != "set" && !(key == "actions" && object.contains("trigger"));
    require_labels(value, path + "/" + std::string(key), inside);
  }
}

TEST(ManifestsTest, LabelEverythingInEnglishAndChinese) {
  for (const char* plugin : {"sales", "insight", "retail", "b2b", "finance", "hospitality"}) {
    const json::object manifest = manifest_of(plugin);
    EXPECT_TRUE(speaks_both(manifest.at("description"))) << plugin;
    require_labels(manifest, plugin, true);
  }
}

TEST(ManifestsTest, LoadTogether) {
  World world(kFourVerticals);
  const json::object answer = json::parse(world.core.run("plugins")).as_object();
  std::map<std::string, std::string> states;
  for (const json::value& one : answer.at("plugins").as_array())
    states[std::string(one.at("id").as_string())] = std::string(one.at("state").as_string());
  EXPECT_EQ(states["sales"], "declarative");
  EXPECT_EQ(states["insight"], "loaded");
  EXPECT_EQ(states["retail"], "loaded");
  for (const char* declarative : {"b2b", "finance", "hospitality"}) EXPECT_EQ(states[declarative], "declarative");
}

TEST(ManifestsTest, LoadOnlyWhatIsAskedForAndNeeded) {
  World world(R"({"sales": {}, "insight": {}})");
  EXPECT_EQ(failure_of([&] { world.count("retail.order"); }).code(), KITH_NOT_FOUND);
  EXPECT_EQ(world.count("insight.value_entry"), 0);
}

TEST(ManifestsTest, RefuseToOpenWithoutWhatTheyNeed) {
  const Error error = failure_of([] { World world(R"({"retail": {}})"); });
  EXPECT_EQ(error.code(), KITH_PLUGIN);
  EXPECT_THAT(error.what(), testing::HasSubstr("insight"));
}

}  // namespace
}  // namespace kith::test
