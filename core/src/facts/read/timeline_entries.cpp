#include "facts/read/timeline_entries.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/text/text.hpp"
#include "base/time/time.hpp"
#include "facts/read/shown.hpp"

namespace kith::internal::facts {

namespace {

using catalog::Member;
using catalog::RecordType;
using catalog::Role;

struct Word {
  std::string_view id, english, chinese;
};
constexpr Word kWords[] = {
    {"created", "created", "创建"}, {"updated", "changed", "修改"}, {"removed", "removed", "删除"},
    {"related", "begins", "开始"},  {"unrelated", "ends", "结束"},
};

std::string word(const catalog::Catalog& catalog, std::string_view id) {
  for (const Word& known : kWords) {
    if (known.id == id) return std::string(catalog.language.rfind("zh", 0) == 0 ? known.chinese : known.english);
  }
  return std::string(id);
}

std::string value_text(const catalog::Catalog& catalog, const Member& member, const Value& value) {
  for (const catalog::EnumValue& known : member.value_labels) {
    if (known.id == value.s && !known.label.texts.empty()) return known.label.in(catalog.language);
  }
  return to_text(value);
}

/// When a record happened: its first required instant or date; a record without one happened when it was written down.
std::int64_t happened_at(const catalog::Catalog& catalog, const RecordType& type, const store::Row& row) {
  for (std::size_t i = 0; i < type.members.size(); ++i) {
    const Member& member = type.members[i];
    if (member.role != Role::field || !member.required || row[i].is_null()) continue;
    if (member.type.kind == Kind::timestamp) return row[i].i;
    if (member.type.kind == Kind::date) return local_to_utc(row[i].i * kMicrosPerDay, catalog.time_zone);
  }
  const auto created = type.by_name.find("created_at");
  return created == type.by_name.end() ? 0 : store::at(row, created->second).i;
}

/// What is short and says most: choices, amounts and numbers.
std::string detail_of(const catalog::Catalog& catalog, const RecordType& type, const store::Row& row) {
  constexpr std::size_t kMost = 5;
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < type.members.size() && parts.size() < kMost; ++i) {
    const Member& member = type.members[i];
    const bool is_state = member.role == Role::system && member.values != nullptr;
    if ((member.role != Role::field && !is_state) || row[i].is_null() || member.pii != catalog::Pii::none) continue;
    const bool telling =
        member.values != nullptr || member.type.kind == Kind::money || member.type.kind == Kind::integer;
    if (!telling || static_cast<std::int32_t>(i) == type.title_member) continue;
    const std::string& label = member.label.texts.empty() ? member.name : member.label.in(catalog.language);
    parts.push_back(label + ": " + value_text(catalog, member, row[i]));
  }
  return join(parts, ", ");
}

std::string label_or(const catalog::Catalog& catalog, const catalog::Label& label, const std::string& id) {
  return label.texts.empty() ? id : label.in(catalog.language);
}

std::string title_of(const catalog::Catalog& catalog, const RecordType& type, const store::Row& row) {
  if (type.title_member >= 0 && !store::at(row, type.title_member).is_null())
    return to_text(store::at(row, type.title_member));
  return label_or(catalog, type.label, type.name);
}

class Gatherer {
 public:
  Gatherer(access::Unit& unit, const RecordType& type, const RecordId& id, std::int64_t limit, std::int64_t before_us,
           std::string before_order)
      : unit_(unit),
        catalog_(unit.catalog()),
        type_(type),
        id_(id),
        limit_(limit),
        before_us_(before_us),
        before_order_(std::move(before_order)) {}

  std::vector<TimelineEntry> gather() {
    for (const RecordType& child : catalog_.record_types) add_records(child);
    add_states();
    add_edges();
    add_changes();
    return std::move(entries_);
  }

 private:
  bool add(TimelineEntry entry) {
    const bool older = entry.at_us < before_us_ || (entry.at_us == before_us_ && entry.order < before_order_);
    if (older) entries_.push_back(std::move(entry));
    return older;
  }

