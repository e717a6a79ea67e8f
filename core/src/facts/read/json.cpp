// Values and records as JSON documents.
#include <boost/json.hpp>

#include "access/policy.hpp"
#include "base/time/time.hpp"
#include "base/value/money.hpp"
#include "facts/read/shown.hpp"
#include "facts/read/timeline.hpp"

namespace kith::internal::facts {

namespace json = boost::json;

json::value value_json(const catalog::Catalog& catalog, const Value& value) {
  switch (value.kind) {
    case Kind::null:
    case Kind::unknown: return nullptr;
    case Kind::boolean: return value.i != 0;
    case Kind::integer: return value.i;
    case Kind::real: return value.d;
    case Kind::text: return json::value(value.s);
    case Kind::date: return json::value(format_date(value.i));
    case Kind::timestamp: return json::value(format_instant(value.i));
    case Kind::duration: return json::value(format_duration(value.i));
    case Kind::money:
      return json::object{{"amount", format_minor(value.i, value.currency)}, {"currency", value.currency.text()}};
    case Kind::ref: return json::value(record_text(catalog, value.record_type, value.id));
    case Kind::json: {
      boost::system::error_code error;
      json::value parsed = json::parse(value.s, error);
      return error ? json::value(value.s) : parsed;
    }
  }
  return nullptr;
}

json::object record_json(access::Unit& unit, derive::Engine& derivations, std::int32_t record_type,
                         const RecordId& id) {
  access::require(unit, access::Operation::read, record_type);
  const catalog::Catalog& catalog = unit.catalog();
  const catalog::RecordType& type = catalog.type(record_type);
  const auto record = unit.reads.load(access::Operation::read, record_type, id);
  if (!record) {
    if (unit.reads.load(access::Operation::read, record_type, id, true)) {
      throw Error(ProblemNumber::record_removed, record_text(catalog, record_type, id) + " was removed");
    }
    throw Error(ProblemNumber::record_not_found, "there is no " + record_text(catalog, record_type, id));
  }
  json::object object;
  object["type"] = type.name;
  object["id"] = id.text();
  object["version"] =
      value_json(catalog, record->values[static_cast<std::size_t>(catalog.member_index(type, "version"))]);
  for (std::size_t i = 0; i < type.members.size(); ++i) {
    const catalog::Member& member = type.members[i];
    if (member.role == catalog::Role::child_set) continue;
    Value value = record->values[i];
    if (member.role == catalog::Role::derived) {
      const catalog::Derivation& derivation = catalog.derivations[static_cast<std::size_t>(member.derivation)];
      if (derivation.kind == catalog::DerivationKind::trigger || derivation.kind == catalog::DerivationKind::automatic)
        continue;
      const bool is_band = derivation.band_member == static_cast<std::int32_t>(i);
      value = is_band ? Value::text(derivations.band(member.derivation, id))
                      : derivations.value(member.derivation, id).value;
      if (is_band && value.s.empty()) value = Value::null();
    }
    object[member.name] = value_json(catalog, value);
  }
  return object;
}

}  // namespace kith::internal::facts
