#include "expr/evaluate/calendar.hpp"

#include <algorithm>
#include <string>

#include "base/time/time.hpp"

namespace kith::internal::expr {
namespace {

// A zone is asked for instants of full days within the years 1..9999.
constexpr std::int64_t kFirstShown = (kFirstDay + 1) * kMicrosPerDay;
constexpr std::int64_t kEndOfShown = kLastDay * kMicrosPerDay;

bool is_shown(std::int64_t us) { return us >= kFirstShown && us < kEndOfShown; }
bool is_shown_date(std::int64_t day) { return day > kFirstDay && day < kLastDay; }

}  // namespace

std::optional<std::int64_t> date_at(std::int64_t us, std::string_view zone) {
  if (zone == kUtc) return floor_div(us, kMicrosPerDay);
  if (!is_shown(us) || !is_time_zone(zone)) return std::nullopt;
  return utc_to_local_days(us, zone);
}

std::int64_t date_until(std::int64_t us, std::string_view zone) {
  if (zone == kUtc) return saturate((static_cast<Wide>(floor_div(us, kMicrosPerDay)) + 1) * kMicrosPerDay);
  if (us >= kEndOfShown || !is_time_zone(zone)) return kForever;
  return us < kFirstShown ? kFirstShown : std::min(next_local_date(us, zone), kEndOfShown);
}

std::int64_t reached_until(std::int64_t day, std::int64_t us, std::string_view zone) {
  if (zone == kUtc) {
    const Wide begins = static_cast<Wide>(day) * kMicrosPerDay;
    return begins > us ? saturate(begins) : kForever;
  }
  if (us >= kEndOfShown || !is_time_zone(zone)) return kForever;
  if (us < kFirstShown) return kFirstShown;
  // That a zone shows nothing any more when the year 9999 ends is nothing to wait for.
  if (day <= kFirstDay || day > kLastDay) return kForever;
  for (const std::int64_t turn : local_date_turns(day, zone)) {
    if (turn > us) return turn;
  }
  return kForever;
}

std::optional<std::int64_t> start_of_date(std::int64_t day, std::string_view zone) {
  if (zone == kUtc) return multiply(day, kMicrosPerDay);
  if (!is_shown_date(day) || !is_time_zone(zone)) return std::nullopt;
  return local_to_utc(day * kMicrosPerDay, zone);
}

WallDate wall_date(std::int64_t us, std::string_view zone) {
  if (zone == kUtc) return {date_at(us, zone), date_until(us, zone)};
  struct Last {
    std::string zone;
    std::int64_t us = 0;
    WallDate date{};
  };
  static thread_local Last last;
  if (last.us != us || last.zone != zone) {
    last = {std::string{zone}, us, {date_at(us, zone), date_until(us, zone)}};
  }
  return last.date;
}

Interval dates_of_zone(std::string_view zone) {
  if (zone == kUtc) return {INT64_MIN / kMicrosPerDay, INT64_MAX / kMicrosPerDay};
  return {kFirstDay + 1, kLastDay - 1};
}

std::vector<Interval> instants_of_dates(Wide first, Wide last, std::string_view zone) {
  if (zone == kUtc) {
    constexpr Wide kBeyond = static_cast<Wide>(1) << 60U;
    first = std::clamp(first, -kBeyond, kBeyond);
    last = std::clamp(last, -kBeyond, kBeyond);
    const Wide from = first * kMicrosPerDay, to = (last + 1) * kMicrosPerDay - 1;
    if (from > to || from > INT64_MAX || to < INT64_MIN) return {};
    return {{saturate(from), saturate(to)}};
  }
  if (first > last || first > kLastDay || last < kFirstDay) return {};
  // Within a day of the ends everything that is shown has been reached, or nothing of it.
  std::vector<std::int64_t> begins{kFirstShown}, ends;
  if (first > kFirstDay) begins = local_date_turns(static_cast<std::int64_t>(first), zone);
  if (last < kLastDay) ends = local_date_turns(static_cast<std::int64_t>(last) + 1, zone);
  std::vector<std::int64_t> turns = begins;
  turns.insert(turns.end(), ends.begin(), ends.end());
  std::sort(turns.begin(), turns.end());
  turns.erase(std::unique(turns.begin(), turns.end()), turns.end());
  const auto reached = [](const std::vector<std::int64_t>& of, std::int64_t at) {
    return (std::upper_bound(of.begin(), of.end(), at) - of.begin()) % 2 == 1;
  };
  std::vector<Interval> found;
  for (std::size_t i = 0; i < turns.size(); ++i) {
    const std::int64_t from = std::max(turns[i], kFirstShown);
    const std::int64_t to = std::min(i + 1 < turns.size() ? turns[i + 1] : kEndOfShown, kEndOfShown) - 1;
    if (from > to || !reached(begins, turns[i]) || reached(ends, turns[i])) continue;
    if (!found.empty() && found.back().last + 1 == from) {
      found.back().last = to;
    } else {
      found.push_back({from, to});
    }
  }
  return found;
}

std::int64_t last_date_begun(Wide us, std::string_view zone) {
  const Interval dates = dates_of_zone(zone);
  const Wide near = floor_divide(us, kMicrosPerDay);
  // No wall is two days away from UTC, and dates begin in their order.
  if (near > dates.last + 2) return dates.last;
  if (near < dates.first - 2) return dates.first - 1;
  auto day = std::min(static_cast<std::int64_t>(near) + 2, dates.last);
  while (day >= dates.first && *start_of_date(day, zone) > us) --day;
  return std::max(day, dates.first - 1);
}

}  // namespace kith::internal::expr
