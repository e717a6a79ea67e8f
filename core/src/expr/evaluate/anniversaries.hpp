// The next day on which a date comes round. What was born on 29 February has its day on the 28th in ordinary years.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "expr/evaluate/evaluate.hpp"

namespace kith::internal::expr {

/// The day of that year; nullopt: outside of the years 1..9999.
std::optional<std::int64_t> anniversary_in(std::int64_t year, unsigned month, unsigned day);
/// The first anniversary of `day` on or after the date of `now` in the zone ("" = UTC), and until when it is that.
Timed next_anniversary(std::int64_t day, std::int64_t now, std::string_view zone);

}  // namespace kith::internal::expr
