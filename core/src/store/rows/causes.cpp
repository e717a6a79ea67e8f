#include "store/rows/causes.hpp"

#include "store/rows/cause_columns.hpp"

namespace kith::internal::store {

// No join: SQLite takes the few causes for a reason to read them all first, once for each statement.
const KnownCause* Causes::find(CauseOf of, std::int64_t number) {
  Last& last = last_[of == CauseOf::change ? 0 : 1];
  if (last.number == number) return last.known ? &*last.known : nullptr;
  last = {number, {}};
  static const std::string sql = std::string("SELECT at_us, actor, ") + kCauseColumns +
                                 " FROM kith_cause WHERE tenant = ? AND log = ? AND number = ?";
  const StatementPtr row = records_->connection().prepare(sql);
  row->bind(0, records_->tenant());
  row->bind(1, static_cast<std::int64_t>(of));
  row->bind(2, number);
  if (!row->step()) return nullptr;
  last.known = KnownCause{row->integer(0), std::string(row->text(1)), read_cause(*row, 2)};
  return &*last.known;
}

}  // namespace kith::internal::store
