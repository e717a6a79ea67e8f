// Rules of types that several parts of the checker share.
#pragma once
#include <string>

#include "expr/tree/node.hpp"

namespace kith::internal::expr {

/// The type of a term that was already complained about: everything goes with it, and nothing is said twice.
inline Type failed_type() { return Type::of(Kind::unknown); }
inline bool has_failed(const Type& type) { return type.kind == Kind::unknown; }

inline bool is_enum(const Type& type) { return type.kind == Kind::text && type.values != nullptr; }
inline bool is_list(const Type& type) { return type.kind == Kind::json && type.element != Kind::null; }
inline bool is_number(Kind kind) { return kind == Kind::integer || kind == Kind::real; }
inline bool is_ordered_kind(Kind kind) {
  return is_number(kind) || kind == Kind::text || kind == Kind::date || kind == Kind::timestamp ||
         kind == Kind::duration || kind == Kind::money;
}
/// Two amounts can meet: the same currency, or one of them is only known when it is read.
bool same_currency(const Currency& a, const Currency& b);
/// An amount of money(x, currency) whose currency is read with the row: nothing can be promised of it before.
bool reads_its_currency(const Node& node);
bool same_values(const EnumValues& a, const EnumValues& b);

}  // namespace kith::internal::expr
