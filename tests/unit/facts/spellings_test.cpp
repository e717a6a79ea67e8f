// What people's files write differently, and that a mapping which can't mean what it says is refused.
#include "facts/import/mapping/spellings.hpp"
#include "facts/import/mapping/date_patterns.hpp"
#include "unit/facts/office.hpp"

namespace kith::internal::testing {
namespace {

namespace json = boost::json;
using facts::NumberForm;
using facts::pattern_mistake;
using facts::plain_number;
using facts::read_differently;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class SpellingsTest : public ::testing::Test {
 protected:
  /// Orders of one customer: `set` over the columns of `csv`.
  json::object run(const std::string& set, const std::string& csv, const std::string& more = {}) {
    facts::ImportRequest request;
    request.mapping_file = office_.file("m.json", R"json({"id": "m", "source": "erp", "records": [
      {"id": "c", "type": "customer", "mode": "upsert", "key": {"external_id": "'one'"},
       "set": {"kind": "'person'", "name": "'Ada'"}},
      {"id": "o", "type": "office.order", "mode": "upsert", "key": {"external_id": "n"}, )json" +
                                                      more +
                                                      R"json("set": {"customer": {"record": "c"},
       "ordered_on": "'2026-01-01'", "weight_kg": "1", )json" +
                                                      set + "}}]}");
    request.file = office_.file("data.csv", csv);
    return office_.import(request);
  }
  std::vector<Problem> problems(const std::string& set, const std::string& csv) {
    return problems_of([&] { run(set, csv); });
  }
  std::vector<std::string> orders(const std::vector<std::string>& members) {
    return office_.contents("office.order", members);
  }
  static std::string text(const json::object& status, const char* key = "text") {
    return std::string(status.at("reasons").at(0).at(key).as_string());
  }
  Office office_;
};

std::string plain(std::string_view text, const std::string& decimal, const std::string& group) {
  return plain_number(text, NumberForm{decimal, group}).value_or("none");
}

TEST_F(SpellingsTest, NumbersAreReadByTheirMarks) {
  EXPECT_EQ(plain("1.234,56", ",", "."), "1234.56");
  EXPECT_EQ(plain("-1.234.567", ",", "."), "-1234567");
  EXPECT_EQ(plain("1234,5", ",", "."), "1234.5");
  EXPECT_EQ(plain("1 234,56", ",", " "), "1234.56");
  EXPECT_EQ(plain("1\xC2\xA0"
                  "234,56",
                  ",", " "),
            "1234.56");
  EXPECT_EQ(plain("1\xE2\x80\xAF"
                  "234,56",
                  ",", " "),
            "1234.56");
  EXPECT_EQ(plain("1'234.50", ".", "'"), "1234.50");
  EXPECT_EQ(plain("1\xE2\x80\x99"
                  "234.50",
                  ".", "'"),
            "1234.50");
  EXPECT_EQ(plain("\xE2\x88\x92"
                  "5",
                  ",", "."),
            "-5");
  EXPECT_EQ(plain("0,5", ",", ""), "0.5");
}

TEST_F(SpellingsTest, NumbersThatFitTheFormNotQuiteAreRefused) {
  for (const char* text : {"1.23", "12.3456", "1234.567,8", "1..234", "1,2,3", ",5", "5,", "", "-", "1.234.56",
                           "1.23.456", ".123", "1,234.56", "1 234", "12a"})
    EXPECT_EQ(plain(text, ",", "."), "none") << text;
  EXPECT_EQ(plain("1.234", ",", ""), "none");
}

TEST_F(SpellingsTest, AmountsMayNameTheirCurrencyWhichIsChecked) {
  const std::string set = R"json("total": {"from": "t", "number": {"decimal": ",", "group": "."}})json";
  run(set, "n,t\n1,\"1.234,56\"\n2,\"1.234,56 CNY\"\n3,\"\xC2\xA5 7\"\n4,\"CNY -3,5\"\n");
  EXPECT_THAT(orders({"total"}), ElementsAre("-3.50 CNY|", "1234.56 CNY|", "1234.56 CNY|", "7.00 CNY|"));
  const json::object refused = run(set, "n,t\n5,\"1,00 EUR\"\n6,\"\xE2\x82\xAC 1\"\n");
  EXPECT_EQ(refused.at("rejected").as_int64(), 2);
  EXPECT_THAT(text(refused, "expected"), HasSubstr("CNY"));
}

TEST_F(SpellingsTest, ANumberInAnotherFormSaysWhichIsExpectedAndWhereThatIsSaid) {
  const json::object refused =
      run(R"json("total": {"from": "t", "number": {"decimal": ",", "group": "."}})json", "n,t\n1,1.5\n2,2.5\n");
  EXPECT_EQ(refused.at("reasons").as_array().size(), 1U);
  EXPECT_EQ(text(refused), "t has values that don't fit: expected a number such as 1.234,56");
  EXPECT_THAT(text(refused, "fix"), HasSubstr("\"number\" of the mapping"));
}

TEST_F(SpellingsTest, ANumberFormIsCheckedWithTheMapping) {
  const auto twice = problems(R"json("total": {"from": "t", "number": {"decimal": ",", "group": ","}})json", "n,t\n");
  ASSERT_EQ(twice.size(), 1U);
  EXPECT_THAT(twice.front().message, HasSubstr("the same mark"));
  EXPECT_EQ(problems(R"json("total": {"from": "t", "number": {"decimal": "5"}})json", "n,t\n").size(), 1U);
  EXPECT_EQ(problems(R"json("total": "1", "number": {"from": "t", "number": {"decimal": ","}})json", "n,t\n").size(),
            1U);
}

TEST_F(SpellingsTest, TheUsualWordsSayTrueAndFalseInAnyCase) {
  int n = 0;
  std::string csv = "n,g\n";
  for (const char* word : {"TRUE", "yes", "Y", "1", "Ja", "\xE6\x98\xAF"})
    csv += std::to_string(++n) + "," + word + "\n";
  run(R"json("total": "1", "gift": "g")json", csv);
  EXPECT_EQ(orders({"gift"}), std::vector<std::string>(6, "true|"));
  n = 0;
  csv = "n,g\n";
  for (const char* word : {"False", "NO", "n", "0", "nein", "\xE5\x90\xA6"})
    csv += std::to_string(++n) + "," + word + "\n";
  run(R"json("total": "1", "gift": {"from": "g"})json", csv);
  EXPECT_EQ(orders({"gift"}), std::vector<std::string>(6, "false|"));
}

TEST_F(SpellingsTest, TheMappingsOwnWordsReplaceTheUsualOnesOfTheirSide) {
  const std::string set = R"json("total": "1", "gift": {"from": "g", "true": ["X", "0"]})json";
  run(set, "n,g\n1,x\n2,0\n3,no\n");
  EXPECT_THAT(orders({"gift"}), ElementsAre("false|", "true|", "true|"));
  const json::object refused = run(set, "n,g\n4,yes\n");
  EXPECT_EQ(text(refused), "g 'yes' is no word for true (X, 0) or false (false, no, n, nein, \xE5\x90\xA6)");
  EXPECT_THAT(text(refused, "fix"), HasSubstr("name the file's words in the mapping"));
  EXPECT_EQ(problems(R"json("total": "1", "gift": {"from": "g", "true": ["a"], "false": ["A"]})json", "n,g\n").size(),
            1U);
}

TEST_F(SpellingsTest, AnEmptyCellKeepsWhatIsThereOrClearsItAsTheMappingSays) {
  const std::string keeps = R"json("total": "1", "number": "a", "channel": {"from": "b"})json";
  run(keeps, "n,a,b\n1,A,web\n");
  run(keeps, "n,a,b\n1,,\n");
  EXPECT_THAT(orders({"number", "channel"}), ElementsAre("A|web|"));
  run(R"json("total": "1", "number": "a", "channel": {"from": "b", "on_empty": "clear"})json", "n,a,b\n1,,\n");
  EXPECT_THAT(orders({"number", "channel"}), ElementsAre("A||"));
  run(keeps, "n,a,b\n1,,\n", R"json("on_empty": "clear", )json");
  EXPECT_THAT(orders({"number", "channel"}), ElementsAre("||"));
}

TEST_F(SpellingsTest, ATextThatIsNotInTheMapMayPassAsItIs) {
  const std::string start = R"json("total": "1", "channel": {"from": "c", "map": {"W": "web"}, "else": ")json";
  run(start + R"json(keep"})json", "n,c\n1,W\n2,phone\n");
  EXPECT_THAT(orders({"channel"}), ElementsAre("phone|", "web|"));
  const json::object refused = run(start + R"json(reject"})json", "n,c\n3,w\n4,post\n");
  const json::value& samples = refused.at("reasons").at(0).at("samples");
  EXPECT_THAT(std::string(samples.at(0).at("fix").as_string()), HasSubstr("did you mean \"W\""));
  EXPECT_THAT(std::string(samples.at(1).at("fix").as_string()), HasSubstr("\"map\""));
}

