#include "unit/react/world.hpp"

#include <boost/json.hpp>
#include <random>

#include "facts/read/host_events.hpp"
#include "react/trace.hpp"

namespace kith::internal::react::testing {
namespace {

namespace fs = std::filesystem;

// An item counts something; its sum over a customer feeds derivations, and its lifecycle has one guard.
constexpr const char* kShop = R"json({
  "id": "shop", "version": "0.3.0", "label": {"en": "Shop"}, "library": "shop",
  "requires": {"kith": ">=0.1", "abi": "0.1"},
  "settings": [{"name": "many", "type": "int", "default": 10}],
  "record_types": [{"name": "item", "label": {"en": "Item"}, "title": "name", "timeline": "customer", "fields": [
    {"name": "name", "type": "text", "required": true},
    {"name": "note", "type": "text", "pii": "personal"},
    {"name": "n", "type": "int", "default": 0, "max": 1000},
    {"name": "price", "type": "money"},
    {"name": "customer", "type": "ref", "to": "customer", "inverse": "items"}]}],
  "lifecycles": [{"name": "stage", "on": "shop.item", "label": {"en": "Stage"}, "initial": ["new"],
    "states": [{"id": "new", "category": "open"}, {"id": "sold", "category": "won"}, {"id": "back",
     "category": "lost"}],
    "transitions": [{"event": "sell", "from": ["new"], "to": "sold", "guard": "n > 0",
     "deny": {"en": "There is none to sell."}},
                    {"event": "return", "from": ["sold"], "to": "back", "reason": "required"}]})json";

constexpr const char* kRest = R"json(],
  "rollups": {"customer": [{"name": "owned", "type": "int", "over": "shop.items", "aggregate": "sum", "value": "n"}]},
  "segments": [{"name": "rich", "on": "customer", "when": "shop.owned >= setting('shop.many')"}],
  "scores": [{"name": "size", "on": "customer", "range": [0, 100],
    "rules": [{"id": "per_item", "text": {"en": "{{n}} for {{v}} items"}, "value": "shop.owned", "each": 1,
     "cap": 100}],
    "bands": [{"id": "small", "from": 0}, {"id": "large", "from": 50}]}],
  "roles": [{"name": "clerk", "label": {"en": "Clerk"}, "grants": {"shop.item": {"read": "all", "update": "all"}}}],
  "actions": [{"name": "poke", "on": "shop.item", "effect": "database", "runs_as": "clerk", "args": [{"name": "n",
   "type": "int"}, {"name": "to", "type": "text"}],
               "writes": ["shop.item"], "text": {"en": "Poke"}}],
  )json";

}  // namespace

World::World(const std::string& sections, const std::string& lifecycles)
    : document_(JsonDocument::parse(kShop + (lifecycles.empty() ? "" : ", " + lifecycles) + kRest + sections + "}",
                                    "shop/plugin.json")) {
  std::random_device random;
  do {
    folder_ = fs::temp_directory_path() / ("kith_react_" + std::to_string(random()));
  } while (!fs::create_directory(folder_));
  catalog_ = catalog::build_catalog({{&catalog::core_manifest(), true}, {&document_, false}}, {});
  store::StoreOptions options;
  options.url = "sqlite:" + (folder_ / "crm.kith").string();
  options.survive_power_loss = false;
  database_ = store::Database::open(options, log_);
  store::Writer writer = database_->write(kWaitUs);
  const store::Plan plan = store::plan_layout(writer.connection(), *catalog_);
  layout_ = std::make_unique<store::Layout>(catalog_, store::apply_layout(writer.connection(), *catalog_, plan, now));
  tenant_ = store::tenant_number(writer.connection(), "default", true);
  writer.commit();
}

World::~World() {
  database_.reset();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

RecordId World::create(const std::string& type, const std::vector<facts::Input>& fields) {
  RecordId id;
  write([&](access::Unit&, facts::Transaction& transaction) { id = transaction.create(type, fields).id; });
  return id;
}

void World::update(const std::string& type, const RecordId& id, const std::vector<facts::Input>& fields) {
  write([&](access::Unit&, facts::Transaction& transaction) { transaction.update(type, id, 0, fields); });
}

Progress World::turn() {
  std::int64_t settled = 0;
  {
    store::Writer writer = database_->write(kWaitUs);
    access::Unit unit(writer.connection(), *layout_, {"default", tenant_, "system:kith"}, now, true, ids_, nullptr);
    settled = derive::Engine::of(unit).settle_some(100).records;
    derive::Engine::of(unit).flush();
    writer.commit();
  }
  const Reactions reactions([this](auto&&... arguments) {
    if (poke) poke(std::forward<decltype(arguments)>(arguments)...);
  });
  store::Writer writer = database_->write(kWaitUs);
  access::Unit unit(writer.connection(), *layout_, {"default", tenant_, "system:kith"}, now, true, ids_, nullptr);
  Progress progress = reactions.step(unit, window, go_on);
  writer.commit();
  progress.more = progress.more || settled > 0 || progress.runs > 0;
  return progress;
}

Progress World::run() {
  Progress total;
  for (bool more = true; more;) {
    const Progress progress = turn();
    total.events += progress.events;
    total.runs += progress.runs;
    total.failed += progress.failed;
    more = progress.more;
  }
  return total;
}

std::int64_t World::count(const std::string& type) {
  std::int64_t number = 0;
  read([&](access::Unit& unit) { number = unit.records.count(unit.catalog().type(type).number); });
  return number;
}

Value World::value(const std::string& type, const RecordId& id, const std::string& member) {
  Value out;
  read([&](access::Unit& unit) {
    const catalog::RecordType& about = unit.catalog().type(type);
    derive::Engine derivations(unit);
    out = derivations.view(about.number, id)->get(unit.catalog().member_index(about, member)).value;
  });
  return out;
}

Value World::newest(const std::string& type, const std::string& member) {
  RecordId id;
  read([&](access::Unit& unit) {
    for (const RecordId& next : unit.records.ids_after(unit.catalog().type(type).number, {}, 10'000)) id = next;
  });
  return value(type, id, member);
}

std::vector<store::WorkflowRun> World::runs(const RecordId& record) {
  std::vector<store::WorkflowRun> out;
  read([&](access::Unit& unit) {
    for (const catalog::RecordType& type : unit.catalog().record_types)
      for (store::WorkflowRun& run : store::Runs(unit.records).of_record(type.number, record))
        out.push_back(std::move(run));
  });
  return out;
}

std::string World::trace(const store::WorkflowRun& run) {
  std::string out;
  read([&](access::Unit& unit) { out = boost::json::serialize(trace_of(unit, run)); });
  return out;
}

std::vector<store::TransitionRow> World::transitions(const std::string& type, const RecordId& record) {
  std::vector<store::TransitionRow> out;
  read([&](access::Unit& unit) { out = unit.journal.transitions(unit.catalog().type(type).number, record); });
  return out;
}

void World::transition(const std::string& type, const RecordId& id, const std::string& lifecycle,
                       const std::string& event) {
  write(
      [&](access::Unit&, facts::Transaction& transaction) { transaction.transition(type, id, lifecycle, event, {}); });
}

std::optional<std::int64_t> World::next_due() {
  std::optional<std::int64_t> due;
  read([&](access::Unit& unit) { due = derive::Engine(unit).next_due(); });
  return due;
}

std::vector<store::Event> World::events() {
  std::vector<store::Event> out;
  read([&](access::Unit& unit) { out = facts::host_events(unit, 0, 10'000); });
  return out;
}

}  // namespace kith::internal::react::testing
