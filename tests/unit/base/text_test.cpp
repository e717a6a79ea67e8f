#include "base/text/text.hpp"
#include "base/text/forms.hpp"
#include "base/text/matcher.hpp"

#include <gtest/gtest.h>

#include <random>

namespace kith::internal {
namespace {

TEST(MatcherTest, MatchesWholeTextsByCharacterInTimeThatGrowsWithThem) {
  std::string why;
  const auto matches = [&](std::string_view pattern, std::string_view text) {
    const auto matcher = Matcher::make(pattern, why);
    return matcher != nullptr && matcher->matches(text);
  };
  EXPECT_TRUE(matches("[a-z]+", std::string(3'000, 'x')));
  EXPECT_FALSE(matches("[a-z]+", std::string(3'000, 'x') + "1"));
  EXPECT_FALSE(matches("b", "abc"));
  EXPECT_TRUE(matches(".{2}", "\xC3\xA9\xE4\xB8\xAD"));
  EXPECT_FALSE(matches("(a+)+b", std::string(1'000'000, 'a')));
  EXPECT_FALSE(matches("(.*)*x", std::string(100'000, 'y')));
}

TEST(MatcherTest, SaysWhyAPatternCannotBeUsed) {
  const auto why_not = [](std::string_view pattern) {
    std::string why;
    return Matcher::make(pattern, why) != nullptr ? std::string("it can") : why;
  };
  EXPECT_NE(why_not("[").find("no regular expression"), std::string::npos);
  EXPECT_NE(why_not("a(?!b)").find("linear time"), std::string::npos);
  EXPECT_NE(why_not("(a)\\1").find("linear time"), std::string::npos);
  EXPECT_NE(why_not(std::string(1'000'000, 'a')).find("at most 4096"), std::string::npos);
  EXPECT_NE(why_not(std::string(2'000, '(')).find("at most 100"), std::string::npos);
  EXPECT_EQ(why_not("[(]{3}\\((a)"), "it can");
}

using namespace std::string_literals;

TEST(Utf8Test, AcceptsWellFormedText) {
  for (const auto& text : {""s, "plain"s, "M\xC3\xBCller"s, "\xE5\xAE\xA2"s, "\xF0\x9F\x98\x80"s, "\xEE\x80\x80"s,
                           "\xF4\x8F\xBF\xBF"s, "\xED\x9F\xBF"s}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
}

TEST(Utf8Test, RefusesBrokenTextAndNul) {
  for (const auto& text :
       {"a\0b"s, "\x80"s, "\xC3"s, "\xC0\xAF"s, "\xC1\x81"s, "\xE0\x80\xAF"s, "\xED\xA0\x80"s, "\xF0\x80\x80\xAF"s,
        "\xF4\x90\x80\x80"s, "\xF5\x80\x80\x80"s, "\xFF"s, "\xE5\xAE"s, "\xF0\x9F\x98"s, "M\xFCller"s}) {
    EXPECT_FALSE(is_utf8(text)) << hex(text);
  }
}

TEST(Utf8Test, CountsCodePoints) {
  EXPECT_EQ(code_points(""), 0U);
  EXPECT_EQ(code_points("M\xC3\xBCller"), 6U);
  EXPECT_EQ(code_points("\xF0\x9F\x98\x80!"), 2U);
}

TEST(NormalFormTest, ComposesAccents) {
  EXPECT_EQ(to_nfc("plain"), "plain");
  EXPECT_EQ(to_nfc("Mu\xCC\x88ller"), "M\xC3\xBCller");
  EXPECT_EQ(to_nfc("\xEF\xBC\xA1"), "\xEF\xBC\xA1");  // a full-width A stays in NFC
}

TEST(NormalFormTest, FoldsCaseAndWidthForSearch) {
  EXPECT_EQ(fold("M\xC3\x9CLLER"), "m\xC3\xBCller");
  EXPECT_EQ(fold("Stra\xC3\x9F"
                 "e"),
            "strasse");
  EXPECT_EQ(fold("\xEF\xBC\xA1\xEF\xBC\xA2\xEF\xBC\x91"), "ab1");
  EXPECT_EQ(fold("ABC"), "abc");
}

TEST(NormalFormTest, IsReachedInOneStep) {
  std::mt19937_64 random(11);
  for (int i = 0; i < 2000; ++i) {
    std::string text;
    for (int j = 0; j < 12; ++j) {
      const auto code = static_cast<unsigned>(0xC0 + random() % 0x700);  // two-byte sequences: Latin to Arabic
      text.push_back(static_cast<char>(0xC0U | (code >> 6U)));
      text.push_back(static_cast<char>(0x80U | (code & 0x3FU)));
    }
    ASSERT_TRUE(is_utf8(text));
    ASSERT_EQ(to_nfc(to_nfc(text)), to_nfc(text));
    ASSERT_EQ(fold(fold(text)), fold(text));
  }
}

TEST(TextTest, KnowsUpperAndLowerCaseOfNoLanguageInParticular) {
  EXPECT_EQ(upper("stra\xC3\x9F"
                  "e i"),
            "STRASSE I");
  EXPECT_EQ(lower("\xC3\x84 I"), "\xC3\xA4 i");
  EXPECT_EQ(upper("e\xCC\x81"), "\xC3\x89");  // NFC, as texts are stored
  EXPECT_EQ(upper(""), "");
}

TEST(TrimTest, CutsBlanksOfAllKindsAtBothEnds) {
  EXPECT_EQ(trim(" \t\r\n\xC2\xA0\xE3\x80\x80 a b \xE3\x80\x80\xC2\xA0\n"), "a b");
  EXPECT_EQ(trim(" \xC2\xA0 "), "");
  EXPECT_EQ(trim(""), "");
  EXPECT_EQ(trim("\xC3\xA0"), "\xC3\xA0");  // its last byte is also that of a no-break space
}

TEST(BeginningTest, CutsNoCodePoint) {
  EXPECT_EQ(beginning("short", 10), "short");
  EXPECT_EQ(beginning("a\xC3\xA9z", 2), "a");
  EXPECT_EQ(beginning("a\xC3\xA9z", 3), "a\xC3\xA9");
  EXPECT_EQ(beginning("\xF0\x9F\x98\x80\xF0\x9F\x98\x80", 7), "\xF0\x9F\x98\x80");
  EXPECT_EQ(beginning("\xE4\xBD\xA0", 2), "");
  EXPECT_EQ(beginning(std::string(9, '\x80'), 8).size(), 5U) << "no UTF-8: not all of it is lost";
}

TEST(LanguageTagTest, HasTheCaseOfRfc5646) {
  for (const auto& [text, wanted] :
       std::vector<std::pair<const char*, const char*>>{{"ZH", "zh"},
                                                        {"en-gb", "en-GB"},
                                                        {"zh-hant", "zh-Hant"},
                                                        {"ZH-HANT-tw", "zh-Hant-TW"},
                                                        {"es-419", "es-419"},
                                                        {"sl-ROZAJ-Biske", "sl-rozaj-biske"},
                                                        {"de-CH-1996", "de-CH-1996"},
                                                        {"EN-ca-X-CA", "en-CA-x-ca"},
                                                        {"az-latn-x-LATN", "az-Latn-x-latn"},
                                                        {"de-DE-U-CO-Phonebk", "de-DE-u-co-phonebk"}}) {
    EXPECT_EQ(normal_form(TextForm::language, text, {}), wanted);
    EXPECT_EQ(normal_form(TextForm::language, wanted, {}), wanted) << "in one step";
  }
}

TEST(IdentifierTest, IsLowerCaseAsciiWithUnderscores) {
  for (const char* text : {"a", "guest_value", "x1"}) EXPECT_TRUE(is_identifier(text)) << text;
  for (const char* text : {"", "1a", "_a", "A", "a-b", "a.b", "\xC3\xBC"}) EXPECT_FALSE(is_identifier(text)) << text;
}

TEST(SplitTest, KeepsEmptyPartsAndJoinsBack) {
  EXPECT_EQ(split("a,,b", ','), (std::vector<std::string>{"a", "", "b"}));
  EXPECT_EQ(split("", ','), std::vector<std::string>{""});
  EXPECT_EQ(join(split("a,,b,", ','), ","), "a,,b,");
  EXPECT_EQ(join({}, ","), "");
}

TEST(HashTest, AgreesWithPublishedVectors) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(fnv1a(""), 0xCBF29CE484222325U);
  EXPECT_EQ(fnv1a("a"), 0xAF63DC4C8601EC8CU);
  EXPECT_EQ(fnv1a("foobar"), 0x85944171F73967E8U);
  EXPECT_EQ(hex("\x00\xFF\x7F"s), "00ff7f");
  EXPECT_EQ(lower_ascii("\xC3\x9C"
                        "AbZ"),
            "\xC3\x9C"
            "abz");
}

}  // namespace
}  // namespace kith::internal
