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
    if (value.kind == Kind::text && element.is_string() && std::string_view{element.get_string()} == value.s)
      return true;
    if (value.kind == Kind::integer && element.is_int64() && element.get_int64() == value.i) return true;
  }
  return false;
}

std::optional<std::vector<Value>> list_values(const std::string& json) {
  const auto array = array_of(json);
  if (!array) return std::nullopt;
  std::vector<Value> values;
  for (const boost::json::value& element : *array) {
    if (element.is_string()) values.push_back(Value::text(std::string{std::string_view{element.get_string()}}));
    if (element.is_int64()) values.push_back(Value::integer(element.get_int64()));
  }
  return values;
}

}  // namespace kith::internal::expr
