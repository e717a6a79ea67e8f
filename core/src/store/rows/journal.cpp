// Changes, events and the cursors of those who read them.
#include "store/rows/journal.hpp"

#include <algorithm>
#include <charconv>

#include "base/time/time.hpp"
#include "store/rows/cause_columns.hpp"
#include "store/rows/change_content.hpp"
#include "store/rows/log_reader.hpp"

namespace kith::internal::store {
std::int64_t last_position(Connection& connection) {
  const StatementPtr row = connection.prepare(
      "SELECT max(coalesce((SELECT max(sequence) FROM kith_change), 0), coalesce((SELECT max(sequence) FROM "
      "kith_event), 0))");
  row->step();
  return row->integer(0);
}

// Rows of one transaction follow each other without a gap that others could fill, as do those of one cause:
// begin_after() relies on it. So causes are forgotten when another journal numbered rows in between, and when they were
// rolled back.
std::int64_t Journal::take_numbers(std::int64_t count) {
  Connection::LogNumbers& numbers = records_->connection().log_numbers();
  if (numbers.last == 0) numbers.last = last_position(records_->connection());
  if (numbers.last != last_own_ || numbers.rollbacks != rollbacks_) causes_.clear();
  rollbacks_ = numbers.rollbacks;
  numbers.last += count;
  last_own_ = numbers.last;
  return numbers.last;
}

/// A cause as rows share it: a root that is the number of an event lies with each of them.
struct Journal::Shared {
  explicit Shared(const Cause& cause) : rest(cause) {
    const std::string& text = cause.root;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number <= 0 || text.front() == '0') return;
    root = number;
    rest.root.clear();
  }
  void bind_root(Statement& statement, int position) const {
    root ? statement.bind(position, *root) : statement.bind_null(position);
  }
  Cause rest;
  std::optional<std::int64_t> root;
};

std::int64_t Journal::cause_number(CauseOf of, std::int64_t at_us, std::string_view actor, const Cause& cause,
                                   std::int64_t sequence) {
  const auto latest = std::find_if(causes_.begin(), causes_.end(), [&](const Interned& each) { return each.of == of; });
  if (latest != causes_.end()) {
    if (latest->at_us == at_us && latest->actor == actor && latest->cause == cause) return latest->number;
    causes_.erase(latest);
  }
  const StatementPtr insert = records_->connection().prepare(
      "INSERT INTO kith_cause (tenant, number, log, at_us, actor, root, depth, automation, by) VALUES (?, ?, ?, ?, ?, "
      "?, ?, ?, ?)");
  insert->bind(0, records_->tenant());
  insert->bind(1, sequence);
  insert->bind(2, static_cast<std::int64_t>(of));
  insert->bind(3, at_us);
  insert->bind_kept(4, actor);
  bind_cause(*insert, 5, cause);
  insert->step();
  causes_.push_back({of, at_us, sequence, std::string(actor), cause});
  return sequence;
}

