// A tenant's now never goes back: it is the later of the host's clock and the latest instant that was committed. So a
// clock that was ahead once makes time stand still until it is reached; that is told, shown, and can be put right.
#pragma once
#include <boost/json/fwd.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/core.hpp"

namespace kith::internal {

/// What a tenant's clock has been through. 0: nothing of the kind.
struct ClockNotes {
  std::int64_t kept_us = 0;          ///< the latest instant committed
  std::int64_t stepped_from_us = 0;  ///< the last step ahead beyond max_clock_step: from the last commit before it
  std::int64_t stepped_to_us = 0;    ///< to the commit that made it
};
ClockNotes clock_notes(const store::Journal& journal);
std::int64_t kept_clock(const store::Journal& journal);

/// The now of one transaction, and what is to be kept and told of it.
class TenantClock {
 public:
  TenantClock(Core& core, const Core::Tenant& tenant, const store::Journal& journal);
  std::int64_t now_us() const noexcept { return now_us_; }
  void keep(store::Journal& journal) const;  ///< in the transaction
  void tell() const;                         ///< to the log, once it is committed

 private:
  bool stepped() const;
  Core& core_;
  const Core::Tenant& tenant_;
  std::int64_t kept_us_, host_us_, now_us_;
};

/// The verb "clock.set": sets the clocks of tenants that stand behind `instant` back to it, audited: what was derived
/// at a later now counts as never settled, what waits for one waits no longer than until `instant`. Facts stay as
/// written.
boost::json::object verb_clock_set(Core& core, const boost::json::object& args);
/// Who set the clock last, for doctor; "" = nobody.
std::string last_clock_set(store::Records& records);

}  // namespace kith::internal
