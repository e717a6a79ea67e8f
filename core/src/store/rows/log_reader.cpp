#include "store/rows/log_reader.hpp"

#include "store/rows/change_content.hpp"

namespace kith::internal::store {
namespace {

constexpr int kTenantOfChange = 8, kTenantOfEvent = 9;  // behind kChangeColumns and kEventColumns

// Rows of all tenants, by their numbers.
std::string rows_after(const char* columns, const char* table, const char* name) {
  const std::string n = name;
  return "SELECT " + std::string(columns) + ", " + n + ".tenant FROM " + table + " AS " + n + " WHERE " + n +
         ".sequence >= ? ORDER BY " + n + ".sequence";
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

LogReader::LogReader(const Journal& journal, std::int64_t after)
    : records_(journal.records_), causes_(*journal.records_) {
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
  change_there_ = step(*changes_, kTenantOfChange);
  event_there_ = step(*events_, kTenantOfEvent);
}

// What another tenant wrote is passed over at once, however much it is.
bool LogReader::step(Statement& rows, int tenant_column) const {
  while (rows.step()) {
    if (rows.integer(tenant_column) == records_->tenant()) return true;
    const auto next = Journal(*records_).begin_after(rows.integer(0));
    if (!next) return false;
    rows.reset();
    rows.bind(0, *next);
  }
  return false;
}

bool LogReader::next_change(LogEntry& entry) {
  entry.change = read_change(*changes_, records_->layout(), causes_);
  change_there_ = step(*changes_, kTenantOfChange);
  return entry.change.has_value();
}

bool LogReader::next_event(LogEntry& entry) {
  entry.change.reset();
  std::optional<Event> event = read_event(*events_, records_->layout(), causes_);
  event_there_ = step(*events_, kTenantOfEvent);
  if (event) entry.event = std::move(*event);
  return event.has_value();
}

bool LogReader::next(LogEntry& entry) {
  while (change_there_ || event_there_) {
    const bool change = change_there_ && (!event_there_ || changes_->integer(0) < events_->integer(0));
    if (change ? next_change(entry) : next_event(entry)) return true;
  }
  return false;
}

std::optional<Change> LogReader::read_change(const Statement& row, const Layout& layout, Causes& causes) {
  const KnownCause* cause = causes.find(CauseOf::change, row.integer(6));
  if (cause == nullptr) return std::nullopt;
  Change change;
  change.sequence = row.integer(0);
  change.record_type = layout.numbers().type_of(row.integer(1));
  change.record = row.id(2);
  change.kind = static_cast<ChangeKind>(row.integer(3));
  change.version = row.integer(4);
  change.at_us = cause->at_us;
  change.actor = cause->actor;
  change.cause = cause_of_row(row, 7, *cause);
  decode_content(row.blob(5), row.integer(1), layout, change);
  return change;
}

std::optional<Event> LogReader::read_event(const Statement& row, const Layout& layout, Causes& causes) {
  const KnownCause* cause = causes.find(CauseOf::event, row.integer(7));
  if (cause == nullptr) return std::nullopt;
  Event event;
  event.sequence = row.integer(0);
  event.record_type = layout.numbers().type_of(row.integer(1));
  event.record = row.id(2);
  event.kind = static_cast<EventKind>(row.integer(3));
  event.name = row.text(4);
  event.at_us = cause->at_us;
  event.cause = cause_of_row(row, 8, *cause);
  if (row.is_null(6)) {
    event.payload_json = row.text(5);
  } else {
    decode_values(row.blob(6), event.before, event.after);
    event.payload_json = "{\"old\":" + value_text(event.before) + ",\"new\":" + value_text(event.after) + "}";
  }
  return event;
}

}  // namespace kith::internal::store
