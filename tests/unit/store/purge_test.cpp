// What is older than it has to be kept goes, in small steps; what somebody still needs stays however old it is.
#include "store/rows/purge.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/connection/bytes_by_kind.hpp"
#include "store/rows/log_reader.hpp"
#include "store/rows/work_rows.hpp"
#include "unit/store/support.hpp"

namespace kith::internal::store {
namespace {

using namespace testing;
using ::testing::ElementsAre;

constexpr std::int64_t kDayUs = 86'400'000'000;

class PurgeTest : public ::testing::Test {
 protected:
  /// A change and an emitted event, a day after the ones before.
  void day(bool change = true) {
    now_ += kDayUs;
    Journal journal(records_);
    if (change) {
      Change one;
      one.at_us = now_;
      one.record_type = kCustomerType;
      one.record = ada_;
      one.members = {{kName, {}, Value::text("a"), Value::text("b")}};
      changes_.push_back(journal.add_change(one));
    }
    Event event;
    event.at_us = now_;
    event.kind = EventKind::emitted;
    event.record_type = kCustomerType;
    event.record = ada_;
    event.name = "retail.greeted";
    event.payload_json = "{}";
    events_.push_back(journal.add_event(event));
  }
  std::int64_t run(std::int64_t event, RunState state) {
    WorkflowRun one;
    one.event = event;
    one.workflow = "retail.win_back";
    one.record_type = kCustomerType;
    one.record = ada_;
    one.state = state;
    one.at_us = now_;
    one.next_us = now_;
    one.root = event;
    return Runs(records_).add(one);
  }
  void read_to(const std::string& consumer, std::int64_t position) { Journal(records_).set_cursor(consumer, position); }
  std::int64_t purge(const History& history) {
    std::int64_t all = 0;
    for (std::int64_t rows = 1; rows > 0; all += rows) rows = Purge(records_, history, now_).step();
    return all;
  }
  std::vector<std::int64_t> numbers() const {
    std::vector<std::int64_t> out;
    Records records = records_;
    const Journal journal(records);
    LogReader reader(journal, 0);
    for (LogEntry entry; reader.next(entry);) out.push_back(entry.sequence());
    return out;
  }
  static History kept(std::optional<std::int64_t> changes, std::optional<std::int64_t> runs,
                      std::optional<std::int64_t> events) {
    const auto us = [](std::optional<std::int64_t> days) {
      return days ? std::optional(*days * kDayUs) : std::nullopt;
    };
    return {us(changes), us(runs), us(events)};
  }

