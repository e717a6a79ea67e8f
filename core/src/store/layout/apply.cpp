// Applies a plan, then notes what the catalog declares under lasting numbers.
#include <algorithm>
#include <map>
#include <set>

#include "base/problem/error.hpp"
#include "base/text/text.hpp"
#include "store/layout/layout.hpp"
#include "store/layout/present.hpp"
#include "store/layout/wanted.hpp"

namespace kith::internal::store {
namespace {

// What a bundle that is there no longer declares is retired; what an absent bundle declared is orphaned.
class Notes {
 public:
  Notes(Connection& connection, const Wanted& wanted, const catalog::Catalog& catalog, std::int64_t generation,
        std::int64_t now_us)
      : connection_(connection), wanted_(wanted), catalog_(catalog), generation_(generation), now_us_(now_us) {
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
        "INSERT INTO kith_member (type, name, owner, role, column_name, meaning, state, number) VALUES (?, ?, ?, ?, ?, "
        "?, ?, ?) "
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
      upsert->bind(7, member.number);
      upsert->step();
      upsert->reset();
    };
    std::map<std::string, std::int64_t> last;  ///< number of each type
    for (const auto& [key, member] : present_.members) last[key.first] = std::max(last[key.first], member.number);
    const auto number_of = [&](const TypeAndName& key) {
      const auto before = present_.members.find(key);
      return before == present_.members.end() ? ++last[key.first] : before->second.number;
    };
    std::set<TypeAndName> declared;
    for (const WantedMember& member : wanted_.members) {
      declared.insert({member.type, member.name});
      put({member.type, member.name},
          {member.owner, member.role, member.column, member.meaning, kLoaded, number_of({member.type, member.name})});
    }
    for (auto [key, member] : present_.members) {
      if (declared.count(key) != 0) continue;
      member.state = state_without_declaration(member.owner);
      put(key, member);
    }
  }

  /// Derivations whose stored values mean something else now, or were not kept while their bundle was away; and what
  /// reads them, at any distance.
  std::vector<bool> defined_anew() const {
    std::vector<bool> anew(catalog_.derivations.size(), false);
    for (const catalog::Derivation& derivation : catalog_.derivations) {
      const auto at = static_cast<std::size_t>(derivation.number);
      const WantedDerivation& wanted = wanted_.derivations[at];
      const auto before = present_.derivations.find({wanted.type, wanted.name});
      anew[at] = before == present_.derivations.end() || before->second.fingerprint != wanted.fingerprint ||
                 before->second.state != kLoaded;
      for (const expr::Read& read : derivation.reads) {
        if (read.member < 0) continue;
        const catalog::Member& member = catalog_.type(read.record_type).members[static_cast<std::size_t>(read.member)];
        if (member.role == catalog::Role::derived && anew[static_cast<std::size_t>(member.derivation)]) anew[at] = true;
      }
    }
    return anew;
  }

