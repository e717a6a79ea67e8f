#include "cli/words/duration.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <utility>

#include "cli/answers/problems.hpp"

namespace kith::cli {

std::chrono::milliseconds parse_duration(const std::string& flag, const std::string& text) {
  static constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> units = {
      {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  const std::string_view unit(rest, static_cast<std::size_t>(end - rest));
  if (error == std::errc() && number >= 0 && number <= 1'000'000)
    for (const auto& [name, factor] : units)
      if (unit == name) return std::chrono::milliseconds(number * factor);
  throw usage_failure(flag + " needs a duration, found '" + text + "'",
                      "write a number and a unit, as 500ms, 20s, 4m or 2h");
}

std::string duration_text(double seconds) {
  std::array<char, 48> text{};
  if (seconds < 9.95)
    std::snprintf(text.data(), text.size(), "%.1f s", seconds);
  else if (seconds < 120)
    std::snprintf(text.data(), text.size(), "%.0f s", seconds);
  else
    std::snprintf(text.data(), text.size(), "%d min %02d s", static_cast<int>(seconds) / 60,
                  static_cast<int>(seconds) % 60);
  return text.data();
}

}  // namespace kith::cli
