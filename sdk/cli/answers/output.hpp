// The forms of a result: a table by display width, JSON's envelope, JSON Lines, CSV.
#pragma once
#include <boost/json.hpp>
#include <iosfwd>
#include <string>
#include <vector>

namespace kith::cli {

enum class Format { table, json, jsonl, csv };

struct Column {
  std::string id;      ///< stable; the table shows it in capitals
  bool money = false;  ///< csv adds <id>_currency
  bool right = false;  ///< numbers stand at the right in a table
};
/// Values as in documents: text, numbers, bools, null, money as {"amount","currency"}, lists.
struct Table {
  std::vector<Column> columns;
  std::vector<boost::json::array> rows;
};
/// What a command found.
struct Result {
  boost::json::object data;  ///< of the JSON envelope
  Table table;               ///< for csv, jsonl, and table when there is no text
  std::string text;          ///< for people, instead of the table
  boost::json::array problems;
  int exit = 0;
};

/// A value for people: "12.50 EUR", "true", "" for null.
std::string cell_text(const boost::json::value& value);
/// Points and other decimals without a needless tail: 12, 12.5, 0.125
std::string number_text(double value);
/// 1234567 as "1,234,567"
std::string grouped(std::int64_t number);

/// Only the named columns ("a,b"), in that order; a usage Failure names the nearest for a wrong one.
Table chosen_columns(const Table& table, const std::string& list);

void write_table(std::ostream& out, const Table& table, bool header);
void write_result(std::ostream& out, const std::string& command, const Result& result, Format format, bool header,
                  bool table_wanted);

/// Rows as they come: csv and jsonl are written at once, a table at the end.
class RowStream {
 public:
  RowStream(std::vector<Column> columns, std::ostream& out, Format format, bool header);
  void add(boost::json::array row);
  void end();                            ///< writes what is still kept
  void write_nulls() { nulls_ = true; }  ///< jsonl: each line has every column, so that a reader knows them all
  Table& kept() { return kept_; }

 private:
  Table kept_;
  std::ostream& out_;
  Format format_;
  bool header_, nulls_ = false;
};

/// One field of a CSV line (RFC 4180). Text that a spreadsheet would run as a formula gets a leading apostrophe.
std::string csv_field(const std::string& text, bool may_be_formula);

}  // namespace kith::cli
