#include "core/events.hpp"

#include <vector>

#include "core/work.hpp"
#include "store/rows/journal.hpp"

namespace kith::internal {
namespace {

const std::string kAcknowledger = "system:kith";

store::Records records_of(Core& core, store::Connection& connection, const Core::Tenant& tenant) {
  return {connection, core.layout(), tenant.number};
}

/// Has the consumer something to leave behind in this tenant?
bool moves(store::Records records, const std::string& consumer, std::int64_t position) {
  const store::Journal journal(records);
  const std::int64_t before = journal.cursor(consumer);
  if (position <= before) return false;
  const auto next = journal.begin_after(before);
  return next && *next <= position;
}

}  // namespace

void acknowledge_events(Core& core, const std::string& consumer, std::uint64_t position) {
  std::vector<const Core::Tenant*> moved;
  std::int64_t last = 0;
  {
    const store::Reader reader = core.database().read(kReaderWaitUs);
    last = store::last_position(reader.connection());
    if (position <= static_cast<std::uint64_t>(last))
      for (const Core::Tenant& tenant : core.tenants())
        if (tenant.number >= 0 &&
            moves(records_of(core, reader.connection(), tenant), consumer, static_cast<std::int64_t>(position)))
          moved.push_back(&tenant);
  }
  if (position > static_cast<std::uint64_t>(last)) {
    Problem p;
    p.number = ProblemNumber::usage;
    p.message = "the position " + std::to_string(position) + " lies beyond the last event";
    p.expected = "at most " + std::to_string(last) + ", the last event's";
    p.fix = "acknowledge a position that kith_events_next gave";
    throw Error(std::move(p));
  }
  if (moved.empty()) return;
  Writing work(core, *moved.front(), kAcknowledger);
  for (const Core::Tenant* tenant : moved) {
    store::Records records = records_of(core, work.unit().connection, *tenant);
    store::Journal journal(records);
    // Another call may have acknowledged more meanwhile.
    if (journal.cursor(consumer) < static_cast<std::int64_t>(position))
      journal.set_cursor(consumer, static_cast<std::int64_t>(position));
  }
  work.commit_without_facts();
}

}  // namespace kith::internal
