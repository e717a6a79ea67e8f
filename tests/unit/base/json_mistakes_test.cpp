// What a person who writes JSON by hand gets wrong, and what they are told.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "base/json/json_document.hpp"

namespace kith::internal {
namespace {

Problem mistake(const std::string& text) {
  try {
    static_cast<void>(JsonDocument::parse(text, "f.json"));
  } catch (const Error& error) {
    return error.first();
  }
  ADD_FAILURE() << text << " was taken";
  return {};
}

void expect_told(const std::string& text, const std::string& place, const std::string& advice) {
  const Problem problem = mistake(text);
  EXPECT_EQ(problem.number, ProblemNumber::json_syntax) << text;
  EXPECT_EQ(problem.where.text(), "f.json:" + place) << text;
  EXPECT_NE((problem.message + problem.fix).find(advice), std::string::npos) << text << "\n" << format_problem(problem);
  EXPECT_FALSE(problem.fix.empty()) << text;
}

TEST(JsonMistakeTest, IsExplainedWhereItStands) {
  expect_told("{\n  \"a\": 1,\n}", "2:9", "take out this comma");
  expect_told("[1, 2,]", "1:6", "take out this comma");
  expect_told("{\n  \"a\": 1\n  \"b\": 2\n}", "3:3", "write a comma");
  expect_told("{ a: 1 }", "1:3", "write the key in double quotes: \"a\"");
  expect_told("{ 'a': 1 }", "1:3", "double quotes");
  expect_told("{ \"a\": 'x' }", "1:8", "double quotes");
  expect_told("{ \"a\" 1 }", "1:7", "key has no value");
  expect_told("{ \"a\": }", "1:8", "write the value");
  expect_told("[1, , 2]", "1:5", "comma too many");
  expect_told("// note\n{}", "1:1", "no comments");
  expect_told("{} // note", "1:4", "behind the end");
  expect_told("{ \"a\": 1 // note\n}", "1:10", "no comments");
  expect_told("[True]", "1:2", "true, false and null");
  expect_told("[NaN]", "1:2", "no such number");
  expect_told("[2026-11-22]", "1:2", "double quotes");
  expect_told("[30d]", "1:2", "double quotes");
  expect_told("[01]", "1:2", "leading zeros");
  expect_told("[.5]", "1:2", "begin with a digit");
  expect_told("[+5]", "1:2", "begin with a digit");
  expect_told("[5.]", "1:2", "behind the point");
  expect_told("[1e]", "1:2", "behind the e");
  expect_told("[-]", "1:2", "digits after the minus");
  expect_told("[1e999]", "1:2", "too large");
  expect_told("[\"a\nb\"]", "1:2", "closing quote");
  expect_told("[\"a\tb\"]", "1:4", "control character");
  expect_told("[\"a", "1:2", "closing quote");
  expect_told("[\"\\x\"]", "1:3", "backslash itself");
  expect_told("[\"\\u12\"]", "1:3", "four of 0-9 a-f");
  expect_told("[\"\\u0000\"]", "1:3", "U+0000");
  expect_told("[\"\\ud83d\"]", "1:3", "surrogate");
  expect_told("[\"\\ude00\"]", "1:3", "surrogate");
  expect_told(
      "[\xE2\x80\x9C"
      "a\xE2\x80\x9D]",
      "1:2", "straight double quotes");
  expect_told("{} {}", "1:4", "behind the end");
  expect_told("", "1:1", "write the value");
  expect_told(" \n", "2:1", "write the value");
}

TEST(JsonMistakeTest, NamesTheBracketThatIsNotClosed) {
  const Problem problem = mistake("{\n  \"a\": [1, 2\n");
  EXPECT_EQ(problem.message, "the array opened at line 2:8 is not closed");
  EXPECT_EQ(problem.found, "the end of the text");
  EXPECT_EQ(problem.where.text(), "f.json:3:1");
}

TEST(JsonMistakeTest, ShowsTheLineWithACaret) {
  const Problem problem = mistake("{\n  name: 1\n}");
  EXPECT_EQ(problem.excerpt, "  name: 1\n  ^~~~");
  EXPECT_EQ(problem.expected, "a key in double quotes");
  EXPECT_EQ(problem.found, "\"name\"");
}

TEST(JsonMistakeTest, RefusesAKeyThatStandsTwice) {
  const Problem problem = mistake("{\n  \"a\": {\"x\": 1, \"x\": 2}\n}");
  EXPECT_EQ(problem.number, ProblemNumber::duplicate_key);
  EXPECT_EQ(problem.where.text(), "f.json:2:17");
  EXPECT_NE(problem.message.find("\"x\""), std::string::npos);
  EXPECT_EQ(mistake("{\"a\": 1, \"\\u0061\": 2}").number, ProblemNumber::duplicate_key);
}

TEST(JsonMistakeTest, NamesTheByteThatIsNotUtf8) {
  const Problem problem = mistake("{\n  \"a\": \"M\xFCller\"\n}");
  EXPECT_EQ(problem.number, ProblemNumber::json_syntax);
  EXPECT_EQ(problem.where.text(), "f.json:2:10");
  EXPECT_EQ(problem.found, "byte 0xfc");
}

TEST(JsonMistakeTest, RefusesNestingThatWouldExhaustTheStack) {
  EXPECT_NE(mistake(std::string(100'000, '[')).message.find("deeper than"), std::string::npos);
  EXPECT_NO_THROW(JsonDocument::parse(std::string(200, '[') + std::string(200, ']'), "f"));
}

}  // namespace
}  // namespace kith::internal
