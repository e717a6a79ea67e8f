#include "store/layout/tables.hpp"

namespace kith::internal::store {
namespace {

constexpr int kFirstMember = 3;  // behind id, removed_at and rid

void add_children(RecordSql& sql, const std::string& select) {
  for (const MemberColumn& column : sql.columns) {
    if (column.type.kind != Kind::ref) continue;
    const std::string of_parent = " FROM " + sql.facts + " WHERE tenant = ? AND " + column.column + " = ?";
    ChildSql child;
    child.rows = "SELECT " + select + of_parent + " AND removed_at IS NULL ORDER BY id";
    child.live_ids = "SELECT id" + of_parent + " AND removed_at IS NULL ORDER BY id";
    child.all_ids = "SELECT id" + of_parent + " ORDER BY id";
    child.more_than = "SELECT 1" + of_parent + " AND removed_at IS NULL LIMIT 1 OFFSET ?";
    sql.children.emplace(column.member, std::move(child));
  }
}

RecordSql record_sql(const catalog::RecordType& type) {
  RecordSql sql;
  sql.facts = quoted(type.table);
  sql.derived = quoted(derived_table_name(type));
  std::string select = "id, removed_at, rid", names = "tenant, id, removed_at";
  std::size_t binds = 3;
  int position = kFirstMember;
  for (std::size_t i = 0; i < type.members.size(); ++i) {
    const catalog::Member& member = type.members[i];
    sql.quoted.push_back(member.column.empty() ? std::string{} : quoted(member.column));
    sql.keys.push_back(sql.quoted.back());
    sql.slots.push_back(-1);
    if (!is_stored_fact(member)) continue;
    MemberColumn column{static_cast<std::int32_t>(i), member.type, quoted(member.column), {}, position++, {}};
    select += ", " + column.column;
    names += ", " + column.column;
    ++binds;
    if (is_any_ref(member.type)) {
      column.type_column = quoted(member.column + "__type");
      select += ", " + column.type_column;
      names += ", " + column.type_column;
      ++binds;
      ++position;
    }
    if (has_key_column(member)) {
      column.key_column = sql.keys.back() = quoted(key_column_name(member));
      names += ", " + column.key_column;
      ++binds;
    }
    sql.slots.back() = static_cast<std::int32_t>(sql.columns.size());
    sql.columns.push_back(std::move(column));
  }
  sql.load = "SELECT " + select + " FROM " + sql.facts + " WHERE tenant = ? AND id = ?";
  sql.load_live = sql.load + " AND removed_at IS NULL";
  sql.is_live = "SELECT 1 FROM " + sql.facts + " WHERE tenant = ? AND id = ? AND removed_at IS NULL";
  sql.rid = "SELECT rid FROM " + sql.facts + " WHERE tenant = ? AND id = ?";
  sql.insert = "INSERT INTO " + sql.facts + " (" + names + ") VALUES " + placeholders(binds);
  sql.remove = "UPDATE " + sql.facts + " SET removed_at = ? WHERE tenant = ? AND id = ? AND removed_at IS NULL";
  sql.any = "SELECT 1 FROM " + sql.facts + " WHERE tenant = ? LIMIT 1";
  sql.ids_after =
      "SELECT id FROM " + sql.facts + " WHERE tenant = ? AND id > ? AND removed_at IS NULL ORDER BY id LIMIT ?";
  sql.count_after = "SELECT count(*) FROM " + sql.facts + " WHERE tenant = ? AND id > ? AND removed_at IS NULL";
  sql.count = "SELECT count(*) FROM " + sql.facts + " WHERE tenant = ? AND removed_at IS NULL";
  add_children(sql, select);
  return sql;
}

void add_derived(RecordSql& sql, const catalog::Catalog& catalog, const catalog::RecordType& type) {
  std::string names, updates, binds;
  for (const catalog::Derivation& derivation : catalog.derivations) {
    if (derivation.record_type != type.number) continue;
    const DerivedNames of = derived_names(catalog, derivation);
    std::vector<std::string> columns{quoted(of.value), quoted(of.until)};
    if (!of.band.empty()) columns.push_back(quoted(of.band));
    for (const std::string& column : columns) {
      names += ", " + column;
      updates += ", " + column + " = ?";
      binds += ", ?";
    }
    sql.derived_slots.push_back({of.type, !of.band.empty()});
  }
  if (sql.derived_slots.empty()) return;
  const std::string& derived = sql.derived;
  sql.load_derived = "SELECT as_of, settled_to, epoch" + names + " FROM " + derived + " WHERE rid = ?";
  sql.insert_derived = "INSERT INTO " + derived + " (rid, tenant, as_of, settled_to, epoch, next_until" + names +
                       ") VALUES (?, ?, ?, ?, ?, ?" + binds + ")";
  sql.update_derived =
      "UPDATE " + derived + " SET as_of = ?, settled_to = ?, epoch = ?, next_until = ?" + updates + " WHERE rid = ?";
  sql.remove_derived = "DELETE FROM " + derived + " WHERE rid = ?";
  // CROSS JOIN keeps the order of the tables: the index of due times first, whatever the statistics say.
  sql.due = "SELECT f.id FROM " + derived + " AS d CROSS JOIN " + sql.facts +
            " AS f WHERE d.tenant = ? AND d.next_until <= ? AND f.rid = d.rid ORDER BY d.next_until LIMIT ?";
  sql.next_due =
      "SELECT next_until FROM " + derived + " WHERE tenant = ? AND next_until < ? ORDER BY next_until LIMIT 1";
  sql.count_due = "SELECT count(*) FROM " + derived + " WHERE tenant = ? AND next_until <= ?";
  sql.behind = "SELECT f.id FROM " + sql.facts + " AS f LEFT JOIN " + derived +
               " AS d ON d.rid = f.rid WHERE f.tenant = ? AND f.id > ? AND f.removed_at IS NULL AND coalesce(d.epoch, "
               "-1) < ? ORDER BY f.id LIMIT ?";
}

}  // namespace

Tables::Tables(const catalog::Catalog& catalog) : indexes(indexes_of(catalog)) {
  for (const catalog::RecordType& type : catalog.record_types) {
    records.push_back(record_sql(type));
    add_derived(records.back(), catalog, type);
  }
}

}  // namespace kith::internal::store
