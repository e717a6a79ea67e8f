// States in feeds: what the source changed is followed along the transitions, what people do here stays.
#include "unit/facts/office.hpp"

namespace kith::internal::testing {
namespace {

namespace json = boost::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ImportStatesTest : public ::testing::Test {
 protected:
  /// One customer of the feed; `more` are further keys of its record.
  json::object feed(const std::string& state, const std::string& mail = {}, const std::string& more = {}) {
    facts::ImportRequest request;
    request.mapping_file = office_.file("m.json", R"json({"id": "m", "source": "erp", "records": [{"id": "c",
      "type": "customer", "mode": "upsert", "key": {"external_id": "id"}, )json" +
                                                      more + R"json(
      "set": {"kind": "'person'", "name": "'Bob'", "email": "mail", "lifecycle": "state"}}]})json");
    request.file = office_.file("data.csv", "id,state,mail\n1," + state + "," + mail + "\n");
    office_.now += kDay;
    return office_.import(request);
  }
  json::object orders(const std::string& csv, const std::string& set, const std::string& more = {}) {
    facts::ImportRequest request;
    request.mapping_file = office_.file("o.json", R"json({"id": "o", "source": "erp", "records": [
      {"id": "c", "type": "customer", "mode": "upsert", "key": {"external_id": "'1'"},
       "set": {"kind": "'person'", "name": "'Bob'"}},
      {"id": "o", "type": "office.order", "mode": "upsert", "key": {"external_id": "id"}, )json" +
                                                      more + R"json(
       "set": {"customer": {"record": "c"}, "ordered_on": "'2020-01-01'", "total": "1", "weight_kg": "1",
         "shipped_on": "'2020-01-02'", "order_state": "state", )json" +
                                                      set + "}}]}");
    request.file = office_.file("orders.csv", csv);
    office_.now += kDay;
    return office_.import(request);
  }
  RecordId bob() {
    RecordId id;
    office_.read([&](access::Unit& unit) { id = *unit.journal.by_external_id(office_.type("customer"), "erp", "1"); });
    return id;
  }
  std::string state() { return to_text(office_.get("customer", bob(), "lifecycle")); }
  std::vector<store::TransitionRow> history() {
    std::vector<store::TransitionRow> rows;
    office_.read([&](access::Unit& unit) { rows = unit.journal.transitions(office_.type("customer"), bob()); });
    return rows;
  }
  static std::int64_t number(const json::object& status, const char* key) { return status.at(key).as_int64(); }
  static std::string told(const json::object& status, const char* key = "text") {
    return std::string(status.at("reasons").at(0).at(key).as_string());
  }
  const std::string reason_ = R"json("reason": "'feed'", )json";
  Office office_;
};

TEST_F(ImportStatesTest, AChangedStateIsReachedByTheShortestWayWhoseStatesAreMarked) {
  feed("prospect", "b@b.example");
  EXPECT_EQ(number(feed("customer", "b@b.example", reason_), "updated"), 1);
  EXPECT_EQ(state(), "customer");
  const auto rows = history();
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[1].to_state, "lead");
  EXPECT_THAT(rows[1].cause.by, HasSubstr("on the way to customer"));
  EXPECT_EQ(rows[3].event, "win");
  EXPECT_EQ(rows[3].reason, "feed");
  EXPECT_EQ(rows[3].cause.by.find("on the way"), std::string::npos);
  const auto changes = office_.changes("customer", bob());
  ASSERT_EQ(changes.back().states.size(), 1U);  // nobody hears of the states in between
  EXPECT_EQ(changes.back().states.front().from, "prospect");
  EXPECT_EQ(changes.back().states.front().to, "customer");
}

TEST_F(ImportStatesTest, AFeedThatSaysTheSameEachNightDoesNotUndoWhatAPersonDid) {
  feed("customer");
  office_.transition("customer", bob(), "customer.lifecycle", "leave", {{"reason", text("gone")}});
  for (int night = 0; night < 3; ++night) EXPECT_EQ(number(feed("customer"), "unchanged"), 1);
  EXPECT_EQ(state(), "former");
  feed("former");  // the source has come to know it
  EXPECT_EQ(state(), "former");
  feed("customer");  // and now it says something new
  EXPECT_EQ(state(), "customer");
}

TEST_F(ImportStatesTest, GuardsAreJudgedAfterTheFieldsOfTheRow) {
  feed("lead");
  const json::object refused = feed("qualified");
  EXPECT_EQ(number(refused, "rejected"), 1);
  EXPECT_THAT(told(refused), HasSubstr("needs an e-mail address or a phone number"));
  EXPECT_EQ(state(), "lead");
  EXPECT_EQ(number(feed("qualified"), "rejected"), 1);  // each night, until it can be
  EXPECT_EQ(number(feed("qualified", "b@b.example"), "updated"), 1);
  EXPECT_EQ(state(), "qualified");
}

