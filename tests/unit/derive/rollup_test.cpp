// What rollups come to: nulls, unknowns, limits.
#include <limits>

#include "unit/derive/bench.hpp"

namespace kith::internal::testing {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

const char* const kRollupDerivations = R"json(,
  "rollups": {
    "customer": [
      {"name": "orders_placed", "type": "int", "over": "shop.orders", "aggregate": "count"},
      {"name": "not_returned", "type": "int", "over": "shop.orders", "aggregate": "count", "where": "!returned"},
      {"name": "items", "type": "int", "over": "shop.orders", "aggregate": "sum", "value": "items"},
      {"name": "squares", "type": "int", "over": "shop.orders", "aggregate": "sum", "value": "items * items"},
      {"name": "spend", "type": "money", "over": "shop.orders", "aggregate": "sum", "value": "total"},
      {"name": "weight", "type": "double", "over": "shop.orders", "aggregate": "sum", "value": "weight_kg"},
      {"name": "least", "type": "int", "over": "shop.orders", "aggregate": "min", "value": "items"},
      {"name": "last_at", "type": "timestamp", "over": "shop.orders", "aggregate": "max", "value": "placed_at"},
      {"name": "mean_items", "type": "double", "over": "shop.orders", "aggregate": "avg", "value": "items"},
      {"name": "mean_total", "type": "money", "over": "shop.orders", "aggregate": "avg", "value": "total"},
      {"name": "usual_items", "type": "double", "over": "shop.orders", "aggregate": "median", "value": "items"},
      {"name": "usual_total", "type": "money", "over": "shop.orders", "aggregate": "median", "value": "total"},
      {"name": "newest_total", "type": "money", "over": "shop.orders", "aggregate": "latest", "at": "placed_at",
       "value": "total"},
      {"name": "newest_kept", "type": "int", "over": "shop.orders", "aggregate": "latest", "at": "placed_at",
       "value": "items", "where": "!returned"},
      {"name": "sizes", "type": "int", "over": "shop.orders", "aggregate": "count", "distinct_by": "items",
       "where": "!returned"}]})json";

class RollupTest : public ::testing::Test {
 protected:
  Bench bench{std::string(kShopFacts) + kRollupDerivations};
  RecordId customer = bench.create("customer", {});
  void order(Fields fields) {
    fields["customer"] = bench.ref("customer", customer);
    bench.create("shop.order", fields);
  }
};

TEST_F(RollupTest, NothingAddsUpToZeroAndHasNoLeast) {
  EXPECT_EQ(bench.value("shop.orders_placed", customer), Value::integer(0));
  EXPECT_EQ(bench.value("shop.items", customer), Value::integer(0));
  EXPECT_EQ(bench.value("shop.spend", customer), bench.money(0));
  EXPECT_EQ(bench.value("shop.weight", customer), Value::real(0));
  EXPECT_EQ(bench.value("shop.least", customer), Value::null());
}

