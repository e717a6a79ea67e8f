// What a unit knows of the derived side of records: read once, believed while nothing contradicts it, written once.
#include <algorithm>
#include <utility>

#include "derive/settle/settler.hpp"

namespace kith::internal::derive {
namespace {

constexpr std::size_t kKeptRows = 30'000;  ///< between records of a batch, rows beyond this are let go
constexpr std::size_t kKeptStates = 20'000;

}  // namespace

Settler::Settler(access::Unit& unit)
    : unit_(&unit),
      env_(unit.env()),
      plan_(&Plan::of(unit.catalog())),
      shelf_(unit,
             [this](std::int32_t derivation, const RecordId& id, bool band) {
               return value({derivation, id}, band);
             }),
      instant_(unit.now),
      any_dirty_(unit.catalog().record_types.size()),
      backfills_(unit.catalog().record_types.size()) {}

State& Settler::state(std::int32_t record_type, const RecordId& id) {
  std::unique_ptr<State>& place = states_[{record_type, -1, id}];
  if (place == nullptr) {
    place = std::make_unique<State>(record_type, id);
    if (saved_) saved_->states.try_emplace({record_type, -1, id}, std::nullopt);
  } else if (saved_) {
    saved_->states.try_emplace({record_type, -1, id}, *place);
  }
  return *place;
}

State& Settler::loaded(std::int32_t record_type, const RecordId& id) {
  State& found = state(record_type, id);
  if (!found.loaded) load(found);
  return found;
}

bool Settler::any_dirty(std::int32_t record_type) {
  std::optional<bool>& known = any_dirty_[static_cast<std::size_t>(record_type)];
  if (!known) known = unit_->derived.any_dirty(record_type);
  return *known;
}

void Settler::load(State& state) {
  state.loaded = true;
  const RowView* view = shelf_.live(state.record_type, state.id);
  state.gone = view == nullptr;
  if (view == nullptr) {
    state.row.slots.resize(plan_of(state).derivations.size());
    return;
  }
  state.rid = view->rid();
  state.row = unit_->derived.load(state.record_type, state.rid);
  state.stored_row = state.row.present;
  if (!any_dirty(state.record_type)) return;
  const std::optional<store::DirtyRow> dirty = unit_->derived.dirty(state.record_type, state.id);
  if (!dirty) return;
  const bool marked = !state.hard.empty() || !state.soft.empty();
  if (!marked || store::outranks(dirty->cause, state.cause)) state.cause = dirty->cause;
  state.stored_dirty = true;
  state.dirty_changed = marked;
  for (const std::int32_t derivation : dirty->hard) {
    state.hard.add(plan_->position(derivation));
    state.differences.forget(plan_->position(derivation));
  }
  for (const std::int32_t derivation : dirty->soft) state.soft.add(plan_->position(derivation));
}

const std::vector<store::ScopeMark>& Settler::scopes() {
  if (!scopes_) scopes_ = unit_->derived.scopes();
  return *scopes_;
}

/// Its definition is newer than the record's last whole settling.
bool Settler::behind(const State& state, std::size_t position) const {
  const std::int32_t derivation = plan_of(state).derivations[position];
  return state.row.epoch < unit_->layout.numbers().epoch[static_cast<std::size_t>(derivation)];
}

bool Settler::behind(const State& state) const {
  return !state.row.present ||
         state.row.epoch < unit_->layout.numbers().type_epoch[static_cast<std::size_t>(state.record_type)];
}

const store::ScopeMark* Settler::mark_over(const State& state, std::size_t position) {
  const store::ScopeMark* latest = nullptr;
  if (scopes().empty()) return nullptr;
  const std::int32_t derivation = plan_of(state).derivations[position];
  for (const store::ScopeMark& mark : scopes()) {
    if (mark.record_type != state.record_type || mark.row <= state.row.settled_to) continue;
    if (std::binary_search(mark.derivations.begin(), mark.derivations.end(), derivation)) latest = &mark;
  }
  return latest;
}

bool Settler::fresh_at(State& state, std::size_t position, std::int64_t instant) {
  return state.row.present && !state.named(position) && !behind(state, position) && state.row.as_of <= instant &&
         instant < state.row.slots[position].until && mark_over(state, position) == nullptr;
}

bool Settler::is_fresh(State& state, std::size_t position) { return fresh_at(state, position, unit_->now); }

State* Settler::known(const Slot& slot) {
  State& found = loaded(plan_->derivation(slot.derivation).record_type, slot.record);
  return found.gone ? nullptr : &found;
}

bool Settler::fresh(const Slot& slot) {
  State* state = known(slot);
  const std::size_t position = plan_->position(slot.derivation);
  return state == nullptr || (!state->computed.has(position) && is_fresh(*state, position));
}

Stored Settler::stored(const Slot& slot) {
  const State* state = known(slot);
  if (state == nullptr) return {};
  // What a reading unit has computed for itself is not stored.
  const store::DerivedRow& row =
      state->computed.empty() ? state->row : unit_->derived.load(state->record_type, state->rid);
  if (!row.present) return {};
  const store::DerivedSlot& found = row.slots[plan_->position(slot.derivation)];
  return {true, found.value, found.band, row.as_of, found.until};
}

expr::Timed Settler::value(const Slot& slot, bool band) {
  State& state = loaded(plan_->derivation(slot.derivation).record_type, slot.record);
  if (state.gone) return {Value::null(), kForever};
  const std::size_t position = plan_->position(slot.derivation);
  if (!fresh_at(state, position, instant_)) {
    if (instant_ != unit_->now || !may_keep(state, position)) return passing(slot, band);
    ensure(state, position);
  }
  const store::DerivedSlot& found = state.row.slots[position];
  return {band ? found.band : found.value, found.until};
}

void Settler::drop_dirty(State& state) {
  state.hard.clear();
  state.soft.clear();
  if (state.stored_dirty) unit_->derived.clear_dirty(state.record_type, state.id);
  state.stored_dirty = false;
  state.dirty_changed = false;
}

void Settler::write_dirty(State& state) {
  if (!state.dirty_changed) return;
  state.dirty_changed = false;
  store::DirtyRow row;
  row.cause = state.cause;
  const std::vector<std::int32_t>& numbers = plan_of(state).derivations;
  state.hard.each([&](std::size_t position) { row.hard.push_back(numbers[position]); });
  state.soft.each([&](std::size_t position) {
    if (!state.hard.has(position)) row.soft.push_back(numbers[position]);
  });
  if (row.hard.empty() && row.soft.empty()) {
    if (state.stored_dirty) unit_->derived.clear_dirty(state.record_type, state.id);
    state.stored_dirty = false;
    return;
  }
  any_dirty_[static_cast<std::size_t>(state.record_type)] = true;
  if (state.loaded)
    unit_->derived.set_dirty(state.record_type, state.id, row);
  else
    unit_->derived.add_dirty(state.record_type, state.id, row);
  state.stored_dirty = true;
}

void Settler::write(State& state) {
  if (state.gone) return;
  if (state.row_changed) {
    if (state.rid == 0) state.rid = unit_->reads.rid(access::Operation::derive, state.record_type, state.id);
    if (state.stored_row)
      unit_->derived.update(state.record_type, state.rid, state.row);
    else
      unit_->derived.insert(state.record_type, state.rid, state.row);
    state.stored_row = true;
    state.row_changed = false;
  }
  write_dirty(state);
}

void Settler::queue(State& state) {
  if (state.queued) return;
  state.queued = true;
  unwritten_.push_back(&state);
}

/// In the order of their records: new rows then lie behind each other, and no page is visited twice.
void Settler::flush() {
  if (!unit_->writable || unwritten_.empty()) return;
  std::sort(unwritten_.begin(), unwritten_.end(), [](const State* a, const State* b) {
    return a->record_type != b->record_type ? a->record_type < b->record_type : a->id < b->id;
  });
  // Once it is taken off the list, what changes while the others are written puts it on again.
  for (State* state : std::exchange(unwritten_, {})) {
    state->queued = false;
    write(*state);
  }
}

void Settler::forget() {
  saved_.reset();
  states_.clear();
  step_.clear();
  unwritten_.clear();
  passing_.clear();
  for (auto& announced : announced_) announced.clear();
  shelf_.forget_all();
  scopes_.reset();
  for (std::optional<bool>& known : any_dirty_) known.reset();
  for (std::optional<store::Backfill>& known : backfills_) known.reset();
  any_failed_.reset();
}

void Settler::save() {
  flush();
  saved_ = Saved{{}, step_};
}

/// The database is as it was at save(), and everything was written then: what has changed in memory since goes.
void Settler::restore() {
  if (!saved_) return forget();
  Saved saved = std::move(*saved_);
  saved_.reset();
  for (State* state : std::exchange(unwritten_, {})) state->queued = false;
  for (auto& [key, before] : saved.states) {
    if (!before) {
      states_.erase(key);
      continue;
    }
    State& state = *states_[key];
    state = std::move(*before);
    state.queued = false;
  }
  step_ = std::move(saved.step);
  passing_.clear();
  for (auto& announced : announced_) announced.clear();
  shelf_.forget_all();
  scopes_.reset();
  for (std::optional<bool>& known : any_dirty_) known.reset();
  for (std::optional<store::Backfill>& known : backfills_) known.reset();
  any_failed_.reset();
}

void Settler::release() { saved_.reset(); }

/// Between records of a batch, when nothing is under way.
void Settler::trim() {
  if (shelf_.size() > kKeptRows) shelf_.trim();
  if (states_.size() <= kKeptStates || !step_.empty() || saved_) return;
  flush();
  unwritten_.clear();
  states_.clear();
}

}  // namespace kith::internal::derive
