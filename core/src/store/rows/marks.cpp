// Marks: which derivations of which records are stale (design/derivations.md, Freshness).
#include "store/rows/cause_columns.hpp"
#include "store/rows/work_rows.hpp"

namespace kith::internal::store {

void Marks::add(std::int32_t derivation, const RecordId& record, bool hard, const Cause& cause) {
  const StatementPtr insert = records_->connection().prepare(
      "INSERT INTO kith_mark (tenant, derivation, record, hard, root, depth, automation, by) VALUES (?, ?, ?, ?, ?, ?, "
      "?, ?)");
  insert->bind(0, records_->tenant());
  insert->bind(1, records_->layout().lasting_derivation(derivation));
  insert->bind(2, record);
  insert->bind(3, std::int64_t{hard ? 1 : 0});
  bind_cause(*insert, 4, cause);
  insert->step();
}

std::vector<Mark> Marks::of(std::int32_t derivation, const RecordId& record) const {
  const StatementPtr rows = records_->connection().prepare(
      "SELECT row, hard, root, depth, automation, by FROM kith_mark WHERE tenant = ? AND derivation = ? AND record = ? "
      "ORDER BY row");
  rows->bind(0, records_->tenant());
  rows->bind(1, records_->layout().lasting_derivation(derivation));
  rows->bind(2, record);
  std::vector<Mark> out;
  while (rows->step()) {
    Mark mark;
    mark.row = rows->integer(0);
    mark.derivation = derivation;
    mark.record = record;
    mark.hard = rows->integer(1) != 0;
    mark.cause = read_cause(*rows, 2);
    out.push_back(std::move(mark));
  }
  return out;
}

bool Marks::any(std::int32_t derivation, const RecordId& record) const {
  const StatementPtr row = records_->connection().prepare(
      "SELECT EXISTS (SELECT 1 FROM kith_mark WHERE tenant = ?1 AND derivation = ?2 AND record = ?3) "
      "OR EXISTS (SELECT 1 FROM kith_scope_mark WHERE tenant = ?1 AND derivation = ?2 AND after < ?3)");
  row->bind(0, records_->tenant());
  row->bind(1, records_->layout().lasting_derivation(derivation));
  row->bind(2, record);
  row->step();
  return row->integer(0) != 0;
}

void Marks::remove(const std::vector<Mark>& marks) {
  const StatementPtr statement = records_->connection().prepare("DELETE FROM kith_mark WHERE row = ? AND tenant = ?");
  for (const Mark& mark : marks) {
    statement->bind(0, mark.row);
    statement->bind(1, records_->tenant());
    statement->step();
    statement->reset();
  }
}

std::vector<RecordId> Marks::marked(std::int32_t derivation, std::int64_t limit, const RecordId& last) const {
  const StatementPtr rows = records_->connection().prepare(
      "SELECT DISTINCT record FROM kith_mark WHERE tenant = ? AND derivation = ? AND record <= ? ORDER BY record LIMIT "
      "?");
  rows->bind(0, records_->tenant());
  rows->bind(1, records_->layout().lasting_derivation(derivation));
  rows->bind(2, last);
  rows->bind(3, limit);
  std::vector<RecordId> out;
  while (rows->step()) out.push_back(rows->id(0));
  return out;
}

std::int64_t Marks::count(std::int32_t derivation) const {
  const StatementPtr row = records_->connection().prepare(
      "SELECT count(DISTINCT record) FROM kith_mark WHERE tenant = ? AND derivation = ?");
  row->bind(0, records_->tenant());
  row->bind(1, records_->layout().lasting_derivation(derivation));
  row->step();
  return row->integer(0);
}

bool Marks::any_at_all() const {
  const StatementPtr row = records_->connection().prepare(
      "SELECT EXISTS (SELECT 1 FROM kith_mark WHERE tenant = ?1) OR EXISTS (SELECT 1 FROM kith_scope_mark WHERE tenant "
      "= ?1)");
  row->bind(0, records_->tenant());
  row->step();
  return row->integer(0) != 0;
}

void Marks::add_scope(std::int32_t derivation, const Cause& cause) {
  const StatementPtr insert = records_->connection().prepare(
      "INSERT INTO kith_scope_mark (tenant, derivation, after, root, depth, automation, by) VALUES (?, ?, ?, ?, ?, ?, "
      "?)");
  insert->bind(0, records_->tenant());
  insert->bind(1, records_->layout().lasting_derivation(derivation));
  insert->bind(2, RecordId{});
  bind_cause(*insert, 3, cause);
  insert->step();
}

std::vector<ScopeMark> Marks::scopes() const {
  const StatementPtr rows = records_->connection().prepare(
      "SELECT row, derivation, after, root, depth, automation, by FROM kith_scope_mark WHERE tenant = ? ORDER BY row");
  rows->bind(0, records_->tenant());
  std::vector<ScopeMark> out;
  while (rows->step()) {
    ScopeMark scope;
    scope.row = rows->integer(0);
    scope.derivation = records_->layout().numbers().derivation_of(rows->integer(1));
    scope.after = rows->id(2);
    scope.cause = read_cause(*rows, 3);
    // Those of an orphaned derivation wait for its bundle.
    if (scope.derivation >= 0) out.push_back(std::move(scope));
  }
  return out;
}

bool Marks::in_scope(std::int32_t derivation, const RecordId& record) const {
  const StatementPtr row = records_->connection().prepare(
      "SELECT 1 FROM kith_scope_mark WHERE tenant = ? AND derivation = ? AND after < ? LIMIT 1");
  row->bind(0, records_->tenant());
  row->bind(1, records_->layout().lasting_derivation(derivation));
  row->bind(2, record);
  return row->step();
}

void Marks::advance_scope(const ScopeMark& scope, const RecordId& after) {
  const StatementPtr update =
      records_->connection().prepare("UPDATE kith_scope_mark SET after = ? WHERE row = ? AND tenant = ?");
  update->bind(0, after);
  update->bind(1, scope.row);
  update->bind(2, records_->tenant());
  update->step();
}

void Marks::remove_scope(const ScopeMark& scope) {
  const StatementPtr statement =
      records_->connection().prepare("DELETE FROM kith_scope_mark WHERE row = ? AND tenant = ?");
  statement->bind(0, scope.row);
  statement->bind(1, records_->tenant());
  statement->step();
}

}  // namespace kith::internal::store
