// Single rules of freshness, one at a time.
#include "unit/derive/bench.hpp"

namespace kith::internal::testing {
namespace {

const char* const kSettlingDerivations = R"json(,
  "formulas": {
    "customer": [
      {"name": "rank", "type": "int", "expr": "coalesce(shop.points, 0) + coalesce(shop.group.discount, 0)"},
      {"name": "tripled", "type": "int", "expr": "shop.recent_orders * 3"},
      {"name": "capped", "type": "int", "expr": "shop.rank > 10 ? 10 : shop.rank"},
      {"name": "after_cap", "type": "int", "expr": "shop.capped + 1"}],
    "shop.order": [
      {"name": "weight", "type": "int", "expr": "items + customer.shop.rank"}]},
  "rollups": {
    "customer": [
      {"name": "recent_orders", "type": "int", "over": "shop.orders", "aggregate": "count",
       "where": "placed_at > now() - duration('3d')"},
      {"name": "weighted", "type": "int", "over": "shop.orders", "aggregate": "sum", "value": "weight"}],
    "shop.group": [
      {"name": "highest", "type": "int", "over": "customers", "aggregate": "max", "value": "shop.capped"}]})json";

class SettlingTest : public ::testing::Test {
 protected:
  Bench bench{std::string(kShopFacts) + kSettlingDerivations};
  RecordId order_of(const RecordId& customer, std::int64_t placed_at, std::int64_t items = 1) {
    return bench.create("shop.order", {{"customer", bench.ref("customer", customer)},
                                       {"placed_at", Value::timestamp(placed_at)},
                                       {"items", Value::integer(items)}});
  }
};

TEST_F(SettlingTest, AWriteMarksWhatReadsItAndWhatReadsThat) {
  const RecordId customer = bench.create("customer", {{"shop.points", Value::integer(2)}});
  const RecordId order = order_of(customer, bench.now);
  bench.settle();
  EXPECT_EQ(bench.stored("shop.weighted", customer).value, Value::integer(3));
  EXPECT_TRUE(bench.fresh("shop.weighted", customer));
  bench.update("customer", customer, {{"shop.points", Value::integer(5)}});
  for (const char* stale : {"shop.rank", "shop.capped", "shop.after_cap", "shop.weighted"})
    EXPECT_FALSE(bench.fresh(stale, customer)) << stale;
  EXPECT_FALSE(bench.fresh("shop.order.weight", order));
  EXPECT_TRUE(bench.fresh("shop.recent_orders", customer));
  EXPECT_EQ(bench.value("shop.weighted", customer), Value::integer(6));
  EXPECT_TRUE(bench.fresh("shop.weighted", customer));
  EXPECT_TRUE(bench.fresh("shop.order.weight", order)) << "pulled";
}

TEST_F(SettlingTest, AReadingUnitComputesWhatIsStaleAndStoresNothing) {
  const RecordId customer = bench.create("customer", {{"shop.points", Value::integer(2)}});
  bench.settle();
  bench.update("customer", customer, {{"shop.points", Value::integer(5)}});
  bench.reading([&](access::Unit&, derive::Engine& engine) {
    EXPECT_EQ(engine.value(bench.derivation("shop.after_cap"), customer).value, Value::integer(6));
    EXPECT_FALSE(engine.fresh(bench.derivation("shop.after_cap"), customer));
  });
  EXPECT_EQ(bench.stored("shop.after_cap", customer).value, Value::integer(3));
}

TEST_F(SettlingTest, AnInputThatCameOutTheSameLeavesItsReaderAlone) {
  const RecordId group = bench.create("shop.group", {});
  const RecordId customer =
      bench.create("customer", {{"shop.points", Value::integer(20)}, {"shop.group", bench.ref("shop.group", group)}});
  bench.settle();
  const std::int64_t before = bench.now;
  bench.now += kHour;
  bench.update("customer", customer, {{"shop.points", Value::integer(30)}});
  EXPECT_FALSE(bench.fresh("shop.group.highest", group));
  bench.settle();
  EXPECT_EQ(bench.stored("shop.rank", customer).as_of, bench.now) << "computed again";
  EXPECT_EQ(bench.stored("shop.group.highest", group).as_of, before) << "cleared without a computation";
  EXPECT_TRUE(bench.fresh("shop.group.highest", group));
}

TEST_F(SettlingTest, AValueThatNowEndsEarlierShortensItsReaders) {
  const RecordId customer = bench.create("customer", {});
  const RecordId order = order_of(customer, bench.now);
  bench.settle();
  EXPECT_EQ(bench.stored("shop.tripled", customer).until, bench.now + 3 * kDay);
  bench.update("shop.order", order, {{"placed_at", Value::timestamp(bench.now - kDay)}});
  bench.settle();
  EXPECT_EQ(bench.stored("shop.tripled", customer).value, Value::integer(3));
  EXPECT_EQ(bench.stored("shop.tripled", customer).until, bench.now + 2 * kDay);
  bench.now += 2 * kDay;
  EXPECT_FALSE(bench.fresh("shop.tripled", customer));
  EXPECT_EQ(bench.value("shop.tripled", customer), Value::integer(0));
}

TEST_F(SettlingTest, TimeAloneMakesAValueDueAtItsInstantAndNotBefore) {
  const RecordId customer = bench.create("customer", {});
  order_of(customer, bench.now - 3 * kDay + kHour);
  bench.settle();
  std::optional<std::int64_t> due;
  bench.reading([&](access::Unit&, derive::Engine& engine) { due = engine.next_due(); });
  EXPECT_EQ(due, bench.now + kHour);
  bench.now += kHour - 1;
  EXPECT_TRUE(bench.fresh("shop.recent_orders", customer));
  EXPECT_EQ(bench.settle(), 0);
  bench.now += 1;
  EXPECT_FALSE(bench.fresh("shop.recent_orders", customer));
  EXPECT_EQ(bench.settle(), 1) << "the rollup and what reads it are of one record";
  EXPECT_EQ(bench.stored("shop.recent_orders", customer).value, Value::integer(0));
}

TEST_F(SettlingTest, AMovedOrderMarksItsOldAndItsNewCustomer) {
  const RecordId from = bench.create("customer", {});
  const RecordId to = bench.create("customer", {});
  const RecordId order = order_of(from, bench.now);
  bench.settle();
  bench.update("shop.order", order, {{"customer", bench.ref("customer", to)}});
  EXPECT_FALSE(bench.fresh("shop.recent_orders", from));
  EXPECT_FALSE(bench.fresh("shop.recent_orders", to));
  bench.settle();
  EXPECT_EQ(bench.stored("shop.recent_orders", from).value, Value::integer(0));
  EXPECT_EQ(bench.stored("shop.recent_orders", to).value, Value::integer(1));
}

TEST_F(SettlingTest, ARemovedRecordLeavesNoWorkBehind) {
  const RecordId customer = bench.create("customer", {{"shop.points", Value::integer(1)}});
  const RecordId order = order_of(customer, bench.now);
  bench.settle();
  bench.remove("shop.order", order);
  bench.remove("customer", customer);
  bench.settle();
  bench.now += 10 * kDay;
  EXPECT_EQ(bench.settle(), 0);
  bench.reading([&](access::Unit&, derive::Engine& engine) {
    EXPECT_EQ(engine.pending(), 0);
    EXPECT_EQ(engine.view(bench.type("customer"), customer), nullptr);
  });
}

TEST_F(SettlingTest, ADraftIsComputedFromItsOwnRow) {
  const RecordId group = bench.create("shop.group", {{"discount", Value::integer(4)}});
  const RecordId customer = bench.create("customer", {{"shop.points", Value::integer(2)}});
  order_of(customer, bench.now);
  const store::Row next =
      bench.row("customer", {{"shop.points", Value::integer(7)}, {"shop.group", bench.ref("shop.group", group)}});
  bench.writing([&](access::Unit& unit, derive::Engine& engine) {
    const auto draft = engine.view_of(bench.type("customer"), customer, next);
    EXPECT_EQ(draft->get(bench.member("customer", "shop.after_cap")).value, Value::integer(11));
    EXPECT_EQ(draft->get(bench.member("customer", "shop.recent_orders")).value, Value::integer(1));
    EXPECT_EQ(engine.value(bench.derivation("shop.after_cap"), customer).value, Value::integer(3));
    const auto unborn = engine.view_of(bench.type("customer"), unit.ids.next(unit.now), next);
    EXPECT_EQ(unborn->get(bench.member("customer", "shop.recent_orders")).value, Value::integer(0));
  });
}

TEST_F(SettlingTest, WhatWasRolledBackToASavepointIsForgotten) {
  const RecordId customer = bench.create("customer", {{"shop.points", Value::integer(2)}});
  bench.settle();
  bench.writing([&](access::Unit& unit, derive::Engine& engine) {
    engine.flush();
    {
      const access::Savepoint step(unit);
      bench.update(unit, engine, "customer", customer, {{"shop.points", Value::integer(9)}});
      EXPECT_EQ(engine.value(bench.derivation("shop.capped"), customer).value, Value::integer(9));
    }
    EXPECT_EQ(engine.value(bench.derivation("shop.capped"), customer).value, Value::integer(2));
  });
  EXPECT_EQ(bench.value("shop.after_cap", customer), Value::integer(3));
}

TEST_F(SettlingTest, AQueryIsToldHowMuchIsStaleBeyondItsBudget) {
  for (int i = 0; i < 5; ++i) bench.create("customer", {{"shop.points", Value::integer(i)}});
  const std::vector<std::int32_t> read{bench.derivation("shop.rank")};
  bench.writing([&](access::Unit&, derive::Engine& engine) {
    EXPECT_FALSE(engine.settled(read));
    bool ran = false;
    try {
      engine.for_query(read, 3, [&] { ran = true; });
      ADD_FAILURE() << "five are stale";
    } catch (const Error& error) {
      EXPECT_EQ(error.number(), ProblemNumber::budget_exceeded);
      EXPECT_THAT(error.first().message, ::testing::HasSubstr("5 records"));
    }
    EXPECT_FALSE(ran);
    engine.for_query(read, 5, [&] { ran = true; });
    EXPECT_TRUE(ran);
  });
}

std::int64_t counted(Bench& bench, const std::string& table) {
  std::int64_t count = 0;
  bench.read([&](access::Unit& unit) {
    const store::StatementPtr row = unit.connection.prepare("SELECT count(*) FROM " + table);
    row->step();
    count = row->integer(0);
  });
  return count;
}

TEST_F(SettlingTest, AMarkThatNamesOnlyDerivationsThatAreNotLoadedIsDroppedAndWorkEnds) {
  const RecordId customer = bench.create("customer", {{"shop.points", Value::integer(2)}});
  bench.settle();
  bench.update("customer", customer, {{"shop.points", Value::integer(5)}});
  ASSERT_EQ(counted(bench, "kith_dirty"), 1);
  bench.write([](access::Unit& unit) {
    unit.connection.execute("UPDATE kith_dirty SET hard = x'7F', soft = x''");  // a number that no derivation has
  });
  EXPECT_EQ(bench.settle(), 1);
  EXPECT_EQ(counted(bench, "kith_dirty"), 0);
  EXPECT_EQ(bench.settle(), 0);
  bench.reading([](access::Unit&, derive::Engine& engine) { EXPECT_EQ(engine.pending(), 0); });
}

TEST_F(SettlingTest, WhatARecordLeavesBehindThatWasRemovedWhileItsDerivationsWereAwayIsCleared) {
  const RecordId customer = bench.create("customer", {});
  const RecordId kept = bench.create("customer", {});
  order_of(customer, bench.now);
  bench.settle();
  const catalog::CatalogPtr with = bench.catalog;
  bench.change_catalog(build_shop(kShopFacts));
  bench.remove("customer", customer);
  bench.change_catalog(with);
  bench.now += 4 * kDay;  // when the rollup of the removed customer would have ended
  bench.settle();
  EXPECT_EQ(counted(bench, "customer__d"), 1);
  EXPECT_TRUE(bench.fresh("shop.rank", kept));
  EXPECT_EQ(bench.settle(), 0);
  bench.reading([](access::Unit&, derive::Engine& engine) { EXPECT_EQ(engine.pending(), 0); });
}

TEST_F(SettlingTest, SettlingNeedsAUnitThatWrites) {
  EXPECT_EQ(problem_of([&] { bench.reading([](access::Unit&, derive::Engine& engine) { engine.settle_some(1); }); }),
            ProblemNumber::misuse);
}

}  // namespace
}  // namespace kith::internal::testing
