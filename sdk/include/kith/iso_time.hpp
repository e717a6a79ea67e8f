// iso_time.hpp - ISO 8601 dates and RFC 3339 instants in a text, without locale or exceptions. Part of arguments.hpp.
// Since 0.1.
#pragma once
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace kith::detail {

inline std::optional<std::int64_t> take_digits(std::string_view& rest, std::size_t count) {
  std::int64_t value = 0;
  if (rest.size() < count) return std::nullopt;
  const auto result = std::from_chars(rest.data(), rest.data() + count, value);
  if (result.ec != std::errc{} || result.ptr != rest.data() + count || value < 0) return std::nullopt;
  rest.remove_prefix(count);
  return value;
}
inline bool take_one(std::string_view& rest, char c) {
  if (rest.empty() || rest.front() != c) return false;
  rest.remove_prefix(1);
  return true;
}
/// Days from a civil date, proleptic Gregorian (Howard Hinnant, chrono-compatible low-level date algorithms).
inline std::optional<std::int64_t> take_date(std::string_view& rest) {
  const auto year = take_digits(rest, 4);
  if (!year || !take_one(rest, '-')) return std::nullopt;
  const auto month = take_digits(rest, 2);
  if (!month || *month < 1 || *month > 12 || !take_one(rest, '-')) return std::nullopt;
  const auto day = take_digits(rest, 2);
  const bool leap = (*year % 4 == 0 && *year % 100 != 0) || *year % 400 == 0;
  constexpr std::int64_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const std::int64_t length = *month == 2 && leap ? 29 : lengths[*month - 1];
  if (!day || *day < 1 || *day > length) return std::nullopt;
  const std::int64_t y = *year - (*month <= 2 ? 1 : 0), era = y / 400, yoe = y - era * 400;
  const std::int64_t doy = (153 * (*month + (*month > 2 ? -3 : 9)) + 2) / 5 + *day - 1;
  return era * 146'097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719'468;
}
inline std::optional<std::int64_t> take_clock(std::string_view& rest) {  // hh:mm, in minutes
  const auto hours = take_digits(rest, 2);
  if (!hours || *hours > 23 || !take_one(rest, ':')) return std::nullopt;
  const auto minutes = take_digits(rest, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  return *hours * 60 + *minutes;
}
inline std::int64_t take_fraction(std::string_view& rest) {
  std::int64_t us = 0;
  for (std::int64_t unit = 100'000; !rest.empty() && rest.front() >= '0' && rest.front() <= '9'; unit /= 10) {
    us += (rest.front() - '0') * unit;
    rest.remove_prefix(1);
  }
  return us;
}
inline std::optional<std::int64_t> parse_instant(std::string_view rest) {
  constexpr std::int64_t second = 1'000'000, minute = 60 * second, day = 1'440 * minute;
  const auto days = take_date(rest);
  if (!days) return std::nullopt;
  std::int64_t us = *days * day;
  if (rest.empty()) return us;
  if (!take_one(rest, 'T')) return std::nullopt;
  const auto clock = take_clock(rest);
  if (!clock || !take_one(rest, ':')) return std::nullopt;
  const auto seconds = take_digits(rest, 2);
  if (!seconds || *seconds > 59) return std::nullopt;
  us += *clock * minute + *seconds * second;
  if (take_one(rest, '.')) us += take_fraction(rest);
  if (take_one(rest, 'Z')) return rest.empty() ? std::optional<std::int64_t>(us) : std::nullopt;
  const bool east = take_one(rest, '+');
  if (!east && !take_one(rest, '-')) return std::nullopt;
  const auto offset = take_clock(rest);
  if (!offset || !rest.empty()) return std::nullopt;
  return us + (east ? -*offset : *offset) * minute;
}

}  // namespace kith::detail
