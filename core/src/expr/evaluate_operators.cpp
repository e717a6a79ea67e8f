#include <algorithm>
#include <optional>

#include "expr/arithmetic.hpp"
#include "expr/evaluation.hpp"
#include "expr/json_list.hpp"
#include "expr/types.hpp"

namespace kith::internal::expr {
namespace {

// What an operand came to. Literals are looked at where they stand, without a copy.
class Operand {
 public:
  Operand(Evaluator& evaluator, const Node& node) : value_(&node.constant) {
    if (node.op == Op::constant) return;
    held_ = evaluator.run(node);
    value_ = &held_->value;
  }
  Operand(const Operand&) = delete;
  Operand& operator=(const Operand&) = delete;
  const Value& value() const { return *value_; }
  std::int64_t until() const { return held_ ? held_->until : kForever; }

 private:
  std::optional<Timed> held_;
  const Value* value_;
};

// "Any operand dead: the latest of the dead ones; else the earliest": while one operand stays dead, nothing else matters.
struct Fate {
  bool dead = false;
  std::int64_t until = kForever;
};

Fate fate_of(const Value& a, std::int64_t a_until, const Value& b, std::int64_t b_until, bool null_is_dead) {
  const bool a_dead = a.is_unknown() || (null_is_dead && a.is_null());
  const bool b_dead = b.is_unknown() || (null_is_dead && b.is_null());
  if (a_dead && b_dead) return {true, std::max(a_until, b_until)};
  if (a_dead || b_dead) return {true, a_dead ? a_until : b_until};
  return {false, std::min(a_until, b_until)};
}

bool decide(Op op, int order) {
  switch (op) {
    case Op::less: return order < 0;
    case Op::less_equal: return order <= 0;
    case Op::greater: return order > 0;
    case Op::greater_equal: return order >= 0;
    case Op::not_equal: return order != 0;
    default: return order == 0;
  }
}

// With the sides exchanged.
Op mirrored(Op op) {
  switch (op) {
    case Op::less: return Op::greater;
    case Op::less_equal: return Op::greater_equal;
    case Op::greater: return Op::less;
    case Op::greater_equal: return Op::less_equal;
    default: return op;
  }
}

template <class T>
Value known_or_unknown(Kind kind, const std::optional<T>& result) {
  return result ? Value::with(kind, *result) : Value::unknown();
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
    if (a.kind == Kind::money && b.kind == Kind::money && !same_currency(a.currency, b.currency)) return Value::unknown();
    currency = a.kind == Kind::money && a.currency.code[0] != 0 ? a.currency : b.kind == Kind::money ? b.currency : a.currency;
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

}  // namespace

Value equal_values(const Value& a, const Value& b) {
  if (a.is_unknown() || b.is_unknown()) return Value::unknown();
  if (a.is_null() || b.is_null()) return Value::boolean(a.is_null() && b.is_null());
  if (a.kind == Kind::money && b.kind == Kind::money && !same_currency(a.currency, b.currency)) return Value::unknown();
  return Value::boolean(compare(a, b) == 0);
}

// false decides an &&, true an ||: then the latest of those that decide; otherwise every part matters.
Timed Evaluator::logic(const Node& node) {
  const std::int64_t deciding = node.op == Op::logic_or ? 1 : 0;
  bool decided = false;
  bool dead = false;
  std::int64_t latest = 0;
  std::int64_t earliest = kForever;
  for (const NodePtr& part : node.parts) {
    const Timed one = run(*part);
    if (one.value.is_dead()) {
      dead = true;
    } else if (one.value.i == deciding) {
      latest = decided ? std::max(latest, one.until) : one.until;
      decided = true;
      if (latest == kForever) return {Value::boolean(deciding != 0), kForever};
    }
    earliest = std::min(earliest, one.until);
  }
  if (decided) return {Value::boolean(deciding != 0), latest};
  return {dead ? Value::unknown() : Value::boolean(deciding == 0), earliest};
}

Timed Evaluator::comparison(const Node& node) {
  const bool ordering = is_ordering(node.op);
  const Operand left(*this, *node.parts[0]);
  const Operand right(*this, *node.parts[1]);
  const Value& a = left.value();
  const Value& b = right.value();
  const Fate fate = fate_of(a, left.until(), b, right.until(), ordering);
  if (fate.dead) return {Value::unknown(), fate.until};
  if (!ordering) {
    Value same = equal_values(a, b);
    if (node.op == Op::not_equal && !same.is_unknown()) same.i = same.i == 0 ? 1 : 0;
    return {std::move(same), fate.until};
  }
  if (const EnumValues* values = node.parts[0]->type.values; values != nullptr && values->ordered && node.parts[1]->type.values != nullptr) {
    const std::int64_t left_rank = rank_of(*values, a.s);
    const std::int64_t right_rank = rank_of(*values, b.s);
    if (left_rank < 0 || right_rank < 0) return {Value::unknown(), fate.until};
    return {Value::boolean(decide(node.op, left_rank < right_rank ? -1 : left_rank > right_rank ? 1 : 0)), fate.until};
  }
  if (a.kind == Kind::money && !same_currency(a.currency, b.currency)) return {Value::unknown(), fate.until};
  return {Value::boolean(decide(node.op, compare(a, b))), fate.until};
}

// E op now() + c: with f = E - c it flips at f or one microsecond later, which the operator decides.
Timed Evaluator::against_now(const Node& node) {
  const bool now_left = node.now_side == 1;
  const Node& moving = *node.parts[now_left ? 0 : 1];
  const Op op = now_left ? mirrored(node.op) : node.op;
  const bool ordering = is_ordering(op);
  const Timed e = run(*node.parts[now_left ? 1 : 0]);
  const Value clock = run(moving).value;
  std::int64_t furthest = env_.now;
  const std::int64_t moved = durations_until(moving, furthest);
  // At this instant now() + c leaves the range of timestamps and becomes unknown.
  const std::int64_t range_end = saturate(static_cast<Wide>(env_.now) + (static_cast<Wide>(kForever) - furthest) + 1);
  const bool e_dead = e.value.is_unknown() || (ordering && e.value.is_null());
  if (clock.is_dead()) {
    const std::int64_t clock_until = std::min(moved, env_.now == kForever ? kForever : env_.now + 1);
    return {Value::unknown(), e_dead ? std::max(e.until, clock_until) : clock_until};
  }
  if (e_dead) return {Value::unknown(), e.until};
  const std::int64_t until = std::min({e.until, moved, range_end});
  if (e.value.is_null()) return {Value::boolean(op == Op::not_equal), until};
  const Value result = Value::boolean(decide(op, compare(e.value, clock)));
  const Wide flip = static_cast<Wide>(e.value.i) - (static_cast<Wide>(clock.i) - env_.now);
  const bool after = op == Op::less || op == Op::greater_equal || (!ordering && flip <= env_.now);
  const Wide at = after ? flip + 1 : flip;
  return {result, at > env_.now && at < until ? static_cast<std::int64_t>(at) : until};
}

// Until when the durations stay as they are; `furthest` becomes the largest sum on the way.
std::int64_t Evaluator::durations_until(const Node& node, std::int64_t& furthest) {
  if (node.op == Op::now) return kForever;
  const bool left = node.parts[0]->uses_now && node.parts[0]->raw_now;
  const Node& clock = *node.parts[left ? 0 : 1];
  const std::int64_t inner = durations_until(clock, furthest);
  const Timed duration = run(*node.parts[left ? 1 : 0]);
  const Value sum = run(node).value;
  if (!sum.is_dead()) furthest = std::max(furthest, sum.i);
  return std::min(inner, duration.until);
}

// An || over x == e: one that is equal decides.
Timed Evaluator::in_values(const Node& node) {
  const Operand x(*this, *node.parts[0]);
  bool found = false;
  bool unknown = false;
  std::int64_t latest = 0;
  std::int64_t earliest = kForever;
  for (std::size_t i = 1; i < node.parts.size(); ++i) {
    const Operand element(*this, *node.parts[i]);
    const Value same = equal_values(x.value(), element.value());
    const std::int64_t until = fate_of(x.value(), x.until(), element.value(), element.until(), false).until;
    if (same.is_true()) {
      latest = found ? std::max(latest, until) : until;
      found = true;
    }
    unknown = unknown || same.is_unknown();
    earliest = std::min(earliest, until);
  }
  if (found) return {Value::boolean(true), latest};
  return {unknown ? Value::unknown() : Value::boolean(false), earliest};
}

Timed Evaluator::in_list(const Node& node) {
  const Operand x(*this, *node.parts[0]);
  const Operand list(*this, *node.parts[1]);
  // A list that is not there is unknown; looking for null is not.
  const Value& json = list.value();
  const Fate fate = fate_of(x.value(), x.until(), json.is_null() ? Value::unknown() : json, list.until(), false);
  if (fate.dead) return {Value::unknown(), fate.until};
  const auto found = list_contains(json.s, x.value());
  return {found ? Value::boolean(*found) : Value::unknown(), fate.until};
}

Timed Evaluator::arithmetic(const Node& node) {
  const Operand a(*this, *node.parts[0]);
  const Operand b(*this, *node.parts[1]);
  const Fate fate = fate_of(a.value(), a.until(), b.value(), b.until(), true);
  if (fate.dead) return {Value::unknown(), fate.until};
  return {calculate(node, a.value(), b.value()), fate.until};
}

Timed Evaluator::negate(const Node& node) {
  Timed part = run(*node.parts[0]);
  if (part.value.is_dead()) return {Value::unknown(), part.until};
  if (part.value.kind == Kind::real) {
    part.value.d = -part.value.d;
    return part;
  }
  const auto negative = subtract(0, part.value.i);
  if (!negative) return {Value::unknown(), part.until};
  part.value.i = *negative;
  return part;
}

Timed Evaluator::conditional(const Node& node) {
  const Timed condition = run(*node.parts[0]);
  if (condition.value.is_dead()) return {Value::unknown(), condition.until};
  Timed branch = run(*node.parts[condition.value.is_true() ? 1 : 2]);
  branch.until = std::min(branch.until, condition.until);
  return branch;
}

Timed Evaluator::coalesce(const Node& node) {
  std::int64_t until = kForever;
  for (const NodePtr& part : node.parts) {
    Timed one = run(*part);
    until = std::min(until, one.until);
    if (!one.value.is_dead()) return {std::move(one.value), until};
  }
  return {Value::null(), until};
}

Timed Evaluator::change(const Node& node) {
  const Timed now = run(*node.parts[0]);
  Evaluator past(*this);
  past.record_ = env_.old;
  const Timed before = past.run(*node.parts[0]);
  const std::int64_t until = std::min(now.until, before.until);
  if (node.op == Op::changed) {
    Value same = equal_values(now.value, before.value);
    if (!same.is_unknown()) same.i = same.i == 0 ? 1 : 0;
    return {std::move(same), until};
  }
  if (now.value.is_dead()) return {Value::unknown(), until};
  return {Value::boolean(now.value.is_true() && !before.value.is_true()), until};
}

}  // namespace kith::internal::expr
