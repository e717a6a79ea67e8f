#include "unit/facts/office.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace kith::internal::testing {

namespace {

constexpr const char* kOffice = R"json({"id": "office", "version": "0.1.0",
  "record_types": [
    {"name": "product", "title": "name", "key": "code", "fields": [
      {"name": "code", "type": "text", "max_length": 8, "pattern": "[A-Z][A-Z0-9]*", "required": true, "unique": true},
      {"name": "name", "type": "text", "required": true},
      {"name": "price", "type": "money", "min": 0}]},
    {"name": "order", "title": "number", "timeline": "customer", "unique": [["customer", "number"]], "fields": [
      {"name": "customer", "type": "ref", "to": "customer", "required": true, "inverse": "orders", "index": true},
      {"name": "number", "type": "text", "max_length": 20},
      {"name": "ordered_on", "type": "date", "required": true},
      {"name": "shipped_on", "type": "date"},
      {"name": "total", "type": "money", "required": true},
      {"name": "channel", "type": "enum", "values": ["web", "shop", "phone"], "default": "web"},
      {"name": "product", "type": "ref", "to": "office.product"},
      {"name": "about", "type": "ref", "to": "any"},
      {"name": "weight_kg", "type": "double", "min": 0, "max": 1000},
      {"name": "gift", "type": "bool"},
      {"name": "tags", "type": "list", "of": "enum", "values": ["fragile", "heavy", "rush"]},
      {"name": "paid_at", "type": "timestamp"}]},
    {"name": "desk", "title": "mail", "key": "mail", "fields": [
      {"name": "mail", "type": "text", "format": "email", "required": true, "unique": true},
      {"name": "labels", "type": "list", "of": "text"},
      {"name": "badge", "type": "text", "pattern": "(a+)+b"},
      {"name": "word", "type": "text", "pattern": "[a-z]+"}]}],
  "fields": {"customer": [
    {"name": "credit_limit", "type": "money"},
    {"name": "tax_number", "type": "text", "pii": "sensitive", "unique": true}]},
  "purposes": [{"id": "letters", "text": {"en": "We may write to you."}, "version": "1"}],
  "segments": [{"name": "backed", "on": "customer", "when": "rel('office.guaranteed_by').exists(g, true)"}],
  "rollups": {"customer": [
    {"name": "order_count", "type": "int", "over": "office.orders", "aggregate": "count"}]},
  "validations": [
    {"id": "ships_after_order", "on": "office.order", "field": "shipped_on", "reject_when": "shipped_on < ordered_on",
     "text": {"en": "An order can't be shipped before it is placed."}},
    {"id": "total_never_falls", "on": "office.order", "field": "total",
     "reject_when": "changed(total) && total < old.total",
     "text": {"en": "The total of an order can't fall."}},
    {"id": "within_credit", "on": "office.order", "reject_when": "total > customer.office.credit_limit",
     "text": {"en": "The order is above the customer's credit limit."}},
    {"id": "few_open", "on": "office.order",
     "reject_when": "customer.office.orders.count(o, o.shipped_on == null && o.channel == 'phone') > 2",
     "text": {"en": "A customer can't have more than two open orders by phone."}},
    {"id": "no_bad_guarantor", "on": "office.order",
     "reject_when": "customer.rel('office.guaranteed_by').exists(g, g.office.credit_limit < total)",
     "text": {"en": "The guarantor's credit is below the order."}},
    {"id": "gift_said", "on": "office.order", "field": "gift", "reject_when": "gift && weight_kg > 100.0",
     "on_unknown": "reject",
     "text": {"en": "Say whether a heavy order is a gift."}}],
  "lifecycles": [
    {"name": "order_state", "on": "office.order", "initial": ["placed", "draft"],
     "states": [
       {"id": "draft", "category": "open"},
       {"id": "placed", "category": "open"},
       {"id": "shipped", "category": "active", "required": ["shipped_on"]},
       {"id": "closed", "category": "won", "enter_guard": "paid_at != null",
        "deny": {"en": "An unpaid order stays open."}},
       {"id": "cancelled", "category": "lost"}],
     "transitions": [
       {"event": "place", "from": ["draft"], "to": "placed"},
       {"event": "ship", "from": ["placed"], "to": "shipped",
        "guard": "total < 1000 && customer.office.order_count < 3",
        "deny": {"en": "Large orders are looked at first."}},
       {"event": "close", "from": ["shipped"], "to": "closed"},
       {"event": "settle", "from": ["shipped"], "to": "closed",
        "guard": "customer.office.orders.all(o, o == record || o.total <= total) )json"
                                R"json(&& (channel != 'web' || customer.consented('office.letters', 'email'))",
        "deny": {"en": "The largest order closes first, and only with consent."}},
       {"event": "cancel", "from": ["draft", "placed"], "to": "cancelled", "reason": "required"},
       {"event": "weigh", "from": ["placed"], "to": "placed", "guard": "weight_kg > 1.5"}]}],
  "relationships": [
    {"name": "guarantees", "inverse": "guaranteed_by", "from": {"type": "customer"}, "to": {"type": "customer"},
     "cardinality": "one_to_one",
     "attributes": [{"name": "amount", "type": "money"}, {"name": "since", "type": "date"}]}]
})json";

}  // namespace

catalog::CatalogPtr build_office() {
  const JsonDocument document = JsonDocument::parse(kOffice, "office/plugin.json");
  catalog::CatalogConfig config;
  config.phone_region = "CN";
  config.time_zone = "Asia/Shanghai";
  config.currency = "CNY";
  return catalog::build_catalog({{&catalog::core_manifest(), true}, {&document, false}}, config);
}

