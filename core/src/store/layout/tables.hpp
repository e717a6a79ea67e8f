// The SQL of each record type and derivation, made once per Layout: reading a record builds no text.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "store/layout/indexes.hpp"
#include "store/layout/physical.hpp"

namespace kith::internal::store {

/// Where a stored member lies. A ref to "any" has a second column right behind the first; an address has one, which is
/// written and never read.
struct MemberColumn {
  std::int32_t member = -1;
  expr::Type type;
  std::string column, type_column;  ///< quoted; type_column only for a ref to "any"
  int position = 0;                 ///< of `column` in select_list
  std::string key_column;           ///< quoted; of an address
  const std::string& found_by() const { return key_column.empty() ? column : key_column; }
};

/// Statements over the children that one ref names. Binds: tenant, parent.
struct ChildSql {
  std::string rows, live_ids, all_ids;
  std::string more_than;  ///< a row where there are more. Binds: tenant, parent, how many
};

/// Where the value of one derivation lies in its type's derived row.
struct DerivedColumn {
  expr::Type type;
  bool has_band = false;
};

struct RecordSql {
  std::string facts, derived;  ///< quoted table names
  std::vector<MemberColumn> columns;
  std::vector<std::int32_t> slots;            ///< by member: position in `columns`, -1 when it isn't there
  std::vector<std::string> keys;              ///< by member: the column by which it is told apart, mostly its own
  std::vector<std::string> quoted;            ///< by member: quoted column, "" for sets; derived members too
  std::string load;                           ///< id, removed_at, rid, members. Binds: tenant, id
  std::string load_live;                      ///< likewise, of records that are not removed
  std::string is_live, rid;                   ///< Binds: tenant, id
  std::string insert;                         ///< Binds: tenant, id, removed_at, members
  std::string remove;                         ///< Binds: at, tenant, id
  std::string any;                            ///< a row where there is a record, removed or not. Binds: tenant
  std::string ids_after, count;               ///< Binds: tenant, id, limit; tenant
  std::string count_after;                    ///< Binds: tenant, id
  std::map<std::int32_t, ChildSql> children;  ///< by ref member

  // The derived row: as_of, settled_to, epoch, next_until, then for each derivation value, until and band.
  std::vector<DerivedColumn> derived_slots;  ///< of the type's derivations, in the catalog's order
  std::string load_derived;                  ///< as_of, settled_to, epoch, then value, until, band of each. Binds: rid
  std::string insert_derived;                ///< Binds: rid, tenant, the row
  std::string update_derived;                ///< Binds: the row, rid
  std::string remove_derived;                ///< Binds: rid
  std::string due, next_due, count_due;      ///< Binds: tenant, now, limit; tenant, forever; tenant, now
  std::string behind;                        ///< Binds: tenant, after, epoch, limit
};

struct Tables {
  explicit Tables(const catalog::Catalog& catalog);
  std::vector<RecordSql> records;                ///< by record type
  std::vector<std::vector<IndexFacts>> indexes;  ///< by record type
  const RecordSql& record(std::int32_t type) const { return records[static_cast<std::size_t>(type)]; }
};

}  // namespace kith::internal::store
