#include "facts/import/source/jsonl_reader.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <set>

#include "base/problem/limits.hpp"
#include "base/text/text.hpp"
#include "base/value/value.hpp"

namespace kith::internal::facts {

namespace {

namespace json = boost::json;

constexpr std::size_t kLongest = most_of(Limit::csv_row);
constexpr std::size_t kKeep = 256 * 1024;                  ///< passed text is let go when it is longer than this
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  ///< U+FFFD

/// Passes over a text in quotes; `at` is on the first quote, and then behind the last.
void pass_text(std::string_view line, std::size_t& at) {
  for (++at; line[at] != '"'; ++at)
    if (line[at] == '\\') ++at;
  ++at;
}

/// The values of an object as they are written, in their order; `line` is known to be a JSON object.
std::vector<std::string_view> values_as_written(std::string_view line) {
  std::vector<std::string_view> values;
  int depth = 0;
  std::size_t begin = 0;
  const auto end_value = [&](std::size_t end) {
    if (begin > 0) values.push_back(trim(line.substr(begin, end - begin)));
    begin = 0;
  };
  for (std::size_t at = 0; at < line.size();) {
    const char c = line[at];
    if (c == '"') {
      pass_text(line, at);
      continue;
    }
    if (c == ':' && depth == 1) begin = at + 1;
    if (depth == 1 && (c == ',' || c == '}')) end_value(at);
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    ++at;
  }
  return values;
}

/// A line with its object, and the values as written: numbers are taken from there, since a double that was read and
/// written again may differ in its last digit.
struct LineObject {
  json::object object;
  std::vector<std::string_view> written;
};

/// nullopt: no JSON, no object, or a key comes twice; `why` says so.
std::optional<LineObject> object_of(std::string_view line, std::string& why) {
  boost::system::error_code error;
  json::value value = json::parse(line, error);
  if (error || !value.is_object()) {
    why = error ? error.message() : "it is no object";
    return std::nullopt;
  }
  LineObject out{std::move(value.get_object()), values_as_written(line)};
  if (out.written.size() == out.object.size()) return out;
  why = "a key comes twice in it";
  return std::nullopt;
}

std::string number_of(std::string_view written) {
  if (written.find_first_of("eE") == std::string_view::npos) return std::string(written);
  double number = 0;
  std::from_chars(written.data(), written.data() + written.size(), number);
  return to_text(Value::real(number));
}

bool is_money(const json::value& value) {
  const json::object* object = value.if_object();
  if (object == nullptr || object->size() != 2) return false;
  const json::value* amount = object->if_contains("amount");
  const json::value* currency = object->if_contains("currency");
  return amount != nullptr && currency != nullptr && amount->is_string() && currency->is_string();
}

std::string cell_of(const json::value& value, std::string_view written) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_number()) return number_of(written);
  if (is_money(value))
    return std::string(value.at("amount").get_string()) + " " + std::string(value.at("currency").get_string());
  return std::string(written);
}

Problem line_problem(const std::string& path, std::int64_t line, std::string message, std::string fix) {
  Problem problem;
  problem.number = ProblemNumber::csv_invalid;
  problem.message = std::move(message) + " (line " + std::to_string(line) + ")";
  problem.where.file = path;
  problem.where.line = static_cast<int>(line);
  problem.fix = std::move(fix);
  return problem;
}

}  // namespace

void LineReader::let_go() {
  if (position_ < kKeep) return;
  text_.erase(0, position_);
  const auto passed =
      std::find_if(ends_.begin(), ends_.end(), [&](const LineEnd& end) { return end.text > position_; });
  ends_.erase(ends_.begin(), passed);
  for (LineEnd& end : ends_) end.text -= position_;
  position_ = 0;
}

