#include "cli/answers/output.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ostream>

#include <kith/session.hpp>

#include <kith/kith.h>

#include "cli/answers/problems.hpp"
#include "cli/answers/width.hpp"

namespace json = boost::json;

namespace kith::cli {
namespace {

constexpr std::size_t kWidestCell = 100;

bool is_money(const json::value& v) {
  const json::object* o = v.if_object();
  return o && o->size() == 2 && o->contains("amount") && o->contains("currency");
}

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

void csv_header(std::ostream& out, const std::vector<Column>& columns) {
  bool first = true;
  for (const Column& column : columns) {
    out << (first ? "" : ",") << csv_field(column.id, false);
    if (column.money) out << ',' << csv_field(column.id + "_currency", false);
    first = false;
  }
  out << "\r\n";
}

void csv_row(std::ostream& out, const std::vector<Column>& columns, const json::array& row) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i) out << ',';
    const json::value& v = row[i];
    if (columns[i].money) {
      if (is_money(v))
        out << csv_field(std::string(v.at("amount").as_string()), false) << ','
            << csv_field(std::string(v.at("currency").as_string()), false);
      else
        out << ',';
      continue;
    }
    // A list keeps its items: joined by blanks, those with a blank inside would be two.
    out << csv_field(v.is_array() ? json::serialize(v) : cell_text(v), v.is_string());
  }
  out << "\r\n";
}

void jsonl_row(std::ostream& out, const std::vector<Column>& columns, const json::array& row, bool nulls = false) {
  json::object line;
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (nulls || !row[i].is_null()) line[columns[i].id] = row[i];
  out << json::serialize(line) << '\n';
}

}  // namespace

std::string number_text(double value) {
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%.3f", value);
  std::string out = text.data();
  while (out.back() == '0') out.pop_back();
  if (out.back() == '.') out.pop_back();
  return out == "-0" ? "0" : out;
}

std::string grouped(std::int64_t number) {
  std::string out = std::to_string(number);
  const std::size_t from = out.front() == '-' ? 1 : 0;
  for (std::size_t at = out.size(); at > from + 3; at -= 3) out.insert(at - 3, ",");
  return out;
}

std::string cell_text(const json::value& value) {
  if (value.is_null()) return {};
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_double()) return kith::detail::real_text(value.get_double());
  if (is_money(value))
    return std::string(value.at("amount").as_string()) + " " + std::string(value.at("currency").as_string());
  if (const json::array* list = value.if_array()) {
    std::string out;
    for (const json::value& item : *list) out += (out.empty() ? "" : " ") + cell_text(item);
    return out;
  }
  return json::serialize(value);
}

std::string csv_field(const std::string& text, bool may_be_formula) {
  std::string out = text;
  // Behind apostrophes too, so that taking one away gives each text back: an import does that.
  const std::size_t letter = out.find_first_not_of('\'');
  if (may_be_formula && letter != std::string::npos &&
      std::string_view("=+-@\t\r").find(out[letter]) != std::string_view::npos)
    out.insert(0, "'");
  if (out.find_first_of(",\"\r\n") == std::string::npos) return out;
  std::string quoted = "\"";
  for (char c : out) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

Table chosen_columns(const Table& table, const std::string& list) {
  std::vector<std::size_t> wanted;
  std::vector<std::string> names;
  for (const Column& column : table.columns) names.push_back(column.id);
  std::size_t start = 0;
  while (start <= list.size()) {
    const std::size_t comma = std::min(list.find(',', start), list.size());
    const std::string name = list.substr(start, comma - start);
    const auto at = std::find(names.begin(), names.end(), name);
    if (at == names.end()) {
      const std::string near = did_you_mean(name, names);
      std::string all;
      for (const std::string& n : names) all += (all.empty() ? "" : ", ") + n;
      throw usage_failure("the result has no column '" + name + "'", near.empty() ? "it has " + all : near);
    }
    wanted.push_back(static_cast<std::size_t>(at - names.begin()));
    start = comma + 1;
  }
  Table out;
  for (std::size_t i : wanted) out.columns.push_back(table.columns[i]);
  for (const json::array& row : table.rows) {
    json::array& line = out.rows.emplace_back();
    for (std::size_t i : wanted) line.push_back(row[i]);
  }
  return out;
}

void write_table(std::ostream& out, const Table& table, bool header) {
  std::vector<std::vector<std::string>> lines;
  if (header) {
    std::vector<std::string>& line = lines.emplace_back();
    for (const Column& column : table.columns) line.push_back(printable(upper(column.id)));
  }
  for (const json::array& row : table.rows) {
    std::vector<std::string>& line = lines.emplace_back();
    for (const json::value& v : row) line.push_back(printable(cell_text(v), kWidestCell));
  }
  std::vector<std::size_t> widths(table.columns.size(), 0);
  for (const auto& line : lines)
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], display_width(line[i]));
  for (const auto& line : lines) {
    std::string text;
    for (std::size_t i = 0; i < line.size(); ++i) {
      const std::string blanks(widths[i] - display_width(line[i]), ' ');
      if (i) text += "  ";
      text += table.columns[i].right || table.columns[i].money ? blanks + line[i] : line[i] + blanks;
    }
    text.erase(text.find_last_not_of(' ') + 1);
    out << text << '\n';
  }
}

void write_result(std::ostream& out, const std::string& command, const Result& result, Format format, bool header,
                  bool table_wanted) {
  switch (format) {
    case Format::json: {
      const json::object envelope{{"kith", std::string(kith::view(kith_version()))},
                                  {"command", command},
                                  {"ok", result.exit == 0},
                                  {"exit", result.exit},
                                  {"data", result.data},
                                  {"problems", result.problems}};
      out << json::serialize(envelope) << '\n';
      break;
    }
    case Format::jsonl:
      for (const json::array& row : result.table.rows) jsonl_row(out, result.table.columns, row);
      break;
    case Format::csv:
      if (header) csv_header(out, result.table.columns);
      for (const json::array& row : result.table.rows) csv_row(out, result.table.columns, row);
      break;
    case Format::table:
      if (!result.text.empty() && !table_wanted)
        out << visible_lines(result.text) << (result.text.back() == '\n' ? "" : "\n");
      else if (!result.table.columns.empty())
        write_table(out, result.table, header);
      break;
  }
}

RowStream::RowStream(std::vector<Column> columns, std::ostream& out, Format format, bool header)
    : out_(out), format_(format), header_(header) {
  kept_.columns = std::move(columns);
  if (format_ == Format::csv && header_) csv_header(out_, kept_.columns);
}

void RowStream::add(json::array row) {
  if (format_ == Format::csv)
    csv_row(out_, kept_.columns, row);
  else if (format_ == Format::jsonl)
    jsonl_row(out_, kept_.columns, row, nulls_);
  else
    kept_.rows.push_back(std::move(row));
}

void RowStream::end() {
  if (format_ == Format::table) write_table(out_, kept_, header_);
  out_.flush();
}

}  // namespace kith::cli
