#include "react/record_then.hpp"

#include <algorithm>
#include <span>

namespace kith::internal::react {
namespace {

bool is_edge(const store::Change& change) { return change.edge.has_value(); }

/// Takes changes back from a row. What a change doesn't say of itself (its stamps, since when a state holds) is said by
/// the change before it, and by the history of states.
class Undoing {
 public:
  Undoing(access::Unit& unit, std::int32_t record_type, const RecordId& id, store::Row row)
      : unit_(unit), catalog_(unit.catalog()), type_(catalog_.type(record_type)), id_(id), row_(std::move(row)) {}

  void undo(const store::Change& change) {
    if (is_edge(change)) return;
    for (const store::MemberChange& each : change.members)
      if (each.member >= 0) row_[static_cast<std::size_t>(each.member)] = each.before;
    put("version", Value::integer(change.version - 1));
    for (const store::EnteredState& state : change.states) take_back(state);
    oldest_ = change.sequence;
  }

  /// Who wrote the row as it is now, and when: the newest change that is left.
  void stamp(const store::Change* known) {
    if (known != nullptr && !is_edge(*known)) return stamp_by(*known);
    constexpr std::int64_t kPiece = 20;
    for (std::int64_t before = oldest_; before != 0;) {
      const std::vector<store::Change> earlier = unit_.journal.changes(type_.number, id_, before, kPiece);
      const auto found = std::find_if_not(earlier.begin(), earlier.end(), is_edge);
      if (found != earlier.end()) return stamp_by(*found);
      before = earlier.empty() ? 0 : earlier.back().sequence;
    }
  }

  const store::Row& row() const { return row_; }

 private:
  void put(std::string_view name, Value value) {
    const auto found = type_.by_name.find(name);
    if (found != type_.by_name.end()) row_[static_cast<std::size_t>(found->second)] = std::move(value);
  }

  void stamp_by(const store::Change& change) {
    put("updated_at", Value::timestamp(change.at_us));
    put("updated_by", Value::text(change.actor));
  }

  void take_back(const store::EnteredState& state) {
    const catalog::Lifecycle* lifecycle = catalog_.find_lifecycle(type_.number, state.lifecycle);
    if (lifecycle == nullptr || lifecycle->since_member < 0) return;
    if (!history_) history_ = unit_.journal.transitions(type_.number, id_);
    const auto last = std::find_if(history_->rbegin(), history_->rend(),
                                   [&](const store::TransitionRow& row) { return row.lifecycle == state.lifecycle; });
    if (last != history_->rend()) history_->erase(std::next(last).base());
    const auto left = std::find_if(history_->rbegin(), history_->rend(),
                                   [&](const store::TransitionRow& row) { return row.lifecycle == state.lifecycle; });
    row_[static_cast<std::size_t>(lifecycle->since_member)] =
        left == history_->rend() ? Value::null() : Value::timestamp(left->entered_us);
  }

  access::Unit& unit_;
  const catalog::Catalog& catalog_;
  const catalog::RecordType& type_;
  RecordId id_;
  store::Row row_;
  std::optional<std::vector<store::TransitionRow>> history_;
  std::int64_t oldest_ = 0;  ///< sequence of the last change that was taken back
};

}  // namespace

std::optional<RecordThen> record_then(access::Unit& unit, const store::LogEntry& entry, bool with_before,
                                      std::int64_t version) {
  const std::int32_t type = entry.record_type();
  const store::Change* change = entry.change ? &*entry.change : nullptr;
  RecordThen then;
  std::vector<store::Change> later;
  if (change == nullptr || is_edge(*change) || change->version != version)
    later = unit.journal.changes_since(type, entry.record(), entry.sequence());
  then.is_now = std::all_of(later.begin(), later.end(), is_edge);
  if (then.is_now && !with_before) return then;
  auto present = unit.reads.load(access::Operation::read, type, entry.record(), true);
  if (!present) return std::nullopt;
  Undoing undoing(unit, type, entry.record(), std::move(present->values));
  for (const store::Change& each : later) undoing.undo(each);
  if (!then.is_now) {
    undoing.stamp(change);
    then.after = undoing.row();
  }
  if (!with_before || (change != nullptr && change->kind == store::ChangeKind::create)) return then;
  if (change != nullptr && !is_edge(*change)) {
    undoing.undo(*change);
    undoing.stamp(nullptr);
  }
  then.before = undoing.row();
  return then;
}

}  // namespace kith::internal::react
