// What is announced does not depend on who looked: the same transactions at the same instants give the same edges, of
// the same records, at the same instants, by the same causes, whatever reads and due runs are thrown in. And they are
// those of a plain model, which computes everything anew from facts at each instant at which anything can change.
#include <algorithm>
#include <map>
#include <tuple>

#include "store/layout/layout.hpp"
#include "unit/derive/bench.hpp"

namespace kith::internal::testing {
namespace {

const char* const kWatched = R"json(,
  "relationships": [
    {"name": "sponsors", "inverse": "sponsored_by", "from": {"type": "customer"}, "to": {"type": "shop.group"}}],
  "formulas": {"customer": [
    {"name": "worth", "type": "int", "expr": "shop.recent * 10 + coalesce(shop.group.discount, 0)"}]},
  "rollups": {
    "customer": [
      {"name": "recent", "type": "int", "over": "shop.orders", "aggregate": "count",
       "where": "placed_at > now() - duration('3d')"},
      {"name": "items", "type": "int", "over": "shop.orders", "aggregate": "sum", "value": "items",
       "where": "!returned"},
      {"name": "last_at", "type": "timestamp", "over": "shop.orders", "aggregate": "max", "value": "placed_at"}],
    "shop.group": [
      {"name": "actives", "type": "int", "over": "customers", "aggregate": "count", "where": "shop.active"}]},
  "segments": [
    {"name": "active", "on": "customer", "when": "shop.recent > 0"},
    {"name": "rich", "on": "customer", "when": "shop.worth >= 20 || shop.points > 4"},
    {"name": "lively", "on": "shop.group", "when": "actives >= 2"},
    {"name": "backed", "on": "shop.group", "when": "rel('shop.sponsored_by').exists(s, s.shop.points > 2)"},
    {"name": "of_lively", "on": "customer", "when": "shop.group.lively"},
    {"name": "late", "on": "shop.order", "when": "days_since(placed_at) >= 2 && customer.shop.vip"}],
  "scores": [{"name": "value", "on": "customer", "range": [0, 100], "rules": [
      {"id": "vip", "text": {"en": "VIP"}, "when": "shop.vip", "points": 20},
      {"id": "recent", "text": {"en": "Recent"}, "value": "shop.recent", "each": 15, "cap": 45}],
    "bands": [{"id": "low", "from": 0}, {"id": "mid", "from": 20}, {"id": "high", "from": 40}]}],
  "workflows": [
    {"id": "cooling", "on": "customer", "trigger": {"became": "days_since(shop.last_at) >= 2 && shop.items > 3"},
     "actions": [{"id": "tell", "emit": "cooling", "set": {}}]},
    {"id": "banded", "on": "customer", "trigger": {"band": "shop.value"},
     "actions": [{"id": "tell", "emit": "banded", "set": {}}]}])json";

/// A field of a record that the script writes; refs name records by their number.
struct Given {
  std::string name;
  Value value;
  int record = -1;  ///< >= 0: a ref to that record
};
struct Op {
  enum class Kind { create, update, remove, relate } kind = Kind::create;
  std::string type;
  int record = -1, other = -1;
  std::int64_t from_on = 0;
  std::optional<std::int64_t> to_on;
  std::vector<Given> fields;
};
struct Step {
  std::int64_t at = 0;
  bool automation = true;
  std::vector<Op> ops;
};

/// An edge, as who waits for it hears of it.
using Heard = std::tuple<int /*record*/, std::int64_t /*instant*/, std::string /*derivation*/, std::string /*change*/,
                         std::string /*cause*/>;

class Script {
 public:
  Script(unsigned seed, std::int64_t start) : random_(seed), now_(start) {
    Step first{now_, true, {}};
    for (int i = 0; i < 2; ++i) first.ops.push_back(created("shop.group"));
    for (int i = 0; i < 3; ++i) first.ops.push_back(created("customer"));
    for (int i = 0; i < 4; ++i) first.ops.push_back(created("shop.order"));
    steps.push_back(std::move(first));
    for (int i = pick(3, 9); i > 0; --i) {
      static constexpr std::int64_t kHops[] = {0, 1, kHour, 9 * kHour, kDay, kDay + 1, 3 * kDay - 1, 4 * kDay};
      now_ += kHops[pick(0, 7)];
      Step step{now_, !chance(12), {}};
      for (int n = pick(1, 3); n > 0; --n) step.ops.push_back(some_op());
      steps.push_back(std::move(step));
    }
    end = now_ + pick(0, 6) * kDay;
  }
  std::vector<Step> steps;
  std::int64_t end = 0;

