// Due work: events become workflow runs, marked and expired derivations are made anew, in turns, until nothing is left
// at this now or the budget is spent.
#include <algorithm>
#include <chrono>
#include <functional>
#include <vector>

#include "core/core.hpp"
#include "core/due_purge.hpp"
#include "core/work.hpp"

namespace kith::internal {
namespace {

constexpr std::int64_t kMostEvents = 4'000;  // and due runs, in one transaction
constexpr std::int64_t kLeastEvents = 50;
constexpr std::int64_t kRecordsPerTransaction = 1'000;
/// A transaction that makes values holds the writer for about so long at most; one of reactions for longer, since what
/// of its events it does not come to has to be kept as runs. Both do at least one piece of work.
constexpr std::chrono::milliseconds kSettling{50};
constexpr std::chrono::milliseconds kReacting{500};
const std::string kActor = "system:kith";

using Time = std::chrono::steady_clock::time_point;

/// What one tenant still has to do at this now; it takes its turn with the others.
struct Turn {
  const Core::Tenant* tenant;
  bool events = true, values = true;  ///< there may be some
  bool done() const { return !events && !values; }
};

/// Until `end`, and no longer than a transaction may take.
std::function<bool()> time_for(Core& core, Time end, std::chrono::milliseconds most) {
  const Time until = std::min(end, std::chrono::steady_clock::now() + most);
  return [&core, until] { return std::chrono::steady_clock::now() < until && !core.closing(); };
}

/// No more than there is time for, as long as each took so far: those that are not come to cost a run that is kept.
std::int64_t events_for(const Core& core, Time end) {
  const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(end - std::chrono::steady_clock::now());
  const std::int64_t time = std::min(left, std::chrono::nanoseconds(kReacting)).count() / 2;
  return std::clamp(time / core.event_ns(), kLeastEvents, kMostEvents);
}

bool react_once(Core& core, const Core::Tenant& tenant, Time end) {
  Writing work(core, tenant, kActor);
  const Time began = std::chrono::steady_clock::now();
  const react::Progress progress =
      core.reactions().step(work.unit(), events_for(core, end), time_for(core, end, kReacting));
  if (progress.events >= kLeastEvents)
    core.note_event_ns(std::chrono::nanoseconds(std::chrono::steady_clock::now() - began).count() / progress.events);
  if (!progress.wrote) return false;
  work.commit();
  return progress.more;
}

/// True: something was settled, or is left.
bool settle_once(Core& core, const Core::Tenant& tenant, Time end) {
  Writing work(core, tenant, kActor);
  const derive::Settled settled =
      work.derivations().settle_some(kRecordsPerTransaction, time_for(core, end, kSettling));
  if (!settled.wrote) return false;
  work.commit_without_facts();
  return true;
}

bool anything_to_settle(Core& core, const Core::Tenant& tenant) {
  Reading reading(core, tenant, kActor);
  const auto due = reading.derivations().next_due();
  return due && *due <= reading.unit().now;
}

bool anything_to_react_to(Core& core, const Core::Tenant& tenant) {
  Reading reading(core, tenant, kActor);
  return react::Reactions::any_due(reading.unit());
}

std::int64_t next_of(Core& core, const Core::Tenant& tenant) {
  Reading reading(core, tenant, kActor);
  std::int64_t next = kForever;
  if (const auto due = reading.derivations().next_due()) next = std::min(next, *due);
  if (const auto due = react::Reactions::next_due(reading.unit())) next = std::min(next, *due);
  return next;
}

/// One transaction of events, or else one of values: events come first, so that what people wait for does not stand
/// behind a backfill.
void take(Core& core, Turn& turn, Time end) {
  turn.events = turn.events && anything_to_react_to(core, *turn.tenant);
  if (turn.events) {
    turn.events = react_once(core, *turn.tenant, end);
    turn.values = true;
    return;
  }
  turn.values = anything_to_settle(core, *turn.tenant) && settle_once(core, *turn.tenant, end);
  turn.events = turn.values;  // what was settled may have been announced
}

}  // namespace

std::int64_t Core::run_due(std::int64_t budget_us) {
  const Call call(*this);
  const Time end = std::chrono::steady_clock::now() + std::chrono::microseconds(budget_us);
  std::vector<Turn> turns;
  // The one after the last to have had a turn begins, so that small budgets come to everybody.
  const std::size_t first = tenants_.empty() ? 0 : turn_.fetch_add(1) % tenants_.size();
  for (std::size_t i = 0; i < tenants_.size(); ++i) turns.push_back({&tenants_[(first + i) % tenants_.size()]});
  bool begun = false, left = true;
  while (left && !closing_) {
    left = false;
    for (Turn& turn : turns) {
      if (turn.done()) continue;
      if (begun && std::chrono::steady_clock::now() >= end) return clock();
      take(*this, turn, end);
      begun = true;
      left = left || !turn.done();
    }
  }
  std::int64_t next = kForever;
  const auto in_time = [&] { return std::chrono::steady_clock::now() < end && !closing_; };
  for (const Tenant& one : tenants_) {
    purge_old(*this, one, in_time);
    next = std::min(next, next_of(*this, one));
  }
  return next;
}

}  // namespace kith::internal
