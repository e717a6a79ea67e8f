// Rollups over a relationship, as people meet them: declared in a manifest, read, queried, explained, and true on any
// day.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "contract/bundles.hpp"

namespace kith::test {
namespace {

namespace json = boost::json;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

constexpr const char* kOffice = R"json({
  "id": "office", "version": "0.1.0", "label": {"en": "Office"}, "requires": {"kith": "*"},
  "fields": {"customer": [{"name": "salary", "type": "int", "label": {"en": "Salary"}}]},
  "rollups": {"customer": [
    {"name": "staff", "type": "int", "over": "rel('employs')", "aggregate": "count"},
    {"name": "well_paid", "type": "int", "over": "rel('employs')", "aggregate": "count", "where": "office.salary > 50"},
    {"name": "payroll", "type": "int", "over": "rel('employs')", "aggregate": "sum", "value": "office.salary"},
    {"name": "best_employer", "type": "int", "over": "rel('works_for')", "aggregate": "max",
     "value": "office.payroll"}]},
  "segments": [{"name": "large", "on": "customer", "when": "office.staff >= 2"}]})json";

class RollupTest : public BundlesTest {
 protected:
  RollupTest() {
    bundle("office", kOffice);
    today("2026-03-10");
    acme_ = create({"customer", "kind=organization", "name=Acme"});
    ann_ = create({"customer", "kind=person", "name=Ann", "office.salary=40"});
    ben_ = create({"customer", "kind=person", "name=Ben", "office.salary=70"});
  }
  void today(const std::string& day) const { use(R"("office": {})", day); }
  std::string counted(const std::string& condition) const {
    return json::serialize(data({"count", "customer", "--where", condition}).at("count"));
  }
  std::string of_acme(const std::string& name) const {
    const json::value acme = record(acme_);
    const json::value* found = acme.as_object().if_contains(name);
    return found ? json::serialize(*found) : "absent";
  }

  std::string acme_, ann_, ben_;
};

TEST_F(RollupTest, FollowsWhoIsRelatedAndWhatTheyAre) {
  EXPECT_EQ(of_acme("office.staff"), "0");
  ok({"relate", ann_, "works_for", acme_});
  ok({"relate", acme_, "employs", ben_});
  EXPECT_EQ(of_acme("office.staff"), "2");
  EXPECT_EQ(of_acme("office.payroll"), "110");
  EXPECT_EQ(of_acme("office.well_paid"), "1");
  EXPECT_EQ(counted("office.best_employer == 110"), "2");
  EXPECT_EQ(counted("in_segment('office.large')"), "1");
  ok({"set", ann_, "office.salary=60"});
  EXPECT_EQ(of_acme("office.well_paid"), "2");
  ok({"relate", ann_, "works_for", acme_, "--end"});
  EXPECT_EQ(of_acme("office.staff"), "1");
  EXPECT_EQ(counted("in_segment('office.large')"), "0");
}

TEST_F(RollupTest, FollowsTheDatesOfAnEdgeWithoutAWrite) {
  ok({"relate", ann_, "works_for", acme_, "from_on=2026-03-12", "to_on=2026-03-15"});
  ok({"run-due", "--until-idle"});
  EXPECT_EQ(of_acme("office.staff"), "0");
  today("2026-03-12");
  EXPECT_EQ(of_acme("office.staff"), "1");
  EXPECT_EQ(counted("office.payroll == 40"), "1");
  today("2026-03-15");
  EXPECT_EQ(counted("office.staff == 0"), "3");
}

TEST_F(RollupTest, IsExplainedRecordByRecord) {
  ok({"relate", ann_, "works_for", acme_, "from_on=2026-03-20"});
  ok({"relate", ben_, "works_for", acme_});
  const json::value why = data({"explain", acme_, "office.payroll"});
  EXPECT_EQ(why.at("over").as_string(), "rel('employs')");
  EXPECT_EQ(why.at("value").as_int64(), 70);
  EXPECT_EQ(why.at("valid_until").as_string(), "2026-03-20T00:00:00Z");
  ASSERT_EQ(why.at("rows").as_array().size(), 2U);
  for (const json::value& row : why.at("rows").as_array()) {
    const bool here = row.at("record").as_string() == ben_;
    EXPECT_EQ(row.at("counted").as_bool(), here);
    EXPECT_EQ(row.at("related").as_bool(), here);
  }
  EXPECT_THAT(ok({"explain", acme_, "office.well_paid"}).out,
              AllOf(HasSubstr("over      rel('employs')\nwhere     office.salary > 50\n"), HasSubstr("RELATED_UNTIL")));
  EXPECT_THAT(ok({"plugin", "info", "office", "--format", "json"}).out, HasSubstr("rel('works_for')"));
}

