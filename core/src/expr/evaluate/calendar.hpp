// Days that a wall calendar shows, and when it turns to the next one. A zone shows dates of the years 1..9999 only.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/time/time.hpp"  // kFirstDay, kLastDay
#include "expr/evaluate/arithmetic.hpp"

namespace kith::internal::expr {

/// The date in `zone` at an instant; nullopt: no such zone ("" is none), or an instant outside of the years 1..9999 in
/// a zone.
std::optional<std::int64_t> date_at(std::int64_t us, std::string_view zone);
/// The first instant after `us` at which date_at differs.
std::int64_t date_until(std::int64_t us, std::string_view zone);
/// The first instant after `us` at which it turns whether the date has come to `day`; where a clock is set back over
/// midnight a date comes twice, and it turns three times.
std::int64_t reached_until(std::int64_t day, std::int64_t us, std::string_view zone);
/// The first instant of a date: midnight, or what comes after it where a clock is moved then. nullopt as in date_at,
/// and out of the range of instants.
std::optional<std::int64_t> start_of_date(std::int64_t day, std::string_view zone);

/// Both of one instant, which many rows ask for one after the other.
struct WallDate {
  std::optional<std::int64_t> date;
  std::int64_t until;
};
WallDate wall_date(std::int64_t us, std::string_view zone);

/// Whole numbers from `first` to `last`, both included.
struct Interval {
  std::int64_t first, last;
};
/// The dates that begin at an instant in `zone`.
Interval dates_of_zone(std::string_view zone);
/// All instants whose date in `zone`, which exists, lies between two dates, both included.
std::vector<Interval> instants_of_dates(Wide first, Wide last, std::string_view zone);
/// The last date that has begun in `zone` by then; the one before dates_of_zone where none has.
std::int64_t last_date_begun(Wide us, std::string_view zone);

}  // namespace kith::internal::expr
