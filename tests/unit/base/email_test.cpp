#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text/text.hpp"

namespace kith::internal {
namespace {

std::string normal(std::string_view text) { return normalise_email(text).value_or("refused"); }

TEST(EmailTest, ItsKeyIsWhatItsSpellingsHaveInCommon) {
  const std::string key = "ada@xn--mnchen-3ya.example";
  for (const char* spelled : {"Ada@m\xC3\xBCnchen.example", "ADA@M\xC3\x9CNCHEN.EXAMPLE", "ada@xn--mnchen-3ya.example",
                              "aDA@XN--MNCHEN-3YA.Example", "ada@mu\xCC\x88nchen.example"}) {
    EXPECT_EQ(email_key(spelled), key) << spelled;
  }
  EXPECT_EQ(email_key(key), key);
  EXPECT_EQ(email_key("\xC3\x84nne@B.example"), "\xC3\xA4nne@b.example");
  EXPECT_EQ(email_key("\"A @ B\"@C.example"), "\"a @ b\"@c.example");
  EXPECT_NE(email_key("ada.l@b.example"), email_key("adal@b.example"));
  // Numbers and names are no addresses.
  EXPECT_EQ(email_key("+4930901820"), "+4930901820");
  EXPECT_EQ(email_key("Ada"), "Ada");
}

TEST(EmailTest, LowersOnlyTheDomain) {
  EXPECT_EQ(normal("Anna.Braun@Example.COM"), "Anna.Braun@example.com");
  EXPECT_EQ(normal("  a@b.cn \t"), "a@b.cn");
  EXPECT_EQ(normal("\xE7\x8E\x8B@\xE4\xBE\x8B\xE5\xAD\x90.\xE4\xB8\xAD\xE5\x9B\xBD"),
            "\xE7\x8E\x8B@\xE4\xBE\x8B\xE5\xAD\x90.\xE4\xB8\xAD\xE5\x9B\xBD");
  EXPECT_EQ(normal("a@M\xC3\x9CLLER.de"), "a@m\xC3\xBCller.de");
  EXPECT_EQ(normal("\"a b@c\"@Example.com"), "\"a b@c\"@example.com");
  EXPECT_EQ(normal("a@[IPv6:2001:DB8::1]"), "a@[ipv6:2001:db8::1]");
  EXPECT_EQ(normal("a@[192.0.2.1]"), "a@[192.0.2.1]");
}

TEST(EmailTest, RefusesWhatCannotBeAnAddress) {
  for (const char* text : {"",
                           "@",
                           "a@",
                           "@b.c",
                           "a b@c.d",
                           "a@b@c.d",
                           "a..b@c.d",
                           "a@b..c",
                           "a@-b.c",
                           "a@b-.c",
                           "a@b_c.d",
                           "a@b.c.",
                           "a,b@c.d",
                           "<a@b.c>",
                           "Anna <a@b.c>",
                           "a@[1.2.3]",
                           "a@[256.1.1.1]",
                           "a@[IPv6:1::2::3]",
                           "a@b c.d",
                           "a\xC2\xA0"
                           "b@c.d",
                           "a\xE2\x80\x8B@c.d",
                           "a\xFF@c.d",
                           "mailto:a@b.c;d@e.f",
                           "\"a\"b@c.d",
                           "(x)a@b.c",
                           "a@b.c(x)",
                           "a@b,com"}) {
    EXPECT_EQ(normal(text), "refused") << text;
  }
}

TEST(EmailTest, KeepsTheLengthsOfTheStandard) {
  const std::string label(63, 'b');
  EXPECT_NE(normal(std::string(64, 'a') + "@b.c"), "refused");
  EXPECT_EQ(normal(std::string(65, 'a') + "@b.c"), "refused");
  EXPECT_NE(normal("a@" + label + ".com"), "refused");
  EXPECT_EQ(normal("a@b" + label + ".com"), "refused");
  const std::string long_domain = label + "." + label + "." + label + ".";  // 192 octets
  EXPECT_NE(normal("a@" + long_domain + std::string(60, 'c')), "refused");  // 254 in all
  EXPECT_EQ(normal("a@" + long_domain + std::string(61, 'c')), "refused");
}

TEST(EmailTest, IsReachedInOneStep) {
  for (const char* text : {"A@B.C", "a@M\xC3\x9CLLER.de", "Mu\xCC\x88@x.y", "\"a\\\"b\"@C.D"}) {
    EXPECT_EQ(normal(normal(text)), normal(text));
  }
}

struct Case {
  std::string address;
  std::string category;
  std::string diagnosis;
};

void replace_all(std::string& text, const std::string& what, const std::string& by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
    text.replace(at, what.size(), by);
}

std::string between(const std::string& text, const std::string& tag) {
  const std::size_t open = text.find("<" + tag + ">");
  if (open == std::string::npos) return {};
  const std::size_t from = open + tag.size() + 2;
  return text.substr(from, text.find("</" + tag + ">", from) - from);
}

// The file shows control characters as the pictures of U+2400 and following; see its first note.
std::string address_of(std::string text) {
  for (unsigned control = 0; control < 32; ++control) {
    const std::string picture = {'\xE2', '\x90', static_cast<char>(0x80U + control)};
    replace_all(text, picture, std::string(1, static_cast<char>(control)));
    char reference[16];
    std::snprintf(reference, sizeof reference, "&#x24%02X;", control);
    replace_all(text, reference, std::string(1, static_cast<char>(control)));
  }
  replace_all(text, "&#x7F;", "\x7F");
  replace_all(text, "&#x7f;", "\x7F");
  replace_all(text, "&#169;", "\xC2\xA9");
  replace_all(text, "&#xA9;", "\xC2\xA9");
  replace_all(text, "&lt;", "<");
  replace_all(text, "&gt;", ">");
  replace_all(text, "&quot;", "\"");
  replace_all(text, "&amp;", "&");
  return text;
}

std::vector<Case> cases() {
  const char* folder = std::getenv("KITH_DATA");
  const std::filesystem::path data = folder != nullptr ? folder : KITH_SOURCE_DIR "/../shared/data";
  std::ifstream stream(data / "isemail" / "tests.xml");
  std::ostringstream all;
  all << stream.rdbuf();
  const std::string text = all.str();
  std::vector<Case> list;
  for (std::size_t at = text.find("<test id"); at != std::string::npos; at = text.find("<test id", at + 1)) {
    const std::string test = text.substr(at, text.find("</test>", at) - at);
    list.push_back({address_of(between(test, "address")), between(test, "category"), between(test, "diagnosis")});
  }
  return list;
}

// What a CRM takes: addresses that are valid, whether or not their domain answers today, and the rarer forms of RFC
// 5321. What it refuses: errors, deprecated forms, what only a message header may contain, and comments.
bool should_be_taken(const Case& test) {
  const std::string& category = test.category;
  return category == "ISEMAIL_VALID_CATEGORY" || category == "ISEMAIL_DNSWARN" || category == "ISEMAIL_RFC5321";
}

TEST(EmailTest, DecidesThePublishedCasesOfIsEmail) {
  const std::vector<Case> list = cases();
  if (list.empty()) GTEST_SKIP() << "isemail/tests.xml is not in the data folder; set KITH_DATA";
  EXPECT_GT(list.size(), 150U);
  int taken = 0;
  for (const Case& test : list) {
    // White space at both ends is cut off first, by intent; there the published verdict is about something else.
    if (trim(test.address) != test.address) continue;
    EXPECT_EQ(normalise_email(test.address).has_value(), should_be_taken(test))
        << test.address << "  " << test.category << " " << test.diagnosis;
    taken += should_be_taken(test) ? 1 : 0;
  }
  EXPECT_GT(taken, 30);
}

}  // namespace
}  // namespace kith::internal