  void add_records(const RecordType& child) {
    const auto created_by = child.by_name.find("created_by");
    for (const RecordId& id : on_timeline(unit_, child, type_, id_)) {
      const auto record = unit_.reads.load(access::Operation::read, child.number, id);
      if (!record) continue;
      TimelineEntry entry;
      entry.at_us = happened_at(catalog_, child, record->values);
      entry.order = "r" + id.text();
      entry.kind = child.name;
      entry.title = title_of(catalog_, child, record->values);
      entry.detail = detail_of(catalog_, child, record->values);
      if (created_by != child.by_name.end()) entry.by = store::at(record->values, created_by->second).s;
      entry.record_type = child.number;
      entry.id = id;
      add(std::move(entry));
    }
  }

  void add_states() {
    std::int64_t number = 0;
    for (const store::TransitionRow& row : unit_.journal.transitions(type_.number, id_)) {
      const catalog::Lifecycle* lifecycle = catalog_.find_lifecycle(type_.number, row.lifecycle);
      if (lifecycle == nullptr) continue;  // its plugin is not loaded
      const catalog::State* state = lifecycle->state(row.to_state);
      TimelineEntry entry = own("state", row.entered_us, "s" + padded(number++));
      entry.title = label_or(catalog_, lifecycle->label, row.lifecycle) + ": " +
                    (state == nullptr ? row.to_state : label_or(catalog_, state->label, row.to_state));
      entry.detail = row.reason;
      entry.by = row.cause.by.empty() ? row.actor : row.cause.by;
      add(std::move(entry));
    }
  }

  void add_edges() {
    for (const catalog::Relationship& relationship : catalog_.relationships) {
      for (const bool from_side : {true, false}) {
        for (const store::Edge& edge : unit_.journal.edges(relationship.name, type_.number, id_, from_side, 0, true)) {
          add_edge(relationship, edge, from_side, true);
          if (edge.to_on) add_edge(relationship, edge, from_side, false);
        }
      }
    }
  }

  void add_edge(const catalog::Relationship& relationship, const store::Edge& edge, bool from_side, bool begins) {
    const std::int64_t day = begins ? edge.from_on : *edge.to_on;
    const std::string kind = begins ? "related" : "unrelated";
    TimelineEntry entry =
        own(kind, local_to_utc(day * kMicrosPerDay, catalog_.time_zone), (begins ? "e" : "f") + padded(edge.row));
    const std::string name = from_side ? label_or(catalog_, relationship.label, relationship.name)
                                       : label_or(catalog_, relationship.inverse_label, relationship.inverse);
    entry.title =
        name + " " +
        (from_side ? record_title(unit_, edge.to_type, edge.to) : record_title(unit_, edge.from_type, edge.from)) +
        " " + word(catalog_, kind);
    entry.record_type = from_side ? edge.to_type : edge.from_type;
    entry.id = from_side ? edge.to : edge.from;
    add(std::move(entry));
  }

  /// From the newest on, until there is one more than a page takes: what is older can't be on it.
  void add_changes() {
    constexpr std::int64_t kPiece = 200;
    std::int64_t before = 0, found = 0;
    while (found <= limit_) {
      const std::vector<store::Change> changes = unit_.journal.changes(type_.number, id_, before, kPiece);
      for (const store::Change& change : changes) {
        before = change.sequence;
        const bool updated = change.kind == store::ChangeKind::update;
        if (!updated && change.kind != store::ChangeKind::create && change.kind != store::ChangeKind::remove) continue;
        TimelineEntry entry = own("change", change.at_us, "c" + padded(change.sequence));
        entry.title = word(catalog_, store::changed_name(change.kind));
        if (updated) entry.detail = changed_names(change);
        entry.by = change.cause.by.empty() ? change.actor : change.cause.by;
        if (add(std::move(entry))) ++found;
      }
      if (static_cast<std::int64_t>(changes.size()) < kPiece) return;
    }
  }

