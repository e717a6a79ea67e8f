// Finding one record by the keys that people use.
#include "access/policy.hpp"
#include "base/text/text.hpp"
#include "derive/engine.hpp"
#include "facts/read/shown.hpp"
#include "facts/read/timeline.hpp"
#include "facts/save/normalise.hpp"
#include "facts/transaction.hpp"

namespace kith::internal::facts {

namespace {

/// The member by which people name a record of this type: its key, else its only unique text field. -1 = none.
std::int32_t naming_member(const catalog::RecordType& type) {
  if (type.key_member >= 0) return type.key_member;
  std::int32_t only = -1;
  for (std::size_t i = 0; i < type.members.size(); ++i) {
    const catalog::Member& member = type.members[i];
    if (!member.unique || member.role != catalog::Role::field || member.type.kind != Kind::text) continue;
    if (only >= 0) return -1;
    only = static_cast<std::int32_t>(i);
  }
  return only;
}

std::string known_forms(const catalog::RecordType& type, std::int32_t by_member) {
  std::string forms = "an id (UUID), @source:external_id";
  if (by_member >= 0) forms += ", or the value of " + type.members[static_cast<std::size_t>(by_member)].name;
  return forms;
}

[[noreturn]] void not_found(const catalog::RecordType& type, std::int32_t by_member, std::string message,
                            std::string found) {
  Problem problem;
  problem.number = ProblemNumber::record_not_found;
  problem.message = std::move(message);
  problem.expected = known_forms(type, by_member);
  problem.found = std::move(found);
  problem.fix = "list what there is: kith list " + type.name;
  throw Error(std::move(problem));
}

RecordId live_or_throw(access::Unit& unit, const catalog::RecordType& type, std::int32_t by_member,
                       const RecordId& id) {
  // A write that names a record reads it soon; asked of the engine, it is read once.
  const bool live = unit.writable ? derive::Engine::of(unit).is_live(type.number, id)
                                  : unit.reads.is_live(access::Operation::read, type.number, id);
  if (live) return id;
  if (unit.reads.load(access::Operation::read, type.number, id, true)) {
    throw Error(ProblemNumber::record_removed, type.name + "/" + id.text() + " was removed");
  }
  not_found(type, by_member, "there is no " + type.name + " with id " + id.text(), id.text());
}

}  // namespace

RecordId find_by_key(access::Unit& unit, std::int32_t record_type, std::string_view key) {
  access::require(unit, access::Operation::read, record_type);
  const catalog::RecordType& type = unit.catalog().type(record_type);
  const std::int32_t by_member = naming_member(type);
  const std::string_view text = trim(key);
  if (const auto id = RecordId::parse(text)) return live_or_throw(unit, type, by_member, *id);
  if (!text.empty() && text.front() == '@') {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) {
      not_found(type, by_member, "'" + std::string(text) + "' lacks the colon of @source:external_id",
                std::string(text));
    }
    const std::string_view source = text.substr(1, colon - 1), external = text.substr(colon + 1);
    const auto id = unit.journal.by_external_id(record_type, source, to_nfc(external));
    if (!id) {
      not_found(type, by_member,
                "no " + type.name + " has the external id '" + std::string(external) + "' of source '" +
                    std::string(source) + "'",
                std::string(text));
    }
    return live_or_throw(unit, type, by_member, *id);
  }
  if (by_member < 0)
    not_found(type, by_member, "'" + std::string(text) + "' is no id, and " + type.name + " has no key field",
              std::string(text));
  const catalog::Member& member = type.members[static_cast<std::size_t>(by_member)];
  const Value value = normalise(unit.catalog(), member, coerce(unit.catalog(), member, Value::text(std::string(text))));
  const std::int32_t members[] = {by_member};
  const Value values[] = {value};
  const auto id =
      value.is_null() ? std::nullopt : unit.reads.find(access::Operation::read, record_type, members, values);
  if (!id) {
    not_found(type, by_member, "there is no " + type.name + " whose " + member.name + " is " + shown(member, value),
              shown(member, value));
  }
  return *id;
}

}  // namespace kith::internal::facts
