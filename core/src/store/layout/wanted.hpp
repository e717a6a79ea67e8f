// What a database must hold for a catalog: tables, columns, indexes, and the notes about them in the kith_* tables.
#pragma once
#include <string>
#include <vector>

#include "catalog/model/model.hpp"

namespace kith::internal::store {

struct WantedColumn {
  std::string name, type;  ///< unquoted; INTEGER, REAL, TEXT or BLOB
  std::string member;      ///< for people: "retail.tier"
  std::string key_of{};    ///< of an address: the column that holds it
};
struct WantedTable {
  std::string name, record_type;
  bool derived = false;
  std::vector<WantedColumn> columns;  ///< beside rid, tenant, id and removed_at
};
struct WantedIndex {
  std::string name, table;
  std::vector<std::string> columns;  ///< behind the tenant
  bool unique = false;               ///< among live records, each of whose columns has a value
  bool sparse = false;               ///< without records that have no value in one of the columns, with removed ones
  bool of_nulls = false;             ///< over the ids of live records that have no value in the column
  bool derived = false;              ///< over a table of derived rows, which have no id of their own
  std::string what;                  ///< for people: "customer (email)"
  std::string condition() const;     ///< rows that it holds
  std::string sql() const;
};
struct WantedType {
  std::string name, owner, table;
};
struct WantedMember {
  std::string type, name, owner, role, column, meaning;
};
struct WantedDerivation {
  std::string type, name, owner, kind, fingerprint;
};
struct WantedBundle {
  std::string id, version;
};

struct Wanted {
  std::vector<WantedTable> tables;
  std::vector<WantedIndex> indexes;
  std::vector<WantedType> types;
  std::vector<WantedMember> members;
  std::vector<WantedDerivation> derivations;
  std::vector<WantedBundle> bundles;
  std::string hash;  ///< over all of it: equal hashes need no plan
};

Wanted wanted_of(const catalog::Catalog& catalog);
/// The indexes alone.
std::vector<WantedIndex> wanted_indexes(const catalog::Catalog& catalog);

}  // namespace kith::internal::store
