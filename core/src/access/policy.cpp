#include "access/policy.hpp"

#include "base/problem/error.hpp"

namespace kith::internal::access {
namespace {

const char* verb_of(Operation operation) {
  switch (operation) {
    case Operation::read: return "read";
    case Operation::create: return "create";
    case Operation::update: return "update";
    case Operation::remove: return "remove";
    case Operation::transition: return "transition";
    case Operation::relate: return "relate";
    case Operation::export_: return "export";
  }
  return "use";
}

bool writes(Operation operation) { return operation != Operation::read && operation != Operation::export_; }

void require_principal(const Unit& unit) {
  if (unit.principal.tenant_number < 0) {
    throw Error(ProblemNumber::misuse, "a read or write without a tenant",
                "open the session with the name of an existing tenant");
  }
  if (unit.principal.actor.empty()) {
    throw Error(ProblemNumber::misuse, "a read or write without an actor", "open the session with an actor");
  }
}

}  // namespace

void require(const Unit& unit, Operation operation, std::int32_t record_type) {
  require_principal(unit);
  if (writes(operation) && !unit.writable) {
    const std::string& type = unit.catalog().type(record_type).name;
    throw Error(ProblemNumber::misuse,
                std::string("can't ") + verb_of(operation) + " \"" + type + "\" in a unit that only reads",
                "begin a transaction that writes");
  }
}

expr::Sql readable(const Unit& unit, std::int32_t record_type, std::string_view alias) {
  require_principal(unit);
  expr::Sql predicate;
  predicate.text = std::string(alias) + ".tenant = ? AND " + unit.layout.live_condition(record_type, alias);
  predicate.binds.push_back(Value::integer(unit.principal.tenant_number));
  return predicate;
}

}  // namespace kith::internal::access
