// A record as one change left it, and as it found it: its present row with what came later taken back, change by
// change.
#pragma once
#include <optional>

#include "access/unit.hpp"

namespace kith::internal::react {

struct RecordThen {
  bool is_now = false;               ///< nothing came later: `after` is left out, the present row is the one
  std::optional<store::Row> after;   ///< as the event left it
  std::optional<store::Row> before;  ///< as the event found it; nullopt: there was no such record, or nobody asked
};

/// Nothing when there is no such record, not even a removed one. `with_before`: somebody reads the old values.
/// `version`: of the present row, which tells whether anything came later.
std::optional<RecordThen> record_then(access::Unit& unit, const store::LogEntry& entry, bool with_before,
                                      std::int64_t version);

}  // namespace kith::internal::react
