// Forms that give values: arithmetic, functions of ours, functions of plugins.
#include <algorithm>
#include <cmath>

#include "base/time/time.hpp"
#include "expr/batch/batch_evaluation.hpp"
#include "expr/evaluate/bring.hpp"
#include "expr/tree/types.hpp"

namespace kith::internal::expr {
namespace {

template <class T>
class Operand {
 public:
  Operand(const T* values, T same) : values_(values), same_(same) {}
  T operator()(std::size_t row) const { return values_ == nullptr ? same_ : values_[row]; }

 private:
  const T* values_;
  T same_;
};

Operand<std::int64_t> ints_of(const Column& column) {
  return {column.ints, column.same == nullptr ? 0 : column.same->i};
}
Operand<double> reals_of(const Column& column) { return {column.reals, column.same == nullptr ? 0.0 : column.same->d}; }

/// Rows whose result fits; the result of the others says nothing.
Mask calculate_ints(Op op, std::size_t rows, const Column& a, const Column& b, std::int64_t* out) {
  const auto x = ints_of(a);
  const auto y = ints_of(b);
  const auto by = [&](auto calculate_one) {
    return mask_of(rows, [&, out](std::size_t row) {
      const auto result = calculate_one(x(row), y(row));
      out[row] = result.value_or(0);
      return result.has_value();
    });
  };
  switch (op) {
    case Op::add:
      return mask_of(rows, [&, out](std::size_t row) { return !__builtin_add_overflow(x(row), y(row), &out[row]); });
    case Op::subtract:
      return mask_of(rows, [&, out](std::size_t row) { return !__builtin_sub_overflow(x(row), y(row), &out[row]); });
    case Op::multiply:
      return mask_of(rows, [&, out](std::size_t row) { return !__builtin_mul_overflow(x(row), y(row), &out[row]); });
    case Op::divide: return by([](std::int64_t p, std::int64_t q) { return divide(p, q); });
    default: return by([](std::int64_t p, std::int64_t q) { return modulo(p, q); });
  }
}

Mask calculate_reals(Op op, std::size_t rows, const Column& a, const Column& b, double* out) {
  const auto x = reals_of(a);
  const auto y = reals_of(b);
  const auto by = [&](auto calculate_one) {
    return mask_of(rows, [&, out](std::size_t row) {
      out[row] = calculate_one(x(row), y(row));
      return std::isfinite(out[row]);
    });
  };
  switch (op) {
    case Op::add: return by([](double p, double q) { return p + q; });
    case Op::subtract: return by([](double p, double q) { return p - q; });
    case Op::multiply: return by([](double p, double q) { return p * q; });
    // Division by zero is unknown even where IEEE has an answer; that answer is never finite.
    default: return by([](double p, double q) { return p / q; });
  }
}

}  // namespace

// A long sum leans to the left: it is walked from its first term on, so that it needs no stack for each.
Column BatchWalk::arithmetic(const Node& node, const Mask& active) {
  std::vector<const Node*> chain;
  const Node* first = &node;
  for (; is_calculation(first->op) && first->reads_record; first = first->parts[0].get()) chain.push_back(first);
  Column left = column(*first, active);
  for (; !chain.empty(); chain.pop_back())
    left = calculated(*chain.back(), left, column(*chain.back()->parts[1], active), active);
  return left;
}

Column BatchWalk::calculated(const Node& node, const Column& a, const Column& b, const Mask& active) {
  const Kind kind = node.type.kind;
  const bool amounts = kind == Kind::money || a.kind == Kind::money || b.kind == Kind::money;
  if (kind == Kind::text || amounts) {
    Builder builder(space_, kind, batch_.rows, timed_);
    for_each_row(active, [&](std::size_t row) {
      const Value x = value_at(a, row);
      const Value y = value_at(b, row);
      const Fate fate = fate_of({&x, until_at(a, row)}, {&y, until_at(b, row)}, true);
      builder.set(row, fate.dead ? Value::unknown() : calculate(node, x, y));
      builder.set_until(row, fate.until);
    });
    return builder.done();
  }
  Column out;
  out.kind = kind;
  Mask there = alive(a) & alive(b);
  if (a.kind == Kind::null || b.kind == Kind::null) {
    // No row has a value on both sides, and there are no arrays to read.
    out.ints = space_.ints();
    out.reals = space_.reals();
  } else if (kind == Kind::real) {
    double* reals = space_.reals();
    out.reals = reals;
    there = there & calculate_reals(node.op, batch_.rows, a, b, reals);
  } else {
    std::int64_t* ints = space_.ints();
    out.ints = ints;
    there = there & calculate_ints(node.op, batch_.rows, a, b, ints);
  }
  out.valid = space_.mask(there);
  out.unknown = space_.mask(without(all_, there));
  out.until = fate(a, b, true);
  return out;
}

Column BatchWalk::negate(const Node& node, const Mask& active) {
  const Column part = column(*node.parts[0], active);
  Builder builder(space_, node.type.kind, batch_.rows, timed_);
  for_each_row(active, [&](std::size_t row) {
    Value value = value_at(part, row);
    builder.set_until(row, until_at(part, row));
    if (value.kind == Kind::real) {
      value.d = -value.d;
    } else if (const auto negative = value.is_dead() ? std::nullopt : subtract(0, value.i)) {
      value.i = *negative;
    } else {
      value = Value::unknown();
    }
    builder.set(row, std::move(value));
  });
  return builder.done();
}

Column BatchWalk::function(const Node& node, const Mask& active) {
  std::vector<Column> columns;
  for (const NodePtr& part : node.parts) columns.push_back(column(*part, active));
  const bool plain = columns[0].same == nullptr && columns[0].kind != Kind::null;
  if (node.function == Function::days_since && plain) return days(columns[0]);
  Builder builder(space_, node.type.kind, batch_.rows, timed_);
  std::vector<Value> values(columns.size());
  std::vector<Look> looks(columns.size());
  for_each_row(active, [&](std::size_t row) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      values[i] = value_at(columns[i], row);
      looks[i] = {&values[i], until_at(columns[i], row)};
    }
    Timed result = apply(node, looks, env_.now);
    builder.set(row, std::move(result.value));
    builder.set_until(row, result.until);
  });
  return builder.done();
}

