#include "access/aggregate/result_columns.hpp"

namespace kith::internal::access {

ResultColumns::ResultColumns(const catalog::Catalog& catalog, const std::vector<Column>& columns)
    : names_(&catalog.names()), columns_(&columns), type_(static_cast<std::int32_t>(catalog.record_types.size())) {}

std::string ResultColumns::record_type_name(std::int32_t record_type) const {
  return record_type == type_ ? "result" : names_->record_type_name(record_type);
}

std::optional<expr::Member> ResultColumns::member(std::int32_t record_type, std::string_view name) const {
  if (record_type != type_) return std::nullopt;
  for (std::size_t i = 0; i < columns_->size(); ++i) {
    if ((*columns_)[i].name != name) continue;
    expr::Member member;
    member.index = static_cast<std::int32_t>(i);
    member.type = (*columns_)[i].type;
    return member;
  }
  return std::nullopt;
}

std::vector<std::string> ResultColumns::member_names(std::int32_t record_type) const {
  std::vector<std::string> names;
  if (record_type != type_) return names;
  for (const Column& column : *columns_) names.push_back(column.name);
  return names;
}

void ResultRow::turn_to(const std::vector<Value>& row) {
  row_ = row;
  for (Value& value : row_) {
    if (value.is_unknown()) value = Value::null();
  }
}

}  // namespace kith::internal::access
