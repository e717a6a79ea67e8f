#include "store/layout/layout.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/problem/error.hpp"
#include "base/time/time.hpp"
#include "store/layout/orphans.hpp"
#include "store/layout/tables.hpp"
#include "unit/store/support.hpp"

namespace kith::internal::store {
namespace {

using namespace testing;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class LayoutTest : public ::testing::Test {
 protected:
  Plan plan_for(const Sample& sample) {
    Store& store = *store_;
    const Reader reader = store.read();
    return plan_layout(reader.connection(), *sample_catalog(sample));
  }
  /// The same file, opened with another catalog.
  void reopen(const Sample& sample) {
    store_.reset();
    store_ = std::make_unique<Store>(path_, sample);
  }
  std::string column_type_of(const std::string& table, const std::string& column) {
    const Reader reader = store_->read();
    return text(reader.connection(),
                "SELECT type FROM pragma_table_info('" + table + "') WHERE name = '" + column + "'");
  }
  std::string index_sql(const std::string& name) {
    const Reader reader = store_->read();
    return text(reader.connection(), "SELECT sql FROM sqlite_schema WHERE type = 'index' AND name = '" + name + "'");
  }

  TemporaryFolder folder_;
  std::string path_ = folder_.file("kith.db");
  std::unique_ptr<Store> store_ = std::make_unique<Store>(path_);
};

TEST_F(LayoutTest, PlansNothingForWhatIsThere) { EXPECT_TRUE(plan_for({}).empty()); }

TEST_F(LayoutTest, PlansWithoutWriting) {
  Sample more;
  more.with_note = true;
  EXPECT_FALSE(plan_for(more).empty());
  EXPECT_FALSE(plan_for(more).empty());
  EXPECT_EQ(column_type_of("customer", "retail__note"), "");
}

TEST_F(LayoutTest, GivesEveryKindItsColumnType) {
  const std::pair<const char*, const char*> expected[] = {
      {"name", "TEXT"},    {"size", "INTEGER"}, {"rating", "REAL"},          {"active", "INTEGER"},
      {"born", "INTEGER"}, {"seen", "INTEGER"}, {"credit_limit", "INTEGER"}, {"kind", "TEXT"},
      {"tags", "TEXT"},    {"parent", "BLOB"},  {"subject", "BLOB"},         {"subject__type", "INTEGER"}};
  for (const auto& [column, type] : expected) EXPECT_EQ(column_type_of("customer", column), type) << column;
  EXPECT_EQ(column_type_of("customer", "retail__orders"), "") << "a set has no column";
  EXPECT_EQ(column_type_of("customer__d", "retail__win_back#trigger__until"), "INTEGER");
}

TEST_F(LayoutTest, PutsTheTenantFirstInEveryKeyOfATenantsTable) {
  const Reader reader = store_->read();
  const StatementPtr rows = reader.connection().prepare(
      "SELECT m.name, i.name, (SELECT c.name FROM pragma_index_info(i.name) AS c WHERE c.seqno = 0) FROM sqlite_schema "
      "AS m "
      "JOIN pragma_index_list(m.name) AS i WHERE m.type = 'table' AND EXISTS "
      "(SELECT 1 FROM pragma_table_info(m.name) AS t WHERE t.name = 'tenant')");
  int seen = 0;
  for (; rows->step(); ++seen) EXPECT_EQ(rows->text(2), "tenant") << rows->text(0) << " " << rows->text(1);
  EXPECT_GT(seen, 20);
}

TEST_F(LayoutTest, MakesOnlyStrictTables) {
  const Reader reader = store_->read();
  EXPECT_EQ(integer(reader.connection(),
                    "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND sql NOT "
                    "LIKE '%STRICT%'"),
            0);
}

TEST_F(LayoutTest, AddsAColumnAndKeepsTheRows) {
  const RecordId ada = store_->add_customer("Ada");
  Sample more;
  more.with_note = true;
  EXPECT_THAT(plan_for(more).steps, Contains(Field(&PlanStep::what, "add column retail__note to customer")));
  reopen(more);
  const Reader reader = store_->read();
  const auto record = store_->records(reader).load(kCustomerType, ada);
  ASSERT_TRUE(record.has_value());
  EXPECT_EQ(record->values[kName].s, "Ada");
  EXPECT_TRUE(record->values.back().is_null());
}

TEST_F(LayoutTest, CanBeAppliedAgainAfterAFailureHalfWay) {
  Sample more;
  more.with_note = true;
  const auto catalog = sample_catalog(more);
  {
    Writer writer = store_->write();
    Plan plan = plan_layout(writer.connection(), *catalog);
    plan.steps.push_back({"fail", "THIS IS NO SQL"});
    EXPECT_THROW(apply_layout(writer.connection(), *catalog, plan, kNow), Error);
  }
  reopen(more);
  EXPECT_EQ(column_type_of("customer", "retail__note"), "TEXT");
  EXPECT_TRUE(plan_for(more).empty());
}

TEST_F(LayoutTest, OpensItsOwnTransactionWhenThereIsNone) {
  Sample more;
  more.with_note = true;
  const auto catalog = sample_catalog(more);
  Writer writer = store_->write();
  writer.commit();
  apply_layout(writer.connection(), *catalog, plan_layout(writer.connection(), *catalog), kNow);
  EXPECT_FALSE(writer.connection().in_transaction());
  EXPECT_TRUE(plan_layout(writer.connection(), *catalog).empty());
}

TEST_F(LayoutTest, OrphansTheDataOfABundleThatIsNotLoadedAndRejoinsIt) {
  const RecordId ada = store_->add_customer("Ada");
  {
    Writer writer = store_->write();
    Row values = empty_row(store_->catalog->type(kCustomerType));
    values[kTier] = Value::text("gold");
    const std::int32_t changed[] = {kTier};
    store_->records(writer).update(kCustomerType, ada, values, changed);
    writer.commit();
  }
  const std::int64_t order_number = store_->layout->lasting_type(kOrderType);
  Sample without;
  without.retail = false;
  reopen(without);
  {
    const Reader reader = store_->read();
    const std::vector<Orphan> found = orphans(reader.connection());
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].bundle, "retail");
    EXPECT_EQ(found[0].version, "0.1.0");
    EXPECT_EQ(found[0].types, 1);
    EXPECT_EQ(found[0].fields, 4);
    EXPECT_EQ(store_->layout->numbers().type_of(order_number), -1);
    EXPECT_EQ(text(reader.connection(), "SELECT state FROM kith_member WHERE name = 'retail.tier'"), "orphaned");
  }
  EXPECT_FALSE(index_sql("ix:retail__order:customer").empty()) << "the index waits for its bundle";
  reopen({});
  const Reader reader = store_->read();
  EXPECT_THAT(orphans(reader.connection()), IsEmpty());
  EXPECT_EQ(store_->records(reader).load(kCustomerType, ada)->values[kTier].s, "gold");
  EXPECT_EQ(store_->layout->lasting_type(kOrderType), order_number);
}

