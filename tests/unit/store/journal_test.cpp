#include "store/rows/journal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/problem/error.hpp"
#include "store/rows/log_reader.hpp"
#include "unit/store/support.hpp"

namespace kith::internal::store {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class JournalTest : public ::testing::Test {
 protected:
  Change change(const RecordId& record, std::int64_t version) {
    Change out;
    out.at_us = kNow;
    out.actor = "alice";
    out.record_type = kCustomerType;
    out.record = record;
    out.version = version;
    out.members = {{kName, {}, Value::text("Ada"), Value::text("Ada Li")}};
    out.cause = {"call", 2, false, "workflow retail.win_back"};
    return out;
  }
  Event event(const RecordId& record) {
    Event out;
    out.at_us = kNow;
    out.kind = EventKind::derived;
    out.record_type = kCustomerType;
    out.record = record;
    out.name = "retail.value";
    out.before = Value::text("low");
    out.after = Value::text("high");
    out.cause = {"17", 1, true, ""};
    return out;
  }
  std::vector<Event> events_after(std::int64_t sequence) const {
    std::vector<Event> out;
    LogReader reader(journal_, sequence);
    for (LogEntry entry; reader.next(entry);) out.push_back(entry.event);
    return out;
  }
  TransitionRow entered(const RecordId& record, const std::string& lifecycle, const std::string& state,
                        std::int64_t at) {
    TransitionRow row;
    row.lifecycle = lifecycle;
    row.to_state = state;
    row.actor = "alice";
    row.record_type = kCustomerType;
    row.record = record;
    row.entered_us = at;
    return row;
  }
  Edge works_for(const RecordId& person, const RecordId& company, std::int64_t from_on,
                 std::optional<std::int64_t> to_on = {}) {
    return {0, "works_for", kCustomerType, kCustomerType, person, company, from_on, to_on, R"({"title":"CTO"})"};
  }

  TemporaryFolder folder_;
  Store store_{folder_.file("kith.db")};
  Writer writer_ = store_.write();
  Records records_ = store_.records(writer_);
  Journal journal_{records_};
  RecordId ada_ = new_id(), eve_ = new_id();
};

TEST_F(JournalTest, ShowsTheChangesOfARecordNewestFirstAndInPages) {
  std::vector<std::int64_t> sequences;
  for (int i = 1; i <= 5; ++i) {
    sequences.push_back(journal_.add_change(change(ada_, i)));
    journal_.add_change(change(eve_, i));
  }
  const std::vector<Change> newest = journal_.changes(kCustomerType, ada_, 0, 2);
  ASSERT_EQ(newest.size(), 2U);
  EXPECT_EQ(newest[0].version, 5);
  EXPECT_EQ(newest[0].sequence, sequences[4]);
  EXPECT_EQ(newest[0].actor, "alice");
  EXPECT_EQ(newest[0].kind, ChangeKind::update);
  ASSERT_EQ(newest[0].members.size(), 1U);
  EXPECT_EQ(newest[0].members[0].member, kName);
  EXPECT_EQ(newest[0].members[0].before, Value::text("Ada"));
  EXPECT_EQ(newest[0].members[0].after, Value::text("Ada Li"));
  EXPECT_EQ(newest[0].cause.root, "call");
  EXPECT_EQ(newest[0].cause.depth, 2);
  EXPECT_FALSE(newest[0].cause.automation);
  EXPECT_EQ(newest[0].cause.by, "workflow retail.win_back");
  const std::vector<Change> rest = journal_.changes(kCustomerType, ada_, newest.back().sequence, 100);
  ASSERT_EQ(rest.size(), 3U);
  EXPECT_EQ(rest.back().version, 1);
}

TEST_F(JournalTest, GivesEventsInOrderAndOnlyOfTheTenant) {
  Records theirs(writer_.connection(), *store_.layout, tenant_number(writer_.connection(), "globex", true));
  const std::int64_t first = journal_.add_event(event(ada_));
  Journal(theirs).add_event(event(eve_));
  const std::int64_t second = journal_.add_event(event(eve_));
  EXPECT_GT(second, first);
  const std::vector<Event> all = events_after(0);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].record, ada_);
  EXPECT_EQ(all[0].kind, EventKind::derived);
  EXPECT_EQ(all[0].record_type, kCustomerType);
  EXPECT_EQ(all[0].name, "retail.value");
  EXPECT_EQ(all[0].after, Value::text("high"));
  EXPECT_EQ(all[0].payload_json, R"({"old":"low","new":"high"})");
  EXPECT_EQ(all[0].cause.root, "17");
  EXPECT_EQ(events_after(first).size(), 1U);
  EXPECT_EQ(last_position(writer_.connection()), second);
}

