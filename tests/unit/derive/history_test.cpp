// Random histories: whatever is written, in whatever order, and whatever the clock says, a value that counts as fresh
// is the value that a computation from facts gives.
#include <algorithm>

#include "unit/derive/bench.hpp"

namespace kith::internal::testing {
namespace {

const char* const kHistoryDerivations = R"json(,
  "relationships": [{"name": "sponsors", "inverse": "sponsored_by", "from": {"type": "customer"},
   "to": {"type": "shop.group"}}],
  "formulas": {
    "customer": [
      {"name": "rank", "type": "int", "expr": "coalesce(shop.points, 0) + coalesce(shop.group.discount, 0)"},
      {"name": "age_days", "type": "int", "expr": "days_since(shop.joined_at)"},
      {"name": "worth", "type": "int", "expr": "shop.vip ? shop.recent_orders * 10 + shop.rank : shop.rank"},
      {"name": "doubled", "type": "int", "expr": "shop.in_window * 2"},
      {"name": "standing", "type": "int", "expr": "coalesce(shop.group.big_group ? 1 : 0, 2) + shop.age_days"}],
    "shop.order": [
      {"name": "weight", "type": "int", "expr": "customer.shop.vip ? items * 2 : items + customer.shop.rank"}]},
  "rollups": {
    "customer": [
      {"name": "recent_orders", "type": "int", "over": "shop.orders", "aggregate": "count",
       "where": "days_since(placed_at) < 3"},
      {"name": "in_window", "type": "int", "over": "shop.orders", "aggregate": "count",
       "where": "placed_at > now() - duration('3d')"},
      {"name": "spend", "type": "money", "over": "shop.orders", "aggregate": "sum", "value": "total",
       "where": "!returned"},
      {"name": "last_order_at", "type": "timestamp", "over": "shop.orders", "aggregate": "max", "value": "placed_at"},
      {"name": "least_items", "type": "int", "over": "shop.orders", "aggregate": "min", "value": "items",
       "where": "placed_at <= now()"},
      {"name": "all_orders", "type": "int", "over": "shop.orders", "aggregate": "count"},
      {"name": "usual_total", "type": "money", "over": "shop.orders", "aggregate": "median", "value": "total",
       "where": "placed_at <= now()"},
      {"name": "mean_items", "type": "double", "over": "shop.orders", "aggregate": "avg", "value": "items"},
      {"name": "newest_items", "type": "int", "over": "shop.orders", "aggregate": "latest", "at": "placed_at",
       "value": "items"},
      {"name": "sizes", "type": "int", "over": "shop.orders", "aggregate": "count", "distinct_by": "items"},
      {"name": "newest_sponsored", "type": "int", "over": "rel('shop.sponsors')", "aggregate": "latest",
       "at": "created_at", "value": "discount * actives"},
      {"name": "weighted", "type": "int", "over": "shop.orders", "aggregate": "sum", "value": "weight"},
      {"name": "partners", "type": "int", "over": "rel('partner_of')", "aggregate": "count"},
      {"name": "referred_worth", "type": "int", "over": "rel('referred')", "aggregate": "sum", "value": "shop.worth",
       "where": "shop.vip || days_since(shop.joined_at) < 4"},
      {"name": "referrer_ordered_at", "type": "timestamp", "over": "rel('referred_by')", "aggregate": "max",
       "value": "shop.last_order_at"},
      {"name": "partner_worth", "type": "int", "over": "rel('partner_of')", "aggregate": "min",
       "value": "shop.referred_worth"},
      {"name": "sponsored", "type": "int", "over": "rel('shop.sponsors')", "aggregate": "sum",
       "value": "discount * actives"}],
    "shop.group": [
      {"name": "actives", "type": "int", "over": "customers", "aggregate": "count", "where": "shop.active"},
      {"name": "turnover", "type": "money", "over": "customers", "aggregate": "sum", "value": "shop.spend"},
      {"name": "lively_sponsors", "type": "int", "over": "rel('shop.sponsored_by')", "aggregate": "count",
       "where": "shop.active && shop.group.discount > 0"},
      {"name": "sponsors_since", "type": "timestamp", "over": "rel('shop.sponsored_by')", "aggregate": "min",
       "value": "shop.joined_at"}]},
  "segments": [
    {"name": "active", "on": "customer", "when": "shop.recent_orders > 0 || days_since(shop.last_order_at) < 5"},
    {"name": "big_group", "on": "shop.group", "when": "actives >= 2"},
    {"name": "has_big_order", "on": "customer", "when": "shop.orders.exists(o, o.items > shop.points && !o.returned)"},
    {"name": "all_recent", "on": "customer", "when": "shop.orders.all(o, days_since(o.placed_at) < 4)"},
    {"name": "lively", "on": "shop.group",
     "when": "customers.count(c, c.shop.orders.exists(o, o.placed_at > now() - duration('2d'))) >= 2"},
    {"name": "some_big", "on": "shop.group",
     "when": "customers.exists(c, c.in_segment('shop.has_big_order') && c.shop.weighted > 2)"},
    {"name": "one_of_many", "on": "shop.order", "when": "customer.shop.orders.count(o, o.items == items) > 1"},
    {"name": "connected", "on": "customer",
     "when": "rel('referred').exists(r, r.shop.vip || r.shop.orders.count() > 1)"},
    {"name": "referred_well", "on": "customer", "when": "rel('referred_by').all(r, r.shop.group.discount > 0)"},
    {"name": "paired", "on": "customer", "when": "rel('partner_of').exists_one(p, p.shop.spend > shop.spend)"},
    {"name": "paired_group", "on": "shop.group", "when": "customers.exists(c, c.rel('partner_of').count() > 0)"},
    {"name": "well_sponsored", "on": "shop.group",
     "when": "lively_sponsors > 0 && customers.exists(c, c.shop.partners > 1)"}],
  "scores": [
    {"name": "value", "on": "customer", "range": [0, 100], "applies_when": "shop.rank >= 0",
     "rules": [
       {"id": "vip", "text": {"en": "VIP"}, "when": "shop.vip", "points": 20},
       {"id": "given_back", "text": {"en": "Gave back"}, "when": "shop.orders.exists(o, o.returned)", "points": 3},
       {"id": "spent", "text": {"en": "Spent"}, "value": "shop.spend", "steps": [[1, 5], [10, 15.5]],
        "on_unknown": "max"},
       {"id": "orders", "text": {"en": "Orders"}, "value": "shop.recent_orders", "each": 4.25, "cap": 20},
       {"id": "events", "text": {"en": "Events"}, "each": 3, "cap": 12,
        "count": {"over": "shop.orders", "where": "!returned", "at": "placed_at", "window_days": 4}},
       {"id": "brought", "text": {"en": "Brought"}, "each": 2, "cap": 6,
        "count": {"over": "rel('referred')", "where": "shop.recent_orders > 0", "at": "shop.joined_at",
         "window_days": 5}}],
     "bands": [{"id": "low", "from": 0}, {"id": "mid", "from": 20}, {"id": "high", "from": 40}]}],
  "workflows": [
    {"id": "much", "on": "customer",
     "trigger": {"became": "shop.orders.sum(o, o.items) > 5 && rel('referred').count() > 0"},
     "actions": [{"id": "tell", "emit": "much", "set": {}}]},
    {"id": "cooling", "on": "customer", "trigger": {"became": "days_since(shop.last_order_at) >= 2"},
     "actions": [{"id": "tell", "emit": "cooling", "set": {}}]}])json";

class History {
 public:
  History(Bench& bench, unsigned seed) : bench_(&bench), random_(seed) {
    for (int i = 0; i < 2; ++i) add("shop.group");
    for (int i = 0; i < 3; ++i) add("customer");
    for (int i = 0; i < 5; ++i) add("shop.order");
  }

