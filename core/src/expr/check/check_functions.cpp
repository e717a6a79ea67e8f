// The types of functions that make texts, round numbers, and put amounts and dates together.
#include <algorithm>

#include "base/text/forms.hpp"
#include "base/value/money.hpp"
#include "expr/check/checker.hpp"
#include "expr/evaluate/conversions.hpp"

namespace kith::internal::expr {
namespace {

bool is_known_constant(const Node& node) { return node.op == Op::constant && !node.constant.is_dead(); }

}  // namespace

// An argument of one kind; a null becomes one of that kind, so that SQL knows its type.
bool Checker::take(Node& argument, Kind kind, const std::string& what) {
  if (!expect(argument, kind, what)) return false;
  if (argument.type.kind == Kind::null) argument.type = Type::of(kind);
  return true;
}

bool Checker::take_one_of(Node& argument, std::initializer_list<Kind> kinds, const FunctionEntry& entry) {
  if (argument.type.kind == Kind::null) argument.type = Type::of(*kinds.begin());
  if (std::find(kinds.begin(), kinds.end(), argument.type.kind) != kinds.end()) return true;
  complain(ProblemNumber::wrong_arguments, argument,
           std::string{entry.name} + "() can't take " + type_name(argument.type), "write " + std::string{entry.usage});
  return false;
}

bool Checker::text_function_type(Node& node, const FunctionEntry& entry) {
  const std::string name = std::string{entry.name} + "()";
  node.type = Type::of(Kind::text);
  if (!take(*node.parts[0], Kind::text, "what " + name + " is called on")) return false;
  const Kind rest = entry.function == Function::substring ? Kind::integer : Kind::text;
  const std::string what = entry.function == Function::substring ? "a place or length of " : "what is looked for by ";
  for (std::size_t i = 1; i < node.parts.size(); ++i) {
    if (!take(*node.parts[i], rest, i == 1 || rest == Kind::integer ? what + name : "what " + name + " puts there"))
      return false;
  }
  if (entry.function != Function::split) return true;
  node.type = Type::of(Kind::json);
  node.type.element = Kind::text;
  const Node& separator = *node.parts[1];
  if (!is_known_constant(separator) || !separator.constant.s.empty()) return true;
  complain(ProblemNumber::bad_literal, separator, "a text can't be split at an empty separator",
           "write what stands between the pieces: split(text, ',')");
  return false;
}

bool Checker::number_function_type(Node& node, const FunctionEntry& entry) {
  Node& first = *node.parts[0];
  switch (entry.function) {
    case Function::absolute:
      if (!take_one_of(first, {Kind::real, Kind::integer, Kind::money, Kind::duration}, entry)) return false;
      break;
    case Function::round:
    case Function::floor:
      if (!take_one_of(first, {Kind::real, Kind::integer, Kind::money}, entry)) return false;
      break;
    default:
      for (NodePtr& part : node.parts) {
        const std::size_t before = diagnostics_.size();
        require(part, Type::of(Kind::real));
        if (diagnostics_.size() != before) return false;
        if (part->type.kind == Kind::null) part->type = Type::of(Kind::real);
      }
  }
  node.type = first.type;
  return node.parts.size() < 2 || entry.function != Function::round ||
         take(*node.parts[1], Kind::integer, "the number of digits of round()");
}

// A currency that is written is known at once; one that is read with the row leaves the amount's currency open.
bool Checker::money_type(Node& node, const FunctionEntry& entry) {
  node.type = Type::of(Kind::money);
  Node& currency = *node.parts[1];
  if (!take_one_of(*node.parts[0], {Kind::integer, Kind::real, Kind::text}, entry)) return false;
  if (!take(currency, Kind::text, "the currency of money()")) return false;
  if (!is_known_constant(currency)) return true;
  const auto known = currency_of(as_stored(TextForm::currency, currency.constant.s, {}));
  if (known) {
    node.type.currency = *known;
    return true;
  }
  complain(ProblemNumber::bad_literal, currency, "'" + currency.constant.s + "' is not a currency",
           "write its ISO 4217 code, such as money(12.5, 'EUR')");
  return false;
}

bool Checker::civil_date_type(Node& node) {
  node.function = Function::civil_date;
  node.type = Type::of(Kind::date);
  for (const NodePtr& part : node.parts) {
    if (!take(*part, Kind::integer, "year, month and day of date()")) return false;
  }
  if (!std::all_of(node.parts.begin(), node.parts.end(), [](const NodePtr& part) { return is_known_constant(*part); }))
    return true;
  const Value day = civil_date(node.parts[0]->constant, node.parts[1]->constant, node.parts[2]->constant);
  if (!day.is_unknown()) return true;
  complain(ProblemNumber::bad_literal, node, day.s, "write date(2026, 1, 31)");
  return false;
}

}  // namespace kith::internal::expr
