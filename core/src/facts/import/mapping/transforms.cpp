#include "facts/import/mapping/transforms.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "base/text/text.hpp"
#include "facts/import/mapping/date_patterns.hpp"

namespace kith::internal::facts {

namespace {

namespace json = boost::json;

class SpellingReader {
 public:
  SpellingReader(const JsonDocument& document, const std::string& pointer, const catalog::Member* member,
                 Problems& problems)
      : document_(document), pointer_(pointer), member_(member), problems_(problems) {}

  void dates(const std::vector<std::string>& patterns);
  std::optional<NumberForm> number(const json::object& object);
  BoolWords words(const json::object& object);
  bool is_of(std::initializer_list<Kind> kinds, const char* key, const char* what);

 private:
  void complain(const std::string& pointer, std::string message, std::string fix) {
    Problem problem;
    problem.number = ProblemNumber::mapping_invalid;
    problem.message = std::move(message);
    problem.where = document_.place(pointer);
    problem.fix = std::move(fix);
    problems_.add(std::move(problem));
  }
  std::string at(std::string_view key) const { return pointer_join(pointer_, key); }

  const JsonDocument& document_;
  const std::string& pointer_;
  const catalog::Member* member_;
  Problems& problems_;
};

std::vector<std::string> texts_of(const json::object& object, std::string_view key) {
  std::vector<std::string> texts;
  const json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_array()) return texts;
  for (const json::value& element : value->get_array())
    if (element.is_string()) texts.emplace_back(element.get_string());
  return texts;
}

bool SpellingReader::is_of(std::initializer_list<Kind> kinds, const char* key, const char* what) {
  if (member_ == nullptr || std::find(kinds.begin(), kinds.end(), member_->type.kind) != kinds.end()) return true;
  complain(at(key), member_->name + " is of type " + expr::type_name(member_->type) + ", not " + what,
           "leave \"" + std::string(key) + "\" out");
  return false;
}

void SpellingReader::dates(const std::vector<std::string>& patterns) {
  bool sound = true;
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    std::string fix;
    const std::string mistake = pattern_mistake(patterns[i], fix);
    if (mistake.empty()) continue;
    sound = false;
    complain(pointer_join(at("date"), i), "'" + patterns[i] + "' is not a date pattern: " + mistake, fix);
  }
  for (std::size_t i = 0; sound && i < patterns.size(); ++i) {
    for (std::size_t k = i + 1; k < patterns.size(); ++k) {
      const std::string text = read_differently(patterns[i], patterns[k]);
      if (text.empty()) continue;
      complain(pointer_join(at("date"), k),
               "the patterns " + patterns[i] + " and " + patterns[k] + " contradict each other: " + text +
                   " is one date by the first and another by the second",
               "keep the one that the file is written by; a file with both can't be told apart");
    }
  }
}

std::optional<NumberForm> SpellingReader::number(const json::object& object) {
  const json::value* value = object.if_contains("number");
  if (value == nullptr || !value->is_object()) return std::nullopt;
  if (!is_of({Kind::integer, Kind::real, Kind::money}, "number", "a number or an amount")) return std::nullopt;
  NumberForm form;
  const auto mark = [&](const char* key, std::string& into) {
    const json::value* said = value->get_object().if_contains(key);
    if (said == nullptr || !said->is_string()) return;
    into = said->get_string();
    const bool digit = !into.empty() && into.front() >= '0' && into.front() <= '9';
    if (code_points(into) == 1 && !digit && into != "-" && into != "+") return;
    if (into.empty() && key == std::string_view("group")) return;
    complain(pointer_join(at("number"), key), "'" + into + "' can't stand inside a number",
             "say one character, as \",\" or \".\"");
  };
  mark("decimal", form.decimal);
  mark("group", form.group);
  if (form.decimal == form.group)
    complain(at("number"), "decimals and groups have the same mark",
             "say which is which: {\"decimal\": \",\", \"group\": \".\"}");
  return form;
}

BoolWords SpellingReader::words(const json::object& object) {
  BoolWords said{texts_of(object, "true"), texts_of(object, "false")};
  const bool any = object.contains("true") || object.contains("false");
  if (any && !is_of({Kind::boolean}, object.contains("true") ? "true" : "false", "true or false")) return {};
  for (const std::string& word : said.yes) {
    if (!bool_of(word, {{}, said.no})) continue;
    complain(at("true"), "'" + word + "' stands for true and for false", "leave it in one of the two lists");
  }
  return with_usual_words(std::move(said));
}

}  // namespace

void read_spellings(const JsonDocument& document, const json::object& object, const std::string& pointer,
                    const catalog::Member* member, ValueSource& source, Problems& problems) {
  SpellingReader reader(document, pointer, member, problems);
  source.dates = texts_of(object, "date");
  if (source.dates.empty() || reader.is_of({Kind::date, Kind::timestamp}, "date", "a date")) reader.dates(source.dates);
  source.number = reader.number(object);
  source.words = reader.words(object);
}

}  // namespace kith::internal::facts
