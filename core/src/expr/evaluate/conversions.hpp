// From one type to another: what can't be is unknown, and says why.
#pragma once
#include <optional>
#include <span>

#include "base/value/value.hpp"

namespace kith::internal::expr {

// All arguments are alive.
Value to_date(std::span<const Value* const> arguments);       ///< of a date, an instant and its zone, or a text
Value to_timestamp(std::span<const Value* const> arguments);  ///< of an instant, or a date or text and their zone
Value to_duration(const Value& from);
Value to_int(const Value& from);
Value to_double(const Value& from);
/// money(x, currency) of an int, a double or a decimal text: rounded once, half away from zero. Of a double it is the
/// shortest decimal that is read back as it: what people see is what is rounded.
Value to_money(const Value& from, const Value& currency);
/// date(year, month, day)
Value civil_date(const Value& year, const Value& month, const Value& day);

}  // namespace kith::internal::expr
