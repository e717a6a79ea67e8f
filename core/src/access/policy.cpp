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
    case Operation::check: return "check";
    case Operation::derive: return "derive from";
  }
  return "use";
}

bool writes(Operation operation) {
  switch (operation) {
    case Operation::read:
    case Operation::export_:
    case Operation::check:
    case Operation::derive: return false;
    default: return true;
  }
}

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

void require_read(const Unit& unit, Operation, std::int32_t, std::span<const std::int32_t>) {
  require_principal(unit);  // whoever is somebody reads all within the tenant
}

expr::Sql readable(const Unit& unit, std::int32_t record_type, std::string_view alias) {
  require_principal(unit);
  expr::Sql predicate;
  predicate.text = std::string(alias) + ".tenant = ? AND " + unit.layout.live_condition(record_type, alias);
  predicate.binds.push_back(Value::integer(unit.principal.tenant_number));
  return predicate;
}

}  // namespace kith::internal::access
