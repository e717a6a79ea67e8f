#include "cli/words/assignments.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

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

bool whole(const std::string& text, std::int64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}
bool decimal(const std::string& text, double& out) {
  if (text.find_first_not_of("+-.0123456789eE") != std::string::npos) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

/// ["a", "b"] or [1, 2]: what `in $name` looks in.
bool is_list(const std::string& text) {
  boost::system::error_code failed;
  return text.front() == '[' && json::parse(text, failed).is_array() && !failed;
}

}  // namespace

std::vector<Parameter> parse_parameters(const std::vector<std::string>& words) {
  std::vector<Parameter> out;
  for (auto& [name, text] : parse_assignments(words)) {
    const std::string bare = name.front() == '$' ? name.substr(1) : name;
    const bool quoted = text.size() >= 2 && text.front() == '\'' && text.back() == '\'';
    out.push_back({bare, quoted ? text.substr(1, text.size() - 2) : text, {}});
    if (quoted) out.back().value = Value(true).raw();  // keeps the form until the texts lie still
  }
  for (Parameter& p : out) {
    std::int64_t integer = 0;
    double real = 0;
    const bool quoted = p.value.type == KITH_BOOL;
    p.value = kith_value{};
    p.value.type = KITH_TEXT;
    if (quoted || p.text.empty())
      p.value.as.s = str(p.text);
    else if (p.text == "true" || p.text == "false")
      p.value = Value(p.text == "true").raw();
    else if (whole(p.text, integer))
      p.value = Value(integer).raw();
    else if (decimal(p.text, real))
      p.value = Value(real).raw();
    else
      p.value.as.s = str(p.text);
    if (!quoted && p.value.type == KITH_TEXT && !p.text.empty() && is_list(p.text)) p.value.type = KITH_JSON;
  }
  return out;
}

json::object parameters_json(const std::vector<Parameter>& parameters) {
  json::object out;
  for (const Parameter& p : parameters) {
    json::value& slot = out[p.name];
    if (p.value.type == KITH_BOOL)
      slot = p.value.as.i != 0;
    else if (p.value.type == KITH_INT)
      slot = p.value.as.i;
    else if (p.value.type == KITH_DOUBLE)
      slot = p.value.as.d;
    else if (p.value.type == KITH_JSON)
      slot = json::parse(p.text);
    else
      slot = p.text;
  }
  return out;
}

}  // namespace kith::cli
