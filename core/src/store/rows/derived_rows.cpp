// Derived rows: values beside the facts, one row per record, written once when it is settled.
#include <algorithm>

#include "store/layout/tables.hpp"
#include "store/rows/derived_rows.hpp"

namespace kith::internal::store {
namespace {

const expr::Type kBandType = expr::Type::of(Kind::text);

std::vector<RecordId> ids(Statement& rows) {
  std::vector<RecordId> out;
  while (rows.step()) out.push_back(rows.id(0));
  return out;
}

// "Never" is NULL: the index of due times holds only those that come.
void bind_until(Statement& statement, int position, std::int64_t until) {
  if (until == kForever) {
    statement.bind_null(position);
  } else {
    statement.bind(position, until);
  }
}

/// The row stays the caller's.
int bind_row(Statement& statement, const RecordSql& sql, const DerivedRow& row, int position) {
  statement.bind(position++, row.as_of);
  statement.bind(position++, row.settled_to);
  statement.bind(position++, row.epoch);
  bind_until(statement, position++, row.next_until());
  for (std::size_t i = 0; i < sql.derived_slots.size(); ++i) {
    statement.bind_kept(position++, row.slots[i].value);
    bind_until(statement, position++, row.slots[i].until);
    if (sql.derived_slots[i].has_band) statement.bind_kept(position++, row.slots[i].band);
  }
  return position;
}

}  // namespace

std::int64_t DerivedRow::next_until() const {
  std::int64_t next = kForever;
  for (const DerivedSlot& slot : slots) next = std::min(next, slot.until);
  return next;
}

bool outranks(const Cause& a, const Cause& b) {
  if (a.automation != b.automation) return a.automation;
  return a.depth > b.depth;
}

DerivedRow DerivedRows::load(std::int32_t record_type, std::int64_t rid) const {
  const RecordSql& sql = records_->layout().tables().record(record_type);
  DerivedRow out;
  out.slots.resize(sql.derived_slots.size());
  if (sql.derived_slots.empty()) return out;
  const StatementPtr row = records_->connection().prepare(sql.load_derived);
  row->bind(0, rid);
  if (!row->step()) return out;
  out.present = true;
  out.as_of = row->integer(0);
  out.settled_to = row->integer(1);
  out.epoch = row->integer(2);
  int column = 3;
  for (std::size_t i = 0; i < sql.derived_slots.size(); ++i) {
    DerivedSlot& slot = out.slots[i];
    slot.value = row->value(column++, sql.derived_slots[i].type);
    slot.until = row->is_null(column) ? kForever : row->integer(column);
    ++column;
    if (sql.derived_slots[i].has_band) slot.band = row->value(column++, kBandType);
  }
  return out;
}

void DerivedRows::insert(std::int32_t record_type, std::int64_t rid, const DerivedRow& row) {
  const RecordSql& sql = records_->layout().tables().record(record_type);
  const StatementPtr statement = records_->connection().prepare(sql.insert_derived);
  statement->bind(0, rid);
  statement->bind(1, records_->tenant());
  bind_row(*statement, sql, row, 2);
  statement->step();
}

void DerivedRows::update(std::int32_t record_type, std::int64_t rid, const DerivedRow& row) {
  const RecordSql& sql = records_->layout().tables().record(record_type);
  const StatementPtr statement = records_->connection().prepare(sql.update_derived);
  const int position = bind_row(*statement, sql, row, 0);
  statement->bind(position, rid);
  statement->step();
}

void DerivedRows::remove(std::int32_t record_type, std::int64_t rid) {
  const RecordSql& sql = records_->layout().tables().record(record_type);
  if (sql.derived_slots.empty()) return;
  const StatementPtr statement = records_->connection().prepare(sql.remove_derived);
  statement->bind(0, rid);
  statement->step();
}

std::vector<RecordId> DerivedRows::due(std::int32_t record_type, std::int64_t now, std::int64_t limit) const {
  const RecordSql& sql = records_->layout().tables().record(record_type);
  if (sql.derived_slots.empty()) return {};
  const StatementPtr rows = records_->connection().prepare(sql.due);
  rows->bind(0, records_->tenant());
  rows->bind(1, now);
  rows->bind(2, limit);
  return ids(*rows);
}

std::optional<std::int64_t> DerivedRows::next_due(std::int32_t record_type) const {
  const RecordSql& sql = records_->layout().tables().record(record_type);
  if (sql.derived_slots.empty()) return std::nullopt;
  const StatementPtr row = records_->connection().prepare(sql.next_due);
  row->bind(0, records_->tenant());
  row->bind(1, kForever);
  if (!row->step()) return std::nullopt;
  return row->integer(0);
}

std::int64_t DerivedRows::count_due(std::int32_t record_type, std::int64_t now) const {
  const RecordSql& sql = records_->layout().tables().record(record_type);
  if (sql.derived_slots.empty()) return 0;
  const StatementPtr row = records_->connection().prepare(sql.count_due);
  row->bind(0, records_->tenant());
  row->bind(1, now);
  row->step();
  return row->integer(0);
}

std::vector<RecordId> DerivedRows::behind(std::int32_t record_type, std::int64_t epoch, const RecordId& after,
                                          std::int64_t limit) const {
  const RecordSql& sql = records_->layout().tables().record(record_type);
  if (sql.derived_slots.empty()) return {};
  const StatementPtr rows = records_->connection().prepare(sql.behind);
  rows->bind(0, records_->tenant());
  rows->bind(1, after);
  rows->bind(2, epoch);
  rows->bind(3, limit);
  return ids(*rows);
}

Backfill DerivedRows::backfill(std::int32_t record_type) const {
  const StatementPtr row =
      records_->connection().prepare("SELECT epoch, after FROM kith_backfill WHERE tenant = ? AND record_type = ?");
  row->bind(0, records_->tenant());
  row->bind(1, records_->layout().lasting_type(record_type));
  if (!row->step()) return {};
  return {row->integer(0), row->id(1)};
}

void DerivedRows::set_backfill(std::int32_t record_type, const Backfill& backfill) {
  const StatementPtr upsert = records_->connection().prepare(
      "INSERT OR REPLACE INTO kith_backfill (tenant, record_type, epoch, after) VALUES (?, ?, ?, ?)");
  upsert->bind(0, records_->tenant());
  upsert->bind(1, records_->layout().lasting_type(record_type));
  upsert->bind(2, backfill.epoch);
  upsert->bind(3, backfill.after);
  upsert->step();
}

std::vector<RecordId> DerivedRows::holders(std::int32_t record_type, std::int32_t member,
                                           const RecordId& target) const {
  const RecordSql& sql = records_->layout().tables().record(record_type);
  const StatementPtr rows = records_->connection().prepare(
      "SELECT f.id FROM " + sql.derived + " AS d JOIN " + sql.facts +
      " AS f ON f.rid = d.rid WHERE d.tenant = ? AND d." + sql.quoted[static_cast<std::size_t>(member)] + " = ?");
  rows->bind(0, records_->tenant());
  rows->bind(1, target);
  return ids(*rows);
}

}  // namespace kith::internal::store
