#include <algorithm>
#include <limits>

#include "base/problem/error.hpp"
#include "derive/settler.hpp"

namespace kith::internal::derive {
namespace {

constexpr std::size_t kKeptRows = 30'000;  ///< between records of a batch, rows beyond this are let go
constexpr std::size_t kKeptSlots = 100'000;
constexpr std::int64_t kCounted = 1'000'000;

bool wanted(const std::vector<std::int32_t>* only, std::int32_t derivation) {
  return only == nullptr || std::find(only->begin(), only->end(), derivation) != only->end();
}

}  // namespace

/// Scope marks that have come equally far through one record type: their records are read once for all of them.
struct Settler::Group {
  std::int32_t record_type;
  RecordId after;
  std::vector<store::ScopeMark> scopes;
};

std::vector<Settler::Group> Settler::scope_groups(const std::vector<std::int32_t>* only) {
  std::vector<Group> groups;
  std::vector<store::ScopeMark> scopes = book_.scopes();
  std::stable_sort(scopes.begin(), scopes.end(),
                   [](const auto& a, const auto& b) { return a.derivation < b.derivation; });
  for (const store::ScopeMark& scope : scopes) {
    if (scope.derivation < 0 || !wanted(only, scope.derivation)) continue;
    const std::int32_t type = plan_.derivation(scope.derivation).record_type;
    const auto group = std::find_if(groups.begin(), groups.end(), [&](const Group& each) {
      return each.record_type == type && each.after == scope.after;
    });
    if (group == groups.end()) {
      groups.push_back({type, scope.after, {scope}});
    } else {
      group->scopes.push_back(scope);
    }
  }
  return groups;
}

void Settler::trim() {
  if (shelf_.size() > kKeptRows) shelf_.trim();
  if (held_.size() > kKeptSlots) held_.clear();
}

/// Record after record, so that rows and children are read once for all derivations that need them.
void Settler::settle_all(std::vector<Work>& work) {
  std::sort(work.begin(), work.end());
  const RecordId* last = nullptr;
  for (const Work& each : work) {
    if (last != nullptr && *last != each.record) trim();
    last = &each.record;
    settle({each.derivation, each.record});
  }
}

std::int64_t Settler::expand_scopes(std::int64_t limit, const std::vector<std::int32_t>* only) {
  std::int64_t done = 0;
  for (Group& group : scope_groups(only)) {
    while (done < limit) {
      const std::int64_t left = limit - done;
      if (left < static_cast<std::int64_t>(group.scopes.size())) {
        // The scopes of a group go on together, so that each record is read once; the small rest of a budget is let go.
        if (done > 0) return limit;
        group.scopes.resize(static_cast<std::size_t>(left));
      }
      const std::int64_t chunk = left / static_cast<std::int64_t>(group.scopes.size());
      const std::vector<RecordId> ids = unit_->records.ids_after(group.record_type, group.after, chunk);
      std::vector<Work> work;
      for (const RecordId& id : ids) {
        for (const store::ScopeMark& scope : group.scopes) work.push_back({id, scope.derivation});
      }
      settle_all(work);
      done += static_cast<std::int64_t>(work.size());
      const bool end = static_cast<std::int64_t>(ids.size()) < chunk;
      for (const store::ScopeMark& scope : group.scopes) {
        if (end) {
          book_.finish(scope);
        } else {
          book_.advance(scope, ids.back());
        }
      }
      if (end) break;
      group.after = ids.back();
    }
  }
  return done;
}

std::int64_t Settler::settle_found(std::int64_t limit, const std::vector<std::int32_t>* only) {
  std::int64_t done = 0;
  for (std::size_t type = 0; type < unit_->catalog().record_types.size() && done < limit; ++type) {
    std::vector<Work> work;
    // The first records are settled, in all that they derive: what lies behind the last of them needn't be read.
    RecordId last = store::kLastRecord;
    const std::int64_t left = limit - done;
    for (const std::int32_t derivation : plan_.of_type(static_cast<std::int32_t>(type))) {
      if (!wanted(only, derivation)) continue;
      for (const RecordId& id : unit_->marks.marked(derivation, left, last)) {
        work.push_back({id, derivation});
        if (const auto held = held_.find({derivation, id}); held != held_.end()) held->second.settled = false;
      }
      for (const RecordId& id : unit_->records.due(derivation, unit_->now, left)) work.push_back({id, derivation});
      if (static_cast<std::int64_t>(work.size()) < left) continue;
      const auto at = work.begin() + static_cast<std::ptrdiff_t>(left - 1);
      std::nth_element(work.begin(), at, work.end());
      last = std::min(last, at->record);
    }
    std::sort(work.begin(), work.end());
    work.erase(std::unique(work.begin(), work.end()), work.end());
    if (static_cast<std::int64_t>(work.size()) > limit - done) work.resize(static_cast<std::size_t>(limit - done));
    settle_all(work);
    done += static_cast<std::int64_t>(work.size());
  }
  return done;
}

std::int64_t Settler::settle_pass(std::int64_t limit, const std::vector<std::int32_t>* only) {
  std::int64_t done = 0;
  while (done < limit) {
    book_.flush();
    book_.forget_stored();
    std::int64_t found = expand_scopes(limit - done, only);
    book_.flush();
    if (done + found < limit) found += settle_found(limit - done - found, only);
    if (found == 0) break;
    done += found;
  }
  book_.flush();
  return done;
}

std::int64_t Settler::settle_some(std::int64_t limit) {
  if (!unit_->writable) {
    throw Error(ProblemNumber::misuse, "derivations can't be settled in a unit that only reads",
                "begin a transaction that writes");
  }
  adopted();
  return settle_pass(limit, nullptr);
}

void Settler::settle_for_query(const std::vector<std::int32_t>& derivations, std::int64_t limit) {
  if (derivations.empty()) return;
  adopted();
  if (!unit_->writable) {
    if (pending_of(&derivations) == 0) return;
    throw Error(ProblemNumber::misuse, "derivations can't be settled in a unit that only reads",
                "begin a transaction that writes");
  }
  if (settle_pass(limit, &derivations) < limit) return;
  const std::int64_t left = pending_of(&derivations);
  if (left == 0) return;
  throw Error(ProblemNumber::budget_exceeded,
              std::to_string(left) + " derived values that this query reads are stale, after " + std::to_string(limit) +
                  " were made fresh for it",
              "run what is due first (kith run-due), or ask for the values as stored");
}

/// What reads a stale value is marked itself, or due no later, so these derivations' own marks and times say all.
bool Settler::settled(const std::vector<std::int32_t>& derivations) {
  if (!adopted() && !derivations.empty()) return false;
  if (unit_->writable) book_.flush();
  book_.forget_stored();
  const auto& scopes = book_.scopes();
  return std::all_of(derivations.begin(), derivations.end(), [&](std::int32_t derivation) {
    const bool whole =
        std::any_of(scopes.begin(), scopes.end(), [&](const auto& scope) { return scope.derivation == derivation; });
    return !whole && unit_->marks.marked(derivation, 1).empty() &&
           unit_->records.due(derivation, unit_->now, 1).empty();
  });
}

std::int64_t Settler::pending() { return pending_of(nullptr); }

std::int64_t Settler::pending_of(const std::vector<std::int32_t>* only) {
  const bool known = adopted();
  if (unit_->writable) book_.flush();
  book_.forget_stored();
  std::int64_t pending = 0;
  for (const catalog::Derivation& derivation : unit_->catalog().derivations) {
    if (!wanted(only, derivation.number)) continue;
    const auto& scopes = book_.scopes();
    const bool whole = std::any_of(scopes.begin(), scopes.end(), [&](const store::ScopeMark& scope) {
      return scope.derivation == derivation.number;
    });
    if (!known || whole) {
      pending += unit_->records.count(derivation.record_type);
      continue;
    }
    pending += unit_->marks.count(derivation.number);
    pending += static_cast<std::int64_t>(unit_->records.due(derivation.number, unit_->now, kCounted).size());
  }
  return pending;
}

}  // namespace kith::internal::derive
