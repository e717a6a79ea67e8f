// How a catalog lies in tables: names of tables and columns, lasting numbers, and the plan that brings a database to
// it.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catalog/model/model.hpp"
#include "expr/sql/lower.hpp"
#include "store/connection/connection.hpp"

namespace kith::internal::store {

/// A member that the database has seen: of this catalog, or as it was declared when its bundle was last loaded.
struct LastingMember {
  std::int32_t type = -1, member = -1;  ///< in the catalog; -1 = not loaded, or no longer declared
  std::string name, owner, meaning;     ///< meaning: as physical.hpp writes it
};

/// Numbers that stay the same for the life of a database; used in stored rows instead of names.
struct LastingNumbers {
  std::vector<std::int64_t> record_type;          ///< by the catalog's record type number
  std::vector<std::vector<std::int64_t>> member;  ///< by type and member; unique within the type; 0 = a set
  std::vector<std::int64_t> derivation;           ///< by the catalog's derivation number
  /// By the catalog's derivation number: the catalog generation in which its present definition came, and when. It also
  /// moves when what it reads was defined anew, and when its bundle had been away.
  std::vector<std::int64_t> epoch, epoch_us;
  std::vector<std::int64_t> type_epoch;  ///< by record type: the latest of its derivations
  std::int64_t generation = 0;           ///< the catalog's: what a record that is settled whole now is settled to
  std::int32_t type_of(std::int64_t lasting) const;  ///< back to the catalog's; -1 = orphaned
  std::int32_t derivation_of(std::int64_t lasting) const;
  /// Throws storage_corrupt when the database never had it.
  const LastingMember& member_of(std::int64_t lasting_type, std::int64_t lasting_member) const;
  std::map<std::int64_t, std::int32_t> type_back, derivation_back;
  std::map<std::pair<std::int64_t, std::int64_t>, LastingMember> member_back;  ///< by the type's number and its own
};

struct PlanStep {
  std::string what;  ///< for people: "add column retail__tier to customer"
  std::string sql;
  bool binds_now = false;  ///< its one placeholder is the instant at which it is applied
};
struct Plan {
  std::vector<PlanStep> steps;
  bool empty() const { return steps.empty(); }
};

/// A bundle whose data is there without the bundle.
struct Orphan {
  std::string bundle, version;
  std::int64_t fields = 0, types = 0;
};

struct Tables;  // store/layout/tables.hpp: the SQL of each record type and derivation, made once

class Layout : public expr::SqlSchema {
 public:
  /// `numbers` may be empty for a layout that only plans.
  Layout(catalog::CatalogPtr catalog, LastingNumbers numbers);
  const catalog::Catalog& catalog() const { return *catalog_; }
  const LastingNumbers& numbers() const { return numbers_; }

  // expr::SqlSchema; the record type's tables have: rid INTEGER PRIMARY KEY, tenant INTEGER, id BLOB, removed_at, then
  // members. A ref to a fixed type is one BLOB column; a ref to "any" is two: <column> (BLOB) and <column>__type
  // (INTEGER, lasting).
  std::string facts_table(std::int32_t record_type) const override;
  std::string derived_table(std::int32_t record_type) const override;
  std::string column(std::int32_t record_type, std::int32_t member) const override;
  std::string key_column(std::int32_t record_type, std::int32_t member) const override;
  std::string live_condition(std::int32_t record_type, std::string_view alias) const override;
  std::string derived_join(std::string_view facts, std::string_view derived) const override;  ///< by rid
  /// Edges hold on [from_on, to_on), days in the tenant's zone.
  expr::Sql related(const expr::Hop& set, const expr::Sql& owner, std::int64_t tenant, std::int64_t now) const override;

  /// The lasting number under which a record type or derivation is stored; 0 for -1, "none".
  std::int64_t lasting_type(std::int32_t record_type) const;
  std::int64_t lasting_derivation(std::int32_t derivation) const;
  std::int64_t lasting_member(std::int32_t record_type, std::int32_t member) const;
  const Tables& tables() const { return *tables_; }

 private:
  catalog::CatalogPtr catalog_;
  LastingNumbers numbers_;
  std::shared_ptr<const Tables> tables_;
};

/// What is missing in the database for this catalog. Reads only. Throws lossy_change or newer_catalog, which say what
/// and how.
Plan plan_layout(Connection& connection, const catalog::Catalog& catalog);
/// Applies the plan step by step, restartable; then notes types, members, derivations and bundles in the kith_* tables
/// and returns the lasting numbers. Rows of derivations whose fingerprint changed count as stale by themselves.
LastingNumbers apply_layout(Connection& connection, const catalog::Catalog& catalog, const Plan& plan,
                            std::int64_t now_us);
/// The numbers of a database that needs no plan.
LastingNumbers read_numbers(Connection& connection, const catalog::Catalog& catalog);
std::vector<Orphan> orphans(Connection& connection);
/// Number of the tenant, made when `create`; -1 when not there.
std::int64_t tenant_number(Connection& connection, std::string_view name, bool create);
std::vector<std::string> tenant_names(Connection& connection);
/// The Unicode data that made the keys of addresses.
inline constexpr std::string_view kKeysMeta = "address_keys";
/// Facts about the database itself, by key; nullopt when there is none. Keys of the store: "format", "created_us",
/// "catalog_hash", "catalog_generation" (grows by one with each apply_layout).
std::optional<std::string> meta(Connection& connection, std::string_view key);
void set_meta(Connection& connection, std::string_view key, std::string_view value);

}  // namespace kith::internal::store
