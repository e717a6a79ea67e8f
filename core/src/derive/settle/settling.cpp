// One value made fresh: its inputs first, by difference where a child came or went, else computed; what reads it is
// told.
#include <algorithm>
#include <utility>

#include "base/problem/error.hpp"
#include "derive/settle/during.hpp"
#include "derive/settle/settler.hpp"

namespace kith::internal::derive {
namespace {

/// A set of children beyond this is not read for a value that nobody waits for.
constexpr std::int64_t kSmallSet = 64;

bool same(const store::DerivedSlot& a, const Computed& b) { return a.value == b.value && a.band == b.band; }

}  // namespace

/// Readers of a value that is not theirs to announce compute it for themselves: a watched one changes at the instant at
/// which it changes, whoever looks first.
bool Settler::may_keep(State& state, std::size_t position) {
  if (!unit_->writable || for_one_query_ || whole_ == &state) return true;
  const TypePlan& type = plan_of(state);
  if (type.automatic.has(position)) return false;
  return !type.watched.has(position) || state.step.has(position);
}

expr::Timed Settler::passing(const Slot& slot, bool band) {
  const auto known = passing_.find(slot);
  if (known != passing_.end()) return {band ? known->second.band : known->second.value, known->second.until};
  const catalog::Derivation& derivation = plan_->derivation(slot.derivation);
  RowView* record = shelf_.live(derivation.record_type, slot.record);
  if (record == nullptr) return {Value::null(), kForever};
  const Computed& computed = passing_[slot] = compute(derivation, *record, slot.record);
  return {band ? computed.band : computed.value, computed.until};
}

Computed Settler::compute_now(State& state, std::size_t position) {
  const catalog::Derivation& derivation = derivation_of(state, position);
  store::DerivedSlot& slot = state.row.slots[position];
  if (state.differences.has(position) && state.row.present && !behind(state, position) && slot.until > unit_->now &&
      mark_over(state, position) == nullptr) {
    if (auto changed = state.differences.apply(position, derivation, slot.value, slot.until))
      return {std::move(changed->value), {}, changed->until};
  }
  return compute(derivation, *shelf_.live(state.record_type, state.id), state.id);
}

void Settler::ensure(State& state, std::size_t position) {
  if (state.gone || is_fresh(state, position)) return;
  if (!state.row.present || behind(state)) {
    if (unit_->writable && !state.born && !state.catching_up) {
      catch_up(state);
      if (is_fresh(state, position)) return;
    }
    found_row(state);
  }
  if (cut_off(state, position)) return;
  const bool named = state.named(position);
  const store::Cause by_time = named ? store::Cause{} : time_cause(state, position);
  Computed computed = compute_now(state, position);
  keep(state, position, std::move(computed), named ? state.cause : by_time);
}

/// Why a value is made anew that nothing made stale.
store::Cause Settler::time_cause(const State& state, std::size_t position) const {
  const std::int64_t until = state.row.slots[position].until;
  return {
      "due:" + derivation_of(state, position).name + ":" + state.id.text() + ":" + std::to_string(until), 0, true, {}};
}

/// A row that today's definitions fit: what is new to it is stale, and said to be.
void Settler::found_row(State& state) {
  if (state.row.present && !behind(state)) return;
  const bool there = state.row.present;
  const std::size_t count = plan_of(state).derivations.size();
  if (!state.born && !state.hard.meets(plan_of(state).all)) state.cause = {"definition", 0, false, {}};
  for (std::size_t position = 0; position < count; ++position)
    if (!there || behind(state, position)) state.hard.add(position);
  state.row.present = true;
  state.row.epoch = unit_->layout.numbers().generation;
  if (!there) {
    state.row.settled_to = scopes().empty() ? 0 : scopes().back().row;
    state.row.as_of = instant_;
  }
  state.row_changed = true;
  state.dirty_changed = true;
  queue(state);
}

/// What is only said to have perhaps changed, and did not: its inputs are settled, and came out the same.
bool Settler::cut_off(State& state, std::size_t position) {
  const store::DerivedSlot& slot = state.row.slots[position];
  if (!unit_->writable || state.hard.has(position) || !state.soft.has(position) || behind(state, position) ||
      state.row.as_of > unit_->now || slot.until <= unit_->now || mark_over(state, position) != nullptr)
    return false;
  // A watched value was perhaps brought along its instants with inputs that nobody stored.
  if (plan_of(state).watched.has(position)) return false;
  const std::int32_t derivation = plan_of(state).derivations[position];
  const std::vector<Link>& inputs = plan_->inputs(derivation);
  // A watched input changes without a word to those who read it, unless this step has touched it.
  if (std::any_of(inputs.begin(), inputs.end(), [&](const Link& input) { return plan_->watched(input.derivation); }))
    return false;
  for (const Link& input : inputs) {
    const std::int32_t type = plan_->derivation(input.derivation).record_type;
    for (const RecordId& id : shelf_.forward(*input.path, state.record_type, state.id)) {
      State& other = loaded(type, id);
      if (other.gone) continue;
      ensure(other, plan_->position(input.derivation));
      if (!is_fresh(other, plan_->position(input.derivation))) return false;
    }
  }
  // Inputs that changed have said so by now, and brought the end of this value nearer where theirs came nearer.
  if (state.hard.has(position) || slot.until <= unit_->now) return false;
  state.soft.remove(position);
  state.dirty_changed = true;
  queue(state);
  return true;
}

void Settler::keep(State& state, std::size_t position, Computed&& computed, const store::Cause& why) {
  store::DerivedSlot& slot = state.row.slots[position];
  const bool changed = !same(slot, computed);
  const std::string failure = std::move(computed.failure);
  const std::int64_t until = std::max(computed.until, unit_->now + 1);
  const bool nearer = until < slot.until;
  if (changed) {
    slot.value = std::move(computed.value);
    slot.band = std::move(computed.band);
  }
  state.row_changed = state.row_changed || changed || until != slot.until || state.row.as_of > unit_->now;
  slot.until = until;
  if (state.row.as_of < unit_->now && state.row_changed) state.row.as_of = unit_->now;
  if (state.named(position)) {
    state.hard.remove(position);
    state.soft.remove(position);
    state.dirty_changed = true;
  }
  state.differences.forget(position);
  queue(state);
  passing_.clear();
  if (!unit_->writable) return state.computed.add(position);
  note_failure(state, position, failure);
  if (changed)
    propagate(state, position, why);
  else if (nearer)
    lower(state, position);
  if (plan_of(state).automatic.has(position)) announce_automatic(state, position, why);
}

/// A value that a plugin could not give is unknown until what it reads is written; who asks why, finds it here.
void Settler::note_failure(const State& state, std::size_t position, const std::string& failure) {
  if (for_one_query_) return;  // it is taken back
  if (!any_failed_) any_failed_ = unit_->derived.any_failed();
  if (failure.empty() && !*any_failed_) return;
  const catalog::Derivation& derivation = derivation_of(state, position);
  if (failure.empty()) return unit_->derived.clear_failed(state.record_type, state.id, derivation.number);
  any_failed_ = true;
  unit_->derived.set_failed({state.record_type, state.id, derivation.number, unit_->now, failure});
  unit_->warnings.push_back(derivation.name + " of " + unit_->catalog().type(state.record_type).name + "/" +
                            state.id.text() + " is unknown: " + failure);
}

/// A watched reader is touched by the step that wrote what it reads, or due by its own time: it is never marked by a
/// value.
void Settler::propagate(State& state, std::size_t position, const store::Cause& why) {
  const std::int32_t derivation = plan_of(state).derivations[position];
  for (const Link& reader : plan_->readers(derivation)) {
    const bool watched = plan_->watched(reader.derivation);
    const std::size_t reading = plan_->position(reader.derivation);
    const std::int32_t type = plan_->derivation(reader.derivation).record_type;
    for (const RecordId& id : shelf_.back(*reader.path, state.record_type, state.id, nullptr)) {
      State& other = this->state(type, id);
      if (watched && !other.soft.has(reading)) continue;
      // What was never settled is stale as it is.
      if (other.loaded && (other.gone || !other.row.present)) continue;
      other.differences.forget(reading);
      mark(other, reading, true, why);
    }
  }
}

void Settler::mark(State& state, std::size_t position, bool hard, const store::Cause& why) {
  if ((state.hard.empty() && state.soft.empty()) || store::outranks(why, state.cause)) state.cause = why;
  (hard ? state.hard : state.soft).add(position);
  state.dirty_changed = true;
  passing_.clear();
  queue(state);
}

void Settler::lower(State& state, std::size_t position) {
  const std::int64_t until = state.row.slots[position].until;
  const std::int32_t derivation = plan_of(state).derivations[position];
  for (const Link& reader : plan_->readers(derivation)) {
    const std::size_t reading = plan_->position(reader.derivation);
    const std::int32_t type = plan_->derivation(reader.derivation).record_type;
    for (const RecordId& id : shelf_.back(*reader.path, state.record_type, state.id, nullptr)) {
      State& other = loaded(type, id);
      if (other.gone || !other.row.present || other.row.slots[reading].until <= until) continue;
      other.row.slots[reading].until = until;
      other.row_changed = true;
      queue(other);
      lower(other, reading);
    }
  }
}

/// All that is stale, in the order of dependency. Afterwards the record is as of the unit's now, by today's
/// definitions.
void Settler::settle_whole(State& state) {
  if (state.gone) return;
  if (behind(state) && !state.born) catch_up(state);
  {
    const During<const State*> whole(whole_, &state);
    const std::size_t count = plan_of(state).derivations.size();
    for (std::size_t position = 0; position < count; ++position) ensure(state, position);
  }
  seal(state);
}

/// Nothing of the record is stale.
void Settler::seal(State& state) {
  store::DerivedRow& row = state.row;
  const std::int64_t epoch = unit_->layout.numbers().generation;
  const std::int64_t settled_to = scopes().empty() ? row.settled_to : std::max(row.settled_to, scopes().back().row);
  if (row.present && row.epoch == epoch && row.settled_to == settled_to) return;
  row.present = true;
  row.epoch = epoch;
  row.settled_to = settled_to;
  row.as_of = std::max(row.as_of, unit_->now);
  state.row_changed = true;
  queue(state);
}

bool Settler::costs_much(State& state, std::size_t position) {
  const TypePlan& type = plan_of(state);
  if (type.far.has(position)) return true;
  if (!type.over_children.has(position) || state.differences.has(position)) return false;
  const std::vector<expr::Hop>& sets = type.sets[position];
  return std::any_of(sets.begin(), sets.end(), [&](const expr::Hop& set) {
    return !shelf_.is_small(state.record_type, set.member, state.id, kSmallSet);
  });
}

/// What costs little is settled with the step that made it stale: one write of the row then says it all. The rest waits
/// for whoever asks, or for due work.
void Settler::settle_cheap(State& state) {
  if (state.gone) return;
  if (state.born) found_row(state);
  const TypePlan& type = plan_of(state);
  const During<const State*> whole(whole_, &state);
  Slots left;
  for (std::size_t position = 0; position < type.derivations.size(); ++position) {
    if (is_fresh(state, position)) continue;
    const bool not_ours = type.watched.has(position) && !state.step.has(position);
    if (not_ours || type.inputs[position].meets(left) || costs_much(state, position))
      left.add(position);
    else
      ensure(state, position);
  }
  if (left.empty()) seal(state);
}

}  // namespace kith::internal::derive
