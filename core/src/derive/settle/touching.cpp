// A write, before and after its row is written: which derivations of which records it reaches, over the edges before
// and after it. Watched values that are due are brought up to the instant first, with the facts as they were.
#include <algorithm>

#include "derive/settle/settler.hpp"

namespace kith::internal::derive {
namespace {

/// A write that reaches more watched values than these leaves a mark instead.
constexpr std::size_t kWatchedAtOnce = 1'000;
/// Records that one write reaches beyond these are left to due work, unless somebody waits for their values.
constexpr std::size_t kSettledAtOnce = 16;

const Value* ref_of(const store::Row* row, std::int32_t member) {
  if (row == nullptr) return nullptr;
  const Value& ref = (*row)[static_cast<std::size_t>(member)];
  return ref.kind == Kind::ref ? &ref : nullptr;
}

}  // namespace

/// What one write reaches: each record once, with all of its derivations.
struct Settler::Reached {
  struct One {
    std::int32_t record_type;
    RecordId id;
    Slots hard, soft;
    std::vector<std::pair<const Path*, Slots>> parts;  ///< sets over which the written child adds its own part
    bool lazy = false;
    void add_parts(const Path* path, const Slots& slots) {
      for (auto& [known, all] : parts)
        if (known == path) return all.add(slots);
      parts.emplace_back(path, slots);
    }
  };
  std::vector<One> records;
  std::unordered_map<RecordKey, std::size_t, RecordKeyHash> places;
  struct Walk {
    const Path* path;
    std::int32_t type;
    RecordId from;
    std::vector<RecordId> found;
  };
  std::vector<Walk> walks;  ///< of one path to one record: made once
  struct Mark {
    std::int32_t record_type;
    Slots slots;
  };
  std::vector<Mark> marks;

