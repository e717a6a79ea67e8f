#include "facts/save/changes.hpp"

#include <boost/json.hpp>

#include "facts/read/timeline.hpp"

namespace kith::internal::facts {

namespace json = boost::json;

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

void ChangeSet::write_entry(access::Unit& unit, const Entry& entry, const std::vector<bool>* left_out) {
  if (entry.touched != nullptr) return write_change(unit, *entry.touched, *left_out);
  const std::int32_t type = entry.event ? entry.event->record_type : entry.change->record_type;
  const Touched* about = find(type, entry.event ? entry.event->record : entry.change->record);
  if (about != nullptr && !about->committed && !about->live) return;
  if (entry.event) unit.journal.add_event(*entry.event);
  if (entry.change) unit.journal.add_change(*entry.change);
}

void ChangeSet::write_change(access::Unit& unit, const Touched& touched, const std::vector<bool>& left_out) {
  const bool made = !touched.committed, gone = !touched.live;
  if (made && gone) return;
  const catalog::RecordType& type = unit.catalog().type(touched.record_type);
  const Value nothing;
  json::object members;
  for (std::size_t i = 0; i < type.members.size(); ++i) {
    if (left_out[i]) continue;
    const Value& before = made ? nothing : (*touched.committed)[i];
    const Value& after = gone ? nothing : touched.current[i];
    if (before == after) continue;
    members[type.members[i].name] = json::array{value_json(unit.catalog(), before), value_json(unit.catalog(), after)};
  }
  if (!made && !gone && members.empty()) return;

  store::Change change;
  change.at_us = unit.now;
  change.actor = unit.principal.actor;
  change.operation = made ? "create" : gone ? "remove" : touched.transitioned ? "transition" : "update";
  change.record_type = touched.record_type;
  change.record = touched.id;
  const std::int32_t version = unit.catalog().member_index(type, "version");
  change.version = touched.current[static_cast<std::size_t>(version)].i;
  change.changes_json = json::serialize(members);
  change.cause = unit.cause;
  unit.journal.add_change(change);

  store::Event event;
  event.at_us = unit.now;
  event.kind = store::EventKind::changed;
  event.record_type = touched.record_type;
  event.record = touched.id;
  event.name = made ? "created" : gone ? "removed" : "updated";
  event.payload_json = std::move(change.changes_json);
  event.cause = unit.cause;
  unit.journal.add_event(event);
}

}  // namespace kith::internal::facts