  std::string changed_names(const store::Change& change) const {
    std::vector<std::string> names;
    for (const store::MemberChange& each : change.members) {
      if (each.member < 0) {
        names.push_back(each.name);
        continue;
      }
      const Member& member = type_.members[static_cast<std::size_t>(each.member)];
      names.push_back(label_or(catalog_, member.label, member.name));
    }
    return join(names, ", ");
  }

  TimelineEntry own(std::string kind, std::int64_t at_us, std::string order) const {
    TimelineEntry entry;
    entry.kind = std::move(kind);
    entry.at_us = at_us;
    entry.order = std::move(order);
    entry.record_type = type_.number;
    entry.id = id_;
    return entry;
  }

  static std::string padded(std::int64_t number) {
    std::string digits = std::to_string(number);
    return std::string(20 - std::min<std::size_t>(digits.size(), 20), '0') + digits;
  }

  access::Unit& unit_;
  const catalog::Catalog& catalog_;
  const RecordType& type_;
  RecordId id_;
  std::int64_t limit_, before_us_;
  std::string before_order_;
  std::vector<TimelineEntry> entries_;
};

}  // namespace

std::string record_title(access::Unit& unit, std::int32_t record_type, const RecordId& id) {
  if (record_type < 0) return id.text();
  const auto record = unit.reads.load(access::Operation::read, record_type, id, true);
  const RecordType& type = unit.catalog().type(record_type);
  return record ? title_of(unit.catalog(), type, record->values) : record_text(unit.catalog(), record_type, id);
}

std::vector<RecordId> on_timeline(access::Unit& unit, const RecordType& child, const RecordType& type,
                                  const RecordId& id) {
  if (child.timeline_path.empty()) return {};
  const catalog::Catalog& catalog = unit.catalog();
  std::vector<const RecordType*> steps;
  const RecordType* step = &child;
  for (const std::int32_t member : child.timeline_path) {
    steps.push_back(step);
    const std::int32_t target = step->members[static_cast<std::size_t>(member)].type.record_type;
    if (target < 0) return {};
    step = &catalog.type(target);
  }
  if (step->number != type.number) return {};
  std::vector<RecordId> ids{id};
  for (std::size_t i = steps.size(); i-- > 0;) {
    std::vector<RecordId> next;
    for (const RecordId& parent : ids) {
      for (const RecordId& found :
           unit.reads.child_ids(access::Operation::read, steps[i]->number, child.timeline_path[i], parent, false))
        next.push_back(found);
    }
    ids = std::move(next);
  }
  return ids;
}

TimelinePage timeline_page(access::Unit& unit, const RecordType& type, const RecordId& id, std::int64_t limit,
                           std::string_view before) {
  std::int64_t before_us = kForever;
  std::string before_order;
  if (!before.empty()) {
    const std::size_t split = before.find('~');
    const std::string_view number = before.substr(0, split);
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), before_us);
    if (split == std::string_view::npos || error != std::errc{} || end != number.data() + number.size()) {
      throw Error(ProblemNumber::query_invalid, "'" + std::string(before) + "' is no cursor of a timeline",
                  "give the \"next\" of the page before");
    }
    before_order = std::string(before.substr(split + 1));
  }
  TimelinePage page;
  page.entries = Gatherer(unit, type, id, limit, before_us, before_order).gather();
  std::sort(page.entries.begin(), page.entries.end(), [](const TimelineEntry& a, const TimelineEntry& b) {
    return a.at_us != b.at_us ? a.at_us > b.at_us : a.order > b.order;
  });
  if (static_cast<std::int64_t>(page.entries.size()) > limit) {
    page.entries.resize(static_cast<std::size_t>(limit));
    const TimelineEntry& last = page.entries.back();
    page.next = std::to_string(last.at_us) + "~" + last.order;
  }
  return page;
}

}  // namespace kith::internal::facts
