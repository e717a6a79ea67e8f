#include "expr/evaluate/anniversaries.hpp"

#include <algorithm>

#include "base/time/time.hpp"
#include "expr/evaluate/calendar.hpp"

namespace kith::internal::expr {
namespace {

constexpr std::int64_t kLastYear = 9999;

}  // namespace

std::optional<std::int64_t> anniversary_in(std::int64_t year, unsigned month, unsigned day) {
  if (year < 1 || year > kLastYear) return std::nullopt;
  const auto found = days_from_civil(year, month, day);
  return found || month != 2 || day != 29 ? found : days_from_civil(year, 2, 28);
}

// It stays the next one for as long as today is neither behind it nor, where a clock is set back over midnight, on the
// one before again.
Timed next_anniversary(std::int64_t day, std::int64_t now, std::string_view zone) {
  const WallDate today = wall_date(now, zone);
  if (!today.date) return {Value::unknown("no date of today is known in this zone"), today.until};
  if (day < kFirstDay || day > kLastDay)
    return {Value::unknown("the date lies outside of the years 1 to 9999"), kForever};
  if (*today.date < kFirstDay || *today.date > kLastDay)
    return {Value::unknown("today lies outside of the years 1 to 9999"), today.until};
  const CivilDate born = civil_from_days(day);
  const std::int64_t year = civil_from_days(*today.date).year;
  const auto here = anniversary_in(year, born.month, born.day);
  const bool still_comes = *here >= *today.date;
  const auto next = still_comes ? here : anniversary_in(year + 1, born.month, born.day);
  if (!next) return {Value::unknown("the next anniversary lies beyond the year 9999"), today.until};
  const auto last = still_comes ? anniversary_in(year - 1, born.month, born.day) : here;
  const std::int64_t passed = *next >= kLastDay ? today.until : reached_until(*next + 1, now, zone);
  const std::int64_t back = reached_until(last.value_or(kFirstDay - 1) + 1, now, zone);
  return {Value::date(*next), std::min(passed, back)};
}

}  // namespace kith::internal::expr
