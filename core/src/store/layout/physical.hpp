// Physical names and types: how a catalog's names and kinds are written in SQL of SQLite.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/model/model.hpp"

namespace kith::internal::store {

std::string quoted(std::string_view identifier);  ///< "a""b"
// Of a std::string std::quoted would fit better, where a header has brought it in.
inline std::string quoted(const std::string& identifier) { return quoted(std::string_view(identifier)); }
inline std::string quoted(std::string& identifier) { return quoted(std::string_view(identifier)); }
inline std::string quoted(const char* identifier) { return quoted(std::string_view(identifier)); }

/// The column type in a STRICT table: INTEGER, REAL, TEXT or BLOB.
const char* column_type(Kind kind);
/// What a stored value means, kept beside it so that a later change of meaning is noticed: "int", "enum",
/// "money EUR 2", "ref customer", "ref any", "json", "json of text".
std::string meaning_of(const expr::Type& type, const catalog::Catalog& catalog);
/// True when values stored as `before` can be read as `after` without loss and without touching the column.
bool reads_alike(std::string_view before, std::string_view after);

inline bool is_any_ref(const expr::Type& type) { return type.kind == Kind::ref && type.record_type < 0; }
/// An address: beside it lies what tells it apart from others (base/text: email_key), by which it is looked for.
inline bool has_key_column(const catalog::Member& member) { return has_key(member.type.form); }
inline std::string key_column_name(const catalog::Member& member) { return member.column + "__key"; }
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
