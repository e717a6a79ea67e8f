// What ships is held to more than what kith accepts: every text in both languages, every manifest free of problems.
#include <boost/json.hpp>
#include <filesystem>
#include <set>

#include "manifests.hpp"

namespace kith::internal::catalog {
namespace {
namespace json = boost::json;

// Keys under which names are for programs, not for people.
bool is_technical(const std::string& pointer) {
  for (const char* part : {"/args/", "/parameters/", "/functions/", "/groups/"})
    if (pointer.find(part) != std::string::npos) return true;
  const bool step = pointer.find("/workflows/") != std::string::npos && pointer.find("/actions/") != std::string::npos;
  return step;
}

void expect_both_languages(const json::value& label, const std::string& pointer) {
  for (const char* language : {"en", "zh"}) {
    const json::value* text = label.as_object().if_contains(language);
    EXPECT_TRUE(text && text->is_string() && !text->get_string().empty()) << pointer << ": " << language;
  }
}

// A label is due on what people see: everything that has a name, an id or an event.
void expect_labels(const json::value& value, const std::string& pointer) {
  if (value.is_array()) {
    std::size_t index = 0;
    for (const json::value& element : value.get_array())
      expect_labels(element, pointer + "/" + std::to_string(index++));
  }
  if (!value.is_object()) return;
  const json::object& object = value.get_object();
  const bool named = object.contains("name") || object.contains("event") || object.contains("id");
  if (named && !is_technical(pointer + "/") && !pointer.ends_with("/trigger")) {
    EXPECT_TRUE(object.contains("label") || object.contains("text")) << pointer;
  }
  for (const auto& [key, inner] : object) {
    const std::string at = pointer + "/" + std::string(key);
    const bool label =
        key == "label" || key == "text" || key == "deny" || key == "inverse_label" || key == "description";
    if (label && inner.is_object())
      expect_both_languages(inner, at);
    else
      expect_labels(inner, at);
  }
  if (object.contains("inverse")) {
    EXPECT_TRUE(object.contains("inverse_label")) << pointer;
  }
}

TEST(ShippedManifestsTest, LabelTheCoreInEnglishAndChinese) { expect_labels(core_manifest().root(), "core.json"); }

// The manifests under plugins/, those that others need first.
std::vector<JsonDocument> shipped_plugins() {
  std::vector<JsonDocument> waiting, ordered;
  for (const auto& folder : std::filesystem::directory_iterator(std::filesystem::path(KITH_SOURCE_DIR) / "plugins")) {
    const std::filesystem::path manifest = folder.path() / "plugin.json";
    if (std::filesystem::exists(manifest)) waiting.push_back(JsonDocument::read(manifest.string()));
  }
  std::set<std::string> placed;
  for (std::size_t round = waiting.size(); round > 0; --round)
    for (JsonDocument& document : waiting) {
      Problems problems;
      const ManifestHead head = read_head(document, problems);
      const bool ready = std::all_of(head.needs.begin(), head.needs.end(),
                                     [&](const auto& need) { return placed.contains(need.first); });
      if (placed.contains(head.id) || !ready) continue;
      placed.insert(head.id);
      ordered.push_back(JsonDocument::parse(document.text(), document.file()));
    }
  EXPECT_EQ(ordered.size(), waiting.size());
  return ordered;
}

TEST(ShippedManifestsTest, BuildTogetherWithoutAProblem) {
  const std::vector<JsonDocument> plugins = shipped_plugins();
  std::vector<ManifestSource> sources = {{&core_manifest(), true}};
  for (const JsonDocument& document : plugins) sources.push_back({&document, false});
  try {
    build_catalog(sources, {});
  } catch (const Error& error) {
    FAIL() << error.what();
  }
}

TEST(ShippedManifestsTest, LabelThePluginsInEnglishAndChinese) {
  for (const JsonDocument& document : shipped_plugins()) expect_labels(document.root(), document.file());
}

}  // namespace
}  // namespace kith::internal::catalog
