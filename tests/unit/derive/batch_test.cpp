// Settling many records: in chunks, to the end, and without reading what is settled again.
#include <chrono>
#include <iostream>

#include "unit/derive/bench.hpp"

namespace kith::internal::testing {
namespace {

const char* const kBatchDerivations = R"json(,
  "formulas": {"customer": [
    {"name": "rank", "type": "int", "expr": "coalesce(shop.points, 0) + coalesce(shop.group.discount, 0)"},
    {"name": "idle_days", "type": "int", "expr": "days_since(shop.last_order_at)"},
    {"name": "mean", "type": "double", "expr": "double(shop.items) / double(shop.order_count)"}]},
  "rollups": {"customer": [
    {"name": "order_count", "type": "int", "over": "shop.orders", "aggregate": "count"},
    {"name": "recent", "type": "int", "over": "shop.orders", "aggregate": "count",
     "where": "placed_at > now() - duration('365d')"},
    {"name": "spend", "type": "money", "over": "shop.orders", "aggregate": "sum", "value": "total",
     "where": "!returned"},
    {"name": "items", "type": "int", "over": "shop.orders", "aggregate": "sum", "value": "items"},
    {"name": "last_order_at", "type": "timestamp", "over": "shop.orders", "aggregate": "max", "value": "placed_at"}]},
  "segments": [{"name": "active", "on": "customer", "when": "shop.recent > 1"}],
  "scores": [{"name": "value", "on": "customer", "range": [0, 100], "rules": [
    {"id": "spend", "text": {"en": "Spend"}, "value": "shop.spend", "steps": [[10, 5], [100, 20]]},
    {"id": "recent", "text": {"en": "Recent"}, "value": "shop.recent", "each": 3, "cap": 30}],
    "bands": [{"id": "low", "from": 0}, {"id": "high", "from": 20}]}])json";

class BatchTest : public ::testing::Test {
 protected:
  Bench bench{std::string(kShopFacts) + kBatchDerivations};
  std::vector<RecordId> customers;

  void fill(int count) {
    bench.writing([&](access::Unit& unit, derive::Engine& engine) {
      for (int i = 0; i < count; ++i) {
        customers.push_back(
            bench.create(unit, engine, "customer",
                         {{"name", Value::text("C" + std::to_string(i))}, {"shop.points", Value::integer(i % 9)}}));
        for (int o = 0; o < i % 5; ++o) {
          bench.create(unit, engine, "shop.order",
                       {{"customer", bench.ref("customer", customers.back())},
                        {"placed_at", Value::timestamp(bench.now - (i + o * 40) * kDay)},
                        {"total", bench.money(i * 10)},
                        {"items", Value::integer(o)},
                        {"returned", Value::boolean(o == 3)}});
        }
      }
    });
  }
};

TEST_F(BatchTest, ChunksReachTheEndAndTheEndCostsNothing) {
  fill(60);
  std::int64_t settled = 0;
  for (std::int64_t done = 50; done == 50;) {
    done = bench.settle(50);
    ASSERT_LE(done, 50);
    settled += done;
  }
  EXPECT_EQ(settled, 60) << "each record once, in all that it derives";
  EXPECT_EQ(bench.settle(50), 0);
  bench.reading([&](access::Unit&, derive::Engine& engine) {
    EXPECT_EQ(engine.pending(), 0);
    for (const RecordId& customer : customers) {
      for (const catalog::Derivation& derivation : bench.catalog->derivations)
        ASSERT_TRUE(engine.fresh(derivation.number, customer)) << derivation.name;
    }
  });
}

TEST_F(BatchTest, FiveThousandCustomersWithTenDerivationsSettleQuickly) {
  const int count = repetitions(500, 5'000);
  fill(count);
  const auto start = std::chrono::steady_clock::now();
  const std::int64_t settled = bench.settle();
  const auto ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start).count();
  EXPECT_EQ(settled, count);
  RecordProperty("milliseconds", static_cast<int>(ms));
  std::cout << "settled " << settled << " records in " << ms << " ms\n";
  bench.from_facts(bench.now, [&](derive::Engine& facts) {
    for (std::size_t i = 0; i < customers.size(); i += 37) {
      for (const catalog::Derivation& derivation : bench.catalog->derivations) {
        EXPECT_EQ(bench.stored(derivation.name, customers[i]).value, facts.value(derivation.number, customers[i]).value)
            << derivation.name;
      }
    }
  });
}

}  // namespace
}  // namespace kith::internal::testing
