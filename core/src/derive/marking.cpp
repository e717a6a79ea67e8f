#include <algorithm>

#include "derive/settler.hpp"

namespace kith::internal::derive {
namespace {

const Value* ref_of(const store::Row* row, std::int32_t member) {
  if (row == nullptr) return nullptr;
  const Value& ref = (*row)[static_cast<std::size_t>(member)];
  return ref.kind == Kind::ref ? &ref : nullptr;
}

}  // namespace

/// One touch, with the slots it has reached. Walks of one path to one record are made once.
struct Settler::Closure {
  const Touch* touch;
  std::unordered_set<Slot, SlotHash> seen;
  struct Walk {
    const Path* path;
    std::int32_t type;
    RecordId from;
    std::vector<RecordId> found;
  };
  std::vector<Walk> walks;

  const std::vector<RecordId>& back(Shelf& shelf, const Path& path, std::int32_t type, const RecordId& from) {
    for (const Walk& walk : walks) {
      if (walk.type == type && walk.from == from && *walk.path == path) return walk.found;
    }
    walks.push_back({&path, type, from, shelf.back(path, type, from, touch)});
    return walks.back().found;
  }
};

void Settler::mark(const Slot& slot, bool hard, const store::Cause& cause) {
  book_.add(slot, hard, cause);
  if (const auto held = held_.find(slot); held != held_.end()) held->second.settled = false;
}

void Settler::close_over(Closure& closure, const Slot& slot, bool hard) {
  // What reads it on the same record was marked together with the mark that already waits.
  const bool known = book_.waits(slot, hard) && plan_.stays(slot.derivation);
  mark(slot, hard, unit_->cause);
  if (known || !closure.seen.insert(slot).second) return;
  const std::int32_t type = plan_.derivation(slot.derivation).record_type;
  for (const Link& reader : plan_.readers(slot.derivation)) {
    const std::vector<RecordId> found = shelf_.back(*reader.path, type, slot.record, closure.touch);
    if (found.size() > most_marks_) {
      scope(reader.derivation, unit_->cause);
      continue;
    }
    for (const RecordId& id : found) close_over(closure, {reader.derivation, id}, false);
  }
}

void Settler::touched(const Touch& touch, std::span<const std::int32_t> changed) {
  adopted(touch.before == nullptr ? touch.id : RecordId{});
  shelf_.forget(touch);
  const bool whole = touch.before == nullptr || touch.after == nullptr;
  const catalog::RecordType& type = unit_->catalog().type(touch.record_type);
  Closure closure{&touch, {}, {}};
  std::vector<Slot> first;
  const auto reach = [&](const Link& reader, std::int32_t from_type, const RecordId& from) {
    const std::vector<RecordId>& found = closure.back(shelf_, *reader.path, from_type, from);
    if (found.size() > most_marks_) {
      scope(reader.derivation, unit_->cause);
      return;
    }
    for (const RecordId& id : found) first.push_back({reader.derivation, id});
  };
  const auto member_changed = [&](std::int32_t member) {
    for (const auto& [target, set] : plan_.sets_of(touch.record_type, member)) {
      for (const store::Row* row : {touch.before, touch.after}) {
        const Value* parent = ref_of(row, member);
        if (parent == nullptr) continue;
        for (const catalog::Catalog::Reader& reader : unit_->catalog().readers(target, set)) {
          reach({reader.derivation, &reader.path}, target, parent->id);
        }
      }
    }
  };
  if (whole) {
    for (const Link& reader : plan_.readers_of_type(touch.record_type)) reach(reader, touch.record_type, touch.id);
    for (std::size_t i = 0; i < type.members.size(); ++i) member_changed(static_cast<std::int32_t>(i));
    // A record's own derivations are to be computed for the first time, also those that read nothing of it.
    for (const std::int32_t own : plan_.of_type(touch.record_type)) first.push_back({own, touch.id});
  } else {
    for (const std::int32_t member : changed) {
      for (const catalog::Catalog::Reader& reader : unit_->catalog().readers(touch.record_type, member)) {
        reach({reader.derivation, &reader.path}, touch.record_type, touch.id);
      }
      member_changed(member);
    }
  }
  for (const Slot& slot : first) close_over(closure, slot, true);
}

// Whatever its dates, it may have begun or ended to count for those who look through it from either of its ends.
void Settler::related(const store::Edge& edge) {
  adopted();
  shelf_.forget_related();
  const catalog::Relationship* relationship = unit_->catalog().find_relationship(edge.relationship);
  if (relationship == nullptr) return;
  Closure closure{nullptr, {}, {}};
  for (const catalog::Catalog::EdgeReader& each : unit_->catalog().edge_readers(relationship->number)) {
    for (const auto& [type, id] : {std::pair{edge.from_type, edge.from}, std::pair{edge.to_type, edge.to}}) {
      if (type != each.record_type) continue;
      const std::vector<RecordId> found = closure.back(shelf_, each.reader.path, type, id);
      if (found.size() > most_marks_) {
        scope(each.reader.derivation, unit_->cause);
        continue;
      }
      for (const RecordId& reader : found) close_over(closure, {each.reader.derivation, reader}, true);
    }
  }
}

void Settler::scope(std::int32_t derivation, const store::Cause& cause) {
  std::vector<std::int32_t> all = plan_.transitive_readers(derivation);
  all.push_back(derivation);
  for (const std::int32_t each : all) book_.add_scope(each, cause);
  for (auto& [slot, held] : held_) {
    if (std::find(all.begin(), all.end(), slot.derivation) != all.end()) held.settled = false;
  }
}

}  // namespace kith::internal::derive
