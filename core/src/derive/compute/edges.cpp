// Relationships as sets: an edge counts on the days from from_on until before to_on, as the tenant's wall calendar has
// them.
#include <algorithm>

#include "base/time/time.hpp"
#include "derive/compute/shelf.hpp"
#include "expr/evaluate/calendar.hpp"

namespace kith::internal::derive {
namespace {

bool holds_on(const store::Edge& edge, std::int64_t day) {
  return edge.from_on <= day && (!edge.to_on || *edge.to_on > day);
}

std::int64_t holds_until(const store::Edge& edge, std::int64_t now, std::string_view zone) {
  const std::int64_t until = expr::reached_until(edge.from_on, now, zone);
  return edge.to_on ? std::min(until, expr::reached_until(*edge.to_on, now, zone)) : until;
}

}  // namespace

// All edges at one end of the set, of any time: at the end that has the set, or at the one to which it leads.
std::vector<store::Edge> Shelf::edges(const expr::Hop& set, const RecordId& id, bool from_far) {
  const catalog::Relationship& relationship =
      unit_->catalog().relationships[static_cast<std::size_t>(set.relationship)];
  std::vector<store::Edge> found;
  for (const bool from_side : {true, false}) {
    if (!relationship.symmetric && from_side != (set.inverse == from_far)) continue;
    const std::int32_t type = from_far ? unit_->catalog().target_of(set) : set.record_type;
    for (store::Edge& edge : unit_->journal.edges(relationship.name, type, id, from_side, 0, true))
      found.push_back(std::move(edge));
  }
  return found;
}

const std::vector<expr::Related>& Shelf::related(const expr::Hop& set, const RecordId& id) {
  const SetKey key{set, id};
  if (const auto known = related_.find(key); known != related_.end()) return known->second;
  const catalog::Catalog& catalog = unit_->catalog();
  const std::int32_t other_type = catalog.target_of(set);
  const std::int64_t day = utc_to_local_days(instant_, catalog.time_zone);
  struct Found {
    RecordId id;
    bool inside;
    std::int64_t until;
  };
  std::vector<Found> all;
  for (const store::Edge& edge : edges(set, id, false)) {
    all.push_back(
        {edge.from == id ? edge.to : edge.from, holds_on(edge, day), holds_until(edge, instant_, catalog.time_zone)});
  }
  // Of several edges to one record any that counts is enough: then the last of these to end, else the first to begin.
  std::sort(all.begin(), all.end(),
            [](const Found& a, const Found& b) { return a.id != b.id ? a.id < b.id : a.inside && !b.inside; });
  std::vector<expr::Related> out;
  for (std::size_t i = 0; i < all.size();) {
    Found one = all[i];
    for (++i; i < all.size() && all[i].id == one.id; ++i) {
      if (all[i].inside == one.inside)
        one.until = one.inside ? std::max(one.until, all[i].until) : std::min(one.until, all[i].until);
    }
    if (RowView* view = live(other_type, one.id)) out.push_back({view, one.inside, one.until});
  }
  return related_.emplace(key, std::move(out)).first->second;
}

}  // namespace kith::internal::derive
