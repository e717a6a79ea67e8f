// valid_until of rollups over the clock, against brute force: between now and then nothing changes, at any instant.
#include <algorithm>

#include "derive/rollup.hpp"
#include "unit/derive/bench.hpp"

namespace kith::internal::testing {
namespace {

const char* const kValidUntilDerivations = R"json(,
  "rollups": {"customer": [
    {"name": "window", "type": "int", "over": "shop.orders", "aggregate": "count", "where": "placed_at > now() - duration('3d') && placed_at <= now()"},
    {"name": "days", "type": "int", "over": "shop.orders", "aggregate": "count", "where": "days_since(placed_at) < 3"},
    {"name": "kept", "type": "money", "over": "shop.orders", "aggregate": "sum", "value": "total", "where": "!returned && days_since(placed_at) <= 2"},
    {"name": "either", "type": "int", "over": "shop.orders", "aggregate": "count", "where": "returned || placed_at >= now() - duration('1d')"},
    {"name": "ages", "type": "int", "over": "shop.orders", "aggregate": "sum", "value": "days_since(placed_at)"},
    {"name": "youngest", "type": "int", "over": "shop.orders", "aggregate": "min", "value": "days_since(placed_at)", "where": "!returned"},
    {"name": "staged", "type": "int", "over": "shop.orders", "aggregate": "max", "value": "placed_at > now() ? 1 : items"}]})json";

class OrderOnly final : public expr::RecordView {
 public:
  explicit OrderOnly(store::Row row) : row_(std::move(row)) {}
  Value self() override { return Value::null(); }
  expr::Timed get(std::int32_t member) override { return {row_[static_cast<std::size_t>(member)], kForever}; }
  expr::RecordView* follow(std::int32_t) override { return nullptr; }

 private:
  store::Row row_;
};

TEST(ValidUntilTest, NoRollupChangesBeforeItsTime) {
  const catalog::CatalogPtr built = build_shop(std::string(kShopFacts) + kValidUntilDerivations);
  Bench bench(built);
  std::mt19937 random(7);
  const auto pick = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  const int worlds = repetitions(300, 20'000);
  std::int64_t flips = 0;
  for (int world = 0; world < worlds; ++world) {
    std::vector<OrderOnly> orders;
    std::vector<std::int64_t> probes;
    const std::int64_t now = kStart + pick(0, 23) * kHour;
    for (int i = pick(0, 5); i > 0; --i) {
      Fields fields;
      const std::int64_t at = kStart + pick(-5, 2) * kDay + pick(0, 3) * 6 * kHour + pick(-1, 1);
      if (pick(0, 9) > 0) fields["placed_at"] = Value::timestamp(at);
      if (pick(0, 4) > 0) fields["returned"] = Value::boolean(pick(0, 1) == 1);
      if (pick(0, 4) > 0) fields["items"] = Value::integer(pick(0, 3));
      fields["total"] = bench.money(pick(1, 50));
      orders.emplace_back(bench.row("shop.order", fields));
      for (int day = 0; day <= 8; ++day) {
        for (const std::int64_t off : {-1, 0, 1, 2}) probes.push_back(at + day * kDay + off);
      }
    }
    for (int i = 0; i < 10; ++i) probes.push_back(now + pick(1, 200) * kHour);
    const auto children = [&](const std::function<void(expr::RecordView&)>& visit) {
      for (OrderOnly& order : orders) visit(order);
    };
    for (const catalog::Derivation& rollup : built->derivations) {
      const expr::Type& type = built->type(rollup.record_type).members[static_cast<std::size_t>(rollup.member)].type;
      expr::Env env;
      env.now = now;
      const expr::Timed first = derive::compute_rollup(rollup, type, env, children);
      ASSERT_GT(first.until, now);
      for (const std::int64_t at : probes) {
        if (at <= now) continue;
        env.now = at;
        const Value then = derive::compute_rollup(rollup, type, env, children).value;
        if (at < first.until) {
          ASSERT_TRUE(then == first.value || (then.is_dead() && first.value.is_dead()))
              << rollup.name << " in world " << world << " holds until " << first.until << " but differs at " << at;
        } else if (!(then == first.value)) {
          ++flips;
        }
      }
    }
  }
  EXPECT_GT(flips, worlds) << "values that never change would prove nothing";
}

}  // namespace
}  // namespace kith::internal::testing
