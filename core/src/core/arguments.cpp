// Arguments of verbs: named in the message when they are wrong or missing.
#include <algorithm>
#include <boost/json.hpp>

#include "base/text/text.hpp"
#include "core/verbs.hpp"

namespace kith::internal {

namespace json = boost::json;

namespace {

[[noreturn]] void wrong(std::string_view name, const std::string& expected, const json::value* found) {
  Problem p;
  p.number = ProblemNumber::usage;
  p.message = found ? "the argument '" + std::string(name) + "' is of the wrong kind"
                    : "the argument '" + std::string(name) + "' is missing";
  p.expected = expected;
  if (found) p.found = json::serialize(*found);
  p.fix = "see the verbs in core/src/core/README.md";
  throw Error(p);
}

}  // namespace

void require_known_arguments(std::string_view verb, const json::object& args, std::string_view known) {
  require_known_keys("the verb '" + std::string(verb) + "'", args, known);
}

void require_known_keys(std::string_view whose, const json::object& object, std::string_view known) {
  std::vector<std::string> names;
  for (std::size_t at = 0; at < known.size();) {
    const std::size_t end = std::min(known.find(' ', at), known.size());
    names.emplace_back(known.substr(at, end - at));
    at = end + 1;
  }
  for (const auto& argument : object) {
    const std::string name(argument.key());
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    Problem p;
    p.number = ProblemNumber::usage;
    p.message = std::string(whose) + " takes no argument '" + name + "'";
    p.expected = names.empty() ? "no arguments" : join(names, ", ");
    p.fix = did_you_mean(name, names);
    if (p.fix.empty()) p.fix = "leave it out; see the verbs in core/src/core/README.md";
    throw Error(std::move(p));
  }
}

std::string text_argument(const json::object& args, std::string_view name) {
  const json::value* v = args.if_contains(name);
  if (!v || !v->is_string()) wrong(name, "text", v);
  return std::string(v->as_string());
}

std::string text_argument(const json::object& args, std::string_view name, std::string_view otherwise) {
  const json::value* v = args.if_contains(name);
  if (!v || v->is_null()) return std::string(otherwise);
  if (!v->is_string()) wrong(name, "text", v);
  return std::string(v->as_string());
}

std::int64_t integer_argument(const json::object& args, std::string_view name, std::int64_t otherwise) {
  const json::value* v = args.if_contains(name);
  if (!v || v->is_null()) return otherwise;
  if (!v->is_int64()) wrong(name, "a whole number", v);
  return v->as_int64();
}

json::object object_argument(const json::object& args, std::string_view name) {
  const json::value* v = args.if_contains(name);
  if (!v || v->is_null()) return {};
  if (!v->is_object()) wrong(name, "an object of names and values", v);
  return v->as_object();
}

bool bool_argument(const json::object& args, std::string_view name, bool otherwise) {
  const json::value* v = args.if_contains(name);
  if (!v || v->is_null()) return otherwise;
  if (!v->is_bool()) wrong(name, "true or false", v);
  return v->as_bool();
}

Value value_of_json(const json::value& value) {
  switch (value.kind()) {
    case json::kind::bool_: return Value::boolean(value.as_bool());
    case json::kind::int64: return Value::integer(value.as_int64());
    case json::kind::uint64: wrong("value", "a whole number of at most 64 bits with sign", &value);
    case json::kind::double_: return Value::real(value.as_double());
    case json::kind::string: return Value::text(std::string(value.as_string()));
    case json::kind::null: return Value::null();
    default: return Value::json(json::serialize(value));
  }
}

std::vector<std::pair<std::string, Value>> parameters_argument(const json::object& args) {
  std::vector<std::pair<std::string, Value>> out;
  const json::value* v = args.if_contains("params");
  if (!v || v->is_null()) return out;
  if (!v->is_object()) wrong("params", "an object of names and values", v);
  for (const auto& [name, value] : v->as_object()) out.emplace_back(std::string(name), value_of_json(value));
  return out;
}

}  // namespace kith::internal
