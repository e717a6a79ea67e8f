#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "base/text/text.hpp"
#include "facts/import/source/csv_reader.hpp"
#include "facts/import/source/csv_writer.hpp"
#include "unit/facts/office.hpp"

namespace kith::internal::testing {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using facts::CsvReader;
using facts::CsvRow;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class CsvTest : public ::testing::Test {
 protected:
  std::string write(const std::string& text) {
    const std::string path = folder_.path() + "/data.csv";
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  std::vector<CsvRow> read(const std::string& text, const std::string& delimiter = ",") {
    CsvReader reader(write(text), "utf-8", delimiter);
    std::vector<CsvRow> rows;
    CsvRow row;
    while (reader.next(row)) rows.push_back(row);
    return rows;
  }
  TemporaryFolder folder_;
};

std::string data_folder() {
  const char* said = std::getenv("KITH_DATA");
  return said != nullptr ? said : std::string(KITH_SOURCE_DIR) + "/../shared/data";
}

TEST_F(CsvTest, ReadsTheElevenFilesOfCsvSpectrumExactly) {
  const fs::path folder = fs::path(data_folder()) / "csv-spectrum";
  if (!fs::exists(folder)) GTEST_SKIP() << "csv-spectrum is not at " << folder << "; set KITH_DATA";
  int files = 0;
  for (const auto& entry : fs::directory_iterator(folder / "csvs")) {
    CsvReader reader(entry.path().string(), "utf-8", ",");
    CsvRow header, row;
    ASSERT_TRUE(reader.next(header)) << entry.path();
    json::array rows;
    while (reader.next(row)) {
      ASSERT_FALSE(row.problem) << entry.path();
      ASSERT_EQ(row.fields.size(), header.fields.size()) << entry.path();
      json::object object;
      for (std::size_t i = 0; i < row.fields.size(); ++i) object[header.fields[i]] = row.fields[i];
      rows.push_back(object);
    }
    std::ifstream stream(folder / "json" / entry.path().stem().concat(".json"));
    const std::string expected((std::istreambuf_iterator<char>(stream)), {});
    EXPECT_EQ(json::value(rows), json::parse(expected)) << entry.path();
    ++files;
  }
  EXPECT_EQ(files, 11);
}

TEST_F(CsvTest, CountsLinesOfTheFileNotRows) {
  const auto rows = read("a,b\r\n1,\"x\ny\r\nz\"\r\n\r\n2,3");
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].line, 1);
  EXPECT_EQ(rows[1].line, 2);
  EXPECT_EQ(rows[2].line, 6);
  EXPECT_THAT(rows[1].fields, ElementsAre("1", "x\ny\r\nz"));
}

TEST_F(CsvTest, TellsTheByteAtWhichTheNextRowBegins) {
  const std::string text = "a,b\n1,\"\xC3\xA9\n\"\n2,3\n";
  CsvReader reader(write(text), "utf-8", ",");
  CsvRow row;
  EXPECT_EQ(reader.offset(), 0);
  reader.next(row);
  EXPECT_EQ(reader.offset(), 4);
  reader.next(row);
  EXPECT_EQ(reader.offset(), static_cast<std::int64_t>(text.find("2,3")));
  EXPECT_EQ(reader.line(), 4);
  reader.next(row);
  EXPECT_EQ(reader.offset(), static_cast<std::int64_t>(text.size()));
}

TEST_F(CsvTest, RefusesTextAfterAClosingQuoteAndGoesOn) {
  const auto rows = read("a,b\n\"1\"x,2\n3,4\n");
  ASSERT_EQ(rows.size(), 3U);
  ASSERT_TRUE(rows[1].problem);
  EXPECT_EQ(rows[1].problem->where.line, 2);
  EXPECT_EQ(rows[1].problem->where.column, 4);
  EXPECT_THAT(rows[1].fields, ElementsAre("\"1\"x", "2"));
  EXPECT_FALSE(rows[2].problem);
}

