#include "derive/mark_book.hpp"

#include <algorithm>

namespace kith::internal::derive {
namespace {

/// An event inherits one cause: automation that is wanted by any of them wins, then the longest chain.
bool outranks(const store::Cause& a, const store::Cause& b) {
  if (a.automation != b.automation) return a.automation;
  return a.depth > b.depth;
}

void take_in(MarkState& state, bool hard, const store::Cause& cause) {
  if (!state.any || outranks(cause, state.cause)) state.cause = cause;
  state.any = true;
  state.hard = state.hard || hard;
}

}  // namespace

void MarkBook::add(const Slot& slot, bool hard, const store::Cause& cause) {
  const auto [at, added] = waiting_.try_emplace(slot, Waiting{hard, cause});
  if (added) return;
  at->second.hard = at->second.hard || hard;
  if (outranks(cause, at->second.cause)) at->second.cause = cause;
}

void MarkBook::add_scope(std::int32_t derivation, const store::Cause& cause) {
  const std::vector<store::ScopeMark>& known = scopes();
  const bool whole = std::any_of(known.begin(), known.end(), [&](const store::ScopeMark& scope) {
    return scope.derivation == derivation && scope.after.is_nil();
  });
  if (whole) return;
  unit_->marks.add_scope(derivation, cause);
  scopes_.reset();
}

const std::vector<store::ScopeMark>& MarkBook::scopes() {
  if (!scopes_) scopes_ = unit_->marks.scopes();
  return *scopes_;
}

bool MarkBook::any_stored() {
  if (!any_stored_) any_stored_ = unit_->marks.any_at_all();
  return *any_stored_;
}

const std::vector<store::Mark>& MarkBook::stored(const Slot& slot) {
  static const std::vector<store::Mark> kNone;
  if (!any_stored()) return kNone;
  const auto known = read_.find(slot);
  if (known != read_.end()) return known->second;
  return read_.emplace(slot, unit_->marks.of(slot.derivation, slot.record)).first->second;
}

MarkState MarkBook::state(const Slot& slot) {
  MarkState state;
  state.rows = stored(slot);
  for (const store::Mark& mark : state.rows) take_in(state, mark.hard, mark.cause);
  if (const auto waiting = waiting_.find(slot); waiting != waiting_.end())
    take_in(state, waiting->second.hard, waiting->second.cause);
  for (const store::ScopeMark& scope : scopes()) {
    if (scope.derivation == slot.derivation && slot.record > scope.after) take_in(state, true, scope.cause);
  }
  return state;
}

bool MarkBook::any(const Slot& slot) {
  if (waiting_.find(slot) != waiting_.end()) return true;
  for (const store::ScopeMark& scope : scopes()) {
    if (scope.derivation == slot.derivation && slot.record > scope.after) return true;
  }
  return !stored(slot).empty();
}

bool MarkBook::waits(const Slot& slot, bool hard) const {
  const auto waiting = waiting_.find(slot);
  return waiting != waiting_.end() && (waiting->second.hard || !hard);
}

void MarkBook::clear(const Slot& slot, const MarkState& read) {
  if (!read.rows.empty()) unit_->marks.remove(read.rows);
  if (const auto known = read_.find(slot); known != read_.end()) known->second.clear();
  waiting_.erase(slot);
}

void MarkBook::flush() {
  for (const auto& [slot, mark] : waiting_) {
    unit_->marks.add(slot.derivation, slot.record, mark.hard, mark.cause);
    read_.erase(slot);
  }
  if (!waiting_.empty()) any_stored_ = true;
  waiting_.clear();
}

void MarkBook::forget_stored() noexcept {
  any_stored_.reset();
  scopes_.reset();
  read_.clear();
}

void MarkBook::advance(const store::ScopeMark& scope, const RecordId& after) {
  unit_->marks.advance_scope(scope, after);
  scopes_.reset();
}

void MarkBook::finish(const store::ScopeMark& scope) {
  unit_->marks.remove_scope(scope);
  scopes_.reset();
}

}  // namespace kith::internal::derive
