#include <unicode/ucnv.h>

#include <fstream>

#include "facts/import/source/csv_reader.hpp"
#include "unit/facts/office.hpp"

namespace kith::internal::testing {
namespace {

using facts::CsvReader;
using facts::CsvRow;
using ::testing::ElementsAre;

const std::string kText =
    "name,city\r\n\xE6\x9D\x8E\xE5\xA8\x9C,\"\xE4\xB8\x8A\xE6\xB5\xB7\n\xF0\x9F\x98\x80\"\r\n\xE5\xBC\xA0,"
    "\xE5\x8C\x97\xE4\xBA\xAC\r\n";

std::string encode(const std::string& utf8, const char* encoding) {
  UErrorCode status = U_ZERO_ERROR;
  std::string bytes(utf8.size() * 4 + 16, '\0');
  const std::int32_t length = ucnv_convert(encoding, "UTF-8", bytes.data(), static_cast<std::int32_t>(bytes.size()),
                                           utf8.data(), static_cast<std::int32_t>(utf8.size()), &status);
  EXPECT_TRUE(U_SUCCESS(status));
  bytes.resize(static_cast<std::size_t>(length));
  return bytes;
}

class EncodingsTest : public ::testing::Test {
 protected:
  std::string write(const std::string& bytes) {
    const std::string path = folder_.path() + "/data.csv";
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }
  void expect_the_text(const std::string& bytes, const std::string& encoding) {
    CsvReader reader(write(bytes), encoding, ",");
    CsvRow row;
    ASSERT_TRUE(reader.next(row));
    EXPECT_THAT(row.fields, ElementsAre("name", "city"));
    ASSERT_TRUE(reader.next(row));
    EXPECT_FALSE(row.problem);
    EXPECT_THAT(row.fields, ElementsAre("\xE6\x9D\x8E\xE5\xA8\x9C", "\xE4\xB8\x8A\xE6\xB5\xB7\n\xF0\x9F\x98\x80"));
    ASSERT_TRUE(reader.next(row));
    EXPECT_EQ(row.line, 4);
    EXPECT_FALSE(reader.next(row));
    EXPECT_EQ(reader.offset(), static_cast<std::int64_t>(bytes.size()));
  }
  TemporaryFolder folder_;
};

TEST_F(EncodingsTest, Utf8WithAndWithoutMark) {
  expect_the_text(kText, "utf-8");
  expect_the_text("\xEF\xBB\xBF" + kText, "utf-8");
}

TEST_F(EncodingsTest, Gb18030) { expect_the_text(encode(kText, "gb18030"), "gb18030"); }

TEST_F(EncodingsTest, Utf16InBothOrdersAndByItsMark) {
  expect_the_text(encode("\xEF\xBB\xBF" + kText, "UTF-16LE"), "utf-16");
  expect_the_text(encode("\xEF\xBB\xBF" + kText, "UTF-16BE"), "utf-16");
  expect_the_text(encode(kText, "UTF-16LE"), "utf-16le");
  expect_the_text(encode("\xEF\xBB\xBF" + kText, "UTF-16LE"), "utf-8");
}

TEST_F(EncodingsTest, Latin1) {
  CsvReader reader(write("a\n\xE9t\xE9\n"), "latin1", ",");
  CsvRow row;
  reader.next(row);
  reader.next(row);
  EXPECT_THAT(row.fields, ElementsAre("\xC3\xA9t\xC3\xA9"));
  EXPECT_EQ(reader.offset(), 6);
}

TEST_F(EncodingsTest, AUtf8MarkWinsOverTheEncodingThatIsSaid) { expect_the_text("\xEF\xBB\xBF" + kText, "gb18030"); }

TEST_F(EncodingsTest, BytesThatAreNoCharacterAreARowsProblem) {
  CsvReader reader(write("a,b\n1,\xFF\xFF\n2,3\n"), "gb18030", ",");
  CsvRow row;
  reader.next(row);
  ASSERT_TRUE(reader.next(row));
  EXPECT_TRUE(row.problem);
  ASSERT_TRUE(reader.next(row));
  EXPECT_FALSE(row.problem);
  EXPECT_THAT(row.fields, ElementsAre("2", "3"));
}

TEST_F(EncodingsTest, KeepsOffsetsOfLinesOverALargeFile) {
  std::string text = "n,name\n";
  for (int i = 0; i < 40'000; ++i) text += std::to_string(i) + ",\xE5\xBC\xA0\xF0\x9F\x98\x80\n";
  const std::string bytes = encode(text, "gb18030");
  CsvReader reader(write(bytes), "gb18030", ",");
  CsvRow row;
  int count = 0;
  while (reader.next(row)) {
    ASSERT_FALSE(row.problem);
    ASSERT_TRUE(reader.offset() == static_cast<std::int64_t>(bytes.size()) ||
                bytes[static_cast<std::size_t>(reader.offset()) - 1] == '\n');
    ++count;
  }
  EXPECT_EQ(count, 40'001);
}

TEST_F(EncodingsTest, AnUnknownOneIsRefused) {
  EXPECT_EQ(problem_of([&] { CsvReader(write("a\n"), "klingon-8", ","); }), ProblemNumber::bad_value);
}

}  // namespace
}  // namespace kith::internal::testing
