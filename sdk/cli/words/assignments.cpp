#include "cli/words/assignments.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "cli/answers/problems.hpp"

namespace json = boost::json;

namespace kith::cli {

Assignments parse_assignments(const std::vector<std::string>& words) {
  Assignments out;
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || equals == 0)
      throw usage_failure("'" + word + "' is not name=value",
                          "write the name, '=' and the value without blanks, as email=ada@example.com");
    std::string name = word.substr(0, equals);
    if (std::any_of(out.begin(), out.end(), [&](const auto& a) { return a.first == name; }))
      throw usage_failure("'" + name + "' is given twice", "leave one of them out");
    out.emplace_back(std::move(name), word.substr(equals + 1));
  }
  return out;
}

std::vector<Field> fields_of(const Assignments& assignments) {
  std::vector<Field> fields;
  for (const auto& [name, value] : assignments) fields.emplace_back(name, value.empty() ? Value() : Value(value));
  return fields;
}

namespace {

/// ["a", "b"] or [1, 2]: what `in $name` looks in.
bool is_list(const std::string& text) {
  boost::system::error_code failed;
  return !text.empty() && text.front() == '[' && json::parse(text, failed).is_array() && !failed;
}

}  // namespace

// What it stands beside decides what a parameter is: 007 is a text beside a text and 7 beside an int.
std::vector<Parameter> parse_parameters(const std::vector<std::string>& words) {
  std::vector<Parameter> out;
  for (auto& [name, text] : parse_assignments(words)) {
    const std::string bare = name.front() == '$' ? name.substr(1) : name;
    const bool quoted = text.size() >= 2 && text.front() == '\'' && text.back() == '\'';
    out.push_back({bare, quoted ? text.substr(1, text.size() - 2) : text, {}});
    if (quoted) out.back().value = Value(true).raw();  // keeps the form until the texts lie still
  }
  for (Parameter& p : out) {
    const bool quoted = p.value.type == KITH_BOOL;
    p.value = kith_value{};
    p.value.type = !quoted && is_list(p.text) ? KITH_JSON : KITH_TEXT;
    p.value.as.s = str(p.text);
  }
  return out;
}

json::object parameters_json(const std::vector<Parameter>& parameters) {
  json::object out;
  for (const Parameter& p : parameters) {
    if (p.value.type == KITH_JSON)
      out[p.name] = json::parse(p.text);
    else
      out[p.name] = p.text;
  }
  return out;
}

}  // namespace kith::cli