TEST_F(RollupTest, NullsAreSkipped) {
  order({{"items", Value::integer(4)}, {"total", bench.money(1'050)}, {"returned", Value::boolean(false)}});
  order({{"returned", Value::boolean(true)}});
  order({{"items", Value::integer(-2)}, {"total", bench.money(-50)}, {"weight_kg", Value::real(1.5)}});
  EXPECT_EQ(bench.value("shop.orders_placed", customer), Value::integer(3));
  EXPECT_EQ(bench.value("shop.not_returned", customer), Value::integer(1)) << "unknown is not true";
  EXPECT_EQ(bench.value("shop.items", customer), Value::integer(2));
  EXPECT_EQ(bench.value("shop.spend", customer), bench.money(1'000));
  EXPECT_EQ(bench.value("shop.weight", customer), Value::real(1.5));
  EXPECT_EQ(bench.value("shop.least", customer), Value::integer(-2));
}

TEST_F(RollupTest, OnlyTheSumItselfMustBeInRange) {
  for (const std::int64_t items : {kMost, kMost, -kMost}) order({{"items", Value::integer(items)}});
  EXPECT_EQ(bench.value("shop.items", customer), Value::integer(kMost));
  order({{"items", Value::integer(1)}});
  EXPECT_EQ(bench.value("shop.items", customer), Value::null());
}

TEST_F(RollupTest, AnUnknownElementMakesTheSumUnknown) {
  order({{"items", Value::integer(3)}});
  EXPECT_EQ(bench.value("shop.squares", customer), Value::integer(9));
  order({{"items", Value::integer(kMost)}});
  EXPECT_EQ(bench.value("shop.squares", customer), Value::null());
}

TEST_F(RollupTest, OfNothingThereIsNoMeanAndNoLatest) {
  order({{"returned", Value::boolean(false)}});
  for (const char* name :
       {"shop.mean_items", "shop.mean_total", "shop.usual_items", "shop.usual_total", "shop.newest_total"})
    EXPECT_EQ(bench.value(name, customer), Value::null()) << name;
  EXPECT_EQ(bench.value("shop.sizes", customer), Value::integer(0)) << "none without a value is counted";
}

TEST_F(RollupTest, MeansOfWholeNumbersAreDoublesAndOfAmountsAreRoundedToEven) {
  for (const std::int64_t items : {1, 2, 2, 10})
    order({{"items", Value::integer(items)}, {"total", bench.money(items)}});
  EXPECT_EQ(bench.value("shop.mean_items", customer), Value::real(3.75));
  EXPECT_EQ(bench.value("shop.usual_items", customer), Value::real(2));
  EXPECT_EQ(bench.value("shop.mean_total", customer), bench.money(4));
  order({{"items", Value::integer(5)}, {"total", bench.money(5)}});
  order({{"items", Value::integer(6)}, {"total", bench.money(6)}});
  EXPECT_EQ(bench.value("shop.usual_items", customer), Value::real(3.5));
  EXPECT_EQ(bench.value("shop.usual_total", customer), bench.money(4)) << "half of 2 + 5, to the even neighbour";
}

TEST_F(RollupTest, TheLatestIsFoundByItsTimeAndOfTwoAtOneInstantItIsTheLaterId) {
  const auto at = [](std::int64_t day) { return Value::timestamp(day * kMicrosPerDay); };
  order({{"items", Value::integer(1)},
         {"total", bench.money(100)},
         {"placed_at", at(20)},
         {"returned", Value::boolean(false)}});
  order({{"items", Value::integer(2)},
         {"total", bench.money(200)},
         {"placed_at", at(30)},
         {"returned", Value::boolean(true)}});
  order({{"items", Value::integer(3)},
         {"total", bench.money(300)},
         {"placed_at", at(10)},
         {"returned", Value::boolean(false)}});
  EXPECT_EQ(bench.value("shop.newest_total", customer), bench.money(200));
  EXPECT_EQ(bench.value("shop.newest_kept", customer), Value::integer(1)) << "the returned one does not count";
  order({{"total", bench.money(400)}, {"placed_at", at(30)}, {"returned", Value::boolean(false)}});
  EXPECT_EQ(bench.value("shop.newest_total", customer), bench.money(400));
  EXPECT_EQ(bench.value("shop.newest_kept", customer), Value::null()) << "what it has, even if that is nothing";
}

TEST_F(RollupTest, WhatIsAlikeIsCountedOnce) {
  for (const std::int64_t items : {3, 3, 4, -3})
    order({{"items", Value::integer(items)}, {"returned", Value::boolean(false)}});
  order({{"items", Value::integer(9)}, {"returned", Value::boolean(true)}});
  EXPECT_EQ(bench.value("shop.sizes", customer), Value::integer(3));
}

TEST_F(RollupTest, ChildrenOfOthersAndRemovedOnesDoNotCount) {
  order({{"items", Value::integer(3)}});
  const RecordId other = bench.create("customer", {});
  bench.create("shop.order", {{"customer", bench.ref("customer", other)}, {"items", Value::integer(5)}});
  const RecordId gone =
      bench.create("shop.order", {{"customer", bench.ref("customer", customer)}, {"items", Value::integer(7)}});
  EXPECT_EQ(bench.value("shop.items", customer), Value::integer(10));
  bench.remove("shop.order", gone);
  EXPECT_EQ(bench.value("shop.items", customer), Value::integer(3));
}

}  // namespace
}  // namespace kith::internal::testing