TEST_F(SpellingsTest, DatePatternsOfOtherToolsAreRefusedWithOurs) {
  const auto told = [](const char* pattern) {
    std::string fix;
    return pattern_mistake(pattern, fix).empty() ? "fine" : fix;
  };
  EXPECT_EQ(told("DD/MM/YYYY"), "write dd/MM/yyyy");
  EXPECT_EQ(told("%d.%m.%Y"), "write dd.MM.yyyy");
  EXPECT_EQ(told("%Y-%m-%dT%H:%M:%S"), "write yyyy-MM-ddTHH:mm:ss");
  EXPECT_EQ(told("YYYY-MM-DD hh:mm"), "write yyyy-MM-dd HH:mm");
  EXPECT_EQ(told("yyyy-mm-dd"), "write yyyy-MM-dd");
  EXPECT_EQ(told("yyyy-MM-dd'T'HH:mm:ss"), "write yyyy-MM-ddTHH:mm:ss");
  EXPECT_THAT(told("d MMM yyyy"), HasSubstr("yyyy, MM, dd"));
  EXPECT_THAT(told("%b %d %Y"), HasSubstr("yyyy, MM, dd"));
  for (const char* ours :
       {"dd.MM.yyyy", "d.M.yy", "yyyyMMdd", "yyyy-MM-ddTHH:mm:ssZ", "HHhmm dd/MM/yyyy", "yyyy", "yyyy-MM",
        "yyyy\xE5\xB9\xB4M\xE6\x9C\x88"
        "d\xE6\x97\xA5"})
    EXPECT_STREQ(told(ours).c_str(), "fine") << ours;
}

