#include "derive/rollup.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace kith::internal::derive {
namespace {

__extension__ typedef __int128 Wide;

/// The running total of one rollup.
class Tally {
 public:
  Tally(const catalog::Derivation& rollup, const expr::Type& type) : rollup_(&rollup), type_(type) {}

  /// A row that counts; `value` is null where the rollup has no value expression.
  void add(const Value& value) {
    if (rollup_->value != nullptr && value.is_null()) return;
    if (value.is_unknown()) {
      unknown_ = true;
      return;
    }
    ++rows_;
    switch (rollup_->aggregate) {
      case catalog::Aggregate::count:
        return;
      case catalog::Aggregate::sum:
        if (value.kind == Kind::real) {
          real_ += value.d;
        } else {
          whole_ += value.i;
        }
        return;
      case catalog::Aggregate::min:
        if (rows_ == 1 || expr::compare(value, best_) < 0) best_ = value;
        return;
      case catalog::Aggregate::max:
        if (rows_ == 1 || expr::compare(value, best_) > 0) best_ = value;
        return;
    }
  }

  Value result() const {
    if (unknown_) return Value::unknown();
    switch (rollup_->aggregate) {
      case catalog::Aggregate::count:
        return Value::integer(rows_);
      case catalog::Aggregate::sum:
        return sum();
      case catalog::Aggregate::min:
      case catalog::Aggregate::max:
        return best_;
    }
    return Value::null();
  }

 private:
  Value sum() const {
    if (type_.kind == Kind::real) {
      const double total = real_ + static_cast<double>(whole_);
      return std::isfinite(total) ? Value::real(total) : Value::unknown();
    }
    if (whole_ < std::numeric_limits<std::int64_t>::min() || whole_ > std::numeric_limits<std::int64_t>::max()) {
      return Value::unknown();
    }
    const auto total = static_cast<std::int64_t>(whole_);
    return type_.kind == Kind::money ? Value::money(total, type_.currency) : Value::with(type_.kind, total);
  }

  const catalog::Derivation* rollup_;
  expr::Type type_;
  std::int64_t rows_ = 0;
  Wide whole_ = 0;
  double real_ = 0;
  Value best_;
  bool unknown_ = false;
};

}  // namespace

expr::Timed compute_rollup(const catalog::Derivation& rollup, const expr::Type& type, const expr::Env& env, const EachChild& children) {
  Tally tally(rollup, type);
  std::int64_t until = kForever;
  children([&](expr::RecordView& child) {
    if (rollup.where != nullptr) {
      const expr::Timed where = expr::evaluate(*rollup.where, child, env);
      // A row that doesn't count stays out for as long as its filter says no; one that does, until the first change.
      until = std::min(until, where.until);
      if (!where.value.is_true()) return;
    }
    expr::Timed value;
    if (rollup.value != nullptr) value = expr::evaluate(*rollup.value, child, env);
    until = std::min(until, value.until);
    tally.add(value.value);
  });
  return {tally.result(), until};
}

}  // namespace kith::internal::derive
