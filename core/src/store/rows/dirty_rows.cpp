// Which records have stale derived values, marks over whole types, and values that could not be computed.
#include <algorithm>

#include "store/rows/cause_columns.hpp"
#include "store/rows/derived_rows.hpp"

namespace kith::internal::store {
namespace {

// Sets of derivations lie as their lasting numbers, ascending, each as the step from the one before in 7 bits a byte.
std::string coded(const Layout& layout, const std::vector<std::int32_t>& derivations) {
  std::vector<std::int64_t> numbers;
  for (const std::int32_t derivation : derivations) numbers.push_back(layout.lasting_derivation(derivation));
  std::sort(numbers.begin(), numbers.end());
  std::string out;
  std::int64_t before = 0;
  for (const std::int64_t number : numbers) {
    auto step = static_cast<std::uint64_t>(number - before);
    before = number;
    for (; step >= 0x80U; step >>= 7U) out.push_back(static_cast<char>((step & 0x7FU) | 0x80U));
    out.push_back(static_cast<char>(step));
  }
  return out;
}

// Those of bundles that are not loaded are left out: theirs is settled anew when they come back.
std::vector<std::int32_t> decoded(const Layout& layout, std::string_view bytes) {
  std::vector<std::int32_t> out;
  std::int64_t number = 0;
  std::uint64_t step = 0;
  unsigned shift = 0;
  for (const char byte : bytes) {
    step |= static_cast<std::uint64_t>(static_cast<unsigned char>(byte) & 0x7FU) << shift;
    shift += 7;
    if ((static_cast<unsigned char>(byte) & 0x80U) != 0) continue;
    number += static_cast<std::int64_t>(step);
    step = 0;
    shift = 0;
    if (const std::int32_t derivation = layout.numbers().derivation_of(number); derivation >= 0)
      out.push_back(derivation);
  }
  std::sort(out.begin(), out.end());
  return out;
}

void unite(std::vector<std::int32_t>& into, const std::vector<std::int32_t>& others) {
  into.insert(into.end(), others.begin(), others.end());
  std::sort(into.begin(), into.end());
  into.erase(std::unique(into.begin(), into.end()), into.end());
}

}  // namespace

bool DerivedRows::any_dirty(std::int32_t record_type) const {
  const StatementPtr row =
      records_->connection().prepare("SELECT 1 FROM kith_dirty WHERE tenant = ? AND record_type = ? LIMIT 1");
  row->bind(0, records_->tenant());
  row->bind(1, records_->layout().lasting_type(record_type));
  return row->step();
}

std::optional<DirtyRow> DerivedRows::dirty(std::int32_t record_type, const RecordId& id) const {
  const StatementPtr row = records_->connection().prepare(
      "SELECT hard, soft, root, depth, automation, by FROM kith_dirty WHERE tenant = ? AND record_type = ? AND record "
      "= ?");
  row->bind(0, records_->tenant());
  row->bind(1, records_->layout().lasting_type(record_type));
  row->bind(2, id);
  if (!row->step()) return std::nullopt;
  return DirtyRow{decoded(records_->layout(), row->blob(0)), decoded(records_->layout(), row->blob(1)),
                  read_cause(*row, 2)};
}

void DerivedRows::set_dirty(std::int32_t record_type, const RecordId& id, const DirtyRow& row) {
  const Layout& layout = records_->layout();
  const StatementPtr upsert = records_->connection().prepare(
      "INSERT OR REPLACE INTO kith_dirty (tenant, record_type, record, hard, soft, root, depth, automation, by) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  upsert->bind(0, records_->tenant());
  upsert->bind(1, layout.lasting_type(record_type));
  upsert->bind(2, id);
  upsert->bind_blob(3, coded(layout, row.hard));
  upsert->bind_blob(4, coded(layout, row.soft));
  bind_cause(*upsert, 5, row.cause);
  upsert->step();
}

void DerivedRows::add_dirty(std::int32_t record_type, const RecordId& id, const DirtyRow& row) {
  std::optional<DirtyRow> known = dirty(record_type, id);
  if (!known) return set_dirty(record_type, id, row);
  if (outranks(row.cause, known->cause)) known->cause = row.cause;
  unite(known->hard, row.hard);
  unite(known->soft, row.soft);
  set_dirty(record_type, id, *known);
}

void DerivedRows::clear_dirty(std::int32_t record_type, const RecordId& id) {
  const StatementPtr statement =
      records_->connection().prepare("DELETE FROM kith_dirty WHERE tenant = ? AND record_type = ? AND record = ?");
  statement->bind(0, records_->tenant());
  statement->bind(1, records_->layout().lasting_type(record_type));
  statement->bind(2, id);
  statement->step();
}

std::vector<RecordId> DerivedRows::dirty_records(std::int32_t record_type, const RecordId& after,
                                                 std::int64_t limit) const {
  const StatementPtr rows = records_->connection().prepare(
      "SELECT record FROM kith_dirty WHERE tenant = ? AND record_type = ? AND record > ? ORDER BY record LIMIT ?");
  rows->bind(0, records_->tenant());
  rows->bind(1, records_->layout().lasting_type(record_type));
  rows->bind(2, after);
  rows->bind(3, limit);
  std::vector<RecordId> out;
  while (rows->step()) out.push_back(rows->id(0));
  return out;
}

std::int64_t DerivedRows::count_dirty(std::int32_t record_type) const {
  const StatementPtr row =
      records_->connection().prepare("SELECT count(*) FROM kith_dirty WHERE tenant = ? AND record_type = ?");
  row->bind(0, records_->tenant());
  row->bind(1, records_->layout().lasting_type(record_type));
  row->step();
  return row->integer(0);
}

ScopeMark DerivedRows::add_scope(const ScopeMark& mark) {
  const Layout& layout = records_->layout();
  const StatementPtr insert = records_->connection().prepare(
      "INSERT INTO kith_scope_mark (tenant, record_type, at_us, derivations, after, root, depth, automation, by) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  insert->bind(0, records_->tenant());
  insert->bind(1, layout.lasting_type(mark.record_type));
  insert->bind(2, mark.at_us);
  insert->bind_blob(3, coded(layout, mark.derivations));
  insert->bind(4, mark.after);
  bind_cause(*insert, 5, mark.cause);
  insert->step();
  ScopeMark added = mark;
  added.row = records_->connection().last_rowid();
  return added;
}

std::vector<ScopeMark> DerivedRows::scopes() const {
  const Layout& layout = records_->layout();
  const StatementPtr rows = records_->connection().prepare(
      "SELECT row, record_type, at_us, derivations, after, root, depth, automation, by FROM kith_scope_mark WHERE "
      "tenant = ? ORDER BY row");
  rows->bind(0, records_->tenant());
  std::vector<ScopeMark> out;
  while (rows->step()) {
    ScopeMark mark;
    mark.row = rows->integer(0);
    mark.record_type = layout.numbers().type_of(rows->integer(1));
    mark.at_us = rows->integer(2);
    mark.derivations = decoded(layout, rows->blob(3));
    mark.after = rows->id(4);
    mark.cause = read_cause(*rows, 5);
    // Those of a type that is orphaned wait for its bundle.
    if (mark.record_type >= 0) out.push_back(std::move(mark));
  }
  return out;
}

void DerivedRows::advance_scope(const ScopeMark& mark, const RecordId& after) {
  const StatementPtr update =
      records_->connection().prepare("UPDATE kith_scope_mark SET after = ? WHERE row = ? AND tenant = ?");
  update->bind(0, after);
  update->bind(1, mark.row);
  update->bind(2, records_->tenant());
  update->step();
}

void DerivedRows::remove_scope(const ScopeMark& mark) {
  const StatementPtr statement =
      records_->connection().prepare("DELETE FROM kith_scope_mark WHERE row = ? AND tenant = ?");
  statement->bind(0, mark.row);
  statement->bind(1, records_->tenant());
  statement->step();
}

bool DerivedRows::any_failed() const {
  const StatementPtr row = records_->connection().prepare("SELECT 1 FROM kith_failed_value WHERE tenant = ? LIMIT 1");
  row->bind(0, records_->tenant());
  return row->step();
}

void DerivedRows::set_failed(const FailedValue& failed) {
  const Layout& layout = records_->layout();
  const StatementPtr upsert = records_->connection().prepare(
      "INSERT OR REPLACE INTO kith_failed_value (tenant, record_type, record, derivation, at_us, reason) "
      "VALUES (?, ?, ?, ?, ?, ?)");
  upsert->bind(0, records_->tenant());
  upsert->bind(1, layout.lasting_type(failed.record_type));
  upsert->bind(2, failed.record);
  upsert->bind(3, layout.lasting_derivation(failed.derivation));
  upsert->bind(4, failed.at_us);
  upsert->bind(5, std::string_view(failed.reason));
  upsert->step();
}

void DerivedRows::clear_failed(std::int32_t record_type, const RecordId& id, std::int32_t derivation) {
  const Layout& layout = records_->layout();
  const StatementPtr statement = records_->connection().prepare(
      "DELETE FROM kith_failed_value WHERE tenant = ? AND record_type = ? AND record = ? AND derivation = ?");
  statement->bind(0, records_->tenant());
  statement->bind(1, layout.lasting_type(record_type));
  statement->bind(2, id);
  statement->bind(3, layout.lasting_derivation(derivation));
  statement->step();
}

std::vector<FailedValue> DerivedRows::failed(std::int64_t limit) const {
  const LastingNumbers& numbers = records_->layout().numbers();
  const StatementPtr rows = records_->connection().prepare(
      "SELECT record_type, record, derivation, at_us, reason FROM kith_failed_value WHERE tenant = ? LIMIT ?");
  rows->bind(0, records_->tenant());
  rows->bind(1, limit);
  std::vector<FailedValue> out;
  while (rows->step()) {
    FailedValue failed{numbers.type_of(rows->integer(0)), rows->id(1), numbers.derivation_of(rows->integer(2)),
                       rows->integer(3), std::string(rows->text(4))};
    if (failed.record_type >= 0 && failed.derivation >= 0) out.push_back(std::move(failed));
  }
  return out;
}

std::int64_t DerivedRows::count_failed() const {
  const StatementPtr row = records_->connection().prepare("SELECT count(*) FROM kith_failed_value WHERE tenant = ?");
  row->bind(0, records_->tenant());
  row->step();
  return row->integer(0);
}

}  // namespace kith::internal::store
