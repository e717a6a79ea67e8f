// The forms of a result.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "lib/workspace.hpp"

namespace kith::test {
namespace {

namespace json = boost::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

void make(const Workspace& here, std::vector<std::string> words) {
  words.insert(words.begin(), "create");
  const Outcome outcome = here.kith(words);
  ASSERT_EQ(outcome.exit, 0) << outcome.err;
}

TEST(OutputTest, ATableIsAlignedByWhatATerminalShows) {
  const Workspace here;
  here.init();
  make(here, {"customer", "kind=person", "name=李娜", "email=lina@example.com"});
  make(here, {"customer", "kind=person", "name=Ada Li", "email=ada@example.com"});
  EXPECT_EQ(here.kith({"list", "customer", "--select", "name,email", "--order", "email"}).out,
            "NAME    EMAIL\n"
            "Ada Li  ada@example.com\n"
            "李娜    lina@example.com\n");
}

TEST(OutputTest, CsvHasCrlfQuotesAndNoFormulas) {
  const Workspace here;
  here.init();
  make(here, {"customer", "kind=person", "name==SUM(A1:A9)", "given_name=a\"b", "family_name=c,d"});
  EXPECT_EQ(here.kith({"-f", "csv", "list", "customer", "--select", "name,given_name,family_name,email"}).out,
            "name,given_name,family_name,email\r\n'=SUM(A1:A9),\"a\"\"b\",\"c,d\",\r\n");
}

TEST(OutputTest, MoneyInCsvIsADecimalWithItsCurrencyBesideIt) {
  const Workspace here;
  here.init({"sales"});
  make(here, {"sales.product", "code=P1", "name=Coffee", "list_price=12.50"});
  EXPECT_EQ(here.kith({"-f", "csv", "list", "sales.product", "--select", "code,list_price"}).out,
            "code,list_price,list_price_currency\r\nP1,12.50,USD\r\n");
  EXPECT_EQ(here.kith({"list", "sales.product", "--select", "code,list_price"}).out,
            "CODE  LIST_PRICE\nP1     12.50 USD\n");
}

TEST(OutputTest, TheColumnsOfACsvAreTheSameWithoutARow) {
  const Workspace here;
  here.init({"sales"});
  EXPECT_EQ(here.kith({"-f", "csv", "list", "sales.product", "--select", "code,list_price"}).out,
            "code,list_price,list_price_currency\r\n");
}

TEST(OutputTest, ColumnsThatAreNamedAreThereWhateverIsInThem) {
  const Workspace here;
  here.init({"sales"});
  EXPECT_EQ(here.kith({"list", "sales.product", "--columns", "code"}).out, "CODE\n") << "of no rows, the header alone";
  EXPECT_EQ(here.kith({"list", "customer", "--columns", "name,created_at"}).out, "NAME  CREATED_AT\n");
  make(here, {"customer", "kind=person", "name=Ada Li"});
  EXPECT_EQ(here.kith({"list", "customer", "--columns", "name,phone"}).out, "NAME    PHONE\nAda Li\n");
  EXPECT_EQ(here.kith({"-f", "csv", "list", "customer", "--columns", "phone", "--where", "name == 'x'"}).out,
            "phone\r\n");
  EXPECT_EQ(here.kith({"list", "customer", "--columns", "fone"}).exit, 2) << "but not what no record can have";
}

TEST(OutputTest, AListOfValuesIsAParameterToo) {
  const Workspace here;
  here.init();
  for (const char* name : {"name=Ada", "name=Bob", "name=Cem"}) make(here, {"customer", "kind=person", name});
  EXPECT_EQ(here.kith({"list", "customer", "--where", "name in $names", "--param", R"(names=["Cem", "Ada"])",
                       "--select", "name"})
                .out,
            "NAME\nAda\nCem\n");
  EXPECT_EQ(here.kith({"count", "customer", "--where", "name in $names", "--param", R"(names=["Cem", "Zoe"])"}).out,
            "1\n");
  EXPECT_EQ(here.kith({"count", "customer", "--where", "name == $name", "--param", "name='[1]'"}).out, "0\n");
}

TEST(OutputTest, JsonIsOneEnvelopeWithTheSameKeysForEveryCommand) {
  const Workspace here;
  here.init();
  make(here, {"customer", "kind=person", "name=Ada Li"});
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{{"list", "customer"},
                                                                                     {"count", "customer"},
                                                                                     {"check"},
                                                                                     {"doctor"},
                                                                                     {"plugins"},
                                                                                     {"catalog", "types"},
                                                                                     {"run-due"},
                                                                                     {"queue"},
                                                                                     {"job", "list"}}) {
    std::vector<std::string> all = {"--format", "json"};
    all.insert(all.end(), words.begin(), words.end());
    const Outcome outcome = here.kith(all);
    const json::object envelope = json::parse(outcome.out).as_object();
    std::vector<std::string> keys;
    for (const auto& pair : envelope) keys.emplace_back(pair.key());
    EXPECT_THAT(keys, ElementsAre("kith", "command", "ok", "exit", "data", "problems")) << words[0];
    EXPECT_EQ(envelope.at("command").as_string(), words[0].c_str());
    EXPECT_EQ(envelope.at("exit").as_int64(), outcome.exit) << words[0];
  }
}

TEST(OutputTest, JsonLinesAreOneObjectForEachRow) {
  const Workspace here;
  here.init();
  make(here, {"customer", "kind=person", "name=Ada Li"});
  make(here, {"customer", "kind=organization", "name=Acme"});
  const std::vector<std::string> lines =
      lines_of(here.kith({"-f", "jsonl", "list", "customer", "--select", "name,kind", "--order", "name"}).out);
  EXPECT_THAT(lines, ElementsAre(R"({"name":"Acme","kind":"organization"})", R"({"name":"Ada Li","kind":"person"})"));
}

TEST(OutputTest, ColumnsCanBeChosenAndTheHeaderLeftOut) {
  const Workspace here;
  here.init();
  make(here, {"customer", "kind=person", "name=Ada Li"});
  EXPECT_EQ(here.kith({"list", "customer", "--select", "name,kind", "--columns", "kind,name", "--no-header"}).out,
            "person  Ada Li\n");
  const Outcome wrong = here.kith({"list", "customer", "--select", "name,kind", "--columns", "nme"});
  EXPECT_EQ(wrong.exit, 2);
  EXPECT_THAT(wrong.err, HasSubstr("did you mean \"name\"?"));
}

TEST(OutputTest, ControlCharactersOfDataCannotSteerATerminal) {
  const Workspace here;
  here.init();
  make(here, {"customer", "kind=person", "name=a\x1b[31mb"});
  EXPECT_EQ(here.kith({"list", "customer", "--select", "name"}).out.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace kith::test
