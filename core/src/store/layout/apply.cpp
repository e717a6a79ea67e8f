// Applies a plan, then notes what the catalog declares under lasting numbers.
#include <map>
#include <set>

#include "base/problem/error.hpp"
#include "store/layout/layout.hpp"
#include "store/layout/present.hpp"
#include "store/layout/wanted.hpp"

namespace kith::internal::store {
namespace {

// What a bundle that is there no longer declares is retired; what an absent bundle declared is orphaned.
class Notes {
 public:
  Notes(Connection& connection, const Wanted& wanted, std::int64_t now_us)
      : connection_(connection), wanted_(wanted), now_us_(now_us) {
    read_notes(connection, present_);
    for (const WantedBundle& bundle : wanted.bundles) loaded_.insert(bundle.id);
  }

  void write() {
    write_bundles();
    write_types();
    write_members();
    write_derivations();
  }

 private:
  const char* state_without_declaration(const std::string& owner) const {
    return loaded_.count(owner) != 0 ? kRetired : kOrphaned;
  }

  void write_bundles() {
    const StatementPtr upsert = connection_.prepare(
        "INSERT INTO kith_bundle (id, version, state, changed_us) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
        "version = excluded.version, state = excluded.state, changed_us = excluded.changed_us");
    const auto put = [&](const std::string& id, const std::string& version, const char* state) {
      const auto before = present_.bundles.find(id);
      if (before != present_.bundles.end() && before->second.version == version && before->second.state == state)
        return;
      upsert->bind(0, std::string_view(id));
      upsert->bind(1, std::string_view(version));
      upsert->bind(2, std::string_view(state));
      upsert->bind(3, now_us_);
      upsert->step();
      upsert->reset();
    };
    for (const WantedBundle& bundle : wanted_.bundles) put(bundle.id, bundle.version, kLoaded);
    for (const auto& [id, bundle] : present_.bundles) {
      if (loaded_.count(id) == 0) put(id, bundle.version, kOrphaned);
    }
  }

  void write_types() {
    const StatementPtr upsert = connection_.prepare(
        "INSERT INTO kith_type (name, owner, table_name, state) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET "
        "owner = excluded.owner, table_name = excluded.table_name, state = excluded.state RETURNING number");
    const auto put = [&](const std::string& name, const std::string& owner, const std::string& table,
                         const char* state) {
      upsert->bind(0, std::string_view(name));
      upsert->bind(1, std::string_view(owner));
      upsert->bind(2, std::string_view(table));
      upsert->bind(3, std::string_view(state));
      upsert->step();
      numbers_[name] = upsert->integer(0);
      upsert->reset();
    };
    for (const WantedType& type : wanted_.types) put(type.name, type.owner, type.table, kLoaded);
    for (const auto& [name, type] : present_.types) {
      if (numbers_.count(name) == 0) put(name, type.owner, type.table, state_without_declaration(type.owner));
    }
  }

  void write_members() {
    const StatementPtr upsert = connection_.prepare(
        "INSERT INTO kith_member (type, name, owner, role, column_name, meaning, state) VALUES (?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (type, name) DO UPDATE SET owner = excluded.owner, role = excluded.role, column_name = "
        "excluded.column_name, "
        "meaning = excluded.meaning, state = excluded.state");
    const auto put = [&](const TypeAndName& key, const PresentMember& member) {
      upsert->bind(0, numbers_.at(key.first));
      upsert->bind(1, std::string_view(key.second));
      upsert->bind(2, std::string_view(member.owner));
      upsert->bind(3, std::string_view(member.role));
      upsert->bind(4, std::string_view(member.column));
      upsert->bind(5, std::string_view(member.meaning));
      upsert->bind(6, std::string_view(member.state));
      upsert->step();
      upsert->reset();
    };
    std::set<TypeAndName> declared;
    for (const WantedMember& member : wanted_.members) {
      declared.insert({member.type, member.name});
      put({member.type, member.name}, {member.owner, member.role, member.column, member.meaning, kLoaded});
    }
    for (auto [key, member] : present_.members) {
      if (declared.count(key) != 0) continue;
      member.state = state_without_declaration(member.owner);
      put(key, member);
    }
  }

