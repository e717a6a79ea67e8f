// Relationships in derivations: an edge counts by the days of the tenant's calendar, and a value over it says until
// when.
#include "unit/derive/bench.hpp"

namespace kith::internal::testing {
namespace {

const char* const kSegments = R"json(,
  "segments": [
    {"name": "referrer", "on": "customer", "when": "rel('referred').count() > 0"},
    {"name": "referred_by_vip", "on": "customer", "when": "rel('referred_by').exists(r, r.shop.vip)"}])json";

catalog::CatalogPtr shop_in(const std::string& zone) {
  const std::string text = R"json({"id": "shop", "version": "0.1.0",)json" + std::string(kShopFacts) + kSegments + "}";
  const JsonDocument document = JsonDocument::parse(text, "shop/plugin.json");
  catalog::CatalogConfig config;
  config.time_zone = zone;
  return catalog::build_catalog({{&catalog::core_manifest(), true}, {&document, false}}, config);
}

class EdgesTest : public ::testing::Test {
 protected:
  static store::Edge edge(Bench& bench, const RecordId& from, const RecordId& to, const char* begins,
                          const char* ends) {
    store::Edge made;
    made.relationship = "referred";
    made.from_type = made.to_type = bench.type("customer");
    made.from = from;
    made.to = to;
    made.from_on = *parse_date(begins);
    if (ends != nullptr) made.to_on = *parse_date(ends);
    made.attributes_json = "{}";
    return made;
  }
  static void relate(Bench& bench, const store::Edge& edge) {
    bench.writing([&](access::Unit& unit, derive::Engine& engine) {
      engine.relating(edge);
      unit.journal.add_edge(edge);
      engine.related(edge);
    });
  }
};

TEST_F(EdgesTest, ADayBeginsWhereTheTenantIs) {
  Bench bench(shop_in("Asia/Shanghai"));
  const RecordId a = bench.create("customer", {}), b = bench.create("customer", {});
  relate(bench, edge(bench, a, b, "2026-02-01", "2026-02-03"));
  const auto holds = [&](const char* at) {
    return bench.truth("shop.referrer", a, *parse_instant(at)).value.is_true();
  };
  EXPECT_FALSE(holds("2026-01-31T15:59:59.999999Z"));
  EXPECT_TRUE(holds("2026-01-31T16:00:00Z"));
  EXPECT_TRUE(holds("2026-02-02T15:59:59.999999Z"));
  EXPECT_FALSE(holds("2026-02-02T16:00:00Z"));
}

// St John's set its clocks back at one minute past midnight, so that a day began, ended and began again.
TEST_F(EdgesTest, NoValueOverAnEdgeChangesBeforeItsInstant) {
  for (const char* zone : {"UTC", "Asia/Shanghai", "America/St_Johns", "Pacific/Apia"}) {
    Bench bench(shop_in(zone));
    const RecordId a = bench.create("customer", {}), b = bench.create("customer", {});
    for (const auto& [begins, ends] : {std::pair{"2006-10-29", "2006-11-02"}, std::pair{"2006-11-20", "2006-11-21"}}) {
      relate(bench, edge(bench, a, b, begins, ends));
    }
    const std::int64_t end = *parse_instant("2006-12-01");
    int evaluations = 0;
    int changes = 0;
    expr::Timed held = bench.truth("shop.referrer", a, *parse_instant("2006-10-01"));
    for (std::int64_t now = *parse_instant("2006-10-01"); now < end; now += kMicrosPerDay / 288) {
      if (now < held.until && now % kHour != 0) continue;
      const expr::Timed timed = bench.truth("shop.referrer", a, now);
      ASSERT_GT(timed.until, now);
      if (now < held.until) {
        ASSERT_EQ(timed.value, held.value) << zone << " " << format_instant(now);
        continue;
      }
      changes += timed.value == held.value ? 0 : 1;
      held = timed;
      ++evaluations;
    }
    EXPECT_GE(changes, 4) << zone;
    EXPECT_LT(evaluations, 40) << zone
                               << ": it wakes around the days on which something begins or ends, and no more often";
    EXPECT_EQ(bench.truth("shop.referrer", a, end).until, kForever) << "what is over stays over";
  }
}

TEST_F(EdgesTest, AWriteAtTheOtherEndMarksBothDirections) {
  Bench bench(shop_in("UTC"));
  const RecordId vip = bench.create("customer", {{"shop.vip", Value::boolean(false)}}),
                 other = bench.create("customer", {});
  bench.settle();
  EXPECT_TRUE(bench.fresh("shop.referred_by_vip", other));
  relate(bench, edge(bench, vip, other, "2025-01-01", nullptr));
  EXPECT_FALSE(bench.stored("shop.referrer", vip).value.is_false()) << "it reads the other end";
  EXPECT_TRUE(bench.stored("shop.referred_by_vip", other).value.is_false());
  bench.update("customer", vip, {{"shop.vip", Value::boolean(true)}});
  EXPECT_TRUE(bench.stored("shop.referred_by_vip", other).value.is_true());
  bench.remove("customer", vip);
  EXPECT_TRUE(bench.stored("shop.referred_by_vip", other).value.is_false()) << "one who is removed refers nobody";
}

}  // namespace
}  // namespace kith::internal::testing