  /// One to three writes in one transaction.
  void write() {
    bench_->writing([&](access::Unit& unit, derive::Engine& engine) {
      const int writes = pick(1, 3);
      for (int i = 0; i < writes; ++i) {
        write_one(unit, engine);
        // Reading in between makes the engine settle and mark in one unit.
        if (chance(30)) ask(engine);
      }
    });
  }
  void step_clock() {
    static constexpr std::int64_t kSteps[] = {0, 0, 1, kHour, 7 * kHour, kDay, kDay + 1, 3 * kDay - 1, 5 * kDay};
    bench_->now += kSteps[static_cast<std::size_t>(pick(0, 8))];
  }
  void settle_some_of_it() {
    if (chance(25)) {
      bench_->settle(chance(50) ? 1'000'000 : pick(1, 9));
    } else {
      bench_->writing([&](access::Unit&, derive::Engine& engine) {
        for (int i = pick(0, 6); i > 0; --i) ask(engine);
      });
    }
  }
  /// The number of values that are wrong, among those that count as fresh and those that a read gives; says which.
  int wrong() {
    int wrong = 0;
    bench_->reading([&](access::Unit&, derive::Engine& reader) {
      bench_->from_facts(bench_->now, [&](derive::Engine& facts) {
        for (const auto& [type_name, id] : live_) {
          for (const catalog::Derivation& derivation : bench_->catalog->derivations) {
            if (derivation.record_type == bench_->type(type_name)) wrong += compare(derivation, id, reader, facts);
          }
        }
      });
    });
    return wrong;
  }
  bool all_fresh() {
    bool all = true;
    bench_->reading([&](access::Unit&, derive::Engine& engine) {
      for (const auto& [type_name, id] : live_) {
        for (const catalog::Derivation& derivation : bench_->catalog->derivations) {
          if (derivation.record_type == bench_->type(type_name)) all = all && engine.fresh(derivation.number, id);
        }
      }
    });
    return all;
  }
  bool chance(int percent) { return pick(1, 100) <= percent; }

