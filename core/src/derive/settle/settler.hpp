// The engine behind Engine: what writes reach, freshness, settling, edges. The rules are those of
// design/derivations.md.
#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "access/unit.hpp"
#include "derive/compute/shelf.hpp"
#include "derive/engine.hpp"
#include "derive/plan/plan.hpp"
#include "derive/settle/state.hpp"

namespace kith::internal::derive {

/// What an evaluation of a derivation comes to.
struct Computed {
  Value value, band;
  std::int64_t until = kForever;
  std::string failure;  ///< what a plugin's function said that could not give its part
};

class Settler {
 public:
  explicit Settler(access::Unit& unit);

  // touching.cpp: writes
  void touching(const Touch& touch, std::span<const std::int32_t> changed);
  void touched(const Touch& touch, std::int64_t rid);
  void relating(const store::Edge& edge);
  void related();
  /// All records of these derivations, and of those that read them, are stale.
  void scope(std::span<const std::int32_t> derivations, const store::Cause& cause);
  void mark_at_most(std::size_t records) noexcept { most_reached_ = records; }

  void leave_to_due_work() noexcept { leave_to_due_work_ = true; }

  // states.cpp: what is known, and writing it
  State* known(const Slot& slot);
  bool fresh(const Slot& slot);
  Stored stored(const Slot& slot);
  expr::Timed value(const Slot& slot, bool band);
  void flush();
  void forget();
  void trim();
  void save();
  void restore();
  void release();

  // steps.cpp: the end of a step
  void finish_step();

  // computing.cpp
  Computed compute(const catalog::Derivation& derivation, RowView& record, const RecordId& id);
  Computed evaluated(const catalog::Derivation& derivation, RowView& record, const RecordId& id);
  std::unique_ptr<expr::RecordView> draft(std::int32_t record_type, const RecordId& id, const store::Row& row);

  // due_work.cpp
  Settled settle_some(std::int64_t limit, const std::function<bool()>& in_time);
  void settle_rows(std::span<const Slot> rows);
  void for_query(std::span<const std::int32_t> derivations, std::int64_t limit, const std::function<void()>& body);
  bool settled(const std::vector<std::int32_t>& derivations);
  std::int64_t pending();
  std::optional<std::int64_t> next_due();

  access::Unit& unit() noexcept { return *unit_; }
  const Plan& plan() const noexcept { return *plan_; }
  Shelf& shelf() noexcept { return shelf_; }

 private:
  /// An edge to be announced.
  struct Edge {
    std::int64_t instant;
    const State* state;
    std::size_t position;
    Value old_value, new_value;
    store::Cause cause;
  };
  /// Until it goes, evaluations are for another instant than the unit's now, and nothing that they come to is kept.
  class At;

  const TypePlan& plan_of(const State& state) const { return plan_->type(state.record_type); }
  const catalog::Derivation& derivation_of(const State& state, std::size_t position) const {
    return plan_->derivation(plan_of(state).derivations[position]);
  }

  // states.cpp
  State& state(std::int32_t record_type, const RecordId& id);
  State& loaded(std::int32_t record_type, const RecordId& id);
  void load(State& state);
  bool any_dirty(std::int32_t record_type);
  void queue(State& state);  ///< to be written by the next flush()
  void write(State& state);
  void write_dirty(State& state);
  void drop_dirty(State& state);
  bool behind(const State& state, std::size_t position) const;
  bool behind(const State& state) const;  ///< in any of its derivations
  const store::ScopeMark* mark_over(const State& state, std::size_t position);
  /// The value holds at the unit's now.
  bool is_fresh(State& state, std::size_t position);
  bool fresh_at(State& state, std::size_t position, std::int64_t instant);
  const std::vector<store::ScopeMark>& scopes();

