// What ships is held to more than what kith accepts: every text in both languages, every manifest free of problems.
#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <iostream>
#include <random>
#include <set>

#include "base/time/time.hpp"
#include "expr/evaluate/evaluate.hpp"
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

/// A record with likely values: what happened lies in the last 400 days.
class LikelyRecord final : public expr::RecordView {
 public:
  LikelyRecord(const RecordType& type, std::int64_t now, std::mt19937_64& random) {
    for (const Member& member : type.members) values_.push_back(value_for(member.type, now, random));
    show_facts(values_.data());
  }
  Value self() override { return Value::null(); }
  expr::Timed get(std::int32_t member) override { return {values_[static_cast<std::size_t>(member)], kForever}; }
  expr::RecordView* follow(std::int32_t) override { return nullptr; }

 private:
  static Value value_for(const expr::Type& type, std::int64_t now, std::mt19937_64& random) {
    const std::int64_t past = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(400 * kMicrosPerDay));
    switch (type.kind) {
      case Kind::boolean: return Value::boolean(random() % 2 == 0);
      case Kind::integer: return Value::integer(static_cast<std::int64_t>(random() % 20));
      case Kind::real: return Value::real(static_cast<double>(random() % 100));
      case Kind::money: return Value::money(static_cast<std::int64_t>(random() % 100'000), type.currency);
      case Kind::timestamp: return Value::timestamp(now - past);
      case Kind::date: return Value::date((now - past) / kMicrosPerDay);
      case Kind::text:
        if (type.values != nullptr && !type.values->ids.empty())
          return Value::text(type.values->ids[random() % type.values->ids.size()]);
        return Value::text("a");
      default: return Value::null();
    }
  }
  std::vector<Value> values_;
};

/// Settings as they come with the plugins.
class Defaults final : public expr::Surroundings {
 public:
  explicit Defaults(const Catalog& catalog) : catalog_(catalog) {}
  Value setting(std::string_view name) const override { return catalog_.find_setting(name)->value; }
  expr::Timed parameter(std::string_view, std::string_view) const override { return {Value::null(), kForever}; }
  Value call(std::int32_t, const std::vector<Value>&) const override { return Value::null(); }

 private:
  const Catalog& catalog_;
};

/// For how many days values of an expression hold, ascending; forever counts as a century.
std::vector<double> horizons(const Catalog& catalog, const expr::Program& program) {
  std::mt19937_64 random(5);
  const Defaults defaults(catalog);
  expr::Env env;
  env.surroundings = &defaults;
  env.now = 1'767'607'200'000'000;  // 2026-01-05T10:00:00Z
  std::vector<double> days;
  for (int i = 0; i < 500; ++i) {
    LikelyRecord record(catalog.type(program.record_type), env.now, random);
    const std::int64_t until = expr::evaluate(program, record, env).until;
    days.push_back(until == kForever ? 36'500
                                     : static_cast<double>(until - env.now) / static_cast<double>(kMicrosPerDay));
  }
  std::sort(days.begin(), days.end());
  return days;
}

// A value that is stored is made anew when it ends, so that a short horizon is work on every day for every record.
TEST(ShippedManifestsTest, WhatIsStoredHoldsForMonths) {
  const std::vector<JsonDocument> plugins = shipped_plugins();
  std::vector<ManifestSource> sources = {{&core_manifest(), true}};
  for (const JsonDocument& document : plugins) sources.push_back({&document, false});
  const CatalogPtr catalog = build_catalog(sources, {});
  std::vector<expr::ProgramPtr> timely;
  for (const Derivation& derivation : catalog->derivations) {
    for (const expr::ProgramPtr& program : {derivation.program, derivation.where, derivation.value}) {
      if (program != nullptr && program->uses_now) timely.push_back(program);
    }
  }
  ASSERT_GE(timely.size(), 3U);
  // The same windows as a manifest may also say them, and bounds on both sides.
  expr::Scope scope;
  scope.names = &catalog->names();
  scope.record_type = catalog->type("retail.order").number;
  scope.rules.stored = true;
  for (const char* source : {"days_since(ordered_at) < 365", "days_since(ordered_at) > 90 && kind == 'sale'",
                             "days_since(ordered_at) >= 180 || kind == 'return'", "365 >= days_since(ordered_at)"}) {
    timely.push_back(expr::compile_or_throw(source, scope));
  }
  for (const expr::ProgramPtr& program : timely) {
    const std::vector<double> days = horizons(*catalog, *program);
    const double median = days[days.size() / 2];
    const auto within_a_day = std::upper_bound(days.begin(), days.end(), 1.0) - days.begin();
    std::cout << "median " << median << " days, " << within_a_day << " of " << days.size()
              << " within a day: " << program->source << "\n";
    EXPECT_GT(median, 60) << program->source;
    EXPECT_LT(within_a_day, 25) << program->source;
  }
}

TEST(ShippedManifestsTest, LabelThePluginsInEnglishAndChinese) {
  for (const JsonDocument& document : shipped_plugins()) expect_labels(document.root(), document.file());
}

}  // namespace
}  // namespace kith::internal::catalog
