#include "facts/save/references.hpp"

#include "base/text/text.hpp"
#include "derive/engine.hpp"
#include "facts/read/shown.hpp"
#include "facts/read/timeline.hpp"

namespace kith::internal::facts {

namespace {

struct Named {
  const catalog::RecordType* type = nullptr;
  std::string_view key;
};

/// Splits "type/key" where what stands before the slash is a record type; a key may hold slashes itself.
Named split_type(const catalog::Catalog& catalog, std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash != std::string_view::npos) {
    if (const catalog::RecordType* type = catalog.find_type(text.substr(0, slash)))
      return {type, text.substr(slash + 1)};
  }
  return {nullptr, text};
}

}  // namespace

std::optional<Value> ref_of_text(const catalog::Catalog& catalog, std::int32_t target, std::string_view text) {
  const Named named = split_type(catalog, text);
  if (named.type != nullptr && target >= 0 && named.type->number != target) return std::nullopt;
  const std::int32_t type = named.type != nullptr ? named.type->number : target;
  if (type < 0) return std::nullopt;
  const auto id = RecordId::parse(named.key);
  if (!id) return std::nullopt;
  return Value::ref(type, *id);
}

Value resolve_ref(access::Unit& unit, const catalog::Member& member, std::string_view text) {
  const catalog::Catalog& catalog = unit.catalog();
  const std::int32_t target = member.type.record_type;
  if (const auto ref = ref_of_text(catalog, target, text)) return *ref;
  const Named named = split_type(catalog, text);
  Problem problem = member_problem(ProblemNumber::reference_invalid, member, "");
  if (named.type != nullptr && target >= 0 && named.type->number != target) {
    problem.message = member.name + " names a " + named.type->name + ", but it takes a " + catalog.type(target).name;
    problem.expected = catalog.type(target).name;
    problem.found = named.type->name;
    throw Error(std::move(problem));
  }
  const std::int32_t type = named.type != nullptr ? named.type->number : target;
  if (type < 0) {
    problem.message = member.name + " takes records of any type, so the type must be said: type/key";
    problem.found = shown(member, Value::text(std::string(text)));
    throw Error(std::move(problem));
  }
  try {
    return Value::ref(type, find_by_key(unit, type, named.key));
  } catch (const Error& error) {
    if (error.number() != ProblemNumber::record_not_found && error.number() != ProblemNumber::record_removed) throw;
    problem.message = member.name + ": " + error.first().message;
    problem.expected = error.first().expected;
    problem.found = error.first().found;
    problem.fix = error.first().fix;
    throw Error(std::move(problem));
  }
}

void require_live(access::Unit& unit, const catalog::Member& member, const Value& ref) {
  if (ref.kind != Kind::ref || derive::Engine::of(unit).is_live(ref.record_type, ref.id)) return;
  Problem problem = member_problem(ProblemNumber::reference_invalid, member,
                                   member.name + " names " + record_text(unit.catalog(), ref.record_type, ref.id) +
                                       ", which is not there or was removed");
  problem.fix = "name a record that exists, or leave the field empty";
  throw Error(std::move(problem));
}

}  // namespace kith::internal::facts