  // settling.cpp
  void ensure(State& state, std::size_t position);
  bool may_keep(State& state, std::size_t position);
  bool cut_off(State& state, std::size_t position);
  Computed compute_now(State& state, std::size_t position);
  void keep(State& state, std::size_t position, Computed&& computed, const store::Cause& why);
  void note_failure(const State& state, std::size_t position, const std::string& failure);
  void mark(State& state, std::size_t position, bool hard, const store::Cause& why);
  void propagate(State& state, std::size_t position, const store::Cause& why);
  void lower(State& state, std::size_t position);
  void found_row(State& state);
  void seal(State& state);
  store::Cause time_cause(const State& state, std::size_t position) const;
  void settle_whole(State& state);
  void settle_cheap(State& state);
  bool costs_much(State& state, std::size_t position);
  expr::Timed passing(const Slot& slot, bool band);

  // chains.cpp
  void bring(State& state);
  void catch_up(State& state);
  void bring_marks(State& state, std::vector<Edge>& edges);
  void bring_times(State& state, std::vector<Edge>& edges);
  void store_at(State& state, std::size_t position, std::int64_t instant, const store::Cause& cause,
                std::vector<Edge>& edges);

  // steps.cpp
  void begin_step(State& state, const Slots& positions);
  void note(State& state, std::size_t position, const Value& old_value, std::int64_t instant, const store::Cause& cause,
            std::vector<Edge>& edges);
  void announce(std::vector<Edge>& edges);
  void announce_automatic(const State& state, std::size_t position, const store::Cause& why);

  // touching.cpp
  struct Reached;
  void reach(Reached& reached, const Reach& reach, std::int32_t type, const RecordId& id, const Touch* touch);
  void take(Reached& reached, const Touch* touch);
  Slots note_parts(State& state, const expr::Hop& set, const Slots& rollups, const Touch& touch);
  void begin_type(std::int32_t record_type);
  void bring_due(std::int32_t record_type, const Slots& slots);
  void leave_mark(std::int32_t record_type, const Slots& slots, const store::Cause& cause);

  // due_work.cpp
  struct Round;
  void forget_rest(State& state);
  bool settle_record(Round& round, std::int32_t record_type, const RecordId& id);
  void expand_marks(Round& round);
  void settle_dirty(Round& round);
  void settle_due(Round& round);
  void settle_behind(Round& round);
  std::optional<store::Backfill> backfill_of(std::int32_t record_type);
  void set_backfill(std::int32_t record_type, const store::Backfill& backfill);
  std::vector<RecordId> stale_records(std::int32_t record_type, const Slots& wanted, std::int64_t limit);
  std::int64_t pending_of(std::int32_t record_type);
  Error too_many(std::span<const std::int32_t> derivations, std::int64_t limit);

  access::Unit* unit_;
  expr::Env env_;
  const Plan* plan_;
  Shelf shelf_;
  std::int64_t instant_;          ///< for which evaluations are: the unit's now, or an earlier one along a chain
  const State* whole_ = nullptr;  ///< is being settled whole, with what is its own to announce
  bool due_work_ = false;         ///< due work may take as many steps as it needs
  bool for_one_query_ = false;    ///< what is settled is taken back: nothing is announced by it
  bool leave_to_due_work_ = false;
  std::size_t most_reached_ = 20'000;  ///< beyond this many records that one write reaches, one mark stands for all
  std::unordered_map<RecordKey, std::unique_ptr<State>, RecordKeyHash> states_;
  std::vector<State*> step_;  ///< touched since the step began
  std::vector<State*> unwritten_;
  /// Since save(): states as they were then; nothing: they were made since.
  struct Saved {
    std::unordered_map<RecordKey, std::optional<State>, RecordKeyHash> states;
    std::vector<State*> step;
  };
  std::optional<Saved> saved_;
  std::unordered_map<Slot, Computed, SlotHash> passing_;  ///< computed and not kept, for `instant_`
  std::unordered_set<Slot, SlotHash> announced_[2];  ///< automatic, in this unit; without what follows, and with it
  std::vector<std::optional<bool>> any_dirty_;
  std::optional<bool> any_failed_;
  std::optional<std::vector<store::ScopeMark>> scopes_;
  std::vector<std::optional<store::Backfill>> backfills_;  ///< by record type
};

}  // namespace kith::internal::derive
