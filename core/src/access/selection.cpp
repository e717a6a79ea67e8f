#include "access/selection.hpp"

#include <optional>

#include "base/problem/error.hpp"
#include "base/text/text.hpp"

namespace kith::internal::access {
namespace {

bool leads_on(const catalog::Member& member) {
  return member.role != catalog::Role::child_set && member.type.kind == Kind::ref && member.type.record_type >= 0;
}

/// Names of members hold dots themselves ("retail.tier"), so every cut is tried, the longest first part first.
std::optional<Selected> try_resolve(const catalog::Catalog& catalog, std::int32_t record_type, std::string_view rest) {
  const catalog::RecordType& type = catalog.type(record_type);
  Selected found;
  found.record_type = record_type;
  if (rest == "id") {
    found.type = expr::Type::of(Kind::ref);
    found.type.record_type = record_type;
    return found;
  }
  if (const auto at = type.by_name.find(rest); at != type.by_name.end()) {
    found.member = at->second;
    found.type = type.members[static_cast<std::size_t>(at->second)].type;
    return found;
  }
  for (std::size_t dot = rest.rfind('.'); dot != std::string_view::npos && dot > 0; dot = rest.rfind('.', dot - 1)) {
    const auto at = type.by_name.find(rest.substr(0, dot));
    if (at == type.by_name.end()) continue;
    const catalog::Member& ref = type.members[static_cast<std::size_t>(at->second)];
    if (!leads_on(ref)) continue;
    if (auto further = try_resolve(catalog, ref.type.record_type, rest.substr(dot + 1))) {
      further->refs.insert(further->refs.begin(), at->second);
      return further;
    }
  }
  return std::nullopt;
}

/// Follows refs as far as they go and lets the catalog complain about the rest, with its suggestion.
[[noreturn]] void complain(const catalog::Catalog& catalog, std::int32_t record_type, std::string_view name) {
  const catalog::RecordType* type = &catalog.type(record_type);
  std::string_view rest = name;
  bool moved = true;
  while (moved) {
    moved = false;
    for (std::size_t dot = rest.rfind('.'); dot != std::string_view::npos && dot > 0; dot = rest.rfind('.', dot - 1)) {
      const auto at = type->by_name.find(rest.substr(0, dot));
      if (at == type->by_name.end()) continue;
      const catalog::Member& ref = type->members[static_cast<std::size_t>(at->second)];
      if (!leads_on(ref)) continue;
      type = &catalog.type(ref.type.record_type);
      rest = rest.substr(dot + 1);
      moved = true;
      break;
    }
  }
  static_cast<void>(catalog.member(*type, rest));
  throw Error(ProblemNumber::unknown_field, "\"" + std::string(name) + "\" is not a field of \"" + type->name + "\"");
}

Error invalid_order(std::string message, std::string fix) {
  return Error(ProblemNumber::query_invalid, std::move(message), std::move(fix));
}

bool can_sort(const Selected& selected) {
  if (selected.member < 0) return selected.refs.empty();
  switch (selected.type.kind) {
    case Kind::boolean:
    case Kind::integer:
    case Kind::real:
    case Kind::text:
    case Kind::date:
    case Kind::timestamp:
    case Kind::duration:
    case Kind::money: return true;
    default: return false;
  }
}

store::Sorting parse_term(const catalog::Catalog& catalog, std::int32_t record_type, std::string_view piece) {
  store::Sorting term;
  std::string_view name = piece;
  if (const std::size_t space = piece.find_last_of(" \t"); space != std::string_view::npos) {
    const std::string word = lower_ascii(piece.substr(space + 1));
    if (word != "asc" && word != "desc") {
      throw invalid_order("\"" + std::string(piece) + "\" is not an order",
                          "write \"name\", \"name asc\" or \"name desc\"");
    }
    term.descending = word == "desc";
    name = trim(piece.substr(0, space));
  }
  if (name.empty())
    throw invalid_order("an order without a name", "write \"name\" or \"name desc\", with commas between");
  Selected by = resolve(catalog, record_type, name);
  if (!can_sort(by)) {
    throw invalid_order("can't sort by \"" + by.name + "\": it is a " + expr::type_name(by.type),
                        "sort by a field with a value of its own, such as the name behind the reference");
  }
  term.by = std::move(by);
  return term;
}

}  // namespace

Selected resolve(const catalog::Catalog& catalog, std::int32_t record_type, std::string_view name) {
  auto found = try_resolve(catalog, record_type, name);
  if (!found) complain(catalog, record_type, name);
  found->name = std::string(name);
  const catalog::Member* member = member_of(catalog, *found);
  if (member != nullptr && member->role == catalog::Role::child_set) {
    throw Error(ProblemNumber::query_invalid, "\"" + found->name + "\" is a set of records, not a value",
                "query \"" + catalog.type(member->type.record_type).name + "\", or name a rollup over the set");
  }
  return std::move(*found);
}

const catalog::Member* member_of(const catalog::Catalog& catalog, const store::Place& place) {
  if (place.member < 0) return nullptr;
  return &catalog.type(place.record_type).members[static_cast<std::size_t>(place.member)];
}

std::vector<store::Sorting> parse_order(const catalog::Catalog& catalog, std::int32_t record_type,
                                        std::string_view text) {
  std::vector<store::Sorting> terms;
  if (trim(text).empty()) return terms;
  for (const std::string& piece : split(text, ',')) terms.push_back(parse_term(catalog, record_type, trim(piece)));
  return terms;
}

}  // namespace kith::internal::access