// days_since(), whole: its value, and the next day on which it is one more.
Column BatchWalk::days(const Column& start) {
  Column out;
  out.kind = Kind::integer;
  std::int64_t* ints = space_.ints();
  std::int64_t* until = timed_ ? space_.ints() : nullptr;
  const Mask there = alive(start);
  for (std::size_t row = 0; row < batch_.rows; ++row) {
    const Wide from = start_of(start.kind, start.ints[row]);
    ints[row] = saturate(floor_divide(static_cast<Wide>(env_.now) - from, kMicrosPerDay));
    if (!timed_) continue;
    until[row] = until_at(start, row);
    if (there[row]) until[row] = std::min(until[row], days_until(Op::less_equal, from, ints[row], env_.now));
  }
  out.ints = ints;
  out.until = until;
  out.valid = space_.mask(there);
  out.unknown = space_.mask(without(all_, there));
  return out;
}

// One call for all rows whose value is asked.
Column BatchWalk::plugin(const Node& node, const Mask& active) {
  const std::size_t count = active.count();
  std::vector<std::vector<Value>> arguments;
  Builder builder(space_, node.type.kind, batch_.rows, timed_);
  for (const NodePtr& part : node.parts) {
    const Column one = column(*part, active);
    std::vector<Value> values;
    values.reserve(count);
    for_each_row(active, [&](std::size_t row) {
      // A plugin knows no unknown: it sees null, as it would be stored.
      Value value = value_at(one, row);
      values.push_back(value.is_unknown() ? Value::null() : std::move(value));
      builder.lower_until(row, until_at(one, row));
    });
    arguments.push_back(std::move(values));
  }
  std::vector<Value> results =
      Evaluator(env_, nullptr, timed_).surroundings().call_batch(node.number, arguments, count);
  std::size_t next = 0;
  for_each_row(active, [&](std::size_t row) { builder.set(row, given_by_plugin(node, std::move(results[next++]))); });
  return builder.done();
}

Column BatchWalk::brought(const Node& node, const Mask& active) {
  const Column part = column(*node.parts[0], active);
  Builder builder(space_, node.type.kind, batch_.rows, timed_);
  for_each_row(active, [&](std::size_t row) {
    builder.set(row, expr::brought(node, value_at(part, row)));
    builder.set_until(row, until_at(part, row));
  });
  return builder.done();
}

}  // namespace kith::internal::expr
