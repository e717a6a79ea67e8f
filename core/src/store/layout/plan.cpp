// The plan that brings a database to a catalog: add, widen, retire; never drop or rewrite what people entered.
#include <algorithm>
#include <charconv>
#include <set>

#include "base/problem/error.hpp"
#include "base/text/text.hpp"
#include "store/layout/layout.hpp"
#include "store/layout/physical.hpp"
#include "store/layout/present.hpp"
#include "store/layout/wanted.hpp"

namespace kith::internal::store {
namespace {

std::vector<int> version_parts(const std::string& version) {
  std::vector<int> out;
  for (const std::string& part : split(version, '.')) {
    int number = 0;
    std::from_chars(part.data(), part.data() + part.size(), number);
    out.push_back(number);
  }
  out.resize(3, 0);
  return out;
}

bool is_kept_fact(const std::string& role) { return role == "field" || role == "system"; }

class Planner {
 public:
  Planner(Connection& connection, const Wanted& wanted, const catalog::Catalog& catalog)
      : connection_(connection), wanted_(wanted), catalog_(catalog) {
    read_tables(connection, present_);
    read_notes(connection, present_);
  }

  Plan plan() {
    refuse_older_bundles();
    refuse_lossy_changes();
    refuse_duplicates_under_unique();
    problems_.throw_if_any();
    for (const WantedTable& table : wanted_.tables) plan_table(table);
    plan_keys();
    plan_lifecycles();
    plan_indexes();
    note_bundles();
    note_derivations();
    if (plan_.empty()) add("note the present declarations", "");
    return std::move(plan_);
  }

 private:
  void add(std::string what, std::string sql) { plan_.steps.push_back({std::move(what), std::move(sql)}); }

  void refuse_older_bundles() {
    for (const WantedBundle& bundle : wanted_.bundles) {
      const auto found = present_.bundles.find(bundle.id);
      if (found == present_.bundles.end() || version_parts(found->second.version) <= version_parts(bundle.version))
        continue;
      Problem problem;
      problem.number = ProblemNumber::newer_catalog;
      problem.message = "this database has been used with a newer " +
                        (bundle.id == catalog::kCoreBundle ? std::string("core") : "bundle \"" + bundle.id + "\"");
      problem.expected = "version " + found->second.version + " or newer";
      problem.found = "version " + bundle.version;
      problem.fix = "use the newer version, or open a copy of the database from before";
      problems_.add(std::move(problem));
    }
  }

  void refuse_lossy_changes() {
    for (const WantedMember& member : wanted_.members) {
      const auto found = present_.members.find({member.type, member.name});
      if (found == present_.members.end() || !is_kept_fact(found->second.role)) continue;
      const PresentMember& before = found->second;
      const bool still_fact = is_kept_fact(member.role);
      if (still_fact && (reads_alike(before.meaning, member.meaning) || is_widening(before, member))) continue;
      Problem problem;
      problem.number = ProblemNumber::lossy_change;
      problem.field = member.type + "." + member.name;
      problem.message = "the declaration of " + problem.field + " changed in a way that would lose what is stored";
      problem.expected = before.meaning + ", as it was (bundle \"" + before.owner + "\")";
      problem.found = still_fact ? member.meaning : "a derived value, " + member.meaning;
      problem.fix = "declare it under a new name and leave the old one, or take the change back";
      problems_.add(std::move(problem));
    }
  }

  static bool is_widening(const PresentMember& before, const WantedMember& after) {
    return before.meaning == "int" && after.meaning == "double";
  }

  // A new unique index over rows that are not: said now, with a count, and not as a failure half way.
  void refuse_duplicates_under_unique() {
    for (const WantedIndex& index : wanted_.indexes) {
      const auto table = present_.tables.find(index.table);
      if (!index.unique || present_.indexes.count(index.name) != 0 || table == present_.tables.end()) continue;
      std::string list = "tenant", where = "removed_at IS NULL";
      bool has_all = true;
      for (const std::string& column : index.columns) {
        const std::string value = present_value(index.table, column, table->second);
        has_all = has_all && !value.empty();
        list += ", " + value;
        where += " AND " + value + " IS NOT NULL";
      }
      if (!has_all) continue;
      const StatementPtr count = connection_.prepare("SELECT count(*) FROM (SELECT 1 FROM " + quoted(index.table) +
                                                     " WHERE " + where + " GROUP BY " + list + " HAVING count(*) > 1)");
      count->step();
      if (count->integer(0) == 0) continue;
      Problem problem;
      problem.number = ProblemNumber::lossy_change;
      problem.message = index.what + " is declared unique, but " + std::to_string(count->integer(0)) +
                        " stored value(s) occur more than once among live records";
      problem.fix = "merge or correct these records first, or take \"unique\" back";
      problems_.add(std::move(problem));
    }
  }