 private:
  int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  bool chance(int percent) { return pick(1, 100) <= percent; }
  int some(const std::string& type) {
    std::vector<int> found;
    for (const auto& [record, of] : live_)
      if (of == type) found.push_back(record);
    return found.empty() ? -1 : found[static_cast<std::size_t>(pick(0, static_cast<int>(found.size()) - 1))];
  }
  Value integer() { return chance(12) ? Value::null() : Value::integer(pick(-1, 6)); }
  Value boolean() { return chance(15) ? Value::null() : Value::boolean(chance(50)); }
  Value instant() {
    return chance(8) ? Value::null() : Value::timestamp(now_ + pick(-6, 3) * kDay + pick(-10, 10) * kHour);
  }
  std::vector<Given> fields(const std::string& type, bool whole) {
    std::vector<Given> out;
    const auto maybe = [&](const char* name, Value value, int record = -1) {
      if (whole || chance(40)) out.push_back({name, std::move(value), record});
    };
    if (type == "shop.group") maybe("discount", integer());
    if (type == "customer") {
      maybe("shop.group", Value::null(), chance(80) ? some("shop.group") : -1);
      maybe("shop.points", integer());
      maybe("shop.vip", boolean());
    }
    if (type == "shop.order") {
      maybe("customer", Value::null(), chance(85) ? some("customer") : -1);
      maybe("placed_at", instant());
      maybe("items", integer());
      maybe("returned", boolean());
    }
    return out;
  }
  Op created(const std::string& type) {
    Op op;
    op.type = type;
    op.fields = fields(type, true);
    op.record = made_++;
    live_[op.record] = type;
    return op;
  }
  Op some_op() {
    const int what = pick(1, 100);
    if (what <= 20) return created(chance(70) ? "shop.order" : "customer");
    Op op;
    if (what <= 32) {
      op.kind = Op::Kind::relate;
      op.record = some("customer");
      op.other = some("shop.group");
      op.from_on = now_ / kDay + pick(-2, 3);
      if (chance(60)) op.to_on = op.from_on + pick(1, 4);
      if (op.record >= 0 && op.other >= 0) return op;
    }
    auto at = live_.begin();
    std::advance(at, pick(0, static_cast<int>(live_.size()) - 1));
    op.record = at->first;
    op.type = at->second;
    if (what <= 42 && live_.size() > 5) {
      op.kind = Op::Kind::remove;
      live_.erase(at);
      return op;
    }
    op.kind = Op::Kind::update;
    op.fields = fields(op.type, false);
    return op;
  }

  std::mt19937 random_;
  std::int64_t now_;
  int made_ = 0;
  std::map<int, std::string> live_;
};

/// A world of its own in the one file: a tenant for each run.
class Stage {
 public:
  explicit Stage(Bench& bench) : bench_(bench) {
    static int tenants = 0;
    bench_.principal.tenant = "history " + std::to_string(++tenants);
    store::Writer writer = bench_.database->write(5'000'000);
    bench_.principal.tenant_number = store::tenant_number(writer.connection(), bench_.principal.tenant, true);
    writer.commit();
  }
  void play(const Step& step, int number) {
    bench_.now = step.at;
    bench_.writing(
        [&](access::Unit& unit, derive::Engine& engine) {
          for (const Op& op : step.ops) play(unit, engine, op);
        },
        {"step " + std::to_string(number), 0, step.automation, {}});
  }
  int number_of(const RecordId& id) const {
    const auto found = std::find(ids_.begin(), ids_.end(), id);
    return static_cast<int>(found - ids_.begin());
  }
  const std::map<int, std::string>& live() const { return live_; }
  const RecordId& id(int record) const { return ids_[static_cast<std::size_t>(record)]; }

 private:
  Fields resolved(const std::vector<Given>& given) const {
    Fields fields;
    for (const Given& one : given)
      fields[one.name] = one.record < 0 ? one.value : bench_.ref(live_or_any(one.record), id(one.record));
    return fields;
  }
  std::string live_or_any(int record) const { return types_.at(record); }
  void play(access::Unit& unit, derive::Engine& engine, const Op& op) {
    switch (op.kind) {
      case Op::Kind::create:
        ids_.push_back(bench_.create(unit, engine, op.type, resolved(op.fields)));
        live_[op.record] = types_[op.record] = op.type;
        return;
      case Op::Kind::update: return bench_.update(unit, engine, op.type, id(op.record), resolved(op.fields));
      case Op::Kind::remove: live_.erase(op.record); return bench_.remove(unit, engine, op.type, id(op.record));
      case Op::Kind::relate: {
        store::Edge edge;
        edge.relationship = "shop.sponsors";
        edge.from_type = bench_.type("customer");
        edge.to_type = bench_.type("shop.group");
        edge.from = id(op.record);
        edge.to = id(op.other);
        edge.from_on = op.from_on;
        edge.to_on = op.to_on;
        edge.attributes_json = "{}";
        engine.relating(edge);
        unit.journal.add_edge(edge);
        engine.related(edge);
      }
    }
  }

