#include "access/judged_row.hpp"

#include "base/problem/error.hpp"

namespace kith::internal::access {

JudgedRow::JudgedRow(std::int32_t record_type, std::size_t members, const std::vector<std::int32_t>& facts,
                     const Query::ViewMaker& view)
    : record_type_(record_type), row_(members), at_hand_(members), view_(&view) {
  for (const std::int32_t fact : facts) at_hand_[static_cast<std::size_t>(fact)] = true;
  show_facts(row_.data());
}

expr::RecordView& JudgedRow::whole() {
  if (whole_ == nullptr) whole_ = (*view_)(record_type_, id_);
  // The statement gave it in the same snapshot.
  if (whole_ == nullptr)
    throw Error(ProblemNumber::bug, "a record that was just read is not there", "report this as a bug");
  return *whole_;
}

expr::Timed JudgedRow::get(std::int32_t member) {
  const auto at = static_cast<std::size_t>(member);
  return at_hand_[at] ? expr::Timed{row_[at], kForever} : whole().get(member);
}

expr::RecordView* JudgedRow::follow(std::int32_t member) { return whole().follow(member); }

void JudgedRow::related(const expr::Hop& set, std::vector<expr::Related>& out) { whole().related(set, out); }

}  // namespace kith::internal::access
