#include "store/rows/change.hpp"

#include <algorithm>

namespace kith::internal::store {
namespace {

bool is_edge(const Change& change) { return change.kind == ChangeKind::relate || change.kind == ChangeKind::unrelate; }

/// Whether it says anything besides the states that were entered.
bool changes_fields(const Change& change) {
  return change.kind == ChangeKind::create || change.kind == ChangeKind::remove || !change.members.empty();
}

}  // namespace

const MemberChange* Change::find(std::int32_t member) const {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const MemberChange& each) { return member >= 0 && each.member == member; });
  return found == members.end() ? nullptr : &*found;
}

std::int64_t events_of(const Change& change) {
  if (is_edge(change)) return 1;
  return static_cast<std::int64_t>(change.states.size()) + (changes_fields(change) ? 1 : 0);
}

std::vector<Happening> happenings(const LogEntry& entry) {
  if (!entry.change) return {{entry.event.sequence, entry.event.kind, &entry, nullptr}};
  const Change& change = *entry.change;
  std::int64_t number = change.sequence - events_of(change);
  if (is_edge(change)) return {{change.sequence, EventKind::related, &entry, nullptr}};
  std::vector<Happening> out;
  if (changes_fields(change)) out.push_back({++number, EventKind::changed, &entry, nullptr});
  for (const EnteredState& state : change.states) out.push_back({++number, EventKind::transition, &entry, &state});
  return out;
}

const char* changed_name(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::create: return "created";
    case ChangeKind::remove: return "removed";
    default: return "updated";
  }
}

}  // namespace kith::internal::store