  // A column of the table; of an address without a key yet, the key that it will have; "" = it isn't there.
  std::string present_value(const std::string& table_name, const std::string& name,
                            const std::map<std::string, std::string>& there) const {
    if (there.count(name) != 0) return quoted(name);
    for (const WantedTable& table : wanted_.tables) {
      for (const WantedColumn& column : table.columns) {
        const bool key = table.name == table_name && column.name == name && !column.key_of.empty();
        if (key && there.count(column.key_of) != 0) return "kith_email_key(" + quoted(column.key_of) + ")";
      }
    }
    return {};
  }

  void plan_table(const WantedTable& table) {
    const auto found = present_.tables.find(table.name);
    if (found == present_.tables.end()) {
      // A derived row has the key of its record's row, and is found by no other.
      std::string sql = "CREATE TABLE " + quoted(table.name) + " (rid INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, ";
      sql += table.derived
                 ? "as_of INTEGER NOT NULL, settled_to INTEGER NOT NULL, epoch INTEGER NOT NULL, next_until INTEGER"
                 : "id BLOB NOT NULL, removed_at INTEGER";
      for (const WantedColumn& column : table.columns) sql += ", " + quoted(column.name) + " " + column.type;
      sql += table.derived ? ") STRICT" : ", UNIQUE (tenant, id)) STRICT";
      add("create table " + table.name, std::move(sql));
      return;
    }
    for (const WantedColumn& column : table.columns) plan_column(table, column, found->second);
  }

  void plan_column(const WantedTable& table, const WantedColumn& column,
                   const std::map<std::string, std::string>& there) {
    const std::string alter = "ALTER TABLE " + quoted(table.name) + " ";
    const auto found = there.find(column.name);
    if (found != there.end() && found->second == column.type) return;
    const bool changes_type = found != there.end();
    std::string old_name;
    if (changes_type) {
      for (int n = 1; there.count(old_name = column.name + "__retired" + std::to_string(n)) != 0; ++n) {
      }
      drop_indexes_on(table.name, column.name);
      add("set aside the " + found->second + " values of " + table.name + "." + column.member,
          alter + "RENAME COLUMN " + quoted(column.name) + " TO " + quoted(old_name));
    }
    add("add column " + column.name + " to " + table.name,
        alter + "ADD COLUMN " + quoted(column.name) + " " + column.type);
    // Derived values are computed anew by their new definition; facts come over.
    if (changes_type && !table.derived) {
      add("bring the values of " + table.name + "." + column.member + " over as " + column.type,
          "UPDATE " + quoted(table.name) + " SET " + quoted(column.name) + " = " + quoted(old_name) + " WHERE " +
              quoted(old_name) + " IS NOT NULL");
    }
  }

  // What tells addresses apart is made where it is missing, and anew where the Unicode data has changed.
  void plan_keys() {
    const bool other_data = meta(connection_, kKeysMeta).value_or("") != unicode_version();
    for (const WantedTable& table : wanted_.tables) {
      const auto there = present_.tables.find(table.name);
      if (there == present_.tables.end()) continue;
      for (const WantedColumn& column : table.columns) {
        const bool made = there->second.count(column.name) != 0;
        if (column.key_of.empty() || there->second.count(column.key_of) == 0 || (made && !other_data)) continue;
        add("make the keys of " + table.name + "." + column.member,
            "UPDATE " + quoted(table.name) + " SET " + quoted(column.name) + " = kith_email_key(" +
                quoted(column.key_of) + ") WHERE " + quoted(column.name) + " IS NOT kith_email_key(" +
                quoted(column.key_of) + ")");
      }
    }
  }

