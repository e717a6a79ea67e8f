#include "unit/facts/office.hpp"

namespace kith::internal::testing {
namespace {

namespace json = boost::json;
using facts::ImportRequest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kOrders = R"json({"id": "orders", "source": "shop",
  "input": {"time_zone": "Asia/Shanghai", "null_values": ["", "NULL"]},
  "skip_when": "customer == null",
  "records": [
    {"id": "who", "type": "customer", "mode": "upsert", "key": {"external_id": "customer"},
     "set": {"kind": "'person'", "name": "first + ' ' + last", "email": {"from": "email", "on_error": "leave_empty"}}},
    {"id": "firm", "type": "customer", "mode": "upsert", "when": "company != null", "key": {"external_id": "company"},
     "set": {"kind": "'organization'", "name": "company"}},
    {"id": "order", "type": "office.order", "mode": "create", "key": {"external_id": "_line"},
     "set": {"customer": {"record": "who"}, "ordered_on": {"from": "date", "date": ["yyyy-MM-dd", "yyyyMMdd"]},
      "total": "total", "gift": "false",
             "channel": {"from": "channel", "map": {"W": "web", "S": "shop"}, "else": "reject"},
             "tags": {"from": "tags", "split": ";", "map": {"F": "fragile", "H": "heavy"}, "else": "drop"},
             "paid_at": {"from": "paid"}}}],
  "relationships": [{"when": "company != null", "from": {"record": "who"}, "type": "works_for",
   "to": {"record": "firm"}}],
  "options": {"batch": 2}})json";
constexpr const char* kHeader = "customer,first,last,email,company,date,total,channel,tags,paid\n";

class ImportTest : public ::testing::Test {
 protected:
  json::object run(const std::string& rows, bool dry_run = false) {
    ImportRequest request;
    request.mapping_file = office_.file("orders.json", kOrders);
    request.file = office_.file("orders.csv", kHeader + rows);
    request.dry_run = dry_run;
    return office_.import(request);
  }
  static std::int64_t number(const json::object& status, const char* key) { return status.at(key).as_int64(); }
  std::vector<std::string> orders() {
    return office_.contents("office.order", {"customer", "ordered_on", "total", "channel", "tags", "paid_at"});
  }
  Office office_;
};

TEST_F(ImportTest, MakesTheRecordsAndRelationshipsOfEachRow) {
  const json::object status =
      run("C1,Ada,Li,ada@example.com,Acme,2026-01-02,12.50,W,F; H;X,2026-01-02T08:00:00\n"
          "C2,Bo,Wu,,,20260103,7,S,NULL,NULL\n"
          "C1,Ada,Li,ada@example.com,Acme,2026-01-04,1,W,,\n");
  EXPECT_EQ(status.at("state").as_string(), "done");
  EXPECT_EQ(number(status, "read"), 3);
  EXPECT_EQ(number(status, "created"), 3);
  EXPECT_EQ(number(status, "rejected"), 0);
  EXPECT_THAT(orders(), ElementsAre("Ada Li|2026-01-02|12.50 CNY|web|[\"fragile\",\"heavy\"]|2026-01-02T00:00:00Z|",
                                    "Ada Li|2026-01-04|1.00 CNY|web|||", "Bo Wu|2026-01-03|7.00 CNY|shop|||"));
  EXPECT_THAT(office_.contents("customer", {"name", "kind", "email"}),
              ElementsAre("Acme|organization||", "Ada Li|person|ada@example.com|", "Bo Wu|person||"));
  office_.read([&](access::Unit& unit) {
    const auto ada = unit.journal.by_external_id(office_.type("customer"), "shop", "C1");
    ASSERT_TRUE(ada.has_value());
    EXPECT_EQ(unit.journal.edges("works_for", office_.type("customer"), *ada, true, 0, true).size(), 1U);
  });
}

TEST_F(ImportTest, TwiceChangesNothing) {
  const std::string rows = "C1,Ada,Li,ada@example.com,Acme,2026-01-02,12.50,W,F,\nC2,Bo,Wu,,,2026-01-03,7,S,,\n";
  run(rows);
  const auto before = orders();
  const std::size_t events = office_.events().size();
  office_.now += 30 * kDay;
  const json::object status = run(rows);
  EXPECT_EQ(number(status, "unchanged"), 2);
  EXPECT_EQ(number(status, "created") + number(status, "updated") + number(status, "rejected"), 0);
  EXPECT_EQ(orders(), before);
  EXPECT_EQ(office_.events().size(), events);
}

