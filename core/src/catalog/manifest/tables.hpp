// The keys of a manifest as tables: one table per kind of object, one row per key. The reader checks against these, and
// a test holds sdk/schema/plugin.schema.json equal to them.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace kith::internal::catalog {

/// What the value of a key looks like, before its meaning is asked.
enum class Shape : std::uint8_t {
  text,
  identifier,     ///< [a-z][a-z0-9_]*
  name,           ///< identifiers joined by dots
  version,        ///< MAJOR.MINOR[.PATCH]
  version_range,  ///< "^0.1", ">=0.1 <0.2"
  range_map,      ///< {bundle: version range}
  boolean,
  always_true,  ///< only `true`: a head such as "created": true
  integer,
  number,
  number_pair,     ///< [lo, hi]
  number_pairs,    ///< [[from, points]...]
  label,           ///< {"en": text, ...}
  expression,      ///< text, compiled later
  literal,         ///< any JSON value; its type is checked against the declaration
  literal_list,    ///< [literal...]
  template_value,  ///< any JSON value; strings may hold {{expr}}
  template_map,    ///< {name: template}
  choice,          ///< one of the words in Key::choices
  text_list,
  text_lists,   ///< [[text]...]
  needs,        ///< bundle id, or a list of them
  enum_values,  ///< [text or object by Key::table]
  set_name,     ///< the name of a child set, or rel('relationship')
  grants,       ///< {record type: {operation: scope}}
  raises,       ///< {lifecycle: {own state: its state}}
  span,         ///< "30d", or {"setting": name}
  object,       ///< by Key::table
  object_map,   ///< {name: object by Key::table}
  list,         ///< [object by Key::table]
  list_by_name  ///< {name: [object by Key::table]}
};

enum class Presence : std::uint8_t {
  optional,
  required,
  later,      ///< in the grammar, but not in this version: refused with a clear word
  unenforced  ///< a right that nothing asks for yet: refused, because a key that protects nothing deceives
};

struct Table;

struct Key {
  std::string_view name;
  Shape shape = Shape::text;
  Presence presence = Presence::optional;
  const Table* table = nullptr;
  std::string_view choices{};        ///< words with a space between
  std::string_view later_choices{};  ///< words of the grammar that this version refuses
};

/// Whether a manifest with this key is refused, whatever its value.
constexpr bool is_refused(const Key& key) {
  return key.presence == Presence::later || key.presence == Presence::unenforced;
}

struct Table {
  std::string_view name;  ///< also its name in the schema's "$defs"; the top is "manifest"
  std::string_view what;  ///< "a field", for messages
  std::span<const Key> keys;
  const Key* find(std::string_view key) const;
};

const Table& manifest_table();
/// Every table that can be reached from the top, each once, the top first.
std::vector<const Table*> all_tables();

}  // namespace kith::internal::catalog
