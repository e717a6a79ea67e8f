#include "core/host_log.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "access/query.hpp"
#include "base/problem/limits.hpp"
#include "base/time/time.hpp"
#include "core/verbs.hpp"
#include "core/work.hpp"
#include "facts/read/host_events.hpp"
#include "facts/read/shown.hpp"
#include "store/rows/log_reader.hpp"

namespace kith::internal {

namespace json = boost::json;

namespace {

constexpr std::int64_t kMostLookedAt = 20'000;  // events of one tenant in one call
constexpr std::int64_t kEnd = INT64_MAX;

/// Reads one tenant's part of the log. Returns the position up to which it looked; kEnd: to the end.
/// What was committed after `end` is not looked at.
std::int64_t read_tenant(access::Unit& unit, const Core::Tenant& tenant, std::int64_t after, std::int64_t end,
                         std::int64_t limit, std::string_view name, HostEvents& out) {
  const catalog::Catalog& catalog = unit.catalog();
  store::LogReader reader(unit.journal, after);
  store::LogEntry entry;
  std::int64_t looked_at = 0, found = 0;
  while (reader.next(entry)) {
    for (const store::Happening& happening : store::happenings(entry)) {
      if (happening.number <= after) continue;
      if (happening.number > end) return kEnd;
      if (found == limit || looked_at == kMostLookedAt) return happening.number - 1;
      ++looked_at;
      out.last = std::max(out.last, happening.number);
      store::Event event = facts::host_event(catalog, happening);
      if (!name.empty() && event.name != name) continue;
      ++found;
      HostEvent& one = out.events.emplace_back(HostEvent{std::move(event), &tenant, {}, {}});
      if (one.event.record_type < 0) continue;
      one.type = catalog.type(one.event.record_type).name;
      one.record = facts::record_text(catalog, one.event.record_type, one.event.record);
    }
  }
  return kEnd;
}

}  // namespace

std::string_view event_kind_name(store::EventKind kind) {
  switch (kind) {
    case store::EventKind::changed: return "changed";
    case store::EventKind::transition: return "transition";
    case store::EventKind::derived: return "derived";
    case store::EventKind::emitted: return "emitted";
    case store::EventKind::related: return "related";
  }
  return "";
}

std::string consumer_key(std::string_view consumer) {
  if (consumer.empty())
    throw Error(ProblemNumber::usage, "a consumer of events needs a name", "name it, such as \"erp\"");
  check_limit(Limit::consumer, consumer.size());
  return "host:" + std::string(consumer);
}

HostEvents host_log(Core& core, std::string_view consumer, std::int64_t after, std::int64_t limit,
                    std::string_view name) {
  const std::string key = consumer_key(consumer);
  HostEvents out;
  std::int64_t looked_to = kEnd;
  // Each tenant is read in a snapshot of its own, and what another one commits meanwhile has greater numbers: without a
  // common end these would hide what the first ones committed after they were read.
  const std::int64_t end = store::last_position(core.database().read(kReaderWaitUs).connection());
  for (const Core::Tenant& tenant : core.tenants()) {
    if (tenant.number < 0) continue;
    Reading reading(core, tenant, "system:kith");
    const std::int64_t from = std::max(after, reading.unit().journal.cursor(key));
    looked_to = std::min(looked_to, read_tenant(reading.unit(), tenant, from, end, limit, name, out));
  }
  std::vector<HostEvent>& events = out.events;
  // Behind a position up to which only some tenants were read, the order is not known.
  std::erase_if(events, [&](const HostEvent& each) { return each.event.sequence > looked_to; });
  std::sort(events.begin(), events.end(),
            [](const HostEvent& a, const HostEvent& b) { return a.event.sequence < b.event.sequence; });
  out.more = looked_to != kEnd;
  if (out.more) out.last = looked_to;
  if (events.size() > static_cast<std::size_t>(limit)) {
    events.resize(static_cast<std::size_t>(limit));
    out.last = events.back().event.sequence;
    out.more = true;
  }
  return out;
}

json::object verb_events(Core& core, const json::object& args) {
  const std::int64_t wanted = integer_argument(args, "limit", 100);
  const HostEvents found =
      host_log(core, text_argument(args, "consumer"), integer_argument(args, "after", 0),
               std::clamp<std::int64_t>(wanted, 1, access::kMaxPage), text_argument(args, "name", ""));
  json::array events;
  for (const HostEvent& one : found.events) {
    events.push_back(json::object{{"position", one.event.sequence},
                                  {"tenant", one.tenant->name},
                                  {"at", format_instant(one.event.at_us)},
                                  {"kind", event_kind_name(one.event.kind)},
                                  {"type", one.type},
                                  {"record", one.record},
                                  {"name", one.event.name},
                                  {"payload", json::parse(one.event.payload_json)}});
  }
  return {{"events", std::move(events)}, {"last", found.last}, {"more", found.more}};
}

}  // namespace kith::internal
