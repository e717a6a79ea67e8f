// Lists at rest are JSON text. Only what the language asks of them: their size, and whether a value is in them.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/value/value.hpp"

namespace kith::internal::expr {

/// nullopt: not a JSON array.
std::optional<std::int64_t> list_size(const std::string& json);
/// `value` is a text, an int, a ref or null. nullopt: not a JSON array.
std::optional<bool> list_contains(const std::string& json, const Value& value);
/// The list with each of its texts changed; as it is when it is no JSON array.
std::string list_of_texts(const std::string& json, const std::function<std::string(std::string_view)>& change);
/// The elements that are of a kind: texts, ints, or refs (texts that end in an id). Others are left out. nullopt: not a
/// JSON array.
std::optional<std::vector<Value>> list_values(const std::string& json, Kind kind);
/// The texts and ints; others are left out. nullopt: not a JSON array.
std::optional<std::vector<Value>> list_values(const std::string& json);
/// What all elements but null are: text or int; null where there are none. nullopt: not a JSON array, or a mixed one.
std::optional<Kind> list_kind(const std::string& json);
/// The values of one kind as a JSON array, each as its column holds it: text, or a whole number.
std::string list_json(const std::vector<Value>& values);

/// A list that is asked often, read once.
class ListItems {
 public:
  /// nullopt: not a JSON array.
  static std::optional<ListItems> read(const std::string& json);
  bool contain(const Value& value) const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
  };
  std::unordered_set<std::string, Hash, std::equal_to<>> texts_;
  std::unordered_set<std::int64_t> numbers_;
  std::unordered_set<RecordId> ids_;
  bool null_ = false;
};

}  // namespace kith::internal::expr
