#include "expr/evaluate/reasons.hpp"

namespace kith::internal::expr {
namespace {

constexpr std::size_t kMostShown = 60;  // bytes

bool has_reason(const Value& value) { return value.is_unknown() && !value.s.empty(); }

}  // namespace

std::string quoted_short(std::string_view text) {
  if (text.size() <= kMostShown) return "'" + std::string{text} + "'";
  std::size_t end = kMostShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return "'" + std::string{text.substr(0, end)} + "...'";
}

Value unknown_of(const Value& a, const Value& b) {
  if (has_reason(a)) return a;
  return has_reason(b) ? b : Value::unknown();
}

}  // namespace kith::internal::expr
