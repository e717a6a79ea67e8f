// Due work: events become workflow runs, marked and expired derivations are made anew, in turns, until nothing is left
// at this now or the budget is spent.
#include <algorithm>
#include <chrono>

#include "core/core.hpp"
#include "core/work.hpp"

namespace kith::internal {
namespace {

constexpr std::int64_t kEventsPerTransaction = 200;
constexpr std::int64_t kRecordsPerTransaction = 500;
// Reactions go on for some transactions before values are made anew: a record that many events touch is then computed
// once, and a workflow that never comes to rest does not keep others from being settled.
constexpr int kReactionsInTurn = 50;
const std::string kActor = "system:kith";

bool react_once(Core& core, const Core::Tenant& tenant) {
  Writing work(core, tenant, kActor);
  const react::Progress progress = core.reactions().step(work.unit(), kEventsPerTransaction);
  work.commit();
  return progress.more;
}

bool settle_once(Core& core, const Core::Tenant& tenant) {
  Writing work(core, tenant, kActor);
  const std::int64_t settled = work.derivations().settle_some(kRecordsPerTransaction);
  work.commit_without_facts();
  return settled >= kRecordsPerTransaction;
}

bool anything_to_do(Core& core, const Core::Tenant& tenant) {
  Reading reading(core, tenant, kActor);
  return react::Reactions::pending(reading.unit()) > 0 || reading.derivations().pending() > 0;
}

std::int64_t next_of(Core& core, const Core::Tenant& tenant) {
  Reading reading(core, tenant, kActor);
  std::int64_t next = kForever;
  if (const auto due = reading.derivations().next_due()) next = std::min(next, *due);
  if (const auto due = react::Reactions::next_due(reading.unit())) next = std::min(next, *due);
  return next;
}

}  // namespace

std::int64_t Core::run_due(std::int64_t budget_us) {
  const Call call(*this);
  const auto until = std::chrono::steady_clock::now() + std::chrono::microseconds(budget_us);
  const auto in_time = [&] { return std::chrono::steady_clock::now() < until && !closing_; };
  std::int64_t next = kForever;
  for (const Tenant& one : tenants_) {
    bool more = anything_to_do(*this, one);
    while (more && in_time()) {
      bool left = false;
      while (settle_once(*this, one) && in_time()) left = true;
      bool events_left = true;
      for (int i = 0; events_left && i < kReactionsInTurn && in_time(); ++i) events_left = react_once(*this, one);
      more = left || events_left || anything_to_do(*this, one);
    }
    next = std::min(next, more ? clock() : next_of(*this, one));
  }
  return next;
}

}  // namespace kith::internal
