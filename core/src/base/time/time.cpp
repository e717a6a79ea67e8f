#include "base/time/time.hpp"

#include <array>

#include "base/text/cursor.hpp"

namespace kith::internal {
namespace {

constexpr std::int64_t kDaysPerEra = 146'097;                  // 400 years
constexpr std::int64_t kDaysToMarch0000 = 719'468;             // from 0000-03-01 to 1970-01-01
constexpr std::int64_t kFurthestYear = 1'000'000'000'000'000;  // its days still fit into 64 bits
constexpr std::int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;

bool is_leap(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

unsigned days_in_month(std::int64_t year, unsigned month) {
  static constexpr std::array<unsigned, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays[month - 1];
}

void append_padded(std::string& out, std::uint64_t number, std::size_t width) {
  const std::string digits = std::to_string(number);
  if (digits.size() < width) out.append(width - digits.size(), '0');
  out.append(digits);
}

// "yyyy-mm-dd" at the cursor.
std::optional<std::int64_t> take_date(Cursor& cursor) {
  const auto year = cursor.digits(4, 4);
  if (!year || !cursor.take('-')) return std::nullopt;
  const auto month = cursor.digits(2, 2);
  if (!month || !cursor.take('-')) return std::nullopt;
  const auto day = cursor.digits(2, 2);
  if (!day || *year < 1) return std::nullopt;
  return days_from_civil(*year, static_cast<unsigned>(*month), static_cast<unsigned>(*day));
}

struct TimeOfDay {
  std::int64_t us = 0;
  bool leap_second = false;
};

// ".123456789": what is finer than a microsecond is cut off, so that the result never lies later than the text.
std::optional<std::int64_t> take_fraction(Cursor& cursor) {
  if (!cursor.take('.')) return 0;
  const std::string_view digits = cursor.take_digits();
  if (digits.empty()) return std::nullopt;
  std::int64_t us = 0;
  for (std::size_t i = 0; i < 6; ++i) us = us * 10 + (i < digits.size() ? digits[i] - '0' : 0);
  return us;
}

// "hh:mm:ss[.ffffff]"; 60 seconds are let through as a leap second, which the caller places.
std::optional<TimeOfDay> take_time(Cursor& cursor) {
  const auto hour = cursor.digits(2, 2);
  if (!hour || *hour > 23 || !cursor.take(':')) return std::nullopt;
  const auto minute = cursor.digits(2, 2);
  if (!minute || *minute > 59 || !cursor.take(':')) return std::nullopt;
  const auto second = cursor.digits(2, 2);
  if (!second || *second > 60) return std::nullopt;
  const auto fraction = take_fraction(cursor);
  if (!fraction) return std::nullopt;
  return TimeOfDay{((*hour * 60 + *minute) * 60 + *second) * kMicrosPerSecond + *fraction, *second == 60};
}

// "Z" or "+hh:mm", in microseconds east of UTC.
std::optional<std::int64_t> take_offset(Cursor& cursor) {
  if (cursor.take('Z') || cursor.take('z')) return 0;
  const bool west = cursor.take('-');
  if (!west && !cursor.take('+')) return std::nullopt;
  const auto hours = cursor.digits(2, 2);
  if (!hours || *hours > 23 || !cursor.take(':')) return std::nullopt;
  const auto minutes = cursor.digits(2, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  const std::int64_t us = (*hours * 60 + *minutes) * kMicrosPerMinute;
  return west ? -us : us;
}

// A leap second is only ever the last second of a UTC day; it counts as the first instant of the next day.
bool leap_second_fits(std::int64_t utc_us) {
  const std::int64_t minute_start = utc_us - 60 * kMicrosPerSecond;
  const std::int64_t of_day = minute_start - floor_div(minute_start, kMicrosPerDay) * kMicrosPerDay;
  return of_day / kMicrosPerMinute == 24 * 60 - 1;
}

struct WrittenInstant {
  std::int64_t us = 0;  ///< as written; UTC once the offset is subtracted
  std::optional<std::int64_t> offset;
  bool date_only = false;
  bool leap_second = false;
};

std::optional<WrittenInstant> read_instant(std::string_view text) {
  Cursor cursor(text);
  const auto days = take_date(cursor);
  if (!days) return std::nullopt;
  WrittenInstant written;
  written.us = *days * kMicrosPerDay;
  written.date_only = cursor.at_end();
  if (written.date_only) return written;
  if (!cursor.take('T') && !cursor.take('t') && !cursor.take(' ')) return std::nullopt;
  const auto time = take_time(cursor);
  if (!time) return std::nullopt;
  written.us += time->us;
  written.leap_second = time->leap_second;
  if (cursor.at_end()) return written;
  written.offset = take_offset(cursor);
  if (!written.offset || !cursor.at_end()) return std::nullopt;
  return written;
}

std::optional<std::int64_t> utc_of(const WrittenInstant& written) {
  const std::int64_t us = written.us - written.offset.value_or(0);
  if (written.leap_second && !leap_second_fits(us)) return std::nullopt;
  return us;
}

}  // namespace

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  const std::int64_t quotient = a / b;
  return a % b < 0 ? quotient - 1 : quotient;
}

// The algorithms of Howard Hinnant, "chrono-compatible low-level date algorithms": years begin in March, so that the
// leap day is a year's last day. Whole eras are taken off first; then nothing can overflow.
CivilDate civil_from_days(std::int64_t days) {
  std::int64_t era = floor_div(days, kDaysPerEra);
  const std::int64_t rest = days % kDaysPerEra;
  const std::int64_t shifted = (rest < 0 ? rest + kDaysPerEra : rest) + kDaysToMarch0000;
  era += shifted / kDaysPerEra;
  const std::int64_t day_of_era = shifted % kDaysPerEra;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t march_month = (5 * day_of_year + 2) / 153;
  const std::int64_t day = day_of_year - (153 * march_month + 2) / 5 + 1;
  const std::int64_t month = march_month < 10 ? march_month + 3 : march_month - 9;
  const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  return {year, static_cast<unsigned>(month), static_cast<unsigned>(day)};
}

std::optional<std::int64_t> days_from_civil(std::int64_t year, unsigned month, unsigned day) {
  if (year < -kFurthestYear || year > kFurthestYear || month < 1 || month > 12) return std::nullopt;
  if (day < 1 || day > days_in_month(year, month)) return std::nullopt;
  const std::int64_t march_year = month <= 2 ? year - 1 : year;
  const std::int64_t era = floor_div(march_year, 400);
  const std::int64_t year_of_era = march_year - era * 400;
  const std::int64_t march_month = month > 2 ? std::int64_t{month} - 3 : std::int64_t{month} + 9;
  const std::int64_t day_of_year = (153 * march_month + 2) / 5 + day - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * kDaysPerEra + day_of_era - kDaysToMarch0000;
}

std::string format_date(std::int64_t days) {
  const CivilDate date = civil_from_days(days);
  std::string out;
  // ISO 8601's expanded form, with a sign, where four digits don't hold the year.
  if (date.year < 0) out.push_back('-');
  if (date.year > 9999) out.push_back('+');
  append_padded(out, static_cast<std::uint64_t>(date.year < 0 ? -date.year : date.year), 4);
  out.push_back('-');
  append_padded(out, date.month, 2);
  out.push_back('-');
  append_padded(out, date.day, 2);
  return out;
}

std::string format_instant(std::int64_t us) {
  const std::int64_t days = floor_div(us, kMicrosPerDay);
  // floor_div's product could lie below the range of 64 bits for the very first day; the remainder does not.
  const std::int64_t rest = us % kMicrosPerDay;
  const auto of_day = static_cast<std::uint64_t>(rest < 0 ? rest + kMicrosPerDay : rest);
  const std::uint64_t seconds = of_day / 1'000'000;
  std::string out = format_date(days);
  out.push_back('T');
  append_padded(out, seconds / 3600, 2);
  out.push_back(':');
  append_padded(out, seconds / 60 % 60, 2);
  out.push_back(':');
  append_padded(out, seconds % 60, 2);
  if (of_day % 1'000'000 != 0) {
    out.push_back('.');
    append_padded(out, of_day % 1'000'000, 6);
  }
  out.push_back('Z');
  return out;
}

std::optional<std::int64_t> parse_date(std::string_view text) {
  Cursor cursor(text);
  const auto days = take_date(cursor);
  return days && cursor.at_end() ? days : std::nullopt;
}

std::optional<std::int64_t> parse_instant(std::string_view text) {
  const auto written = read_instant(text);
  if (!written || (!written->offset && !written->date_only)) return std::nullopt;
  return utc_of(*written);
}

std::optional<std::int64_t> parse_local_instant(std::string_view text, std::string_view zone) {
  const auto written = read_instant(text);
  if (!written) return std::nullopt;
  if (written->offset) return utc_of(*written);
  // Whether a wall clock ever showed 60 seconds depends on the zone; a local text with them is taken for a mistake.
  if (written->leap_second) return std::nullopt;
  return local_to_utc(written->us, zone);
}

}  // namespace kith::internal
