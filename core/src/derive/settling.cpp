#include <algorithm>
#include <boost/json.hpp>

#include "derive/settler.hpp"

namespace kith::internal::derive {
namespace {

/// In a trigger only false -> true is news; for a score it is the band; in a lifecycle, that something is to fire.
bool is_news(catalog::DerivationKind kind, const store::Derived& before, const store::Derived& after) {
  switch (kind) {
    case catalog::DerivationKind::segment: return !(before.value == after.value);
    case catalog::DerivationKind::trigger: return !before.value.is_true() && after.value.is_true();
    case catalog::DerivationKind::score: return !(before.band == after.band);
    case catalog::DerivationKind::automatic: return !after.value.is_null();
    default: return false;
  }
}

boost::json::value to_json(const Value& value) {
  if (value.kind == Kind::boolean) return boost::json::value(value.i == 1);
  if (value.kind == Kind::text) return boost::json::value(value.s);
  return nullptr;
}

}  // namespace

Settler::Settler(access::Unit& unit)
    : unit_(&unit),
      env_(unit.env()),
      plan_(unit.catalog()),
      book_(unit),
      shelf_(unit, [this](std::int32_t derivation, const RecordId& id, bool band) {
        return value({derivation, id}, band);
      }) {}

void Settler::forget() {
  book_.forget_stored();
  held_.clear();
  shelf_.forget_all();
  adopted_.reset();
}

Settler::Held& Settler::hold(const Slot& slot) {
  const auto known = held_.find(slot);
  if (known != held_.end()) return known->second;
  return held_.emplace(slot, Held{unit_->records.load_derived(slot.derivation, slot.record), false}).first->second;
}

bool Settler::current(const Slot& slot, const Held& held) const {
  const store::Derived& stored = held.stored;
  return stored.present &&
         stored.fingerprint == unit_->layout.numbers().fingerprint[static_cast<std::size_t>(slot.derivation)] &&
         stored.as_of <= unit_->now && unit_->now < stored.until;
}

bool Settler::fresh(const Slot& slot, const Held& held) { return adopted() && current(slot, held) && !book_.any(slot); }

bool Settler::fresh(const Slot& slot) {
  if (!unit_->writable) return fresh(slot, Held{unit_->records.load_derived(slot.derivation, slot.record), false});
  const Held& held = hold(slot);
  return held.settled || fresh(slot, held);
}

expr::Timed Settler::value(const Slot& slot, bool band) {
  Held& held = hold(slot);
  if (!held.settled) settle(slot);
  return {band ? held.stored.band : held.stored.value, held.stored.until};
}

void Settler::settle(const Slot& slot) {
  Held& held = hold(slot);
  if (held.settled) return;
  const catalog::Derivation& derivation = plan_.derivation(slot.derivation);
  RowView* record = shelf_.live(derivation.record_type, slot.record);
  if (record == nullptr) {
    retire(slot, held);
    return;
  }
  if (fresh(slot, held) || cut_off(slot, held)) {
    held.settled = true;
    return;
  }
  keep(slot, held, compute(derivation, *record, slot.record));
}

bool Settler::cut_off(const Slot& slot, Held& held) {
  if (!unit_->writable || !adopted() || !current(slot, held)) return false;
  if (book_.state(slot).hard) return false;
  const std::int32_t type = plan_.derivation(slot.derivation).record_type;
  for (const Link& input : plan_.inputs(slot.derivation)) {
    for (const RecordId& id : shelf_.forward(*input.path, type, slot.record)) settle({input.derivation, id});
  }
  // The inputs that changed have made the mark hard, or brought the end of the value nearer.
  const MarkState marks = book_.state(slot);
  if (marks.hard || held.stored.until <= unit_->now) return false;
  book_.clear(slot, marks);
  return true;
}

/// A record that is gone has no derived values to keep true; marks and due times would come up for ever.
void Settler::retire(const Slot& slot, Held& held) {
  if (unit_->writable) {
    book_.clear(slot, book_.state(slot));
    if (held.stored.present && held.stored.until != kForever) {
      held.stored.until = kForever;
      unit_->records.store_derived(slot.derivation, slot.record, held.stored);
    }
  }
  held.stored.value = Value::null();
  held.stored.band = Value::null();
  held.stored.until = kForever;
  held.settled = true;
}

void Settler::keep(const Slot& slot, Held& held, Computed&& computed) {
  const store::Derived before = std::move(held.stored);
  store::Derived& after = held.stored;
  after.present = true;
  after.value = std::move(computed.value);
  after.band = std::move(computed.band);
  after.as_of = unit_->now;
  after.until = std::max(computed.until, unit_->now + 1);
  after.fingerprint = unit_->layout.numbers().fingerprint[static_cast<std::size_t>(slot.derivation)];
  held.settled = true;
  if (!unit_->writable) return;
  // Inputs were settled while this was computed, and their marks on this slot are answered by it too.
  MarkState marks = book_.state(slot);
  if (!marks.any) {
    const catalog::Derivation& derivation = plan_.derivation(slot.derivation);
    const std::string which = derivation.name + ":" + slot.record.text() + ":";
    if (before.present && before.fingerprint == after.fingerprint)
      marks.cause = {"due:" + which + std::to_string(before.until), 0, true, {}};
    else  // a definition that is new here: nothing has happened to the record
      marks.cause = {"definition:" + which + "first", 0, false, {}};
  }
  unit_->records.store_derived(slot.derivation, slot.record, after);
  book_.clear(slot, marks);
  propagate(slot, before, after, marks.cause);
  announce(plan_.derivation(slot.derivation), slot.record, before, after, marks);
}

void Settler::propagate(const Slot& slot, const store::Derived& before, const store::Derived& after,
                        const store::Cause& cause) {
  const bool changed = !before.present || !(before.value == after.value) || !(before.band == after.band);
  if (!changed) {
    if (after.until < before.until) lower(slot, after.until);
    return;
  }
  const std::int32_t type = plan_.derivation(slot.derivation).record_type;
  for (const Link& reader : plan_.readers(slot.derivation)) {
    for (const RecordId& id : shelf_.back(*reader.path, type, slot.record, nullptr)) {
      const Slot reading{reader.derivation, id};
      // What was never stored can't be stale; it has its own mark, from the record's creation.
      if (hold(reading).stored.present) mark(reading, true, cause);
    }
  }
}

void Settler::lower(const Slot& slot, std::int64_t until) {
  const std::int32_t type = plan_.derivation(slot.derivation).record_type;
  for (const Link& reader : plan_.readers(slot.derivation)) {
    for (const RecordId& id : shelf_.back(*reader.path, type, slot.record, nullptr)) {
      const Slot reading{reader.derivation, id};
      Held& held = hold(reading);
      if (!held.stored.present || held.stored.until <= until) continue;
      held.stored.until = until;
      unit_->records.lower_until(reading.derivation, reading.record, until);
      lower(reading, until);
    }
  }
}

void Settler::announce(const catalog::Derivation& derivation, const RecordId& id, const store::Derived& before,
                       const store::Derived& after, const MarkState& marks) {
  if (!plan_.announced(derivation.number) || !is_news(derivation.kind, before, after)) return;
  // The first value, and the first by a new definition, is no edge. A lifecycle goes by what is, not by what changes: a
  // record that is due must move, however it came to be so.
  const bool edge = before.present && before.fingerprint == after.fingerprint && marks.cause.automation;
  if (!edge && derivation.kind != catalog::DerivationKind::automatic) return;
  const bool band = derivation.kind == catalog::DerivationKind::score;
  store::Event event;
  event.at_us = unit_->now;
  event.kind = store::EventKind::derived;
  event.record_type = derivation.record_type;
  event.record = id;
  event.name = derivation.name;
  event.payload_json = boost::json::serialize(boost::json::object{{"old", to_json(band ? before.band : before.value)},
                                                                  {"new", to_json(band ? after.band : after.value)}});
  event.cause = marks.cause;
  unit_->journal.add_event(event);
}

}  // namespace kith::internal::derive
