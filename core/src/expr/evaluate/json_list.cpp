#include "expr/evaluate/json_list.hpp"

#include <boost/json.hpp>

namespace kith::internal::expr {
namespace {

std::optional<boost::json::array> array_of(const std::string& json) {
  boost::system::error_code error;
  boost::json::value parsed = boost::json::parse(json, error);
  if (error || !parsed.is_array()) return std::nullopt;
  return std::move(parsed.get_array());
}

/// "customer/0190..." or the id alone.
std::optional<RecordId> id_in(std::string_view text) {
  const std::size_t slash = text.rfind('/');
  return RecordId::parse(slash == std::string_view::npos ? text : text.substr(slash + 1));
}

/// Null where the element is of another kind.
Value element_as(const boost::json::value& element, Kind kind) {
  if (kind == Kind::integer) return element.is_int64() ? Value::integer(element.get_int64()) : Value::null();
  if (!element.is_string()) return Value::null();
  const std::string_view text{element.get_string()};
  if (kind == Kind::text) return Value::text(std::string{text});
  const auto id = kind == Kind::ref ? id_in(text) : std::nullopt;
  return id ? Value::ref(-1, *id) : Value::null();
}

}  // namespace

std::optional<std::int64_t> list_size(const std::string& json) {
  const auto array = array_of(json);
  return array ? std::optional{static_cast<std::int64_t>(array->size())} : std::nullopt;
}

std::optional<bool> list_contains(const std::string& json, const Value& value) {
  const auto array = array_of(json);
  if (!array) return std::nullopt;
  for (const boost::json::value& element : *array) {
    if (value.is_null() && element.is_null()) return true;
    const Value found = element_as(element, value.kind);
    if (found.is_null()) continue;
    if (value.kind == Kind::text && found.s == value.s) return true;
    if (value.kind == Kind::integer && found.i == value.i) return true;
    if (value.kind == Kind::ref && found.id == value.id) return true;
  }
  return false;
}

std::optional<std::vector<Value>> list_values(const std::string& json, Kind kind) {
  const auto array = array_of(json);
  if (!array) return std::nullopt;
  std::vector<Value> values;
  values.reserve(array->size());
  for (const boost::json::value& element : *array) {
    Value value = element_as(element, kind);
    if (!value.is_null()) values.push_back(std::move(value));
  }
  return values;
}

std::optional<std::vector<Value>> list_values(const std::string& json) {
  const auto array = array_of(json);
  if (!array) return std::nullopt;
  std::vector<Value> values;
  for (const boost::json::value& element : *array) {
    if (element.is_string()) values.push_back(element_as(element, Kind::text));
    if (element.is_int64()) values.push_back(element_as(element, Kind::integer));
  }
  return values;
}

std::optional<Kind> list_kind(const std::string& json) {
  const auto array = array_of(json);
  if (!array) return std::nullopt;
  Kind found = Kind::null;
  for (const boost::json::value& element : *array) {
    if (element.is_null()) continue;
    const Kind kind = element.is_string() ? Kind::text : element.is_int64() ? Kind::integer : Kind::unknown;
    if (kind == Kind::unknown || (found != Kind::null && found != kind)) return std::nullopt;
    found = kind;
  }
  return found;
}

std::string list_json(const std::vector<Value>& values) {
  boost::json::array array;
  array.reserve(values.size());
  for (const Value& value : values) {
    if (value.kind == Kind::text) {
      array.emplace_back(value.s);
    } else {
      array.emplace_back(value.i);
    }
  }
  return boost::json::serialize(array);
}

std::optional<ListItems> ListItems::read(const std::string& json) {
  const auto array = array_of(json);
  if (!array) return std::nullopt;
  ListItems items;
  for (const boost::json::value& element : *array) {
    if (element.is_null()) items.null_ = true;
    if (element.is_int64()) items.numbers_.insert(element.get_int64());
    if (!element.is_string()) continue;
    const std::string_view text{element.get_string()};
    items.texts_.emplace(text);
    if (const auto id = id_in(text)) items.ids_.insert(*id);
  }
  return items;
}

bool ListItems::contain(const Value& value) const {
  switch (value.kind) {
    case Kind::null: return null_;
    case Kind::integer: return numbers_.count(value.i) != 0;
    case Kind::text: return texts_.find(std::string_view{value.s}) != texts_.end();
    case Kind::ref: return ids_.count(value.id) != 0;
    default: return false;
  }
}

std::string list_of_texts(const std::string& json, const std::function<std::string(std::string_view)>& change) {
  auto array = array_of(json);
  if (!array) return json;
  for (boost::json::value& element : *array) {
    if (element.is_string()) element = change(std::string_view{element.get_string()});
  }
  return boost::json::serialize(*array);
}

}  // namespace kith::internal::expr
