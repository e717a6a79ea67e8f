// The 360 degree view and the timeline of a customer, as JSON documents; find a record by the keys people use.
#pragma once
#include <boost/json/fwd.hpp>
#include <string_view>

#include "access/unit.hpp"
#include "derive/engine.hpp"

namespace kith::internal::facts {

/// {"record": {...fields...}, "external_ids": [...], "relationships": [...], "states": [...with durations...],
/// "scores": [...],
///  "segments": [...], "tasks": [...], "entries": [{"at","kind","title","detail","by","type","id"}...newest first],
///  "next": "cursor"}
boost::json::value timeline(access::Unit& unit, derive::Engine& derivations, std::int32_t record_type,
                            const RecordId& id, std::int64_t limit, std::string_view before);

/// KEY without its type: a UUID, "@source:external", or the value of the type's key (or only unique) field.
/// Throws record_not_found that says which forms there are.
RecordId find_by_key(access::Unit& unit, std::int32_t record_type, std::string_view key);

/// One record as JSON: {"type","id","version",members by name...}; derived values are fresh.
boost::json::object record_json(access::Unit& unit, derive::Engine& derivations, std::int32_t record_type,
                                const RecordId& id);
/// A value as JSON for documents: dates and instants as ISO text, money as {"amount":"12.50","currency":"CNY"}, refs as
/// "type/uuid".
boost::json::value value_json(const catalog::Catalog& catalog, const Value& value);

}  // namespace kith::internal::facts