TEST_F(CsvTest, RefusesAQuoteInsideAPlainField) {
  const auto rows = read("a,b\n5\" pipe,2\n3,4\n");
  ASSERT_TRUE(rows[1].problem);
  EXPECT_EQ(rows[1].problem->where.column, 2);
  EXPECT_THAT(rows[1].fields, ElementsAre("5\" pipe", "2"));
}

TEST_F(CsvTest, LosesOnlyTheRowWhoseQuoteIsNeverClosed) {
  const auto rows = read("a,b\n1,\"two\n3,4\n5,6\n");
  ASSERT_EQ(rows.size(), 4U);
  ASSERT_TRUE(rows[1].problem);
  EXPECT_EQ(rows[1].problem->where.line, 2);
  EXPECT_EQ(rows[1].problem->where.column, 3);
  EXPECT_THAT(rows[2].fields, ElementsAre("3", "4"));
  EXPECT_EQ(rows[2].line, 3);
  EXPECT_EQ(rows[3].line, 4);
}

TEST_F(CsvTest, RefusesBytesThatAreNotUtf8) {
  const auto rows = read("a,b\n\xE9,2\n3,4\n");
  ASSERT_TRUE(rows[1].problem);
  EXPECT_THAT(rows[1].problem->fix, HasSubstr("encoding"));
  EXPECT_FALSE(rows[2].problem);
}

TEST_F(CsvTest, FindsTheDelimiter) {
  EXPECT_THAT(read("a;b\n1,5;2\n", "auto")[1].fields, ElementsAre("1,5", "2"));
  EXPECT_THAT(read("a\tb\n1\t2\n", "auto")[1].fields, ElementsAre("1", "2"));
  EXPECT_THAT(read("\"a,b,c\"|d\n1|2\n", "auto")[1].fields, ElementsAre("1", "2"));
  EXPECT_THAT(read("only\n1\n", "auto")[1].fields, ElementsAre("1"));
  CsvReader reader(write("a,b;c,d\n"), "utf-8", "auto", {"a,b", "c,d"});
  EXPECT_EQ(reader.delimiter(), ';');
}

TEST_F(CsvTest, RefusesADelimiterThatCanNotBeOne) {
  EXPECT_EQ(problem_of([&] { read("a\n", "::"); }), ProblemNumber::bad_value);
  EXPECT_EQ(problem_of([&] { CsvReader("/nowhere/at all.csv", "utf-8", ","); }), ProblemNumber::file_unreadable);
}

TEST_F(CsvTest, ReadsBackWhatItWrites) {
  std::mt19937 random(7);
  const std::string alphabet = "ab ,;\"\r\n\t|\xC3\xA9";
  for (int round = 0; round < 300; ++round) {
    std::vector<std::vector<std::string>> rows;
    std::string text;
    const std::size_t columns = 1 + random() % 4;
    for (std::size_t r = 0; r < 6; ++r) {
      std::vector<std::string> fields(columns);
      for (std::string& field : fields) {
        for (std::size_t n = random() % 7; n > 0; --n) {
          const std::size_t at = random() % (alphabet.size() - 1);
          if (alphabet[at] == '\xC3')
            field += "\xC3\xA9";
          else
            field += alphabet[at];
        }
      }
      facts::append_csv_row(text, fields, ',');
      rows.push_back(fields);
    }
    const auto found = read(text);
    ASSERT_EQ(found.size(), rows.size()) << text;
    for (std::size_t r = 0; r < rows.size(); ++r) {
      ASSERT_FALSE(found[r].problem) << text;
      ASSERT_EQ(found[r].fields, rows[r]) << text;
    }
  }
}

