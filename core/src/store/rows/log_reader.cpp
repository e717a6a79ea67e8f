#include "store/rows/log_reader.hpp"

#include "store/rows/cause_columns.hpp"
#include "store/rows/change_content.hpp"

namespace kith::internal::store {
namespace {

constexpr int kTenantOfRow = 12;  // behind kChangeColumns and kEventColumns

// Rows of all tenants, by their numbers.
std::string rows_after(const char* columns, const char* table, const char* name) {
  const std::string n = name;
  return "SELECT " + std::string(columns) + ", " + n + ".tenant FROM " + table + " AS " + n +
         " CROSS JOIN kith_cause AS k WHERE " + n + ".sequence >= ? AND k.tenant = " + n +
         ".tenant AND k.number = " + n + ".cause ORDER BY " + n + ".sequence";
}

// A truth value, a band or nothing: all that derivations announce.
std::string value_text(const Value& value) {
  if (value.kind == Kind::boolean) return value.i != 0 ? "true" : "false";
  if (value.kind != Kind::text) return "null";
  std::string out = "\"";
  for (const char c : value.s) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + "\"";
}

}  // namespace

LogReader::LogReader(const Journal& journal, std::int64_t after) : records_(journal.records_) {
  const auto first = journal.begin_after(after);
  if (!first) return;
  static const std::string changes = rows_after(kChangeColumns, "kith_change", "c");
  static const std::string events = rows_after(kEventColumns, "kith_event", "e");
  const auto open = [&](const std::string& sql) {
    StatementPtr rows = records_->connection().prepare(sql);
    rows->bind(0, *first);
    return rows;
  };
  changes_ = open(changes);
  events_ = open(events);
  change_there_ = step(*changes_);
  event_there_ = step(*events_);
}

// What another tenant wrote is passed over at once, however much it is.
bool LogReader::step(Statement& rows) const {
  while (rows.step()) {
    if (rows.integer(kTenantOfRow) == records_->tenant()) return true;
    const auto next = Journal(*records_).begin_after(rows.integer(0));
    if (!next) return false;
    rows.reset();
    rows.bind(0, *next);
  }
  return false;
}

bool LogReader::next(LogEntry& entry) {
  if (!change_there_ && !event_there_) return false;
  if (change_there_ && (!event_there_ || changes_->integer(0) < events_->integer(0))) {
    entry.change = read_change(*changes_, records_->layout());
    change_there_ = step(*changes_);
  } else {
    entry.change.reset();
    entry.event = read_event(*events_, records_->layout());
    event_there_ = step(*events_);
  }
  return true;
}

Change LogReader::read_change(const Statement& row, const Layout& layout) {
  Change change;
  change.sequence = row.integer(0);
  change.record_type = layout.numbers().type_of(row.integer(1));
  change.record = row.id(2);
  change.kind = static_cast<ChangeKind>(row.integer(3));
  change.version = row.integer(4);
  change.at_us = row.integer(6);
  change.actor = row.text(7);
  change.cause = read_cause(row, 8);
  decode_content(row.blob(5), row.integer(1), layout, change);
  return change;
}

Event LogReader::read_event(const Statement& row, const Layout& layout) {
  Event event;
  event.sequence = row.integer(0);
  event.record_type = layout.numbers().type_of(row.integer(1));
  event.record = row.id(2);
  event.kind = static_cast<EventKind>(row.integer(3));
  event.name = row.text(4);
  event.at_us = row.integer(7);
  event.cause = read_cause(row, 8);
  if (row.is_null(6)) {
    event.payload_json = row.text(5);
  } else {
    decode_values(row.blob(6), event.before, event.after);
    event.payload_json = "{\"old\":" + value_text(event.before) + ",\"new\":" + value_text(event.after) + "}";
  }
  return event;
}

}  // namespace kith::internal::store
