// A plugin's function that fails on one row: that value is unknown, with its reason, and nothing else stands still.
#include <gmock/gmock.h>

#include "unit/derive/bench.hpp"

namespace kith::internal::testing {
namespace {

const char* const kWithFunction = R"json(,
  "requires": {"kith": ">=0.1", "abi": "0.1"}, "library": "shop",
  "functions": [{"name": "twice", "args": [{"name": "n", "type": "int"}], "returns": "int"}],
  "formulas": {"customer": [
    {"name": "doubled", "type": "int", "expr": "shop.twice(shop.points)"},
    {"name": "after", "type": "int", "expr": "coalesce(shop.doubled, -1) + 1"}]},
  "segments": [{"name": "high", "on": "customer", "when": "shop.doubled > 5"}])json";

class FailingFunctionTest : public ::testing::Test {
 protected:
  FailingFunctionTest() {
    bench.functions = [](std::int32_t, const std::vector<Value>& arguments) {
      if (arguments[0].i == 13)
        throw Error(ProblemNumber::plugin_body_failed, "function \"shop.twice\" failed: 13 is unlucky");
      return Value::integer(arguments[0].i * 2);
    };
  }
  RecordId customer(std::int64_t points) { return bench.create("customer", {{"shop.points", Value::integer(points)}}); }
  std::vector<store::FailedValue> failed() {
    std::vector<store::FailedValue> found;
    bench.reading([&](access::Unit& unit, derive::Engine&) { found = unit.derived.failed(10); });
    return found;
  }
  Bench bench{std::string(kShopFacts) + kWithFunction};
};

TEST_F(FailingFunctionTest, GivesUnknownForItsRowAndEverybodyElseGoesOn) {
  const RecordId good = customer(3), bad = customer(13), other = customer(4);
  bench.settle();
  EXPECT_EQ(bench.stored("shop.doubled", good).value, Value::integer(6));
  EXPECT_TRUE(bench.stored("shop.doubled", bad).value.is_null());
  EXPECT_EQ(bench.stored("shop.after", bad).value, Value::integer(0)) << "what reads it goes on";
  EXPECT_TRUE(bench.stored("shop.high", other).value.is_true());
  EXPECT_EQ(bench.settle(), 0) << "it is not tried for ever";
  const auto known = failed();
  ASSERT_EQ(known.size(), 1U) << "the value itself, not what asked for it";
  EXPECT_EQ(known[0].record, bad);
  EXPECT_THAT(known[0].reason, ::testing::HasSubstr("13 is unlucky"));
}

TEST_F(FailingFunctionTest, IsForgottenOnceItsRowCanBeComputed) {
  const RecordId bad = customer(13);
  bench.settle();
  ASSERT_FALSE(failed().empty());
  bench.update("customer", bad, {{"shop.points", Value::integer(5)}});
  bench.settle();
  EXPECT_EQ(bench.stored("shop.doubled", bad).value, Value::integer(10));
  EXPECT_TRUE(failed().empty());
}

TEST_F(FailingFunctionTest, WarnsNamingTheRecord) {
  bench.writing([&](access::Unit& unit, derive::Engine& engine) {
    const RecordId bad = bench.create(unit, engine, "customer", {{"shop.points", Value::integer(13)}});
    engine.finish_step();
    ASSERT_FALSE(unit.warnings.empty());
    EXPECT_THAT(unit.warnings[0], ::testing::AllOf(::testing::HasSubstr("customer/" + bad.text()),
                                                   ::testing::HasSubstr("13 is unlucky")));
  });
}

}  // namespace
}  // namespace kith::internal::testing
