// What the engine keeps beside the facts: derived rows, the records whose derived values are stale, and marks over
// whole types. One row per record each (design/storage.md, "Derived tables"; design/derivations.md, "Freshness").
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "store/rows/journal.hpp"

namespace kith::internal::store {

struct DerivedSlot {
  Value value, band;
  std::int64_t until = kForever;
};

/// The derived values of one record, in the order of the type's derivations in the catalog.
struct DerivedRow {
  bool present = false;
  std::int64_t as_of = 0;       ///< the instant for which they were last settled
  std::int64_t settled_to = 0;  ///< the last scope mark that is in them
  std::int64_t epoch = 0;       ///< the catalog's number when they were last settled whole
  std::vector<DerivedSlot> slots;
  /// The least of the untils; kForever: time alone changes nothing.
  std::int64_t next_until() const;
};

/// The record's derivations that are stale, by catalog number, and the deepest cause by which they became so.
struct DirtyRow {
  std::vector<std::int32_t> hard;  ///< what they read was written
  std::vector<std::int32_t> soft;  ///< what they read may have changed
  Cause cause;
};

/// Derivations of all records of a type became stale at once. `after`: records up to here are done.
struct ScopeMark {
  std::int64_t row = 0;  ///< grows, never comes twice: what DerivedRow::settled_to is compared with
  std::int64_t at_us = 0;
  std::int32_t record_type = -1;
  std::vector<std::int32_t> derivations;
  RecordId after;
  Cause cause;
};

/// How far the records of a type are settled by definitions that came later than they. `after`: records up to here are
/// done; kLastRecord: all of them.
struct Backfill {
  std::int64_t epoch = 0;
  RecordId after;
};
/// After every other id.
inline constexpr RecordId kLastRecord{
    {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}};

/// Of two causes of one change: automation that is wanted by any of them wins, then the longest chain.
bool outranks(const Cause& a, const Cause& b);

/// A value that a plugin's function failed to give: it is unknown, and why.
struct FailedValue {
  std::int32_t record_type = -1;
  RecordId record;
  std::int32_t derivation = -1;
  std::int64_t at_us = 0;
  std::string reason;
};

class DerivedRows {
 public:
  explicit DerivedRows(Records& records) : records_(&records) {}

  /// `rid`: of the record's row, whose key the derived row shares.
  DerivedRow load(std::int32_t record_type, std::int64_t rid) const;
  void insert(std::int32_t record_type, std::int64_t rid, const DerivedRow& row);
  void update(std::int32_t record_type, std::int64_t rid, const DerivedRow& row);
  void remove(std::int32_t record_type, std::int64_t rid);
  /// Records whose values can change by `now` with no write, the earliest first.
  std::vector<RecordId> due(std::int32_t record_type, std::int64_t now, std::int64_t limit) const;
  std::optional<std::int64_t> next_due(std::int32_t record_type) const;
  std::int64_t count_due(std::int32_t record_type, std::int64_t now) const;
  /// Records behind `after` in id order that were never settled, or before `epoch`.
  std::vector<RecordId> behind(std::int32_t record_type, std::int64_t epoch, const RecordId& after,
                               std::int64_t limit) const;
  Backfill backfill(std::int32_t record_type) const;
  void set_backfill(std::int32_t record_type, const Backfill& backfill);
  /// Records whose derived ref names the target.
  std::vector<RecordId> holders(std::int32_t record_type, std::int32_t member, const RecordId& target) const;

  bool any_dirty(std::int32_t record_type) const;
  std::optional<DirtyRow> dirty(std::int32_t record_type, const RecordId& id) const;
  /// Replaces what was there.
  void set_dirty(std::int32_t record_type, const RecordId& id, const DirtyRow& row);
  /// Adds to what is there.
  void add_dirty(std::int32_t record_type, const RecordId& id, const DirtyRow& row);
  void clear_dirty(std::int32_t record_type, const RecordId& id);
  std::vector<RecordId> dirty_records(std::int32_t record_type, const RecordId& after, std::int64_t limit) const;
  std::int64_t count_dirty(std::int32_t record_type) const;

  ScopeMark add_scope(const ScopeMark& mark);  ///< gives it its row
  std::vector<ScopeMark> scopes() const;       ///< in the order in which they came
  void advance_scope(const ScopeMark& mark, const RecordId& after);
  void remove_scope(const ScopeMark& mark);

  bool any_failed() const;
  void set_failed(const FailedValue& failed);
  void clear_failed(std::int32_t record_type, const RecordId& id, std::int32_t derivation);
  std::vector<FailedValue> failed(std::int64_t limit) const;
  std::int64_t count_failed() const;

 private:
  Records* records_;
};

}  // namespace kith::internal::store
