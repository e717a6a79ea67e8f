#include "expr/evaluate/calendar.hpp"

#include <algorithm>

#include "base/time/time.hpp"
#include "expr/evaluate/arithmetic.hpp"

namespace kith::internal::expr {
namespace {

constexpr std::int64_t kMinute = 60 * kMicrosPerSecond;
constexpr std::int64_t kNight = 3 * 60 * kMinute;  // no zone's clock was ever set back by more

bool is_utc(std::string_view zone) { return zone.empty() || zone == "UTC"; }

}  // namespace

std::optional<std::int64_t> date_at(std::int64_t us, std::string_view zone) {
  const std::int64_t day = floor_div(us, kMicrosPerDay);
  if (is_utc(zone)) return day;
  if (day <= kFirstDay || day >= kLastDay || !is_time_zone(zone)) return std::nullopt;
  return utc_to_local_days(us, zone);
}

std::int64_t date_until(std::int64_t us, std::string_view zone) {
  const auto day = date_at(us, zone);
  if (is_utc(zone)) return saturate((static_cast<Wide>(*day) + 1) * kMicrosPerDay);
  if (!day) {
    // A zone that does not exist stays so; a year that is too early ends.
    return is_time_zone(zone) ? saturate((floor_divide(us, kMicrosPerDay) + 1) * kMicrosPerDay) : kForever;
  }
  const std::int64_t next = local_to_utc((*day + 1) * kMicrosPerDay, zone);
  const std::int64_t midnight = local_to_utc(*day * kMicrosPerDay, zone);
  const std::int64_t next_second = (floor_div(us, kMicrosPerSecond) + 1) * kMicrosPerSecond;
  std::int64_t until = std::max(next, next_second);
  // Where the clock is set back across midnight the date returns to the day before for some minutes. Then, and only
  // then, the hours around midnight are looked at minute by minute.
  const bool clock_moves = local_to_utc(*day * kMicrosPerDay + kNight, zone) - midnight != kNight ||
                           local_to_utc((*day + 1) * kMicrosPerDay, zone) <= us;
  if (clock_moves && us < midnight + 2 * kNight) {
    for (std::int64_t at = (floor_div(us, kMinute) + 1) * kMinute; at < midnight + 2 * kNight && at < until;
         at += kMinute) {
      // Local mean times had offsets of odd seconds, so that the turn may lie anywhere in this minute.
      if (utc_to_local_days(at, zone) != *day) until = std::max(at - kMinute, next_second);
    }
  }
  return until;
}

std::int64_t reached_until(std::int64_t day, std::int64_t us, std::string_view zone) {
  constexpr std::int64_t kNearby = 3;  // days in which a date may come again, with room for every offset from UTC
  const auto today = date_at(us, zone);
  if (is_utc(zone)) return day > *today ? saturate(static_cast<Wide>(day) * kMicrosPerDay) : kForever;
  if (!today || (day >= *today - kNearby && day <= *today + kNearby)) return date_until(us, zone);
  return day > *today ? saturate((static_cast<Wide>(day) - 2) * kMicrosPerDay) : kForever;
}

}  // namespace kith::internal::expr