std::int64_t Journal::add_change(const Change& change) {
  const std::int64_t events = events_of(change);
  if (events == 0) return 0;
  const std::int64_t sequence = take_numbers(events);
  const Shared shared(change.cause);
  const std::int64_t cause = cause_number(CauseOf::change, change.at_us, change.actor, shared.rest, sequence);
  const std::string content = encode_content(change, records_->layout());
  const StatementPtr insert = records_->connection().prepare(
      "INSERT INTO kith_change (sequence, tenant, record_type, record, operation, events, version, cause, root, "
      "content) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  insert->bind(0, sequence);
  insert->bind(1, records_->tenant());
  insert->bind(2, records_->layout().lasting_type(change.record_type));
  insert->bind_kept(3, change.record);
  insert->bind(4, static_cast<std::int64_t>(change.kind));
  insert->bind(5, events);
  insert->bind(6, change.version);
  insert->bind(7, cause);
  shared.bind_root(*insert, 8);
  insert->bind_kept_blob(9, content);
  insert->step();
  return sequence;
}

std::int64_t Journal::add_event(const Event& event) {
  const std::int64_t sequence = take_numbers(1);
  const Shared shared(event.cause);
  const std::int64_t cause = cause_number(CauseOf::event, event.at_us, {}, shared.rest, sequence);
  const StatementPtr insert = records_->connection().prepare(
      "INSERT INTO kith_event (sequence, tenant, kind, record_type, record, name, cause, root, payload, content) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  insert->bind(0, sequence);
  insert->bind(1, records_->tenant());
  insert->bind(2, static_cast<std::int64_t>(event.kind));
  insert->bind(3, records_->layout().lasting_type(event.record_type));
  insert->bind_kept(4, event.record);
  insert->bind_kept(5, std::string_view(event.name));
  insert->bind(6, cause);
  shared.bind_root(*insert, 7);
  if (event.kind == EventKind::derived) {
    insert->bind_null(8);
    insert->bind_blob(9, encode_values(event.before, event.after));
  } else {
    insert->bind_kept(8, std::string_view(event.payload_json));
    insert->bind_null(9);
  }
  insert->step();
  return sequence;
}

namespace {

std::vector<Change> read_changes(Statement& rows, const Records& records) {
  Causes causes(records);
  std::vector<Change> out;
  while (rows.step())
    if (auto change = LogReader::read_change(rows, records.layout(), causes)) out.push_back(std::move(*change));
  return out;
}

}  // namespace

std::vector<Change> Journal::changes(std::int32_t record_type, const RecordId& id, std::int64_t before,
                                     std::int64_t limit) const {
  static const std::string sql =
      std::string("SELECT ") + LogReader::kChangeColumns +
      " FROM kith_change AS c WHERE c.tenant = ?1 AND c.record = ?2 AND c.record_type = ?3 AND c.sequence < ?4 "
      "ORDER BY c.sequence DESC LIMIT ?5";
  const StatementPtr rows = records_->connection().prepare(sql);
  rows->bind(0, records_->tenant());
  rows->bind(1, id);
  rows->bind(2, records_->layout().lasting_type(record_type));
  rows->bind(3, before == 0 ? INT64_MAX : before);
  rows->bind(4, limit);
  return read_changes(*rows, *records_);
}

std::vector<Change> Journal::changes_since(std::int32_t record_type, const RecordId& id, std::int64_t sequence) const {
  static const std::string sql =
      std::string("SELECT ") + LogReader::kChangeColumns +
      " FROM kith_change AS c WHERE c.tenant = ?1 AND c.record = ?2 AND c.record_type = ?3 AND c.sequence > ?4 "
      "ORDER BY c.sequence DESC";
  const StatementPtr rows = records_->connection().prepare(sql);
  rows->bind(0, records_->tenant());
  rows->bind(1, id);
  rows->bind(2, records_->layout().lasting_type(record_type));
  rows->bind(3, sequence);
  return read_changes(*rows, *records_);
}

// The row that has the number, or stands for it: the first one from the number on.
std::optional<LogEntry> Journal::entry(std::int64_t number) const {
  LogEntry found;
  LogReader reader(*this, number - 1);
  if (!reader.next(found)) return std::nullopt;
  const std::int64_t first = found.change ? found.change->sequence - events_of(*found.change) + 1 : found.sequence();
  if (number < first || number > found.sequence()) return std::nullopt;
  return found;
}

std::optional<std::int64_t> Journal::begin_after(std::int64_t sequence) const {
  const StatementPtr nearest = records_->connection().prepare(
      "SELECT tenant FROM (SELECT * FROM (SELECT sequence, tenant FROM kith_change WHERE sequence > ?1 ORDER BY "
      "sequence LIMIT 1) UNION ALL SELECT * FROM (SELECT sequence, tenant FROM kith_event WHERE sequence > ?1 ORDER BY "
      "sequence LIMIT 1)) ORDER BY sequence LIMIT 1");
  nearest->bind(0, sequence);
  if (!nearest->step()) return std::nullopt;
  if (nearest->integer(0) == records_->tenant()) return sequence + 1;
  // Others come next, so that what this tenant has behind them began with a transaction of its own, and a cause.
  const StatementPtr cause = records_->connection().prepare(
      "SELECT min(number) FROM (SELECT min(number) AS number FROM kith_cause WHERE tenant = ?1 AND log = 1 AND "
      "number > ?2 UNION ALL SELECT min(number) FROM kith_cause WHERE tenant = ?1 AND log = 2 AND number > ?2)");
  cause->bind(0, records_->tenant());
  cause->bind(1, sequence);
  if (!cause->step() || cause->is_null(0)) return std::nullopt;
  return cause->integer(0);
}

bool Journal::any_after(std::int64_t sequence) const { return begin_after(sequence).has_value(); }

std::int64_t Journal::count_after(std::int64_t sequence) const {
  const auto first = begin_after(sequence);
  if (!first) return 0;
  const StatementPtr row = records_->connection().prepare(
      "SELECT coalesce((SELECT sum(events) FROM kith_change WHERE +tenant = ?1 AND sequence >= ?2), 0) + (SELECT "
      "count(*) FROM kith_event WHERE +tenant = ?1 AND sequence >= ?2)");
  row->bind(0, records_->tenant());
  row->bind(1, *first);
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
