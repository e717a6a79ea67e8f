#include "expr/evaluate/aggregates.hpp"

#include <algorithm>
#include <cmath>

#include "expr/evaluate/evaluate.hpp"

namespace kith::internal::expr {

std::int64_t divide_half_even(Wide sum, std::int64_t parts) {
  Wide quotient = floor_divide(sum, parts);
  const Wide twice = (sum - quotient * parts) * 2;
  if (twice > parts || (twice == parts && quotient % 2 != 0)) ++quotient;
  return saturate(quotient);  // a mean lies between its values, so that this never bites
}

void Collected::add(Value value) {
  if (value.is_unknown()) unknown_ = true;
  if (unknown_) return;
  ++rows_;
  switch (aggregate_) {
    case Aggregate::sum:
    case Aggregate::avg:
      if (value.kind == Kind::real) {
        real_ += value.d;
      } else {
        whole_ += value.i;
      }
      break;
    case Aggregate::min:
      if (rows_ == 1 || compare(value, best_) < 0) best_ = std::move(value);
      break;
    case Aggregate::max:
      if (rows_ == 1 || compare(value, best_) > 0) best_ = std::move(value);
      break;
    case Aggregate::median:
    case Aggregate::count_distinct: values_.push_back(std::move(value)); break;
    default: break;
  }
}

Value Collected::result() {
  if (unknown_) return Value::unknown();
  switch (aggregate_) {
    case Aggregate::sum: return sum();
    case Aggregate::min:
    case Aggregate::max: return best_;
    case Aggregate::avg: return rows_ == 0 ? Value::null() : average();
    case Aggregate::median: return rows_ == 0 ? Value::null() : median();
    case Aggregate::count_distinct: return distinct();
    default: return Value::integer(rows_);
  }
}

Value Collected::sum() const {
  if (type_.kind == Kind::real) return std::isfinite(real_) ? Value::real(real_) : Value::unknown();
  if (!fits(whole_)) return Value::unknown();
  Value value = Value::with(type_.kind, static_cast<std::int64_t>(whole_));
  value.currency = type_.currency;
  return value;
}

Value Collected::average() const {
  if (type_.kind == Kind::money) return Value::money(divide_half_even(whole_, rows_), type_.currency);
  if (type_.kind == Kind::duration) return Value::duration(divide_half_even(whole_, rows_));
  // Whole numbers come in whole_, doubles in real_, never both.
  const double total = real_ + static_cast<double>(whole_);
  return std::isfinite(total) ? Value::real(total / static_cast<double>(rows_)) : Value::unknown();
}

Value Collected::median() {
  std::sort(values_.begin(), values_.end(), [](const Value& a, const Value& b) { return compare(a, b) < 0; });
  const Value& high = values_[values_.size() / 2];
  const Value& low = values_[(values_.size() - 1) / 2];
  if (type_.kind == Kind::money || type_.kind == Kind::duration) {
    Value middle = high;
    middle.i = divide_half_even(Wide{low.i} + high.i, 2);
    return middle;
  }
  if (high.kind == Kind::real) {
    const auto sum = finite(low.d + high.d);
    return Value::real(sum ? *sum / 2 : low.d / 2 + high.d / 2);
  }
  return Value::real(static_cast<double>(Wide{low.i} + high.i) / 2);
}

Value Collected::distinct() {
  const auto before = [](const Value& a, const Value& b) {
    return a.record_type != b.record_type ? a.record_type < b.record_type : compare(a, b) < 0;
  };
  std::sort(values_.begin(), values_.end(), before);
  const auto same = [&](const Value& a, const Value& b) { return !before(a, b) && !before(b, a); };
  return Value::integer(std::unique(values_.begin(), values_.end(), same) - values_.begin());
}

}  // namespace kith::internal::expr
