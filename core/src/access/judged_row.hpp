// A row that a statement has just given, as a filter's remaining parts see it: fields that they read are at hand, all
// else is asked of the record's own view, which is made only then.
#pragma once
#include <cstdint>
#include <vector>

#include "access/query.hpp"

namespace kith::internal::access {

class JudgedRow final : public expr::RecordView {
 public:
  /// `members`: the record type's number of members; `facts`: those that are at hand.
  JudgedRow(std::int32_t record_type, std::size_t members, const std::vector<std::int32_t>& facts,
            const Query::ViewMaker& view);
  void turn_to(const RecordId& id) {
    id_ = id;
    whole_ = nullptr;
  }
  void put(std::int32_t fact, Value value) { row_[static_cast<std::size_t>(fact)] = std::move(value); }

  Value self() override { return Value::ref(record_type_, id_); }
  expr::Timed get(std::int32_t member) override;
  expr::RecordView* follow(std::int32_t member) override;
  void related(const expr::Hop& set, std::vector<expr::Related>& out) override;

 private:
  expr::RecordView& whole();

  std::int32_t record_type_;
  RecordId id_;
  std::vector<Value> row_;
  std::vector<bool> at_hand_;
  const Query::ViewMaker* view_;
  expr::RecordView* whole_ = nullptr;
};

}  // namespace kith::internal::access
