// One value of one row: the column, expression or record that a mapping names, with its transforms.
#pragma once
#include <optional>
#include <vector>

#include "access/unit.hpp"
#include "facts/import/mapping/mapping.hpp"

namespace kith::internal::facts {

/// Records made or found for the present row, by their position in Mapping::records.
using RowRecords = std::vector<std::optional<RecordId>>;

/// Throws column_value, whose `field` is the column, or where an expression of several can't be converted the member.
/// `member` may be null (a key). A record that the row has not gives
/// null.
Value value_of(const access::Unit& unit, const Mapping& mapping, const ValueSource& source,
               const catalog::Member* member, RowView& row, const RowRecords& records);
/// Whether the condition is true for the row; null = always.
bool applies(const access::Unit& unit, const expr::ProgramPtr& condition, RowView& row);

}  // namespace kith::internal::facts
