#include "unit/derive/bench.hpp"

#include <cstdlib>

#include "store/rows/log_reader.hpp"

namespace kith::internal::testing {

void Bench::writing(const InEngine& body, const store::Cause& cause) {
  write(
      [&](access::Unit& unit) {
        derive::Engine& engine = derive::Engine::of(unit);
        if (most_marks) engine.mark_at_most(*most_marks);
        if (lazy) engine.leave_to_due_work();
        body(unit, engine);
        engine.finish_step();
        engine.flush();
      },
      cause);
}

void Bench::reading(const InEngine& body) {
  read([&](access::Unit& unit) {
    derive::Engine engine(unit);
    body(unit, engine);
  });
}

RecordId Bench::create(access::Unit& unit, derive::Engine& engine, const std::string& type_name, const Fields& fields) {
  store::Record record;
  record.id = ids.next(now);
  record.values = row(type_name, fields);
  engine.touching(type(type_name), record.id, nullptr, &record.values, {});
  const std::int64_t rid = unit.records.insert(type(type_name), record);
  engine.touched(type(type_name), record.id, nullptr, &record.values, rid);
  return record.id;
}

void Bench::update(access::Unit& unit, derive::Engine& engine, const std::string& type_name, const RecordId& id,
                   const Fields& fields) {
  const std::optional<store::Record> before = unit.records.load(type(type_name), id);
  ASSERT_TRUE(before.has_value());
  store::Row after = before->values;
  std::vector<std::int32_t> changed;
  for (const auto& [name, value] : fields) {
    const std::int32_t at = member(type_name, name);
    if (after[static_cast<std::size_t>(at)] == value) continue;
    after[static_cast<std::size_t>(at)] = value;
    changed.push_back(at);
  }
  if (changed.empty()) return;
  engine.touching(type(type_name), id, &before->values, &after, changed);
  unit.records.update(type(type_name), id, after, changed);
  engine.touched(type(type_name), id, &before->values, &after);
}

void Bench::remove(access::Unit& unit, derive::Engine& engine, const std::string& type_name, const RecordId& id) {
  const std::optional<store::Record> before = unit.records.load(type(type_name), id);
  ASSERT_TRUE(before.has_value());
  engine.touching(type(type_name), id, &before->values, nullptr, {});
  unit.records.remove(type(type_name), id, now);
  engine.touched(type(type_name), id, &before->values, nullptr);
}

RecordId Bench::create(const std::string& type_name, const Fields& fields) {
  RecordId id;
  writing([&](access::Unit& unit, derive::Engine& engine) { id = create(unit, engine, type_name, fields); });
  return id;
}

void Bench::update(const std::string& type_name, const RecordId& id, const Fields& fields, const store::Cause& cause) {
  writing([&](access::Unit& unit, derive::Engine& engine) { update(unit, engine, type_name, id, fields); }, cause);
}

void Bench::remove(const std::string& type_name, const RecordId& id) {
  writing([&](access::Unit& unit, derive::Engine& engine) { remove(unit, engine, type_name, id); });
}

std::int64_t Bench::settle(std::int64_t limit) {
  std::int64_t settled = 0;
  writing([&](access::Unit&, derive::Engine& engine) { settled = engine.settle_some(limit).records; });
  return settled;
}

Value Bench::value(const std::string& derivation_name, const RecordId& id) {
  Value value;
  writing([&](access::Unit&, derive::Engine& engine) { value = engine.value(derivation(derivation_name), id).value; });
  return value;
}

std::string Bench::band(const std::string& derivation_name, const RecordId& id) {
  std::string band;
  writing([&](access::Unit&, derive::Engine& engine) { band = engine.band(derivation(derivation_name), id); });
  return band;
}

bool Bench::fresh(const std::string& derivation_name, const RecordId& id) {
  bool fresh = false;
  reading([&](access::Unit&, derive::Engine& engine) { fresh = engine.fresh(derivation(derivation_name), id); });
  return fresh;
}

derive::Stored Bench::stored(const std::string& derivation_name, const RecordId& id) {
  derive::Stored stored;
  reading([&](access::Unit&, derive::Engine& engine) { stored = engine.stored(derivation(derivation_name), id); });
  return stored;
}

std::vector<store::Event> Bench::events() {
  std::vector<store::Event> events;
  read([&](access::Unit& unit) {
    store::LogReader reader(unit.journal, 0);
    for (store::LogEntry entry; reader.next(entry);)
      if (!entry.change) events.push_back(entry.event);
  });
  return events;
}

void Bench::from_facts(std::int64_t at, const std::function<void(derive::Engine&)>& body) {
  if (disbelieving_ == nullptr || &disbelieving_->catalog() != catalog.get()) {
    // By definitions that are newer than every row no stored value is current.
    store::LastingNumbers numbers = layout->numbers();
    for (std::int64_t& epoch : numbers.epoch) epoch += 1'000'000;
    for (std::int64_t& epoch : numbers.type_epoch) epoch += 1'000'000;
    numbers.generation += 1'000'000;
    disbelieving_ = std::make_unique<store::Layout>(catalog, numbers);
  }
  store::Reader reader = database->read(5'000'000);
  access::Unit unit(reader.connection(), *disbelieving_, principal, at, false, ids, nullptr);
  derive::Engine engine(unit);
  body(engine);
}

expr::Timed Bench::truth(const std::string& derivation_name, const RecordId& id, std::int64_t at) {
  expr::Timed truth;
  from_facts(at, [&](derive::Engine& engine) { truth = engine.value(derivation(derivation_name), id); });
  return truth;
}

int repetitions(int quick, int full) {
  const char* wanted = std::getenv("KITH_FULL");
  return wanted != nullptr && std::string(wanted) == "1" ? full : quick;
}

}  // namespace kith::internal::testing
