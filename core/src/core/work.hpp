// One transaction, or one reading snapshot, with everything that works in it. The only place where units are made.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "core/core.hpp"
#include "core/tenant_clock.hpp"
#include "derive/engine.hpp"
#include "facts/transaction.hpp"

namespace kith::internal {

inline constexpr std::int64_t kWriterWaitUs = 30 * kMicrosPerSecond;  ///< in the fair queue of one process
inline constexpr std::int64_t kReaderWaitUs = 10 * kMicrosPerSecond;

/// "actor 'alice' of tenant 'acme'": as those are told who wait for the writer.
std::string writer_of(const Core::Tenant& tenant, const std::string& actor);

/// An open write transaction. Rolled back unless committed.
class Writing {
 public:
  /// `use`: how it takes the writer; without a name it is that of tenant and actor.
  Writing(Core& core, const Core::Tenant& tenant, const std::string& actor, store::Cause cause = {"call", 0, true, {}},
          store::WriterUse use = {""});
  ~Writing();
  /// Deferred checks, change log, events and marks; then durable.
  void commit();
  /// Commits what was written beside the save pipeline only.
  void commit_without_facts();

  access::Unit& unit() { return *unit_; }
  derive::Engine& derivations() { return *derivations_; }
  facts::Transaction& facts() { return *facts_; }

 private:
  void warn();
  Core& core_;
  store::Writer writer_;
  TenantClock clock_;
  std::unique_ptr<access::Unit> unit_;
  derive::Engine* derivations_ = nullptr;  ///< the unit's
  std::unique_ptr<facts::Transaction> facts_;
};

/// One snapshot for reading.
class Reading {
 public:
  /// `now`: a chosen instant; stored derivations are then not used.
  Reading(Core& core, const Core::Tenant& tenant, const std::string& actor,
          std::optional<std::int64_t> now = std::nullopt, const Stop* stop = nullptr);
  access::Unit& unit() { return *unit_; }
  derive::Engine& derivations() { return *derivations_; }

 private:
  store::Reader reader_;
  std::unique_ptr<access::Unit> unit_;
  derive::Engine* derivations_ = nullptr;  ///< the unit's
};

}  // namespace kith::internal
