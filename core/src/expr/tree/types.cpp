#include "expr/tree/types.hpp"

#include <algorithm>

namespace kith::internal::expr {

std::string type_name(const Type& type) {
  if (is_enum(type)) return "enum";
  if (is_list(type)) return std::string{"list of "} + kind_name(type.element);
  if (type.kind == Kind::money && type.currency.code[0] != 0) return "money (" + type.currency.text() + ")";
  return kind_name(type.kind);
}

std::int64_t rank_of(const EnumValues& values, std::string_view id) {
  const auto found = std::find(values.ids.begin(), values.ids.end(), id);
  return found == values.ids.end() ? -1 : found - values.ids.begin();
}

bool same_currency(const Currency& a, const Currency& b) {
  return a.scale == b.scale && (a.code[0] == 0 || b.code[0] == 0 || a.code == b.code);
}

bool reads_its_currency(const Node& node) {
  if (node.op == Op::function && node.function == Function::money && node.type.currency.code[0] == 0) return true;
  return std::any_of(node.parts.begin(), node.parts.end(),
                     [](const NodePtr& part) { return part->type.kind == Kind::money && reads_its_currency(*part); });
}

bool same_values(const EnumValues& a, const EnumValues& b) { return &a == &b || a.ids == b.ids; }

}  // namespace kith::internal::expr
