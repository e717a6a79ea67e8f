// Why a function of ours has no value: for people, in Value::s of an unknown, which explain and imports show.
#pragma once
#include <string>
#include <string_view>

#include "base/value/value.hpp"

namespace kith::internal::expr {

/// "'2018-02-29'", cut where it is long.
std::string quoted_short(std::string_view text);
/// Of a form whose operands are dead: the reason of the first that has one.
Value unknown_of(const Value& a, const Value& b);

}  // namespace kith::internal::expr
