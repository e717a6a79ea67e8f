// Holds a JSON Schema equal to the tables that the reader checks against, so that editors and kith never disagree.
#pragma once
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "catalog/manifest/shape.hpp"
#include "catalog/manifest/tables.hpp"

namespace kith::internal::catalog {

/// sdk/schema/<file>, parsed.
inline boost::json::value read_schema(const std::string& file) {
  std::ifstream in(std::string(KITH_SOURCE_DIR) + "/sdk/schema/" + file);
  std::stringstream text;
  text << in.rdbuf();
  return boost::json::parse(text.str());
}

inline std::set<std::string> strings(const boost::json::value* list) {
  std::set<std::string> out;
  if (list && list->is_array())
    for (const boost::json::value& element : list->get_array()) out.emplace(element.get_string().c_str());
  return out;
}

/// Where the schema of a table's objects is referred to: directly, in a list, by name, or beside an id.
inline bool refers_to(const boost::json::value& property, const std::string& reference) {
  if (property.is_array()) {
    for (const boost::json::value& element : property.get_array())
      if (refers_to(element, reference)) return true;
    return false;
  }
  if (!property.is_object()) return false;
  for (const auto& [key, value] : property.get_object())
    if ((key == "$ref" && value.is_string() && value.get_string() == reference) || refers_to(value, reference))
      return true;
  return false;
}

/// `object` describes exactly the keys of `table` that this version supports.
inline void expect_matches(const boost::json::object& object, const Table& table) {
  SCOPED_TRACE(std::string(table.name));
  ASSERT_TRUE(object.contains("properties"));
  std::set<std::string> keys, required, described;
  for (const Key& key : table.keys) {
    if (is_refused(key)) continue;
    keys.emplace(key.name);
    if (key.presence == Presence::required) required.emplace(key.name);
  }
  const boost::json::object& properties = object.at("properties").as_object();
  for (const auto& [name, property] : properties) described.emplace(name);
  EXPECT_EQ(described, keys);
  EXPECT_EQ(strings(object.if_contains("required")), required);
  ASSERT_TRUE(object.contains("additionalProperties"));
  EXPECT_EQ(object.at("additionalProperties"), boost::json::value(false));
  for (const Key& key : table.keys) {
    const boost::json::value* property = properties.if_contains({key.name.data(), key.name.size()});
    if (is_refused(key) || !property) continue;
    if (key.shape == Shape::choice) {
      const std::vector<std::string> choices = words(key.choices);
      EXPECT_EQ(strings(property->as_object().if_contains("enum")),
                std::set<std::string>(choices.begin(), choices.end()))
          << key.name;
    }
    if (key.table) {
      EXPECT_TRUE(refers_to(*property, "#/$defs/" + std::string(key.table->name))) << key.name;
    }
  }
}

inline void collect_tables(const Table& table, std::set<const Table*>& into) {
  if (!into.insert(&table).second) return;
  for (const Key& key : table.keys)
    if (key.table && !is_refused(key)) collect_tables(*key.table, into);
}

/// The schema's root describes `top`, its "$defs" every table below it and those of `more`.
inline void expect_schema_matches(const boost::json::value& schema, const Table& top,
                                  std::initializer_list<const Table*> more = {}) {
  expect_matches(schema.as_object(), top);
  std::set<const Table*> tables;
  collect_tables(top, tables);
  for (const Table* table : more) collect_tables(*table, tables);
  tables.erase(&top);
  const boost::json::object& definitions = schema.at("$defs").as_object();
  for (const Table* table : tables) {
    const boost::json::value* definition = definitions.if_contains({table->name.data(), table->name.size()});
    ASSERT_NE(definition, nullptr) << table->name;
    expect_matches(definition->as_object(), *table);
  }
  // Every definition with properties is a table: nothing is described that the reader doesn't know.
  std::set<std::string> names = {"label"};
  for (const Table* table : tables) names.emplace(table->name);
  for (const auto& [name, definition] : definitions) {
    const bool has_keys = definition.as_object().contains("properties");
    EXPECT_TRUE(!has_keys || names.contains(std::string(name))) << name;
  }
}

}  // namespace kith::internal::catalog
