// The reject file: what it holds, and that its corrected rows complete the import.
#include <filesystem>

#include "facts/import/rejects.hpp"
#include "facts/import/source/csv_reader.hpp"
#include "unit/facts/office.hpp"

namespace kith::internal::testing {
namespace {

namespace json = boost::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kMapping = R"json({"id": "orders", "source": "shop", "input": {"delimiter": "auto"},
  "records": [
    {"id": "who", "type": "customer", "mode": "upsert", "key": {"external_id": "customer"}, "set": {"kind": "'person'",
     "name": "customer"}},
    {"id": "order", "type": "office.order", "mode": "create", "key": {"external_id": "_line"},
     "set": {"customer": {"record": "who"}, "ordered_on": "date", "total": "total", "gift": "false",
      "number": "note"}}],
  "options": {"reject_file": "rejects.csv"}})json";

class RejectsTest : public ::testing::Test {
 protected:
  json::object run(const std::string& name) {
    facts::ImportRequest request;
    request.mapping_file = office_.file("orders.json", kMapping);
    request.file = office_.folder.path() + "/" + name;
    return office_.import(request);
  }
  std::vector<std::vector<std::string>> rows(const std::string& name) {
    facts::CsvReader reader(office_.folder.path() + "/" + name, "utf-8", "auto");
    std::vector<std::vector<std::string>> found;
    facts::CsvRow row;
    while (reader.next(row)) found.push_back(row.fields);
    return found;
  }
  std::vector<std::string> external_lines() {
    std::vector<std::string> keys;
    office_.read([&](access::Unit& unit) {
      for (const RecordId& id : unit.records.ids_after(office_.type("office.order"), {}, 1000)) {
        for (const auto& [source, key] : unit.journal.external_ids(office_.type("office.order"), id))
          keys.push_back(key);
      }
    });
    std::sort(keys.begin(), keys.end());
    return keys;
  }
  Office office_;
};

TEST_F(RejectsTest, HaveTheOriginalTextTheLineTheFieldTheCodeAndTheReason) {
  office_.file("orders.csv",
               "customer,date,total,note\nAda,2026-01-01,1,\"a, \"\"b\"\"\nc\"\nBo,01.02.2026,x,\"q, r\"\n");
  const json::object status = run("orders.csv");
  EXPECT_EQ(status.at("reject_file").as_string(), office_.folder.path() + "/rejects.csv");
  const auto found = rows("rejects.csv");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_THAT(found[0], ElementsAre("customer", "date", "total", "note", "_line", "_field", "_code", "_reason"));
  ASSERT_EQ(found[1].size(), 8U);
  EXPECT_EQ(found[1][0], "Bo");
  EXPECT_EQ(found[1][1], "01.02.2026");
  EXPECT_EQ(found[1][3], "q, r");
  EXPECT_EQ(found[1][4], "4");
  EXPECT_EQ(found[1][5], "date total");
  EXPECT_EQ(found[1][6], "KITH-3001");
  EXPECT_THAT(found[1][7], HasSubstr("ordered_on must be a date"));
}

TEST_F(RejectsTest, CorrectedCompleteTheImportUnderTheKeysOfTheirOwnLines) {
  office_.file("orders.csv", "customer;date;total;note\nAda;2026-01-01;1;\nBo;bad;2;\nCy;2026-01-03;3;\nDi;worse;4;\n");
  EXPECT_EQ(run("orders.csv").at("rejected").as_int64(), 2);
  EXPECT_THAT(external_lines(), ElementsAre("2", "4"));

  std::string text = office_.read_file("rejects.csv");
  text.replace(text.find("bad"), 3, "2026-01-02");
  office_.file("rejects.csv", text);
  const json::object second = run("rejects.csv");
  EXPECT_EQ(second.at("created").as_int64(), 1);
  EXPECT_EQ(second.at("rejected").as_int64(), 1);
  EXPECT_THAT(external_lines(), ElementsAre("2", "3", "4"));
  // The rejects of a reject file are beside it, with the line of the first file.
  const auto rest = rows("rejects.csv.rejects.csv");
  ASSERT_EQ(rest.size(), 2U);
  EXPECT_EQ(rest[1][0], "Di");
  EXPECT_EQ(rest[1][4], "5");
  EXPECT_EQ(rest[0].size(), 8U);

  std::string last = office_.read_file("rejects.csv.rejects.csv");
  last.replace(last.find("worse"), 5, "2026-01-04");
  office_.file("last.csv", last);
  EXPECT_EQ(run("last.csv").at("created").as_int64(), 1);
  EXPECT_THAT(external_lines(), ElementsAre("2", "3", "4", "5"));
  // And the first file is known by then.
  EXPECT_EQ(run("orders.csv").at("created").as_int64(), 0);
}

TEST_F(RejectsTest, KeepRowsThatCouldNotBeRead) {
  office_.file("orders.csv",
               "customer,date,total,note\nAda,2026-01-01,1,\"open\nBo,2026-01-02,2,\nCy,2026-01-02,2,x,extra\n");
  const json::object status = run("orders.csv");
  EXPECT_EQ(status.at("rejected").as_int64(), 2);
  EXPECT_EQ(status.at("created").as_int64(), 1);
  const auto found = rows("rejects.csv");
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[1][3], "\"open");
  EXPECT_EQ(found[1][6], "KITH-3101");
  EXPECT_THAT(found[1][7], HasSubstr("line 2, column 18"));
  EXPECT_EQ(found[2][3], "x,extra");
}

TEST_F(RejectsTest, OfAnEarlierRunGiveWay) {
  office_.file("orders.csv", "customer,date,total,note\nBo,bad,2,\nBo,bad,3,\n");
  run("orders.csv");
  office_.file("orders.csv", "customer,date,total,note\nBo,bad,2,\n");
  run("orders.csv");
  EXPECT_EQ(rows("rejects.csv").size(), 2U);
}

TEST_F(RejectsTest, NeverGoOntoTheFileThatIsRead) {
  EXPECT_EQ(facts::reject_path("/data/a.csv", ""), "/data/a.csv.rejects.csv");
  EXPECT_EQ(facts::reject_path("/data/a.csv", "r.csv"), "/data/r.csv");
  EXPECT_EQ(facts::reject_path("/data/r.csv", "r.csv"), "/data/r.csv.rejects.csv");
}

}  // namespace
}  // namespace kith::internal::testing
