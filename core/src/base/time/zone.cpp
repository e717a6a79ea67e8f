// Time zones by the tz database of the system (IANA), read by Howard Hinnant's date library.
#include <date/tz.h>
#include <unicode/basictz.h>
#include <unicode/tztrans.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <memory>
#include <utility>

#include "base/problem/error.hpp"
#include "base/time/time.hpp"

namespace kith::internal {
namespace {

bool is_utc(std::string_view zone) { return zone.empty() || zone == kUtc; }

const date::time_zone* find_zone(std::string_view name) noexcept {
  try {
    return date::locate_zone(name);
  } catch (...) {  // also by a program's other C++ runtime, whose types are not seen here
    return nullptr;
  }
}

const date::time_zone& zone_of(std::string_view name) {
  const date::time_zone* zone = find_zone(name);
  if (zone != nullptr) return *zone;
  Problem problem;
  problem.number = ProblemNumber::bad_value;
  problem.message = "unknown time zone \"" + std::string{name} + "\"";
  problem.expected = "a name of the IANA tz database, such as Europe/Berlin or Asia/Shanghai";
  problem.found = "\"" + std::string{name} + "\"";
  problem.fix = "correct the name; if it is right, install the system's time zone data (tzdata)";
  throw Error(std::move(problem));
}

constexpr std::int64_t kNearTheEnd = INT64_MAX - 2 * kMicrosPerDay;  // beyond, an offset could overflow

bool is_far(std::int64_t us) { return us > kNearTheEnd || us < -kNearTheEnd; }

// The system's compiled zone files list their changes until 2037 and the date library reads no rule for the time after.
// ICU does, from its own copy of the same database, so it answers for what lies behind.
constexpr std::int64_t kFirstUnlisted = 2'145'916'800;  // 2038-01-01T00:00:00Z, in seconds
constexpr double kMsPerSecond = 1000.0;

std::unique_ptr<icu::BasicTimeZone> icu_zone(const date::time_zone& zone) {
  const icu::UnicodeString name = icu::UnicodeString::fromUTF8(zone.name());
  std::unique_ptr<icu::TimeZone> made(icu::TimeZone::createTimeZone(name));
  auto* basic = dynamic_cast<icu::BasicTimeZone*>(made.get());
  if (basic == nullptr || *basic == icu::TimeZone::getUnknown()) return nullptr;
  static_cast<void>(made.release());
  return std::unique_ptr<icu::BasicTimeZone>(basic);
}

std::int64_t seconds_of(double ms) { return static_cast<std::int64_t>(ms / kMsPerSecond); }

std::int64_t offset_at(const date::time_zone& zone, std::int64_t utc) {
  if (utc >= kFirstUnlisted) {
    if (const auto late = icu_zone(zone)) {
      UErrorCode status = U_ZERO_ERROR;
      std::int32_t raw = 0;
      std::int32_t dst = 0;
      late->getOffset(static_cast<double>(utc) * kMsPerSecond, 0, raw, dst, status);
      if (U_SUCCESS(status)) return (raw + dst) / 1000;
    }
  }
  return zone.get_info(date::sys_seconds{std::chrono::seconds{utc}}).offset.count();
}

// An instant in whole seconds, and whether the local time exists; where it doesn't, the instant is that of the change.
struct Resolved {
  std::int64_t utc = 0;
  bool exists = true;
};

Resolved resolve_listed(const date::time_zone& zone, std::int64_t local) {
  const date::local_info info = zone.get_info(date::local_seconds{std::chrono::seconds{local}});
  if (info.result == date::local_info::nonexistent) return {info.first.end.time_since_epoch().count(), false};
  return {local - info.first.offset.count(), true};
}

std::optional<Resolved> resolve_late(const date::time_zone& zone, std::int64_t local) {
  const auto late = icu_zone(zone);
  if (late == nullptr) return std::nullopt;
  UErrorCode status = U_ZERO_ERROR;
  std::int32_t raw = 0;
  std::int32_t dst = 0;
  late->getOffsetFromLocal(static_cast<double>(local) * kMsPerSecond, UCAL_TZ_LOCAL_FORMER, UCAL_TZ_LOCAL_FORMER, raw,
                           dst, status);
  if (U_FAILURE(status)) return std::nullopt;
  const std::int64_t utc = local - (raw + dst) / 1000;
  // Inside of a gap the offset before the change leads to an instant after it, where that offset no longer holds.
  if (offset_at(zone, utc) == (raw + dst) / 1000) return Resolved{utc, true};
  icu::TimeZoneTransition change;
  if (late->getPreviousTransition(static_cast<double>(utc) * kMsPerSecond, 1, change) == 0) return std::nullopt;
  return Resolved{seconds_of(change.getTime()), false};
}

Resolved resolve(const date::time_zone& zone, std::int64_t local) {
  // A day's margin: no zone is further from UTC, so that the instant certainly lies behind the listed years.
  if (local >= kFirstUnlisted + 86'400) {
    if (const auto late = resolve_late(zone, local)) return *late;
  }
  return resolve_listed(zone, local);
}

/// Whole seconds from `at` on for which the offset from UTC stays.
struct OffsetSpan {
  std::int64_t end;  ///< the first second behind it
  std::int64_t offset;
};

constexpr std::int64_t kSecondsPerDay = 86'400;
constexpr std::int64_t kNoChange = INT64_MAX;

OffsetSpan span_at(const date::time_zone& zone, std::int64_t at) {
  const std::int64_t offset = offset_at(zone, at);
  const auto late = at >= kFirstUnlisted - kSecondsPerDay ? icu_zone(zone) : nullptr;
  if (at < kFirstUnlisted || late == nullptr) {
    const std::int64_t end = zone.get_info(date::sys_seconds{std::chrono::seconds{at}}).end.time_since_epoch().count();
    return {at < kFirstUnlisted ? std::min(end, kFirstUnlisted) : end, offset};
  }
  icu::TimeZoneTransition change;
  const bool found = late->getNextTransition(static_cast<double>(at) * kMsPerSecond, 0, change) != 0;
  return {found ? seconds_of(change.getTime()) : kNoChange, offset};
}

std::int64_t local_day(std::int64_t utc, std::int64_t offset) { return floor_div(utc + offset, kSecondsPerDay); }

}  // namespace

bool is_time_zone(std::string_view name) { return !name.empty() && find_zone(name) != nullptr; }

std::int64_t local_to_utc(std::int64_t local_us, std::string_view zone) {
  if (is_utc(zone)) return local_us;
  const date::time_zone& found = zone_of(zone);
  if (is_far(local_us)) return local_us;
  const std::int64_t seconds = floor_div(local_us, kMicrosPerSecond);
  const Resolved resolved = resolve(found, seconds);
  const std::int64_t below_second = resolved.exists ? local_us - seconds * kMicrosPerSecond : 0;
  return resolved.utc * kMicrosPerSecond + below_second;
}

std::int64_t utc_to_local_days(std::int64_t us, std::string_view zone) {
  if (is_utc(zone)) return floor_div(us, kMicrosPerDay);
  const date::time_zone& found = zone_of(zone);
  if (is_far(us)) return floor_div(us, kMicrosPerDay);
  const std::int64_t offset = offset_at(found, floor_div(us, kMicrosPerSecond));
  return floor_div(us + offset * kMicrosPerSecond, kMicrosPerDay);
}

std::int64_t next_local_date(std::int64_t us, std::string_view zone) {
  if (is_far(us)) return kForever;
  if (is_utc(zone)) return (floor_div(us, kMicrosPerDay) + 1) * kMicrosPerDay;
  const date::time_zone& found = zone_of(zone);
  std::int64_t at = floor_div(us, kMicrosPerSecond);
  OffsetSpan span = span_at(found, at);
  const std::int64_t day = local_day(at, span.offset);
  // Midnight comes within a day, or the offset changes before.
  for (;;) {
    const std::int64_t midnight = (day + 1) * kSecondsPerDay - span.offset;
    if (midnight < span.end) return midnight * kMicrosPerSecond;
    at = span.end;
    span = span_at(found, at);
    if (local_day(at, span.offset) != day) return at * kMicrosPerSecond;
  }
}

std::vector<std::int64_t> local_date_turns(std::int64_t day, std::string_view zone) {
  if (is_utc(zone)) return {day * kMicrosPerDay};
  const date::time_zone& found = zone_of(zone);
  const std::int64_t midnight = day * kSecondsPerDay;
  // No wall is two days away from UTC, so that the day certainly begins and was reached within these.
  std::int64_t at = midnight - 2 * kSecondsPerDay;
  std::vector<std::int64_t> turns;
  bool reached = false;
  while (at < midnight + 2 * kSecondsPerDay) {
    const OffsetSpan span = span_at(found, at);
    if ((local_day(at, span.offset) >= day) != reached) {
      reached = !reached;
      turns.push_back(at * kMicrosPerSecond);
    }
    const std::int64_t begins = midnight - span.offset;
    if (!reached && begins > at && begins < span.end) {
      reached = true;
      turns.push_back(begins * kMicrosPerSecond);
    }
    at = span.end;
  }
  return turns;
}

std::string zone_data_version() {
  UErrorCode status = U_ZERO_ERROR;
  const char* late = icu::TimeZone::getTZDataVersion(status);
  std::string listed;
  try {
    listed = date::get_tzdb().version;
  } catch (...) {  // also by a program's other C++ runtime
    listed = "unknown";
  }
  return listed + "," + (U_SUCCESS(status) && late != nullptr ? late : "unknown");
}

}  // namespace kith::internal