TEST_F(ImportStatesTest, WhereNoWayLeadsTheRowIsRejectedWithWhatThereIs) {
  feed("former");
  const json::object nowhere = feed("prospect", "b@b.example");
  EXPECT_THAT(told(nowhere), HasSubstr("no transitions of customer.lifecycle lead from former to prospect"));
  EXPECT_EQ(told(nowhere, "expected"), "return (to customer)");
  EXPECT_EQ(told(nowhere, "field"), "state");
  EXPECT_TRUE(office_.get("customer", bob(), "email").is_null());  // a row lands whole or not at all
  const json::object unknown = feed("Customer");
  EXPECT_THAT(told(unknown, "expected"), HasSubstr("prospect, lead"));
  EXPECT_THAT(told(unknown, "fix"), HasSubstr("customer"));
}

TEST_F(ImportStatesTest, AReasonThatIsNeededIsAskedOfTheMapping) {
  feed("customer");
  const json::object refused = feed("former");
  EXPECT_THAT(told(refused), HasSubstr("needs a reason"));
  EXPECT_THAT(told(refused, "fix"), HasSubstr("in the mapping"));
  feed("former", "", reason_);
  EXPECT_EQ(state(), "former");
}

TEST_F(ImportStatesTest, ForceKnowsNoWayAndTheHistorySaysSo) {
  feed("former");
  feed("prospect", "", R"json("states": "force", )json");
  EXPECT_EQ(state(), "prospect");
  EXPECT_THAT(history().back().cause.by, HasSubstr("forced"));
}

TEST_F(ImportStatesTest, InitialOnlyCountsTheRowsThatDiffer) {
  feed("customer");
  const json::object status = feed("former", "", R"json("states": "initial_only", )json");
  EXPECT_EQ(number(status, "states_differ"), 1);
  EXPECT_EQ(number(status, "unchanged"), 1);
  EXPECT_EQ(state(), "customer");
}

TEST_F(ImportStatesTest, OfSeveralWaysTheEventSaysWhichItWas) {
  const std::string set = R"json("paid_at": "'2020-01-03'")json";
  orders("id,state,event\nA,placed,\n", set);
  orders("id,state,event\nA,shipped,\n", set);
  const json::object refused = orders("id,state,event\nA,closed,\n", set);
  EXPECT_THAT(told(refused), HasSubstr("several ways"));
  EXPECT_EQ(told(refused, "expected"), "close or settle");
  EXPECT_EQ(number(orders("id,state,event\nA,closed,close\n", set, R"json("event": "event", )json"), "updated"), 1);
  EXPECT_THAT(office_.contents("office.order", {"order_state"}), ElementsAre("closed|"));
}

TEST_F(ImportStatesTest, ANewRecordReachesAStateInWhichItCannotBegin) {
  EXPECT_EQ(number(orders("id,state\nA,shipped\n", R"json("gift": "false")json"), "created"), 1);
  EXPECT_THAT(office_.contents("office.order", {"order_state"}), ElementsAre("shipped|"));
}

TEST_F(ImportStatesTest, HistoryIsBroughtInWithSinceWhen) {
  const std::string set = R"json("order_state_since": {"from": "since", "date": ["dd.MM.yyyy"]})json";
  // Closed without having been paid: its guard was judged long ago.
  orders("id,state,since\nA,closed,05.06.2016\n", set);
  EXPECT_THAT(office_.contents("office.order", {"order_state", "order_state_since"}),
              ElementsAre("closed|2016-06-04T16:00:00Z|"));
  office_.read([&](access::Unit& unit) {
    const std::int32_t type = office_.type("office.order");
    const RecordId id = *unit.journal.by_external_id(type, "erp", "A");
    const auto rows = unit.journal.transitions(type, id);
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(format_instant(rows[0].entered_us), "2016-06-04T16:00:00Z");
    EXPECT_THAT(rows[0].cause.by, HasSubstr("brought in"));
    for (const store::Change& change : office_.changes("office.order", id)) EXPECT_TRUE(change.states.empty());
  });
  const json::object again = orders("id,state,since\nA,closed,01.01.2017\n", set);
  EXPECT_EQ(number(again, "unchanged"), 1);
  const json::object refused = orders("id,state,since\nB,closed,01.01.2099\n", set);
  EXPECT_THAT(told(refused), HasSubstr("is in the future"));
}

TEST_F(ImportStatesTest, WordsAboutStatesNeedAStateInSet) {
  facts::ImportRequest request;
  request.mapping_file = office_.file("m.json", R"json({"id": "m", "source": "erp", "records": [{"id": "c",
    "type": "customer", "mode": "upsert", "key": {"external_id": "id"}, "states": "force",
    "set": {"kind": "'person'", "name": "'Bob'"}}]})json");
  request.file = office_.file("data.csv", "id\n1\n");
  EXPECT_EQ(problems_of([&] { office_.import(request); }).size(), 1U);
}

}  // namespace
}  // namespace kith::internal::testing
