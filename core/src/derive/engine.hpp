// Keeps derivations exactly true: marks on writes, recomputation that pulls stale inputs, valid_until.
// The rules are those of design/derivations.md, "Freshness".
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "access/unit.hpp"

namespace kith::internal::derive {

/// Derivations of one unit. Cheap to make; caches rows and computed values until the unit ends or writes.
class Engine {
 public:
  explicit Engine(access::Unit& unit);
  ~Engine();

  /// A write to a record: `before` null = created, `after` null = removed. Call after the row is written, once per
  /// primitive write. Walks every path backwards over the edges before and after; direct readers hard, transitive soft.
  void touched(std::int32_t record_type, const RecordId& id, const store::Row* before, const store::Row* after,
               std::span<const std::int32_t> changed);
  /// An edge that was added or ended, after it is written.
  void related(const store::Edge& edge);
  /// Marks gathered since the last flush go to the database; called before commit and before anything here reads them.
  void flush();

  /// Readers of one write beyond this number get one mark for all instead of one each (20,000).
  void mark_at_most(std::size_t records) noexcept;

  /// The value at the unit's now. Stored and fresh: read; else computed, its stale inputs first, and stored when the
  /// unit may write. In a reading unit it is computed and kept for the unit only.
  expr::Timed value(std::int32_t derivation, const RecordId& id);
  std::string band(std::int32_t derivation, const RecordId& id);  ///< score: "" = none
  store::Derived stored(std::int32_t derivation, const RecordId& id) const;
  bool fresh(std::int32_t derivation, const RecordId& id);

  /// A view of a record for expressions: facts from the row, derivations through value(). Owned by the engine; valid
  /// until the next touched() of that record. nullptr: not there or not live.
  expr::RecordView* view(std::int32_t record_type, const RecordId& id);
  /// A view over a row that need not be stored (yet): the pipeline's new state, or the old one.
  std::unique_ptr<expr::RecordView> view_of(std::int32_t record_type, const RecordId& id, const store::Row& row);

  /// Settles marked, due, missing and scope-marked records of all derivations, at most `limit` records. Returns how
  /// many were settled; fewer than `limit` means nothing is left at this now.
  std::int64_t settle_some(std::int64_t limit);
  /// The same for these derivations only (and what they read): before a query. Throws budget_exceeded with the count
  /// left.
  void settle_for_query(const std::vector<std::int32_t>& derivations, std::int64_t limit);
  /// Whether these derivations (and what they read) are fresh for every record: nothing marked, due or missing.
  bool settled(const std::vector<std::int32_t>& derivations);
  std::int64_t pending();                  ///< records with marks or due, over all derivations (may count one twice)
  std::optional<std::int64_t> next_due();  ///< earliest valid_until

  /// Drops cached rows and values after the database went back to a savepoint. Marks gathered since then stay: a mark
  /// too many costs a recomputation and is never wrong. Call flush() before setting a savepoint, so that marks older
  /// than it are in the database when it is rolled back.
  void forget();

  /// All derivations that read the set become stale.
  void parameters_published(std::string_view set);

 private:
  expr::RecordView* actor();
  struct Body;
  std::unique_ptr<Body> body_;
};

}  // namespace kith::internal::derive
