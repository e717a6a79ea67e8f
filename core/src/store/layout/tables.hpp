// The SQL of each record type and derivation, made once per Layout: reading a record builds no text.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "store/layout/indexes.hpp"
#include "store/layout/physical.hpp"

namespace kith::internal::store {

/// Where a stored member lies. A ref to "any" has a second column right behind the first.
struct MemberColumn {
  std::int32_t member = -1;
  expr::Type type;
  std::string column, type_column;  ///< quoted; type_column only for a ref to "any"
  int position = 0;                 ///< of `column` in select_list
};

/// Statements over the children that one ref names. Binds: tenant, parent.
struct ChildSql {
  std::string rows, live_ids, all_ids;
};

struct RecordSql {
  std::string facts, derived;  ///< quoted table names
  std::vector<MemberColumn> columns;
  std::vector<std::int32_t> slots;  ///< by member: position in `columns`, -1 when it isn't there
  std::vector<std::string> quoted;  ///< by member: quoted column, "" for sets; derived members too
  std::string load;                 ///< id, removed_at, members. Binds: tenant, id
  std::string load_live;            ///< likewise, of records that are not removed
  std::string is_live;              ///< Binds: tenant, id
  std::string insert;               ///< Binds: tenant, id, removed_at, members
  std::string remove;               ///< Binds: at, tenant, id
  /// values stay, but are neither due nor current. Binds: tenant, id. "" without derivations
  std::string retire_derived;
  std::string ids_after, count;               ///< Binds: tenant, id, limit; tenant
  std::map<std::int32_t, ChildSql> children;  ///< by ref member
};

struct DerivationSql {
  std::int32_t record_type = -1;
  expr::Type type;
  bool has_band = false;
  std::string value, band, as_of, until, fingerprint;  ///< quoted columns
  std::string load;                                    ///< value, as_of, until, fingerprint, band. Binds: tenant, id
  std::string store;                                   ///< Binds: tenant, id, value, as_of, until, fingerprint, band
  std::string lower_until;                             ///< Binds: until, tenant, id, until
  std::string due;                                     ///< Binds: tenant, now, limit
  std::string next_due;                                ///< Binds: tenant
  std::string missing;                                 ///< Binds: tenant, after, fingerprint, limit
};

struct Tables {
  explicit Tables(const catalog::Catalog& catalog);
  std::vector<RecordSql> records;                ///< by record type
  std::vector<DerivationSql> derivations;        ///< by derivation
  std::vector<std::vector<IndexFacts>> indexes;  ///< by record type
  const RecordSql& record(std::int32_t type) const { return records[static_cast<std::size_t>(type)]; }
  const DerivationSql& derivation(std::int32_t number) const { return derivations[static_cast<std::size_t>(number)]; }
};

/// The valid_until that never comes, as SQL writes it: partial indexes need the literal.
std::string forever_literal();

}  // namespace kith::internal::store