TEST_F(LayoutTest, RetiresAFieldThatItsBundleNoLongerDeclares) {
  Sample more;
  more.with_note = true;
  reopen(more);
  reopen({});
  const Reader reader = store_->read();
  EXPECT_EQ(text(reader.connection(), "SELECT state FROM kith_member WHERE name = 'retail.note'"), "retired");
  EXPECT_THAT(orphans(reader.connection()), IsEmpty());
}

TEST_F(LayoutTest, RefusesALossyChangeAndNamesTheField) {
  Sample changed;
  changed.tier_kind = Kind::integer;
  try {
    plan_for(changed);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.number(), ProblemNumber::lossy_change);
    EXPECT_EQ(error.first().field, "customer.retail.tier");
    EXPECT_THAT(error.first().expected, HasSubstr("text"));
    EXPECT_EQ(error.first().found, "int");
  }
}

TEST_F(LayoutTest, WidensAnIntToADoubleAndKeepsTheValues) {
  const RecordId ada = store_->add_customer("Ada");
  {
    Writer writer = store_->write();
    Row values = empty_row(store_->catalog->type(kCustomerType));
    values[kSize] = Value::integer(42);
    const std::int32_t changed[] = {kSize};
    store_->records(writer).update(kCustomerType, ada, values, changed);
    writer.commit();
  }
  Sample wide;
  wide.size_is_double = true;
  reopen(wide);
  const Reader reader = store_->read();
  EXPECT_EQ(store_->records(reader).load(kCustomerType, ada)->values[kSize], Value::real(42.0));
  EXPECT_TRUE(plan_for(wide).empty());
}

