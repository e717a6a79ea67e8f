#include "derive/compute/shelf.hpp"

#include <algorithm>

#include "derive/plan/plan.hpp"

namespace kith::internal::derive {
namespace {

const catalog::Member& member_at(const catalog::Catalog& catalog, std::int32_t record_type, std::int32_t member) {
  return catalog.type(record_type).members[static_cast<std::size_t>(member)];
}

void sort_unique(std::vector<RecordId>& ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

void add_ref(const store::Row* row, std::int32_t ref_member, std::vector<RecordId>& out) {
  if (row == nullptr) return;
  const Value& ref = (*row)[static_cast<std::size_t>(ref_member)];
  if (ref.kind == Kind::ref) out.push_back(ref.id);
}

}  // namespace

expr::Timed RowView::get(std::int32_t member) {
  const catalog::Member& declared = member_at(shelf_->unit().catalog(), record_type_, member);
  if (declared.role != catalog::Role::derived) return {row_[static_cast<std::size_t>(member)], kForever};
  const catalog::Derivation& derivation =
      shelf_->unit().catalog().derivations[static_cast<std::size_t>(declared.derivation)];
  return derived(declared.derivation, derivation.band_member == member);
}

expr::RecordView* RowView::follow(std::int32_t member) {
  const Value ref = get(member).value;
  return ref.kind == Kind::ref ? shelf_->live(ref.record_type, ref.id) : nullptr;
}

void RowView::related(const expr::Hop& set, std::vector<expr::Related>& out) {
  if (set.relationship >= 0) {
    const std::vector<expr::Related>& found = shelf_->related(set, id_);
    out.insert(out.end(), found.begin(), found.end());
    return;
  }
  for (RowView* child : shelf_->children(record_type_, set.member, id_)) out.push_back({child, true, kForever});
}

expr::Timed RowView::derived(std::int32_t derivation, bool band) { return shelf_->derived(derivation, id_, band); }

RowView* Shelf::live(std::int32_t record_type, const RecordId& id) {
  if (record_type < 0) return nullptr;
  const RecordKey key{record_type, -1, id};
  if (const auto known = rows_.find(key); known != rows_.end()) return known->second.get();
  std::unique_ptr<RowView> view;
  if (auto record = unit_->reads.load(access::Operation::derive, record_type, id)) {
    view = std::make_unique<RowView>(*this, record_type, id, std::move(record->values), record->rid);
  }
  return rows_.emplace(key, std::move(view)).first->second.get();
}

RowView* Shelf::lend(std::int32_t record_type, const RecordId& id) {
  RowView* view = live(record_type, id);
  if (view != nullptr) view->lent_ = true;
  return view;
}

const std::vector<RowView*>& Shelf::children(std::int32_t record_type, std::int32_t set_member,
                                             const RecordId& parent) {
  const RecordKey key{record_type, set_member, parent};
  if (const auto known = children_.find(key); known != children_.end()) return known->second;
  const catalog::Member& set = member_at(unit_->catalog(), record_type, set_member);
  const std::int32_t child_type = set.type.record_type;
  std::vector<RowView*> found;
  if (!any(child_type)) return children_.emplace(key, std::move(found)).first->second;
  unit_->reads.children(access::Operation::derive, child_type, set.set_ref_member, parent, [&](store::Record&& child) {
    auto& place = rows_[{child_type, -1, child.id}];
    if (place == nullptr)
      place = std::make_unique<RowView>(*this, child_type, child.id, std::move(child.values), child.rid);
    found.push_back(place.get());
  });
  return children_.emplace(key, std::move(found)).first->second;
}

std::vector<RecordId> Shelf::holders(std::int32_t record_type, std::int32_t ref_member, const RecordId& target,
                                     const Touch* touch) {
  std::vector<RecordId> found;
  if (member_at(unit_->catalog(), record_type, ref_member).role == catalog::Role::derived) {
    // A ref that is itself derived lies in the derived table. Where its stored value is old, its readers are marked by
    // what made it old, so that the stored one is enough here.
    return unit_->derived.holders(record_type, ref_member, target);
  }
  found = unit_->reads.child_ids(access::Operation::derive, record_type, ref_member, target, true);
  if (touch != nullptr && touch->record_type == record_type) {
    for (const store::Row* row : {touch->before, touch->after}) {
      std::vector<RecordId> targets;
      add_ref(row, ref_member, targets);
      if (!targets.empty() && targets.front() == target) found.push_back(touch->id);
    }
  }
  return found;
}

void Shelf::add_parents(std::int32_t child_type, std::int32_t ref_member, const RecordId& child, const Touch* touch,
                        std::vector<RecordId>& out) {
  if (touch != nullptr && touch->record_type == child_type && touch->id == child) {
    add_ref(touch->before, ref_member, out);
    add_ref(touch->after, ref_member, out);
    return;
  }
  if (const RowView* view = live(child_type, child)) {
    add_ref(&view->row(), ref_member, out);
  } else if (const auto removed = unit_->reads.load(access::Operation::derive, child_type, child, true)) {
    add_ref(&removed->values, ref_member, out);
  }
}

std::vector<RecordId> Shelf::back(const std::vector<expr::Hop>& path, std::int32_t target_type, const RecordId& target,
                                  const Touch* touch) {
  std::vector<RecordId> current{target};
  std::int32_t type = target_type;
  for (auto hop = path.rbegin(); hop != path.rend(); ++hop) {
    std::vector<RecordId> before;
    for (const RecordId& id : current) {
      if (hop->relationship >= 0) {
        for (const store::Edge& edge : edges(*hop, id, true)) before.push_back(edge.from == id ? edge.to : edge.from);
      } else if (hop->through_set) {
        const catalog::Member& set = member_at(unit_->catalog(), hop->record_type, hop->member);
        add_parents(type, set.set_ref_member, id, touch, before);
      } else {
        const std::vector<RecordId> found = holders(hop->record_type, hop->member, id, touch);
        before.insert(before.end(), found.begin(), found.end());
      }
    }
    sort_unique(before);
    current = std::move(before);
    type = hop->record_type;
  }
  return current;
}

std::vector<RecordId> Shelf::forward(const std::vector<expr::Hop>& path, std::int32_t record_type, const RecordId& id) {
  std::vector<RecordId> current{id};
  std::int32_t type = record_type;
  for (const expr::Hop& hop : path) {
    std::vector<RecordId> next;
    for (const RecordId& from : current) {
      if (hop.relationship >= 0) {
        for (const expr::Related& other : related(hop, from)) next.push_back(other.record->self().id);
      } else if (hop.through_set) {
        for (const RowView* child : children(type, hop.member, from)) next.push_back(child->id());
      } else if (RowView* view = live(type, from)) {
        const Value ref = view->get(hop.member).value;
        if (ref.kind == Kind::ref && live(ref.record_type, ref.id) != nullptr) next.push_back(ref.id);
      }
    }
    sort_unique(next);
    current = std::move(next);
    type = unit_->catalog().target_of(hop);
  }
  return current;
}

bool Shelf::is_small(std::int32_t record_type, std::int32_t set_member, const RecordId& parent, std::int64_t most) {
  const RecordKey key{record_type, set_member, parent};
  const auto known = children_.find(key);
  if (known != children_.end()) return static_cast<std::int64_t>(known->second.size()) <= most;
  const auto told = small_.find(key);
  if (told != small_.end()) return told->second;
  const catalog::Member& set = member_at(unit_->catalog(), record_type, set_member);
  if (!any(set.type.record_type)) return true;
  const bool small = !unit_->reads.more_children_than(access::Operation::derive, most, set.type.record_type,
                                                      set.set_ref_member, parent);
  return small_[key] = small;
}

// Most types of most installations have no records at all.
bool Shelf::any(std::int32_t record_type) {
  if (any_.empty()) any_.resize(unit_->catalog().record_types.size());
  std::optional<bool>& known = any_[static_cast<std::size_t>(record_type)];
  if (!known) known = unit_->reads.any(access::Operation::derive, record_type);
  return *known;
}

bool Shelf::is_live(std::int32_t record_type, const RecordId& id) {
  const RecordKey key{record_type, -1, id};
  if (const auto known = rows_.find(key); known != rows_.end()) return known->second != nullptr;
  // What derives is read by the write that names it anyway.
  if (!Plan::of(unit_->catalog()).type(record_type).derivations.empty()) return live(record_type, id) != nullptr;
  if (const auto told = live_.find(key); told != live_.end()) return told->second;
  return live_[key] = unit_->reads.is_live(access::Operation::check, record_type, id);
}

void Shelf::at(std::int64_t instant) {
  if (instant_ == instant) return;
  instant_ = instant;
  forget_related();
}

void Shelf::follow(const Touch& touch) {
  const auto parent_of = [](const store::Row* row, std::int32_t ref_member) {
    const Value* ref = row == nullptr ? nullptr : &(*row)[static_cast<std::size_t>(ref_member)];
    return ref != nullptr && ref->kind == Kind::ref ? &ref->id : nullptr;
  };
  for (const ParentSet& set : Plan::of(unit_->catalog()).type(touch.record_type).parents) {
    const RecordId* before = parent_of(touch.before, set.ref_member);
    const RecordId* after = parent_of(touch.after, set.ref_member);
    if (before != nullptr && after != nullptr && *before == *after) continue;
    for (const RecordId* parent : {before, after}) {
      if (parent == nullptr) continue;
      children_.erase({set.record_type, set.member, *parent});
      small_.erase({set.record_type, set.member, *parent});
    }
  }
  if (!related_.empty()) forget_related();
  live_.erase({touch.record_type, -1, touch.id});
  if (touch.before == nullptr && !any_.empty()) any_[static_cast<std::size_t>(touch.record_type)].reset();
  const auto known = rows_.find({touch.record_type, -1, touch.id});
  if (known == rows_.end()) return;
  if (touch.after != nullptr && known->second != nullptr)
    known->second->turn_to(*touch.after);
  else
    rows_.erase(known);
}

void Shelf::forget_all() {
  forget_related();
  children_.clear();
  small_.clear();
  live_.clear();
  any_.clear();
  rows_.clear();
}

void Shelf::trim() {
  forget_related();
  children_.clear();
  small_.clear();
  live_.clear();
  for (auto at = rows_.begin(); at != rows_.end();) {
    const bool keep = at->second != nullptr && at->second->lent_;
    at = keep ? std::next(at) : rows_.erase(at);
  }
}

}  // namespace kith::internal::derive