TEST_F(CsvTest, ReadsRowsAcrossThePiecesOfALargeFile) {
  std::string text = "n,text\n";
  for (int i = 0; i < 60'000; ++i) text += std::to_string(i) + ",\"line\r\n\"\"" + std::to_string(i) + "\"\"\"\r\n";
  CsvReader reader(write(text), "utf-8", ",");
  CsvRow row;
  reader.next(row);
  for (int i = 0; i < 60'000; ++i) {
    ASSERT_TRUE(reader.next(row));
    ASSERT_EQ(row.line, 2 + 2 * i);
    ASSERT_THAT(row.fields, ElementsAre(std::to_string(i), "line\r\n\"" + std::to_string(i) + "\""));
  }
  EXPECT_FALSE(reader.next(row));
  EXPECT_EQ(reader.offset(), static_cast<std::int64_t>(text.size()));
}

// What a text without an end costs: its row is refused, nothing of it is kept, and the next line is read.
TEST_F(CsvTest, PassesOverARowThatIsLargerThanItsLimits) {
  const std::size_t long_cell = most_of(Limit::csv_cell) + 1;
  const std::string cases[] = {
      std::string(20'000'000, 'x'),                        // a cell
      "\"" + std::string(20'000'000, 'x'),                 // a quote that is never closed
      "\"a\" " + std::string(long_cell, 'x'),              // text behind a quote
      std::string(most_of(Limit::csv_columns) + 10, ','),  // columns
  };
  for (const std::string& text : cases) {
    const std::vector<CsvRow> rows = read("a,b\n1,2\n" + text + "\n3,4\n");
    ASSERT_EQ(rows.size(), 4U) << text.substr(0, 20);
    ASSERT_TRUE(rows[2].problem);
    EXPECT_THAT(rows[2].problem->message, HasSubstr("limit \"csv_c")) << text.substr(0, 20);
    EXPECT_THAT(rows[2].problem->message, HasSubstr("line 3"));
    std::size_t kept = 0;
    for (const std::string& field : rows[2].fields) kept += field.size();
    EXPECT_LT(kept, 10'000U);
    EXPECT_THAT(rows[3].fields, ElementsAre("3", "4"));
    EXPECT_EQ(rows[3].line, 4);
  }
}

TEST_F(CsvTest, ShowsTheBeginningOfACellThatIsTooLongInWholeCharacters) {
  for (const std::string begin : {"", "x", "xx"}) {
    std::string cell = begin;
    while (cell.size() <= most_of(Limit::csv_cell)) cell += "\xE5\xBC\xA0";
    const std::vector<CsvRow> rows = read("a,b\n" + cell + ",2\n");
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_TRUE(is_utf8(rows[1].fields.front()));
    EXPECT_THAT(rows[1].fields.front(), ::testing::EndsWith("\xBC\xA0..."));
  }
}

TEST_F(CsvTest, PassesOverARowOfManyCellsThatIsTooLong) {
  std::string wide;
  for (std::size_t length = 0; length <= most_of(Limit::csv_row); length += 100'001)
    wide += std::string(100'000, 'x') + ",";
  const std::vector<CsvRow> rows = read("a,b\n" + wide + "\n3,4\n");
  ASSERT_EQ(rows.size(), 3U);
  ASSERT_TRUE(rows[1].problem);
  EXPECT_THAT(rows[1].problem->message, HasSubstr("limit \"csv_row\""));
  EXPECT_THAT(rows[2].fields, ElementsAre("3", "4"));
}

TEST_F(CsvTest, GoesOnAtTheRightPlaceBehindARowThatIsTooLarge) {
  const std::string text = "a,b\n" + std::string(3'000'000, 'x') + "\n3,4\n5,6\n";
  CsvReader reader(write(text), "utf-8", ",");
  CsvRow row;
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(reader.next(row));
  EXPECT_EQ(reader.offset(), static_cast<std::int64_t>(text.size() - 4));
  EXPECT_EQ(reader.line(), 4);
}

TEST_F(CsvTest, RefusesAPipeInsteadOfWaitingForItsWriter) {
  const std::string path = folder_.path() + "/pipe.csv";
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_THROW(CsvReader(path, "utf-8", ","), Error);
}

}  // namespace
}  // namespace kith::internal::testing
