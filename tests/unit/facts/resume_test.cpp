// An import that stops anywhere and goes on ends in the state of one that was never stopped.
#include "unit/facts/office.hpp"

namespace kith::internal::testing {
namespace {

namespace json = boost::json;
using facts::ImportRequest;

constexpr const char* kResumedMapping = R"json({"id": "orders", "source": "shop",
  "skip_when": "customer == null",
  "records": [
    {"id": "who", "type": "customer", "mode": "upsert", "key": {"external_id": "customer"},
     "set": {"kind": "'person'", "name": "customer"}},
    {"id": "mail", "type": "contact_point", "when": "email != null", "mode": "upsert", "key": {"fields": ["customer",
     "kind", "value"]},
     "set": {"customer": {"record": "who"}, "kind": "'email'", "value": {"from": "email", "on_error": "reject_part"},
      "primary": "true"}},
    {"id": "order", "type": "office.order", "mode": "create", "key": {"external_id": "number"},
     "set": {"customer": {"record": "who"}, "ordered_on": "date", "total": "total", "gift": "false",
      "number": "number"}}],
  "options": {"batch": 7}})json";

/// Orders of a few customers, with wrong dates, keys that come twice, quote errors and line breaks in between.
std::string rows() {
  std::string text = "customer,email,number,date,total\n";
  for (int i = 0; i < 60; ++i) {
    const std::string n = std::to_string(i);
    text += i % 13 == 5 ? "" : "\"Customer\n" + std::to_string(i % 8) + "\"";
    text += i % 17 == 3 ? ",broken," : ",c" + std::to_string(i % 8) + "@example.com,";
    text += i % 11 == 7 ? "N" + std::to_string(i - 4) : "N" + n;
    text += i % 7 == 2 ? ",2026-02-31,"
                       : ",2026-01-" + std::string(i % 28 + 1 < 10 ? "0" : "") + std::to_string(i % 28 + 1) + ",";
    text += i % 19 == 4 ? "\"1\"2\n" : n + ".50\n";
  }
  return text;
}

class ResumeTest : public ::testing::Test {
 protected:
  struct State {
    std::vector<std::string> customers, orders;
    std::string rejects;
    json::object status;
  };
  static ImportRequest request(Office& office) {
    ImportRequest made;
    made.mapping_file = office.file("orders.json", kResumedMapping);
    made.file = office.file("orders.csv", rows());
    return made;
  }
  static State finish(Office& office, const ImportRequest& made) {
    State state;
    state.status = office.import(made);
    for (const char* key : {"run", "reject_file"}) state.status.erase(key);
    state.customers = office.contents("customer", {"name", "email", "kind", "version"});
    state.orders = office.contents("office.order", {"customer", "number", "ordered_on", "total"});
    state.rejects = office.read_file("orders.csv.rejects.csv");
    return state;
  }
  static void expect_equal(const State& found, const State& wanted) {
    EXPECT_EQ(found.customers, wanted.customers);
    EXPECT_EQ(found.orders, wanted.orders);
    EXPECT_EQ(found.rejects, wanted.rejects);
    EXPECT_EQ(json::serialize(found.status), json::serialize(wanted.status));
  }
};

TEST_F(ResumeTest, AtEveryBatchEndsInTheSameState) {
  Office undisturbed;
  const State wanted = finish(undisturbed, request(undisturbed));
  EXPECT_GT(wanted.status.at("rejected").as_int64(), 10);
  EXPECT_GT(wanted.status.at("partial").as_int64(), 0);
  EXPECT_GT(wanted.status.at("skipped").as_int64(), 0);
  for (const bool lose_last : {false, true}) {
    for (int batches = 1; batches <= 8; ++batches) {
      SCOPED_TRACE(std::to_string(batches) + (lose_last ? " batches, the last one lost" : " batches"));
      Office office;
      ImportRequest again = request(office);
      office.import_some(again, batches, lose_last);
      again.resume = "auto";
      expect_equal(finish(office, again), wanted);
    }
  }
}

TEST_F(ResumeTest, StoppedAgainAndAgainEndsInTheSameState) {
  Office undisturbed;
  const State wanted = finish(undisturbed, request(undisturbed));
  Office office;
  ImportRequest again = request(office);
  for (int i = 0; i < 5; ++i) {
    office.import_some(again, 1);
    again.resume = "auto";
    office.import_some(again, 1, true);
  }
  expect_equal(finish(office, again), wanted);
}

TEST_F(ResumeTest, ByItsNameGoesOnAndADoneOneDoesNot) {
  Office office;
  ImportRequest made = request(office);
  made.resume = std::string(office.import(made).at("run").as_string());
  EXPECT_EQ(problem_of([&] { office.import(made); }), ProblemNumber::usage);
  made.resume = "imp_none";
  EXPECT_EQ(problem_of([&] { office.import(made); }), ProblemNumber::unknown_thing);
}

