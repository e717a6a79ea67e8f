// The derived side of one record, as a unit of work knows it: read once, settled in memory, written once.
#pragma once
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "derive/compute/difference.hpp"
#include "derive/plan/slots.hpp"
#include "store/rows/derived_rows.hpp"

namespace kith::internal::derive {

/// A watched value as it was before the step that touched it.
struct Before {
  std::size_t position;
  Value value, band;
};

struct State {
  State(std::int32_t type, const RecordId& record) : record_type(type), id(record) {}

  std::int32_t record_type;
  RecordId id;
  std::int64_t rid = 0;   ///< of the record's row; 0: not known yet
  store::DerivedRow row;  ///< values by position in the type's plan
  Slots hard, soft;       ///< stale: what they read was written; what they read may have changed
  store::Cause cause;     ///< the deepest of those by which they became so
  Slots computed;         ///< in a unit that only reads: not as the database has them
  Slots step;             ///< watched values that the step has touched
  std::vector<Before> before;
  Differences differences;  ///< what children have added and taken away since the values were right

  bool loaded = false;        ///< the row and the dirty row of the database are in here
  bool listed = false;        ///< among those that the step has touched
  bool lazy = false;          ///< one of very many that a write has reached: left to due work
  bool born = false;          ///< made by this step
  bool catching_up = false;   ///< is being settled by definitions that are new to it
  bool gone = false;          ///< not there, or removed
  bool stored_row = false;    ///< the database has a derived row
  bool stored_dirty = false;  ///< the database has a dirty row
  bool queued = false;        ///< among those that wait to be written
  bool row_changed = false;
  bool dirty_changed = false;

  bool named(std::size_t position) const { return hard.has(position) || soft.has(position); }
};

}  // namespace kith::internal::derive
