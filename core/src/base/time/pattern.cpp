// Dates by a pattern of the importing side, and durations.
#include <array>
#include <cstdint>

#include "base/text/cursor.hpp"
#include "base/time/time.hpp"

namespace kith::internal {
namespace {

// The index of a letter in here is the index of its part in the array of what was read.
constexpr std::string_view kLetters = "yMdHms";
enum Part : std::size_t { year, month, day, hour, minute, second };

// How many digits a run of letters stands for: "d" takes one or two, "dd" exactly two, "yyyy" exactly four.
struct Digits {
  std::size_t least = 0;
  std::size_t most = 0;
};

std::optional<Digits> digits_of(std::size_t part, std::size_t run) {
  if (part == year) {
    if (run == 1) return Digits{1, 4};
    if (run == 2 || run == 4) return Digits{run, run};
    return std::nullopt;
  }
  if (run == 1) return Digits{1, 2};
  if (run == 2) return Digits{2, 2};
  return std::nullopt;
}

// Two digits of a year mean 1969 to 2068, as POSIX strptime has it.
std::int64_t century_of(std::int64_t two_digits) { return two_digits < 69 ? two_digits + 2000 : two_digits + 1900; }

using Parts = std::array<std::optional<std::int64_t>, kLetters.size()>;

std::optional<Parts> read_parts(std::string_view text, std::string_view pattern) {
  Cursor cursor(text);
  Parts parts;
  for (std::size_t at = 0; at < pattern.size();) {
    const std::size_t part = kLetters.find(pattern[at]);
    if (part == std::string_view::npos) {
      if (!cursor.take(pattern[at++])) return std::nullopt;
      continue;
    }
    const std::size_t end = pattern.find_first_not_of(pattern[at], at);
    const std::size_t run = (end == std::string_view::npos ? pattern.size() : end) - at;
    const auto digits = digits_of(part, run);
    if (!digits || parts[part]) return std::nullopt;
    parts[part] = cursor.digits(digits->least, digits->most);
    if (!parts[part]) return std::nullopt;
    if (part == year && run == 2) parts[part] = century_of(*parts[part]);
    at += run;
  }
  if (!cursor.at_end()) return std::nullopt;
  return parts;
}

struct Unit {
  std::string_view name;
  std::uint64_t us;
};

// From large to small, the order in which a duration names them.
constexpr std::array<Unit, 6> kUnits = {
    {{"d", 86'400'000'000}, {"h", 3'600'000'000}, {"m", 60'000'000}, {"s", 1'000'000}, {"ms", 1'000}, {"us", 1}}};
constexpr std::uint64_t kLargest = INT64_MAX;

// The unit at the cursor, at or behind `from` in the table; its index.
std::optional<std::size_t> take_unit(Cursor& cursor, std::size_t from) {
  std::size_t length = 0;
  const std::string_view rest = cursor.rest();
  while (length < rest.size() && rest[length] >= 'a' && rest[length] <= 'z') ++length;
  for (std::size_t i = from; i < kUnits.size(); ++i) {
    if (kUnits[i].name != rest.substr(0, length)) continue;
    cursor.skip(length);
    return i;
  }
  return std::nullopt;
}

}  // namespace

std::optional<DateTimeParts> parse_pattern(std::string_view text, std::string_view pattern) {
  const auto parts = read_parts(text, pattern);
  // A year is needed; a month or day that the pattern leaves out is the first, a time that it leaves out is midnight.
  if (!parts || !(*parts)[year]) return std::nullopt;
  if ((*parts)[day] && !(*parts)[month]) return std::nullopt;
  const auto part = [&](Part which, std::int64_t otherwise) { return (*parts)[which].value_or(otherwise); };
  if (part(year, 0) < 1 || part(hour, 0) > 23 || part(minute, 0) > 59 || part(second, 0) > 59) return std::nullopt;
  const auto days =
      days_from_civil(part(year, 0), static_cast<unsigned>(part(month, 1)), static_cast<unsigned>(part(day, 1)));
  if (!days) return std::nullopt;
  const std::int64_t seconds = (part(hour, 0) * 60 + part(minute, 0)) * 60 + part(second, 0);
  return DateTimeParts{*days, seconds * kMicrosPerSecond};
}

std::optional<std::int64_t> parse_duration(std::string_view text) {
  Cursor cursor(text);
  const bool negative = cursor.take('-');
  const std::uint64_t limit = negative ? kLargest + 1 : kLargest;
  std::uint64_t total = 0;
  std::size_t unit = 0;
  if (cursor.at_end()) return std::nullopt;
  // Each unit at most once, from large to small: "1d12h" reads in one way, "12h1d" is refused.
  while (!cursor.at_end()) {
    const auto count = cursor.digits(1, 18);
    if (!count) return std::nullopt;
    const auto index = take_unit(cursor, unit);
    if (!index) return std::nullopt;
    unit = *index + 1;
    const auto number = static_cast<std::uint64_t>(*count);
    if (number > (limit - total) / kUnits[*index].us) return std::nullopt;
    total += number * kUnits[*index].us;
  }
  return static_cast<std::int64_t>(negative ? std::uint64_t{0} - total : total);
}

std::string format_duration(std::int64_t us) {
  if (us == 0) return "0s";
  std::uint64_t rest = us < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(us) : static_cast<std::uint64_t>(us);
  std::string out = us < 0 ? "-" : "";
  for (const Unit& unit : kUnits) {
    const std::uint64_t count = rest / unit.us;
    if (count != 0) out.append(std::to_string(count)).append(unit.name);
    rest %= unit.us;
  }
  return out;
}

}  // namespace kith::internal