TEST_F(RollupTest, IsExplainedByTheRecordsThatMadeItsValue) {
  bundle("office", R"json({"id": "office", "version": "0.2.0", "fields": {"customer": [
      {"name": "salary", "type": "int"}, {"name": "hired", "type": "date"}]},
    "rollups": {"customer": [
      {"name": "mean", "type": "double", "over": "rel('employs')", "aggregate": "avg", "value": "office.salary"},
      {"name": "newest", "type": "text", "over": "rel('employs')", "aggregate": "latest", "at": "office.hired",
       "value": "name"}]}})json");
  const std::string cid = create({"customer", "kind=person", "name=Cid", "office.hired=2024-05-01"});
  ok({"set", ann_, "office.hired=2025-01-01"});
  for (const std::string& who : {ann_, ben_, cid}) ok({"relate", who, "works_for", acme_});
  const auto rows = [&](const char* name, const char* key) {
    std::vector<std::string> found;
    const json::value why = data({"explain", acme_, name});
    for (const json::value& row : why.at("rows").as_array())
      if (row.at(key).as_bool()) found.emplace_back(row.at("record").as_string());
    return found;
  };
  EXPECT_THAT(rows("office.mean", "counted"), UnorderedElementsAre(ann_, ben_)) << "Cid has no salary";
  EXPECT_THAT(rows("office.newest", "counted"), UnorderedElementsAre(ann_, cid)) << "nobody knows when Ben came";
  EXPECT_THAT(rows("office.newest", "taken"), ElementsAre(ann_));
  EXPECT_THAT(ok({"explain", acme_, "office.newest"}).out, AllOf(HasSubstr("TAKEN"), HasSubstr("2025-01-01")));
}

TEST_F(RollupTest, CountsWhoHasConsented) {
  bundle(
      "office",
      R"json({"id": "office", "version": "0.2.0", "purposes": [{"id": "news", "version": "1", "label": {"en": "News"},
        "text": {"en": "We write when there is news."}}],
    "rollups": {"customer": [
      {"name": "readers", "type": "int", "over": "rel('employs')", "aggregate": "count",
       "where": "consented('office.news')"}]},
    "segments": [{"name": "read", "on": "customer", "when": "office.readers > 0"}]})json");
  for (const std::string& who : {ann_, ben_}) ok({"relate", who, "works_for", acme_});
  ok({"run-due", "--until-idle"});
  EXPECT_EQ(of_acme("office.readers"), "0");
  const auto say = [&](const std::string& status, const std::string& hour) {
    ok({"create", "consent", "customer=" + ann_, "purpose=office.news", "status=" + status,
        "at=2026-03-10T" + hour + ":00:00Z"});
  };
  say("granted", "10");
  EXPECT_EQ(of_acme("office.readers"), "1");
  EXPECT_EQ(counted("in_segment('office.read')"), "1");
  ok({"run-due", "--until-idle"});
  say("withdrawn", "11");
  EXPECT_EQ(of_acme("office.readers"), "0");
  EXPECT_EQ(counted("in_segment('office.read')"), "0");
}

TEST_F(RollupTest, ShowsAHundredRecordsAndHowManyThereAreMore) {
  bundle("office", R"json({"id": "office", "version": "0.2.0", "rollups": {"customer": [
      {"name": "calls", "type": "int", "over": "interactions", "aggregate": "count"}]}})json");
  std::string calls = "no\n";
  for (int i = 0; i < 103; ++i) calls += std::to_string(i) + "\n";
  here_.write("calls.csv", calls);
  here_.write("calls.json", R"json({"id": "calls", "source": "desk", "input": {"format": "csv"}, "records": [
    {"id": "customer", "type": "customer", "mode": "upsert", "key": {"external_id": "'acme'"},
     "set": {"kind": "'organization'", "name": "'Acme'"}},
    {"id": "call", "type": "interaction", "mode": "create", "key": {"external_id": "no"},
     "set": {"customer": {"record": "customer"}, "channel": "'phone'",
      "at": "timestamp('2026-03-01T10:00:00Z')"}}]})json");
  ok({"import", "calls.csv", "--map", "calls.json"});
  const json::value why = data({"explain", "customer/@desk:acme", "office.calls"});
  EXPECT_EQ(why.at("value").as_int64(), 103);
  EXPECT_EQ(why.at("rows").as_array().size(), 100U);
  EXPECT_EQ(why.at("more").as_int64(), 3);
  EXPECT_THAT(ok({"explain", "customer/@desk:acme", "office.calls"}).out, HasSubstr("and 3 more that are not shown"));
}

TEST_F(RollupTest, OverAnUnknownRelationshipIsRefusedWithPlaceAndNearestName) {
  std::string text = kOffice;
  text.replace(text.find("rel('works_for')"), 16, "rel('work_for')");
  bundle("office", text);
  const Outcome outcome = here_.kith({"check"});
  EXPECT_NE(outcome.exit, 0);
  EXPECT_THAT(outcome.err + outcome.out, AllOf(HasSubstr("plugins/office/plugin.json:8:"),
                                               HasSubstr("no relationship 'work_for' begins at customer"),
                                               HasSubstr("rel('work_for')\n"), HasSubstr("works_for")));
}

}  // namespace
}  // namespace kith::test
