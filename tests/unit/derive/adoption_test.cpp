// New and changed definitions, plugins that were away, and published parameters: what is stored is no longer believed.
#include "unit/derive/bench.hpp"

namespace kith::internal::testing {
namespace {

std::string shop(const std::string& rank) {
  return std::string(kShopFacts) + R"json(,
  "formulas": {"customer": [
    {"name": "rank", "type": "int", "expr": ")json" +
         rank + R"json("},
    {"name": "next_rank", "type": "int", "expr": "shop.rank + 1"}]},
  "segments": [{"name": "top", "on": "customer", "when": "shop.rank >= 10"}])json";
}

TEST(AdoptionTest, AChangedDefinitionMakesItAndItsReadersStaleAndIsNoEvent) {
  Bench bench(shop("shop.points"));
  const RecordId customer = bench.create("customer", {{"shop.points", Value::integer(6)}});
  bench.settle();
  EXPECT_EQ(bench.stored("shop.next_rank", customer).value, Value::integer(7));
  bench.change_catalog(build_shop(shop("shop.points * 2")));
  EXPECT_FALSE(bench.fresh("shop.next_rank", customer)) << "its own text is the same";
  bench.reading([&](access::Unit&, derive::Engine& engine) {
    EXPECT_EQ(engine.value(bench.derivation("shop.next_rank"), customer).value, Value::integer(13));
    EXPECT_FALSE(engine.settled({bench.derivation("shop.next_rank")}));
    EXPECT_GT(engine.pending(), 0);
  });
  bench.settle();
  EXPECT_EQ(bench.stored("shop.next_rank", customer).value, Value::integer(13));
  EXPECT_EQ(bench.stored("shop.top", customer).value, Value::boolean(true));
  EXPECT_TRUE(bench.events().empty());
  EXPECT_EQ(bench.settle(), 0) << "done once";
}

TEST(AdoptionTest, WritesWhileThePluginWasAwayAreNoticed) {
  Bench bench(shop("shop.points"));
  const RecordId customer =
      bench.create("customer", {{"name", Value::text("Ada")}, {"shop.points", Value::integer(6)}});
  bench.settle();
  const catalog::CatalogPtr with = bench.catalog;
  bench.change_catalog(build_shop(kShopFacts));
  bench.update("customer", customer, {{"shop.points", Value::integer(20)}});
  bench.change_catalog(with);
  EXPECT_FALSE(bench.fresh("shop.rank", customer)) << "the fingerprint is the same, but nobody marked it";
  EXPECT_EQ(bench.value("shop.next_rank", customer), Value::integer(21));
  bench.settle();
  EXPECT_TRUE(bench.fresh("shop.top", customer));
}

TEST(AdoptionTest, RecordsFromBeforeADerivationGetTheirValues) {
  Bench bench{std::string(kShopFacts)};
  std::vector<RecordId> customers;
  for (int i = 0; i < 30; ++i) customers.push_back(bench.create("customer", {{"shop.points", Value::integer(i)}}));
  bench.change_catalog(build_shop(shop("shop.points")));
  int calls = 0;
  while (bench.settle(7) == 7) ++calls;
  EXPECT_EQ(calls, 4) << "in chunks";
  for (std::size_t i = 0; i < customers.size(); ++i) {
    EXPECT_EQ(bench.stored("shop.rank", customers[i]).value, Value::integer(static_cast<std::int64_t>(i)));
    EXPECT_TRUE(bench.fresh("shop.next_rank", customers[i]));
  }
}

TEST(AdoptionTest, PublishedParametersMakeTheirReadersStale) {
  Bench bench(std::string(kShopFacts) + R"json(,
    "parameters": [{"set": "limits", "values": [{"name": "high", "type": "int"}]}],
    "formulas": {"customer": [{"name": "above", "type": "int", "expr": "shop.points - param('shop.limits', 'high')"}]},
    "segments": [{"name": "top", "on": "customer", "when": "shop.above > 0"}])json");
  const RecordId customer = bench.create("customer", {{"shop.points", Value::integer(6)}});
  bench.settle();
  EXPECT_EQ(bench.stored("shop.above", customer).value, Value::null()) << "not yet published";
  const auto publish = [&](const char* values) {
    bench.writing([&](access::Unit& unit, derive::Engine& engine) {
      store::PublishedSet set;
      set.set = "shop.limits";
      set.values_json = values;
      set.as_of_us = set.published_us = ++bench.now;
      store::add_parameters(unit.records, set);
      engine.parameters_published("shop.limits");
      EXPECT_EQ(engine.value(bench.derivation("shop.above"), customer).value.is_null(), false)
          << "at once, in the same unit";
    });
  };
  publish(R"({"high": 4})");
  EXPECT_FALSE(bench.fresh("shop.top", customer)) << "what reads it, too";
  bench.settle();
  EXPECT_EQ(bench.stored("shop.above", customer).value, Value::integer(2));
  EXPECT_EQ(bench.stored("shop.top", customer).value, Value::boolean(true));
  publish(R"({"high": 9})");
  bench.settle();
  EXPECT_EQ(bench.stored("shop.top", customer).value, Value::boolean(false));
}

}  // namespace
}  // namespace kith::internal::testing