TEST_F(ResumeTest, RefusesAnotherFileOrAnotherMapping) {
  Office office;
  ImportRequest made = request(office);
  std::string run;
  office.import_some(made, 2);
  office.read([&](access::Unit& unit) {
    const auto import = facts::Import::begin(unit, [&] {
      ImportRequest automatic = made;
      automatic.resume = "auto";
      return automatic;
    }());
    run = import->status().at("run").as_string();
  });
  made.resume = run;
  office.file("orders.csv", rows() + "x,,N99,2026-01-01,1\n");
  EXPECT_EQ(problem_of([&] { office.import(made); }), ProblemNumber::import_changed);
  office.file("orders.csv", rows());
  office.file("orders.json", std::string(kResumedMapping) + "\n");
  EXPECT_EQ(problem_of([&] { office.import(made); }), ProblemNumber::import_changed);
}

TEST_F(ResumeTest, RefusesAFileThatChangedAnywhereAlsoByTheSameLength) {
  for (const char* row : {"2026-01-02,1.50", "2026-01-04,59.50"}) {  // before the place where it stopped, and behind
    Office office;
    ImportRequest made = request(office);
    office.import_some(made, 2);
    std::string changed = rows();
    ASSERT_NE(changed.find(row), std::string::npos) << row;
    changed[changed.find(row)] = '1';
    office.file("orders.csv", changed);
    made.resume = "auto";
    EXPECT_EQ(problem_of([&] { office.import(made); }), ProblemNumber::import_changed) << row;
    made.resume.clear();
    office.import(made);  // begun anew and done, it leaves nothing to go on with
    made.resume = "auto";
    EXPECT_EQ(office.import(made).at("state").as_string(), "done");
  }
}

TEST_F(ResumeTest, RefusesAChangeBehindTheFirstMebibyte) {
  Office office;
  std::string text = "customer,email,number,date,total\n";
  for (int i = 0; i < 50'000; ++i) text += "C1,,N" + std::to_string(i) + ",2026-01-01,1\n";
  ImportRequest made = request(office);
  office.file("orders.csv", text);
  office.import_some(made, 2);
  ASSERT_GT(text.rfind("N49"), std::size_t{1'050'000});
  text[text.rfind("N49") + 1] = '5';
  office.file("orders.csv", text);
  made.resume = "auto";
  EXPECT_EQ(problem_of([&] { office.read([&](access::Unit& unit) { facts::Import::begin(unit, made); }); }),
            ProblemNumber::import_changed);
}

TEST_F(ResumeTest, AutomaticallyBeginsAnewForAFileWithOtherContent) {
  Office office;
  ImportRequest made = request(office);
  office.import_some(made, 2);
  office.file("orders.csv", "customer,email,number,date,total\nZoe,,N1000,2026-01-01,1\n");
  made.resume = "auto";
  EXPECT_EQ(office.import(made).at("created").as_int64(), 1);
}

TEST_F(ResumeTest, TellsAKeyOfFieldsThatComesTwiceAsARunThatWasNeverStopped) {
  // A product's key is a field; an order's is a field and another record of the row.
  constexpr const char* kMapping = R"json({"id": "keys", "source": "shop", "records": [
    {"id": "product", "type": "office.product", "when": "NAME != null", "mode": "create", "key": {"fields": ["code"]},
     "set": {"code": "CODE", "name": "NAME"}},
    {"id": "who", "type": "customer", "mode": "upsert", "key": {"external_id": "WHO"},
     "set": {"kind": "'person'", "name": "WHO"}},
    {"id": "order", "type": "office.order", "mode": "create", "key": {"fields": ["customer", "number"]},
     "set": {"customer": {"record": "who"}, "number": "CODE", "ordered_on": "'2026-01-01'", "total": "1",
      "gift": "false"}}],
    "options": {"batch": 3}})json";
  const auto made = [&](Office& office) {
    ImportRequest request;
    request.mapping_file = office.file("orders.json", kMapping);
    request.file =
        office.file("orders.csv", "CODE,NAME,WHO\nA,Pen,1\nF,,2\nC,Cap,2\nA,Pen,1\nD,Pad,2\nF,,2\nC,Cup,2\n");
    return request;
  };
  Office undisturbed;
  const State wanted = finish(undisturbed, made(undisturbed));
  EXPECT_EQ(wanted.status.at("rejected").as_int64(), 3);
  const json::value& samples = wanted.status.at("reasons").at(0).at("samples");
  EXPECT_EQ(samples.at(0).at("text").as_string(), "line 5 has the same key of product as line 2");
  EXPECT_EQ(samples.at(1).at("text").as_string(), "line 8 has the same key of product as line 4");
  for (const int batches : {1, 2}) {
    Office office;
    ImportRequest again = made(office);
    office.import_some(again, batches);
    again.resume = "auto";
    expect_equal(finish(office, again), wanted);
    EXPECT_EQ(office.contents("office.product", {"code", "name"}),
              undisturbed.contents("office.product", {"code", "name"}));
  }
}

TEST_F(ResumeTest, RefusesAStepAfterOneThatWasNotCommitted) {
  Office office;
  const ImportRequest made = request(office);
  std::unique_ptr<facts::Import> import;
  office.read([&](access::Unit& unit) { import = facts::Import::begin(unit, made); });
  const auto step = [&] { office.write([&](access::Unit& unit) { import->step(unit); }); };
  step();
  EXPECT_EQ(problem_of(step), ProblemNumber::misuse);
}

}  // namespace
}  // namespace kith::internal::testing
