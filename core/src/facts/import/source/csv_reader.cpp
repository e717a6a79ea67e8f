#include "facts/import/source/csv_reader.hpp"

#include <algorithm>

#include "base/text/text.hpp"

namespace kith::internal::facts {

namespace {

constexpr std::size_t kLongestCell = most_of(Limit::csv_cell);
/// Of a cell that is too long, so much is shown where its row is refused.
constexpr std::size_t kShown = 1'000;
/// The consumed part of the text is let go when it is longer than this.
constexpr std::size_t kKeep = 256 * 1024;
constexpr std::string_view kDelimiters = ",;\t|";
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  ///< U+FFFD

char delimiter_of(const std::string& said) {
  if (said == "auto" || said.empty()) return '\0';
  if (said == "\\t" || said == "tab") return '\t';
  const bool usable = said.size() == 1 && said[0] != '"' && said[0] != '\n' && said[0] != '\r' &&
                      static_cast<unsigned char>(said[0]) < 0x80;
  if (usable) return said[0];
  throw Error(ProblemNumber::bad_value, "'" + said + "' can't be a delimiter",
              "say one ASCII character, \"tab\" or \"auto\"");
}

}  // namespace

/// Where a scan of one row is.
struct CsvReader::Scan {
  std::size_t at = 0;          ///< in text_
  std::size_t line_start = 0;  ///< of the present line
  std::int64_t lines = 0;      ///< line ends passed
  bool over = false;           ///< the row was given up, and its line is passed
};

CsvReader::CsvReader(const std::string& path, const std::string& encoding, const std::string& delimiter,
                     const std::vector<std::string>& expected)
    : path_(path), source_(TextSource::open(path, encoding)), delimiter_(delimiter_of(delimiter)) {
  const bool said = delimiter_ != '\0';
  if (!take_separator_line() && !said) choose_delimiter(expected);
}

/// Whether the first line is "sep=;" and says the delimiter; one that the mapping says comes first.
bool CsvReader::take_separator_line() {
  constexpr std::string_view kSays = "sep=";
  if (!has(kSays.size()) || lower_ascii(std::string_view(text_).substr(0, kSays.size())) != kSays) return false;
  const std::size_t end = kSays.size() + 1;
  if (at_line_end(kSays.size()) || (has(end) && !at_line_end(end))) return false;
  if (delimiter_ == '\0') delimiter_ = delimiter_of(text_.substr(kSays.size(), 1));
  consume(has(end) ? past_line_end(end) : end, 1);
  return true;
}

bool CsvReader::has(std::size_t position) {
  while (position >= text_.size() && !at_end_) at_end_ = !source_->fill(text_, ends_);
  return position < text_.size();
}

bool CsvReader::at_line_end(std::size_t position) {
  return has(position) && (text_[position] == '\n' || text_[position] == '\r');
}

std::size_t CsvReader::past_line_end(std::size_t position) {
  if (text_[position] == '\r' && has(position + 1) && text_[position + 1] == '\n') return position + 2;
  return position + 1;
}

void CsvReader::consume(std::size_t end, std::int64_t lines) {
  // The end of a row is the end of a line or of the file, so that its place in the file is known.
  const auto at = std::lower_bound(ends_.begin(), ends_.end(), end,
                                   [](const LineEnd& known, std::size_t wanted) { return known.text < wanted; });
  offset_ = at != ends_.end() && at->text == end ? at->file : source_->total_bytes();
  position_ = end;
  line_ += lines;
  if (position_ < kKeep) return;
  text_.erase(0, position_);
  ends_.erase(ends_.begin(),
              std::upper_bound(ends_.begin(), ends_.end(), position_,
                               [](std::size_t wanted, const LineEnd& known) { return wanted < known.text; }));
  for (LineEnd& known : ends_) known.text -= position_;
  position_ = 0;
}

bool CsvReader::skip_blank_lines() {
  while (at_line_end(position_)) consume(past_line_end(position_), 1);
  return has(position_);
}

void CsvReader::note_problem(Scan& scan, CsvRow& row, std::size_t position, std::int64_t line, std::string message,
                             std::string fix) {
  if (row.problem) return;
  Problem problem;
  problem.number = ProblemNumber::csv_invalid;
  problem.where.file = path_;
  problem.where.line = static_cast<int>(line);
  const std::size_t start = std::min(scan.line_start, position);
  problem.where.column = static_cast<int>(code_points(std::string_view(text_).substr(start, position - start))) + 1;
  problem.message =
      std::move(message) + " (line " + std::to_string(line) + ", column " + std::to_string(problem.where.column) + ")";
  problem.fix = std::move(fix);
  row.problem = std::move(problem);
}

/// The row is larger than a limit: it is refused, and the rest of its line is passed over without being kept.
void CsvReader::give_up_row(Scan& scan, CsvRow& row, Limit limit, std::size_t from) {
  const std::string_view cell = std::string_view(text_).substr(from, scan.at - from);
  row.fields.push_back(std::string(beginning(cell, kShown)) + "...");
  const Problem problem = limit_problem(limit, "more");
  row.problem.reset();  // whatever else is wrong with it, this comes first
  note_problem(scan, row, from, line_ + scan.lines, problem.message, problem.fix);
  scan.over = true;
  while (true) {
    const std::size_t end = text_.find_first_of("\r\n", scan.at);
    if (end != std::string::npos) {
      scan.at = end;
      return;
    }
    text_.resize(position_);
    ends_.erase(std::find_if(ends_.begin(), ends_.end(), [&](const LineEnd& known) { return known.text > position_; }),
                ends_.end());
    dropped_ = true;
    scan.at = position_;
    if (!has(position_)) return;
  }
}

/// The quote at `opened` is never closed. The row ends with the line on which it was opened; the next line is a row
/// again.
void CsvReader::give_up_quote(Scan& scan, CsvRow& row, std::size_t opened, std::int64_t opened_line) {
  if (at_end_ && text_.size() - opened <= kLongestCell) {
    note_problem(scan, row, opened, opened_line, "a quote is opened and not closed",
                 "close it, or double it if it is part of the text");
  } else {
    const Problem problem = limit_problem(Limit::csv_cell, "more");
    note_problem(scan, row, opened, opened_line, "a quote is opened and not closed, or " + problem.message,
                 "close it, double it if it is part of the text, or shorten the cell");
  }
  std::size_t end = opened;
  while (end - opened <= kLongestCell && has(end) && !at_line_end(end)) ++end;
  if (end - opened > kLongestCell) {
    scan.at = end;
    scan.lines = opened_line - line_;
    return give_up_row(scan, row, Limit::csv_cell, opened);
  }
  row.fields.push_back(text_.substr(opened, end - opened));
  scan.at = end;
  scan.lines = opened_line - line_;
}

void CsvReader::scan_quoted(Scan& scan, CsvRow& row) {
  const std::size_t opened = scan.at, opened_start = scan.line_start;
  const std::int64_t opened_line = line_ + scan.lines;
  std::string field;
  std::size_t at = opened + 1;
  while (true) {
    if (!has(at) || at - opened > kLongestCell) {
      scan.line_start = opened_start;
      return give_up_quote(scan, row, opened, opened_line);
    }
    const char c = text_[at];
    if (c == '"') {
      if (!has(at + 1) || text_[at + 1] != '"') break;
      field += '"';
      at += 2;
      continue;
    }
    if (c == '\n' || (c == '\r' && !(has(at + 1) && text_[at + 1] == '\n'))) {
      ++scan.lines;
      scan.line_start = at + 1;
    }
    field += c;
    ++at;
  }
  ++at;
  scan.at = at;
  if (!has(at) || text_[at] == delimiter_ || at_line_end(at)) {
    row.fields.push_back(std::move(field));
    return;
  }
  note_problem(scan, row, at, line_ + scan.lines, "text follows a closing quote",
               "double a quote that is part of the text");
  while (at - opened <= kLongestCell && has(at) && text_[at] != delimiter_ && !at_line_end(at)) ++at;
  scan.at = at;
  if (at - opened > kLongestCell) return give_up_row(scan, row, Limit::csv_cell, opened);
  row.fields.push_back(text_.substr(opened, at - opened));
}

void CsvReader::scan_plain(Scan& scan, CsvRow& row) {
  const std::size_t begin = scan.at;
  std::size_t at = begin;
  std::size_t quote = std::string::npos;
  while (at - begin <= kLongestCell && has(at) && text_[at] != delimiter_ && text_[at] != '\n' && text_[at] != '\r') {
    if (text_[at] == '"' && quote == std::string::npos) quote = at;
    ++at;
  }
  if (at - begin > kLongestCell) {
    scan.at = at;
    return give_up_row(scan, row, Limit::csv_cell, begin);
  }
  if (quote != std::string::npos) {
    note_problem(scan, row, quote, line_ + scan.lines, "a quote stands inside a field that is not quoted",
                 "put the whole field into quotes, and double the quotes inside");
  }
  row.fields.push_back(text_.substr(begin, at - begin));
  scan.at = at;
}

void CsvReader::scan_field(Scan& scan, CsvRow& row) {
  if (has(scan.at) && text_[scan.at] == '"')
    scan_quoted(scan, row);
  else
    scan_plain(scan, row);
}

/// Returns the end of the row, its line end included.
std::size_t CsvReader::scan_row(CsvRow& row, std::int64_t& lines) {
  row.fields.clear();
  row.problem.reset();
  row.absent.clear();
  row.line = line_;
  Scan scan;
  scan.at = scan.line_start = position_;
  while (true) {
    scan_field(scan, row);
    if (scan.over || !has(scan.at) || text_[scan.at] != delimiter_) break;
    ++scan.at;
    const bool many = row.fields.size() >= most_of(Limit::csv_columns);
    if (!many && scan.at - position_ <= most_of(Limit::csv_row)) continue;
    give_up_row(scan, row, many ? Limit::csv_columns : Limit::csv_row, scan.at);
    break;
  }
  const std::string_view whole = std::string_view(text_).substr(position_, scan.over ? 0 : scan.at - position_);
  if (source_->is_utf8() ? !is_utf8(whole) : whole.find(kReplacement) != std::string_view::npos) {
    Scan at_start = scan;
    at_start.line_start = position_;
    note_problem(at_start, row, position_, line_, "the row has bytes that are not " + source_->encoding(),
                 "say the file's encoding in the mapping: input.encoding");
  }
  std::size_t end = scan.at;
  if (at_line_end(end)) {
    end = past_line_end(end);
    ++scan.lines;
  }
  lines = scan.lines;
  return end;
}

bool CsvReader::next(CsvRow& row) {
  if (!skip_blank_lines()) return false;
  std::int64_t lines = 0;
  const std::size_t end = scan_row(row, lines);
  consume(end, lines);
  return true;
}

void CsvReader::choose_delimiter(const std::vector<std::string>& expected) {
  delimiter_ = ',';
  if (!skip_blank_lines()) return;
  std::size_t best = 0;
  char chosen = ',';
  for (const char candidate : kDelimiters) {
    delimiter_ = candidate;
    CsvRow row;
    std::int64_t lines = 0;
    scan_row(row, lines);
    if (dropped_) throw Error(*row.problem);  // it can't be read a second time
    std::size_t known = 0;
    for (const std::string& field : row.fields) {
      if (std::find(expected.begin(), expected.end(), field) != expected.end()) ++known;
    }
    const std::size_t score = row.problem ? 0 : known * 1000 + row.fields.size();
    if (score > best) {
      best = score;
      chosen = candidate;
    }
  }
  delimiter_ = chosen;
}

}  // namespace kith::internal::facts
