#include "store/layout/physical.hpp"

#include <algorithm>

namespace kith::internal::store {

std::string quoted(std::string_view identifier) {
  std::string out = "\"";
  for (const char c : identifier) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  out.push_back('"');
  return out;
}

const char* column_type(Kind kind) {
  switch (kind) {
    case Kind::real: return "REAL";
    case Kind::text:
    case Kind::json: return "TEXT";
    case Kind::ref: return "BLOB";
    case Kind::null:
    case Kind::boolean:
    case Kind::integer:
    case Kind::date:
    case Kind::timestamp:
    case Kind::duration:
    case Kind::money:
    case Kind::unknown: break;
  }
  return "INTEGER";
}

std::string meaning_of(const expr::Type& type, const catalog::Catalog& catalog) {
  switch (type.kind) {
    case Kind::text: return type.values == nullptr ? "text" : "enum";
    case Kind::money: return "money " + type.currency.text() + " " + std::to_string(type.currency.scale);
    case Kind::ref: return "ref " + (type.record_type < 0 ? std::string("any") : catalog.type(type.record_type).name);
    case Kind::json:
      return type.element == Kind::null ? std::string("json") : std::string("json of ") + kind_name(type.element);
    default: return kind_name(type.kind);
  }
}

bool reads_alike(std::string_view before, std::string_view after) {
  if (before == after) return true;
  if (before == "enum" && after == "text") return true;
  return before.substr(0, 4) == "json" && after == "json";
}

DerivedNames derived_names(const catalog::Catalog& catalog, const catalog::Derivation& derivation) {
  DerivedNames out;
  const catalog::RecordType& type = catalog.type(derivation.record_type);
  if (derivation.member >= 0) {
    const catalog::Member& member = type.members[static_cast<std::size_t>(derivation.member)];
    out.value = member.column;
    out.type = member.type;
  } else {
    // A hidden one, such as a trigger "retail.win_back#trigger". The '#' keeps it apart from every member's column.
    for (const char c : derivation.name) out.value.append(c == '.' ? "__" : std::string(1, c));
    if (out.value.find('#') == std::string::npos) out.value.append("#");
    out.type = derivation.program == nullptr ? expr::Type::of(Kind::boolean) : derivation.program->type;
  }
  if (derivation.band_member >= 0) out.band = type.members[static_cast<std::size_t>(derivation.band_member)].column;
  out.until = out.value + "__until";
  return out;
}

std::string derived_table_name(const catalog::RecordType& type) { return type.table + "__d"; }

std::string placeholders(std::size_t count) {
  std::string out = "(";
  for (std::size_t i = 0; i < count; ++i) out.append(i == 0 ? "?" : ", ?");
  return out + ")";
}

}  // namespace kith::internal::store