bool LineReader::next(std::string_view& line, bool& cut) {
  let_go();
  cut = false;
  std::size_t from = position_, end = text_.find('\n', from);
  while (end == std::string::npos && !at_end_) {
    from = std::max(from, text_.size());
    // A line that is too long is not kept: its beginning stays, and what follows is let go as it comes.
    if (text_.size() - position_ > kLongest) {
      cut = true;
      text_.resize(position_ + kLongest);
      from = text_.size();
      const std::size_t known = from;
      ends_.erase(std::find_if(ends_.begin(), ends_.end(), [&](const LineEnd& each) { return each.text > known; }),
                  ends_.end());
    }
    at_end_ = !source_->fill(text_, ends_);
    end = text_.find('\n', from);
  }
  if (end == std::string::npos && position_ >= text_.size()) return false;
  const std::size_t stop = end == std::string::npos ? text_.size() : end;
  line = std::string_view(text_).substr(position_, std::min(stop - position_, kLongest));
  position_ = end == std::string::npos ? text_.size() : end + 1;
  const auto at = std::lower_bound(ends_.begin(), ends_.end(), position_,
                                   [](const LineEnd& known, std::size_t wanted) { return known.text < wanted; });
  offset_ = at != ends_.end() && at->text == position_ ? at->file : source_->total_bytes();
  ++number_;
  return true;
}

JsonlReader::JsonlReader(const std::string& path, const std::string& encoding, const std::vector<std::string>& columns)
    : path_(path), width_(columns.size()), lines_(path, encoding) {
  for (std::size_t i = 0; i < columns.size(); ++i) by_name_.emplace(columns[i], i);
}

bool JsonlReader::next(CsvRow& row) {
  std::string_view line;
  bool cut = false;
  do {
    row.line = lines_.number();
    if (!lines_.next(line, cut)) return false;
  } while (trim(line).empty());
  row.fields.assign(width_, {});
  row.absent.assign(width_, true);
  row.problem.reset();
  const auto refuse = [&](std::string message, std::string fix) {
    row.fields.assign(1, std::string(beginning(line, 1'000)));
    row.problem = line_problem(path_, row.line, std::move(message), std::move(fix));
    return true;
  };
  if (cut) {
    const Problem problem = limit_problem(Limit::csv_row, "more");
    return refuse(problem.message, "shorten its texts");
  }
  const bool text = lines_.source().is_utf8() ? is_utf8(line) : line.find(kReplacement) == std::string_view::npos;
  if (!text)
    return refuse("the line has bytes that are not " + lines_.source().encoding(),
                  "say the file's encoding in the mapping: input.encoding");
  std::string why;
  const auto object = object_of(line, why);
  if (!object) return refuse("the line can't be read as a JSON object: " + why, "write one object {...} on each line");
  std::size_t number = 0;
  for (const auto& member : object->object) {
    const std::string_view written = object->written[number++];
    const auto column = by_name_.find(std::string_view(member.key()));
    if (column == by_name_.end() || member.value().is_null()) continue;
    row.fields[column->second] = cell_of(member.value(), written);
    row.absent[column->second] = false;
  }
  return true;
}

char first_letter(const std::string& path, const std::string& encoding) {
  const std::unique_ptr<TextSource> source = TextSource::open(path, encoding);
  std::string text;
  std::vector<LineEnd> ends;
  while (trim(text).empty() && source->fill(text, ends)) {
  }
  const std::string_view rest = trim(text);
  return rest.empty() ? '\0' : rest.front();
}

std::vector<std::string> keys_of_lines(const std::string& path, const std::string& encoding) {
  LineReader lines(path, encoding);
  std::vector<std::string> keys;
  std::set<std::string, std::less<>> known;
  std::string_view line;
  std::string why;
  for (bool cut = false; lines.next(line, cut);) {
    if (cut) continue;
    const auto object = object_of(line, why);  // a line that can't be read is told when it is its turn
    if (!object) continue;
    for (const auto& member : object->object) {
      if (known.find(std::string_view(member.key())) != known.end()) continue;
      keys.emplace_back(member.key());
      known.insert(keys.back());
    }
  }
  return keys;
}

}  // namespace kith::internal::facts
