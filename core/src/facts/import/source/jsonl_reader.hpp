// JSON Lines: one object a line, read as rows over columns, so that one mapping serves a CSV and a JSON Lines export.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "facts/import/source/row_reader.hpp"
#include "facts/import/source/text_source.hpp"

namespace kith::internal::facts {

/// Lines that end with LF, without it.
class LineReader {
 public:
  LineReader(const std::string& path, const std::string& encoding) : source_(TextSource::open(path, encoding)) {}
  /// False at the end. `line` is valid until the next call; of one that is longer than a row may be, `cut` is true and
  /// only its beginning is there.
  bool next(std::string_view& line, bool& cut);
  std::int64_t number() const { return number_; }  ///< of the next line, from 1
  std::int64_t offset() const { return offset_; }  ///< of its first byte
  const TextSource& source() const { return *source_; }

 private:
  void let_go();
  std::unique_ptr<TextSource> source_;
  std::string text_;
  std::vector<LineEnd> ends_;
  std::size_t position_ = 0;  ///< of the next line in text_
  std::int64_t number_ = 1, offset_ = 0;
  bool at_end_ = false;
};

/// A text is the cell; a number, a boolean, a list or an object is its JSON; money is "12.50 EUR"; null and a key that
/// the line lacks are absent. A key that is no column is passed over.
class JsonlReader : public RowReader {
 public:
  JsonlReader(const std::string& path, const std::string& encoding, const std::vector<std::string>& columns);
  bool next(CsvRow& row) override;
  std::int64_t line() const override { return lines_.number(); }
  std::int64_t offset() const override { return lines_.offset(); }
  std::int64_t total_bytes() const override { return lines_.source().total_bytes(); }

 private:
  std::string path_;
  std::size_t width_;
  std::map<std::string, std::size_t, std::less<>> by_name_;  ///< columns
  LineReader lines_;
};

/// The first byte of the file's text that is no blank; NUL: there is none.
char first_letter(const std::string& path, const std::string& encoding);
/// The keys of all lines, in the order in which they first come: the whole file is looked through.
std::vector<std::string> keys_of_lines(const std::string& path, const std::string& encoding);

}  // namespace kith::internal::facts
