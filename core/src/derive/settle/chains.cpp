// Watched values that time or a mark over many has changed: brought along their chain of instants, each step with the
// facts as they are and announced at its own instant (design/derivations.md, "Edges" 2 and 6).
#include <algorithm>
#include <utility>

#include "base/problem/error.hpp"
#include "derive/settle/during.hpp"
#include "derive/settle/settler.hpp"

namespace kith::internal::derive {
namespace {

/// In a user's own transaction; due work goes on where it stopped.
constexpr int kStepsAtOnce = 1'000;

}  // namespace

class Settler::At {
 public:
  At(Settler& settler, std::int64_t instant) : settler_(settler), before_(settler.instant_) { set(instant); }
  At(const At&) = delete;
  At& operator=(const At&) = delete;
  ~At() { set(before_); }

 private:
  void set(std::int64_t instant) {
    if (settler_.instant_ == instant) return;
    settler_.instant_ = instant;
    settler_.env_.now = instant;
    settler_.shelf_.at(instant);
    settler_.passing_.clear();
  }
  Settler& settler_;
  std::int64_t before_;
};

/// The value at an instant, stored. What changes is an edge of that instant.
void Settler::store_at(State& state, std::size_t position, std::int64_t instant, const store::Cause& cause,
                       std::vector<Edge>& edges) {
  store::DerivedSlot& slot = state.row.slots[position];
  Computed computed;
  {
    const At at(*this, instant);
    computed = compute(derivation_of(state, position), *shelf_.live(state.record_type, state.id), state.id);
  }
  note_failure(state, position, computed.failure);
  const std::int64_t until = std::max(computed.until, instant + 1);
  const bool nearer = until < slot.until;
  const bool changed = !(slot.value == computed.value && slot.band == computed.band);
  if (changed) {
    const bool of_band = derivation_of(state, position).kind == catalog::DerivationKind::score;
    const Value before = of_band ? slot.band : slot.value;
    slot.value = std::move(computed.value);
    slot.band = std::move(computed.band);
    note(state, position, before, instant, cause, edges);
  }
  slot.until = until;
  state.row.as_of = std::max(state.row.as_of, instant);
  state.row_changed = true;
  if (state.named(position)) {
    state.hard.remove(position);
    state.soft.remove(position);
    state.dirty_changed = true;
  }
  state.differences.forget(position);
  queue(state);
  if (changed)
    propagate(state, position, cause);
  else if (nearer)
    lower(state, position);
}

/// Under marks of earlier transactions a record is evaluated once, for the latest of them, at its instant.
void Settler::bring_marks(State& state, std::vector<Edge>& edges) {
  if (scopes().empty() || scopes().back().row <= state.row.settled_to) return;
  const TypePlan& type = plan_of(state);
  for (std::size_t position = 0; position < type.derivations.size(); ++position) {
    const store::ScopeMark* mark = mark_over(state, position);
    if (mark == nullptr) continue;
    const store::ScopeMark latest = *mark;
    if (type.watched.has(position) && !state.step.has(position))
      store_at(state, position, std::min(latest.at_us, unit_->now), latest.cause, edges);
    else
      this->mark(state, position, true, latest.cause);
  }
  state.row.settled_to = scopes().back().row;
  state.row_changed = true;
  queue(state);
}

void Settler::bring_times(State& state, std::vector<Edge>& edges) {
  const TypePlan& type = plan_of(state);
  for (int steps = 0;; ++steps) {
    std::int64_t next = kForever;
    type.watched.each([&](std::size_t position) {
      if (!state.step.has(position) && !behind(state, position)) next = std::min(next, state.row.slots[position].until);
    });
    if (next > unit_->now) return;
    if (steps == kStepsAtOnce && !due_work_)
      throw Error(ProblemNumber::budget_exceeded,
                  "more than " + std::to_string(kStepsAtOnce) + " changes by time alone wait for this record",
                  "run what is due first (kith run-due, or the host's run_due), then write again");
    type.watched.each([&](std::size_t position) {
      if (state.step.has(position) || state.row.slots[position].until != next) return;
      store_at(state, position, next, time_cause(state, position), edges);
    });
  }
}

/// Values by definitions that are new to the record: silently, as of the instant at which these came; what time has
/// changed since is announced.
void Settler::catch_up(State& state) {
  if (state.gone || state.catching_up || !behind(state)) return;
  const auto& epochs = unit_->layout.numbers().epoch_us;
  const TypePlan& type = plan_of(state);
  const During catching_up(state.catching_up, true);
  const std::int64_t row_epoch = state.row.present ? state.row.epoch : -1;
  const auto is_new = [&](std::size_t position) {
    return row_epoch < unit_->layout.numbers().epoch[static_cast<std::size_t>(type.derivations[position])];
  };
  std::vector<Edge> edges;
  if (state.row.present) {
    bring_marks(state, edges);
    bring_times(state, edges);
  }
  Slots new_to_it;
  for (std::size_t position = 0; position < type.derivations.size(); ++position)
    if (is_new(position)) new_to_it.add(position);
  found_row(state);
  new_to_it.both(type.watched).each([&](std::size_t position) {
    const std::int64_t came = epochs[static_cast<std::size_t>(type.derivations[position])];
    std::vector<Edge> silent;
    store_at(state, position, std::min(came, unit_->now), {"definition", 0, false, {}}, silent);
  });
  bring_times(state, edges);
  announce(edges);
  {
    const During<const State*> whole(whole_, &state);
    for (std::size_t position = 0; position < type.derivations.size(); ++position) ensure(state, position);
  }
  seal(state);
}

void Settler::bring(State& state) {
  if (state.gone || state.born) return;
  if (behind(state)) return catch_up(state);
  if (plan_of(state).watched.empty()) return;
  if (scopes().empty() && state.row.next_until() > unit_->now) return;
  std::vector<Edge> edges;
  bring_marks(state, edges);
  bring_times(state, edges);
  announce(edges);
}

}  // namespace kith::internal::derive