  Bench& bench_;
  std::vector<RecordId> ids_;
  std::map<int, std::string> live_, types_;
};

std::string shown(const Value& value) { return value.is_dead() ? "none" : to_text(value); }

bool is_watched(const catalog::Derivation& derivation) {
  return derivation.kind == catalog::DerivationKind::segment || derivation.kind == catalog::DerivationKind::trigger ||
         derivation.kind == catalog::DerivationKind::score;
}

/// The plain model: every watched value of every record, computed from facts.
class Model {
 public:
  Model(Bench& bench, const Stage& stage) : bench_(bench), stage_(stage) {}
  /// Time goes on to `instant` with the facts as they are.
  void pass(std::int64_t instant) {
    for (auto& [key, known] : values_) {
      while (known.until <= instant) {
        const std::int64_t at = known.until;
        const Known next = look(key, at);
        hear(key, known.value, next.value, at, "time");
        known = next;
      }
    }
  }
  /// The facts have changed at an instant.
  void changed(const Step& step, int number) {
    std::map<Key, Known> now;
    for (const auto& [record, type] : stage_.live())
      for (const catalog::Derivation& derivation : bench_.catalog->derivations) {
        if (derivation.record_type != bench_.type(type) || !is_watched(derivation)) continue;
        const Key key{record, derivation.number};
        now[key] = look(key, step.at);
        const auto before = values_.find(key);
        const bool band = derivation.kind == catalog::DerivationKind::score;
        const Value none = band ? Value::null() : Value::boolean(false);
        if (step.automation)
          hear(key, before == values_.end() ? none : before->second.value, now[key].value, step.at,
               "step " + std::to_string(number));
      }
    values_ = std::move(now);
  }
  std::vector<Heard> heard;

 private:
  using Key = std::pair<int, std::int32_t>;
  struct Known {
    Value value;
    std::int64_t until = kForever;
  };
  Known look(const Key& key, std::int64_t at) {
    Known known;
    bench_.from_facts(at, [&](derive::Engine& engine) {
      const catalog::Derivation& derivation = bench_.catalog->derivations[static_cast<std::size_t>(key.second)];
      const expr::Timed timed = engine.value(key.second, stage_.id(key.first));
      known.until = timed.until;
      known.value = timed.value;
      if (derivation.kind != catalog::DerivationKind::score) return;
      const std::string band = engine.band(key.second, stage_.id(key.first));
      known.value = band.empty() ? Value::null() : Value::text(band);
    });
    return known;
  }
  void hear(const Key& key, const Value& before, const Value& after, std::int64_t at, const std::string& cause) {
    const catalog::Derivation& derivation = bench_.catalog->derivations[static_cast<std::size_t>(key.second)];
    if (before == after) return;
    if (derivation.kind == catalog::DerivationKind::trigger && !after.is_true()) return;
    heard.emplace_back(key.first, at, derivation.name, shown(before) + " -> " + shown(after), cause);
  }
  Bench& bench_;
  const Stage& stage_;
  std::map<Key, Known> values_;
};

std::vector<Heard> heard_by_consumers(Bench& bench, const Stage& stage) {
  std::vector<Heard> out;
  for (const store::Event& event : bench.events()) {
    if (event.kind != store::EventKind::derived) continue;
    const boost::json::object payload = boost::json::parse(event.payload_json).as_object();
    const auto text = [&](const char* name) {
      const boost::json::value& value = payload.at(name);
      if (value.is_null()) return std::string("none");
      return value.is_bool() ? std::string(value.as_bool() ? "true" : "false") : std::string(value.as_string());
    };
    out.emplace_back(stage.number_of(event.record), event.at_us, event.name, text("old") + " -> " + text("new"),
                     event.cause.root.starts_with("due:") ? "time" : event.cause.root);
  }
  std::sort(out.begin(), out.end());
  return out;
}

class Independence {
 public:
  explicit Independence(Bench& bench) : bench_(bench) {}

