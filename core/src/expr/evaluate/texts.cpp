#include "expr/evaluate/texts.hpp"

#include <string>
#include <vector>

#include "base/problem/limits.hpp"
#include "base/text/text.hpp"
#include "expr/evaluate/json_list.hpp"
#include "expr/evaluate/reasons.hpp"

namespace kith::internal::expr {
namespace {

Value too_large(Limit limit) {
  return Value::unknown("the result would be more than " + grouped_digits(most_of(limit)) + " bytes");
}

Value within_limit(std::string text) {
  return text.size() > most_of(Limit::text_value) ? too_large(Limit::text_value) : Value::text(std::move(text));
}

// The byte at which so many code points, counted from `from`, end; the end of the text where there are fewer.
std::size_t after_points(std::string_view text, std::size_t from, std::int64_t points) {
  std::size_t at = from;
  for (; points > 0 && at < text.size(); --points) {
    do ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U);
  }
  return at;
}

std::size_t count_of(std::string_view text, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + what.size())) ++count;
  return count;
}

}  // namespace

Value upper_text(const Value& text) { return within_limit(upper(text.s)); }
Value lower_text(const Value& text) { return within_limit(lower(text.s)); }

// How large it becomes is counted before anything is made.
Value replace_text(const Value& text, const Value& what, const Value& by) {
  if (what.s.empty()) return text;
  const std::size_t count = count_of(text.s, what.s);
  if (count == 0) return text;
  const std::size_t size = text.s.size() - count * what.s.size() + count * by.s.size();
  if (size > most_of(Limit::text_value)) return too_large(Limit::text_value);
  std::string out;
  out.reserve(size);
  std::size_t from = 0;
  for (std::size_t at = text.s.find(what.s); at != std::string::npos; at = text.s.find(what.s, from)) {
    out.append(text.s, from, at - from).append(by.s);
    from = at + what.s.size();
  }
  return Value::text(out.append(text.s, from));
}

Value substring(const Value& text, std::int64_t start, std::optional<std::int64_t> length) {
  if (start < 0) return Value::unknown("the start " + std::to_string(start) + " is below 0, the first place");
  if (length && *length < 0) return Value::unknown("the length " + std::to_string(*length) + " is below 0");
  const std::size_t from = after_points(text.s, 0, start);
  const std::size_t to = length ? after_points(text.s, from, *length) : text.s.size();
  return Value::text(text.s.substr(from, to - from));
}

Value split_text(const Value& text, const Value& separator) {
  if (separator.s.empty()) return Value::unknown("a text can't be split at an empty separator");
  std::vector<Value> pieces;
  std::size_t from = 0;
  for (std::size_t at = text.s.find(separator.s); at != std::string::npos; at = text.s.find(separator.s, from)) {
    pieces.push_back(Value::text(text.s.substr(from, at - from)));
    from = at + separator.s.size();
  }
  pieces.push_back(Value::text(text.s.substr(from)));
  std::string list = list_json(pieces);
  return list.size() > most_of(Limit::json_value) ? too_large(Limit::json_value) : Value::json(std::move(list));
}

}  // namespace kith::internal::expr
