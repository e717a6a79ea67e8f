#include "store/layout/tables.hpp"

#include "base/time/time.hpp"

namespace kith::internal::store {
namespace {

constexpr int kFirstMember = 2;  // behind id and removed_at

void add_children(RecordSql& sql, const std::string& select) {
  for (const MemberColumn& column : sql.columns) {
    if (column.type.kind != Kind::ref) continue;
    const std::string of_parent = " FROM " + sql.facts + " WHERE tenant = ? AND " + column.column + " = ?";
    ChildSql child;
    child.rows = "SELECT " + select + of_parent + " AND removed_at IS NULL ORDER BY id";
    child.live_ids = "SELECT id" + of_parent + " AND removed_at IS NULL ORDER BY id";
    child.all_ids = "SELECT id" + of_parent + " ORDER BY id";
    sql.children.emplace(column.member, std::move(child));
  }
}

RecordSql record_sql(const catalog::RecordType& type) {
  RecordSql sql;
  sql.facts = quoted(type.table);
  sql.derived = quoted(derived_table_name(type));
  std::string select = "id, removed_at", names = "tenant, id, removed_at";
  std::size_t binds = 3;
  int position = kFirstMember;
  for (std::size_t i = 0; i < type.members.size(); ++i) {
    const catalog::Member& member = type.members[i];
    sql.quoted.push_back(member.column.empty() ? std::string{} : quoted(member.column));
    sql.slots.push_back(-1);
    if (!is_stored_fact(member)) continue;
    MemberColumn column{static_cast<std::int32_t>(i), member.type, quoted(member.column), {}, position++};
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
    sql.slots.back() = static_cast<std::int32_t>(sql.columns.size());
    sql.columns.push_back(std::move(column));
  }
  sql.load = "SELECT " + select + " FROM " + sql.facts + " WHERE tenant = ? AND id = ?";
  sql.load_live = sql.load + " AND removed_at IS NULL";
  sql.is_live = "SELECT 1 FROM " + sql.facts + " WHERE tenant = ? AND id = ? AND removed_at IS NULL";
  sql.insert = "INSERT INTO " + sql.facts + " (" + names + ") VALUES " + placeholders(binds);
  sql.remove = "UPDATE " + sql.facts + " SET removed_at = ? WHERE tenant = ? AND id = ? AND removed_at IS NULL";
  sql.ids_after =
      "SELECT id FROM " + sql.facts + " WHERE tenant = ? AND id > ? AND removed_at IS NULL ORDER BY id LIMIT ?";
  sql.count = "SELECT count(*) FROM " + sql.facts + " WHERE tenant = ? AND removed_at IS NULL";
  add_children(sql, select);
  return sql;
}

DerivationSql derivation_sql(const catalog::Catalog& catalog, const catalog::Derivation& derivation,
                             const RecordSql& record) {
  const DerivedNames names = derived_names(catalog, derivation);
  DerivationSql sql;
  sql.record_type = derivation.record_type;
  sql.type = names.type;
  sql.has_band = !names.band.empty();
  sql.value = quoted(names.value);
  sql.as_of = quoted(names.as_of);
  sql.until = quoted(names.until);
  sql.fingerprint = quoted(names.fingerprint);
  std::string columns = sql.value + ", " + sql.as_of + ", " + sql.until + ", " + sql.fingerprint;
  std::string updates;
  for (const std::string& column : {sql.value, sql.as_of, sql.until, sql.fingerprint}) {
    updates += (updates.empty() ? "" : ", ") + column + " = excluded." + column;
  }
  if (sql.has_band) {
    sql.band = quoted(names.band);
    columns += ", " + sql.band;
    updates += ", " + sql.band + " = excluded." + sql.band;
  }
  const std::string& derived = record.derived;
  sql.load = "SELECT " + columns + " FROM " + derived + " WHERE tenant = ? AND id = ?";
  sql.store = "INSERT INTO " + derived + " (tenant, id, " + columns + ") VALUES " + placeholders(sql.has_band ? 7 : 6) +
              " ON CONFLICT (tenant, id) DO UPDATE SET " + updates;
  sql.lower_until =
      "UPDATE " + derived + " SET " + sql.until + " = ? WHERE tenant = ? AND id = ? AND " + sql.until + " > ?";
  // The literal lets the partial index on the column serve these; a bound value could not prove that it may.
  const std::string live = " FROM " + derived + " AS d JOIN " + record.facts +
                           " AS f ON f.tenant = d.tenant AND f.id = d.id WHERE d.tenant = ? AND d." + sql.until +
                           " < " + forever_literal() + " AND f.removed_at IS NULL";
  sql.due = "SELECT d.id" + live + " AND d." + sql.until + " <= ? ORDER BY d." + sql.until + " LIMIT ?";
  sql.next_due = "SELECT d." + sql.until + live + " ORDER BY d." + sql.until + " LIMIT 1";
  sql.missing =
      "SELECT f.id FROM " + record.facts + " AS f LEFT JOIN " + derived +
      " AS d ON d.tenant = f.tenant AND d.id = f.id WHERE f.tenant = ? AND f.id > ? AND f.removed_at IS NULL AND d." +
      sql.fingerprint + " IS NOT ? ORDER BY f.id LIMIT ?";
  return sql;
}

}  // namespace

std::string forever_literal() { return std::to_string(kForever); }

Tables::Tables(const catalog::Catalog& catalog) : indexes(indexes_of(catalog)) {
  for (const catalog::RecordType& type : catalog.record_types) records.push_back(record_sql(type));
  for (const catalog::Derivation& derivation : catalog.derivations) {
    RecordSql& record = records[static_cast<std::size_t>(derivation.record_type)];
    derivations.push_back(derivation_sql(catalog, derivation, record));
    const DerivationSql& made = derivations.back();
    record.retire_derived += (record.retire_derived.empty() ? "UPDATE " + record.derived + " SET " : ", ") +
                             made.until + " = " + forever_literal() + ", " + made.fingerprint + " = NULL";
  }
  for (RecordSql& record : records) {
    if (!record.retire_derived.empty()) record.retire_derived += " WHERE tenant = ? AND id = ?";
  }
}

}  // namespace kith::internal::store
