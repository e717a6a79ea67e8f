// Files of each form and state: JSON Lines, separator lines, columns of one name, wrong encodings, old reject files.
#include <filesystem>

#include "facts/import/source/csv_reader.hpp"
#include "facts/import/source/jsonl_reader.hpp"
#include "unit/facts/office.hpp"

namespace kith::internal::testing {
namespace {

namespace json = boost::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kHead = R"json({"id": "m", "source": "erp", )json";
constexpr const char* kProduct = R"json("records": [{"id": "p", "type": "office.product", "mode": "upsert",
  "key": {"external_id": "id"}, "set": {"code": "code", "name": "name"}}]})json";

class ImportFilesTest : public ::testing::Test {
 protected:
  facts::ImportRequest request(const std::string& file, const std::string& text, const std::string& head = {}) {
    facts::ImportRequest made;
    made.mapping_file = office_.file("m.json", kHead + head + kProduct);
    made.file = office_.file(file, text);
    return made;
  }
  json::object run(const std::string& file, const std::string& text, const std::string& head = {}) {
    return office_.import(request(file, text, head));
  }
  std::vector<std::string> products() { return office_.contents("office.product", {"code", "name"}); }
  static std::int64_t number(const json::object& status, const char* key) { return status.at(key).as_int64(); }
  Office office_;
};

std::vector<std::string> cells_of(const std::string& path, const std::vector<std::string>& columns) {
  facts::JsonlReader reader(path, "utf-8", columns);
  facts::CsvRow row;
  std::vector<std::string> cells;
  while (reader.next(row)) {
    if (row.problem) cells.push_back("problem in line " + std::to_string(row.line));
    for (std::size_t i = 0; !row.problem && i < row.fields.size(); ++i)
      cells.push_back(row.absent[i] ? "null" : "<" + row.fields[i] + ">");
  }
  return cells;
}

TEST_F(ImportFilesTest, JsonLinesAreRowsOverTheKeysOfAllLines) {
  const std::string text = R"({"id": 1, "code": "A", "name": "Pen"}

{"name": "Ink", "id": "2", "code": "B", "other": [1, {"x": null}]}
)";
  const json::object status = run("data.jsonl", text);
  EXPECT_EQ(number(status, "created"), 2);
  EXPECT_THAT(products(), ElementsAre("A|Pen|", "B|Ink|"));
  EXPECT_EQ(number(run("data.jsonl", text), "unchanged"), 2);
}

TEST_F(ImportFilesTest, ValuesOfJsonLinesKeepTheirDigitsAndTheirKind) {
  const std::string path = office_.file(
      "v.jsonl",
      R"({"a": 12.10, "b": true, "c": "", "d": null, "e": ["x y", "z"], "f": {"amount": "1.50", "currency": "EUR"}}
{"a": 1.5E1, "b": "a:\"}{,", "c": {"k": [1, 2]}, "x": 1}
)");
  EXPECT_THAT(cells_of(path, {"a", "b", "c", "d", "e", "f"}),
              ElementsAre("<12.10>", "<true>", "<>", "null", R"(<["x y", "z"]>)", "<1.50 EUR>", "<15>", R"(<a:"}{,>)",
                          R"(<{"k": [1, 2]}>)", "null", "null", "null"));
}