TEST_F(LayoutTest, RefusesToNarrowADoubleToAnInt) {
  Sample wide;
  wide.size_is_double = true;
  reopen(wide);
  EXPECT_EQ(problem_of([&] { plan_for({}); }), ProblemNumber::lossy_change);
}

TEST_F(LayoutTest, MakesADerivedColumnAnewWhenItsTypeChangesAndMovesItsEpoch) {
  const std::int64_t before = store_->layout->numbers().epoch[kSpendRollup];
  Sample changed;
  changed.spend_kind = Kind::real;
  reopen(changed);
  EXPECT_GT(store_->layout->numbers().epoch[kSpendRollup], before);
  EXPECT_EQ(store_->layout->numbers().type_epoch[kCustomerType], store_->layout->numbers().epoch[kSpendRollup]);
}

TEST_F(LayoutTest, MovesTheEpochOfAChangedDefinitionAndOfNoOther) {
  const LastingNumbers before = store_->layout->numbers();
  Sample changed;
  changed.spend_fingerprint = "sum(total) where paid";
  EXPECT_THAT(plan_for(changed).steps, Contains(Field(&PlanStep::what, HasSubstr("retail.spend"))));
  reopen(changed);
  const LastingNumbers& after = store_->layout->numbers();
  EXPECT_GT(after.epoch[kSpendRollup], before.epoch[kSpendRollup]);
  EXPECT_EQ(after.epoch[kHiddenTrigger], before.epoch[kHiddenTrigger]);
  EXPECT_EQ(after.generation, after.epoch[kSpendRollup]);
}

TEST_F(LayoutTest, MovesTheEpochOfWhatWasAway) {
  const std::int64_t before = store_->layout->numbers().epoch[kSpendRollup];
  Sample without;
  without.retail = false;
  reopen(without);
  reopen({});
  EXPECT_GT(store_->layout->numbers().epoch[kSpendRollup], before) << "writes in between have made nothing stale";
}

TEST_F(LayoutTest, ShowsWhatABundleLeftOnARecordThatWasRemovedSinceItWasListed) {
  const RecordId ada = store_->add_customer("Ada");
  const auto set_tier = [&] {
    Writer writer = store_->write();
    Records records = store_->records(writer);
    Row row = records.load(kCustomerType, ada)->values;
    row[kTier] = Value::text("gold");
    records.update(kCustomerType, ada, row, std::vector<std::int32_t>{kTier});
    writer.commit();
  };
  set_tier();
  Sample without;
  without.retail = false;
  reopen(without);
  Writer writer = store_->write();
  OrphanedRows rows(writer.connection(), orphaned_members(writer.connection(), "customer"), store_->tenant);
  const auto tier = [](const OrphanedRow& row) {
    return std::count(row.values.begin(), row.values.end(), Value::text("gold"));
  };
  ASSERT_EQ(rows.after({}, 10).size(), 1U);
  EXPECT_EQ(tier(rows.of(ada)), 1);
  store_->records(writer).remove(kCustomerType, ada, kNow);
  EXPECT_TRUE(rows.after({}, 10).empty());
  EXPECT_EQ(tier(rows.of(ada)), 1);
}

TEST_F(LayoutTest, RefusesABundleOlderThanTheDatabaseHasSeen) {
  Sample newer;
  newer.retail_version = "0.10.0";
  reopen(newer);
  Sample older;
  older.retail_version = "0.9.9";
  EXPECT_EQ(problem_of([&] { plan_for(older); }), ProblemNumber::newer_catalog);
  EXPECT_TRUE(plan_for(newer).empty());
}

TEST_F(LayoutTest, RefusesToReadNumbersBeforeTheDatabaseFits) {
  Sample more;
  more.with_note = true;
  const Reader reader = store_->read();
  EXPECT_EQ(problem_of([&] { read_numbers(reader.connection(), *sample_catalog(more)); }),
            ProblemNumber::migration_needed);
  EXPECT_EQ(read_numbers(reader.connection(), *sample_catalog()).record_type, store_->layout->numbers().record_type);
}

TEST_F(LayoutTest, DropsAnIndexThatIsNoLongerDeclared) {
  EXPECT_THAT(index_sql("ux:customer:email"), HasSubstr("WHERE removed_at IS NULL"));
  Sample changed;
  changed.unique_email = false;
  reopen(changed);
  EXPECT_EQ(index_sql("ux:customer:email"), "");
  EXPECT_EQ(index_sql("nx:customer:email"), "") << "that of the records without one goes with it";
}