void Office::save(const InTransaction& body, const store::Cause& cause) {
  write(
      [&](access::Unit& unit) {
        derive::Engine& engine = derive::Engine::of(unit);
        facts::Transaction transaction(unit, engine);
        body(transaction, unit);
        transaction.finish();
        engine.finish_step();
        engine.flush();
      },
      cause);
}

RecordId Office::create(const std::string& type_name, const std::vector<facts::Input>& inputs) {
  RecordId id;
  save([&](facts::Transaction& transaction, access::Unit&) { id = transaction.create(type_name, inputs).id; });
  return id;
}

facts::Saved Office::update(const std::string& type_name, const RecordId& id, const std::vector<facts::Input>& inputs,
                            std::int64_t version) {
  facts::Saved saved;
  save([&](facts::Transaction& transaction, access::Unit&) {
    saved = transaction.update(type_name, id, version, inputs);
  });
  return saved;
}

void Office::remove(const std::string& type_name, const RecordId& id) {
  save([&](facts::Transaction& transaction, access::Unit&) { transaction.remove(type_name, id, 0); });
}

facts::Saved Office::transition(const std::string& type_name, const RecordId& id, const std::string& lifecycle,
                                const std::string& event, const std::vector<facts::Input>& inputs) {
  facts::Saved saved;
  save([&](facts::Transaction& transaction, access::Unit&) {
    saved = transaction.transition(type_name, id, lifecycle, event, inputs);
  });
  return saved;
}

void Office::relate(const std::string& from_type, const RecordId& from, const std::string& name,
                    const std::string& to_type, const RecordId& to, const std::vector<facts::Input>& inputs) {
  save([&](facts::Transaction& transaction, access::Unit&) {
    transaction.relate(from_type, from, name, to_type, to, inputs);
  });
}

RecordId Office::person(const std::string& name) {
  return create("customer", {{"kind", text("person")}, {"name", text(name)}});
}
RecordId Office::organization(const std::string& name) {
  return create("customer", {{"kind", text("organization")}, {"name", text(name)}});
}

Value Office::get(const std::string& type_name, const RecordId& id, const std::string& member_name) {
  Value value;
  read([&](access::Unit& unit) {
    const auto record = unit.records.load(type(type_name), id, true);
    if (record) value = record->values[static_cast<std::size_t>(member(type_name, member_name))];
  });
  return value;
}

bool Office::is_live(const std::string& type_name, const RecordId& id) {
  bool live = false;
  read([&](access::Unit& unit) { live = unit.records.is_live(type(type_name), id); });
  return live;
}

std::vector<store::Change> Office::changes(const std::string& type_name, const RecordId& id) {
  std::vector<store::Change> found;
  read([&](access::Unit& unit) { found = unit.journal.changes(type(type_name), id, 0, 1000); });
  std::reverse(found.begin(), found.end());
  return found;
}

std::string Office::payload(const store::Change& change) {
  store::LogEntry entry;
  entry.change = change;
  return facts::host_event(*catalog, store::happenings(entry).front()).payload_json;
}

std::vector<store::Event> Office::events() {
  std::vector<store::Event> found;
  read([&](access::Unit& unit) { found = facts::host_events(unit, 0, 10'000); });
  return found;
}

std::vector<std::string> Office::contents(const std::string& type_name, const std::vector<std::string>& member_names) {
  std::vector<std::string> lines;
  read([&](access::Unit& unit) {
    for (const RecordId& id : unit.records.ids_after(type(type_name), {}, 1'000'000)) {
      const auto record = unit.records.load(type(type_name), id);
      if (!record) continue;
      std::string line;
      for (const std::string& name : member_names) {
        const Value& value = record->values[static_cast<std::size_t>(member(type_name, name))];
        if (value.kind == Kind::ref) {
          // Ids differ between runs: a record is told by its external id or its title.
          const catalog::RecordType& target = catalog->type(value.record_type);
          const auto other = unit.records.load(value.record_type, value.id);
          line += other && target.title_member >= 0
                      ? to_text(other->values[static_cast<std::size_t>(target.title_member)])
                      : "?";
        } else {
          line += to_text(value);
        }
        line += "|";
      }
      lines.push_back(line);
    }
  });
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::string Office::file(const std::string& name, const std::string& content) {
  const std::string path = folder.path() + "/" + name;
  std::ofstream(path, std::ios::binary) << content;
  return path;
}

std::string Office::read_file(const std::string& name) {
  std::ifstream stream(folder.path() + "/" + name, std::ios::binary);
  std::stringstream content;
  content << stream.rdbuf();
  return content.str();
}

boost::json::object Office::import(const facts::ImportRequest& request) {
  std::unique_ptr<facts::Import> import;
  read([&](access::Unit& unit) { import = facts::Import::begin(unit, request); });
  bool more = true;
  while (more) {
    store::Writer writer = database->write(1'000'000);
    access::Unit unit(writer.connection(), *layout, principal, now, true, ids, nullptr, import->cause());
    more = import->step(unit);
    if (request.dry_run) continue;
    writer.commit();
    import->committed();
  }
  return import->status();
}

void Office::import_some(const facts::ImportRequest& request, int batches, bool lose_last) {
  std::unique_ptr<facts::Import> import;
  read([&](access::Unit& unit) { import = facts::Import::begin(unit, request); });
  for (int i = 0; i < batches; ++i) {
    store::Writer writer = database->write(1'000'000);
    access::Unit unit(writer.connection(), *layout, principal, now, true, ids, nullptr, import->cause());
    import->step(unit);
    if (lose_last && i + 1 == batches) return;
    writer.commit();
    import->committed();
  }
}

Problem problem_of_field(const std::vector<Problem>& problems, const std::string& field) {
  for (const Problem& problem : problems) {
    if (problem.field == field) return problem;
  }
  return {};
}

}  // namespace kith::internal::testing
