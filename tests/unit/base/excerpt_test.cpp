#include "base/problem/excerpt.hpp"

#include <gtest/gtest.h>

namespace kith::internal {
namespace {

TEST(PlaceOfOffsetTest, CountsLinesAndCodePointsFromOne) {
  const std::string text =
      "ab\n\xC3\xBC"
      "c\r\nd";
  EXPECT_EQ(place_of_offset(text, 0).text(), "1:1");
  EXPECT_EQ(place_of_offset(text, 2).text(), "1:3");
  EXPECT_EQ(place_of_offset(text, 3).text(), "2:1");
  EXPECT_EQ(place_of_offset(text, 4).text(), "2:1");  // inside of the u with two dots
  EXPECT_EQ(place_of_offset(text, 5).text(), "2:2");
  EXPECT_EQ(place_of_offset(text, 8, "f").text(), "f:3:1");
  EXPECT_EQ(place_of_offset(text, 999).text(), "3:2");
}

TEST(CaretExcerptTest, UnderlinesAsManyColumnsAsAreWrong) {
  EXPECT_EQ(caret_excerpt("one\ntwo three\nfour", 8, 5), "two three\n    ^~~~~");
  EXPECT_EQ(caret_excerpt("abc", 3), "abc\n   ^");
  EXPECT_EQ(caret_excerpt("abc\r\ndef", 1, 99), "abc\n ^~");
  EXPECT_EQ(caret_excerpt("", 0), "\n^");
}

TEST(CaretExcerptTest, StandsRightBehindTabsAndWideCharacters) {
  EXPECT_EQ(caret_excerpt("\tx", 1), "\tx\n\t^");
  EXPECT_EQ(caret_excerpt("\xE5\xAE\xA2\xE4\xBA\xBAx", 6), "\xE5\xAE\xA2\xE4\xBA\xBAx\n    ^");
  EXPECT_EQ(caret_excerpt("\xE5\xAE\xA2\xE4\xBA\xBAx", 0, 6), "\xE5\xAE\xA2\xE4\xBA\xBAx\n^~~~");
}

TEST(CaretExcerptTest, CutsLongLinesAroundTheMistake) {
  const std::string text = std::string(200, 'a') + "!" + std::string(200, 'b');
  const std::string excerpt = caret_excerpt(text, 200);
  EXPECT_EQ(excerpt.substr(0, 6), "... aa");
  const std::size_t line_end = excerpt.find('\n');
  EXPECT_LT(line_end, 120U);
  EXPECT_EQ(excerpt.find('!'), excerpt.find('^') - line_end - 1);
}

}  // namespace
}  // namespace kith::internal
