#include <algorithm>
#include <boost/json.hpp>

#include "base/text/matcher.hpp"
#include "base/value/money.hpp"
#include "catalog/builder/sections.hpp"
#include "catalog/manifest/literal.hpp"
#include "catalog/read/field_types.hpp"

namespace kith::internal::catalog {
namespace json = boost::json;
namespace {

double as_number(const Value& value) {
  if (value.kind == Kind::real) return value.d;
  if (value.kind == Kind::money) return major_units(value.i, value.currency);
  return static_cast<double>(value.i);
}

// What is wrong with a value, in the words of "expected"; "" = nothing.
std::string complaint(const Item& item, const Value& value) {
  if (value.is_null()) return "a value, not null";
  const bool numeric = value.kind == Kind::integer || value.kind == Kind::real || value.kind == Kind::money;
  const auto bound = [&](std::string_view key) { return to_text(Value::real(item.number(key).value_or(0))); };
  if (numeric && item.number("min") && as_number(value) < *item.number("min")) return "at least " + bound("min");
  if (numeric && item.number("max") && as_number(value) > *item.number("max")) return "at most " + bound("max");
  if (value.kind == Kind::text && item.has("pattern")) {
    std::string why;
    const auto matcher = Matcher::make(item.text("pattern"), why);
    if (!matcher) return "a text; its pattern can't be used: " + why;
    if (!matcher->matches(value.s)) return "a text that matches " + item.text("pattern");
  }
  return {};
}

// A value for each key: {"gold": 100, "silver": 10}. Says what is wrong in `expected`.
std::optional<std::vector<std::pair<Value, Value>>> read_entries(const Item& item, const Setting& setting,
                                                                 const json::value& literal, std::string& expected) {
  if (!literal.is_object()) {
    expected = "an object with a value for each key, such as {\"a\": 1}";
    return std::nullopt;
  }
  std::vector<std::pair<Value, Value>> entries;
  for (const auto& [name, inner] : literal.get_object()) {
    // Keys of JSON are texts: numbers and booleans are written as they are.
    json::value key(name);
    boost::system::error_code no_json;
    if (setting.key->kind == Kind::integer || setting.key->kind == Kind::boolean) key = json::parse(name, no_json);
    auto read_key = no_json ? std::nullopt : read_literal(key, *setting.key, expected);
    if (!read_key || read_key->is_null()) {
      expected = "keys of type " + expr::type_name(*setting.key) + ", not " + quoted(std::string(name));
      return std::nullopt;
    }
    auto value = read_literal(inner, setting.type, expected);
    if (value) expected = complaint(item, *value);
    if (!value || !expected.empty()) {
      expected = "for " + quoted(std::string(name)) + " " + expected;
      return std::nullopt;
    }
    entries.emplace_back(std::move(*read_key), std::move(*value));
  }
  return entries;
}

// Puts the literal into the setting; says what would be right where it can't be.
bool take(const Item& item, Setting& setting, const json::value& literal, std::string& expected) {
  if (setting.key) {
    auto entries = read_entries(item, setting, literal, expected);
    if (entries) setting.entries = std::move(*entries);
    return entries.has_value();
  }
  auto value = read_literal(literal, setting.type, expected);
  if (value) expected = complaint(item, *value);
  if (!value || !expected.empty()) return false;
  setting.value = std::move(*value);
  return true;
}

// Takes the configured value, or nothing when the configuration says nothing or something wrong.
void configure(Builder& builder, const Item& item, Setting& setting) {
  const auto found = builder.config.settings.find(item.source->id());
  if (found == builder.config.settings.end() || !found->second.document) return;
  const CatalogConfig::SettingsSource& source = found->second;
  boost::system::error_code error;
  const json::value* object = source.document->root().find_pointer(source.pointer, error);
  if (!object || !object->is_object()) return;
  const json::value* literal = object->get_object().if_contains(item.text("name"));
  if (!literal) return;
  std::string expected;
  setting.from_config = take(item, setting, *literal, expected);
  if (setting.from_config) return;
  builder.report(ProblemNumber::bad_setting,
                 "the setting " + quoted(setting.name) + " can't be " + json::serialize(*literal),
                 source.document->place(pointer_join(source.pointer, item.text("name"))), {}, expected);
}

void declare_setting(Builder& builder, const Item& item) {
  const Source& source = *item.source;
  Setting setting;
  setting.name = source.qualified(item.text("name"));
  setting.owner = source.id();
  setting.label = item.label("label", setting.name);
  if (item.text("name").empty() || !builder.claim("setting", setting.name, setting.owner, item.place())) return;
  auto declared = read_type(builder, item, "the setting " + quoted(setting.name));
  if (!declared) return;
  setting.type = declared->type;
  if (declared->values) setting.type.values = builder.catalog.keep(std::move(*declared->values));
  if (const auto key = item.child("key")) {
    auto key_type = read_type(builder, *key, "the key of the setting " + quoted(setting.name));
    if (!key_type) return;
    setting.key = key_type->type;
    if (key_type->values) setting.key->values = builder.catalog.keep(std::move(*key_type->values));
  }
  std::string expected;
  if (const json::value* literal = item.find("default")) {
    if (!take(item, setting, *literal, expected))
      builder.report(ProblemNumber::bad_setting,
                     "the default of the setting " + quoted(setting.name) + " does not fit it", item.place("default"),
                     {}, expected);
  }
  configure(builder, item, setting);
  builder.catalog.settings.push_back(std::move(setting));
}

}  // namespace

void declare_settings(Builder& builder, const Source& source) {
  for (const Item& item : root_item(source).list("settings")) declare_setting(builder, item);
}

void check_configured_settings(Builder& builder) {
  for (const auto& [bundle, source] : builder.config.settings) {
    if (!source.document) continue;
    boost::system::error_code error;
    const json::value* object = source.document->root().find_pointer(source.pointer, error);
    if (!object || !object->is_object()) continue;
    // A setting of an item that sleeps is still a setting: the manifest is asked, not the catalog.
    std::vector<std::string> names;
    bool present = false;
    for (const Source& manifest : builder.sources) {
      if (manifest.id() != bundle) continue;
      present = true;
      const json::value* list = root_item(manifest).find("settings");
      if (!list || !list->is_array()) continue;
      for (const json::value& entry : list->get_array())
        if (entry.is_object()) names.push_back(Item{&manifest, &entry.get_object(), "", {}}.text("name"));
    }
    if (!present) continue;
    for (const auto& [name, value] : object->get_object())
      if (std::find(names.begin(), names.end(), name) == names.end())
        builder.report(ProblemNumber::bad_setting, bundle + " has no setting " + quoted(name),
                       source.document->key_place(pointer_join(source.pointer, name)), suggest(name, names));
  }
}

}  // namespace kith::internal::catalog
