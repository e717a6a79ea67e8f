#include "store/layout/orphans.hpp"

#include <algorithm>
#include <array>

#include "base/text/text.hpp"
#include "store/layout/physical.hpp"
#include "store/layout/present.hpp"

namespace kith::internal::store {
namespace {

constexpr std::string_view kAnyRef = "ref any";

bool is_fact(const PresentMember& member) { return member.role == "field" || member.role == "system"; }

std::int64_t count(Connection& connection, const std::string& what, const std::string& table) {
  const StatementPtr found =
      connection.prepare("SELECT count(" + what + ") FROM " + quoted(table) + " WHERE removed_at IS NULL");
  found->step();
  return found->integer(0);
}

/// An enum has the id itself, a list of enum has it in quotes.
std::int64_t count_values(Connection& connection, const std::string& table, const catalog::Member& member,
                          const std::string& bundle) {
  const bool list = member.type.kind == Kind::json;
  const std::string column = quoted(member.column);
  const StatementPtr found =
      connection.prepare("SELECT count(*) FROM " + quoted(table) + " WHERE removed_at IS NULL AND " +
                         (list ? "instr(" + column + ", ?) > 0" : "instr(" + column + ", ?) = 1"));
  found->bind(0, std::string_view((list ? "\"" : "") + bundle + "."));
  found->step();
  return found->integer(0);
}

std::vector<OrphanedValues> added_values(Connection& connection, const Present& present,
                                         const catalog::Catalog& catalog, const std::string& bundle) {
  std::vector<OrphanedValues> out;
  for (const catalog::RecordType& type : catalog.record_types)
    for (const catalog::Member& member : type.members) {
      if (!member.values || !member.values->extensible) continue;
      const auto table = present.tables.find(type.table);
      if (table == present.tables.end() || table->second.count(member.column) == 0) continue;
      const std::int64_t records = count_values(connection, type.table, member, bundle);
      if (records > 0) out.push_back({type.name, member.name, records});
    }
  return out;
}

/// A member counts as orphaned when its own bundle is away. On a type that is away, its own members are too.
OrphanedMember member_of(const Present& present, const TypeAndName& key, const PresentMember& member) {
  return {key.first,      key.second, member.owner, member.role, present.types.at(key.first).table, member.column,
          member.meaning, 0};
}

std::vector<std::string> words_of(const std::string& meaning) { return split(meaning, ' '); }

Value money_of(std::int64_t minor, const std::vector<std::string>& words) {
  Currency currency;
  if (words.size() > 1) std::copy_n(words[1].begin(), std::min<std::size_t>(words[1].size(), 3), currency.code.begin());
  if (words.size() > 2) currency.scale = static_cast<std::uint8_t>(std::stoi(words[2]));
  return Value::money(minor, currency);
}

/// By its noted meaning, as physical.hpp writes it.
Value value_at(const Statement& row, int column, const OrphanedMember& member,
               const std::map<std::int64_t, std::string>& types) {
  if (row.is_null(column)) return Value::null();
  const std::vector<std::string> words = words_of(member.meaning);
  const std::string& kind = words.front();
  if (kind == "money") return money_of(row.integer(column), words);
  if (kind == "ref") {
    const bool any = member.meaning == kAnyRef;
    const auto named = any ? types.find(row.integer(column + 1)) : types.end();
    const std::string type = any ? (named == types.end() ? std::string("unknown") : named->second) : words.at(1);
    return Value::text(type + "/" + row.id(column).text());
  }
  if (kind == "json") return Value::json(std::string(row.text(column)));
  if (kind == "double") return Value::real(row.real(column));
  constexpr std::array kinds = {Kind::boolean, Kind::integer, Kind::date, Kind::timestamp, Kind::duration};
  for (const Kind each : kinds)
    if (kind == kind_name(each)) return Value::with(each, row.integer(column));
  return Value::text(std::string(row.text(column)));
}

}  // namespace

std::int64_t OrphanedBundle::fields() const {
  return std::count_if(members.begin(), members.end(),
                       [](const OrphanedMember& member) { return member.role == "field"; });
}

std::int64_t OrphanedBundle::values() const {
  std::int64_t sum = 0;
  for (const OrphanedMember& member : members) sum += member.role == "field" ? member.values : 0;
  for (const OrphanedValues& values : added) sum += values.records;
  return sum;
}

std::vector<OrphanedBundle> orphaned_bundles(Connection& connection, const catalog::Catalog& catalog) {
  Present present;
  read_tables(connection, present);
  read_notes(connection, present);
  std::vector<OrphanedBundle> out;
  for (const auto& [id, noted] : present.bundles) {
    if (noted.state != kOrphaned) continue;
    OrphanedBundle bundle{id, noted.version, {}, {}, added_values(connection, present, catalog, id)};
    for (const auto& [name, type] : present.types)
      if (type.owner == id && present.tables.count(type.table) != 0)
        bundle.types.push_back({name, id, type.table, count(connection, "*", type.table)});
    for (const auto& [key, member] : present.members) {
      if (member.owner != id || !is_fact(member)) continue;
      OrphanedMember one = member_of(present, key, member);
      const auto table = present.tables.find(one.table);
      if (table == present.tables.end() || table->second.count(one.column) == 0) continue;
      one.values = count(connection, quoted(one.column), one.table);
      bundle.members.push_back(std::move(one));
    }
    out.push_back(std::move(bundle));
  }
  return out;
}

std::vector<OrphanedMember> orphaned_members(Connection& connection, std::string_view type) {
  Present present;
  read_tables(connection, present);
  read_notes(connection, present);
  std::vector<OrphanedMember> out;
  for (const auto& [key, member] : present.members) {
    if (key.first != type || !is_fact(member)) continue;
    // On a type that is away, the engine's own stamps are away too, although their owner is the core.
    if (member.state != kOrphaned && present.types.at(key.first).state != kOrphaned) continue;
    OrphanedMember one = member_of(present, key, member);
    const auto table = present.tables.find(one.table);
    if (table != present.tables.end() && table->second.count(one.column) != 0) out.push_back(std::move(one));
  }
  return out;
}

std::vector<std::string> orphaned_types(Connection& connection) {
  Present present;
  read_notes(connection, present);
  std::vector<std::string> out;
  for (const auto& [name, type] : present.types)
    if (type.state == kOrphaned) out.push_back(name);
  return out;
}

OrphanedRows::OrphanedRows(Connection& connection, std::vector<OrphanedMember> members, std::int64_t tenant)
    : connection_(connection), members_(std::move(members)), tenant_(tenant) {
  Present present;
  read_notes(connection, present);
  for (const auto& [name, type] : present.types) types_[type.number] = name;
}

std::string OrphanedRows::select() const {
  std::string list = "id";
  for (const OrphanedMember& member : members_) {
    list += ", " + quoted(member.column);
    if (member.meaning == kAnyRef) list += ", " + quoted(member.column + "__type");
  }
  return "SELECT " + list + " FROM " + quoted(members_.front().table) + " WHERE tenant = ? AND ";
}

OrphanedRow OrphanedRows::row_of(const Statement& row) const {
  OrphanedRow out{row.id(0), {}, external_ids(row.id(0))};
  int column = 1;
  for (const OrphanedMember& member : members_) {
    out.values.push_back(value_at(row, column, member, types_));
    column += member.meaning == kAnyRef ? 2 : 1;
  }
  return out;
}

std::vector<std::string> OrphanedRows::external_ids(const RecordId& id) const {
  const StatementPtr rows = connection_.prepare(
      "SELECT e.source, e.key FROM kith_external_id AS e JOIN kith_type AS t ON t.number = e.record_type "
      "WHERE e.tenant = ? AND e.id = ? AND t.name = ? ORDER BY e.source, e.key");
  rows->bind(0, tenant_);
  rows->bind(1, id);
  rows->bind(2, std::string_view(members_.front().type));
  std::vector<std::string> out;
  while (rows->step()) out.push_back("@" + std::string(rows->text(0)) + ":" + std::string(rows->text(1)));
  return out;
}

std::vector<OrphanedRow> OrphanedRows::after(const RecordId& after, std::int64_t limit) {
  const StatementPtr rows = connection_.prepare(select() + "removed_at IS NULL AND id > ? ORDER BY id LIMIT ?");
  rows->bind(0, tenant_);
  rows->bind(1, after);
  rows->bind(2, limit);
  std::vector<OrphanedRow> out;
  while (rows->step()) out.push_back(row_of(*rows));
  return out;
}

OrphanedRow OrphanedRows::of(const RecordId& id) {
  const StatementPtr rows = connection_.prepare(select() + "id = ?");
  rows->bind(0, tenant_);
  rows->bind(1, id);
  if (rows->step()) return row_of(*rows);
  return {id, std::vector<Value>(members_.size()), {}};
}

}  // namespace kith::internal::store
