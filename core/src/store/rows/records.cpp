#include "store/rows/records.hpp"

#include "base/problem/error.hpp"
#include "base/text/text.hpp"
#include "store/layout/tables.hpp"

namespace kith::internal::store {
namespace {

const RecordSql& sql_of(const Layout& layout, std::int32_t record_type) { return layout.tables().record(record_type); }

// Positions of binds: a ref to "any" takes two, an address as well. The value stays the caller's.
int bind_member(Statement& statement, int position, const MemberColumn& column, const Value& value,
                const Layout& layout) {
  statement.bind_kept(position++, value);
  if (!column.key_column.empty()) {
    statement.bind(position++, value.kind == Kind::text ? Value::text(email_key(value.s)) : value);
    return position;
  }
  if (column.type_column.empty()) return position;
  if (value.kind == Kind::ref && !value.id.is_nil()) {
    statement.bind(position++, layout.lasting_type(value.record_type));
  } else {
    statement.bind_null(position++);
  }
  return position;
}

// Columns: id, removed_at, rid, members (RecordSql::load).
Record read_record(const Statement& row, const RecordSql& sql, const Layout& layout) {
  Record record;
  record.id = row.id(0);
  record.live = row.is_null(1);
  record.rid = row.integer(2);
  record.values.resize(sql.slots.size());
  for (const MemberColumn& column : sql.columns) {
    Value& value = record.values[static_cast<std::size_t>(column.member)];
    value = row.value(column.position, column.type);
    if (!column.type_column.empty() && !value.is_null()) {
      value.record_type = layout.numbers().type_of(row.integer(column.position + 1));
    }
  }
  return record;
}

const MemberColumn& column_of(const RecordSql& sql, std::int32_t member) {
  const std::int32_t slot = member < 0 || static_cast<std::size_t>(member) >= sql.slots.size()
                                ? -1
                                : sql.slots[static_cast<std::size_t>(member)];
  if (slot < 0)
    throw Error(ProblemNumber::bug, "member " + std::to_string(member) + " is no stored field of " + sql.facts,
                "report this as a bug");
  return sql.columns[static_cast<std::size_t>(slot)];
}

const ChildSql& child_sql(const Layout& layout, std::int32_t child_type, std::int32_t ref_member) {
  const RecordSql& sql = sql_of(layout, child_type);
  const auto found = sql.children.find(ref_member);
  if (found == sql.children.end())
    throw Error(ProblemNumber::bug, "member " + std::to_string(ref_member) + " of " + sql.facts + " is no reference",
                "report this as a bug");
  return found->second;
}

}  // namespace

std::optional<Record> Records::load(std::int32_t record_type, const RecordId& id, bool also_removed) const {
  const RecordSql& sql = sql_of(*layout_, record_type);
  const StatementPtr row = connection_->prepare(also_removed ? sql.load : sql.load_live);
  row->bind(0, tenant_);
  row->bind_kept(1, id);
  if (!row->step()) return std::nullopt;
  return read_record(*row, sql, *layout_);
}

bool Records::is_live(std::int32_t record_type, const RecordId& id) const {
  const StatementPtr row = connection_->prepare(sql_of(*layout_, record_type).is_live);
  row->bind(0, tenant_);
  row->bind_kept(1, id);
  return row->step();
}

std::int64_t Records::rid(std::int32_t record_type, const RecordId& id) const {
  const StatementPtr row = connection_->prepare(sql_of(*layout_, record_type).rid);
  row->bind(0, tenant_);
  row->bind_kept(1, id);
  if (row->step()) return row->integer(0);
  throw Error(ProblemNumber::record_not_found,
              "there is no record " + id.text() + " of " + layout_->catalog().type(record_type).name);
}

std::optional<RecordId> Records::find(std::int32_t record_type, std::span<const std::int32_t> members,
                                      std::span<const Value> values) const {
  const RecordSql& sql = sql_of(*layout_, record_type);
  std::string text = "SELECT id FROM " + sql.facts + " WHERE tenant = ? AND removed_at IS NULL";
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (values[i].is_dead()) return std::nullopt;
    const MemberColumn& column = column_of(sql, members[i]);
    text += " AND " + column.found_by() + " = ?";
    if (!column.type_column.empty()) text += " AND " + column.type_column + " = ?";
  }
  const StatementPtr row = connection_->prepare(text + " LIMIT 1");
  row->bind(0, tenant_);
  int position = 1;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const MemberColumn& column = column_of(sql, members[i]);
    if (column.key_column.empty()) {
      position = bind_member(*row, position, column, values[i], *layout_);
    } else {
      row->bind(position++, email_key(values[i].s));
    }
  }
  if (!row->step()) return std::nullopt;
  return row->id(0);
}

