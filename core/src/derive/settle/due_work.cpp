// Settling many: what marks stand over, what is dirty, what is due, what is behind new definitions; and values for
// queries.
#include <algorithm>
#include <map>
#include <utility>

#include "base/problem/error.hpp"
#include "derive/settle/during.hpp"
#include "derive/settle/settler.hpp"

namespace kith::internal::derive {
namespace {

constexpr std::int64_t kChunk = 256;  ///< records that are looked up at once

}  // namespace

struct Settler::Round {
  std::int64_t left;
  const std::function<bool()>& in_time;
  std::int64_t records = 0;
  bool wrote = false;  ///< a place was moved, although no record was settled
  /// One record is always settled: the smallest budget makes progress.
  bool over() const { return records >= left || (records > 0 && in_time && !in_time()); }
};

/// What a record that is gone, or whose derivations are not loaded, has left behind: it was removed, perhaps, while
/// they were not.
void Settler::forget_rest(State& state) {
  state.stored_dirty = true;  // it is among those that were found
  drop_dirty(state);
  unit_->derived.remove(state.record_type, unit_->reads.rid(access::Operation::derive, state.record_type, state.id));
}

bool Settler::settle_record(Round& round, std::int32_t record_type, const RecordId& id) {
  if (round.over()) return false;
  const During due_work(due_work_, true);
  State& state = loaded(record_type, id);
  if (state.gone || plan_of(state).derivations.empty()) {
    forget_rest(state);
  } else {
    bring(state);
    settle_whole(state);
    // What is left may name derivations that are not loaded; they are new when they come back.
    if (state.hard.empty() && state.soft.empty()) drop_dirty(state);
  }
  ++round.records;
  trim();
  return true;
}

void Settler::expand_marks(Round& round) {
  while (!round.over() && !scopes().empty()) {
    const store::ScopeMark mark = scopes().front();
    const std::vector<RecordId> ids =
        unit_->reads.ids_after(access::Operation::derive, mark.record_type, mark.after, kChunk);
    RecordId last = mark.after;
    bool all = true;
    for (const RecordId& id : ids) {
      all = settle_record(round, mark.record_type, id);
      if (!all) break;
      last = id;
    }
    if (all && static_cast<std::int64_t>(ids.size()) < kChunk) {
      round.wrote = true;
      unit_->derived.remove_scope(mark);
      scopes_->erase(scopes_->begin());
    } else {
      unit_->derived.advance_scope(mark, last);
      scopes_->front().after = last;
    }
  }
}

void Settler::settle_dirty(Round& round) {
  for (std::size_t type = 0; type < plan_->record_types(); ++type) {
    const auto record_type = static_cast<std::int32_t>(type);
    RecordId after;
    while (!round.over() && any_dirty(record_type)) {
      const std::vector<RecordId> ids = unit_->derived.dirty_records(record_type, after, kChunk);
      for (const RecordId& id : ids)
        if (!settle_record(round, record_type, id)) break;
      flush();
      if (static_cast<std::int64_t>(ids.size()) < kChunk) {
        any_dirty_[type].reset();
        break;
      }
      after = ids.back();
    }
  }
}

void Settler::settle_due(Round& round) {
  for (std::size_t type = 0; type < plan_->record_types(); ++type) {
    const auto record_type = static_cast<std::int32_t>(type);
    while (!round.over()) {
      const std::vector<RecordId> ids = unit_->derived.due(record_type, unit_->now, kChunk);
      for (const RecordId& id : ids)
        if (!settle_record(round, record_type, id)) break;
      flush();
      if (static_cast<std::int64_t>(ids.size()) < kChunk) break;
    }
  }
}

/// How far the records of a type are settled by definitions that are newer than some of them; nothing: all are.
std::optional<store::Backfill> Settler::backfill_of(std::int32_t record_type) {
  const std::int64_t wanted = unit_->layout.numbers().type_epoch[static_cast<std::size_t>(record_type)];
  std::optional<store::Backfill>& known = backfills_[static_cast<std::size_t>(record_type)];
  if (wanted == 0) return std::nullopt;
  if (!known) {
    known = unit_->derived.backfill(record_type);
    if (known->epoch < wanted) known = store::Backfill{wanted, {}};
  }
  return known->after == store::kLastRecord ? std::nullopt : known;
}

void Settler::set_backfill(std::int32_t record_type, const store::Backfill& backfill) {
  backfills_[static_cast<std::size_t>(record_type)] = backfill;
  unit_->derived.set_backfill(record_type, backfill);
}

void Settler::settle_behind(Round& round) {
  for (std::size_t type = 0; type < plan_->record_types(); ++type) {
    const auto record_type = static_cast<std::int32_t>(type);
    while (!round.over()) {
      std::optional<store::Backfill> backfill = backfill_of(record_type);
      if (!backfill) break;
      const std::vector<RecordId> ids = unit_->derived.behind(record_type, backfill->epoch, backfill->after, kChunk);
      bool all = true;
      for (const RecordId& id : ids) {
        all = settle_record(round, record_type, id);
        if (!all) break;
        backfill->after = id;
      }
      if (all && static_cast<std::int64_t>(ids.size()) < kChunk) backfill->after = store::kLastRecord;
      flush();
      set_backfill(record_type, *backfill);
      round.wrote = true;
    }
  }
}

Settled Settler::settle_some(std::int64_t limit, const std::function<bool()>& in_time) {
  if (!unit_->writable) {
    throw Error(ProblemNumber::misuse, "derivations can't be settled in a unit that only reads",
                "begin a transaction that writes");
  }
  finish_step();
  flush();
  Round round{limit, in_time};
  // What a round makes stale is for the next one; new definitions come when all else is done.
  for (std::int64_t before = -1; before != round.records && !round.over();) {
    before = round.records;
    expand_marks(round);
    settle_dirty(round);
    settle_due(round);
    flush();
    if (round.records == before) settle_behind(round);
    flush();
  }
  return {round.records, round.over(), round.wrote || round.records > 0};
}

/// The values of these rows that may be kept are kept: a page that shows them then needs no further work.
void Settler::settle_rows(std::span<const Slot> rows) {
  for (const Slot& row : rows) {
    State* state = known(row);
    if (state == nullptr) continue;
    const std::size_t position = plan_->position(row.derivation);
    if (may_keep(*state, position)) ensure(*state, position);
  }
  flush();
}

/// The records of a type of which any of these values may be stale, at most `limit` of each kind.
std::vector<RecordId> Settler::stale_records(std::int32_t record_type, const Slots& wanted, std::int64_t limit) {
  std::vector<RecordId> found;
  const auto add = [&](std::vector<RecordId> more) { found.insert(found.end(), more.begin(), more.end()); };
  std::optional<RecordId> marked;  // behind this record, by the mark that is least far
  for (const store::ScopeMark& mark : scopes()) {
    if (mark.record_type != record_type || (marked && *marked < mark.after)) continue;
    if (std::any_of(mark.derivations.begin(), mark.derivations.end(),
                    [&](std::int32_t derivation) { return wanted.has(plan_->position(derivation)); }))
      marked = mark.after;
  }
  if (marked) add(unit_->reads.ids_after(access::Operation::derive, record_type, *marked, limit));
  if (any_dirty(record_type)) add(unit_->derived.dirty_records(record_type, {}, limit));
  add(unit_->derived.due(record_type, unit_->now, limit));
  if (const auto backfill = backfill_of(record_type))
    add(unit_->derived.behind(record_type, backfill->epoch, backfill->after, limit));
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

void Settler::for_query(std::span<const std::int32_t> derivations, std::int64_t limit,
                        const std::function<void()>& body) {
  std::vector<Slot> not_ours;
  std::map<std::int32_t, Slots> wanted;
  for (const std::int32_t derivation : derivations)
    wanted[plan_->derivation(derivation).record_type].add(plan_->position(derivation));
  for (State* state : step_) state->step.each([&](std::size_t position) { ensure(*state, position); });
  flush();
  for (const auto& [record_type, slots] : wanted) {
    const std::vector<RecordId> stale = stale_records(record_type, slots, limit + 1);
    if (static_cast<std::int64_t>(stale.size()) > limit) throw too_many(derivations, limit);
    for (const RecordId& id : stale) {
      State& state = loaded(record_type, id);
      if (state.gone) continue;
      slots.each([&](std::size_t position) {
        if (is_fresh(state, position)) return;
        if (may_keep(state, position))
          ensure(state, position);
        else
          not_ours.push_back({plan_of(state).derivations[position], id});
      });
      trim();
    }
  }
  flush();
  if (not_ours.empty()) return body();
  // What is due work's to announce is computed for this query alone, and taken back behind it.
  auto kept = std::exchange(states_, {});
  auto unwritten = std::exchange(unwritten_, {});
  auto saved = std::exchange(saved_, std::nullopt);
  for_one_query_ = true;
  const auto restore = [&] {
    for_one_query_ = false;
    saved_ = std::move(saved);
    states_ = std::move(kept);
    unwritten_ = std::move(unwritten);
    passing_.clear();
    for (std::optional<bool>& known : any_dirty_) known.reset();
  };
  unit_->connection.savepoint("for_query");
  try {
    for (const Slot& slot : not_ours)
      if (State* state = known(slot); state != nullptr) ensure(*state, plan_->position(slot.derivation));
    flush();
    body();
  } catch (...) {
    restore();
    unit_->connection.rollback_to("for_query");
    throw;
  }
  unit_->connection.rollback_to("for_query");
  restore();
}

Error Settler::too_many(std::span<const std::int32_t> derivations, std::int64_t limit) {
  std::int64_t left = 0;
  for (const std::int32_t derivation : derivations) left += pending_of(plan_->derivation(derivation).record_type);
  return Error(ProblemNumber::budget_exceeded,
               std::to_string(left) + " records have stale derived values that this query reads, more than the " +
                   std::to_string(limit) + " that are made fresh for it",
               "run what is due first (kith run-due), or ask for the values as stored");
}

bool Settler::settled(const std::vector<std::int32_t>& derivations) {
  return std::all_of(derivations.begin(), derivations.end(), [&](std::int32_t derivation) {
    const std::int32_t type = plan_->derivation(derivation).record_type;
    const bool marked = std::any_of(scopes().begin(), scopes().end(), [&](const store::ScopeMark& mark) {
      return mark.record_type == type &&
             std::binary_search(mark.derivations.begin(), mark.derivations.end(), derivation);
    });
    return !marked && !any_dirty(type) && !backfill_of(type) && unit_->derived.due(type, unit_->now, 1).empty();
  });
}

std::int64_t Settler::pending_of(std::int32_t record_type) {
  std::int64_t pending = unit_->derived.count_dirty(record_type) + unit_->derived.count_due(record_type, unit_->now);
  for (const store::ScopeMark& mark : scopes())
    if (mark.record_type == record_type)
      pending += unit_->reads.count_after(access::Operation::derive, record_type, mark.after);
  if (const auto backfill = backfill_of(record_type))
    pending += unit_->reads.count_after(access::Operation::derive, record_type, backfill->after);
  return pending;
}

std::int64_t Settler::pending() {
  std::int64_t pending = 0;
  for (std::size_t type = 0; type < plan_->record_types(); ++type)
    pending += pending_of(static_cast<std::int32_t>(type));
  return pending;
}

std::optional<std::int64_t> Settler::next_due() {
  if (!scopes().empty()) return unit_->now;
  std::optional<std::int64_t> earliest;
  for (std::size_t i = 0; i < plan_->record_types(); ++i) {
    const auto type = static_cast<std::int32_t>(i);
    if (plan_->type(type).derivations.empty()) continue;
    if (any_dirty(type) || backfill_of(type)) return unit_->now;
    const auto due = unit_->derived.next_due(type);
    if (due && (!earliest || *due < *earliest)) earliest = due;
  }
  return earliest;
}

}  // namespace kith::internal::derive
