#include "react/trace.hpp"

#include <boost/json.hpp>
#include <charconv>

#include "base/time/time.hpp"
#include "facts/read/shown.hpp"
#include "facts/read/timeline.hpp"

namespace kith::internal::react {
namespace json = boost::json;
namespace {

using store::EventKind;

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

/// What happened: {"event","kind","name", ...}; names of fields, not their values.
json::object trigger_json(const catalog::Catalog& catalog, const store::Happening& happening) {
  json::object out{{"event", happening.number}, {"kind", kind_text(happening.kind)}};
  const store::LogEntry& entry = *happening.entry;
  if (happening.state != nullptr) {
    const store::EnteredState& state = *happening.state;
    out["name"] = state.lifecycle;
    out["change"] = json::object{{"event", state.event}, {"from", state.from}, {"to", state.to}};
  } else if (!entry.change) {
    out["name"] = entry.event.name;
    if (happening.kind == EventKind::derived)
      out["change"] = json::object{{"old", facts::value_json(catalog, entry.event.before)},
                                   {"new", facts::value_json(catalog, entry.event.after)}};
  } else if (entry.change->edge) {
    out["name"] = entry.change->edge->relationship;
  } else {
    out["name"] = store::changed_name(entry.change->kind);
    json::array fields;
    for (const store::MemberChange& each : entry.change->members)
      fields.emplace_back(
          each.member < 0
              ? each.name
              : catalog.type(entry.change->record_type).members[static_cast<std::size_t>(each.member)].name);
    out["fields"] = std::move(fields);
  }
  return out;
}

json::object cause_json(const store::Cause& cause) {
  json::object out{{"root", cause.root}, {"depth", cause.depth}};
  if (!cause.by.empty()) out["by"] = cause.by;
  return out;
}

}  // namespace

json::object explained_json(const catalog::Catalog& catalog, const expr::Explained& term) {
  json::object out{{"term", term.source}};
  if (term.value.is_unknown())
    out["unknown"] = true;
  else if (facts::is_personal(catalog, term))
    out["value"] = kHidden;
  else
    out["value"] = facts::value_json(catalog, term.value);
  json::array parts;
  for (const expr::Explained& part : term.parts) parts.push_back(explained_json(catalog, part));
  if (!parts.empty()) out["parts"] = std::move(parts);
  return out;
}

json::object trace_of(access::Unit& unit, const store::WorkflowRun& run) {
  json::object out{{"workflow", run.workflow}, {"version", run.version}, {"at", format_instant(run.at_us)}};
  if (const auto entry = unit.journal.entry(run.event)) {
    for (const store::Happening& happening : store::happenings(*entry))
      if (happening.number == run.event) out["trigger"] = trigger_json(unit.catalog(), happening);
    out["cause"] = cause_json(entry->cause());
  }
  if (run.trace_json.empty()) return out;
  boost::system::error_code error;
  const json::value kept = json::parse(run.trace_json, error);
  if (!error && kept.is_object())
    for (const auto& [key, value] : kept.get_object()) out[key] = value;
  return out;
}

std::string root_text(std::int64_t root) {
  return root < 0 ? std::string(kResumedRoot) + std::to_string(-root) : std::to_string(root);
}

std::int64_t root_number(std::string_view text) {
  const bool resumed = text.starts_with(kResumedRoot);
  if (resumed) text.remove_prefix(kResumedRoot.size());
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number <= 0) return 0;
  return resumed ? -number : number;
}

}  // namespace kith::internal::react
