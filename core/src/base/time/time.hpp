// Instants are microseconds since 1970-01-01 UTC, dates are days since then. Proleptic Gregorian calendar.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kith::internal {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr std::int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;
/// What a date and an instant can be: the years 1 to 9999, as their texts have them.
constexpr std::int64_t kFirstDay = -719'162;  ///< 0001-01-01
constexpr std::int64_t kLastDay = 2'932'896;  ///< 9999-12-31
constexpr std::int64_t kFirstInstantUs = kFirstDay * kMicrosPerDay;
constexpr std::int64_t kLastInstantUs = (kLastDay + 1) * kMicrosPerDay - 1;
constexpr std::int64_t kForever = INT64_MAX;  ///< a valid_until that never comes

struct CivilDate {
  std::int64_t year;
  unsigned month, day;
};
CivilDate civil_from_days(std::int64_t days);
std::optional<std::int64_t> days_from_civil(std::int64_t year, unsigned month, unsigned day);  ///< nullopt: no such day
std::int64_t floor_div(std::int64_t a, std::int64_t b);  ///< b > 0; rounds towards minus infinity

std::string format_date(std::int64_t days);   ///< "2026-11-22"
std::string format_instant(std::int64_t us);  ///< "2026-11-22T01:02:03Z", with .ffffff only when not 0
std::optional<std::int64_t> parse_date(std::string_view text);  ///< ISO 8601 "yyyy-mm-dd" only, years 0001..9999
/// RFC 3339 with offset or Z; also "yyyy-mm-dd", midnight UTC. nullopt: not an instant.
std::optional<std::int64_t> parse_instant(std::string_view text);
/// As parse_instant, but a text without offset is local time of `zone` (IANA name, "" = UTC). In a gap: the first
/// valid instant; in an overlap: the first of the two (design/derivations.md, Zones).
std::optional<std::int64_t> parse_local_instant(std::string_view text, std::string_view zone);
/// By a pattern of y, M, d, H, m, s runs ("yyyyMMdd", "dd.MM.yyyy HH:mm"); everything else is literal.
struct DateTimeParts {
  std::int64_t days;
  std::int64_t micros_of_day;
};
std::optional<DateTimeParts> parse_pattern(std::string_view text, std::string_view pattern);
inline constexpr std::string_view kUtc = "UTC";  ///< the zone for which no data is asked
bool is_time_zone(std::string_view name);        ///< not ""
std::int64_t local_to_utc(std::int64_t local_us, std::string_view zone);
std::int64_t utc_to_local_days(std::int64_t us, std::string_view zone);  ///< the date that a wall there shows
/// The next instant after `us` at which a wall there shows another date: the next one, the one before where the clock
/// is set back over midnight (St John's, 2010-11-07), or a later one where days are left out (Samoa, 2011-12-30).
std::int64_t next_local_date(std::int64_t us, std::string_view zone);
/// The instants, ascending, at which it turns whether a wall there shows `day` or a later date: the first makes it so,
/// the second (where the date goes back) not so, and so on. Of the years 1..9999.
std::vector<std::int64_t> local_date_turns(std::int64_t day, std::string_view zone);
/// The versions of the time zone data that answer ("2024a" of the system, "2023c" behind the listed years).
std::string zone_data_version();
/// "30d", "12h", "15m", "20s", "500ms", also joined: "1d12h". nullopt: not a duration.
std::optional<std::int64_t> parse_duration(std::string_view text);
std::string format_duration(std::int64_t us);  ///< in the same form

}  // namespace kith::internal
