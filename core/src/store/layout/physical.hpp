// Physical names and types: how a catalog's names and kinds are written in SQL of SQLite.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/model/model.hpp"

namespace kith::internal::store {

std::string quoted(std::string_view identifier);  ///< "a""b"

/// The column type in a STRICT table: INTEGER, REAL, TEXT or BLOB.
const char* column_type(Kind kind);
/// What a stored value means, kept beside it so that a later change of meaning is noticed: "int", "enum",
/// "money EUR 2", "ref customer", "ref any", "json", "json of text".
std::string meaning_of(const expr::Type& type, const catalog::Catalog& catalog);
/// True when values stored as `before` can be read as `after` without loss and without touching the column.
bool reads_alike(std::string_view before, std::string_view after);

inline bool is_any_ref(const expr::Type& type) { return type.kind == Kind::ref && type.record_type < 0; }
inline bool is_stored_fact(const catalog::Member& member) {
  return member.role == catalog::Role::field || member.role == catalog::Role::system;
}

/// The columns of one derivation in its record type's derived table, unquoted.
struct DerivedNames {
  std::string value, band;  ///< band: "" when it has none
  std::string until;
  expr::Type type;  ///< of the value
};
DerivedNames derived_names(const catalog::Catalog& catalog, const catalog::Derivation& derivation);

std::string derived_table_name(const catalog::RecordType& type);  ///< unquoted
/// "(?, ?, ?)"
std::string placeholders(std::size_t count);

}  // namespace kith::internal::store
