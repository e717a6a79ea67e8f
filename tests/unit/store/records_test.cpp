#include "store/rows/records.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "base/problem/error.hpp"
#include "store/connection/sqlite_connection.hpp"
#include "unit/store/support.hpp"

namespace kith::internal::store {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

class RecordsTest : public ::testing::Test {
 protected:
  Record customer(const std::string& name) {
    Record record{new_id(), true, empty_row(store_.catalog->type(kCustomerType))};
    record.values[kName] = Value::text(name);
    return record;
  }
  Record order(const std::string& number, const RecordId& of, std::int64_t total) {
    Record record{new_id(), true, empty_row(store_.catalog->type(kOrderType))};
    record.values[kNumber] = Value::text(number);
    record.values[kCustomer] = Value::ref(kCustomerType, of);
    record.values[kTotal] = Value::money(total, kEuro);
    return record;
  }

  TemporaryFolder folder_;
  Store store_{folder_.file("kith.db")};
  Writer writer_ = store_.write();
  Records records_ = store_.records(writer_);
};

TEST_F(RecordsTest, BringsBackAValueOfEveryKind) {
  Record record = customer("Zoë \"Ω\" O'Neil; DROP TABLE customer");
  record.values[kEmail] = Value::text("zoe@example.com");
  record.values[kSize] = Value::integer(INT64_MIN);
  record.values[kRating] = Value::real(0.1);
  record.values[kActive] = Value::boolean(false);
  record.values[kBorn] = Value::date(-719'162);
  record.values[kSeen] = Value::timestamp(INT64_MAX);
  record.values[kLimit] = Value::money(-1, kEuro);
  record.values[kKind] = Value::text("person");
  record.values[kTags] = Value::json(R"(["a","b"])");
  record.values[kParent] = Value::ref(kCustomerType, new_id());
  record.values[kSubject] = Value::ref(kOrderType, new_id());
  record.values[kWait] = Value::duration(86'400'000'000);
  record.values[kTier] = Value::text("");
  records_.insert(kCustomerType, record);
  const auto loaded = records_.load(kCustomerType, record.id);
  ASSERT_TRUE(loaded.has_value());
  EXPECT_EQ(loaded->id, record.id);
  EXPECT_TRUE(loaded->live);
  EXPECT_THAT(loaded->values, ElementsAreArray(record.values));
}

TEST_F(RecordsTest, BringsBackNothingAsNull) {
  const Record record{new_id(), true, empty_row(store_.catalog->type(kCustomerType))};
  records_.insert(kCustomerType, record);
  const auto loaded = records_.load(kCustomerType, record.id);
  ASSERT_TRUE(loaded.has_value());
  for (const Value& value : loaded->values) EXPECT_TRUE(value.is_null());
}

TEST_F(RecordsTest, StoresAnUnknownValueAsNull) {
  Record record = customer("Ada");
  record.values[kSize] = Value::unknown();
  records_.insert(kCustomerType, record);
  EXPECT_TRUE(records_.load(kCustomerType, record.id)->values[kSize].is_null());
}

TEST_F(RecordsTest, WritesOnlyTheChangedMembers) {
  Record record = customer("Ada");
  record.values[kSize] = Value::integer(1);
  record.values[kSubject] = Value::ref(kOrderType, new_id());
  records_.insert(kCustomerType, record);
  Row changed = empty_row(store_.catalog->type(kCustomerType));
  changed[kSize] = Value::integer(2);
  changed[kSubject] = Value::ref(kCustomerType, record.id);
  const std::int32_t members[] = {kSize, kSubject};
  records_.update(kCustomerType, record.id, changed, members);
  const Row after = records_.load(kCustomerType, record.id)->values;
  EXPECT_EQ(after[kName].s, "Ada");
  EXPECT_EQ(after[kSize].i, 2);
  EXPECT_EQ(after[kSubject], Value::ref(kCustomerType, record.id));
  const std::int32_t only_subject[] = {kSubject};
  records_.update(kCustomerType, record.id, empty_row(store_.catalog->type(kCustomerType)), only_subject);
  EXPECT_TRUE(records_.load(kCustomerType, record.id)->values[kSubject].is_null());
}

TEST_F(RecordsTest, SaysSoWhenTheRecordToUpdateIsNotThere) {
  const std::int32_t members[] = {kName};
  EXPECT_EQ(problem_of([&] { records_.update(kCustomerType, new_id(), customer("x").values, members); }),
            ProblemNumber::record_not_found);
  EXPECT_EQ(problem_of([&] { records_.remove(kCustomerType, new_id(), kNow); }), ProblemNumber::record_not_found);
}

TEST_F(RecordsTest, KeepsARemovedRecordButShowsItOnlyWhenAsked) {
  const Record record = customer("Ada");
  records_.insert(kCustomerType, record);
  EXPECT_TRUE(records_.is_live(kCustomerType, record.id));
  records_.remove(kCustomerType, record.id, kNow);
  EXPECT_FALSE(records_.is_live(kCustomerType, record.id));
  EXPECT_FALSE(records_.load(kCustomerType, record.id).has_value());
  const auto removed = records_.load(kCustomerType, record.id, true);
  ASSERT_TRUE(removed.has_value());
  EXPECT_FALSE(removed->live);
  EXPECT_EQ(removed->values[kName].s, "Ada");
  EXPECT_EQ(records_.count(kCustomerType), 0);
  EXPECT_THAT(records_.ids_after(kCustomerType, RecordId{}, 10), IsEmpty());
}

TEST_F(RecordsTest, DemandsUniqueValuesOfLiveRecordsOnly) {
  Record first = customer("Ada"), second = customer("Eve");
  first.values[kEmail] = second.values[kEmail] = Value::text("ada@example.com");
  records_.insert(kCustomerType, first);
  EXPECT_EQ(problem_of([&] { records_.insert(kCustomerType, second); }), ProblemNumber::not_unique);
  records_.remove(kCustomerType, first.id, kNow);
  EXPECT_NO_THROW(records_.insert(kCustomerType, second));
  EXPECT_NO_THROW(records_.insert(kCustomerType, customer("without an address")));
  EXPECT_NO_THROW(records_.insert(kCustomerType, customer("neither")));
}

TEST_F(RecordsTest, KeepsTenantsApart) {
  const std::int64_t globex = tenant_number(writer_.connection(), "globex", true);
  Records theirs(writer_.connection(), *store_.layout, globex);
  Record ours = customer("Ada");
  ours.values[kEmail] = Value::text("ada@example.com");
  records_.insert(kCustomerType, ours);
  EXPECT_NO_THROW(theirs.insert(kCustomerType, ours)) << "the same id and address belong to two tenants";
  theirs.remove(kCustomerType, ours.id, kNow);
  EXPECT_TRUE(records_.is_live(kCustomerType, ours.id));
  EXPECT_EQ(theirs.count(kCustomerType), 0);
}

TEST_F(RecordsTest, FindsTheLiveRecordOfAUniqueSet) {
  const Record ada = customer("Ada"), eve = customer("Eve");
  records_.insert(kCustomerType, ada);
  records_.insert(kCustomerType, eve);
  const Record first = order("A-1", ada.id, 100);
  records_.insert(kOrderType, first);
  records_.insert(kOrderType, order("A-1", eve.id, 200));
  const std::int32_t members[] = {kNumber, kCustomer};
  const Value of_ada[] = {Value::text("A-1"), Value::ref(kCustomerType, ada.id)};
  EXPECT_EQ(records_.find(kOrderType, members, of_ada), first.id);
  const Value of_nobody[] = {Value::text("A-1"), Value::null()};
  EXPECT_EQ(records_.find(kOrderType, members, of_nobody), std::nullopt);
  records_.remove(kOrderType, first.id, kNow);
  EXPECT_EQ(records_.find(kOrderType, members, of_ada), std::nullopt);
  const Value subject[] = {Value::ref(kOrderType, first.id)};
  const std::int32_t subject_member[] = {kSubject};
  EXPECT_EQ(records_.find(kCustomerType, subject_member, subject), std::nullopt);
}

TEST_F(RecordsTest, VisitsTheLiveChildrenInIdOrder) {
  const Record ada = customer("Ada"), eve = customer("Eve");
  records_.insert(kCustomerType, ada);
  records_.insert(kCustomerType, eve);
  std::vector<Record> orders;
  for (int i = 0; i < 5; ++i) orders.push_back(order("A-" + std::to_string(i), ada.id, i));
  records_.insert(kOrderType, order("E-1", eve.id, 900));
  for (const int i : {3, 0, 4, 2, 1}) records_.insert(kOrderType, orders[static_cast<std::size_t>(i)]);
  records_.remove(kOrderType, orders[2].id, kNow);
  std::vector<std::int64_t> totals;
  records_.children(kOrderType, kCustomer, ada.id, [&](Record&& child) { totals.push_back(child.values[kTotal].i); });
  EXPECT_THAT(totals, ElementsAre(0, 1, 3, 4));
  EXPECT_EQ(records_.child_ids(kOrderType, kCustomer, ada.id, false).size(), 4U);
  EXPECT_EQ(records_.child_ids(kOrderType, kCustomer, ada.id, true).size(), 5U);
}

TEST_F(RecordsTest, AllowsWritesAndReadsWhileChildrenAreVisited) {
  const Record ada = customer("Ada");
  records_.insert(kCustomerType, ada);
  for (int i = 0; i < 3; ++i) records_.insert(kOrderType, order(std::to_string(i), ada.id, i));
  int nested = 0;
  records_.children(kOrderType, kCustomer, ada.id, [&](Record&&) {
    records_.children(kOrderType, kCustomer, ada.id, [&](Record&& child) {
      ++nested;
      EXPECT_TRUE(records_.load(kOrderType, child.id).has_value());
    });
  });
  EXPECT_EQ(nested, 9);
}

TEST_F(RecordsTest, PagesThroughIdsInOrder) {
  std::vector<RecordId> ids;
  for (int i = 0; i < 25; ++i) {
    const Record record = customer(std::to_string(i));
    records_.insert(kCustomerType, record);
    ids.push_back(record.id);
  }
  std::sort(ids.begin(), ids.end());
  std::vector<RecordId> seen;
  for (RecordId after;;) {
    const std::vector<RecordId> page = records_.ids_after(kCustomerType, after, 10);
    if (page.empty()) break;
    seen.insert(seen.end(), page.begin(), page.end());
    after = page.back();
  }
  EXPECT_EQ(seen, ids);
  EXPECT_EQ(records_.count(kCustomerType), 25);
}

TEST_F(RecordsTest, ReadsWithoutScanningATable) {
  const auto plan_of = [&](const std::string& sql) {
    std::string plan;
    const StatementPtr rows = writer_.connection().prepare("EXPLAIN QUERY PLAN " + sql);
    while (rows->step()) plan.append(rows->text(3)).append("; ");
    return plan;
  };
  EXPECT_THAT(plan_of("SELECT id FROM customer WHERE tenant = ? AND removed_at IS NULL AND email = ? LIMIT 1"),
              ::testing::HasSubstr("ux:customer:email"));
  EXPECT_THAT(
      plan_of("SELECT id FROM retail__order WHERE tenant = ? AND customer = ? AND removed_at IS NULL ORDER BY id"),
      ::testing::AllOf(::testing::HasSubstr("ix:retail__order:customer"),
                       ::testing::Not(::testing::HasSubstr("TEMP B-TREE"))));
}

TEST_F(RecordsTest, PreparesNothingAnewForTheSecondRecord) {
  const auto& connection = dynamic_cast<const SqliteConnection&>(writer_.connection());
  const auto work = [&](const std::string& name) {
    Record record = customer(name);
    records_.insert(kCustomerType, record);
    record.values[kSize] = Value::integer(1);
    const std::int32_t changed[] = {kSize};
    records_.update(kCustomerType, record.id, record.values, changed);
    static_cast<void>(records_.load(kCustomerType, record.id));
  };
  work("first");
  const std::int64_t after_the_first = connection.statements_prepared();
  for (int i = 0; i < 10; ++i) work("next");
  EXPECT_EQ(connection.statements_prepared(), after_the_first);
}

TEST_F(RecordsTest, BringsBackRandomRowsAsTheyWere) {
  std::mt19937_64 random(20'261'122);
  const auto chance = [&](unsigned of) { return random() % of == 0; };
  std::vector<Record> made;
  for (int i = 0; i < 300; ++i) {
    Record record{new_id(), true, empty_row(store_.catalog->type(kCustomerType))};
    const auto number = [&] { return static_cast<std::int64_t>(random()); };
    if (!chance(4)) record.values[kSize] = Value::integer(number());
    if (!chance(4))
      record.values[kRating] =
          Value::real(std::ldexp(static_cast<double>(number()), static_cast<int>(random() % 200) - 100));
    if (!chance(4)) record.values[kActive] = Value::boolean(chance(2));
    if (!chance(4)) record.values[kSeen] = Value::timestamp(number());
    if (!chance(4)) record.values[kLimit] = Value::money(number(), kEuro);
    if (!chance(4)) record.values[kSubject] = Value::ref(chance(2) ? kCustomerType : kOrderType, new_id());
    if (!chance(4)) {
      std::string name;
      for (std::uint64_t n = random() % 40; n > 0; --n) name.push_back(static_cast<char>(1 + random() % 127));
      record.values[kName] = Value::text(name);
    }
    records_.insert(kCustomerType, record);
    made.push_back(std::move(record));
  }
  for (const Record& record : made)
    ASSERT_THAT(records_.load(kCustomerType, record.id)->values, ElementsAreArray(record.values));
}

}  // namespace
}  // namespace kith::internal::store