TEST_F(SpellingsTest, DatePatternsThatContradictEachOtherAreRefused) {
  EXPECT_NE(read_differently("dd/MM/yyyy", "MM/dd/yyyy"), "");
  EXPECT_NE(read_differently("yyMMdd", "ddMMyy"), "");
  EXPECT_NE(read_differently("d.M.yyyy", "MM.dd.yyyy"), "");
  EXPECT_EQ(read_differently("dd/MM/yyyy", "d/M/yyyy"), "");
  EXPECT_EQ(read_differently("dd/MM/yyyy", "MM-dd-yyyy"), "");
  EXPECT_EQ(read_differently("yyyy-MM-dd", "yyyyMMdd"), "");
  const auto refused =
      problems(R"json("total": "1", "shipped_on": {"from": "d", "date": ["dd/MM/yyyy", "MM/dd/yyyy"]})json", "n,d\n");
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_THAT(refused.front().message, HasSubstr("contradict each other"));
}

TEST_F(SpellingsTest, OneWrongPatternIsOneReasonWithSamples) {
  std::string csv = "n,d\n";
  for (int i = 1; i <= 300; ++i) csv += std::to_string(i) + ",2026-01-" + std::to_string(i % 28 + 1) + "\n";
  const json::object status = run(R"json("total": "1", "shipped_on": {"from": "d", "date": ["dd.MM.yyyy"]})json", csv);
  ASSERT_EQ(status.at("reasons").as_array().size(), 1U);
  const json::object& reason = status.at("reasons").at(0).as_object();
  EXPECT_EQ(reason.at("count").as_int64(), 300);
  EXPECT_EQ(reason.at("expected").as_string(), "dd.MM.yyyy");
  EXPECT_EQ(reason.at("samples").as_array().size(), 3U);
  EXPECT_EQ(reason.at("samples").at(0).at("line").as_int64(), 2);
  EXPECT_THAT(std::string(reason.at("fix").as_string()), HasSubstr("\"date\" in the mapping"));
}

TEST_F(SpellingsTest, AnUnknownValueOfAnEnumIsToldWithTheListAndTheNearest) {
  const json::object status = run(R"json("total": "1", "channel": "c")json", "n,c\n1,Web\n2,fax\n");
  const json::object& reason = status.at("reasons").at(0).as_object();
  EXPECT_EQ(reason.at("count").as_int64(), 2);
  EXPECT_THAT(std::string(reason.at("expected").as_string()), HasSubstr("web"));
  EXPECT_THAT(std::string(reason.at("samples").at(0).at("fix").as_string()), HasSubstr("did you mean \"web\""));
}

}  // namespace
}  // namespace kith::internal::testing
