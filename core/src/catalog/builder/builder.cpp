#include "catalog/builder/builder.hpp"

#include <algorithm>
#include <array>

#include "base/problem/limits.hpp"
#include "base/text/text.hpp"
#include "catalog/manifest/shape.hpp"
#include "catalog/model/catalog_names.hpp"

namespace kith::internal::catalog {
namespace {

constexpr std::size_t kLongestPhysicalName = 60;  ///< PostgreSQL cuts at 63; the store adds a suffix

// Columns that every table of facts has beside its members (store), and words of the expression language.
constexpr std::array<std::string_view, 4> kStoreColumns = {"rid", "tenant", "id", "removed_at"};
constexpr std::array<std::string_view, 7> kWords = {"true", "false", "null", "in", "old", "actor", "record"};

template <class List>
bool contains(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

}  // namespace

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::string physical_name(std::string_view name) {
  std::string out;
  for (const char c : name)
    if (c == '.' || c == '#')
      out += "__";
    else
      out += c;
  return out;
}

std::string_view owner_part(std::string_view name) {
  const std::size_t dot = name.find('.');
  return dot == std::string_view::npos ? std::string_view{} : name.substr(0, dot);
}

std::string owner_text(std::string_view owner) { return owner == kCoreBundle ? "the core" : std::string(owner); }

std::string suggest(std::string_view wanted, const std::vector<std::string>& names) {
  const std::string near = did_you_mean(wanted, names);
  if (!near.empty() || names.empty()) return near;
  const std::string ending = "." + std::string(wanted);
  for (const std::string& name : names)
    if (name.ends_with(ending)) return "did you mean " + quoted(name) + "?";
  constexpr std::size_t few = 8;
  return names.size() <= few ? "there is " + join(names, ", ") : std::string();
}

void Builder::report(ProblemNumber number, std::string message, Place where, std::string fix, std::string expected) {
  Problem problem;
  problem.number = number;
  problem.message = std::move(message);
  problem.where = std::move(where);
  problem.fix = std::move(fix);
  problem.expected = std::move(expected);
  problems.add(std::move(problem));
}

bool Builder::claim(const std::string& what, const std::string& name, const std::string& owner, const Place& place) {
  const auto [found, added] = claims_.try_emplace(what + " " + name, Claim{owner, place});
  if (added) return true;
  const Claim& first = found->second;
  Problem problem;
  problem.number = ProblemNumber::duplicate_name;
  problem.message = "the " + what + " " + quoted(name) + " is declared twice, by " + owner_text(first.owner) +
                    " and by " + owner_text(owner);
  problem.where = place;
  problem.notes.push_back("first  " + first.place.text() + " (" + owner_text(first.owner) + ")");
  problem.fix = "rename one of them";
  problems.add(std::move(problem));
  return false;
}

std::int32_t Builder::add_hidden(Derivation derivation, Kind kind, const Item& item) {
  derivation.number = static_cast<std::int32_t>(catalog.derivations.size());
  Member member;
  member.name = derivation.name;
  member.owner = derivation.owner;
  member.label = derivation.label;
  member.role = Role::derived;
  member.type = expr::Type::of(kind);
  member.column = physical_name(derivation.name);
  member.derivation = derivation.number;
  member.place = derivation.place;
  derivation.member = add_member(derivation.record_type, std::move(member));
  if (derivation.member < 0) return -1;
  const std::int32_t number = derivation.number;
  derivations.push_back({number, item});
  catalog.derivations.push_back(std::move(derivation));
  return number;
}

std::int32_t Builder::add_member(std::int32_t record_type, Member member) {
  RecordType& type = catalog.record_types[static_cast<std::size_t>(record_type)];
  const auto refuse = [&](ProblemNumber number, std::string message, std::string fix) {
    report(number, std::move(message), member.place, std::move(fix));
    return -1;
  };
  if (contains(kStoreColumns, member.name))
    return refuse(ProblemNumber::bad_name, quoted(member.name) + " is kept by kith for itself in every record type",
                  "choose another name");
  if (contains(kWords, member.name))
    return refuse(ProblemNumber::bad_name, quoted(member.name) + " is a word of the expression language",
                  "choose another name");
  if (!claim("member of " + type.name, member.name, member.owner, member.place)) return -1;
  // In `sales.x` the name before the dot is a reference or a bundle, never both.
  for (const Member& other : type.members) {
    const bool hides = owner_part(other.name) == member.name || owner_part(member.name) == other.name;
    if (!hides) continue;
    const Member& bare = owner_part(member.name).empty() ? member : other;
    const Member& dotted = &bare == &other ? member : other;
    Problem problem;
    problem.number = ProblemNumber::duplicate_name;
    problem.message = "on " + type.name + ", " + quoted(bare.name) + " of " + owner_text(bare.owner) + " hides " +
                      quoted(dotted.name) + " of " + owner_text(dotted.owner);
    problem.where = member.place;
    problem.notes.push_back("first  " + other.place.text() + " (" + owner_text(other.owner) + ")");
    problem.fix = "rename " + quoted(bare.name);
    problems.add(std::move(problem));
    return -1;
  }
  if (!member.column.empty()) {
    if (type.table.size() + 2 > kLongestPhysicalName || member.column.size() > kLongestPhysicalName)
      return refuse(ProblemNumber::too_large,
                    quoted(member.name) + " is too long: its column would be " + quoted(member.column),
                    "names in the database have at most 60 letters");
    if (!claim("column of " + type.name, member.column, member.owner, member.place)) return -1;
  }
  if (type.members.size() >= most_of(Limit::type_members)) {
    // Said once for a type: the others are there for the same reason.
    if (!full_.insert(record_type).second) return -1;
    Problem problem = limit_problem(Limit::type_members, "more", " " + quoted(type.name));
    problem.where = member.place;
    problems.add(std::move(problem));
    return -1;
  }
  const auto index = static_cast<std::int32_t>(type.members.size());
  type.by_name.emplace(member.name, index);
  type.members.push_back(std::move(member));
  return index;
}

std::int32_t Builder::record_type(const Item& item, std::string_view key) {
  const std::string name = item.text(key);
  return name.empty() ? -1 : record_type(item, name, item.place(key));
}

std::int32_t Builder::record_type(const Item& item, const std::string& name, const Place& place) {
  const RecordType* type = catalog.find_type(name);
  if (!type) {
    std::vector<std::string> names;
    for (const RecordType& known : catalog.record_types) names.push_back(known.name);
    const std::string own = item.source->qualified(name);
    report(ProblemNumber::unknown_reference, "there is no record type " + quoted(name), place,
           catalog.find_type(own) ? "did you mean " + quoted(own) + "?" : suggest(name, names));
    return -1;
  }
  if (!item.may_use(type->owner)) {
    report(ProblemNumber::unknown_reference,
           item.source->id() + " uses " + quoted(name) + " but does not require " + quoted(type->owner), place,
           "add " + quoted(type->owner) +
               " to \"requires\": {\"plugins\": ...}; or to \"optional\" with \"needs\" on this item");
    return -1;
  }
  return type->number;
}

std::int32_t Builder::member(std::int32_t record_type, const std::string& name, const Place& place) {
  if (record_type < 0) return -1;
  const RecordType& type = catalog.type(record_type);
  const auto found = type.by_name.find(name);
  if (found != type.by_name.end()) return found->second;
  report(ProblemNumber::unknown_reference, "there is no field " + quoted(name) + " on " + type.name, place,
         suggest(name, catalog.names().member_names(record_type)));
  return -1;
}

std::string Builder::member_name(const Source& source, std::int32_t record_type, std::string_view name) const {
  const bool own = catalog.type(record_type).owner == source.id();
  return own ? std::string(name) : source.qualified(name);
}

}  // namespace kith::internal::catalog
