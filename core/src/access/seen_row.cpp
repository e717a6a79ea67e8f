#include "access/seen_row.hpp"

#include "base/problem/error.hpp"

namespace kith::internal::access {

SeenRow::SeenRow(const catalog::Catalog& catalog, std::int32_t record_type, const Query::ViewMaker& view)
    : catalog_(&catalog),
      record_type_(record_type),
      row_(catalog.type(record_type).members.size()),
      at_hand_(row_.size()),
      view_(&view) {
  show_facts(row_.data());
}

SeenRow& SeenRow::behind(std::int32_t ref) {
  for (const auto& [member, row] : behind_) {
    if (member == ref) return *row;
  }
  const std::int32_t target = catalog_->type(record_type_).members[static_cast<std::size_t>(ref)].type.record_type;
  behind_.emplace_back(ref, std::make_unique<SeenRow>(*catalog_, target, *view_));
  return *behind_.back().second;
}

expr::RecordView& SeenRow::whole() {
  if (whole_ == nullptr && *view_) whole_ = (*view_)(record_type_, id_);
  // The statement gave it in the same snapshot.
  if (whole_ == nullptr)
    throw Error(ProblemNumber::bug, "a record that was just read is not there", "report this as a bug");
  return *whole_;
}

expr::Timed SeenRow::get(std::int32_t member) {
  const auto at = static_cast<std::size_t>(member);
  return at_hand_[at] ? expr::Timed{row_[at], kForever} : whole().get(member);
}

expr::RecordView* SeenRow::follow(std::int32_t member) {
  for (const auto& [ref, row] : behind_) {
    if (ref == member) return row->id_.is_nil() ? nullptr : row.get();
  }
  return whole().follow(member);
}

}  // namespace kith::internal::access
