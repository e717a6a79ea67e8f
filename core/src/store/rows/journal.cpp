// Changes, events and the cursors of those who read events.
#include "store/rows/journal.hpp"

#include "base/time/time.hpp"
#include "store/rows/cause_columns.hpp"

namespace kith::internal::store {

std::int64_t Journal::add_change(const Change& change) {
  Connection& connection = records_->connection();
  const StatementPtr insert = connection.prepare(
      "INSERT INTO kith_change (tenant, at_us, actor, operation, record_type, record, version, changes, root, depth, "
      "automation, by) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  insert->bind(0, records_->tenant());
  insert->bind(1, change.at_us);
  insert->bind(2, std::string_view(change.actor));
  insert->bind(3, std::string_view(change.operation));
  insert->bind(4, records_->layout().lasting_type(change.record_type));
  insert->bind(5, change.record);
  insert->bind(6, change.version);
  insert->bind(7, std::string_view(change.changes_json));
  bind_cause(*insert, 8, change.cause);
  insert->step();
  return connection.last_rowid();
}

std::int64_t Journal::add_event(const Event& event) {
  Connection& connection = records_->connection();
  const StatementPtr insert = connection.prepare(
      "INSERT INTO kith_event (tenant, at_us, kind, record_type, record, name, payload, root, depth, automation, by) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  insert->bind(0, records_->tenant());
  insert->bind(1, event.at_us);
  insert->bind(2, static_cast<std::int64_t>(event.kind));
  insert->bind(3, records_->layout().lasting_type(event.record_type));
  insert->bind(4, event.record);
  insert->bind(5, std::string_view(event.name));
  insert->bind(6, std::string_view(event.payload_json));
  bind_cause(*insert, 7, event.cause);
  insert->step();
  return connection.last_rowid();
}

std::vector<Change> Journal::changes(std::int32_t record_type, const RecordId& id, std::int64_t before,
                                     std::int64_t limit) const {
  const StatementPtr rows = records_->connection().prepare(
      "SELECT sequence, at_us, actor, operation, version, changes, root, depth, automation, by FROM kith_change "
      "WHERE tenant = ? AND record = ? AND record_type = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?");
  rows->bind(0, records_->tenant());
  rows->bind(1, id);
  rows->bind(2, records_->layout().lasting_type(record_type));
  rows->bind(3, before == 0 ? INT64_MAX : before);
  rows->bind(4, limit);
  std::vector<Change> out;
  while (rows->step()) {
    Change change;
    change.sequence = rows->integer(0);
    change.at_us = rows->integer(1);
    change.actor = rows->text(2);
    change.operation = rows->text(3);
    change.record_type = record_type;
    change.record = id;
    change.version = rows->integer(4);
    change.changes_json = rows->text(5);
    change.cause = read_cause(*rows, 6);
    out.push_back(std::move(change));
  }
  return out;
}

std::vector<Event> Journal::events_after(std::int64_t sequence, std::int64_t limit) const {
  const StatementPtr rows = records_->connection().prepare(
      "SELECT sequence, at_us, kind, record_type, record, name, payload, root, depth, automation, by FROM kith_event "
      "WHERE tenant = ? AND sequence > ? ORDER BY sequence LIMIT ?");
  rows->bind(0, records_->tenant());
  rows->bind(1, sequence);
  rows->bind(2, limit);
  std::vector<Event> out;
  while (rows->step()) {
    Event event;
    event.sequence = rows->integer(0);
    event.at_us = rows->integer(1);
    event.kind = static_cast<EventKind>(rows->integer(2));
    event.record_type = records_->layout().numbers().type_of(rows->integer(3));
    event.record = rows->id(4);
    event.name = rows->text(5);
    event.payload_json = rows->text(6);
    event.cause = read_cause(*rows, 7);
    out.push_back(std::move(event));
  }
  return out;
}

std::int64_t Journal::last_event() const {
  const StatementPtr row = records_->connection().prepare("SELECT max(sequence) FROM kith_event WHERE tenant = ?");
  row->bind(0, records_->tenant());
  row->step();
  return row->integer(0);
}

std::int64_t Journal::cursor(std::string_view consumer) const {
  const StatementPtr row =
      records_->connection().prepare("SELECT sequence FROM kith_cursor WHERE tenant = ? AND consumer = ?");
  row->bind(0, records_->tenant());
  row->bind(1, consumer);
  return row->step() ? row->integer(0) : 0;
}

void Journal::set_cursor(std::string_view consumer, std::int64_t sequence) {
  const StatementPtr upsert = records_->connection().prepare(
      "INSERT INTO kith_cursor (tenant, consumer, sequence) VALUES (?, ?, ?) "
      "ON CONFLICT (tenant, consumer) DO UPDATE SET sequence = excluded.sequence");
  upsert->bind(0, records_->tenant());
  upsert->bind(1, consumer);
  upsert->bind(2, sequence);
  upsert->step();
}

}  // namespace kith::internal::store
