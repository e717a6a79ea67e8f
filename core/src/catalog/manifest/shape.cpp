#include "catalog/manifest/shape.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cctype>

#include "base/problem/excerpt.hpp"
#include "base/problem/limits.hpp"
#include "base/text/text.hpp"
#include "base/time/time.hpp"
#include "catalog/build.hpp"

namespace kith::internal::catalog {
namespace json = boost::json;
namespace {

constexpr std::string_view kOperations = "read create update delete transition export";
constexpr std::string_view kScopes = "none own team all";

/// One value on the way down, with what a message needs.
struct Spot {
  const JsonDocument& document;
  const json::value& value;
  const std::string& pointer;
  Problems& problems;

  Spot at(const json::value& inner, const std::string& inner_pointer) const {
    return {document, inner, inner_pointer, problems};
  }
};

std::string last_part(const std::string& pointer) { return pointer.substr(pointer.rfind('/') + 1); }

// Each place is looked for from the start of the file: what nobody would read is not looked for.
bool enough(const Problems& problems) { return problems.size() >= most_of(Limit::problems); }

void wrong(const Spot& spot, std::string message, std::string expected, std::string fix = {},
           ProblemNumber number = ProblemNumber::wrong_type) {
  if (enough(spot.problems)) return;
  Problem problem;
  problem.number = number;
  problem.message = std::move(message);
  problem.where = spot.document.place(spot.pointer);
  problem.excerpt = excerpt_at(spot.document, problem.where, json::serialize(spot.value).size());
  problem.expected = std::move(expected);
  problem.found = json_kind(spot.value);
  if (spot.value.is_string() || spot.value.is_number() || spot.value.is_bool())
    problem.found += " " + json::serialize(spot.value);
  problem.fix = std::move(fix);
  spot.problems.add(std::move(problem));
}

void wrong_kind(const Spot& spot, std::string expected) {
  const std::string what = spot.pointer.empty() ? "the whole file" : "\"" + last_part(spot.pointer) + "\"";
  wrong(spot, what + " has the wrong type", std::move(expected));
}

std::string_view view_of(const json::value& value) { return {value.get_string().data(), value.get_string().size()}; }

// --- texts with a form -------------------------------------------------------------------------------------------

bool expect_text(const Spot& spot, const char* expected) {
  if (spot.value.is_string()) return true;
  wrong_kind(spot, expected);
  return false;
}

void check_identifier(const Spot& spot) {
  if (!expect_text(spot, "a name: a-z, 0-9 and _, beginning with a letter")) return;
  const std::string_view name = view_of(spot.value);
  // "__" joins a bundle's id and a name in the database, so no name has it.
  const bool joins = name.find("__") != std::string_view::npos || name.ends_with('_');
  if (is_identifier(name) && !joins) return;
  wrong(spot, "\"" + std::string(name) + "\" is not a name",
        "a-z, 0-9 and single _ between them, beginning with a letter",
        "write it in lower case, with one _ between words", ProblemNumber::bad_name);
}

void check_name(const Spot& spot) {
  if (!expect_text(spot, "a name such as \"customer\" or \"retail.order\"")) return;
  if (is_dotted_name(view_of(spot.value))) return;
  wrong(spot, "\"" + std::string(view_of(spot.value)) + "\" is not a name",
        "a name such as \"customer\" or \"retail.order\"", {}, ProblemNumber::bad_name);
}

void check_version(const Spot& spot) {
  if (!expect_text(spot, "a version: \"0.1.0\"") || is_version(view_of(spot.value))) return;
  wrong(spot, "\"" + std::string(view_of(spot.value)) + "\" is not a version", "MAJOR.MINOR or MAJOR.MINOR.PATCH", {},
        ProblemNumber::bad_value);
}

void check_range(const Spot& spot) {
  if (!expect_text(spot, "a version range: \"^0.1\"") || is_version_range(view_of(spot.value))) return;
  wrong(spot, "\"" + std::string(view_of(spot.value)) + "\" is not a version range",
        "\"^0.1\", \">=0.1 <0.2\", \"0.1.3\" or \"*\"", {}, ProblemNumber::bad_value);
}

void check_range_map(const Spot& spot) {
  if (!spot.value.is_object()) return wrong_kind(spot, "an object of bundle ids and version ranges");
  for (const auto& [name, range] : spot.value.get_object())
    check_range(spot.at(range, pointer_join(spot.pointer, name)));
}

void check_label(const Spot& spot) {
  if (!spot.value.is_object()) return wrong_kind(spot, "texts by language: {\"en\": \"...\", \"zh\": \"...\"}");
  const json::object& label = spot.value.get_object();
  for (const auto& [language, text] : label) {
    const std::string pointer = pointer_join(spot.pointer, language);
    if (!is_language_tag(language))
      wrong(spot.at(text, pointer), "\"" + std::string(language) + "\" is not a language",
            "a language tag such as \"en\" or \"zh\"", {}, ProblemNumber::unknown_key);
    else if (!text.is_string())
      wrong_kind(spot.at(text, pointer), "text");
  }
  if (!label.contains("en"))
    wrong(spot, "a label has no \"en\"", "a text for \"en\"; other languages fall back to it", "add \"en\": \"...\"",
          ProblemNumber::label_missing);
}

void check_choice(const Spot& spot, const Key& key) {
  const std::vector<std::string> allowed = words(key.choices);
  const std::string listed = join(allowed, ", ");
  if (!spot.value.is_string()) return wrong_kind(spot, "one of " + listed);
  const std::string found(view_of(spot.value));
  if (std::find(allowed.begin(), allowed.end(), found) != allowed.end()) return;
  const std::vector<std::string> later = words(key.later_choices);
  if (std::find(later.begin(), later.end(), found) != later.end()) {
    Problem problem =
        later_problem("\"" + std::string(key.name) + "\": \"" + found + "\"", spot.document.place(spot.pointer));
    problem.expected = "one of " + listed;
    return spot.problems.add(std::move(problem));
  }
  wrong(spot, "\"" + found + "\" is not a value of \"" + std::string(key.name) + "\"", "one of " + listed,
        did_you_mean(found, allowed), ProblemNumber::bad_value);
}

// --- numbers and lists -------------------------------------------------------------------------------------------

bool is_integer(const json::value& value) {
  return value.is_int64() || (value.is_uint64() && value.get_uint64() <= static_cast<std::uint64_t>(INT64_MAX));
}

bool is_number_list(const json::value& value, std::size_t size) {
  if (!value.is_array() || value.get_array().size() != size) return false;
  return std::all_of(value.get_array().begin(), value.get_array().end(),
                     [](const json::value& n) { return n.is_number(); });
}

void check_number_pairs(const Spot& spot) {
  if (!spot.value.is_array()) return wrong_kind(spot, "a list of [from, points]");
  std::size_t index = 0;
  for (const json::value& pair : spot.value.get_array()) {
    const std::string pointer = pointer_join(spot.pointer, index++);
    if (!is_number_list(pair, 2)) wrong_kind(spot.at(pair, pointer), "[from, points], two numbers");
  }
}

void check_text_list(const Spot& spot) {
  if (!spot.value.is_array()) return wrong_kind(spot, "a list of texts");
  std::size_t index = 0;
  for (const json::value& element : spot.value.get_array()) {
    const std::string pointer = pointer_join(spot.pointer, index++);
    if (!element.is_string()) wrong_kind(spot.at(element, pointer), "text");
  }
}

void check_text_lists(const Spot& spot) {
  if (!spot.value.is_array()) return wrong_kind(spot, "a list of lists of field names");
  std::size_t index = 0;
  for (const json::value& element : spot.value.get_array()) {
    const std::string pointer = pointer_join(spot.pointer, index++);
    check_text_list(spot.at(element, pointer));
  }
}

void check_needs(const Spot& spot) {
  if (spot.value.is_string()) return check_identifier(spot);
  if (!spot.value.is_array()) return wrong_kind(spot, "a bundle's id, or a list of them");
  check_text_list(spot);
}

void check_set_name(const Spot& spot) {
  if (!spot.value.is_object()) {
    // rel('...') is read with the expressions, when the relationships are known.
    if (spot.value.is_string() && view_of(spot.value).find('(') != std::string_view::npos) return;
    return check_name(spot);
  }
  Problem problem = later_problem("going over several steps of a relationship", spot.document.place(spot.pointer));
  problem.expected =
      "the name of a set of child records, such as \"retail.orders\", or \"rel('name')\", one step along a "
      "relationship";
  const json::value* relationship = spot.value.get_object().if_contains("rel");
  if (relationship && relationship->is_string())
    problem.fix =
        "write \"rel('" + std::string(view_of(*relationship)) + "')\", which looks at the records one step away";
  spot.problems.add(std::move(problem));
}

void check_grants(const Spot& spot) {
  if (!spot.value.is_object()) return wrong_kind(spot, "{record type: {operation: scope}}");
  const Key scope{"scope", Shape::choice, Presence::optional, nullptr, kScopes};
  const std::vector<std::string> operations = words(kOperations);
  for (const auto& [type, grant] : spot.value.get_object()) {
    const std::string pointer = pointer_join(spot.pointer, type);
    if (!grant.is_object()) {
      wrong_kind(spot.at(grant, pointer), "{operation: scope}");
      continue;
    }
    for (const auto& [operation, value] : grant.get_object()) {
      const std::string inner = pointer_join(pointer, operation);
      if (std::find(operations.begin(), operations.end(), operation) == operations.end())
        wrong(spot.at(value, inner), "\"" + std::string(operation) + "\" is not an operation",
              "one of " + join(operations, ", "), did_you_mean(operation, operations), ProblemNumber::unknown_key);
      check_choice(spot.at(value, inner), scope);
    }
  }
}

void check_raises(const Spot& spot) {
  if (!spot.value.is_object()) return wrong_kind(spot, "{lifecycle: {own state: its state}}");
  for (const auto& [lifecycle, states] : spot.value.get_object()) {
    const std::string pointer = pointer_join(spot.pointer, lifecycle);
    if (!states.is_object()) {
      wrong_kind(spot.at(states, pointer), "{own state: its state}");
      continue;
    }
    for (const auto& [state, target] : states.get_object())
      check_identifier(spot.at(target, pointer_join(pointer, state)));
  }
}

void check_span(const Spot& spot) {
  const json::value* setting = spot.value.is_object() ? spot.value.get_object().if_contains("setting") : nullptr;
  if (setting && setting->is_string() && spot.value.get_object().size() == 1) return;
  constexpr const char* expected = "\"30d\", \"12h\", \"15m\", or {\"setting\": name}";
  if (!spot.value.is_string()) return wrong_kind(spot, expected);
  if (parse_duration(view_of(spot.value)).value_or(0) > 0) return;
  wrong(spot, "\"" + std::string(view_of(spot.value)) + "\" is not a length of time", expected, {},
        ProblemNumber::bad_value);
}

// --- objects -----------------------------------------------------------------------------------------------------

void check_object(const Spot& spot, const Table& table);

void check_list(const Spot& spot, const Key& key) {
  if (!spot.value.is_array()) return wrong_kind(spot, "a list of objects");
  std::size_t index = 0;
  for (const json::value& element : spot.value.get_array()) {
    const std::string pointer = pointer_join(spot.pointer, index++);
    check_object(spot.at(element, pointer), *key.table);
  }
}

void check_enum_values(const Spot& spot, const Key& key) {
  if (!spot.value.is_array()) return wrong_kind(spot, "a list of ids, or of {\"id\", \"label\"}");
  std::size_t index = 0;
  for (const json::value& element : spot.value.get_array()) {
    const std::string pointer = pointer_join(spot.pointer, index++);
    if (!element.is_string())
      check_object(spot.at(element, pointer), *key.table);
    else if (key.table->find("id")->shape == Shape::identifier)
      check_identifier(spot.at(element, pointer));
    else
      check_name(spot.at(element, pointer));
  }
}

void check_object_map(const Spot& spot, const Key& key) {
  if (!spot.value.is_object()) return wrong_kind(spot, "an object: {name: {...}}");
  for (const auto& [name, object] : spot.value.get_object()) {
    const std::string pointer = pointer_join(spot.pointer, name);
    check_object(spot.at(object, pointer), *key.table);
  }
}

void check_list_by_name(const Spot& spot, const Key& key) {
  if (!spot.value.is_object()) return wrong_kind(spot, "an object: {record type: [...]}");
  for (const auto& [name, list] : spot.value.get_object()) {
    const std::string pointer = pointer_join(spot.pointer, name);
    check_list(spot.at(list, pointer), key);
  }
}

// One row per shape that is no more than a test and a word; the others have a function of their own.
struct PlainShape {
  Shape shape;
  bool (*holds)(const json::value&);
  const char* expected;
};
constexpr PlainShape kPlainShapes[] = {
    {Shape::text, [](const json::value& v) { return v.is_string(); }, "text"},
    {Shape::expression, [](const json::value& v) { return v.is_string(); }, "an expression in a text"},
    {Shape::boolean, [](const json::value& v) { return v.is_bool(); }, "true or false"},
    {Shape::always_true, [](const json::value& v) { return v.is_bool() && v.get_bool(); }, "true"},
    {Shape::integer, is_integer, "a whole number"},
    {Shape::number, [](const json::value& v) { return v.is_number(); }, "a number"},
    {Shape::number_pair, [](const json::value& v) { return is_number_list(v, 2); }, "[lowest, highest], two numbers"},
    {Shape::literal_list, [](const json::value& v) { return v.is_array(); }, "a list"},
    {Shape::template_map, [](const json::value& v) { return v.is_object(); }, "an object: {name: value}"},
};

struct FormedShape {
  Shape shape;
  void (*check)(const Spot&);
};
constexpr FormedShape kFormedShapes[] = {
    {Shape::identifier, check_identifier},
    {Shape::name, check_name},
    {Shape::version, check_version},
    {Shape::version_range, check_range},
    {Shape::range_map, check_range_map},
    {Shape::label, check_label},
    {Shape::number_pairs, check_number_pairs},
    {Shape::text_list, check_text_list},
    {Shape::text_lists, check_text_lists},
    {Shape::needs, check_needs},
    {Shape::set_name, check_set_name},
    {Shape::grants, check_grants},
    {Shape::raises, check_raises},
    {Shape::span, check_span},
};

void check_value(const Spot& spot, const Key& key) {
  for (const PlainShape& plain : kPlainShapes)
    if (plain.shape == key.shape) {
      if (!plain.holds(spot.value)) wrong_kind(spot, plain.expected);
      return;
    }
  for (const FormedShape& formed : kFormedShapes)
    if (formed.shape == key.shape) return formed.check(spot);
  switch (key.shape) {
    case Shape::choice: return check_choice(spot, key);
    case Shape::enum_values: return check_enum_values(spot, key);
    case Shape::object: return check_object(spot, *key.table);
    case Shape::list: return check_list(spot, key);
    case Shape::list_by_name: return check_list_by_name(spot, key);
    case Shape::object_map: return check_object_map(spot, key);
    default: return;  // literals and templates are judged where their type is known
  }
}

void unknown_key(const Spot& object, std::string_view name, const Table& table, std::vector<std::string>& meant) {
  if (enough(object.problems)) return;
  std::vector<std::string> known;
  for (const Key& key : table.keys)
    if (!is_refused(key) && !object.value.get_object().contains({key.name.data(), key.name.size()}))
      known.emplace_back(key.name);
  Problem problem;
  problem.number = ProblemNumber::unknown_key;
  problem.message = "\"" + std::string(name) + "\" is not a key of " + std::string(table.what);
  problem.where = object.document.key_place(pointer_join(object.pointer, name));
  problem.excerpt = excerpt_at(object.document, problem.where, name.size() + 2);
  problem.fix = did_you_mean(name, known);
  if (problem.fix.empty())
    problem.expected = "one of " + join(known, ", ");
  else
    meant.push_back(nearest(name, known));
  object.problems.add(std::move(problem));
}

void check_object(const Spot& spot, const Table& table) {
  if (!spot.value.is_object()) return wrong_kind(spot, "an object: " + std::string(table.what));
  const json::object& object = spot.value.get_object();
  std::vector<std::string> meant;  // keys that were misspelt: not reported a second time as missing
  for (const auto& [name, value] : object) {
    const std::string pointer = pointer_join(spot.pointer, name);
    const Key* key = table.find(name);
    if (!key) {
      unknown_key(spot, name, table, meant);
    } else if (is_refused(*key)) {
      if (enough(spot.problems)) continue;
      Place where = spot.document.key_place(pointer);
      const std::string what = "\"" + std::string(name) + "\" of " + std::string(table.what);
      Problem problem = key->presence == Presence::later ? later_problem(what, where) : unenforced_problem(what, where);
      problem.excerpt = excerpt_at(spot.document, where, name.size() + 2);
      spot.problems.add(std::move(problem));
    } else {
      check_value(spot.at(value, pointer), *key);
    }
  }
  for (const Key& key : table.keys) {
    if (key.presence != Presence::required || object.contains({key.name.data(), key.name.size()})) continue;
    if (std::find(meant.begin(), meant.end(), key.name) != meant.end() || enough(spot.problems)) continue;
    Problem problem;
    problem.number = ProblemNumber::missing_key;
    problem.message = std::string(table.what) + " has no \"" + std::string(key.name) + "\"";
    problem.where = spot.document.place(spot.pointer);
    problem.fix = "add \"" + std::string(key.name) + "\"";
    spot.problems.add(std::move(problem));
  }
}

}  // namespace

std::string_view kith_version() {
  constexpr std::string_view full = KITH_VERSION;
  return full.substr(0, full.rfind('.'));
}

void check_shape(const JsonDocument& document, const json::value& value, const std::string& pointer, const Table& table,
                 Problems& problems) {
  check_object(Spot{document, value, pointer, problems}, table);
}

void check_key(const JsonDocument& document, const json::value& value, const std::string& pointer, const Key& key,
               Problems& problems) {
  check_value(Spot{document, value, pointer, problems}, key);
}

std::vector<std::string> words(std::string_view list) {
  return list.empty() ? std::vector<std::string>{} : split(list, ' ');
}

std::string json_kind(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null: return "null";
    case json::kind::bool_: return "bool";
    case json::kind::int64:
    case json::kind::uint64: return "int";
    case json::kind::double_: return "double";
    case json::kind::string: return "text";
    case json::kind::array: return "list";
    case json::kind::object: return "object";
  }
  return "value";
}

