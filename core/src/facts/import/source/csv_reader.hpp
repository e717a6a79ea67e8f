// CSV as RFC 4180 says, read row by row with the line and the byte offset of each, so that a reader can go on later.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/problem/limits.hpp"
#include "facts/import/source/row_reader.hpp"
#include "facts/import/source/text_source.hpp"

namespace kith::internal::facts {

class CsvReader : public RowReader {
 public:
  /// `delimiter`: one character, or "auto": the one of , ; TAB | that splits the first row best, where `expected` names
  /// the columns that it should find. A first line "sep=;", as spreadsheets write it, says it too and is no row.
  /// Throws file_unreadable, bad_value.
  CsvReader(const std::string& path, const std::string& encoding, const std::string& delimiter,
            const std::vector<std::string>& expected = {});

  bool next(CsvRow& row) override;
  std::int64_t line() const override { return line_; }
  std::int64_t offset() const override { return offset_; }
  std::int64_t total_bytes() const override { return source_->total_bytes(); }
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
  bool take_separator_line();
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
