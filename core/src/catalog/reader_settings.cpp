#include <algorithm>
#include <boost/json.hpp>
#include <regex>

#include "base/money.hpp"
#include "catalog/field_types.hpp"
#include "catalog/literal.hpp"
#include "catalog/sections.hpp"

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
    try {
      if (!std::regex_match(value.s, std::regex(item.text("pattern"))))
        return "a text that matches " + item.text("pattern");
    } catch (const std::regex_error&) {
      return "a text; its pattern is no regular expression";
    }
  }
  return {};
}

// The configured value, or nullopt when the configuration says nothing or something wrong.
std::optional<Value> configured(Builder& builder, const Item& item, const Setting& setting) {
  const auto found = builder.config.settings.find(item.source->id());
  if (found == builder.config.settings.end() || !found->second.document) return std::nullopt;
  const CatalogConfig::SettingsSource& source = found->second;
  boost::system::error_code error;
  const json::value* object = source.document->root().find_pointer(source.pointer, error);
  if (!object || !object->is_object()) return std::nullopt;
  const json::value* literal = object->get_object().if_contains(item.text("name"));
  if (!literal) return std::nullopt;
  std::string expected;
  const auto value = read_literal(*literal, setting.type, expected);
  if (value) expected = complaint(item, *value);
  if (value && expected.empty()) return value;
  builder.report(ProblemNumber::bad_setting,
                 "the setting " + quoted(setting.name) + " can't be " + json::serialize(*literal),
                 source.document->place(pointer_join(source.pointer, item.text("name"))), {}, expected);
  return std::nullopt;
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
  std::string expected;
  if (const json::value* literal = item.find("default")) {
    const auto value = read_literal(*literal, setting.type, expected);
    if (value) expected = complaint(item, *value);
    if (value && expected.empty())
      setting.value = *value;
    else
      builder.report(ProblemNumber::bad_setting,
                     "the default of the setting " + quoted(setting.name) + " does not fit it", item.place("default"),
                     {}, expected);
  }
  if (const auto value = configured(builder, item, setting)) {
    setting.value = *value;
    setting.from_config = true;
  }
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