  // Records that are older than a lifecycle, or were made while its bundle was away, begin it now: each has a state at
  // any time. Where a lifecycle need not apply, that is decided record by record, by its own derivation.
  void plan_lifecycles() {
    for (const catalog::Lifecycle& lifecycle : catalog_.lifecycles) {
      const catalog::RecordType& type = catalog_.type(lifecycle.record_type);
      const auto there = present_.tables.find(type.table);
      if (there == present_.tables.end() || !lifecycle.always_applies() || lifecycle.initial.empty()) continue;
      const std::string state = type.members[static_cast<std::size_t>(lifecycle.state_member)].column;
      const std::string since = type.members[static_cast<std::size_t>(lifecycle.since_member)].column;
      const bool known = there->second.count(state) != 0;
      const StatementPtr found = connection_.prepare("SELECT EXISTS (SELECT 1 FROM " + quoted(type.table) +
                                                     (known ? " WHERE " + quoted(state) + " IS NULL)" : ")"));
      found->step();
      if (found->integer(0) == 0) continue;
      plan_.steps.push_back({"begin " + lifecycle.name + " in state " + lifecycle.initial.front() +
                                 " for the records of " + type.name + " that have none",
                             "UPDATE " + quoted(type.table) + " SET " + quoted(state) + " = '" +
                                 lifecycle.initial.front() + "', " + quoted(since) + " = ? WHERE " + quoted(state) +
                                 " IS NULL",
                             true});
    }
  }

  // SQLite would carry an index along to the column's new name.
  void drop_indexes_on(const std::string& table, const std::string& column) {
    for (auto index = present_.indexes.begin(); index != present_.indexes.end();) {
      const std::vector<std::string>& columns = index->second.columns;
      if (index->second.table != table || std::find(columns.begin(), columns.end(), column) == columns.end()) {
        ++index;
        continue;
      }
      add("drop index " + index->first, "DROP INDEX " + quoted(index->first));
      index = present_.indexes.erase(index);
    }
  }

  // An index goes when the catalog knows all of its columns and no longer asks for it. One over columns of a bundle
  // that is not loaded stays until the bundle is back.
  void plan_indexes() {
    std::set<std::string> names;
    for (const WantedIndex& index : wanted_.indexes) names.insert(index.name);
    for (const auto& [name, index] : present_.indexes) {
      if (names.count(name) != 0 || !knows_all_columns(index)) continue;
      add("drop index " + name, "DROP INDEX " + quoted(name));
    }
    for (const WantedIndex& index : wanted_.indexes) {
      const auto present = present_.indexes.find(index.name);
      if (present != present_.indexes.end() && present->second.sql == index.sql()) continue;
      if (present != present_.indexes.end()) add("drop index " + index.name, "DROP INDEX " + quoted(index.name));
      add(std::string("add ") + (index.unique ? "unique " : "") + "index on " + index.what, index.sql());
    }
  }

  bool knows_all_columns(const PresentIndex& index) const {
    const auto table = std::find_if(wanted_.tables.begin(), wanted_.tables.end(),
                                    [&](const WantedTable& t) { return t.name == index.table; });
    if (table == wanted_.tables.end()) return false;
    return std::all_of(index.columns.begin(), index.columns.end(), [&](const std::string& name) {
      return name == "tenant" || name == "id" ||
             std::any_of(table->columns.begin(), table->columns.end(),
                         [&](const WantedColumn& column) { return column.name == name; });
    });
  }

  void note_bundles() {
    std::set<std::string> loaded;
    for (const WantedBundle& bundle : wanted_.bundles) {
      loaded.insert(bundle.id);
      const auto found = present_.bundles.find(bundle.id);
      if (found == present_.bundles.end()) {
        add("note bundle " + bundle.id + " " + bundle.version, "");
      } else if (found->second.state == kOrphaned) {
        add("bundle " + bundle.id + " is back: its stored data belongs to it again", "");
      } else if (found->second.version != bundle.version) {
        add("note bundle " + bundle.id + " " + found->second.version + " -> " + bundle.version, "");
      }
    }
    for (const auto& [id, bundle] : present_.bundles) {
      if (loaded.count(id) == 0 && bundle.state != kOrphaned)
        add("bundle " + id + " is not loaded: keep its stored data as orphaned", "");
    }
  }

  void note_derivations() {
    for (const WantedDerivation& derivation : wanted_.derivations) {
      const auto found = present_.derivations.find({derivation.type, derivation.name});
      if (found == present_.derivations.end() || found->second.fingerprint == derivation.fingerprint) continue;
      add("compute " + derivation.name + " of " + derivation.type + " anew: its definition changed", "");
    }
  }

  Connection& connection_;
  const Wanted& wanted_;
  const catalog::Catalog& catalog_;
  Present present_;
  Problems problems_;
  Plan plan_;
};

}  // namespace

Plan plan_layout(Connection& connection, const catalog::Catalog& catalog) {
  const Wanted wanted = wanted_of(catalog);
  if (meta(connection, "catalog_hash") == wanted.hash) return {};
  return Planner(connection, wanted, catalog).plan();
}

}  // namespace kith::internal::store
