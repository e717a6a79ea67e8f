// What to do where two terms don't go together: what was meant, as far as the text shows it.
#include <algorithm>

#include "base/text/text.hpp"
#include "base/time/time.hpp"
#include "expr/check/checker.hpp"

namespace kith::internal::expr {
namespace {

// 2024-02-29 without quotes is a sum of ints.
bool looks_like_a_date(std::string_view text) {
  std::string bare;
  for (const char c : text) {
    if (c != ' ') bare.push_back(c == '/' || c == '.' ? '-' : c);
  }
  return parse_date(bare).has_value();
}

bool is_number_literal(const Node& node) { return node.op == Op::constant && is_number(node.type.kind); }

}  // namespace

// One of them is a text.
std::string Checker::fix_of_text(const Node& text, const Node& other, std::string_view verb) const {
  const Kind kind = other.type.kind;
  if (other.op == Op::parameter) return "give $" + other.name + " as a text";
  if (verb == "add") return "write string(" + text_of(other) + ") to join texts";
  const bool literal = text.op == Op::constant;
  if (literal && (is_number(kind) || kind == Kind::boolean || kind == Kind::money))
    return "write it without quotes: " + text.constant.s;
  if (is_number_literal(other)) return "a text stands in quotes: '" + text_of(other) + "'";
  switch (kind) {
    case Kind::integer: return "write int(" + text_of(text) + ")";
    case Kind::real:
    case Kind::money: return "write double(" + text_of(text) + ")";
    case Kind::boolean: return "compare it with a text, such as 'Y'";
    case Kind::date: return "write date(" + text_of(text) + ")";
    case Kind::timestamp: return "write timestamp(" + text_of(text) + ")";
    case Kind::duration: return "write duration(" + text_of(text) + ")";
    case Kind::ref: return "compare a field of the record it names: " + text_of(other) + ".<field>";
    default: return "bring both to one type";
  }
}

// One of them is a date or an instant, the other an int.
std::string Checker::fix_of_days(const Node& moment, const Node& days) const {
  const std::string written = text_of(days);
  if (looks_like_a_date(written)) {
    std::string date = written;
    date.erase(std::remove(date.begin(), date.end(), ' '), date.end());
    std::replace_if(
        date.begin(), date.end(), [](char c) { return c == '/' || c == '.'; }, '-');
    return "a date stands in quotes: '" + date + "'";
  }
  if (moment.type.kind == Kind::date)
    return "a date stands in quotes, '2026-01-31'; days are counted by days_since(" + text_of(moment) + ")";
  const bool digits =
      !written.empty() && std::all_of(written.begin(), written.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits ? "write duration('" + written + "d') for days" : "add a duration, such as duration('30d')";
}

std::string Checker::mismatch_fix(const Node& a, const Node& b, std::string_view verb) const {
  const auto either = [&](Kind x, Kind y) -> const Node* {
    if (a.type.kind == x && b.type.kind == y) return &a;
    if (b.type.kind == x && a.type.kind == y) return &b;
    return nullptr;
  };
  const auto other_than = [&](const Node* one) -> const Node& { return one == &a ? b : a; };
  if (a.type.kind == Kind::text || b.type.kind == Kind::text) {
    const Node& text = a.type.kind == Kind::text ? a : b;
    return fix_of_text(text, other_than(&text), verb);
  }
  if (const Node* n = either(Kind::integer, Kind::real)) return "write double(" + text_of(*n) + ")";
  if (const Node* n = either(Kind::money, Kind::integer))
    return "write double(" + text_of(*n) + "), and double() on the other side";
  if (const Node* n = either(Kind::money, Kind::real)) return "write double(" + text_of(*n) + ")";
  if (const Node* n = either(Kind::timestamp, Kind::date)) return "write date(" + text_of(*n) + ")";
  for (const Kind moment : {Kind::timestamp, Kind::date}) {
    if (const Node* n = either(moment, Kind::integer)) return fix_of_days(*n, other_than(n));
  }
  if (const Node* n = either(Kind::duration, Kind::integer))
    return "write the other side as duration('30d'), or use days_since() in place of " + text_of(*n);
  return "bring both to one type";
}

// % of a double: said at once, and not that an int should become one.
void Checker::complain_of_remainder(const Node& node) {
  const auto whole = [&](const Node& side) {
    if (side.type.kind != Kind::real) return text_of(side);
    const std::string number = side.op == Op::constant ? to_text(side.constant) : std::string{};
    const bool is_whole = !number.empty() && number.find_first_of(".e") == std::string::npos;
    return is_whole ? number : "int(" + text_of(side) + ")";
  };
  complain(ProblemNumber::type_mismatch, node.parts[0]->begin, node.parts[1]->end, "'%' is for int, and this is double",
           "write " + whole(*node.parts[0]) + " % " + whole(*node.parts[1]));
}

// What people of other languages write for literals; "" = it is none of them.
std::string Checker::literal_meant(std::string_view name) {
  const std::string word = lower_ascii(name);
  for (const std::string_view nothing : {"null", "none", "nil", "undefined"}) {
    if (word == nothing) return "write null";
  }
  return word == "true" || word == "false" ? "write " + word : std::string{};
}

}  // namespace kith::internal::expr