  std::int64_t checked = 0, fresh_seen = 0;

 private:
  int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  Value some_ref(const std::string& type_name) {
    std::vector<RecordId> found;
    for (const auto& [name, id] : live_) {
      if (name == type_name) found.push_back(id);
    }
    if (found.empty() || chance(15)) return Value::null();
    return bench_->ref(type_name, found[static_cast<std::size_t>(pick(0, static_cast<int>(found.size()) - 1))]);
  }
  Value some_instant() {
    if (chance(10)) return Value::null();
    return Value::timestamp(bench_->now + pick(-8, 4) * kDay + pick(-12, 12) * kHour);
  }
  Value some_int() { return chance(12) ? Value::null() : Value::integer(pick(-3, 6)); }
  Value some_bool() { return chance(20) ? Value::null() : Value::boolean(chance(50)); }
  Fields some_fields(const std::string& type_name, bool whole) {
    Fields fields;
    const auto maybe = [&](const char* name, const Value& value) {
      if (whole || chance(35)) fields[name] = value;
    };
    if (type_name == "shop.group") maybe("discount", some_int());
    if (type_name == "customer") {
      maybe("shop.group", some_ref("shop.group"));
      maybe("shop.points", some_int());
      maybe("shop.vip", some_bool());
      maybe("shop.joined_at", some_instant());
    }
    if (type_name == "shop.order") {
      maybe("customer", some_ref("customer"));
      maybe("placed_at", some_instant());
      maybe("total", chance(10) ? Value::null() : bench_->money(pick(0, 1'500)));
      maybe("items", some_int());
      maybe("returned", some_bool());
    }
    return fields;
  }
  void add(const std::string& type_name) {
    live_.emplace_back(type_name, bench_->create(type_name, some_fields(type_name, true)));
  }
  RecordId some(const std::string& type_name) {
    const Value ref = some_ref(type_name);
    return ref.is_null() ? RecordId{} : ref.id;
  }
  /// An edge of any time between two records, or the end of one.
  void relate(access::Unit& unit, derive::Engine& engine) {
    static constexpr std::pair<const char*, const char*> kNames[] = {
        {"referred", "customer"}, {"partner_of", "customer"}, {"shop.sponsors", "shop.group"}};
    const auto [name, to_type] = kNames[pick(0, 2)];
    store::Edge edge;
    edge.relationship = name;
    edge.from_type = bench_->type("customer");
    edge.to_type = bench_->type(to_type);
    edge.from = some("customer");
    edge.to = some(to_type);
    if (edge.from.is_nil() || edge.to.is_nil() || edge.from == edge.to) return;
    const std::int64_t today = bench_->now / kDay;
    for (store::Edge& old : unit.journal.edges(edge.relationship, edge.from_type, edge.from, true, 0, true)) {
      if (old.to_on || chance(50)) continue;
      engine.relating(old);
      old.to_on = std::max(today, old.from_on);
      unit.journal.end_edge(old.row, *old.to_on);
      engine.related(old);
      return;
    }
    edge.from_on = today + pick(-4, 4);
    if (chance(50)) edge.to_on = edge.from_on + pick(1, 6);
    edge.attributes_json = "{}";
    engine.relating(edge);
    unit.journal.add_edge(edge);
    engine.related(edge);
  }
  void write_one(access::Unit& unit, derive::Engine& engine) {
    const int what = pick(1, 120);
    if (what > 100) return relate(unit, engine);
    if (what <= 15) {
      const std::string type_name = chance(70) ? "shop.order" : chance(70) ? "customer" : "shop.group";
      live_.emplace_back(type_name, bench_->create(unit, engine, type_name, some_fields(type_name, true)));
      return;
    }
    const auto at = static_cast<std::size_t>(pick(0, static_cast<int>(live_.size()) - 1));
    const auto [type_name, id] = live_[at];
    if (what <= 25 && live_.size() > 5) {
      bench_->remove(unit, engine, type_name, id);
      live_.erase(live_.begin() + static_cast<std::ptrdiff_t>(at));
      return;
    }
    bench_->update(unit, engine, type_name, id, some_fields(type_name, false));
  }
  void ask(derive::Engine& engine) {
    const auto& [type_name, id] = live_[static_cast<std::size_t>(pick(0, static_cast<int>(live_.size()) - 1))];
    for (const catalog::Derivation& derivation : bench_->catalog->derivations) {
      if (derivation.record_type == bench_->type(type_name) && chance(40)) engine.value(derivation.number, id);
    }
  }

  int compare(const catalog::Derivation& derivation, const RecordId& id, derive::Engine& reader,
              derive::Engine& facts) {
    const bool fresh = reader.fresh(derivation.number, id);
    const derive::Stored stored = reader.stored(derivation.number, id);
    const Value read = reader.value(derivation.number, id).value;
    const Value truth = facts.value(derivation.number, id).value;
    ++checked;
    fresh_seen += fresh ? 1 : 0;
    if (read == truth && (!fresh || stored.value == truth)) return 0;
    ADD_FAILURE() << derivation.name << (fresh ? " counts as fresh with " : " reads as ")
                  << to_text(fresh ? stored.value : read) << ", facts give " << to_text(truth);
    return 1;
  }

  Bench* bench_;
  std::mt19937 random_;
  std::vector<std::pair<std::string, RecordId>> live_;
};

TEST(HistoryTest, FreshValuesAreRightInEveryRandomHistory) {
  const int histories = repetitions(12, 400);
  const catalog::CatalogPtr built = build_shop(std::string(kShopFacts) + kHistoryDerivations);
  std::int64_t checked = 0, fresh_seen = 0;
  for (int seed = 1; seed <= histories; ++seed) {
    SCOPED_TRACE("history " + std::to_string(seed));
    Bench bench(built);
    // In every other one a write that reaches a record marks all: what a write with very many readers does.
    if (seed % 2 == 0) bench.most_marks = 0;
    bench.lazy = seed % 3 == 0;
    History history(bench, static_cast<unsigned>(seed));
    for (int step = 0; step < 14; ++step) {
      SCOPED_TRACE("step " + std::to_string(step));
      history.step_clock();
      if (history.chance(75)) history.write();
      ASSERT_EQ(history.wrong(), 0);
      history.settle_some_of_it();
      ASSERT_EQ(history.wrong(), 0);
    }
    bench.settle();
    ASSERT_EQ(history.wrong(), 0);
    ASSERT_TRUE(history.all_fresh());
    ASSERT_EQ(bench.settle(), 0);
    checked += history.checked;
    fresh_seen += history.fresh_seen;
  }
  // A test in which nothing is ever fresh would prove nothing.
  EXPECT_GT(fresh_seen * 4, checked);
}

}  // namespace
}  // namespace kith::internal::testing
