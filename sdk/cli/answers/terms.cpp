#include "cli/answers/terms.hpp"

#include <algorithm>
#include <sstream>

#include "cli/answers/width.hpp"

namespace json = boost::json;

namespace kith::cli {
namespace {

constexpr std::size_t kWidestTerm = 90;  // a longer one is cut; its parts stand below it

struct TermLine {
  std::string source, value;
};

void collect(const json::value& term, std::size_t depth, std::vector<TermLine>& lines) {
  if (const json::array* list = term.if_array()) {
    for (const json::value& part : *list) collect(part, depth, lines);
    return;
  }
  const json::object* o = term.if_object();
  if (!o) return;
  const json::value* value = o->if_contains("value");
  const std::string reason = text_at(*o, "reason");
  lines.push_back({std::string(2 * depth, ' ') + text_at(*o, "source"),
                   (value && !value->is_null() ? cell_text(*value) : "null") + (reason.empty() ? "" : ": " + reason)});
  if (const json::value* parts = o->if_contains("parts")) collect(*parts, depth + 1, lines);
}

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t now = display_width(text);
  return now < width ? text + std::string(width - now, ' ') : text;
}
std::string right(const std::string& text, std::size_t width) {
  const std::size_t now = display_width(text);
  return now < width ? std::string(width - now, ' ') + text : text;
}

}  // namespace

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* v = object.if_contains(key);
  return v ? cell_text(*v) : std::string();
}
std::string line_at(const json::object& object, std::string_view key) { return visible_line(text_at(object, key)); }
std::string cell_line(const json::value& value) { return visible_line(cell_text(value)); }
double number_at(const json::object& object, std::string_view key) {
  const json::value* v = object.if_contains(key);
  return v && v->is_number() ? v->to_number<double>() : 0.0;
}
std::int64_t integer_at(const json::object& object, std::string_view key) {
  const json::value* v = object.if_contains(key);
  if (!v || !v->is_number()) return 0;
  return v->is_double() ? static_cast<std::int64_t>(v->get_double()) : v->to_number<std::int64_t>();
}
const json::array& list_at(const json::object& object, std::string_view key) {
  static const json::array none;
  const json::value* v = object.if_contains(key);
  return v && v->is_array() ? v->get_array() : none;
}

std::string terms_text(const json::value& terms, std::size_t indent) {
  std::vector<TermLine> lines;
  collect(terms, 0, lines);
  std::size_t width = 0;
  for (TermLine& line : lines) {
    line.source = printable(line.source, kWidestTerm);
    width = std::max(width, display_width(line.source));
  }
  std::string out;
  for (const TermLine& line : lines)
    out += std::string(indent, ' ') + padded(line.source, width) + "  = " + printable(line.value, 60) + "\n";
  return out;
}

Table score_table(const json::object& score) {
  Table table;
  table.columns = {{"points", false, true}, {"rule"}, {"text"}, {"seen"}, {"plugin"}, {"dimension"}};
  for (const json::value& item : list_at(score, "reasons")) {
    const json::object& reason = item.as_object();
    json::array& row = table.rows.emplace_back();
    row.push_back(number_at(reason, "points"));
    for (const char* key : {"rule", "text", "seen", "plugin", "dimension"}) {
      const json::value* v = reason.if_contains(key);
      row.push_back(v ? *v : json::value(nullptr));
    }
  }
  for (const json::value& item : list_at(score, "adjustments"))
    table.rows.push_back({number_at(item.as_object(), "points"), "adjustment", text_at(item.as_object(), "where"),
                          nullptr, nullptr, nullptr});
  table.rows.push_back({number_at(score, "value"), "total", text_at(score, "band"), nullptr, nullptr, nullptr});
  return table;
}

