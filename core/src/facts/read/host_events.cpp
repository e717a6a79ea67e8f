#include "facts/read/host_events.hpp"

#include <boost/json.hpp>

#include "base/time/time.hpp"
#include "facts/read/shown.hpp"
#include "facts/read/timeline.hpp"
#include "store/rows/log_reader.hpp"

namespace kith::internal::facts {

namespace {

namespace json = boost::json;

json::object members_json(const catalog::Catalog& catalog, const store::Change& change) {
  json::object out;
  for (const store::MemberChange& each : change.members) {
    const std::string& name =
        each.member < 0 ? each.name
                        : catalog.type(change.record_type).members[static_cast<std::size_t>(each.member)].name;
    out[name] = json::array{value_json(catalog, each.before), value_json(catalog, each.after)};
  }
  return out;
}

json::object edge_json(const catalog::Catalog& catalog, const store::Change& change) {
  const store::Edge& edge = *change.edge;
  json::object out{{"action", change.kind == store::ChangeKind::relate ? "related" : "unrelated"},
                   {"relationship", edge.relationship},
                   {"from", record_text(catalog, edge.from_type, edge.from)},
                   {"to", record_text(catalog, edge.to_type, edge.to)},
                   {"from_on", format_date(edge.from_on)}};
  out["to_on"] = edge.to_on ? json::value(format_date(*edge.to_on)) : json::value(nullptr);
  boost::system::error_code error;
  const json::value attributes = json::parse(edge.attributes_json.empty() ? "{}" : edge.attributes_json, error);
  if (!error) out["attributes"] = attributes;
  return out;
}

}  // namespace

store::Event host_event(const catalog::Catalog& catalog, const store::Happening& happening) {
  if (!happening.entry->change) return happening.entry->event;
  const store::Change& change = *happening.entry->change;
  store::Event event;
  event.sequence = happening.number;
  event.at_us = change.at_us;
  event.kind = happening.kind;
  event.record_type = change.record_type;
  event.record = change.record;
  event.cause = change.cause;
  if (happening.state != nullptr) {
    const store::EnteredState& state = *happening.state;
    event.name = state.lifecycle;
    event.payload_json = json::serialize(json::object{{"event", state.event}, {"from", state.from}, {"to", state.to}});
    if (!state.by.empty()) event.cause.by = state.by;
  } else if (change.edge) {
    event.name = change.edge->relationship;
    event.payload_json = json::serialize(edge_json(catalog, change));
  } else {
    event.name = store::changed_name(change.kind);
    event.payload_json = json::serialize(members_json(catalog, change));
  }
  return event;
}

std::vector<store::Event> host_events(access::Unit& unit, std::int64_t after, std::int64_t limit) {
  std::vector<store::Event> out;
  store::LogReader reader(unit.journal, after);
  store::LogEntry entry;
  while (static_cast<std::int64_t>(out.size()) < limit && reader.next(entry)) {
    for (const store::Happening& happening : store::happenings(entry)) {
      if (happening.number <= after || static_cast<std::int64_t>(out.size()) >= limit) continue;
      out.push_back(host_event(unit.catalog(), happening));
    }
  }
  return out;
}

}  // namespace kith::internal::facts
