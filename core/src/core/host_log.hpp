// The log as the host pulls it: events of all tenants in one order of positions, from where a consumer stands.
#pragma once
#include <boost/json/fwd.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/core.hpp"

namespace kith::internal {

struct HostEvent {
  store::Event event;
  const Core::Tenant* tenant = nullptr;
  std::string type, record;  ///< record: "type/id"; both "" where the type's bundle is not loaded
};

struct HostEvents {
  std::vector<HostEvent> events;
  std::int64_t last = 0;  ///< up to here everything was looked at; 0: nothing was there
  bool more = false;      ///< there is more behind it
};

std::string_view event_kind_name(store::EventKind kind);
/// The key under which a consumer's position is kept. Throws usage for an empty name.
std::string consumer_key(std::string_view consumer);
/// Behind the consumer's position and behind `after`, at most `limit`; `name`: only events of this name, "" = all. One
/// call looks at a bounded number of events, so that it may give none and say that there are more.
HostEvents host_log(Core& core, std::string_view consumer, std::int64_t after, std::int64_t limit,
                    std::string_view name);
/// The verb: {"consumer", "after"?, "name"?, "limit"?} -> {"events": [...], "last", "more"}.
boost::json::object verb_events(Core& core, const boost::json::object& args);

}  // namespace kith::internal