Problem later_problem(const std::string& what, Place where) {
  Problem problem;
  problem.number = ProblemNumber::later_version;
  problem.message = what + " is not supported by kith " + std::string(kith_version());
  problem.where = std::move(where);
  problem.fix = "leave it out, or use a later version of kith";
  return problem;
}

Problem unenforced_problem(const std::string& what, Place where) {
  Problem problem = later_problem(what, std::move(where));
  problem.message =
      what + " would protect nothing: kith " + std::string(kith_version()) + " does not enforce what people may do";
  problem.fix = "leave it out; who may do what comes with a later version of kith";
  return problem;
}

std::string excerpt_at(const JsonDocument& document, const Place& place, std::size_t length) {
  if (place.line <= 0) return {};
  const std::string& text = document.text();
  std::size_t offset = 0;
  for (int line = 1; line < place.line && offset < text.size(); ++offset)
    if (text[offset] == '\n') ++line;
  for (int column = 1; column < place.column && offset < text.size(); ++column) {
    ++offset;  // columns count code points, so the continuation bytes of UTF-8 are skipped
    while (offset < text.size() && (static_cast<unsigned char>(text[offset]) & 0xC0U) == 0x80U) ++offset;
  }
  constexpr std::size_t longest = 60;
  return caret_excerpt(text, offset, std::clamp<std::size_t>(length, 1, longest));
}

bool is_language_tag(std::string_view text) {
  const std::size_t main = std::min(text.find('-'), text.size());
  if (main < 2 || main > 3) return false;
  for (std::size_t i = 0; i < main; ++i)
    if (text[i] < 'a' || text[i] > 'z') return false;
  for (std::size_t i = main; i < text.size(); ++i)
    if (text[i] != '-' && std::isalnum(static_cast<unsigned char>(text[i])) == 0) return false;
  return text.back() != '-';
}

bool is_dotted_name(std::string_view text) {
  for (const std::string& part : split(text, '.'))
    if (!is_identifier(part)) return false;
  return !text.empty();
}

}  // namespace kith::internal::catalog