  void write_derivations() {
    const StatementPtr upsert = connection_.prepare(
        "INSERT INTO kith_derivation (type, name, owner, kind, fingerprint, epoch, epoch_us, state) VALUES (?, ?, "
        "?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (type, name) DO UPDATE SET owner = excluded.owner, kind = excluded.kind, state = excluded.state, "
        "epoch = excluded.epoch, epoch_us = excluded.epoch_us, fingerprint = excluded.fingerprint");
    std::set<TypeAndName> declared;
    const std::vector<bool> anew = defined_anew();
    for (std::size_t i = 0; i < wanted_.derivations.size(); ++i) {
      const WantedDerivation& derivation = wanted_.derivations[i];
      declared.insert({derivation.type, derivation.name});
      const auto before = present_.derivations.find({derivation.type, derivation.name});
      upsert->bind(0, numbers_.at(derivation.type));
      upsert->bind(1, std::string_view(derivation.name));
      upsert->bind(2, std::string_view(derivation.owner));
      upsert->bind(3, std::string_view(derivation.kind));
      upsert->bind(4, std::string_view(derivation.fingerprint));
      upsert->bind(5, anew[i] ? generation_ : before->second.epoch);
      upsert->bind(6, anew[i] ? now_us_ : before->second.epoch_us);
      upsert->bind(7, std::string_view(kLoaded));
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
  const catalog::Catalog& catalog_;
  const std::int64_t generation_, now_us_;
  Present present_;
  std::set<std::string> loaded_;
  std::map<std::string, std::int64_t> numbers_;  ///< of types, by name
};

void apply_inside_transaction(Connection& connection, const Wanted& wanted, const catalog::Catalog& catalog,
                              const Plan& plan, std::int64_t now_us) {
  for (const PlanStep& step : plan.steps) {
    if (step.binds_now) {
      const StatementPtr statement = connection.prepare(step.sql);
      statement->bind(0, now_us);
      statement->step();
    } else if (!step.sql.empty()) {
      connection.execute(step.sql);
    }
  }
  const std::int64_t generation = std::stoll(meta(connection, "catalog_generation").value_or("0")) + 1;
  Notes(connection, wanted, catalog, generation, now_us).write();
  if (!meta(connection, "created_us")) set_meta(connection, "created_us", std::to_string(now_us));
  set_meta(connection, "catalog_generation", std::to_string(generation));
  set_meta(connection, "catalog_hash", wanted.hash);
  set_meta(connection, kKeysMeta, unicode_version());
}

/// Also of members that no loaded bundle declares: rows of the change log speak of them.
void read_member_numbers(const Present& present, const catalog::Catalog& catalog, LastingNumbers& numbers) {
  for (const auto& [key, member] : present.members) {
    numbers.member_back.emplace(std::pair{present.types.at(key.first).number, member.number},
                                LastingMember{-1, -1, key.second, member.owner, member.meaning});
  }
  for (const catalog::RecordType& type : catalog.record_types) {
    const std::int64_t lasting_type = present.types.at(type.name).number;
    std::vector<std::int64_t>& of_type = numbers.member.emplace_back();
    for (const catalog::Member& member : type.members) {
      const auto found = present.members.find({type.name, member.name});
      of_type.push_back(found == present.members.end() ? 0 : found->second.number);
      if (found == present.members.end()) continue;
      LastingMember& one = numbers.member_back.at({lasting_type, found->second.number});
      one.type = type.number;
      one.member = static_cast<std::int32_t>(&member - type.members.data());
    }
  }
}

}  // namespace

LastingNumbers apply_layout(Connection& connection, const catalog::Catalog& catalog, const Plan& plan,
                            std::int64_t now_us) {
  const Wanted wanted = wanted_of(catalog);
  if (connection.in_transaction()) {
    if (!plan.empty()) apply_inside_transaction(connection, wanted, catalog, plan, now_us);
    return read_numbers(connection, catalog);
  }
  connection.begin(true);
  try {
    if (!plan.empty()) apply_inside_transaction(connection, wanted, catalog, plan, now_us);
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
  numbers.generation = std::stoll(meta(connection, "catalog_generation").value_or("0"));
  numbers.type_epoch.resize(catalog.record_types.size(), 0);
  for (const catalog::RecordType& type : catalog.record_types) {
    const std::int64_t number = present.types.at(type.name).number;
    numbers.record_type.push_back(number);
    numbers.type_back[number] = type.number;
  }
  read_member_numbers(present, catalog, numbers);
  for (std::size_t i = 0; i < wanted.derivations.size(); ++i) {
    const PresentDerivation& derivation =
        present.derivations.at({wanted.derivations[i].type, wanted.derivations[i].name});
    numbers.derivation.push_back(derivation.number);
    numbers.epoch.push_back(derivation.epoch);
    numbers.epoch_us.push_back(derivation.epoch_us);
    std::int64_t& of_type = numbers.type_epoch[static_cast<std::size_t>(catalog.derivations[i].record_type)];
    of_type = std::max(of_type, derivation.epoch);
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
