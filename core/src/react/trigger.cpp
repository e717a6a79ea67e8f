#include "react/trigger.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "facts/transaction.hpp"

namespace kith::internal::react {
namespace json = boost::json;
namespace {

using catalog::Trigger;
using store::EventKind;

std::string_view text_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains({key.data(), key.size()});
  return value && value->is_string() ? std::string_view(value->get_string().data(), value->get_string().size())
                                     : std::string_view();
}

bool is_true(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains({key.data(), key.size()});
  return value && value->is_bool() && value->get_bool();
}

bool updated(const catalog::RecordType& type, const Trigger& trigger, const store::Event& event,
             const json::object& payload) {
  if (event.kind != EventKind::changed || event.name != "updated") return false;
  return trigger.watched.empty() ||
         std::any_of(trigger.watched.begin(), trigger.watched.end(), [&](std::int32_t member) {
           return payload.contains(type.members[static_cast<std::size_t>(member)].name);
         });
}

bool transitioned(const Trigger& trigger, const store::Event& event, const json::object& payload) {
  if (event.kind != EventKind::transition || event.name != trigger.lifecycle) return false;
  switch (trigger.kind) {
    case Trigger::Kind::entered_state:
      return text_at(payload, "to") == trigger.state && text_at(payload, "from") != trigger.state;
    case Trigger::Kind::left_state:
      return text_at(payload, "from") == trigger.state && text_at(payload, "to") != trigger.state;
    default: return text_at(payload, "event") == trigger.event;
  }
}

/// A score's event carries its band, not its points; "" is no band.
bool band_crossed(const catalog::Catalog& catalog, const Trigger& trigger, const store::Event& event,
                  const json::object& payload) {
  const catalog::Derivation& score = catalog.derivations[static_cast<std::size_t>(trigger.derivation)];
  if (event.kind != EventKind::derived || event.name != score.name) return false;
  const std::string_view before = text_at(payload, "old"), after = text_at(payload, "new");
  if (before == after) return false;
  return (trigger.from_band.empty() || trigger.from_band == before) &&
         (trigger.to_band.empty() || trigger.to_band == after);
}

bool derived(const catalog::Catalog& catalog, const Trigger& trigger, const store::Event& event,
             const json::object& payload) {
  const catalog::Derivation& derivation = catalog.derivations[static_cast<std::size_t>(trigger.derivation)];
  if (event.kind != EventKind::derived || event.name != derivation.name) return false;
  const bool before = is_true(payload, "old"), after = is_true(payload, "new");
  return trigger.kind == Trigger::Kind::left_segment ? before && !after : after && !before;
}

/// A value of an event's payload as the member holds it; what no longer fits the member's type reads as null.
Value value_of(const catalog::Catalog& catalog, const catalog::Member& member, const json::value& written) {
  Value value;
  if (written.is_bool())
    value = Value::boolean(written.get_bool());
  else if (written.is_int64())
    value = Value::integer(written.get_int64());
  else if (written.is_double())
    value = Value::real(written.get_double());
  else if (written.is_string())
    value = Value::text(std::string(written.get_string().data(), written.get_string().size()));
  else if (written.is_object() && member.type.kind == Kind::money)
    value = Value::text(std::string(text_at(written.get_object(), "amount")));
  else if (written.is_structured())
    value = Value::json(json::serialize(written));
  // A value of an enum fitted when it was written, though the bundle that added it may be gone.
  if (member.type.values != nullptr && (written.is_string() || written.is_array())) return value;
  try {
    return facts::coerce(catalog, member, value);
  } catch (const Error&) {
    return Value::null();
  }
}

void put_back(const catalog::Catalog& catalog, const catalog::RecordType& type, const json::object& payload,
              store::Row& row) {
  for (const auto& [name, change] : payload) {
    const catalog::Member* member = type.find(name);
    if (!member || member->role == catalog::Role::derived || !change.is_array() || change.get_array().size() != 2)
      continue;
    row[static_cast<std::size_t>(member - type.members.data())] =
        value_of(catalog, *member, change.get_array().front());
  }
}

const char* kind_text(EventKind kind) {
  switch (kind) {
    case EventKind::changed: return "changed";
    case EventKind::transition: return "transition";
    case EventKind::derived: return "derived";
    case EventKind::emitted: return "emitted";
    case EventKind::related: return "related";
  }
  return "event";
}

}  // namespace

json::object payload_of(const store::Event& event) {
  boost::system::error_code failed;
  json::value parsed = json::parse(event.payload_json, failed);
  return !failed && parsed.is_object() ? std::move(parsed.get_object()) : json::object();
}

bool triggered(const catalog::Catalog& catalog, const catalog::Workflow& workflow, const store::Event& event,
               const json::object& payload) {
  if (event.record_type != workflow.record_type) return false;
  const Trigger& trigger = workflow.trigger;
  switch (trigger.kind) {
    case Trigger::Kind::created: return event.kind == EventKind::changed && event.name == "created";
    case Trigger::Kind::updated: return updated(catalog.type(workflow.record_type), trigger, event, payload);
    case Trigger::Kind::entered_state:
    case Trigger::Kind::left_state:
    case Trigger::Kind::transitioned: return transitioned(trigger, event, payload);
    case Trigger::Kind::entered_segment:
    case Trigger::Kind::left_segment:
    case Trigger::Kind::became: return derived(catalog, trigger, event, payload);
    case Trigger::Kind::band: return band_crossed(catalog, trigger, event, payload);
  }
  return false;
}

std::unique_ptr<expr::RecordView> view_before(access::Unit& unit, derive::Engine& derivations,
                                              const store::Event& event, const json::object& payload,
                                              const store::Row& present) {
  const catalog::Catalog& catalog = unit.catalog();
  const catalog::RecordType& type = catalog.type(event.record_type);
  store::Row row = present;
  if (event.kind == EventKind::changed) {
    if (event.name == "created") return nullptr;
    put_back(catalog, type, payload, row);
  } else if (event.kind == EventKind::transition) {
    const std::string_view from = text_at(payload, "from");
    if (from.empty()) return nullptr;
    if (const catalog::Lifecycle* lifecycle = catalog.find_lifecycle(type.number, event.name))
      row[static_cast<std::size_t>(lifecycle->state_member)] = Value::text(std::string(from));
  }
  return derivations.view_of(type.number, event.record, row);
}

json::object describe(const store::Event& event, const json::object& payload) {
  json::object out{{"event", event.sequence}, {"kind", kind_text(event.kind)}, {"name", event.name}};
  if (event.kind == EventKind::changed) {
    json::array fields;
    for (const auto& change : payload) fields.emplace_back(change.key());
    out["fields"] = std::move(fields);
  } else if (event.kind != EventKind::emitted) {
    out["change"] = payload;
  }
  return out;
}

}  // namespace kith::internal::react
