// CSV as RFC 4180 says, read row by row with the line and the byte offset of each, so that a reader can go on later.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/problem/limits.hpp"
#include "facts/import/source/text_source.hpp"

namespace kith::internal::facts {

struct CsvRow {
  /// UTF-8; of a row with a problem: its text as it stands, as far as fields can be told
  std::vector<std::string> fields;
  std::int64_t line = 0;           ///< on which it begins, from 1
  std::optional<Problem> problem;  ///< it can't be read: a quote error, bytes that aren't text
};

class CsvReader {
 public:
  /// `delimiter`: one character, or "auto": the one of , ; TAB | that splits the first row best, where `expected` names
  /// the columns that it should find. Throws file_unreadable, bad_value.
  CsvReader(const std::string& path, const std::string& encoding, const std::string& delimiter,
            const std::vector<std::string>& expected = {});

  /// False at the end. Blank lines are passed over.
  bool next(CsvRow& row);
  std::int64_t line() const { return line_; }      ///< on which the next row begins
  std::int64_t offset() const { return offset_; }  ///< of its first byte
  std::int64_t total_bytes() const { return source_->total_bytes(); }
  char delimiter() const { return delimiter_; }

 private:
  struct Scan;
  bool has(std::size_t position);
  bool at_line_end(std::size_t position);
  std::size_t past_line_end(std::size_t position);
  bool skip_blank_lines();
  void scan_field(Scan& scan, CsvRow& row);
  void scan_quoted(Scan& scan, CsvRow& row);
  void scan_plain(Scan& scan, CsvRow& row);
  void give_up_row(Scan& scan, CsvRow& row, Limit limit, std::size_t from);
  void give_up_quote(Scan& scan, CsvRow& row, std::size_t opened, std::int64_t opened_line);
  void note_problem(Scan& scan, CsvRow& row, std::size_t position, std::int64_t line, std::string message,
                    std::string fix);
  std::size_t scan_row(CsvRow& row, std::int64_t& lines);
  void consume(std::size_t end, std::int64_t lines);
  void choose_delimiter(const std::vector<std::string>& expected);

  std::string path_;
  std::unique_ptr<TextSource> source_;
  char delimiter_ = ',';
  std::string text_;           ///< decoded, from the start of the present row or before
  std::vector<LineEnd> ends_;  ///< in text_
  std::size_t position_ = 0;   ///< of the next row in text_
  bool at_end_ = false;
  bool dropped_ = false;  ///< text of a row that is too large was let go
  std::int64_t line_ = 1, offset_ = 0;
};

}  // namespace kith::internal::facts
