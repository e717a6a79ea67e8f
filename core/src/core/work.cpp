#include "core/work.hpp"

#include <algorithm>

namespace kith::internal {
namespace {

// A tenant's now never goes back: max(host clock, largest now committed). Kept as the position of a consumer of its
// own.
constexpr std::string_view kClockCursor = "#clock";

std::int64_t kept_clock(store::Connection& connection, const store::Layout& layout, std::int64_t tenant) {
  store::Records records(connection, layout, tenant);
  return store::Journal(records).cursor(kClockCursor);
}

access::Principal principal_of(const Core::Tenant& tenant, const std::string& actor) {
  return {tenant.name, tenant.number, actor};
}

store::Writer take_writer(Core& core) {
  if (core.read_only()) {
    Problem p;
    p.number = ProblemNumber::file_locked;
    p.message = "the core was opened for reading only";
    p.fix = "open it for writing (without --read-only, read_only of the options), when no other program holds the file";
    throw Error(p);
  }
  return core.database().write(kWriterWaitUs);
}

}  // namespace

Writing::Writing(Core& core, const Core::Tenant& tenant, const std::string& actor, store::Cause cause)
    : core_(core), writer_(take_writer(core)) {
  clock_before_ = kept_clock(writer_.connection(), core.layout(), tenant.number);
  const std::int64_t now = std::max(core.clock(), clock_before_);
  unit_ = std::make_unique<access::Unit>(writer_.connection(), core.layout(), principal_of(tenant, actor), now, true,
                                         core.ids(), &core.functions(), std::move(cause));
  derivations_ = &derive::Engine::of(*unit_);
  facts_ = std::make_unique<facts::Transaction>(*unit_, *derivations_);
}

Writing::~Writing() {
  facts_.reset();
  unit_.reset();
}

void Writing::keep_clock() {
  if (unit_->now > clock_before_) unit_->journal.set_cursor(kClockCursor, unit_->now);
}

void Writing::commit() {
  facts_->finish();
  derivations_->finish_step();
  derivations_->flush();
  keep_clock();
  writer_.commit();
  core_.wake();
}

void Writing::commit_without_facts() {
  derivations_->flush();
  keep_clock();
  writer_.commit();
}

Reading::Reading(Core& core, const Core::Tenant& tenant, const std::string& actor, std::optional<std::int64_t> now)
    : reader_(core.database().read(kReaderWaitUs)) {
  const std::int64_t at =
      now ? *now : std::max(core.clock(), kept_clock(reader_.connection(), core.layout(), tenant.number));
  unit_ = std::make_unique<access::Unit>(reader_.connection(), core.layout(), principal_of(tenant, actor), at, false,
                                         core.ids(), &core.functions());
  derivations_ = &derive::Engine::of(*unit_);
}

}  // namespace kith::internal
