#include "base/json/json_document.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <random>

#include "base/text/text.hpp"

namespace kith::internal {
namespace {

namespace json = boost::json;

JsonDocument parse(std::string text) { return JsonDocument::parse(std::move(text), "f.json"); }

TEST(JsonDocumentTest, ReadsEveryKindOfValue) {
  const JsonDocument document =
      parse(R"( {"a": [1, -2, 18446744073709551615, 0.5, 1e3, true, false, null], "b": {"": "x"}} )");
  const json::array& a = document.root().at("a").as_array();
  EXPECT_EQ(a.at(0).as_int64(), 1);
  EXPECT_EQ(a.at(1).as_int64(), -2);
  EXPECT_EQ(a.at(2).as_uint64(), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(a.at(3).as_double(), 0.5);
  EXPECT_EQ(a.at(4).as_double(), 1000.0);
  EXPECT_TRUE(a.at(5).as_bool());
  EXPECT_FALSE(a.at(6).as_bool());
  EXPECT_TRUE(a.at(7).is_null());
  EXPECT_EQ(document.root().at("b").at("").as_string(), "x");
  EXPECT_EQ(document.file(), "f.json");
}

TEST(JsonDocumentTest, RoundsNumbersCorrectly) {
  std::mt19937_64 random(13);
  for (int i = 0; i < 5000; ++i) {
    const std::string text = std::to_string(random() % 1'000'000'000) + "." + std::to_string(random()) + "e" +
                             std::to_string(static_cast<int>(random() % 500) - 250);
    ASSERT_EQ(parse(text).root().as_double(), std::strtod(text.c_str(), nullptr)) << text;
  }
  EXPECT_EQ(parse("1e-999").root().as_double(), 0.0);
  EXPECT_EQ(parse("0.0001e-99999999999999999999").root().as_double(), 0.0);
  EXPECT_EQ(parse("123456.5e-400").root().as_double(), 0.0);
  for (const char* large : {"1.5e999", "0.001e999", "1e99999999999999999999", "-15e308"})
    EXPECT_THROW(parse(large), Error) << large;
  EXPECT_EQ(parse("123456789012345678901").root().as_double(), 123456789012345678901.0);
}

TEST(JsonDocumentTest, DecodesEscapes) {
  EXPECT_EQ(parse(R"("\"\\\/\b\f\n\r\t\u00fc\u5BA2\ud83d\ude00")").root().as_string(),
            "\"\\/\b\f\n\r\t\xC3\xBC\xE5\xAE\xA2\xF0\x9F\x98\x80");
}

TEST(JsonDocumentTest, IgnoresAByteOrderMark) { EXPECT_EQ(parse("\xEF\xBB\xBF[1]").root().as_array().size(), 1U); }

json::value random_value(std::mt19937_64& random, int depth) {
  switch (random() % (depth > 0 ? 7U : 5U)) {
    case 0: return nullptr;
    case 1: return random() % 2 == 0;
    case 2: return static_cast<std::int64_t>(random());
    case 3: return static_cast<double>(static_cast<std::int64_t>(random())) / 1048576.0 + 0.5;
    case 4: {
      std::string text;
      for (std::size_t i = random() % 8; i > 0; --i) text += std::string_view("ab\"\\\n\t/~").substr(random() % 8, 1);
      return json::value(text + (random() % 2 == 0 ? "\xC3\xBC" : "\xF0\x9F\x98\x80"));
    }
    case 5: {
      json::array array;
      for (std::size_t i = random() % 5; i > 0; --i) array.push_back(random_value(random, depth - 1));
      return array;
    }
    default: {
      json::object object;
      for (std::size_t i = random() % 5; i > 0; --i)
        object["k/~" + std::to_string(i)] = random_value(random, depth - 1);
      return object;
    }
  }
}

TEST(JsonDocumentTest, ReadsWhatAnotherLibraryWrites) {
  std::mt19937_64 random(14);
  for (int i = 0; i < 2000; ++i) {
    const json::value value = random_value(random, 5);
    const std::string text = json::serialize(value);
    ASSERT_EQ(json::serialize(parse(text).root()), text);
  }
}

TEST(JsonDocumentTest, AgreesWithAnotherParserOnDamagedText) {
  std::mt19937_64 random(15);
  constexpr std::string_view kNoise = "{}[],:\"\\0123456789eE+-.truefalsnl \n/u";
  for (int i = 0; i < 30'000; ++i) {
    std::string text = json::serialize(random_value(random, 3));
    const std::size_t at = random() % text.size();
    if (random() % 3 == 0) {
      text.erase(at, 1);
    } else {
      text.insert(at, 1, kNoise[random() % kNoise.size()]);
    }
    json::error_code other;
    const json::value theirs = json::parse(text, other);
    bool ours = true;
    bool stricter = false;
    try {
      static_cast<void>(parse(text));
    } catch (const Error& error) {
      ours = false;
      // Boost.JSON lets the last of two equal keys win and reads 1e999 as infinity; U+0000 is ours to refuse.
      stricter = error.number() == ProblemNumber::duplicate_key || !is_utf8(text) ||
                 error.first().message.find("U+0000") != std::string::npos ||
                 error.first().message.find("too large") != std::string::npos;
      ASSERT_GE(error.first().where.line, 1) << text;
      ASSERT_GE(error.first().where.column, 1) << text;
    }
    ASSERT_TRUE(ours == !other || stricter) << text;
  }
}

constexpr const char* kDocument = R"({
  "id": "lakeside",
  "fields": {
    "customer": [
      { "name": "vip", "rule": "a \"b\" \u00fc\ud83d\ude00 == 'c'" },
      [ 10,	20 ]
    ],
    "a/b~c": true
  }
})";

TEST(JsonPlaceTest, FindsValuesAndKeys) {
  const JsonDocument document = parse(kDocument);
  EXPECT_EQ(document.place("").text(), "f.json:1:1");
  EXPECT_EQ(document.place("/id").text(), "f.json:2:9");
  EXPECT_EQ(document.key_place("/id").text(), "f.json:2:3");
  EXPECT_EQ(document.place("/fields/customer/0/name").text(), "f.json:5:17");
  EXPECT_EQ(document.key_place("/fields/customer/0/name").text(), "f.json:5:9");
  EXPECT_EQ(document.place("/fields/customer/1/1").text(), "f.json:6:13");
  EXPECT_EQ(document.key_place("/fields/customer/1/1").text(), "f.json:6:13");
  EXPECT_EQ(document.place(pointer_join("/fields", "a/b~c")).text(), "f.json:8:14");
}

TEST(JsonPlaceTest, FallsBackToTheNearestThatExists) {
  const JsonDocument document = parse(kDocument);
  EXPECT_EQ(document.place("/nothing").text(), "f.json:1:1");
  EXPECT_EQ(document.place("/fields/customer/7/name").text(), "f.json:4:17");
  EXPECT_EQ(document.place("/fields/customer/x").text(), "f.json:4:17");
  EXPECT_EQ(document.place("/id/deeper").text(), "f.json:2:9");
  EXPECT_EQ(JsonDocument().place("/id").text(), "");
}

TEST(JsonPlaceTest, LooksThroughEscapesInStrings) {
  const JsonDocument document = parse(kDocument);
  const std::string pointer = "/fields/customer/0/rule";
  const std::string decoded = std::string(document.root().at("fields").at("customer").at(0).at("rule").as_string());
  const auto column = [&](std::string_view part) {
    return document.place_in_string(pointer, decoded.find(part)).column;
  };
  const int quote = document.place(pointer).column;
  EXPECT_EQ(column("a "), quote + 1);
  EXPECT_EQ(column("\"b"), quote + 3);
  EXPECT_EQ(column("b\""), quote + 5);
  EXPECT_EQ(column("\xC3\xBC"), quote + 9);
  EXPECT_EQ(column("\xF0\x9F"), quote + 15);
  EXPECT_EQ(column("=="), quote + 28);
  EXPECT_EQ(column("'c'"), quote + 31);
  EXPECT_EQ(document.place_in_string(pointer, decoded.size()).column, quote + 34);  // its closing quote
  EXPECT_EQ(document.place_in_string(pointer, 9999).column, quote + 34);
  EXPECT_EQ(document.place_in_string("/fields", 5).text(), "f.json:3:13");  // not a string: the value itself
}

TEST(JsonPlaceTest, CountsCodePointsInsideStrings) {
  const JsonDocument document = parse("[\"\xE5\xAE\xA2\xE5\xAE\xA2x\"]");
  EXPECT_EQ(document.place_in_string("/0", 6).text(), "f.json:1:5");
}

// Every byte of a decoded string maps to where its character was written, whichever way it was written.
TEST(JsonPlaceTest, MapsEveryOffsetOfRandomStrings) {
  std::mt19937_64 random(16);
  const std::pair<const char*, const char*> pieces[] = {{"a", "a"},
                                                        {"\\\"", "\""},
                                                        {"\\\\", "\\"},
                                                        {"\\n", "\n"},
                                                        {"\\u00fc", "\xC3\xBC"},
                                                        {"\xC3\xBC", "\xC3\xBC"},
                                                        {"\\ud83d\\ude00", "\xF0\x9F\x98\x80"},
                                                        {"\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80"}};
  for (int i = 0; i < 500; ++i) {
    std::string written;
    std::vector<int> columns;
    for (std::size_t n = random() % 10; n > 0; --n) {
      const auto& [source, decoded] = pieces[random() % std::size(pieces)];
      const int column = 3 + static_cast<int>(code_points(written));
      columns.insert(columns.end(), std::string_view(decoded).size(), column);
      written += source;
    }
    const JsonDocument document = parse("[\"" + written + "\"]");
    for (std::size_t offset = 0; offset < columns.size(); ++offset) {
      ASSERT_EQ(document.place_in_string("/0", offset).column, columns[offset]) << written << " at " << offset;
    }
  }
}

TEST(JsonPointerTest, EscapesItsParts) {
  EXPECT_EQ(pointer_join("", "a"), "/a");
  EXPECT_EQ(pointer_join("/a", "b/c~d"), "/a/b~1c~0d");
  EXPECT_EQ(pointer_join("/a", std::size_t{3}), "/a/3");
}

TEST(JsonFileTest, IsReadFromDisk) {
  const auto path = std::filesystem::temp_directory_path() / ("kith_json_" + std::to_string(getpid()) + ".json");
  std::ofstream(path) << "{\"a\": 1}";
  const JsonDocument document = JsonDocument::read(path.string());
  EXPECT_EQ(document.root().at("a").as_int64(), 1);
  EXPECT_EQ(document.file(), path.string());
  std::filesystem::remove(path);
  for (const auto& missing : {path.string(), std::filesystem::temp_directory_path().string()}) {
    try {
      JsonDocument::read(missing);
      FAIL() << missing << " was read";
    } catch (const Error& error) {
      EXPECT_EQ(error.number(), ProblemNumber::file_unreadable);
      EXPECT_EQ(error.first().where.file, missing);
    }
  }
}

}  // namespace
}  // namespace kith::internal