TEST_F(ImportTest, RejectsARowWithAWrongDateAndGoesOn) {
  const json::object status =
      run("C1,Ada,Li,,,2026-02-30,1,W,,\n"
          "C2,Bo,Wu,,,2026-01-03,7,S,,\n"
          "C3,Cy,Xu,,,2026-01-03,7,P,,\n");
  EXPECT_EQ(number(status, "created"), 1);
  EXPECT_EQ(number(status, "rejected"), 2);
  // The whole row is taken back: no customer without its order.
  EXPECT_THAT(office_.contents("customer", {"name"}), ElementsAre("Bo Wu|"));
  const json::array& reasons = status.at("reasons").as_array();
  ASSERT_EQ(reasons.size(), 2U);
  EXPECT_EQ(reasons[0].at("field").as_string(), "date");
  EXPECT_EQ(reasons[0].at("first_line").as_int64(), 2);
  EXPECT_EQ(reasons[1].at("text").as_string(), "channel 'P' is not in the map (S, W)");
}

TEST_F(ImportTest, PassesOverRowsThatAreToBeSkipped) {
  const json::object status = run(",x,y,,,,,,,\nC2,Bo,Wu,,,2026-01-03,7,S,,\n");
  EXPECT_EQ(number(status, "skipped"), 1);
  EXPECT_EQ(number(status, "created"), 1);
}

TEST_F(ImportTest, LeavesAFieldEmptyWhereTheMappingSaysSo) {
  const json::object status = run("C1,Ada,Li,not an address,,2026-01-02,1,W,,\n");
  EXPECT_EQ(number(status, "created"), 1);
  EXPECT_THAT(office_.contents("customer", {"name", "email"}), ElementsAre("Ada Li||"));
}

TEST_F(ImportTest, RejectsARowWithTooFewColumns) {
  const json::object status = run("C1,Ada,Li\nC2,Bo,Wu,,,2026-01-03,7,S,,\n");
  EXPECT_EQ(number(status, "rejected"), 1);
  EXPECT_EQ(number(status, "created"), 1);
  EXPECT_EQ(status.at("reasons").at(0).at("code").as_string(), "KITH-3101");
}

TEST_F(ImportTest, TriedDryWritesNothingAndSaysWhatItWouldDo) {
  const json::object status = run("C1,Ada,Li,,,2026-01-02,1,W,,\nC2,Bo,Wu,,,xx,7,S,,\n", true);
  EXPECT_EQ(number(status, "created"), 1);
  EXPECT_EQ(number(status, "rejected"), 1);
  EXPECT_TRUE(status.at("dry_run").as_bool());
  EXPECT_TRUE(office_.contents("customer", {"name"}).empty());
  EXPECT_EQ(office_.read_file("orders.csv.rejects.csv"), "");
}

TEST_F(ImportTest, UpdatesWhatIsThereAndAnEmptyCellLeavesIt) {
  run("C1,Ada,Li,ada@example.com,,2026-01-02,1,W,,\n");
  run("C1,Ada,Wu,,,2026-01-02,1,W,,\n");
  EXPECT_THAT(office_.contents("customer", {"name", "email"}), ElementsAre("Ada Wu|ada@example.com|"));
}

TEST_F(ImportTest, StopsAfterTooManyRejectsAndKeepsWhatLanded) {
  ImportRequest request;
  request.mapping_file = office_.file("orders.json", kOrders);
  std::string rows = kHeader;
  rows += "C1,Ada,Li,,,2026-01-02,1,W,,\n";
  for (int i = 0; i < 10; ++i) rows += "C9,X,Y,,,bad,1,W,,\n";
  rows += "C2,Bo,Wu,,,2026-01-03,7,S,,\n";
  request.file = office_.file("orders.csv", rows);
  request.max_rejects = 3;
  const auto problems = problems_of([&] { office_.import(request); });
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems.front().number, ProblemNumber::too_many_rejects);
  EXPECT_THAT(problems.front().fix, HasSubstr("--resume imp_"));
  EXPECT_EQ(orders().size(), 1U);
  request.resume = "auto";
  request.max_rejects = 100;
  const json::object status = office_.import(request);
  EXPECT_EQ(number(status, "rejected"), 10);
  EXPECT_EQ(number(status, "created"), 2);
}

TEST_F(ImportTest, CarriesItsCauseAndWhetherAutomationRuns) {
  ImportRequest request;
  std::string mapping = kOrders;
  mapping.replace(mapping.find("\"batch\": 2"), 10, "\"automation\": \"suppress\"");
  request.mapping_file = office_.file("orders.json", mapping);
  request.file = office_.file("orders.csv", std::string(kHeader) + "C1,Ada,Li,,,2026-01-02,1,W,,\n");
  const json::object status = office_.import(request);
  const store::Event event = office_.events().back();
  EXPECT_FALSE(event.cause.automation);
  EXPECT_EQ(event.cause.by, "import " + std::string(status.at("run").as_string()));
  EXPECT_EQ(event.cause.root, "call");
}

constexpr const char* kStays = R"json({"id": "stays", "source": "hotel", "records": [
    {"id": "who", "type": "customer", "mode": "upsert", "key": {"external_id": "guest"},
     "set": {"kind": "'person'", "name": "trim(guest)"}},
    {"id": "order", "type": "office.order", "mode": "create", "key": {"external_id": "_line"},
     "set": {"customer": {"record": "who"}, "ordered_on": "date(y + '-' + m + '-' + d)", "gift": "false",
             "total": "money(double(price) * double(nights), 'CNY')", "paid_at": "DATE_OF_PAYMENT",
             "tags": "split(replace(lower(tags), ' ', ''), '|')"}}]})json";

