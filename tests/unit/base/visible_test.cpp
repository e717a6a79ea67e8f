#include "base/text/visible.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/problem/excerpt.hpp"
#include "base/problem/limits.hpp"

namespace kith::internal {
namespace {

using ::testing::HasSubstr;

TEST(VisibleTest, LeavesWordsOfAllLanguagesAsTheyAre) {
  for (const char* text : {"", "Ada Li <ada@example.com>", "李娜, Grüße", "क्षि", "👩‍💻"})
    EXPECT_EQ(visible(text), text);
}

TEST(VisibleTest, WritesControlCharactersAsEscapes) {
  EXPECT_EQ(visible("a\nb\r\tc"), "a\\nb\\r\\tc");
  EXPECT_EQ(visible("\x1b[31mred\x7f"), "\\u001b[31mred\\u007f");
  EXPECT_EQ(visible(std::string_view("nul\0", 4)), "nul\\u0000");
  EXPECT_EQ(visible("csi\xC2\x9b"), "csi\\u009b");  // C1: one byte does what ESC [ does
}

TEST(VisibleTest, WritesWhatTurnsOrHidesTextAsEscapes) {
  EXPECT_EQ(visible("a\u202eb\u2066c\u200fd"), "a\\u202eb\\u2066c\\u200fd");
  EXPECT_EQ(visible("line\u2028line\ufeff"), "line\\u2028line\\ufeff");
  EXPECT_EQ(visible("tag\U000E0041"), "tag\\U000e0041");
}

TEST(VisibleTest, WritesBytesThatAreNoTextAsEscapes) {
  EXPECT_EQ(visible("a\xff\xfe"), "a\\xff\\xfe");
  EXPECT_EQ(visible("cut \xE6\x9D"), "cut \\xe6\\x9d");
  EXPECT_EQ(visible("overlong \xC0\x8A"), "overlong \\xc0\\x8a");
}

TEST(VisibleTest, KeepsColumnsWhereACaretStandsBelow) {
  EXPECT_EQ(visible_in_place("a\x1b\tb\u202e"), "a\u241b\tb\ufffd");
  EXPECT_EQ(caret_excerpt("x\x1b[2Jy == z", 5), "x\u241b[2Jy == z\n     ^");
}

TEST(VisibleTest, IsDoneToEveryPartOfAProblem) {
  Problem problem;
  problem.message = "said \x1b[2J\nerror KITH-9001";
  problem.where.file = "a\x1b.json";
  problem.field = "f\n";
  problem.excerpt = "e\x1b\n^";
  problem.expected = "x\n";
  problem.found = "y\x1b";
  problem.fix = "z\r";
  problem.notes = {"first  n\x1b"};
  const std::string text = format_problem(problem);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\r'), std::string::npos);
  EXPECT_THAT(text, HasSubstr("said \\u001b[2J\\nerror KITH-9001\n  at"));
}

TEST(VisibleTest, CutsATextThatNobodyReads) {
  Problem problem;
  problem.message = std::string(1'000'000, 'x');
  EXPECT_LT(format_problem(problem).size(), 10'000U);
  EXPECT_THAT(format_problem(problem), HasSubstr("... (1000000 bytes)"));
}

TEST(LimitsTest, AreNamedWithWhatIsAllowedAndWhatWasFound) {
  EXPECT_NO_THROW(check_limit(Limit::external_id, most_of(Limit::external_id)));
  try {
    check_limit(Limit::external_id, 100'000, " of \"shop\"");
    FAIL() << "beyond the limit and taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.number(), ProblemNumber::value_invalid);
    EXPECT_EQ(error.first().message,
              "an external id of \"shop\" is too large: at most 512 bytes (limit \"external_id\")");
    EXPECT_EQ(error.first().found, "100,000 bytes");
    EXPECT_FALSE(error.first().fix.empty());
  }
}

TEST(LimitsTest, SayWhatIsTooLargeAndWhatToDo) {
  for (const LimitFacts& facts : kLimits) {
    EXPECT_GT(facts.most, 0U) << facts.name;
    EXPECT_FALSE(facts.what.empty() || facts.unit.empty() || facts.fix.empty()) << facts.name;
  }
}

}  // namespace
}  // namespace kith::internal
