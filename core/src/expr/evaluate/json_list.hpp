// Lists at rest are JSON text. Only what the language asks of them: their size, and whether a value is in them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/value/value.hpp"

namespace kith::internal::expr {

/// nullopt: not a JSON array.
std::optional<std::int64_t> list_size(const std::string& json);
/// `value` is a text, an int or null. nullopt: not a JSON array.
std::optional<bool> list_contains(const std::string& json, const Value& value);
/// The texts and ints of the list; other elements are left out. nullopt: not a JSON array.
std::optional<std::vector<Value>> list_values(const std::string& json);

}  // namespace kith::internal::expr
