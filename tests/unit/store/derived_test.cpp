#include "store/rows/derived_rows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/problem/error.hpp"
#include "base/time/time.hpp"
#include "store/layout/tables.hpp"
#include "unit/store/support.hpp"

namespace kith::internal::store {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class DerivedTest : public ::testing::Test {
 protected:
  /// A new customer; in the order in which they are made.
  RecordId customer(const std::string& name) {
    Record record{new_id(), true, empty_row(store_.catalog->type(kCustomerType))};
    record.values[kName] = Value::text(name);
    rids_[record.id] = records_.insert(kCustomerType, record);
    return record.id;
  }
  DerivedRow row_of(std::int64_t until) {
    DerivedRow row;
    row.as_of = kNow;
    row.epoch = store_.layout->numbers().generation;
    row.slots.resize(3);
    row.slots[kSpendRollup].until = until;
    return row;
  }
  void settle(const RecordId& id, std::int64_t until) { derived_.insert(kCustomerType, rids_.at(id), row_of(until)); }

  TemporaryFolder folder_;
  Store store_{folder_.file("kith.db")};
  Writer writer_ = store_.write();
  Records records_ = store_.records(writer_);
  DerivedRows derived_{records_};
  std::map<RecordId, std::int64_t> rids_;
};

TEST_F(DerivedTest, BringsBackValuesBandsAndSpans) {
  const RecordId ada = customer("Ada");
  DerivedRow row = row_of(kForever);
  row.settled_to = 7;
  row.slots[kSpendRollup].value = Value::money(500, kEuro);
  row.slots[kValueScore] = {Value::real(71.5), Value::text("high"), kNow + 1};
  row.slots[kHiddenTrigger].value = Value::boolean(true);
  derived_.insert(kCustomerType, rids_.at(ada), row);
  const DerivedRow found = derived_.load(kCustomerType, rids_.at(ada));
  EXPECT_TRUE(found.present);
  EXPECT_EQ(found.as_of, kNow);
  EXPECT_EQ(found.settled_to, 7);
  EXPECT_EQ(found.epoch, row.epoch);
  EXPECT_EQ(found.slots[kSpendRollup].value, Value::money(500, kEuro));
  EXPECT_EQ(found.slots[kSpendRollup].until, kForever);
  EXPECT_EQ(found.slots[kValueScore].value, Value::real(71.5));
  EXPECT_EQ(found.slots[kValueScore].band, Value::text("high"));
  EXPECT_EQ(found.slots[kValueScore].until, kNow + 1);
  EXPECT_TRUE(found.slots[kHiddenTrigger].value.is_true());
  EXPECT_EQ(found.next_until(), kNow + 1);
}

TEST_F(DerivedTest, KnowsARowOfNullsFromNoRow) {
  const RecordId ada = customer("Ada");
  EXPECT_FALSE(derived_.load(kCustomerType, rids_.at(ada)).present);
  settle(ada, kForever);
  EXPECT_TRUE(derived_.load(kCustomerType, rids_.at(ada)).present);
  EXPECT_TRUE(derived_.load(kCustomerType, rids_.at(ada)).slots[kSpendRollup].value.is_null());
}

TEST_F(DerivedTest, ReplacesTheWholeRowAndLetsItGo) {
  const RecordId ada = customer("Ada");
  settle(ada, kNow + 5);
  DerivedRow row = row_of(kForever);
  row.slots[kValueScore] = {Value::real(1), Value::text("low"), kForever};
  derived_.update(kCustomerType, rids_.at(ada), row);
  EXPECT_EQ(derived_.load(kCustomerType, rids_.at(ada)).slots[kSpendRollup].until, kForever);
  EXPECT_EQ(derived_.load(kCustomerType, rids_.at(ada)).slots[kValueScore].value.d, 1.0);
  EXPECT_EQ(integer(writer_.connection(), "SELECT count(*) FROM customer__d"), 1);
  derived_.remove(kCustomerType, rids_.at(ada));
  EXPECT_FALSE(derived_.load(kCustomerType, rids_.at(ada)).present);
}

TEST_F(DerivedTest, FindsWhatIsDueEarliestFirst) {
  const RecordId late = customer("late"), early = customer("early"), never = customer("never"),
                 later = customer("later");
  settle(late, kNow);
  settle(early, kNow - 10);
  settle(never, kForever);
  settle(later, kNow + 1);
  EXPECT_THAT(derived_.due(kCustomerType, kNow, 10), ElementsAre(early, late));
  EXPECT_THAT(derived_.due(kCustomerType, kNow, 1), ElementsAre(early));
  EXPECT_EQ(derived_.count_due(kCustomerType, kNow), 2);
  EXPECT_EQ(derived_.next_due(kCustomerType), kNow - 10);
  EXPECT_EQ(derived_.next_due(kOrderType), std::nullopt);
}

TEST_F(DerivedTest, FindsLiveRecordsThatAreBehindAnEpoch) {
  const RecordId none = customer("none"), old = customer("old"), current = customer("current"),
                 removed = customer("removed");
  DerivedRow row = row_of(kForever);
  const std::int64_t epoch = row.epoch;
  derived_.insert(kCustomerType, rids_.at(current), row);
  row.epoch = epoch - 1;
  derived_.insert(kCustomerType, rids_.at(old), row);
  records_.remove(kCustomerType, removed, kNow);
  EXPECT_THAT(derived_.behind(kCustomerType, epoch, RecordId{}, 10), ElementsAre(none, old));
  EXPECT_THAT(derived_.behind(kCustomerType, epoch, none, 10), ElementsAre(old));
  EXPECT_THAT(derived_.behind(kCustomerType, epoch, RecordId{}, 1), ElementsAre(none));
}

TEST_F(DerivedTest, FindsDueRecordsThroughTheIndexOfTheirTable) {
  const RecordSql& sql = store_.layout->tables().record(kCustomerType);
  for (const std::string& text : {sql.due, sql.next_due, sql.count_due}) {
    std::string plan;
    const StatementPtr rows = writer_.connection().prepare("EXPLAIN QUERY PLAN " + text);
    while (rows->step()) plan.append(rows->text(3)).append("; ");
    EXPECT_THAT(plan, HasSubstr("INDEX ix:customer__d:next_until"));
    EXPECT_THAT(plan, ::testing::Not(HasSubstr("TEMP B-TREE")));
  }
}

TEST_F(DerivedTest, AddsWhatBecomesStaleToWhatIs) {
  const RecordId ada = new_id();
  EXPECT_FALSE(derived_.any_dirty(kCustomerType));
  derived_.add_dirty(kCustomerType, ada, {{kSpendRollup}, {}, {"1", 0, true, ""}});
  derived_.add_dirty(kCustomerType, ada, {{}, {kValueScore}, {"2", 3, true, "workflow retail.win_back"}});
  derived_.add_dirty(kCustomerType, ada, {{}, {kHiddenTrigger}, {"3", 5, false, "import imp_1"}});
  const std::optional<DirtyRow> dirty = derived_.dirty(kCustomerType, ada);
  ASSERT_TRUE(dirty.has_value());
  EXPECT_THAT(dirty->hard, ElementsAre(kSpendRollup));
  EXPECT_THAT(dirty->soft, ElementsAre(kValueScore, kHiddenTrigger));
  EXPECT_EQ(dirty->cause.root, "2") << "the deepest that lets automation run";
  EXPECT_EQ(dirty->cause.depth, 3);
  EXPECT_TRUE(derived_.any_dirty(kCustomerType));
  EXPECT_FALSE(derived_.any_dirty(kOrderType));
  derived_.clear_dirty(kCustomerType, ada);
  EXPECT_EQ(derived_.dirty(kCustomerType, ada), std::nullopt);
}

TEST_F(DerivedTest, ListsStaleRecordsOnceEachInTheirOrder) {
  const RecordId one = new_id(), two = new_id();
  for (int i = 0; i < 3; ++i) derived_.add_dirty(kCustomerType, one, {{kSpendRollup}, {}, {}});
  derived_.add_dirty(kCustomerType, two, {{kValueScore}, {}, {}});
  derived_.add_dirty(kOrderType, new_id(), {{}, {}, {}});
  EXPECT_EQ(derived_.count_dirty(kCustomerType), 2);
  EXPECT_THAT(derived_.dirty_records(kCustomerType, {}, 10), ElementsAre(std::min(one, two), std::max(one, two)));
  EXPECT_THAT(derived_.dirty_records(kCustomerType, std::min(one, two), 10), ElementsAre(std::max(one, two)));
  EXPECT_THAT(derived_.dirty_records(kCustomerType, {}, 1), SizeIs(1));
}

TEST_F(DerivedTest, KeepsMarksOverATypeAndNeverUsesTheirNumbersAgain) {
  ScopeMark mark;
  mark.record_type = kCustomerType;
  mark.at_us = kNow;
  mark.derivations = {kSpendRollup, kHiddenTrigger};
  mark.cause = {"9", 1, true, ""};
  const ScopeMark first = derived_.add_scope(mark);
  ASSERT_THAT(derived_.scopes(), SizeIs(1));
  EXPECT_THAT(derived_.scopes()[0].derivations, ElementsAre(kSpendRollup, kHiddenTrigger));
  EXPECT_EQ(derived_.scopes()[0].at_us, kNow);
  EXPECT_EQ(derived_.scopes()[0].cause.root, "9");
  const RecordId place = new_id();
  derived_.advance_scope(first, place);
  EXPECT_EQ(derived_.scopes()[0].after, place);
  derived_.remove_scope(first);
  EXPECT_THAT(derived_.scopes(), IsEmpty());
  EXPECT_GT(derived_.add_scope(mark).row, first.row) << "a row settled to the first would count as settled to this one";
}

TEST_F(DerivedTest, RemembersHowFarABackfillCame) {
  EXPECT_EQ(derived_.backfill(kCustomerType).epoch, 0);
  const RecordId place = new_id();
  derived_.set_backfill(kCustomerType, {3, place});
  derived_.set_backfill(kCustomerType, {4, place});
  EXPECT_EQ(derived_.backfill(kCustomerType).epoch, 4);
  EXPECT_EQ(derived_.backfill(kCustomerType).after, place);
  EXPECT_EQ(derived_.backfill(kOrderType).epoch, 0);
}

}  // namespace
}  // namespace kith::internal::store
