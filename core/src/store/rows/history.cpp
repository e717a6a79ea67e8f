// Lifecycle history, relationship edges and external ids.
#include "base/problem/error.hpp"
#include "store/rows/cause_columns.hpp"

namespace kith::internal::store {
namespace {

void bind_optional(Statement& statement, int position, const std::optional<std::int64_t>& value) {
  if (value) {
    statement.bind(position, *value);
  } else {
    statement.bind_null(position);
  }
}

std::optional<std::int64_t> read_optional(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return row.integer(column);
}

}  // namespace

void Journal::add_transition(const TransitionRow& row, bool first) {
  if (!first) {
    const StatementPtr close = records_->connection().prepare(
        "UPDATE kith_transition SET left_us = ? WHERE rid = (SELECT max(rid) FROM kith_transition WHERE tenant = ? AND "
        "record = ? AND lifecycle = ?) AND left_us IS NULL");
    close->bind(0, row.entered_us);
    close->bind(1, records_->tenant());
    close->bind_kept(2, row.record);
    close->bind_kept(3, std::string_view(row.lifecycle));
    close->step();
  }
  const StatementPtr insert = records_->connection().prepare(
      "INSERT INTO kith_transition (tenant, record_type, record, lifecycle, from_state, to_state, event, reason, "
      "actor, guard, "
      "bundle_version, entered_us, left_us, root, depth, automation, by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
      "?, ?, ?, ?, ?)");
  insert->bind(0, records_->tenant());
  insert->bind(1, records_->layout().lasting_type(row.record_type));
  insert->bind_kept(2, row.record);
  insert->bind_kept(3, std::string_view(row.lifecycle));
  insert->bind_kept(4, std::string_view(row.from_state));
  insert->bind_kept(5, std::string_view(row.to_state));
  insert->bind_kept(6, std::string_view(row.event));
  insert->bind_kept(7, std::string_view(row.reason));
  insert->bind_kept(8, std::string_view(row.actor));
  insert->bind_kept(9, std::string_view(row.guard_json));
  insert->bind_kept(10, std::string_view(row.bundle_version));
  insert->bind(11, row.entered_us);
  bind_optional(*insert, 12, row.left_us);
  bind_cause(*insert, 13, row.cause);
  insert->step();
}

std::vector<TransitionRow> Journal::transitions(std::int32_t record_type, const RecordId& id) const {
  const StatementPtr rows = records_->connection().prepare(
      "SELECT lifecycle, from_state, to_state, event, reason, actor, guard, bundle_version, entered_us, left_us, root, "
      "depth, "
      "automation, by FROM kith_transition WHERE tenant = ? AND record = ? AND record_type = ? ORDER BY entered_us, "
      "rid");
  rows->bind(0, records_->tenant());
  rows->bind(1, id);
  rows->bind(2, records_->layout().lasting_type(record_type));
  std::vector<TransitionRow> out;
  while (rows->step()) {
    TransitionRow row;
    row.lifecycle = rows->text(0);
    row.from_state = rows->text(1);
    row.to_state = rows->text(2);
    row.event = rows->text(3);
    row.reason = rows->text(4);
    row.actor = rows->text(5);
    row.guard_json = rows->text(6);
    row.bundle_version = rows->text(7);
    row.record_type = record_type;
    row.record = id;
    row.entered_us = rows->integer(8);
    row.left_us = read_optional(*rows, 9);
    row.cause = read_cause(*rows, 10);
    out.push_back(std::move(row));
  }
  return out;
}

void Journal::add_edge(const Edge& edge) {
  const StatementPtr insert = records_->connection().prepare(
      "INSERT INTO kith_edge (tenant, relationship, from_type, from_id, to_type, to_id, from_on, to_on, attributes) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  const Layout& layout = records_->layout();
  insert->bind(0, records_->tenant());
  insert->bind(1, std::string_view(edge.relationship));
  insert->bind(2, layout.lasting_type(edge.from_type));
  insert->bind(3, edge.from);
  insert->bind(4, layout.lasting_type(edge.to_type));
  insert->bind(5, edge.to);
  insert->bind(6, edge.from_on);
  bind_optional(*insert, 7, edge.to_on);
  insert->bind(8, std::string_view(edge.attributes_json));
  insert->step();
}

void Journal::end_edge(std::int64_t row, std::int64_t to_on) {
  const StatementPtr update =
      records_->connection().prepare("UPDATE kith_edge SET to_on = ? WHERE rid = ? AND tenant = ?");
  update->bind(0, to_on);
  update->bind(1, row);
  update->bind(2, records_->tenant());
  update->step();
  if (records_->connection().changes() != 1)
    throw Error(ProblemNumber::record_not_found, "there is no such relationship to end");
}

std::vector<Edge> Journal::edges(std::string_view relationship, std::int32_t record_type, const RecordId& id,
                                 bool from_side, std::int64_t day, bool all) const {
  std::string sql =
      "SELECT rid, from_type, from_id, to_type, to_id, from_on, to_on, attributes FROM kith_edge WHERE tenant = ? AND ";
  sql += from_side ? "from_id = ? AND relationship = ? AND from_type = ?"
                   : "to_id = ? AND relationship = ? AND to_type = ?";
  if (!all) sql += " AND from_on <= ? AND (to_on IS NULL OR to_on > ?)";
  const StatementPtr rows = records_->connection().prepare(sql + " ORDER BY rid");
  rows->bind(0, records_->tenant());
  rows->bind(1, id);
  rows->bind(2, relationship);
  rows->bind(3, records_->layout().lasting_type(record_type));
  if (!all) {
    rows->bind(4, day);
    rows->bind(5, day);
  }
  const LastingNumbers& numbers = records_->layout().numbers();
  std::vector<Edge> out;
  while (rows->step()) {
    Edge edge;
    edge.row = rows->integer(0);
    edge.relationship = relationship;
    edge.from_type = numbers.type_of(rows->integer(1));
    edge.from = rows->id(2);
    edge.to_type = numbers.type_of(rows->integer(3));
    edge.to = rows->id(4);
    edge.from_on = rows->integer(5);
    edge.to_on = read_optional(*rows, 6);
    edge.attributes_json = rows->text(7);
    out.push_back(std::move(edge));
  }
  return out;
}

std::optional<RecordId> Journal::by_external_id(std::int32_t record_type, std::string_view source,
                                                std::string_view key) const {
  const StatementPtr row = records_->connection().prepare(
      "SELECT id FROM kith_external_id WHERE tenant = ? AND record_type = ? AND source = ? AND key = ?");
  row->bind(0, records_->tenant());
  row->bind(1, records_->layout().lasting_type(record_type));
  row->bind_kept(2, source);
  row->bind_kept(3, key);
  if (!row->step()) return std::nullopt;
  return row->id(0);
}

void Journal::add_external_id(std::int32_t record_type, std::string_view source, std::string_view key,
                              const RecordId& id) {
  const StatementPtr insert = records_->connection().prepare(
      "INSERT INTO kith_external_id (tenant, record_type, source, key, id) VALUES (?, ?, ?, ?, ?)");
  insert->bind(0, records_->tenant());
  insert->bind(1, records_->layout().lasting_type(record_type));
  insert->bind_kept(2, source);
  insert->bind_kept(3, key);
  insert->bind_kept(4, id);
  insert->step();
}

std::vector<std::pair<std::string, std::string>> Journal::external_ids(std::int32_t record_type,
                                                                       const RecordId& id) const {
  const StatementPtr rows = records_->connection().prepare(
      "SELECT source, key FROM kith_external_id WHERE tenant = ? AND id = ? AND record_type = ? ORDER BY source, key");
  rows->bind(0, records_->tenant());
  rows->bind(1, id);
  rows->bind(2, records_->layout().lasting_type(record_type));
  std::vector<std::pair<std::string, std::string>> out;
  while (rows->step()) out.emplace_back(rows->text(0), rows->text(1));
  return out;
}

}  // namespace kith::internal::store
