// valid_until of rollups over the clock, against brute force: between now and then nothing changes, at any instant.
// Each rollup is taken over child records, which are there all the time, and over a relationship, whose edges begin and
// end.
#include <algorithm>

#include "derive/compute/rollup.hpp"
#include "unit/derive/bench.hpp"

namespace kith::internal::testing {
namespace {

const char* const kRelationship = R"json(,
  "relationships": [{"name": "placed", "inverse": "placed_by", "from": {"type": "customer"},
   "to": {"type": "shop.order"}}])json";

const char* const kRollups = R"json(
    {"name": "window", "type": "int", "over": "shop.orders", "aggregate": "count",
     "where": "placed_at > now() - duration('3d') && placed_at <= now()"},
    {"name": "days", "type": "int", "over": "shop.orders", "aggregate": "count", "where": "days_since(placed_at) < 3"},
    {"name": "kept", "type": "money", "over": "shop.orders", "aggregate": "sum", "value": "total",
     "where": "!returned && days_since(placed_at) <= 2"},
    {"name": "either", "type": "int", "over": "shop.orders", "aggregate": "count",
     "where": "returned || placed_at >= now() - duration('1d')"},
    {"name": "ages", "type": "int", "over": "shop.orders", "aggregate": "sum", "value": "days_since(placed_at)"},
    {"name": "youngest", "type": "int", "over": "shop.orders", "aggregate": "min", "value": "days_since(placed_at)",
     "where": "!returned"},
    {"name": "staged", "type": "int", "over": "shop.orders", "aggregate": "max",
     "value": "placed_at > now() ? 1 : items"},
    {"name": "usual_age", "type": "double", "over": "shop.orders", "aggregate": "median",
     "value": "days_since(placed_at)"},
    {"name": "mean_age", "type": "double", "over": "shop.orders", "aggregate": "avg", "value": "days_since(placed_at)",
     "where": "placed_at <= now()"},
    {"name": "newest_age", "type": "int", "over": "shop.orders", "aggregate": "latest", "at": "placed_at",
     "value": "days_since(placed_at)", "where": "placed_at <= now()"},
    {"name": "ages_met", "type": "int", "over": "shop.orders", "aggregate": "count",
     "distinct_by": "days_since(placed_at)", "where": "!returned"},
    {"name": "all", "type": "int", "over": "shop.orders", "aggregate": "count"})json";

/// The rollups, and the same over the relationship.
std::string derivations() {
  std::string over_edges = kRollups;
  const auto replace = [&](const std::string& from, const std::string& to) {
    for (std::size_t at = 0; (at = over_edges.find(from, at)) != std::string::npos; at += to.size())
      over_edges.replace(at, from.size(), to);
  };
  replace(R"("over": "shop.orders")", R"j("over": "rel('shop.placed')")j");
  replace(R"("name": ")", R"("name": "edge_)");
  return std::string(kRelationship) + R"(, "rollups": {"customer": [)" + kRollups + "," + over_edges + "]}";
}

class OrderOnly final : public expr::RecordView {
 public:
  explicit OrderOnly(store::Row row) : row_(std::move(row)) {}
  Value self() override { return Value::null(); }
  expr::Timed get(std::int32_t member) override { return {row_[static_cast<std::size_t>(member)], kForever}; }
  expr::RecordView* follow(std::int32_t) override { return nullptr; }

 private:
  store::Row row_;
};

/// An order, and from when until when the edge to it holds.
struct Placed {
  OrderOnly order;
  std::int64_t from = 0, to = kForever;
};

/// Who has the orders, as it is at `now`.
class CustomerOnly final : public expr::RecordView {
 public:
  Value self() override { return Value::null(); }
  expr::Timed get(std::int32_t) override { return {}; }
  expr::RecordView* follow(std::int32_t) override { return nullptr; }
  void related(const expr::Hop& set, std::vector<expr::Related>& out) override {
    for (Placed& one : placed) {
      if (set.relationship < 0) {
        out.push_back({&one.order, true, kForever});
      } else {
        out.push_back({&one.order, one.from <= now && now < one.to,
                       now < one.from ? one.from
                       : now < one.to ? one.to
                                      : kForever});
      }
    }
  }
  std::vector<Placed> placed;
  std::int64_t now = 0;
};

TEST(ValidUntilTest, NoRollupChangesBeforeItsTime) {
  const catalog::CatalogPtr built = build_shop(std::string(kShopFacts) + derivations());
  Bench bench(built);
  std::mt19937 random(7);
  const auto pick = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  const int worlds = repetitions(300, 20'000);
  std::int64_t flips = 0;
  for (int world = 0; world < worlds; ++world) {
    CustomerOnly customer;
    std::vector<std::int64_t> probes;
    const std::int64_t now = kStart + pick(0, 23) * kHour;
    for (int i = pick(0, 5); i > 0; --i) {
      Fields fields;
      const std::int64_t at = kStart + pick(-5, 2) * kDay + pick(0, 3) * 6 * kHour + pick(-1, 1);
      if (pick(0, 9) > 0) fields["placed_at"] = Value::timestamp(at);
      if (pick(0, 4) > 0) fields["returned"] = Value::boolean(pick(0, 1) == 1);
      if (pick(0, 4) > 0) fields["items"] = Value::integer(pick(0, 3));
      fields["total"] = bench.money(pick(1, 50));
      Placed placed{OrderOnly(bench.row("shop.order", fields))};
      placed.from = kStart + pick(-6, 3) * kDay + pick(-1, 1);
      if (pick(0, 1) == 1) placed.to = placed.from + pick(1, 5) * kDay;
      for (const std::int64_t turn : {placed.from, placed.to}) {
        for (const std::int64_t off : {-1, 0, 1}) {
          if (turn != kForever) probes.push_back(turn + off);
        }
      }
      customer.placed.push_back(std::move(placed));
      for (int day = 0; day <= 8; ++day) {
        for (const std::int64_t off : {-1, 0, 1, 2}) probes.push_back(at + day * kDay + off);
      }
    }
    for (int i = 0; i < 10; ++i) probes.push_back(now + pick(1, 200) * kHour);
    for (const catalog::Derivation& rollup : built->derivations) {
      const expr::Type& type = built->type(rollup.record_type).members[static_cast<std::size_t>(rollup.member)].type;
      expr::Env env;
      env.now = customer.now = now;
      const expr::Timed first = derive::compute_rollup(rollup, type, customer, env);
      ASSERT_GT(first.until, now);
      for (const std::int64_t at : probes) {
        if (at <= now) continue;
        env.now = customer.now = at;
        const Value then = derive::compute_rollup(rollup, type, customer, env).value;
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