TEST_F(ImportFilesTest, ALineThatIsNoObjectIsRejectedAndTheOthersLand) {
  const json::object status = run("data.jsonl", R"({"id": 1, "code": "A", "name": "Pen"}
{"id": 2, "code"
[3]
{"id": 4, "code": "D", "name": "x", "name": "y"}
{"id": 5, "code": "E", "name": "Ink"})");
  EXPECT_EQ(number(status, "created"), 2);
  EXPECT_EQ(number(status, "rejected"), 3);
  EXPECT_EQ(number(status, "bytes"), number(status, "total_bytes"));
}

TEST_F(ImportFilesTest, WhatWasRefusedOfJsonLinesComesBackAsCsv) {
  run("data.jsonl", "{\"id\": 1, \"code\": null, \"name\": \"a, \\\"b\\\"\"}\n", R"("input": {"format": "jsonl"}, )");
  std::string rejects = office_.read_file("data.jsonl.rejects.csv");
  rejects.replace(rejects.find("1,,"), 3, "1,A,");
  EXPECT_EQ(number(run("again.csv", rejects, R"("input": {"format": "jsonl"}, )"), "created"), 1);
  EXPECT_THAT(products(), ElementsAre("A|a, \"b\"|"));
}

TEST_F(ImportFilesTest, AnExportOfNoRecordsIsNoMistake) { EXPECT_EQ(number(run("none.jsonl", ""), "read"), 0); }

TEST_F(ImportFilesTest, AKeyThatNoLineHasIsToldWithTheWayToNameIt) {
  const std::string line = "{\"id\": 1, \"code\": \"A\"}\n";
  const auto problems = problems_of([&] { run("data.jsonl", line); });
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_THAT(problems.front().fix, HasSubstr("\"fields\""));
  const json::object status = run("data.jsonl", line, R"("input": {"fields": ["id", "code", "name"]}, )");
  EXPECT_EQ(number(status, "rejected"), 1);  // a name is required
}

TEST_F(ImportFilesTest, PassesOverALineThatIsTooLong) {
  const std::string path =
      office_.file("long.jsonl", "{\"a\": 1}\n{\"a\": \"" + std::string(20'000'000, 'x') + "\"}\n{\"a\": 3}\n");
  EXPECT_THAT(cells_of(path, {"a"}), ElementsAre("<1>", "problem in line 2", "<3>"));
}

TEST_F(ImportFilesTest, ASeparatorLineSaysTheDelimiterAndIsNoRow) {
  run("data.csv", "sep=|\r\nid|code|name\r\n1|A|Pen, Ink; Cap\r\n");
  EXPECT_THAT(products(), ElementsAre("A|Pen, Ink; Cap|"));
  facts::CsvReader reader(office_.file("s.csv", "sep=;\na,b;c\n"), "utf-8", "auto");
  facts::CsvRow row;
  ASSERT_TRUE(reader.next(row));
  EXPECT_THAT(row.fields, ElementsAre("a,b", "c"));
  EXPECT_EQ(row.line, 2);
}

TEST_F(ImportFilesTest, ColumnsOfOneNameAreRefusedAndCanBeToldApart) {
  const std::string text = "id,code,name,name\n1,A,first,second\n";
  const auto problems = problems_of([&] { run("data.csv", text); });
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_THAT(problems.front().message, HasSubstr("2 columns 'name': 3 and 4"));
  EXPECT_THAT(problems.front().fix, HasSubstr("name#2"));
  facts::ImportRequest made = request("data.csv", text);
  std::string mapping = std::string(kHead) + kProduct;
  mapping.replace(mapping.find(R"("name": "name")"), 14, R"("name": {"from": "name#2"})");
  made.mapping_file = office_.file("m.json", mapping);
  office_.import(made);
  EXPECT_THAT(products(), ElementsAre("A|second|"));
}

TEST_F(ImportFilesTest, ColumnsOfOneNameThatNobodyReadsDoNoHarm) {
  EXPECT_EQ(number(run("data.csv", "id,x,code,x,name,,\n1,,A,,Pen,,\n"), "created"), 1);
}

TEST_F(ImportFilesTest, NothingLandsOfAFileInAnEncodingThatNobodySaid) {
  const std::string latin =
      "id,code,name\n1,A,Pen\n2,B,Stra\xDF"
      "e\n";
  const auto problems = problems_of([&] { run("data.csv", latin); });
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems.front().where.line, 3);
  EXPECT_THAT(problems.front().fix, HasSubstr("\"encoding\": \"windows-1252\""));
  EXPECT_TRUE(products().empty());
  run("data.csv", latin, R"("input": {"encoding": "windows-1252"}, )");
  EXPECT_THAT(products(), ElementsAre("A|Pen|",
                                      "B|Stra\xC3\x9F"
                                      "e|"));
  EXPECT_EQ(number(run("data.csv", latin, R"("input": {"encoding": "utf-8"}, )"), "rejected"), 1);
}

TEST_F(ImportFilesTest, OneExternalIdInTwoFormsOfUnicodeIsOne) {
  run("data.csv", "id,code,name\nM\xC3\xBC,A,Pen\n");
  EXPECT_EQ(number(run("data.csv", "id,code,name\nMu\xCC\x88,A,Pen\n"), "unchanged"), 1);
}

TEST_F(ImportFilesTest, ADryRunKeepsItsRejectsWhereItIsAskedTo) {
  facts::ImportRequest made = request("data.csv", "id,code,name\n,A,Pen\n");
  made.dry_run = true;
  EXPECT_EQ(office_.import(made).at("reject_file").as_string(), "");
  made.reject_file = office_.folder.path() + "/r.csv";
  EXPECT_EQ(office_.import(made).at("reject_file").as_string(), made.reject_file);
  EXPECT_THAT(office_.read_file("r.csv"), HasSubstr("the key of p is empty"));
}

TEST_F(ImportFilesTest, ACleanRunLeavesNoOldRejectFileAndTouchesNoOther) {
  run("data.csv", "id,code,name\n,A,Pen\n");
  ASSERT_TRUE(std::filesystem::exists(office_.folder.path() + "/data.csv.rejects.csv"));
  run("data.csv", "id,code,name\n1,A,Pen\n");
  EXPECT_FALSE(std::filesystem::exists(office_.folder.path() + "/data.csv.rejects.csv"));
  office_.file("data.csv.rejects.csv", "my,own,list\n");
  run("data.csv", "id,code,name\n1,A,Pen\n");
  EXPECT_EQ(office_.read_file("data.csv.rejects.csv"), "my,own,list\n");
}

TEST_F(ImportFilesTest, ARowWithoutItsKeyFieldsIsRejectedEachNight) {
  facts::ImportRequest made = request("data.csv", "name,mail\nAnn,\nBob,b@b.example\nCy,\" \"\n");
  made.mapping_file = office_.file("m.json", std::string(kHead) + R"json("records": [
    {"id": "c", "type": "customer", "mode": "upsert", "key": {"fields": ["email"]},
     "set": {"kind": "'person'", "name": "name", "email": "mail"}}]})json");
  for (int night = 0; night < 3; ++night) {
    const json::object status = office_.import(made);
    EXPECT_EQ(number(status, "rejected"), 2);
    EXPECT_EQ(status.at("reasons").at(0).at("field").as_string(), "mail");
    EXPECT_THAT(std::string(status.at("notes").at(0).as_string()), HasSubstr("'email' of c may be empty"));
  }
  EXPECT_THAT(office_.contents("customer", {"name"}), ElementsAre("Bob|"));
}

}  // namespace
}  // namespace kith::internal::testing