  void write_derivations() {
    const StatementPtr upsert = connection_.prepare(
        "INSERT INTO kith_derivation (type, name, owner, kind, fingerprint, fingerprint_number, state) VALUES (?, ?, "
        "?, ?, ?, 1, ?) "
        "ON CONFLICT (type, name) DO UPDATE SET owner = excluded.owner, kind = excluded.kind, state = excluded.state, "
        "fingerprint_number = fingerprint_number + (fingerprint IS NOT excluded.fingerprint), fingerprint = "
        "excluded.fingerprint");
    std::set<TypeAndName> declared;
    for (const WantedDerivation& derivation : wanted_.derivations) {
      declared.insert({derivation.type, derivation.name});
      upsert->bind(0, numbers_.at(derivation.type));
      upsert->bind(1, std::string_view(derivation.name));
      upsert->bind(2, std::string_view(derivation.owner));
      upsert->bind(3, std::string_view(derivation.kind));
      upsert->bind(4, std::string_view(derivation.fingerprint));
      upsert->bind(5, std::string_view(kLoaded));
      upsert->step();
      upsert->reset();
    }
    const StatementPtr set_state = connection_.prepare("UPDATE kith_derivation SET state = ? WHERE number = ?");
    for (const auto& [key, derivation] : present_.derivations) {
      if (declared.count(key) != 0) continue;
      set_state->bind(0, std::string_view(state_without_declaration(derivation.owner)));
      set_state->bind(1, derivation.number);
      set_state->step();
      set_state->reset();
    }
  }

  Connection& connection_;
  const Wanted& wanted_;
  const std::int64_t now_us_;
  Present present_;
  std::set<std::string> loaded_;
  std::map<std::string, std::int64_t> numbers_;  ///< of types, by name
};

void apply_inside_transaction(Connection& connection, const Wanted& wanted, const Plan& plan, std::int64_t now_us) {
  for (const PlanStep& step : plan.steps) {
    if (step.binds_now) {
      const StatementPtr statement = connection.prepare(step.sql);
      statement->bind(0, now_us);
      statement->step();
    } else if (!step.sql.empty()) {
      connection.execute(step.sql);
    }
  }
  Notes(connection, wanted, now_us).write();
  if (!meta(connection, "created_us")) set_meta(connection, "created_us", std::to_string(now_us));
  const std::int64_t generation = std::stoll(meta(connection, "catalog_generation").value_or("0"));
  set_meta(connection, "catalog_generation", std::to_string(generation + 1));
  set_meta(connection, "catalog_hash", wanted.hash);
}

}  // namespace

LastingNumbers apply_layout(Connection& connection, const catalog::Catalog& catalog, const Plan& plan,
                            std::int64_t now_us) {
  const Wanted wanted = wanted_of(catalog);
  if (connection.in_transaction()) {
    if (!plan.empty()) apply_inside_transaction(connection, wanted, plan, now_us);
    return read_numbers(connection, catalog);
  }
  connection.begin(true);
  try {
    if (!plan.empty()) apply_inside_transaction(connection, wanted, plan, now_us);
    LastingNumbers numbers = read_numbers(connection, catalog);
    connection.commit();
    return numbers;
  } catch (...) {
    connection.rollback();
    throw;
  }
}

LastingNumbers read_numbers(Connection& connection, const catalog::Catalog& catalog) {
  const Wanted wanted = wanted_of(catalog);
  if (meta(connection, "catalog_hash") != wanted.hash) {
    throw Error(ProblemNumber::migration_needed, "the database does not fit the loaded bundles yet",
                "let a core that may write bring it up to date, then open it again");
  }
  Present present;
  read_notes(connection, present);
  LastingNumbers numbers;
  for (const catalog::RecordType& type : catalog.record_types) {
    const std::int64_t number = present.types.at(type.name).number;
    numbers.record_type.push_back(number);
    numbers.type_back[number] = type.number;
  }
  for (std::size_t i = 0; i < wanted.derivations.size(); ++i) {
    const PresentDerivation& derivation =
        present.derivations.at({wanted.derivations[i].type, wanted.derivations[i].name});
    numbers.derivation.push_back(derivation.number);
    numbers.fingerprint.push_back(derivation.fingerprint_number);
    numbers.derivation_back[derivation.number] = static_cast<std::int32_t>(i);
  }
  return numbers;
}

std::vector<Orphan> orphans(Connection& connection) {
  std::vector<Orphan> out;
  const StatementPtr found = connection.prepare(
      "SELECT b.id, b.version, (SELECT count(*) FROM kith_member AS m WHERE m.owner = b.id AND m.role IN ('field', "
      "'system')), "
      "(SELECT count(*) FROM kith_type AS t WHERE t.owner = b.id) FROM kith_bundle AS b WHERE b.state = 'orphaned' "
      "ORDER BY b.id");
  while (found->step())
    out.push_back({std::string(found->text(0)), std::string(found->text(1)), found->integer(2), found->integer(3)});
  return out;
}

}  // namespace kith::internal::store
