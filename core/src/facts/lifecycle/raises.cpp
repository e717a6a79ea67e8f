#include "facts/lifecycle/raises.hpp"

#include <utility>

#include "facts/lifecycle/states.hpp"

namespace kith::internal::facts {

using catalog::Lifecycle;
using catalog::RecordType;

std::vector<Raised> raise(Pipeline& pipeline, const RecordType& type, const RecordId& id, const Lifecycle& lifecycle,
                          const std::string& state, const store::Row* old, Draft& draft, Problems& problems) {
  std::vector<Raised> raised;
  std::vector<std::pair<const Lifecycle*, std::string>> entered{{&lifecycle, state}};
  // It ends: a lifecycle is entered anew only where it was raised, and each has only so many states to rise through.
  while (!entered.empty()) {
    const auto [own, entered_state] = std::move(entered.back());
    entered.pop_back();
    for (const catalog::Raise& rule : own->raises) {
      if (rule.state != entered_state) continue;
      const Lifecycle& target = pipeline.catalog.lifecycles[static_cast<std::size_t>(rule.lifecycle)];
      if (!applies(pipeline, type, id, target, draft.row)) continue;
      const Value present = at(draft.row, target.state_member);
      const std::string from = present.is_null() ? std::string() : present.s;
      if (!from.empty() && (target.rank(from) < 0 || target.rank(from) >= target.rank(rule.target))) continue;
      put_state(pipeline, target, rule.target, draft.row);
      raised.push_back({&target, from, rule.target, "raised by " + own->name + " entering " + entered_state, "{}"});
      entered.emplace_back(&target, rule.target);
    }
  }
  for (Raised& one : raised) {
    const catalog::State& target = *one.lifecycle->state(one.to);
    if (at(draft.row, one.lifecycle->state_member).s != one.to) continue;  // raised further
    check_required(type, *one.lifecycle, target, draft.row, draft.failed, problems);
    one.guard_json = check_entry(pipeline, type, id, *one.lifecycle, target, draft.row, old, problems);
  }
  return raised;
}

void note_raised(Pipeline& pipeline, Touched& touched, const std::vector<Raised>& raised) {
  for (const Raised& one : raised) {
    store::TransitionRow row;
    row.lifecycle = one.lifecycle->name;
    row.from_state = one.from;
    row.to_state = one.to;
    row.event = "raise";
    row.guard_json = one.guard_json;
    row.bundle_version = one.lifecycle->owner_version;
    row.cause.by = one.by;
    note_transition(pipeline, touched, std::move(row));
  }
}

}  // namespace kith::internal::facts
