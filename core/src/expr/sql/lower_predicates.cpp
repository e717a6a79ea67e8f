#include <algorithm>

#include "base/time/time.hpp"
#include "expr/evaluate/arithmetic.hpp"
#include "expr/evaluate/evaluation.hpp"
#include "expr/evaluate/json_list.hpp"
#include "expr/parse/utf8.hpp"
#include "expr/sql/lowerer.hpp"
#include "expr/sql/sql_class.hpp"
#include "expr/tree/types.hpp"

namespace kith::internal::expr {
namespace {

std::string_view sign_of(Op op) {
  switch (op) {
    case Op::less: return " < ";
    case Op::less_equal: return " <= ";
    case Op::greater: return " > ";
    case Op::greater_equal: return " >= ";
    case Op::not_equal: return " <> ";
    default: return " = ";
  }
}

// True exactly where `op` is false, both sides alive.
Op opposite(Op op) {
  switch (op) {
    case Op::less: return Op::greater_equal;
    case Op::less_equal: return Op::greater;
    case Op::greater: return Op::less_equal;
    case Op::greater_equal: return Op::less;
    case Op::equal: return Op::not_equal;
    default: return Op::equal;
  }
}

bool holds_for(Op op, std::int64_t a, std::int64_t b) {
  switch (op) {
    case Op::less: return a < b;
    case Op::less_equal: return a <= b;
    case Op::greater: return a > b;
    default: return a >= b;
  }
}

Sql not_null(const Sql& value) { return cat(value, " IS NOT NULL"); }

bool is_days_since(const Node& node) {
  return node.op == Op::function && node.function == Function::days_since && !is_fixed(node);
}

}  // namespace

Sql Lowerer::bound_list(const std::vector<Value>& values) const {
  if (values.size() > kMostSingleBinds) {
    if (const auto rows = dialect_.rows_of(values)) return cat("(", *rows, ")");
  }
  Sql out = literally("(");
  for (std::size_t i = 0; i < values.size(); ++i) out = cat(out, i == 0 ? "" : ", ", bind(values[i]));
  return cat(out, ")");
}

Sql Lowerer::truth(const Node& node, bool wanted) {
  if (is_fixed(node)) {
    const Value result = fixed(node);
    return (wanted ? result.is_true() : result.is_false()) ? sql_true() : sql_false();
  }
  switch (node.op) {
    case Op::logic_not: return truth(*node.parts[0], !wanted);
    case Op::logic_and:
    case Op::logic_or: return logic(node, wanted);
    case Op::equal:
    case Op::not_equal:
    case Op::less:
    case Op::less_equal:
    case Op::greater:
    case Op::greater_equal: return comparison(wanted ? node.op : opposite(node.op), *node.parts[0], *node.parts[1]);
    case Op::in_values: return in_values(node, wanted);
    case Op::in_list: return in_list(node, wanted);
    case Op::has: return wanted ? not_null(value(*node.parts[0])) : is_null(*node.parts[0]);
    case Op::conditional:
      return any_of({all_of({truth(*node.parts[0], true), truth(*node.parts[1], wanted)}),
                     all_of({truth(*node.parts[0], false), truth(*node.parts[2], wanted)})});
    case Op::over_set: return set_truth(node, wanted);
    case Op::function: return text_test(node, wanted);
    default: return cat(value(node), wanted ? " = TRUE" : " = FALSE");
  }
}

Sql Lowerer::is_null(const Node& node) {
  if (is_fixed(node)) return fixed(node).is_null() ? sql_true() : sql_false();
  if (!node.nullable) return sql_false();
  if (!node.fallible) return cat(value(node), " IS NULL");
  if (node.op == Op::over_set) return set_is_null(node);
  if (node.op != Op::conditional) return sql_false();
  return any_of({all_of({truth(*node.parts[0], true), is_null(*node.parts[1])}),
                 all_of({truth(*node.parts[0], false), is_null(*node.parts[2])})});
}

// Terms of an && that SQL can't decide are left out: more records come back than hold, never fewer.
Sql Lowerer::logic(const Node& node, bool wanted) {
  if (is_membership(node)) {
    if (const auto found = membership(node)) return one_of(*found->field, found->values, found->or_null, wanted);
  }
  std::vector<Sql> terms;
  const bool conjunction = (node.op == Op::logic_and) == wanted;
  for (const NodePtr& part : node.parts) {
    if (conjunction && wanted && classify(*part) == SqlClass::vm_only) continue;
    terms.push_back(truth(*part, wanted));
  }
  return conjunction ? all_of(terms) : any_of(terms);
}

Sql Lowerer::comparison(Op op, const Node& a, const Node& b) {
  if (auto rewritten = zoned(op, a, b)) return *rewritten;
  if (auto rewritten = days_since(op, a, b)) return *rewritten;
  if (!is_ordering(op)) return equality(op == Op::equal, a, b);
  if (is_enum(a.type) && is_enum(b.type)) return enum_order(op, a, b);
  for (const Node* side : {&a, &b}) {
    if (!is_fixed(*side)) continue;
    const Value constant = fixed(*side);
    const Node& other = side == &a ? b : a;
    const bool other_money = constant.kind == Kind::money && !same_currency(constant.currency, other.type.currency);
    if (constant.is_dead() || other_money) return sql_false();
  }
  return cat(compared(a), sign_of(op), value(b));
}

Sql Lowerer::equality(bool wanted, const Node& a, const Node& b) {
  if (is_fixed(b)) return equal_to_fixed(wanted, a, fixed(b));
  if (is_fixed(a)) return equal_to_fixed(wanted, b, fixed(a));
  if (wanted) return any_of({cat(compared(a), " = ", value(b)), all_of({is_null(a), is_null(b)})});
  std::vector<Sql> ways{cat(compared(a), " <> ", value(b))};
  if (a.nullable) ways.push_back(all_of({is_null(a), not_null(value(b))}));
  if (b.nullable) ways.push_back(all_of({not_null(value(a)), is_null(b)}));
  return any_of(ways);
}

Sql Lowerer::equal_to_fixed(bool wanted, const Node& x, const Value& constant) {
  if (constant.is_unknown()) return sql_false();
  if (constant.is_null()) return wanted ? is_null(x) : not_null(value(x));
  if (constant.kind == Kind::money && !same_currency(constant.currency, x.type.currency))
    return wanted ? sql_false() : is_null(x);
  if (wanted) return cat(compared(x), " = ", bind(constant));
  return any_of({cat(compared(x), " <> ", bind(constant)), is_null(x)});
}

// The values of an enum that are in the order to a fixed one. Both sides are of the same enum.
std::vector<Value> Lowerer::values_in_order(Op op, const Node& a, const Node& b) {
  const EnumValues& values = *a.type.values;
  const Value constant = fixed(is_fixed(a) ? a : b);
  const std::int64_t limit = constant.is_dead() ? -1 : rank_of(values, constant.s);
  std::vector<Value> ids;
  if (limit < 0) return ids;
  const Op seen = is_fixed(a) ? mirrored(op) : op;
  for (std::size_t i = 0; i < values.ids.size(); ++i) {
    if (holds_for(seen, static_cast<std::int64_t>(i), limit)) ids.push_back(Value::text(values.ids[i]));
  }
  return ids;
}

Sql Lowerer::enum_order(Op op, const Node& a, const Node& b) {
  const EnumValues& values = *a.type.values;
  if (!is_fixed(a) && !is_fixed(b)) return cat(rank(value(a), values), sign_of(op), rank(value(b), values));
  const std::vector<Value> ids = values_in_order(op, a, b);
  return ids.empty() ? sql_false() : cat(compared(is_fixed(a) ? b : a), " IN ", bound_list(ids));
}

// days_since(t) > e becomes t <= now() - (e + 1) days, so that an index over t serves.
std::optional<Sql> Lowerer::days_since(Op op, const Node& a, const Node& b) {
  if (is_days_since(b) && is_fixed(a)) return days_since(mirrored(op), b, a);
  if (!is_days_since(a) || !is_fixed(b)) return std::nullopt;
  const Value days = fixed(b);
  if (days.is_unknown()) return sql_false();
  const Node& moment = *a.parts[0];
  if (days.is_null()) return op == Op::not_equal ? not_null(value(moment)) : sql_false();
  switch (op) {
    case Op::greater: return days_at_least(moment, true, days, true);
    case Op::greater_equal: return days_at_least(moment, true, days, false);
    case Op::less: return days_at_least(moment, false, days, false);
    case Op::less_equal: return days_at_least(moment, false, days, true);
    case Op::equal: return all_of({days_at_least(moment, true, days, false), days_at_least(moment, false, days, true)});
    default: return any_of({days_at_least(moment, false, days, false), days_at_least(moment, true, days, true)});
  }
}

// days_since(moment) >= days (+ 1), or the opposite of it.
Sql Lowerer::days_at_least(const Node& moment, bool at_least, const Value& days, bool one_more) {
  const bool date = moment.type.kind == Kind::date;
  const Wide unit = date ? 1 : kMicrosPerDay;
  const Wide here = date ? floor_divide(env_.now, kMicrosPerDay) : Wide{env_.now};
  const Wide wanted = Wide{days.i} + (one_more ? 1 : 0);
  const Wide last = here - wanted * unit;  // the latest moment that is old enough
  const Sql t = value(moment);
  const bool never_old = !fits(wanted) || last < INT64_MIN;
  const bool always_old = fits(wanted) && (last > INT64_MAX || (date && wanted == INT64_MIN));
  if (at_least) {
    if (never_old) return sql_false();
    return always_old ? not_null(t) : cat(t, " <= ", bind(Value::integer(static_cast<std::int64_t>(last))));
  }
  if (always_old) return sql_false();
  return never_old ? not_null(t) : cat(t, " > ", bind(Value::integer(static_cast<std::int64_t>(last))));
}

Sql Lowerer::in_values(const Node& node, bool wanted) {
  const Node& x = *node.parts[0];
  std::vector<Value> constants;
  std::vector<Sql> terms;
  bool with_null = false;
  for (std::size_t i = 1; i < node.parts.size(); ++i) {
    const Node& element = *node.parts[i];
    if (is_fixed(x) || !is_fixed(element)) {
      terms.push_back(equality(wanted, x, element));
      continue;
    }
    Value constant = fixed(element);
    const bool other_money = constant.kind == Kind::money && !same_currency(constant.currency, x.type.currency);
    if (constant.is_unknown() || other_money) {
      terms.push_back(equal_to_fixed(wanted, x, constant));
    } else if (constant.is_null()) {
      with_null = true;
    } else {
      constants.push_back(std::move(constant));
    }
  }
  if (with_null) terms.push_back(equal_to_fixed(wanted, x, Value::null()));
  if (!constants.empty()) {
    const Sql list = bound_list(constants);
    terms.push_back(wanted ? cat(compared(x), " IN ", list) : any_of({cat(compared(x), " NOT IN ", list), is_null(x)}));
  }
  return wanted ? any_of(terms) : all_of(terms);
}

Sql Lowerer::in_list(const Node& node, bool wanted) {
  const Node& x = *node.parts[0];
  const Node& list = *node.parts[1];
  if (is_fixed(list)) {
    const Value constant = fixed(list);
    const auto values = constant.is_dead() ? std::nullopt : list_values(constant.s, x.type.kind);
    if (!values) return sql_false();
    return one_of(x, *values, *list_contains(constant.s, Value::null()), wanted);
  }
  const Sql json = value(list);
  if (is_fixed(x)) {
    const Value constant = fixed(x);
    if (constant.is_unknown()) return sql_false();
    if (constant.is_null()) return dialect_.list_has_null(json, wanted);
    return dialect_.list_has(json, list.type.element, bind(constant), wanted);
  }
  return any_of({dialect_.list_has(json, list.type.element, value(x), wanted),
                 all_of({is_null(x), dialect_.list_has_null(json, wanted)})});
}

Sql Lowerer::starts_with(const Node& text, const Value& prefix, bool wanted) {
  if (prefix.is_dead()) return sql_false();
  if (prefix.s.empty()) return wanted ? not_null(value(text)) : sql_false();
  const Sql x = compared(text);
  const std::string end = prefix_end(prefix.s);
  const Sql from = bind(Value::text(prefix.s));
  if (end.empty()) return cat(x, wanted ? " >= " : " < ", from);
  const Sql to = bind(Value::text(end));
  return wanted ? all_of({cat(x, " >= ", from), cat(x, " < ", to)}) : any_of({cat(x, " < ", from), cat(x, " >= ", to)});
}

Sql Lowerer::text_test(const Node& node, bool wanted) {
  const Node& text = *node.parts[0];
  const Node& part = *node.parts[1];
  if (node.function == Function::starts_with && is_fixed(part)) return starts_with(text, fixed(part), wanted);
  const Sql x = value(text);
  const Sql p = value(part);
  if (node.function == Function::contains) return cat(dialect_.position(x, p), wanted ? " > 0" : " = 0");
  const std::string_view sign = wanted ? " = " : " <> ";
  const Sql length = dialect_.text_length(p);
  if (node.function == Function::starts_with) return cat(dialect_.collated(dialect_.first_of(x, length)), sign, p);
  // A negative start counts from the end, and zero means the whole text, so the start is computed and the length
  // tested.
  const Sql whole = dialect_.text_length(x);
  const Sql tail = cat(dialect_.collated(dialect_.from_place(x, cat(whole, " - ", length, " + 1"))), sign, p);
  return wanted ? all_of({cat(whole, " >= ", length), tail}) : any_of({cat(whole, " < ", length), tail});
}

}  // namespace kith::internal::expr