std::string score_text(const std::string& of, const json::object& score, bool with_terms) {
  std::ostringstream out;
  const std::string name = text_at(score, "score"), label = text_at(score, "label"), band = text_at(score, "band");
  const json::value* value = score.if_contains("value");
  out << of << '\n' << name << (label.empty() || label == name ? "" : " (" + label + ")");
  if (!text_at(score, "version").empty()) out << ", version " << line_at(score, "version");
  out << '\n';
  if (!value || value->is_null()) {
    out << "no value: the score does not apply to this record, or a rule withholds it\n";
  } else {
    out << number_text(number_at(score, "value")) << " of " << number_text(number_at(score, "low")) << " to "
        << number_text(number_at(score, "high"));
    if (!band.empty()) {
      const std::string band_label = text_at(score, "band_label");
      out << ", band " << band << (band_label.empty() || band_label == band ? "" : " (" + band_label + ")");
    }
    out << '\n';
  }
  if (!text_at(score, "as_of").empty()) out << "as of " << line_at(score, "as_of");
  if (!text_at(score, "valid_until").empty())
    out << ", holds until " << line_at(score, "valid_until") << " if nothing is written";
  out << "\n\n";
  std::size_t points_width = 6, rule_width = 5;
  for (const json::value& item : list_at(score, "reasons")) {
    points_width = std::max(points_width, number_text(number_at(item.as_object(), "points")).size());
    rule_width = std::max(rule_width, display_width(text_at(item.as_object(), "rule")));
  }
  for (const json::value& item : list_at(score, "adjustments"))
    rule_width = std::max(rule_width, display_width(text_at(item.as_object(), "where")));
  out << right("POINTS", points_width) << "  " << padded("RULE", rule_width) << "  WHY\n";
  for (const json::value& item : list_at(score, "reasons")) {
    const json::object& reason = item.as_object();
    const json::value* unknown = reason.if_contains("unknown");
    out << right(number_text(number_at(reason, "points")), points_width) << "  "
        << padded(line_at(reason, "rule"), rule_width) << "  " << printable(text_at(reason, "text"));
    if (unknown && unknown->is_bool() && unknown->get_bool())
      out << " (unknown)";
    else if (const json::value* seen = reason.if_contains("seen"); !with_terms && seen && !seen->is_null())
      out << " [seen: " << printable(cell_text(*seen)) << "]";
    out << '\n';
    if (const json::value* terms = reason.if_contains("terms"); with_terms && terms)
      out << terms_text(*terms, points_width + 4);
  }
  for (const json::value& item : list_at(score, "adjustments"))
    out << right(number_text(number_at(item.as_object(), "points")), points_width) << "  "
        << padded(line_at(item.as_object(), "where"), rule_width)
        << (number_at(item.as_object(), "points") == 0 ? "  changes the band\n" : "  adjustment to the range\n");
  out << right(value && value->is_number() ? number_text(number_at(score, "value")) : "-", points_width) << "  "
      << padded("total", rule_width) << "  " << band << '\n';
  return out.str();
}

Table table_of(const json::array& objects, const std::vector<std::string>& ids) {
  std::vector<std::string> names = ids;
  if (names.empty())
    for (const json::value& item : objects)
      if (const json::object* o = item.if_object())
        for (const auto& pair : *o)
          if (std::find(names.begin(), names.end(), std::string(pair.key())) == names.end())
            names.emplace_back(pair.key());
  Table table;
  for (const std::string& name : names) {
    Column column{name};
    for (const json::value& item : objects) {
      const json::object* o = item.if_object();
      const json::value* v = o ? o->if_contains(name) : nullptr;
      if (v && v->is_number()) column.right = true;
    }
    table.columns.push_back(std::move(column));
  }
  for (const json::value& item : objects) {
    json::array& row = table.rows.emplace_back();
    const json::object* o = item.if_object();
    for (const std::string& name : names) {
      const json::value* v = o ? o->if_contains(name) : nullptr;
      row.push_back(v ? *v : json::value(nullptr));
    }
  }
  return table;
}

std::string table_text(const Table& table, std::size_t indent, bool header) {
  std::ostringstream raw;
  write_table(raw, table, header);
  std::istringstream lines(raw.str());
  std::string out;
  for (std::string line; std::getline(lines, line);) out += std::string(indent, ' ') + line + "\n";
  return out;
}

}  // namespace kith::cli
