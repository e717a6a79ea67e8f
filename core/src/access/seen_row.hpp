// A row of a statement as expressions see it: the members that were read are at hand, of the record itself and of those
// to which its refs lead; all else is asked of the record's own view, which is made only then.
#pragma once
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "access/query.hpp"

namespace kith::internal::access {

class SeenRow final : public expr::RecordView {
 public:
  SeenRow(const catalog::Catalog& catalog, std::int32_t record_type, const Query::ViewMaker& view);
  /// The record to which a ref leads; made when it is first asked for.
  SeenRow& behind(std::int32_t ref);
  void know(std::int32_t member) { at_hand_[static_cast<std::size_t>(member)] = true; }
  /// nil: there is no such record, or it is not live.
  void turn_to(const RecordId& id) {
    id_ = id;
    whole_ = nullptr;
  }
  void put(std::int32_t member, Value value) { row_[static_cast<std::size_t>(member)] = std::move(value); }

  Value self() override { return Value::ref(record_type_, id_); }
  expr::Timed get(std::int32_t member) override;
  expr::RecordView* follow(std::int32_t member) override;
  void related(const expr::Hop& set, std::vector<expr::Related>& out) override { whole().related(set, out); }

 private:
  expr::RecordView& whole();

  const catalog::Catalog* catalog_;
  std::int32_t record_type_;
  RecordId id_;
  std::vector<Value> row_;
  std::vector<bool> at_hand_;
  std::vector<std::pair<std::int32_t, std::unique_ptr<SeenRow>>> behind_;
  const Query::ViewMaker* view_;
  expr::RecordView* whole_ = nullptr;
};

}  // namespace kith::internal::access