TEST_F(JournalTest, TakesAnEventThatConcernsNoRecord) {
  Event event;
  event.kind = EventKind::emitted;
  event.name = "retail.season_opened";
  event.payload_json = "{}";
  journal_.add_event(event);
  EXPECT_EQ(events_after(0).at(0).record_type, -1);
}

TEST_F(JournalTest, NeverGivesASequenceTwiceAlthoughEventsAreDeleted) {
  const std::int64_t last = journal_.add_event(event(ada_));
  writer_.connection().execute("DELETE FROM kith_event");
  EXPECT_GT(journal_.add_event(event(ada_)), last);
}

TEST_F(JournalTest, RemembersWhereAConsumerStands) {
  EXPECT_EQ(journal_.cursor("erp"), 0);
  journal_.set_cursor("erp", 7);
  journal_.set_cursor("erp", 9);
  EXPECT_EQ(journal_.cursor("erp"), 9);
  EXPECT_EQ(journal_.cursor("hr"), 0);
}

TEST_F(JournalTest, ClosesTheStateThatIsLeftAndOnlyThatLifecycles) {
  journal_.add_transition(entered(ada_, "customer.lifecycle", "lead", 10));
  journal_.add_transition(entered(ada_, "retail.shopper_state", "new", 11));
  journal_.add_transition(entered(eve_, "customer.lifecycle", "lead", 12));
  journal_.add_transition(entered(ada_, "customer.lifecycle", "qualified", 20));
  const std::vector<TransitionRow> rows = journal_.transitions(kCustomerType, ada_);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].to_state, "lead");
  EXPECT_EQ(rows[0].left_us, 20);
  EXPECT_EQ(rows[1].lifecycle, "retail.shopper_state");
  EXPECT_EQ(rows[1].left_us, std::nullopt);
  EXPECT_EQ(rows[2].to_state, "qualified");
  EXPECT_EQ(journal_.transitions(kCustomerType, eve_).at(0).left_us, std::nullopt);
}

TEST_F(JournalTest, ShowsEdgesFromBothEndsOnADay) {
  const RecordId acme = new_id();
  journal_.add_edge(works_for(ada_, acme, 100));
  journal_.add_edge(works_for(eve_, acme, 100, 200));
  const auto people = [&](std::int64_t day, bool all) {
    return journal_.edges("works_for", kCustomerType, acme, false, day, all).size();
  };
  EXPECT_EQ(people(99, false), 0U) << "not yet";
  EXPECT_EQ(people(100, false), 2U);
  EXPECT_EQ(people(199, false), 2U);
  EXPECT_EQ(people(200, false), 1U) << "an edge ends on its last day's start";
  EXPECT_EQ(people(0, true), 2U);
  const std::vector<Edge> of_ada = journal_.edges("works_for", kCustomerType, ada_, true, 150, false);
  ASSERT_EQ(of_ada.size(), 1U);
  EXPECT_EQ(of_ada[0].to, acme);
  EXPECT_EQ(of_ada[0].attributes_json, R"({"title":"CTO"})");
  EXPECT_THAT(journal_.edges("works_for", kCustomerType, acme, true, 150, false), IsEmpty());
  journal_.end_edge(of_ada[0].row, 150);
  EXPECT_THAT(journal_.edges("works_for", kCustomerType, ada_, true, 150, false), IsEmpty());
  EXPECT_EQ(problem_of([&] { journal_.end_edge(999, 1); }), ProblemNumber::record_not_found);
}

TEST_F(JournalTest, KnowsARecordByTheIdOfAnotherSystem) {
  journal_.add_external_id(kCustomerType, "shop", "C-1", ada_);
  journal_.add_external_id(kCustomerType, "erp", "77", ada_);
  EXPECT_EQ(journal_.by_external_id(kCustomerType, "shop", "C-1"), ada_);
  EXPECT_EQ(journal_.by_external_id(kCustomerType, "shop", "C-2"), std::nullopt);
  EXPECT_EQ(journal_.by_external_id(kOrderType, "shop", "C-1"), std::nullopt);
  EXPECT_THAT(journal_.external_ids(kCustomerType, ada_), ElementsAre(Pair("erp", "77"), Pair("shop", "C-1")));
  EXPECT_EQ(problem_of([&] { journal_.add_external_id(kCustomerType, "shop", "C-1", eve_); }),
            ProblemNumber::not_unique);
}

}  // namespace
}  // namespace kith::internal::store