TEST_F(LayoutTest, MakesAnIndexAnewWhoseDefinitionChanged) {
  const std::string wanted = index_sql("ux:customer:email");
  {
    Writer writer = store_->write();
    writer.connection().execute(
        "DROP INDEX \"ux:customer:email\"; CREATE UNIQUE INDEX \"ux:customer:email\" ON customer (tenant, email) WHERE "
        "email IS NOT NULL; UPDATE kith_meta SET value = '' WHERE key = 'catalog_hash'");
    writer.commit();
  }
  EXPECT_THAT(plan_for({}).steps, Contains(Field(&PlanStep::what, "drop index ux:customer:email")));
  reopen({});
  EXPECT_EQ(index_sql("ux:customer:email"), wanted);
}

TEST_F(LayoutTest, KeepsRecordsWithoutAValueInTheIndexesThatPagesGoBy) {
  const std::vector<std::vector<IndexFacts>>& indexes = store_->layout->tables().indexes;
  const std::vector<IndexFacts>& of_customers = indexes[kCustomerType];
  EXPECT_EQ(of_customers.front().columns, std::vector<std::string>{"id"});
  for (const IndexFacts& index : of_customers) {
    if (index.columns.front() == "id") continue;
    const std::string sql = index_sql(index.name.substr(1, index.name.size() - 2));
    EXPECT_EQ(sql.find("IS NOT NULL") == std::string::npos, index.whole) << sql;
  }
  const std::string orders = index_sql("ix:retail__order:customer");
  EXPECT_THAT(orders, HasSubstr("WHERE \"customer\" IS NOT NULL")) << "no page is in the order of a reference";
}

TEST_F(LayoutTest, SaysHowManyValuesStandAgainstANewUniqueField) {
  Sample loose;
  loose.unique_email = false;
  reopen(loose);
  store_->add_customer("Ada", "ada@example.com");
  store_->add_customer("Ada again", "ada@example.com");
  try {
    plan_for({});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.number(), ProblemNumber::lossy_change);
    EXPECT_THAT(error.first().message, HasSubstr("1 stored value"));
  }
}

TEST_F(LayoutTest, ReportsEveryLossyChangeAtOnce) {
  Sample changed;
  changed.tier_kind = Kind::integer;
  changed.retail_version = "0.0.1";
  try {
    plan_for(changed);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.problems().size(), 2U);
  }
}

TEST_F(LayoutTest, QuotesNamesAndGivesThemToTheLowering) {
  EXPECT_EQ(store_->layout->facts_table(kOrderType), "\"retail__order\"");
  EXPECT_EQ(store_->layout->derived_table(kCustomerType), "\"customer__d\"");
  EXPECT_EQ(store_->layout->column(kCustomerType, kTier), "\"retail__tier\"");
  EXPECT_EQ(store_->layout->column(kCustomerType, kValueBand), "\"retail__value_band\"");
  EXPECT_EQ(store_->layout->live_condition(kCustomerType, "t"), "t.removed_at IS NULL");
  EXPECT_EQ(quoted("a\"b"), "\"a\"\"b\"");
}

TEST_F(LayoutTest, NumbersTenantsOnceAndForAll) {
  Writer writer = store_->write();
  Connection& connection = writer.connection();
  EXPECT_EQ(tenant_number(connection, "acme", false), store_->tenant);
  EXPECT_EQ(tenant_number(connection, "globex", false), -1);
  const std::int64_t globex = tenant_number(connection, "globex", true);
  EXPECT_NE(globex, store_->tenant);
  EXPECT_EQ(tenant_number(connection, "globex", true), globex);
  EXPECT_THAT(tenant_names(connection), ElementsAre("acme", "globex"));
}

TEST_F(LayoutTest, CountsItsGenerations) {
  const auto generation = [&] {
    const Reader reader = store_->read();
    return meta(reader.connection(), "catalog_generation");
  };
  EXPECT_EQ(generation(), "1");
  reopen({});
  EXPECT_EQ(generation(), "1");
  Sample more;
  more.with_note = true;
  reopen(more);
  EXPECT_EQ(generation(), "2");
}

}  // namespace
}  // namespace kith::internal::store
