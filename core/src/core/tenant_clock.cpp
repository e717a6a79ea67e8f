#include "core/tenant_clock.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "base/time/time.hpp"
#include "core/verbs.hpp"
#include "core/work.hpp"
#include "store/rows/positions.hpp"

namespace kith::internal {

namespace json = boost::json;

namespace {

// Kept as positions of consumers of their own, which read no events.
constexpr std::string_view kKept = "#clock";
constexpr std::string_view kSteppedFrom = "#clock:from";
constexpr std::string_view kSteppedTo = "#clock:to";
constexpr std::string_view kSetClock = "set_clock";
constexpr std::int64_t kStandsStillUs = 60 * kMicrosPerSecond;  // a clock that is so far behind is told in the log

std::string distance(std::int64_t us) {
  const std::int64_t days = us / kMicrosPerDay;
  if (days > 0) return std::to_string(days) + (days == 1 ? " day" : " days");
  return format_duration(us / kMicrosPerSecond * kMicrosPerSecond);
}

}  // namespace

std::int64_t kept_clock(const store::Journal& journal) { return journal.cursor(kKept); }

ClockNotes clock_notes(const store::Journal& journal) {
  return {journal.cursor(kKept), journal.cursor(kSteppedFrom), journal.cursor(kSteppedTo)};
}

TenantClock::TenantClock(Core& core, const Core::Tenant& tenant, const store::Journal& journal)
    : core_(core),
      tenant_(tenant),
      kept_us_(kept_clock(journal)),
      host_us_(core.clock()),
      now_us_(std::max(host_us_, kept_us_)) {}

bool TenantClock::stepped() const { return kept_us_ > 0 && host_us_ - kept_us_ > core_.config().max_clock_step_us; }

void TenantClock::keep(store::Journal& journal) const {
  if (now_us_ <= kept_us_) return;
  journal.set_cursor(kKept, now_us_);
  if (!stepped()) return;
  journal.set_cursor(kSteppedFrom, kept_us_);
  journal.set_cursor(kSteppedTo, now_us_);
}

void TenantClock::tell() const {
  if (stepped()) {
    core_.log().warning("the clock of tenant '" + tenant_.name + "' went ahead by " + distance(host_us_ - kept_us_) +
                        " since the last commit, from " + format_instant(kept_us_) + " to " + format_instant(host_us_) +
                        "; it never goes back by itself: see kith doctor if the host's clock was wrong");
  } else if (kept_us_ - host_us_ > kStandsStillUs) {
    core_.tell_once("clock behind " + tenant_.name,
                    "the clock of tenant '" + tenant_.name + "' stands still at " + format_instant(kept_us_) + ", " +
                        distance(kept_us_ - host_us_) + " ahead of the host's, until that reaches it: see kith doctor");
  }
}

std::string last_clock_set(store::Records& records) { return store::last_act(records, kSetClock); }

namespace {

/// One tenant's clock set back to `instant`; where it stood.
std::int64_t set_back(Core& core, const Core::Tenant& tenant, const std::string& actor, std::int64_t instant) {
  Writing work(core, tenant, actor, store::Cause{"clock", 0, false, "the clock that was set back"});
  access::Unit& unit = work.unit();
  unit.now = instant;  // what is marked now is marked at the right time
  const std::int64_t stood = kept_clock(unit.journal);
  const std::string text = "set back from " + format_instant(stood) + " to " + format_instant(instant) + " by " + actor;
  store::note_act(unit.records, kSetClock, instant, text);
  unit.journal.set_cursor(kKept, instant);
  unit.journal.set_cursor(kSteppedFrom, 0);
  unit.journal.set_cursor(kSteppedTo, 0);
  store::bring_runs_forward(unit.records, instant);
  work.derivations().clock_set_back();
  work.commit_without_facts();
  core.log().warning("the clock of tenant '" + tenant.name + "' was " + text);
  return stood;
}

std::int64_t instant_argument(Core& core, const json::object& args) {
  const std::string text = text_argument(args, "instant");
  const std::optional<std::int64_t> instant = parse_instant(text);
  if (!instant) throw Error(ProblemNumber::usage, "'" + text + "' is no instant", "write it as 2026-12-31T08:00:00Z");
  if (*instant > core.clock() + core.config().max_clock_step_us) {
    Problem p;
    p.number = ProblemNumber::usage;
    p.message = "the clock can't be set ahead: " + format_instant(*instant) + " has not come yet";
    p.expected = "at most " + format_instant(core.clock() + core.config().max_clock_step_us) +
                 ": the host's clock, and the step that \"max_clock_step\" allows";
    p.fix = "if the host's clock is behind, put that right; the tenants' clocks then follow it by themselves";
    throw Error(std::move(p));
  }
  return *instant;
}

}  // namespace

json::object verb_clock_set(Core& core, const json::object& args) {
  const std::int64_t instant = instant_argument(core, args);
  const std::string actor = text_argument(args, "actor");
  const std::string only = text_argument(args, "tenant", "");
  if (actor.empty()) throw Error(ProblemNumber::usage, "setting the clock needs an actor: it is written to the log");
  if (!only.empty()) static_cast<void>(core.tenant(only));
  json::array changed;
  for (const Core::Tenant& tenant : core.tenants()) {
    if (tenant.number < 0 || (!only.empty() && tenant.name != only)) continue;
    std::int64_t stands = 0;
    {
      Reading reading(core, tenant, actor);
      stands = kept_clock(reading.unit().journal);
    }
    if (stands <= instant) continue;
    stands = set_back(core, tenant, actor, instant);
    changed.push_back(json::object{{"tenant", tenant.name}, {"from", format_instant(stands)}});
  }
  return {{"instant", format_instant(instant)}, {"changed", std::move(changed)}};
}

}  // namespace kith::internal
