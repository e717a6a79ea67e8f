// A step: a transaction, or one run of a workflow. What it made stale and somebody waits for is settled before it ends,
// and each change is announced from the value before the step.
#include <algorithm>

#include "derive/settle/settler.hpp"

namespace kith::internal::derive {
namespace {

/// In a trigger only false -> true is news; for a score it is the band.
bool is_news(catalog::DerivationKind kind, const Value& before, const Value& after) {
  switch (kind) {
    case catalog::DerivationKind::segment: return before.is_true() != after.is_true();
    case catalog::DerivationKind::trigger: return !before.is_true() && after.is_true();
    case catalog::DerivationKind::score: return !(before == after);
    default: return false;
  }
}

store::Event event_of(const access::Unit& unit, const catalog::Derivation& derivation, const RecordId& id) {
  store::Event event;
  event.at_us = unit.now;
  event.kind = store::EventKind::derived;
  event.record_type = derivation.record_type;
  event.record = id;
  event.name = derivation.name;
  return event;
}

}  // namespace

void Settler::begin_step(State& state, const Slots& positions) {
  positions.each([&](std::size_t position) {
    if (state.step.has(position)) return;
    state.step.add(position);
    if (state.born || !state.row.present)
      state.before.push_back({position, Value::null(), Value::null()});
    else
      state.before.push_back({position, state.row.slots[position].value, state.row.slots[position].band});
  });
}

void Settler::note(State& state, std::size_t position, const Value& old_value, std::int64_t instant,
                   const store::Cause& cause, std::vector<Edge>& edges) {
  const catalog::Derivation& derivation = derivation_of(state, position);
  const bool of_band = derivation.kind == catalog::DerivationKind::score;
  const store::DerivedSlot& slot = state.row.slots[position];
  const Value& now = of_band ? slot.band : slot.value;
  if (!cause.automation || !is_news(derivation.kind, old_value, now)) return;
  edges.push_back({instant, &state, position, old_value, now, cause});
}

void Settler::announce(std::vector<Edge>& edges) {
  std::stable_sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) {
    return a.instant != b.instant ? a.instant < b.instant : a.position < b.position;
  });
  for (const Edge& edge : edges) {
    store::Event event = event_of(*unit_, derivation_of(*edge.state, edge.position), edge.state->id);
    event.at_us = edge.instant;
    // What a segment was before a record had any value of it: outside.
    const bool of_band = derivation_of(*edge.state, edge.position).kind == catalog::DerivationKind::score;
    event.before = !of_band && edge.old_value.is_null() ? Value::boolean(false) : edge.old_value;
    event.after = edge.new_value;
    event.cause = edge.cause;
    unit_->journal.add_event(event);
  }
}

/// What a lifecycle is to do by itself is said each time it is computed and is something: a state machine goes by what
/// is, so that a record that came back to a state before anybody looked moves again.
void Settler::announce_automatic(const State& state, std::size_t position, const store::Cause& why) {
  const Value& fires = state.row.slots[position].value;
  if (fires.is_null() || for_one_query_) return;
  // Whoever hears of it asks what fires by then, so that once is enough for as long as nobody can have heard.
  const Slot slot{plan_of(state).derivations[position], state.id};
  if (!announced_[why.automation ? 1 : 0].insert(slot).second) return;
  store::Event event = event_of(*unit_, derivation_of(state, position), state.id);
  event.after = fires;
  event.cause = why;
  unit_->journal.add_event(event);
}

void Settler::finish_step() {
  struct Todo {
    std::int32_t derivation;
    State* state;
    std::size_t position;
  };
  if (step_.empty()) return;
  std::vector<Todo> todo;
  for (State* state : step_) {
    this->state(state->record_type, state->id);  // a savepoint takes back what becomes of it
    if (state->born && !state->gone) found_row(*state);
    state->step.each([&](std::size_t position) {
      todo.push_back({plan_of(*state).derivations[position], state, position});
    });
  }
  std::sort(todo.begin(), todo.end(), [](const Todo& a, const Todo& b) {
    return a.derivation != b.derivation ? a.derivation < b.derivation : a.state->id < b.state->id;
  });
  for (const Todo& one : todo) ensure(*one.state, one.position);
  for (std::size_t i = 0; i < step_.size(); ++i)
    if (!step_[i]->lazy && !leave_to_due_work_) settle_cheap(*step_[i]);
  std::vector<Edge> edges;
  for (State* state : step_) {
    if (!state->gone) {
      for (const Before& before : state->before) {
        const bool of_band = derivation_of(*state, before.position).kind == catalog::DerivationKind::score;
        note(*state, before.position, of_band ? before.band : before.value, unit_->now, unit_->cause, edges);
      }
    }
    state->step.clear();
    state->before.clear();
    state->listed = state->lazy = state->born = false;
  }
  step_.clear();
  announce(edges);
}

}  // namespace kith::internal::derive
