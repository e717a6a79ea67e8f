// What plugins that are not loaded have left: counted, and read without a catalog, by the notes about it.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "store/layout/layout.hpp"

namespace kith::internal::store {

/// A field, or what the engine kept with it (a state, a version), that no loaded bundle declares. Derived values are
/// not among them: they can be made anew.
struct OrphanedMember {
  std::string type, name, owner, role, table, column, meaning;
  std::int64_t values = 0;  ///< live records that have one, of all tenants
};
struct OrphanedType {
  std::string name, owner, table;
  std::int64_t records = 0;  ///< live ones, of all tenants
};
/// Records of a loaded bundle's type whose enum has a value that the absent one added.
struct OrphanedValues {
  std::string type, member;
  std::int64_t records = 0;  ///< live ones, of all tenants
};
struct OrphanedBundle {
  std::string id, version;
  std::vector<OrphanedType> types;
  std::vector<OrphanedMember> members;
  std::vector<OrphanedValues> added;
  // What people and systems entered: of fields alone.
  std::int64_t fields() const;
  std::int64_t values() const;  ///< also those that it added to enums of others
};
/// The catalog says which enums others may have added to.
std::vector<OrphanedBundle> orphaned_bundles(Connection& connection, const catalog::Catalog& catalog);

/// The orphaned members of a record type, by its name; also those of a type that is itself orphaned. Not counted.
std::vector<OrphanedMember> orphaned_members(Connection& connection, std::string_view type);
std::vector<std::string> orphaned_types(Connection& connection);

struct OrphanedRow {
  RecordId id;
  std::vector<Value> values;              ///< as the members are; a ref is the text "type/id"
  std::vector<std::string> external_ids;  ///< "@source:key"
};
/// Reads what is kept of one record type.
class OrphanedRows {
 public:
  /// `members` are all of one type, and there is at least one.
  OrphanedRows(Connection& connection, std::vector<OrphanedMember> members, std::int64_t tenant);
  /// Live records after `after` in id order, at most `limit`.
  std::vector<OrphanedRow> after(const RecordId& after, std::int64_t limit);
  /// One record, also where it was removed since a list has shown it; its values are null where there is none.
  OrphanedRow of(const RecordId& id);

 private:
  OrphanedRow row_of(const Statement& row) const;
  std::vector<std::string> external_ids(const RecordId& id) const;
  std::string select() const;  ///< up to where records are told apart

  Connection& connection_;
  std::vector<OrphanedMember> members_;
  std::int64_t tenant_;
  std::map<std::int64_t, std::string> types_;  ///< by lasting number
};

}  // namespace kith::internal::store