  /// The edges of a script; `reads`, `due_runs`: thrown in at random between its steps.
  std::vector<Heard> run(const Script& script, bool reads, bool due_runs, unsigned seed) {
    Stage stage(bench_);
    std::mt19937 random(seed);
    std::int64_t before = script.steps.front().at;
    for (std::size_t i = 0; i < script.steps.size(); ++i) {
      disturb(stage, before, script.steps[i].at, reads, due_runs, random);
      stage.play(script.steps[i], static_cast<int>(i));
      before = script.steps[i].at;
    }
    disturb(stage, before, script.end, reads, due_runs, random);
    bench_.now = script.end;
    bench_.settle();
    return heard_by_consumers(bench_, stage);
  }
  std::vector<Heard> model(const Script& script) {
    Stage stage(bench_);
    Model model(bench_, stage);
    for (std::size_t i = 0; i < script.steps.size(); ++i) {
      model.pass(script.steps[i].at);
      stage.play(script.steps[i], static_cast<int>(i));
      model.changed(script.steps[i], static_cast<int>(i));
    }
    model.pass(script.end);
    std::sort(model.heard.begin(), model.heard.end());
    return model.heard;
  }

 private:
  void disturb(const Stage& stage, std::int64_t from, std::int64_t to, bool reads, bool due_runs,
               std::mt19937& random) {
    const auto pick = [&](std::int64_t low, std::int64_t high) {
      return std::uniform_int_distribution<std::int64_t>(low, high)(random);
    };
    std::int64_t at = from;
    while (pick(0, 1) == 1) {
      at = pick(at, to);
      bench_.now = at;
      if (reads && pick(0, 1) == 1) read(stage, pick);
      if (due_runs && pick(0, 1) == 1) bench_.settle(pick(0, 2) == 0 ? pick(1, 4) : 1'000);
    }
  }
  template <typename Pick>
  void read(const Stage& stage, Pick& pick) {
    const auto ask = [&](access::Unit&, derive::Engine& engine) {
      for (const auto& [record, type] : stage.live())
        for (const catalog::Derivation& derivation : bench_.catalog->derivations)
          if (derivation.record_type == bench_.type(type) && pick(0, 2) == 0)
            engine.value(derivation.number, stage.id(record));
    };
    pick(0, 1) == 0 ? bench_.reading(ask) : bench_.writing(ask);
  }
  Bench& bench_;
};

std::string text_of(const std::vector<Heard>& heard) {
  std::string out;
  for (const auto& [record, instant, derivation, change, cause] : heard)
    out += "record " + std::to_string(record) + " at " + format_instant(instant) + " " + derivation + " " + change +
           " by " + cause + "\n";
  return out;
}

/// In parts that run beside each other.
class IndependenceTest : public ::testing::TestWithParam<int> {};
constexpr int kParts = 4;

TEST_P(IndependenceTest, WhatIsAnnouncedDoesNotDependOnWhoLooked) {
  Bench bench(std::string(kShopFacts) + kWatched);
  const std::int64_t start = bench.now;
  Independence all(bench);
  const int histories = repetitions(2'000, 50'000) / kParts;
  const int first = GetParam() * histories + 1;
  std::size_t edges = 0, by_time = 0;
  for (int seed = first; seed < first + histories; ++seed) {
    SCOPED_TRACE("history " + std::to_string(seed));
    bench.lazy = seed % 3 == 0;
    const Script script(static_cast<unsigned>(seed), start);
    const std::vector<Heard> plain = all.model(script);
    ASSERT_EQ(text_of(all.run(script, false, false, 0)), text_of(plain)) << "alone";
    ASSERT_EQ(text_of(all.run(script, true, false, static_cast<unsigned>(seed))), text_of(plain)) << "with reads";
    ASSERT_EQ(text_of(all.run(script, false, true, static_cast<unsigned>(seed))), text_of(plain)) << "with due runs";
    ASSERT_EQ(text_of(all.run(script, true, true, static_cast<unsigned>(seed))), text_of(plain)) << "with both";
    edges += plain.size();
    for (const Heard& one : plain) by_time += std::get<4>(one) == "time" ? 1 : 0;
  }
  EXPECT_GT(edges, static_cast<std::size_t>(histories) * 4);
  EXPECT_GT(by_time * 4, edges) << "time has its part";
}

INSTANTIATE_TEST_SUITE_P(All, IndependenceTest, ::testing::Range(0, kParts));

}  // namespace
}  // namespace kith::internal::testing