  One& of(std::int32_t record_type, const RecordId& id) {
    const auto [at, added] = places.try_emplace({record_type, -1, id}, records.size());
    if (added) records.push_back({record_type, id, {}, {}, {}, false});
    return records[at->second];
  }
};

void Settler::reach(Reached& reached, const Reach& reach, std::int32_t type, const RecordId& id, const Touch* touch) {
  const std::vector<RecordId>* found = nullptr;
  for (const Reached::Walk& walk : reached.walks)
    if (walk.path == reach.path && walk.type == type && walk.from == id) found = &walk.found;
  if (found == nullptr) {
    reached.walks.push_back({reach.path, type, id, shelf_.back(*reach.path, type, id, touch)});
    found = &reached.walks.back().found;
  }
  const TypePlan& readers = plan_->type(reach.record_type);
  Slots all = reach.hard;
  all.add(reach.soft);
  const std::size_t watched = all.both(readers.watched).size();
  if (found->size() * watched > kWatchedAtOnce || found->size() > most_reached_) {
    reached.marks.push_back({reach.record_type, std::move(all)});
    return;
  }
  for (const RecordId& reader : *found) {
    Reached::One& one = reached.of(reach.record_type, reader);
    one.hard.add(reach.hard);
    one.soft.add(reach.soft);
    one.lazy = one.lazy || found->size() > kSettledAtOnce;
    if (touch != nullptr && reach.path->size() == 1 && reach.hard.meets(readers.by_difference))
      one.add_parts(reach.path, reach.hard.both(readers.by_difference));
  }
}

/// The parts of the written child in the parent's rollups, before the write and after it.
Slots Settler::note_parts(State& state, const expr::Hop& set, const Slots& rollups, const Touch& touch) {
  Slots noted;
  const catalog::Member& member =
      unit_->catalog().type(state.record_type).members[static_cast<std::size_t>(set.member)];
  const auto is_in = [&](const store::Row* row) {
    const Value* parent = ref_of(row, member.set_ref_member);
    return parent != nullptr && parent->id == state.id;
  };
  const bool was_in = is_in(touch.before), is_now = is_in(touch.after);
  std::unique_ptr<expr::RecordView> before, after;
  if (was_in) before = draft(touch.record_type, touch.id, *touch.before);
  if (is_now) after = draft(touch.record_type, touch.id, *touch.after);
  rollups.each([&](std::size_t position) {
    const catalog::Derivation& rollup = derivation_of(state, position);
    if (!(rollup.over == set)) return;
    // What was stale before this write can't be put right by what it adds.
    if (!state.differences.has(position) && (!state.row.present || !is_fresh(state, position))) return;
    const auto part = [&](const std::unique_ptr<expr::RecordView>& child) {
      return child == nullptr ? std::nullopt : std::optional(part_of(rollup, *child, env_));
    };
    state.differences.note(position, rollup, part(before), part(after));
    noted.add(position);
  });
  return noted;
}

/// Takes what was reached: values that are due first, of all records before any is marked, since what one of them
/// reads of another has to be as it was; then what the write makes stale.
void Settler::take(Reached& reached, const Touch* touch) {
  const auto is_own = [&](const Reached::One& one) {
    return touch != nullptr && touch->record_type == one.record_type && touch->id == one.id;
  };
  const auto is_waited_for = [&](const Reached::One& one) {
    const Slots& watched = plan_->type(one.record_type).watched;
    return one.hard.meets(watched) || one.soft.meets(watched);
  };
  for (const Reached::One& one : reached.records)
    if (is_own(one) || is_waited_for(one)) bring(loaded(one.record_type, one.id));
  for (Reached::One& one : reached.records) {
    const TypePlan& type = plan_->type(one.record_type);
    const bool own = is_own(one), waited_for = is_waited_for(one);
    State* state = nullptr;
    if (own || waited_for || !one.lazy) {
      state = &loaded(one.record_type, one.id);
      if (state->gone && !(own && touch->before == nullptr)) continue;
      if (own && touch->before == nullptr) state->gone = false;
      Slots affected = one.hard;
      affected.add(one.soft);
      begin_step(*state, affected.both(type.watched));
      Slots noted;
      for (const auto& [path, rollups] : one.parts) noted.add(note_parts(*state, path->front(), rollups, *touch));
      one.hard.each([&](std::size_t position) {
        if (!noted.has(position)) state->differences.forget(position);
      });
      if (!state->listed) step_.push_back(state);
      state->listed = true;
    } else {
      state = &this->state(one.record_type, one.id);
      if (!state->listed) state->lazy = true;
      one.hard.each([&](std::size_t position) { state->differences.forget(position); });
    }
    one.hard.each([&](std::size_t position) { mark(*state, position, true, unit_->cause); });
    one.soft.each([&](std::size_t position) { mark(*state, position, false, unit_->cause); });
  }
  // Last, and nothing comes between them and the write: whoever is settled to a mark has seen what it was left for.
  for (const Reached::Mark& mark : reached.marks) bring_due(mark.record_type, mark.slots);
  for (const Reached::Mark& mark : reached.marks) leave_mark(mark.record_type, mark.slots, unit_->cause);
}

/// The first record of a type: there is none that is behind its definitions.
void Settler::begin_type(std::int32_t record_type) {
  const std::optional<store::Backfill> backfill = backfill_of(record_type);
  if (!backfill || !unit_->reads.ids_after(access::Operation::derive, record_type, {}, 1).empty()) return;
  set_backfill(record_type, {backfill->epoch, store::kLastRecord});
}

void Settler::touching(const Touch& touch, std::span<const std::int32_t> changed) {
  const TypePlan& type = plan_->type(touch.record_type);
  Reached reached;
  const bool made = touch.before == nullptr, whole = made || touch.after == nullptr;
  if (whole) {
    for (const Reach& one : type.whole) reach(reached, one, touch.record_type, touch.id, &touch);
  } else {
    for (const std::int32_t member : changed)
      for (const Reach& one : type.members[static_cast<std::size_t>(member)])
        reach(reached, one, touch.record_type, touch.id, &touch);
  }
  if (!type.derivations.empty()) {
    Reached::One& own = reached.of(touch.record_type, touch.id);
    own.lazy = false;
    if (made) {
      begin_type(touch.record_type);
      own.hard.add(type.all);
      State& state = this->state(touch.record_type, touch.id);
      state.born = true;
      state.loaded = true;
      state.row.slots.resize(type.derivations.size());
    }
  }
  take(reached, &touch);
}

void Settler::touched(const Touch& touch, std::int64_t rid) {
  shelf_.follow(touch);
  passing_.clear();
  const auto known = states_.find({touch.record_type, -1, touch.id});
  if (known == states_.end()) return;
  State& state = *known->second;
  if (rid != 0) state.rid = rid;
  if (touch.after != nullptr) return;
  // A removed record has no derived values to keep true.
  if (state.rid != 0 && state.stored_row) unit_->derived.remove(state.record_type, state.rid);
  drop_dirty(state);
  state.gone = true;
  state.stored_row = state.row_changed = false;
  state.row = {};
  state.row.slots.resize(plan_of(state).derivations.size());
}

// Whatever its dates, it may have begun or ended to count for those who look through it from either of its ends.
void Settler::relating(const store::Edge& edge) {
  const catalog::Relationship* relationship = unit_->catalog().find_relationship(edge.relationship);
  if (relationship == nullptr) return;
  Reached reached;
  for (const EdgeReach& each : plan_->edges(relationship->number)) {
    for (const auto& [type, id] : {std::pair{edge.from_type, edge.from}, std::pair{edge.to_type, edge.to}})
      if (type == each.end_type) reach(reached, each.reach, type, id, nullptr);
  }
  take(reached, nullptr);
}

void Settler::related() {
  shelf_.forget_related();
  passing_.clear();
}

/// Watched values that are due go first: afterwards only the mark's instant counts for them.
void Settler::bring_due(std::int32_t record_type, const Slots& slots) {
  constexpr std::int64_t kChunk = 2'000;
  if (!slots.meets(plan_->type(record_type).watched)) return;
  for (bool more = true; more;) {
    const std::vector<RecordId> due = unit_->derived.due(record_type, unit_->now, kChunk);
    bool moved = false;
    for (const RecordId& id : due) {
      State& state = loaded(record_type, id);
      const std::int64_t before = state.row.next_until();
      bring(state);
      moved = moved || state.row.next_until() != before;
    }
    flush();
    more = moved && static_cast<std::int64_t>(due.size()) == kChunk;
  }
}

void Settler::leave_mark(std::int32_t record_type, const Slots& slots, const store::Cause& cause) {
  store::ScopeMark mark;
  mark.at_us = unit_->now;
  mark.record_type = record_type;
  mark.cause = cause;
  slots.each([&](std::size_t position) { mark.derivations.push_back(plan_->type(record_type).derivations[position]); });
  scopes();
  scopes_->push_back(unit_->derived.add_scope(mark));
  passing_.clear();
}

void Settler::scope(std::span<const std::int32_t> derivations, const store::Cause& cause) {
  const auto closure = plan_->closure(derivations);
  for (const auto& [record_type, slots] : closure) bring_due(record_type, slots);
  for (const auto& [record_type, slots] : closure) leave_mark(record_type, slots, cause);
}

}  // namespace kith::internal::derive
