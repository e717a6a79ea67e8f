#include "facts/save/changes.hpp"

namespace kith::internal::facts {

namespace {

store::ChangeKind kind_of(const Touched& touched) {
  if (!touched.committed) return store::ChangeKind::create;
  if (!touched.live) return store::ChangeKind::remove;
  return touched.transitioned ? store::ChangeKind::transition : store::ChangeKind::update;
}

/// What a record has become between the last commit and the next. Its values go with it: nobody asks for them again.
store::Change change_of(const access::Unit& unit, Touched& touched, const TypeFacts& facts) {
  store::Change change;
  change.at_us = unit.now;
  change.actor = unit.principal.actor;
  change.kind = kind_of(touched);
  change.record_type = touched.record_type;
  change.record = touched.id;
  change.version = touched.current[static_cast<std::size_t>(facts.version)].i;
  change.cause = unit.cause;
  change.states = std::move(touched.states);
  for (std::size_t i = 0; i < touched.current.size(); ++i) {
    if (facts.left_out[i]) continue;
    Value before = touched.committed ? std::move((*touched.committed)[i]) : Value::null();
    Value after = touched.live ? std::move(touched.current[i]) : Value::null();
    if (before == after) continue;
    change.members.push_back({static_cast<std::int32_t>(i), {}, std::move(before), std::move(after)});
  }
  return change;
}

}  // namespace

Touched* ChangeSet::find(std::int32_t record_type, const RecordId& id) {
  const auto found = records_.find({record_type, id});
  return found == records_.end() ? nullptr : &found->second;
}

Touched& ChangeSet::keep(Touched touched) {
  const std::pair key{touched.record_type, touched.id};
  return records_.insert_or_assign(key, std::move(touched)).first->second;
}

void ChangeSet::written(Touched& touched) {
  if (touched.written) return;
  touched.written = true;
  Entry entry;
  entry.touched = &touched;
  entries_.push_back(std::move(entry));
}

void ChangeSet::note(store::Event event) {
  Entry entry;
  entry.event = std::move(event);
  entries_.push_back(std::move(entry));
}

void ChangeSet::note(store::Change change) {
  Entry entry;
  entry.change = std::move(change);
  entries_.push_back(std::move(entry));
}

void ChangeSet::clear() {
  entries_.clear();
  records_.clear();
}

/// Made and removed in this transaction: for everybody else there never was such a record.
bool ChangeSet::is_void(std::int32_t record_type, const RecordId& id) {
  const Touched* about = find(record_type, id);
  return about != nullptr && !about->committed && !about->live;
}

void ChangeSet::write_out(access::Unit& unit, const AllTypeFacts& facts) {
  for (const Entry& entry : entries_) {
    if (entry.touched != nullptr) {
      if (entry.touched->committed || entry.touched->live)
        unit.journal.add_change(change_of(unit, *entry.touched, facts.of(entry.touched->record_type)));
    } else if (entry.event) {
      if (!is_void(entry.event->record_type, entry.event->record)) unit.journal.add_event(*entry.event);
    } else if (!is_void(entry.change->record_type, entry.change->record)) {
      unit.journal.add_change(*entry.change);
    }
  }
  clear();
}

}  // namespace kith::internal::facts
