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

class DerivedTest : public ::testing::Test {
 protected:
  RecordId customer(const std::string& name) {
    Record record{new_id(), true, empty_row(store_.catalog->type(kCustomerType))};
    record.values[kName] = Value::text(name);
    records_.insert(kCustomerType, record);
    return record.id;
  }
  std::int64_t fingerprint(std::int32_t derivation) const {
    return store_.layout->numbers().fingerprint[static_cast<std::size_t>(derivation)];
  }
  void store_spend(const RecordId& id, std::int64_t minor, std::int64_t until) {
    records_.store_derived(kSpendRollup, id,
                           {true, Value::money(minor, kEuro), {}, kNow, until, fingerprint(kSpendRollup)});
  }

  TemporaryFolder folder_;
  Store store_{folder_.file("kith.db")};
  Writer writer_ = store_.write();
  Records records_ = store_.records(writer_);
};

TEST_F(DerivedTest, BringsBackValueBandAndSpan) {
  const RecordId ada = customer("Ada");
  records_.store_derived(kValueScore, ada,
                         {true, Value::real(71.5), Value::text("high"), kNow, kNow + 1, fingerprint(kValueScore)});
  const Derived found = records_.load_derived(kValueScore, ada);
  EXPECT_TRUE(found.present);
  EXPECT_EQ(found.value, Value::real(71.5));
  EXPECT_EQ(found.band, Value::text("high"));
  EXPECT_EQ(found.as_of, kNow);
  EXPECT_EQ(found.until, kNow + 1);
  EXPECT_EQ(found.fingerprint, fingerprint(kValueScore));
}

TEST_F(DerivedTest, KnowsAStoredNullFromNothingStored) {
  const RecordId ada = customer("Ada");
  EXPECT_FALSE(records_.load_derived(kSpendRollup, ada).present);
  records_.store_derived(kSpendRollup, ada, {true, Value::null(), {}, kNow, kForever, fingerprint(kSpendRollup)});
  EXPECT_TRUE(records_.load_derived(kSpendRollup, ada).present);
  EXPECT_TRUE(records_.load_derived(kSpendRollup, ada).value.is_null());
  EXPECT_FALSE(records_.load_derived(kValueScore, ada).present) << "another derivation of the same row";
}

TEST_F(DerivedTest, ReplacesOneValueAndLeavesTheOthers) {
  const RecordId ada = customer("Ada");
  store_spend(ada, 100, kForever);
  records_.store_derived(kValueScore, ada,
                         {true, Value::real(1), Value::text("low"), kNow, kForever, fingerprint(kValueScore)});
  store_spend(ada, 200, kNow + 5);
  EXPECT_EQ(records_.load_derived(kSpendRollup, ada).value.i, 200);
  EXPECT_EQ(records_.load_derived(kValueScore, ada).value.d, 1.0);
  EXPECT_EQ(integer(writer_.connection(), "SELECT count(*) FROM customer__d"), 1);
}

TEST_F(DerivedTest, KeepsTheHiddenValueOfATrigger) {
  const RecordId ada = customer("Ada");
  records_.store_derived(kHiddenTrigger, ada,
                         {true, Value::boolean(true), {}, kNow, kForever, fingerprint(kHiddenTrigger)});
  EXPECT_TRUE(records_.load_derived(kHiddenTrigger, ada).value.is_true());
}

TEST_F(DerivedTest, FindsWhatIsDueEarliestFirst) {
  const RecordId late = customer("late"), early = customer("early"), never = customer("never"),
                 later = customer("later");
  store_spend(late, 1, kNow);
  store_spend(early, 1, kNow - 10);
  store_spend(never, 1, kForever);
  store_spend(later, 1, kNow + 1);
  EXPECT_THAT(records_.due(kSpendRollup, kNow, 10), ElementsAre(early, late));
  EXPECT_THAT(records_.due(kSpendRollup, kNow, 1), ElementsAre(early));
  EXPECT_THAT(records_.due(kSpendRollup, kForever, 10), ElementsAre(early, late, later));
  EXPECT_EQ(records_.next_due(kSpendRollup), kNow - 10);
  EXPECT_EQ(records_.next_due(kValueScore), std::nullopt);
}

TEST_F(DerivedTest, LowersAnEndButNeverRaisesIt) {
  const RecordId ada = customer("Ada");
  store_spend(ada, 1, kNow + 100);
  records_.lower_until(kSpendRollup, ada, kNow + 200);
  EXPECT_EQ(records_.load_derived(kSpendRollup, ada).until, kNow + 100);
  records_.lower_until(kSpendRollup, ada, kNow + 50);
  EXPECT_EQ(records_.load_derived(kSpendRollup, ada).until, kNow + 50);
  records_.lower_until(kValueScore, ada, kNow);
  EXPECT_FALSE(records_.load_derived(kValueScore, ada).present);
}

TEST_F(DerivedTest, FindsLiveRecordsWithoutACurrentValue) {
  const RecordId none = customer("none"), old = customer("old"), current = customer("current"),
                 removed = customer("removed");
  store_spend(current, 1, kForever);
  records_.store_derived(kSpendRollup, old,
                         {true, Value::money(1, kEuro), {}, kNow, kForever, fingerprint(kSpendRollup) + 1});
  records_.remove(kCustomerType, removed, kNow);
  EXPECT_THAT(records_.missing(kSpendRollup, RecordId{}, 10), ElementsAre(none, old));
  EXPECT_THAT(records_.missing(kSpendRollup, none, 10), ElementsAre(old));
  EXPECT_THAT(records_.missing(kSpendRollup, RecordId{}, 1), ElementsAre(none));
}

TEST_F(DerivedTest, LetsARemovedRecordNeitherBeDueNorCountAsCurrentLater) {
  const RecordId ada = customer("Ada");
  store_spend(ada, 7, kNow - 1);
  records_.remove(kCustomerType, ada, kNow);
  EXPECT_THAT(records_.due(kSpendRollup, kNow, 10), IsEmpty());
  EXPECT_EQ(records_.next_due(kSpendRollup), std::nullopt);
  const Derived kept = records_.load_derived(kSpendRollup, ada);
  EXPECT_EQ(kept.value.i, 7);
  EXPECT_NE(kept.fingerprint, fingerprint(kSpendRollup));
}

TEST_F(DerivedTest, FindsDueValuesThroughTheirIndex) {
  const DerivationSql& sql = store_.layout->tables().derivation(kSpendRollup);
  for (const std::string& text : {sql.due, sql.next_due}) {
    std::string plan;
    const StatementPtr rows = writer_.connection().prepare("EXPLAIN QUERY PLAN " + text);
    while (rows->step()) plan.append(rows->text(3)).append("; ");
    EXPECT_THAT(plan, HasSubstr("COVERING INDEX ix:customer__d:retail__spend__until"));
    EXPECT_THAT(plan, ::testing::Not(HasSubstr("TEMP B-TREE")));
  }
}

TEST_F(DerivedTest, NamesItsColumnsForQueries) {
  const Layout::DerivedColumns columns = store_.layout->derived_columns(kValueScore);
  EXPECT_EQ(columns.value, "\"retail__value\"");
  EXPECT_EQ(columns.band, "\"retail__value_band\"");
  EXPECT_EQ(columns.until, "\"retail__value__until\"");
}

}  // namespace
}  // namespace kith::internal::store
