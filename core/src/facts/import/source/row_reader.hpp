// Rows of a file, whatever its form, each with its line and the byte where the next begins.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/problem/error.hpp"

namespace kith::internal::facts {

struct CsvRow {
  /// UTF-8; of a row with a problem: its text as it stands, as far as fields can be told
  std::vector<std::string> fields;
  std::vector<bool> absent;        ///< JSON Lines: which fields have no value, rather than an empty text; else empty
  std::int64_t line = 0;           ///< on which it begins, from 1
  std::optional<Problem> problem;  ///< it can't be read: a quote error, bytes that aren't text
};

class RowReader {
 public:
  virtual ~RowReader() = default;
  /// False at the end. Blank lines are passed over.
  virtual bool next(CsvRow& row) = 0;
  virtual std::int64_t line() const = 0;    ///< on which the next row begins
  virtual std::int64_t offset() const = 0;  ///< of its first byte
  virtual std::int64_t total_bytes() const = 0;
};

}  // namespace kith::internal::facts
