#include "base/value/number.hpp"

#include <charconv>
#include <cmath>

namespace kith::internal {
namespace {

// from_chars takes a minus alone; behind a plus there is none.
template <class Number>
std::optional<Number> read_whole_text(std::string_view text) {
  if (!text.empty() && text.front() == '+') {
    text.remove_prefix(1);
    if (!text.empty() && text.front() == '-') return std::nullopt;
  }
  Number number{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

}  // namespace

std::optional<std::int64_t> read_integer(std::string_view text) { return read_whole_text<std::int64_t>(text); }

std::optional<double> read_real(std::string_view text) {
  const std::optional<double> number = read_whole_text<double>(text);
  return number && std::isfinite(*number) ? number : std::nullopt;
}

}  // namespace kith::internal