TEST_F(ImportTest, NamesTheTextTheColumnsAndTheReasonOfAConversionThatFails) {
  std::string mapping = kStays;
  mapping.replace(mapping.find("DATE_OF_PAYMENT"), 15, "coalesce(timestamp(paid), null)");
  ImportRequest request;
  request.mapping_file = office_.file("stays.json", mapping);
  request.file = office_.file("stays.csv",
                              "guest,y,m,d,price,nights,paid,tags\n"
                              " Ada ,2018,02,28,33.335,3,2018-03-01,Fragile | HEAVY\n"
                              "Bo,2018,02,29,100,2,,\n"
                              "Cy,2018,03,01,\"1,5\",2,,\n"
                              "Di,2018,03,02,10,1,soon,\n"
                              "Ed,,03,02,10,1,,\n");
  const json::object status = office_.import(request);
  EXPECT_EQ(number(status, "created"), 2);
  EXPECT_EQ(number(status, "rejected"), 3);
  const json::array& reasons = status.at("reasons").as_array();
  ASSERT_EQ(reasons.size(), 3U);
  EXPECT_EQ(reasons[0].at("field").as_string(), "ordered_on");
  EXPECT_EQ(reasons[0].at("text").as_string(),
            "ordered_on: date(y + '-' + m + '-' + d) has no value: there is no day 2018-02-29 in the calendar "
            "(y '2018', m '02', d '29')");
  EXPECT_EQ(reasons[1].at("text").as_string(),
            "total: money(double(price) * double(nights), 'CNY') has no value: '1,5' is not a number such as 12.5 "
            "(price '1,5', nights '2')");
  // An empty cell is no conversion that fails: the field is missing, and that is what is said.
  EXPECT_THAT(std::string(reasons[2].at("text").as_string()), HasSubstr("required"));
  EXPECT_THAT(orders(), ElementsAre("Ada|2018-02-28|100.01 CNY|web|[\"fragile\",\"heavy\"]|2018-02-28T16:00:00Z|",
                                    "Di|2018-03-02|10.00 CNY|web|||"));
}

TEST_F(ImportTest, ShowsNoPersonalDataOfAConversionThatFails) {
  ImportRequest request;
  request.mapping_file = office_.file("guests.json",
                                      R"json({"id": "guests", "source": "hotel", "records": [
    {"id": "who", "type": "customer", "mode": "upsert", "key": {"external_id": "guest"},
     "set": {"kind": "'person'", "name": "guest", "birth_date": "date(int(y), int(m), int(d))"}}]})json");
  request.file = office_.file("guests.csv", "guest,y,m,d\nAda,1990,2,30\nBo,1990,2,28\n");
  const json::object status = office_.import(request);
  EXPECT_EQ(number(status, "created"), 1);
  EXPECT_EQ(status.at("reasons").at(0).at("text").as_string(),
            "birth_date: date(int(y), int(m), int(d)) has no value: a conversion failed on personal data (y, m, d)");
}

TEST_F(ImportTest, ReadsAFileWithoutAHeader) {
  ImportRequest request;
  request.mapping_file =
      office_.file("products.json",
                   R"json({"id": "products", "source": "erp", "input": {"header": false, "fields": ["CODE", "NAME"]},
    "records": [{"id": "p", "type": "office.product", "mode": "upsert", "key": {"fields": ["code"]},
     "set": {"code": "CODE", "name": "NAME"}}]})json");
  request.file = office_.file("products.csv", "P1;Pen\nP2;Pencil\n");
  EXPECT_EQ(number(office_.import(request), "created"), 2);
}

TEST_F(ImportTest, EndsABatchAlsoWhenItsCellsAreManyBytes) {
  std::string rows = "name\n";
  const std::string cell(1'000'000, 'x');
  for (int i = 0; i < 40; ++i) rows += cell + "\n";
  facts::ImportRequest request;
  request.mapping_file = office_.file("m.json", R"json({"id": "m", "source": "erp", "skip_when": "name != null",
    "records": [{"id": "c", "type": "customer", "set": {"kind": "'person'", "name": "name"}}]})json");
  request.file = office_.file("large.csv", rows);
  std::unique_ptr<facts::Import> import;
  office_.read([&](access::Unit& unit) { import = facts::Import::begin(unit, request); });
  office_.write([&](access::Unit& unit) { import->step(unit); });
  import->committed();
  EXPECT_EQ(import->status().at("read").as_int64(), 34) << "the first rows that come to 32 MiB";
  office_.write([&](access::Unit& unit) { import->step(unit); });
  import->committed();
  EXPECT_EQ(import->status().at("read").as_int64(), 40);
  EXPECT_EQ(import->status().at("state").as_string(), "done");
}

}  // namespace
}  // namespace kith::internal::testing
