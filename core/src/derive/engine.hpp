// Keeps derivations exactly true: what a write makes stale, recomputation that pulls stale inputs, valid_until, and the
// edges that somebody waits for. The rules are those of design/derivations.md, "Freshness" and "Edges".
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "access/unit.hpp"

namespace kith::internal::derive {

/// One value as it is kept.
struct Stored {
  bool present = false;
  Value value, band;
  std::int64_t as_of = 0, until = 0;
};
/// What a round of due work came to.
struct Settled {
  std::int64_t records = 0;
  bool more = false;   ///< it stopped at its limit or its time
  bool wrote = false;  ///< there is something to commit
};
/// One value of one record.
struct Wanted {
  std::int32_t derivation = -1;
  RecordId record;
};

/// Derivations of one unit: one engine for as long as the unit lives. Keeps what it has read and settled in memory, and
/// writes it at flush(); a savepoint of the unit takes it back too.
class Engine {
 public:
  explicit Engine(access::Unit& unit);
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  ~Engine();
  /// The unit's own.
  static Engine& of(access::Unit& unit) { return unit.own<Engine>(); }

  /// A write to a record, before its row is written: `before` null = it is made, `after` null = it is removed. Values
  /// that somebody waits for and that are due are brought up first, with the facts as they were.
  void touching(std::int32_t record_type, const RecordId& id, const store::Row* before, const store::Row* after,
                std::span<const std::int32_t> changed);
  /// The same write, after its row is written. `rid`: of the row, where it is new.
  void touched(std::int32_t record_type, const RecordId& id, const store::Row* before, const store::Row* after,
               std::int64_t rid = 0);
  /// An edge that is about to be added or ended; and once it is.
  void relating(const store::Edge& edge);
  void related(const store::Edge& edge);
  /// The end of a transaction, or of one run of a workflow: values that somebody waits for are settled, and their
  /// changes since the step began are announced.
  void finish_step();
  /// What was settled and what is stale goes to the database. Before a commit, a savepoint, and SQL that reads it.
  void flush();

  /// Readers of one write beyond this number get one mark for all instead of one each (20,000).
  void mark_at_most(std::size_t records) noexcept;
  /// The end of a step settles only what somebody waits for; else what costs little is settled with it.
  void leave_to_due_work() noexcept;

  /// The value at the unit's now, its stale inputs first. Kept when the unit may write and nobody waits for its
  /// changes: those are for the end of a step, or for due work, to announce.
  expr::Timed value(std::int32_t derivation, const RecordId& id);
  std::string band(std::int32_t derivation, const RecordId& id);  ///< score: "" = none
  Stored stored(std::int32_t derivation, const RecordId& id);
  bool fresh(std::int32_t derivation, const RecordId& id);

  /// A view of a record for expressions: facts from the row, derivations through value(). Owned by the engine; valid
  /// until the next write to that record. nullptr: not there or not live.
  expr::RecordView* view(std::int32_t record_type, const RecordId& id);
  bool is_live(std::int32_t record_type, const RecordId& id);
  /// The stored row, read once for as long as nobody writes it. nullptr: not there or not live.
  const store::Row* row(std::int32_t record_type, const RecordId& id);
  /// A view over a row that need not be stored (yet): the pipeline's new state, or the old one.
  std::unique_ptr<expr::RecordView> view_of(std::int32_t record_type, const RecordId& id, const store::Row& row);

  /// Settles what marks stand over, what is stale and what is due, and announces; then what is behind new definitions.
  /// At most `limit` records, and none is begun once `in_time` (may be empty) says no, save the first.
  Settled settle_some(std::int64_t limit, const std::function<bool()>& in_time = {});
  /// Makes these values fresh and keeps them, where they may be kept.
  void settle(std::span<const Wanted> values);
  /// Runs `body` while these derivations are fresh for every record. What due work has yet to announce is computed for
  /// the body alone. Throws budget_exceeded where more than `limit` records would have to be settled.
  void for_query(std::span<const std::int32_t> derivations, std::int64_t limit, const std::function<void()>& body);
  /// Whether these derivations are fresh for every record: nothing stale, due or behind.
  bool settled(const std::vector<std::int32_t>& derivations);
  std::int64_t pending();                  ///< records to be settled (one may count more than once)
  std::optional<std::int64_t> next_due();  ///< when there is something to settle; nullopt: never by time alone

  /// Drops all that is known, a step under way too: the transaction was rolled back and begins anew.
  void forget();

  /// All derivations that read the set become stale.
  void parameters_published(std::string_view set);
  /// The tenant's clock was set back: what was derived at a later now counts as never settled, without an event.
  void clock_set_back();

 private:
  expr::RecordView* actor();
  struct Body;
  std::unique_ptr<Body> body_;
};

}  // namespace kith::internal::derive
