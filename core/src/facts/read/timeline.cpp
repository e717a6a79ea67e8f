#include "facts/read/timeline.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "access/policy.hpp"
#include "base/time/time.hpp"
#include "facts/read/shown.hpp"
#include "facts/read/timeline_entries.hpp"

namespace kith::internal::facts {

namespace {

namespace json = boost::json;
using catalog::RecordType;

json::array external_ids_json(access::Unit& unit, const RecordType& type, const RecordId& id) {
  json::array list;
  for (const auto& [source, key] : unit.journal.external_ids(type.number, id))
    list.push_back(json::object{{"source", source}, {"key", key}});
  return list;
}

json::array relationships_json(access::Unit& unit, const RecordType& type, const RecordId& id) {
  const catalog::Catalog& catalog = unit.catalog();
  const std::int64_t today = utc_to_local_days(unit.now, catalog.time_zone);
  json::array list;
  for (const catalog::Relationship& relationship : catalog.relationships) {
    for (const bool from_side : {true, false}) {
      for (const store::Edge& edge : unit.journal.edges(relationship.name, type.number, id, from_side, 0, true)) {
        const std::int32_t other_type = from_side ? edge.to_type : edge.from_type;
        const RecordId& other = from_side ? edge.to : edge.from;
        const catalog::Label& label = from_side ? relationship.label : relationship.inverse_label;
        const std::string& name = from_side ? relationship.name : relationship.inverse;
        json::object object{{"name", name},
                            {"label", label.texts.empty() ? name : label.in(catalog.language)},
                            {"with", record_text(catalog, other_type, other)},
                            {"title", record_title(unit, other_type, other)},
                            {"from_on", format_date(edge.from_on)}};
        object["to_on"] = edge.to_on ? json::value(format_date(*edge.to_on)) : json::value(nullptr);
        object["active"] = edge.from_on <= today && (!edge.to_on || today < *edge.to_on);
        boost::system::error_code error;
        const json::value attributes = json::parse(edge.attributes_json.empty() ? "{}" : edge.attributes_json, error);
        object["attributes"] = error ? json::value(json::object{}) : attributes;
        list.push_back(std::move(object));
      }
    }
  }
  return list;
}

/// Each state that a lifecycle of the record was in, oldest first; the present one lasts until now.
json::array states_json(access::Unit& unit, const RecordType& type, const RecordId& id) {
  const catalog::Catalog& catalog = unit.catalog();
  json::array list;
  for (const store::TransitionRow& row : unit.journal.transitions(type.number, id)) {
    const catalog::Lifecycle* lifecycle = catalog.find_lifecycle(type.number, row.lifecycle);
    if (lifecycle == nullptr) continue;  // its plugin is not loaded; it shows again when it is back
    const catalog::State* state = lifecycle->state(row.to_state);
    json::object object{
        {"lifecycle", row.lifecycle}, {"state", row.to_state}, {"event", row.event}, {"from", row.from_state}};
    object["label"] = state == nullptr || state->label.texts.empty() ? row.to_state : state->label.in(catalog.language);
    if (state != nullptr) object["category"] = catalog::category_name(state->category);
    object["entered"] = format_instant(row.entered_us);
    object["left"] = row.left_us ? json::value(format_instant(*row.left_us)) : json::value(nullptr);
    object["seconds"] = (row.left_us.value_or(unit.now) - row.entered_us) / kMicrosPerSecond;
    object["current"] = !row.left_us;
    object["reason"] = row.reason;
    object["by"] = row.cause.by.empty() ? row.actor : row.cause.by;
    object["bundle_version"] = row.bundle_version;
    boost::system::error_code error;
    const json::value guard = json::parse(row.guard_json.empty() ? "{}" : row.guard_json, error);
    object["guard"] = error ? json::value(json::object{}) : guard;
    list.push_back(std::move(object));
  }
  return list;
}

void derived_json(access::Unit& unit, derive::Engine& derivations, const RecordType& type, const RecordId& id,
                  json::array& scores, json::array& segments) {
  const catalog::Catalog& catalog = unit.catalog();
  for (const catalog::Derivation& derivation : catalog.derivations) {
    if (derivation.record_type != type.number) continue;
    const std::string label = derivation.label.texts.empty() ? derivation.name : derivation.label.in(catalog.language);
    if (derivation.kind == catalog::DerivationKind::score) {
      const std::string band = derivation.band_member >= 0 ? derivations.band(derivation.number, id) : std::string();
      json::object object{{"name", derivation.name}, {"label", label}};
      object["value"] = value_json(catalog, derivations.value(derivation.number, id).value);
      object["band"] = band.empty() ? json::value(nullptr) : json::value(band);
      scores.push_back(std::move(object));
    } else if (derivation.kind == catalog::DerivationKind::segment &&
               derivations.value(derivation.number, id).value.is_true()) {
      segments.push_back(json::object{{"name", derivation.name}, {"label", label}});
    }
  }
}

/// Open work: tasks on this timeline whose status is open, the soonest due first.
json::array tasks_json(access::Unit& unit, derive::Engine& derivations, const RecordType& type, const RecordId& id) {
  json::array list;
  const RecordType* task = unit.catalog().find_type("task");
  if (task == nullptr) return list;
  std::vector<std::pair<std::string, json::object>> open;
  for (const RecordId& found : on_timeline(unit, *task, type, id)) {
    json::object object = record_json(unit, derivations, task->number, found);
    const json::value* status = object.if_contains("status");
    if (status != nullptr && status->is_string() && std::string_view(status->get_string()) != "open") continue;
    const json::value* due = object.if_contains("due_on");
    open.emplace_back(due != nullptr && due->is_string() ? std::string(due->get_string()) : std::string("9999"),
                      std::move(object));
  }
  std::stable_sort(open.begin(), open.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [due, object] : open) list.push_back(std::move(object));
  return list;
}

}  // namespace

json::value timeline(access::Unit& unit, derive::Engine& derivations, std::int32_t record_type, const RecordId& id,
                     std::int64_t limit, std::string_view before) {
  access::require(unit, access::Operation::read, record_type);
  const catalog::Catalog& catalog = unit.catalog();
  const RecordType& type = catalog.type(record_type);
  json::object document;
  document["record"] = record_json(unit, derivations, record_type, id);
  document["external_ids"] = external_ids_json(unit, type, id);
  document["relationships"] = relationships_json(unit, type, id);
  document["states"] = states_json(unit, type, id);
  json::array scores, segments, entries;
  derived_json(unit, derivations, type, id, scores, segments);
  document["scores"] = std::move(scores);
  document["segments"] = std::move(segments);
  document["tasks"] = tasks_json(unit, derivations, type, id);
  const TimelinePage page = timeline_page(unit, type, id, std::max<std::int64_t>(limit, 1), before);
  for (const TimelineEntry& entry : page.entries) {
    entries.push_back(json::object{{"at", format_instant(entry.at_us)},
                                   {"kind", entry.kind},
                                   {"title", entry.title},
                                   {"detail", entry.detail},
                                   {"by", entry.by},
                                   {"type", catalog.type(entry.record_type).name},
                                   {"id", entry.id.text()}});
  }
  document["entries"] = std::move(entries);
  document["next"] = page.next;
  return document;
}

}  // namespace kith::internal::facts