  TemporaryFolder folder_;
  Store store_{folder_.file("kith.db")};
  Writer writer_ = store_.write();
  Records records_ = store_.records(writer_);
  RecordId ada_ = new_id();
  std::int64_t now_ = kNow;
  std::vector<std::int64_t> changes_, events_;
};

TEST_F(PurgeTest, TakesEventsThatAreOldAndReadAndLeavesChanges) {
  for (int i = 0; i < 5; ++i) day();
  read_to("react", events_.back());
  EXPECT_TRUE(Purge(records_, kept({}, {}, 2), now_).wanted());
  purge(kept({}, {}, 2));
  std::vector<std::int64_t> left = changes_;
  left.insert(left.end(), events_.begin() + 2, events_.end());
  std::sort(left.begin(), left.end());
  EXPECT_EQ(numbers(), left);
  EXPECT_EQ(Journal(records_).changes(kCustomerType, ada_, 0, 10).size(), 5U) << "their causes are there";
  EXPECT_FALSE(Purge(records_, kept({}, {}, 2), now_).wanted());
}

TEST_F(PurgeTest, TakesChangesOnlyWhereTheirTimeIsLimited) {
  for (int i = 0; i < 5; ++i) day();
  read_to("react", events_.back());
  purge(kept({}, {}, {}));
  EXPECT_EQ(numbers().size(), 10U);
  purge(kept(0, {}, {}));
  EXPECT_EQ(Journal(records_).changes(kCustomerType, ada_, 0, 10).size(), 1U) << "the newest stays";
  EXPECT_EQ(integer(writer_.connection(), "SELECT count(*) FROM kith_cause WHERE log = 1"), 1);
}

TEST_F(PurgeTest, KeepsWhatAConsumerHasNotRead) {
  for (int i = 0; i < 6; ++i) day(false);
  read_to("react", events_.back());
  read_to("host:erp", events_[2]);
  read_to("#clock", 1);
  purge(kept({}, {}, 0));
  EXPECT_THAT(numbers(), ElementsAre(events_[3], events_[4], events_[5]));
  read_to("host:erp", events_.back());
  purge(kept({}, {}, 0));
  EXPECT_THAT(numbers(), ElementsAre(events_[5]));
}

TEST_F(PurgeTest, KeepsWhatAFailedOrWaitingRunFollowsFrom) {
  for (int i = 0; i < 6; ++i) day(false);
  read_to("react", events_.back());
  const std::int64_t dead = run(events_[1], RunState::dead);
  run(events_[3], RunState::retry);
  purge(kept({}, 0, 0));
  EXPECT_THAT(numbers(), ElementsAre(events_[1], events_[2], events_[3], events_[4], events_[5]));
  EXPECT_EQ(Runs(records_).of_record(kCustomerType, ada_).size(), 2U);
  WorkflowRun settled = *Runs(records_).get(dead);
  settled.state = RunState::done;
  Runs(records_).update(settled);
  now_ += kDayUs;
  purge(kept({}, 0, 0));
  EXPECT_THAT(numbers(), ElementsAre(events_[3], events_[4], events_[5]));
}

TEST_F(PurgeTest, TakesRunsThatAreDoneAndOld) {
  for (int i = 0; i < 4; ++i) {
    day(false);
    run(events_.back(), i % 2 == 0 ? RunState::done : RunState::skipped);
  }
  purge(kept({}, 1, {}));
  EXPECT_EQ(Runs(records_).of_record(kCustomerType, ada_).size(), 2U);
}

TEST_F(PurgeTest, RemembersThatAWorkflowRanForARecordWhenTheRunIsGone) {
  day(false);
  run(events_.back(), RunState::done);  // of a bundle that is not loaded: whether it may run again is not known
  now_ += 10 * kDayUs;
  purge(kept({}, 1, {}));
  EXPECT_TRUE(Runs(records_).of_record(kCustomerType, ada_).empty());
  EXPECT_TRUE(Runs(records_).ran_for_record("retail.win_back", ada_));
  EXPECT_FALSE(Runs(records_).ran_for_record("retail.win_back", new_id()));
}

TEST_F(PurgeTest, TakesTheRowsOfALargeTransactionInPieces) {
  Journal journal(records_);
  Change one;
  one.at_us = now_ + 1;
  one.record_type = kCustomerType;
  one.members = {{kName, {}, Value::text("a"), Value::text("b")}};
  for (int i = 0; i < 9'000; ++i) {
    one.record = new_id();
    changes_.push_back(journal.add_change(one));
  }
  ASSERT_EQ(integer(writer_.connection(), "SELECT count(*) FROM kith_cause"), 1);
  day();
  day();
  read_to("react", events_.back());
  const History history = kept(0, {}, {});
  std::int64_t all = 0, pieces = 0;
  for (std::int64_t rows = Purge(records_, history, now_).step(); rows > 0; ++pieces) {
    EXPECT_LE(rows, 2'000);
    all += rows;
    const std::vector<std::int64_t> left = numbers();
    if (all < 9'000) {
      EXPECT_EQ(left.size(), 9'000U + 4U - static_cast<std::size_t>(all)) << "readers find what is left";
      EXPECT_EQ(left.front(), changes_[static_cast<std::size_t>(all)]);
    }
    rows = Purge(records_, history, now_).step();
  }
  EXPECT_EQ(all, 9'001);
  EXPECT_GE(pieces, 5);
  EXPECT_THAT(numbers(), ElementsAre(events_[0], changes_.back(), events_[1]));
}

TEST_F(PurgeTest, TakesOldRowsWhateverOthersWroteBetweenThem) {
  Records theirs(writer_.connection(), *store_.layout, tenant_number(writer_.connection(), "globex", true));
  Journal other(theirs);
  for (int i = 0; i < 3; ++i) {
    day();
    for (int j = 0; j < 2'500; ++j) {
      Event event;
      event.at_us = now_;
      event.kind = EventKind::emitted;
      event.record_type = kCustomerType;
      event.record = ada_;
      event.name = "retail.greeted";
      event.payload_json = "{}";
      other.add_event(event);
    }
  }
  read_to("react", events_.back());
  purge(kept(0, {}, 0));
  EXPECT_THAT(numbers(), ElementsAre(changes_.back(), events_.back()));
  EXPECT_EQ(other.count_after(0), 7'500);
}

TEST_F(PurgeTest, FindsRunsThatAreDoneWithoutLookingAtThoseThatFailed) {
  const StatementPtr plan = writer_.connection().prepare(
      "EXPLAIN QUERY PLAN SELECT at_us FROM kith_run INDEXED BY \"ix:kith_run:finished\" WHERE tenant = ? AND state IN "
      "(2, 3) ORDER BY event LIMIT 1");
  std::string all;
  while (plan->step()) all += std::string(plan->text(3)) + "\n";
  EXPECT_THAT(all, ::testing::HasSubstr("ix:kith_run:finished (tenant=?)"));
  EXPECT_THAT(all, ::testing::Not(::testing::HasSubstr("TEMP B-TREE")));
}

TEST_F(PurgeTest, LeavesOtherTenantsAlone) {
  for (int i = 0; i < 3; ++i) day();
  read_to("react", events_.back());
  Records theirs(writer_.connection(), *store_.layout, tenant_number(writer_.connection(), "globex", true));
  Journal(theirs).set_cursor("react", events_.back());
  EXPECT_EQ(Purge(theirs, kept(0, 0, 0), now_).step(), 0);
  EXPECT_EQ(numbers().size(), 6U);
}

TEST_F(PurgeTest, NeverGivesANumberTwice) {
  for (int i = 0; i < 5; ++i) day();
  const std::int64_t last = events_.back();
  read_to("react", last);
  purge(kept(0, 0, 0));
  writer_.commit();
  writer_.connection().begin(true);
  day();
  EXPECT_GT(changes_.back(), last);
}

TEST_F(PurgeTest, LetsFreedPagesBeUsedAgain) {
  const auto fill = [&] {
    for (int i = 0; i < 3'000; ++i) day();
    read_to("react", events_.back());
    writer_.commit();
    writer_.connection().begin(true);
  };
  const auto pages = [&] { return integer(writer_.connection(), "SELECT page_count FROM pragma_page_count"); };
  fill();
  const std::int64_t full = pages();
  for (int round = 0; round < 3; ++round) {
    purge(kept(0, 0, 0));
    const auto bytes = bytes_by_kind(writer_.connection());
    EXPECT_EQ(bytes.back().first, "free");
    EXPECT_GT(bytes.back().second, full * 4096 / 3) << "what is gone is free";
    fill();
    EXPECT_LE(pages(), full + full / 10);
  }
}

TEST_F(PurgeTest, SaysWhatTheBytesOfTheFileAreFor) {
  for (int i = 0; i < 200; ++i) day();
  writer_.commit();
  writer_.connection().begin(true);
  std::int64_t sum = 0;
  bool changes = false, records = false, due = false;
  for (const auto& [kind, size] : bytes_by_kind(writer_.connection())) {
    sum += size;
    changes = changes || (kind == "changes" && size > 4096);
    records = records || kind == "records";
    due = due || kind == "due work";
  }
  EXPECT_TRUE(changes && records && due);
  EXPECT_EQ(sum, integer(writer_.connection(),
                         "SELECT c.page_count * s.page_size FROM pragma_page_count AS c, pragma_page_size AS s"));
}

}  // namespace
}  // namespace kith::internal::store
