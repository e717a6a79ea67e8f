// Rows of records and of their children, read once and kept while the unit lasts, as views for expressions.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "access/unit.hpp"
#include "derive/compute/slot.hpp"

namespace kith::internal::derive {

/// The write that is going on: its edges before and after count both. Null: not there (created, removed).
struct Touch {
  std::int32_t record_type = -1;
  RecordId id;
  const store::Row* before = nullptr;
  const store::Row* after = nullptr;
};

class Shelf;

/// A record's row; what is derived is asked of the shelf's owner.
class RowView : public expr::RecordView {
 public:
  RowView(Shelf& shelf, std::int32_t record_type, const RecordId& id, store::Row row, std::int64_t rid = 0)
      : shelf_(&shelf), record_type_(record_type), id_(id), row_(std::move(row)), rid_(rid) {
    show_facts(row_.data());
  }
  RowView(const RowView&) = delete;
  RowView& operator=(const RowView&) = delete;
  Value self() override { return Value::ref(record_type_, id_); }
  expr::Timed get(std::int32_t member) override;
  expr::RecordView* follow(std::int32_t member) override;
  void related(const expr::Hop& set, std::vector<expr::Related>& out) override;
  const RecordId& id() const noexcept { return id_; }
  const store::Row& row() const noexcept { return row_; }
  std::int64_t rid() const noexcept { return rid_; }  ///< of the stored row; 0: it need not be stored

 protected:
  /// The value of a derivation of this record, or its band.
  virtual expr::Timed derived(std::int32_t derivation, bool band);
  Shelf* shelf_;

 private:
  friend class Shelf;
  void turn_to(const store::Row& row) {
    row_ = row;
    show_facts(row_.data());
  }
  std::int32_t record_type_;
  RecordId id_;
  store::Row row_;
  std::int64_t rid_ = 0;
  bool lent_ = false;  ///< given out of the floor: kept until its record is written
};

class Shelf {
 public:
  /// Gives the value of a derivation of a stored record, made fresh; `band`: of a score.
  using Source = std::function<expr::Timed(std::int32_t derivation, const RecordId& id, bool band)>;
  Shelf(access::Unit& unit, Source source) : unit_(&unit), instant_(unit.now), source_(std::move(source)) {}

  access::Unit& unit() const noexcept { return *unit_; }
  RowView* live(std::int32_t record_type, const RecordId& id);  ///< nullptr: not there or removed
  RowView* lend(std::int32_t record_type, const RecordId& id);  ///< the same; survives trim()
  bool is_live(std::int32_t record_type, const RecordId& id);
  /// Live children in id order.
  const std::vector<RowView*>& children(std::int32_t record_type, std::int32_t set_member, const RecordId& parent);
  /// Live records at the other end of a relationship's edges, each once, in id order; also those of edges of other
  /// times.
  const std::vector<expr::Related>& related(const expr::Hop& set, const RecordId& id);
  expr::Timed derived(std::int32_t derivation, const RecordId& id, bool band) { return source_(derivation, id, band); }

  /// The records from which `path` leads to `target`, over all edges whatever their dates and liveness, those of before
  /// and after the touch included. Sorted, without duplicates.
  std::vector<RecordId> back(const std::vector<expr::Hop>& path, std::int32_t target_type, const RecordId& target,
                             const Touch* touch);
  /// The live records to which `path` leads from a record.
  std::vector<RecordId> forward(const std::vector<expr::Hop>& path, std::int32_t record_type, const RecordId& id);

  /// Whether a parent has at most so many live children of the set; then they are read at once.
  bool is_small(std::int32_t record_type, std::int32_t set_member, const RecordId& parent, std::int64_t most);
  /// Edges are seen as of this instant from now on.
  void at(std::int64_t instant);

  /// A row was written: views of it show what it is now, and lists in which it stands or stood are read again.
  void follow(const Touch& touch);
  void forget_related() { related_.clear(); }
  void trim();        ///< lets go of everything that was not lent
  void forget_all();  ///< lent ones too
  std::size_t size() const noexcept { return rows_.size(); }

 private:
  bool any(std::int32_t record_type);  ///< is there a record of the type, removed or not?
  std::vector<RecordId> holders(std::int32_t record_type, std::int32_t ref_member, const RecordId& target,
                                const Touch* touch);
  void add_parents(std::int32_t child_type, std::int32_t ref_member, const RecordId& child, const Touch* touch,
                   std::vector<RecordId>& out);

  struct SetKey {
    expr::Hop set;
    RecordId id;
    friend bool operator==(const SetKey&, const SetKey&) = default;
  };
  struct SetKeyHash {
    std::size_t operator()(const SetKey& key) const noexcept {
      return RecordKeyHash{}({key.set.relationship, key.set.inverse ? -3 : -2, key.id});
    }
  };
  std::vector<store::Edge> edges(const expr::Hop& set, const RecordId& id, bool from_far);

  access::Unit* unit_;
  std::int64_t instant_;
  Source source_;
  std::unordered_map<RecordKey, std::unique_ptr<RowView>, RecordKeyHash> rows_;  ///< null: known not to be there
  std::unordered_map<RecordKey, std::vector<RowView*>, RecordKeyHash> children_;
  std::unordered_map<RecordKey, bool, RecordKeyHash> small_, live_;  ///< what is_small and is_live were told
  std::vector<std::optional<bool>> any_;                             ///< by record type
  std::unordered_map<SetKey, std::vector<expr::Related>, SetKeyHash> related_;
};

}  // namespace kith::internal::derive
