#include <algorithm>
#include <limits>
#include <optional>

#include "expr/evaluate/arithmetic.hpp"
#include "expr/evaluate/evaluation.hpp"
#include "expr/evaluate/json_list.hpp"
#include "expr/evaluate/reasons.hpp"
#include "expr/tree/types.hpp"

namespace kith::internal::expr {
namespace {

template <class T>
Value known_or_unknown(Kind kind, const std::optional<T>& result) {
  return result ? Value::with(kind, *result) : Value::unknown();
}

}  // namespace

Fate fate_of(const Look& a, const Look& b, bool null_is_dead) {
  const bool a_dead = a.value->is_unknown() || (null_is_dead && a.value->is_null());
  const bool b_dead = b.value->is_unknown() || (null_is_dead && b.value->is_null());
  if (a_dead && b_dead) return {true, std::max(a.until, b.until)};
  if (a_dead || b_dead) return {true, a_dead ? a.until : b.until};
  return {false, std::min(a.until, b.until)};
}

Op mirrored(Op op) {
  switch (op) {
    case Op::less: return Op::greater;
    case Op::less_equal: return Op::greater_equal;
    case Op::greater: return Op::less;
    case Op::greater_equal: return Op::less_equal;
    default: return op;
  }
}

Value calculate(const Node& node, const Value& a, const Value& b) {
  const Kind kind = node.type.kind;
  if (kind == Kind::text) return Value::text(a.s + b.s);
  if (kind == Kind::real) {
    if (node.op == Op::divide && b.d == 0) return Value::unknown();
    const double result = node.op == Op::add        ? a.d + b.d
                          : node.op == Op::subtract ? a.d - b.d
                          : node.op == Op::multiply ? a.d * b.d
                                                    : a.d / b.d;
    return finite(result) ? Value::real(result) : Value::unknown();
  }
  Currency currency{};
  if (kind == Kind::money) {
    if (a.kind == Kind::money && b.kind == Kind::money && !same_currency(a.currency, b.currency))
      return Value::unknown();
    currency = a.kind == Kind::money && a.currency.code[0] != 0 ? a.currency
               : b.kind == Kind::money                          ? b.currency
                                                                : a.currency;
  }
  std::optional<std::int64_t> result;
  switch (node.op) {
    case Op::add: result = add(a.i, b.i); break;
    case Op::subtract: result = subtract(a.i, b.i); break;
    case Op::multiply: result = multiply(a.i, b.i); break;
    case Op::divide: result = divide(a.i, b.i); break;
    default: result = modulo(a.i, b.i); break;
  }
  Value value = known_or_unknown(kind, result);
  if (result) value.currency = currency;
  return value;
}

Truth compare_alive(Op op, const Type& a_type, const Type& b_type, const Value& a, const Value& b) {
  switch (a.kind) {
    case Kind::real: return truth_of(decide(op, a.d, b.d));
    case Kind::text:
      if (!is_ordering(op)) return truth_of((a.s == b.s) == (op == Op::equal));
      if (a_type.values != nullptr && a_type.values->ordered && b_type.values != nullptr) {
        const std::int64_t left = rank_of(*a_type.values, a.s);
        const std::int64_t right = rank_of(*a_type.values, b.s);
        return left < 0 || right < 0 ? Truth::unknown : truth_of(decide(op, left, right));
      }
      return truth_of(decide(op, compare(a, b), 0));
    case Kind::json:
    case Kind::ref: return truth_of(decide(op, compare(a, b), 0));
    case Kind::money:
      if (b.kind == Kind::money && !same_currency(a.currency, b.currency)) return Truth::unknown;
      return truth_of(decide(op, a.i, b.i));
    default: return truth_of(decide(op, a.i, b.i));
  }
}

Truth equal_values(const Value& a, const Value& b) {
  if (a.is_unknown() || b.is_unknown()) return Truth::unknown;
  if (a.is_null() || b.is_null()) return truth_of(a.is_null() && b.is_null());
  static const Type kAny;
  return compare_alive(Op::equal, kAny, kAny, a, b);
}

Judged Evaluator::logic(const Node& node) {
  LogicRule rule(truth_of(node.op == Op::logic_or), timed_);
  for (const NodePtr& part : node.parts) {
    if (rule.takes(judge(*part))) break;
  }
  return rule.result();
}

Judged judge_comparison(Op op, const Type& a_type, const Type& b_type, const Look& a, const Look& b) {
  const bool ordering = is_ordering(op);
  const Fate fate = fate_of(a, b, ordering);
  if (fate.dead) return {Truth::unknown, fate.until};
  if (!ordering && (a.value->is_null() || b.value->is_null())) {
    const bool same = a.value->is_null() && b.value->is_null();
    return {truth_of(same == (op == Op::equal)), fate.until};
  }
  return {compare_alive(op, a_type, b_type, *a.value, *b.value), fate.until};
}

Judged Evaluator::comparison(const Node& node) {
  if (node.now_side != 0) return against_now(node);
  if (node.uses_now) {
    if (const int side = days_since_side(node); side >= 0) return days_compared(node, static_cast<std::size_t>(side));
    if (is_against_today(node)) return dates_compared(node);
  }
  const Node& left = *node.parts[0];
  const Node& right = *node.parts[1];
  return judge_comparison(node.op, left.type, right.type, look(left), look(right));
}

// An || over x == e: one that is equal decides.
Judged Evaluator::in_values(const Node& node) {
  const Look x = look(*node.parts[0]);
  bool found = false;
  bool unknown = false;
  std::int64_t latest = std::numeric_limits<std::int64_t>::min();
  std::int64_t earliest = kForever;
  for (std::size_t i = 1; i < node.parts.size(); ++i) {
    const Look element = look(*node.parts[i]);
    const Truth same = equal_values(*x.value, *element.value);
    const std::int64_t until = fate_of(x, element, false).until;
    if (same == Truth::yes) {
      latest = std::max(latest, until);
      found = true;
      if (latest == kForever || !timed_) return {Truth::yes, latest};
    }
    unknown = unknown || same == Truth::unknown;
    earliest = std::min(earliest, until);
  }
  if (found) return {Truth::yes, latest};
  return {unknown ? Truth::unknown : Truth::no, earliest};
}

Judged judge_in_list(const Look& x, const Look& list) {
  // A list that is not there is unknown; looking for null is not.
  const bool no_list = list.value->is_dead();
  if (no_list || x.value->is_unknown()) {
    const bool both = no_list && x.value->is_unknown();
    return {Truth::unknown, both ? std::max(x.until, list.until) : no_list ? list.until : x.until};
  }
  const auto found = list_contains(list.value->s, *x.value);
  return {found ? truth_of(*found) : Truth::unknown, std::min(x.until, list.until)};
}

Judged Evaluator::in_list(const Node& node) {
  const Look x = look(*node.parts[0]);
  if (node.parts[1]->op == Op::parameter && !x.value->is_unknown()) {
    for (const auto& [name, items] : env_.lists) {
      if (name == node.parts[1]->name) return {truth_of(items->contain(*x.value)), x.until};
    }
  }
  return judge_in_list(x, look(*node.parts[1]));
}

// A long sum leans to the left: it is walked from its first term on, so that it needs no stack for each.
Look Evaluator::arithmetic(const Node& node) {
  const auto goes_on = [&](const Node& part) {
    return is_calculation(part.op) && (part.quick == nullptr || record_ == nullptr || record_->fact(0) == nullptr);
  };
  const auto step = [&](const Node& at, const Look& a) {
    const Look b = look(*at.parts[1]);
    const Fate fate = fate_of(a, b, true);
    return keep(fate.dead ? unknown_of(*a.value, *b.value) : calculate(at, *a.value, *b.value), fate.until);
  };
  if (!goes_on(*node.parts[0])) return step(node, look(*node.parts[0]));
  std::vector<const Node*> chain{&node};
  for (const Node* part = node.parts[0].get(); goes_on(*part); part = part->parts[0].get()) chain.push_back(part);
  Look left = look(*chain.back()->parts[0]);
  for (; !chain.empty(); chain.pop_back()) left = step(*chain.back(), left);
  return left;
}

Look Evaluator::negate(const Node& node) {
  const Look part = look(*node.parts[0]);
  if (part.value->is_dead()) return keep(Value::unknown(part.value->s), part.until);
  Value value = *part.value;
  if (value.kind == Kind::real) {
    value.d = -value.d;
  } else if (const auto negative = subtract(0, value.i)) {
    value.i = *negative;
  } else {
    value = Value::unknown();
  }
  return keep(std::move(value), part.until);
}

Look Evaluator::conditional(const Node& node) {
  const Judged condition = judge(*node.parts[0]);
  if (condition.truth == Truth::unknown) return keep(Value::unknown(), condition.until);
  const Look branch = look(*node.parts[condition.truth == Truth::yes ? 1 : 2]);
  return {branch.value, std::min(branch.until, condition.until)};
}

Look Evaluator::coalesce(const Node& node) {
  std::int64_t until = kForever;
  for (const NodePtr& part : node.parts) {
    const Look one = look(*part);
    until = std::min(until, one.until);
    if (!one.value->is_dead()) return {one.value, until};
  }
  return keep(Value::null(), until);
}

Judged Evaluator::change(const Node& node) {
  Evaluator earlier(env_, env_.old, timed_, bound_);
  const Look now = look(*node.parts[0]);
  const Look before = earlier.look(*node.parts[0]);
  const std::int64_t until = std::min(now.until, before.until);
  if (node.op == Op::changed) return {opposite(equal_values(*now.value, *before.value)), until};
  if (now.value->is_dead()) return {Truth::unknown, until};
  return {truth_of(now.value->is_true() && !before.value->is_true()), until};
}

}  // namespace kith::internal::expr
