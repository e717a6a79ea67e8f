#include "store/layout/wanted.hpp"

#include <algorithm>

#include "base/problem/error.hpp"
#include "base/text/text.hpp"
#include "store/layout/physical.hpp"
#include "store/layout/tables.hpp"

namespace kith::internal::store {
namespace {

const char* role_name(catalog::Role role) {
  switch (role) {
    case catalog::Role::field: return "field";
    case catalog::Role::system: return "system";
    case catalog::Role::derived: return "derived";
    case catalog::Role::child_set: break;
  }
  return "set";
}

const char* kind_text(catalog::DerivationKind kind) {
  switch (kind) {
    case catalog::DerivationKind::formula: return "formula";
    case catalog::DerivationKind::rollup: return "rollup";
    case catalog::DerivationKind::segment: return "segment";
    case catalog::DerivationKind::score: return "score";
    case catalog::DerivationKind::automatic: return "automatic";
    case catalog::DerivationKind::trigger: break;
  }
  return "trigger";
}

constexpr const char* kNextUntil = "next_until";

/// `order`: pages may be in its order, so that it has every live record, those without a value too. `derived`: over
/// derived rows, which have no id and no mark of removal.
enum class IndexUse { order, look_up, unique, of_nulls, derived };

void add_index(Wanted& wanted, const std::string& table, const std::string& record_type,
               std::vector<std::string> columns, IndexUse use) {
  const bool unique = use == IndexUse::unique;
  WantedIndex index;
  index.table = table;
  index.unique = unique;
  index.sparse = use == IndexUse::look_up || use == IndexUse::derived;
  index.of_nulls = use == IndexUse::of_nulls;
  index.derived = use == IndexUse::derived;
  const std::string list = join(columns, ",");
  index.name = std::string(unique ? "ux:" : index.of_nulls ? "nx:" : "ix:") + table + ":" + list;
  index.what = record_type + " (" + list + ")";
  index.columns = std::move(columns);
  const bool there = std::any_of(wanted.indexes.begin(), wanted.indexes.end(),
                                 [&](const WantedIndex& i) { return i.name == index.name; });
  if (!there) wanted.indexes.push_back(std::move(index));
}

// An index lies on one table, so its members are all facts or all derived.
void add_set(Wanted& wanted, const catalog::RecordType& type, const std::vector<std::int32_t>& members, bool unique) {
  std::vector<std::string> columns;
  std::size_t derived = 0;
  bool only_refs = true;
  const bool only_key = members.size() == 1 && has_key_column(type.members[static_cast<std::size_t>(members.front())]);
  for (const std::int32_t number : members) {
    const catalog::Member& member = type.members[static_cast<std::size_t>(number)];
    if (member.role == catalog::Role::derived) ++derived;
    only_refs = only_refs && member.type.kind == Kind::ref;
    columns.push_back(has_key_column(member) && member.role != catalog::Role::derived ? key_column_name(member)
                                                                                      : member.column);
  }
  const bool mixed = derived != 0 && derived != members.size();
  if (mixed || (unique && derived != 0)) {
    throw Error(ProblemNumber::not_allowed_here,
                "an index of " + type.name + " (" + join(columns, ", ") + ") " +
                    (mixed ? "mixes fields with derived members" : "demands that derived members be unique"),
                "declare it over fields only");
  }
  add_index(wanted, derived == 0 ? type.table : derived_table_name(type), type.name, std::move(columns),
            unique                  ? IndexUse::unique
            : derived != 0          ? IndexUse::derived
            : only_refs || only_key ? IndexUse::look_up
                                    : IndexUse::order);
}

void add_type(Wanted& wanted, const catalog::Catalog& catalog, const catalog::RecordType& type) {
  WantedTable facts{type.table, type.name, false, {}};
  wanted.types.push_back({type.name, type.owner, type.table});
  for (std::size_t i = 0; i < type.members.size(); ++i) {
    const catalog::Member& member = type.members[i];
    if (member.role == catalog::Role::child_set) continue;
    wanted.members.push_back({type.name, member.name, member.owner, role_name(member.role), member.column,
                              meaning_of(member.type, catalog)});
    const std::vector<std::int32_t> alone{static_cast<std::int32_t>(i)};
    if (member.role == catalog::Role::derived) {
      if (member.index) add_set(wanted, type, alone, false);
      continue;
    }
    facts.columns.push_back({member.column, column_type(member.type.kind), member.name});
    if (is_any_ref(member.type)) facts.columns.push_back({member.column + "__type", "INTEGER", member.name});
    if (has_key_column(member)) facts.columns.push_back({key_column_name(member), "TEXT", member.name, member.column});
    // Its key finds an address; lists are ordered by how it is written.
    if (has_key_column(member) && (member.unique || member.index))
      add_index(wanted, type.table, type.name, {member.column}, IndexUse::order);
    if (member.unique) {
      add_set(wanted, type, alone, true);
      add_index(wanted, type.table, type.name, {member.column}, IndexUse::of_nulls);
    }
    const bool has_set = member.type.kind == Kind::ref && !member.inverse.empty();
    if ((member.index || has_set) && !member.unique) add_set(wanted, type, alone, false);
  }
  wanted.tables.push_back(std::move(facts));
  for (const auto& members : type.unique_sets) add_set(wanted, type, members, true);
  for (const auto& members : type.index_sets) add_set(wanted, type, members, false);
}

void add_derivation(Wanted& wanted, const catalog::Catalog& catalog, const catalog::Derivation& derivation) {
  const catalog::RecordType& type = catalog.type(derivation.record_type);
  const DerivedNames names = derived_names(catalog, derivation);
  const std::string table_name = derived_table_name(type);
  auto table = std::find_if(wanted.tables.begin(), wanted.tables.end(),
                            [&](const WantedTable& t) { return t.name == table_name; });
  if (table == wanted.tables.end()) {
    table = wanted.tables.insert(wanted.tables.end(), {table_name, type.name, true, {}});
    // One for the whole row: what time alone can change is found by it.
    add_index(wanted, table_name, type.name, {kNextUntil}, IndexUse::derived);
  }
  table->columns.push_back({names.value, column_type(names.type.kind), derivation.name});
  if (!names.band.empty()) table->columns.push_back({names.band, "TEXT", derivation.name});
  table->columns.push_back({names.until, "INTEGER", derivation.name});
  // What a value means belongs to its definition: a formula that is a double now had its integers from another one.
  wanted.derivations.push_back({type.name, derivation.name, derivation.owner, kind_text(derivation.kind),
                                derivation.fingerprint + "|" + meaning_of(names.type, catalog)});
}

std::string hash_of(const Wanted& wanted) {
  // What tells addresses apart is made by the Unicode data.
  std::string all = "layout 2\nkeys " + unicode_version() + "\n";
  const auto line = [&](std::initializer_list<std::string_view> parts) {
    for (const std::string_view part : parts) all.append(std::to_string(part.size())).append(":").append(part);
    all.push_back('\n');
  };
  for (const WantedBundle& bundle : wanted.bundles) line({"bundle", bundle.id, bundle.version});
  for (const WantedType& type : wanted.types) line({"type", type.name, type.owner, type.table});
  for (const WantedMember& m : wanted.members) line({"member", m.type, m.name, m.owner, m.role, m.column, m.meaning});
  for (const WantedDerivation& d : wanted.derivations)
    line({"derivation", d.type, d.name, d.owner, d.kind, d.fingerprint});
  for (const WantedIndex& index : wanted.indexes) line({"index", index.sql()});
  for (const WantedTable& table : wanted.tables) {
    for (const WantedColumn& column : table.columns) line({"column", table.name, column.name, column.type});
  }
  return sha256_hex(all);
}

}  // namespace

std::string WantedIndex::condition() const {
  // One condition that every list has: SQLite proves nothing harder from a bound value, and a list in the order of the
  // index then reads no row that it doesn't show.
  if (of_nulls) return "removed_at IS NULL AND " + quoted(columns.front()) + " IS NULL";
  if (!sparse) return "removed_at IS NULL";
  std::string out;
  for (const std::string& column : columns) out += (out.empty() ? "" : " AND ") + quoted(column) + " IS NOT NULL";
  return out;
}

std::string WantedIndex::sql() const {
  std::string list = "tenant";
  if (!of_nulls)
    for (const std::string& column : columns) list += ", " + quoted(column);
  // Lists come in id order. With the id in the index the planner needs no sort, and is not lured into a walk over the
  // tenant's whole key to avoid one.
  if (!unique && !derived) list += ", id";
  return std::string("CREATE ") + (unique ? "UNIQUE " : "") + "INDEX " + quoted(name) + " ON " + quoted(table) + " (" +
         list + ") WHERE " + condition();
}

std::vector<WantedIndex> wanted_indexes(const catalog::Catalog& catalog) {
  Wanted wanted;
  for (const catalog::RecordType& type : catalog.record_types) add_type(wanted, catalog, type);
  return std::move(wanted.indexes);
}

Wanted wanted_of(const catalog::Catalog& catalog) {
  Wanted wanted;
  for (const catalog::Bundle& bundle : catalog.bundles) wanted.bundles.push_back({bundle.id, bundle.version});
  for (const catalog::RecordType& type : catalog.record_types) add_type(wanted, catalog, type);
  for (const catalog::Derivation& derivation : catalog.derivations) add_derivation(wanted, catalog, derivation);
  wanted.hash = hash_of(wanted);
  return wanted;
}

}  // namespace kith::internal::store