std::int64_t Records::insert(std::int32_t record_type, const Record& record) {
  const RecordSql& sql = sql_of(*layout_, record_type);
  if (record.values.size() != sql.slots.size()) {
    throw Error(ProblemNumber::bug,
                "a record of " + sql.facts + " has " + std::to_string(record.values.size()) + " values for " +
                    std::to_string(sql.slots.size()) + " members",
                "report this as a bug");
  }
  const StatementPtr statement = connection_->prepare(sql.insert);
  statement->bind(0, tenant_);
  statement->bind_kept(1, record.id);
  if (record.live) {
    statement->bind_null(2);
  } else {
    statement->bind(2, std::int64_t{0});
  }
  int position = 3;
  for (const MemberColumn& column : sql.columns) {
    position =
        bind_member(*statement, position, column, record.values[static_cast<std::size_t>(column.member)], *layout_);
  }
  statement->step();
  return connection_->last_rowid();
}

void Records::update(std::int32_t record_type, const RecordId& id, const Row& values,
                     std::span<const std::int32_t> changed) {
  if (changed.empty()) return;
  const RecordSql& sql = sql_of(*layout_, record_type);
  std::string text = "UPDATE " + sql.facts + " SET ";
  bool first = true;
  for (const std::int32_t member : changed) {
    const MemberColumn& column = column_of(sql, member);
    text.append(first ? "" : ", ").append(column.column).append(" = ?");
    if (!column.type_column.empty()) text.append(", ").append(column.type_column).append(" = ?");
    if (!column.key_column.empty()) text.append(", ").append(column.key_column).append(" = ?");
    first = false;
  }
  const StatementPtr statement = connection_->prepare(text.append(" WHERE tenant = ? AND id = ?"));
  int position = 0;
  for (const std::int32_t member : changed) {
    position =
        bind_member(*statement, position, column_of(sql, member), values[static_cast<std::size_t>(member)], *layout_);
  }
  statement->bind(position++, tenant_);
  statement->bind_kept(position, id);
  statement->step();
  if (connection_->changes() == 1) return;
  throw Error(ProblemNumber::record_not_found,
              "there is no record " + id.text() + " of " + layout_->catalog().type(record_type).name);
}

void Records::remove(std::int32_t record_type, const RecordId& id, std::int64_t at) {
  const RecordSql& sql = sql_of(*layout_, record_type);
  {
    const StatementPtr statement = connection_->prepare(sql.remove);
    statement->bind(0, at);
    statement->bind(1, tenant_);
    statement->bind_kept(2, id);
    statement->step();
    if (connection_->changes() != 1) {
      throw Error(ProblemNumber::record_not_found,
                  "there is no live record " + id.text() + " of " + layout_->catalog().type(record_type).name);
    }
  }
}

void Records::children(std::int32_t child_type, std::int32_t ref_member, const RecordId& parent,
                       const std::function<void(Record&&)>& visit) const {
  const RecordSql& sql = sql_of(*layout_, child_type);
  const StatementPtr rows = connection_->prepare(child_sql(*layout_, child_type, ref_member).rows);
  rows->bind(0, tenant_);
  rows->bind_kept(1, parent);
  while (rows->step()) visit(read_record(*rows, sql, *layout_));
}

std::vector<RecordId> Records::child_ids(std::int32_t child_type, std::int32_t ref_member, const RecordId& parent,
                                         bool also_removed) const {
  const ChildSql& sql = child_sql(*layout_, child_type, ref_member);
  const StatementPtr rows = connection_->prepare(also_removed ? sql.all_ids : sql.live_ids);
  rows->bind(0, tenant_);
  rows->bind_kept(1, parent);
  std::vector<RecordId> out;
  while (rows->step()) out.push_back(rows->id(0));
  return out;
}

bool Records::any(std::int32_t record_type) const {
  const StatementPtr row = connection_->prepare(sql_of(*layout_, record_type).any);
  row->bind(0, tenant_);
  return row->step();
}

std::vector<RecordId> Records::ids_after(std::int32_t record_type, const RecordId& after, std::int64_t limit) const {
  const StatementPtr rows = connection_->prepare(sql_of(*layout_, record_type).ids_after);
  rows->bind(0, tenant_);
  rows->bind(1, after);
  rows->bind(2, limit);
  std::vector<RecordId> out;
  while (rows->step()) out.push_back(rows->id(0));
  return out;
}

std::int64_t Records::count(std::int32_t record_type) const {
  const StatementPtr row = connection_->prepare(sql_of(*layout_, record_type).count);
  row->bind(0, tenant_);
  row->step();
  return row->integer(0);
}

std::int64_t Records::count_after(std::int32_t record_type, const RecordId& after) const {
  const StatementPtr row = connection_->prepare(sql_of(*layout_, record_type).count_after);
  row->bind(0, tenant_);
  row->bind(1, after);
  row->step();
  return row->integer(0);
}

bool Records::more_children_than(std::int64_t most, std::int32_t child_type, std::int32_t ref_member,
                                 const RecordId& parent) const {
  const StatementPtr row = connection_->prepare(child_sql(*layout_, child_type, ref_member).more_than);
  row->bind(0, tenant_);
  row->bind(1, parent);
  row->bind(2, most);
  return row->step();
}

}  // namespace kith::internal::store
