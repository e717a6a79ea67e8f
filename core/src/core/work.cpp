#include "core/work.hpp"

#include <algorithm>

namespace kith::internal {
namespace {

std::int64_t now_of(Core& core, store::Connection& connection, std::int64_t tenant) {
  store::Records records(connection, core.layout(), tenant);
  return std::max(core.clock(), kept_clock(store::Journal(records)));
}

TenantClock clock_of(Core& core, const Core::Tenant& tenant, store::Connection& connection) {
  store::Records records(connection, core.layout(), tenant.number);
  return {core, tenant, store::Journal(records)};
}

access::Principal principal_of(const Core::Tenant& tenant, const std::string& actor) {
  return {tenant.name, tenant.number, actor};
}

store::Writer take_writer(Core& core, const Core::Tenant& tenant, const std::string& actor, store::WriterUse use) {
  if (core.read_only()) {
    Problem p;
    p.number = ProblemNumber::file_locked;
    p.message = "the core was opened for reading only";
    p.fix = "open it for writing (without --read-only, read_only of the options), when no other program holds the file";
    throw Error(p);
  }
  if (use.who.empty()) use.who = writer_of(tenant, actor);
  return core.database().write(kWriterWaitUs, std::move(use));
}

}  // namespace

std::string writer_of(const Core::Tenant& tenant, const std::string& actor) {
  return "actor '" + actor + "' of tenant '" + tenant.name + "'";
}

Writing::Writing(Core& core, const Core::Tenant& tenant, const std::string& actor, store::Cause cause,
                 store::WriterUse use)
    : core_(core),
      writer_(take_writer(core, tenant, actor, std::move(use))),
      clock_(clock_of(core, tenant, writer_.connection())) {
  unit_ = std::make_unique<access::Unit>(writer_.connection(), core.layout(), principal_of(tenant, actor),
                                         clock_.now_us(), true, core.ids(), &core.functions(), std::move(cause));
  derivations_ = &derive::Engine::of(*unit_);
  facts_ = std::make_unique<facts::Transaction>(*unit_, *derivations_);
}

Writing::~Writing() {
  facts_.reset();
  unit_.reset();
}

void Writing::commit() {
  facts_->finish();
  derivations_->finish_step();
  derivations_->flush();
  clock_.keep(unit_->journal);
  writer_.commit();
  clock_.tell();
  warn();
  core_.wake();
}

void Writing::commit_without_facts() {
  derivations_->flush();
  clock_.keep(unit_->journal);
  writer_.commit();
  clock_.tell();
  warn();
}

void Writing::warn() {
  for (const std::string& warning : unit_->warnings) core_.log().warning(warning);
  unit_->warnings.clear();
}

Reading::Reading(Core& core, const Core::Tenant& tenant, const std::string& actor, std::optional<std::int64_t> now,
                 const Stop* stop)
    : reader_(core.database().read(kReaderWaitUs, stop)) {
  const std::int64_t at = now ? *now : now_of(core, reader_.connection(), tenant.number);
  unit_ = std::make_unique<access::Unit>(reader_.connection(), core.layout(), principal_of(tenant, actor), at, false,
                                         core.ids(), &core.functions());
  derivations_ = &derive::Engine::of(*unit_);
}

}  // namespace kith::internal
