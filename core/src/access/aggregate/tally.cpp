#include "access/aggregate/tally.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "base/problem/error.hpp"
#include "base/text/text.hpp"
#include "expr/evaluate/aggregates.hpp"
#include "expr/evaluate/evaluate.hpp"

namespace kith::internal::access {
namespace {

using expr::Aggregate;
using expr::Wide;

constexpr std::array<std::pair<std::string_view, Aggregate>, 7> kFigures = {
    {{"count", Aggregate::count},
     {"count_distinct", Aggregate::count_distinct},
     {"sum", Aggregate::sum},
     {"min", Aggregate::min},
     {"max", Aggregate::max},
     {"avg", Aggregate::avg},
     {"median", Aggregate::median}}};
constexpr const char* kTooLarge = "the result is too large for 64 bits";

bool is_number(Kind kind) { return kind == Kind::integer || kind == Kind::real; }
bool is_amount(Kind kind) { return is_number(kind) || kind == Kind::money || kind == Kind::duration; }
bool has_order(Kind kind) { return is_amount(kind) || kind == Kind::date || kind == Kind::timestamp; }

template <class Number>
void add_bytes(Number number, std::string& key) {
  key.append(reinterpret_cast<const char*>(&number), sizeof number);
}

/// The two in the middle, which are one where there is an odd number of them.
template <class Number>
std::pair<Number, Number> middle_of(std::vector<Number> values) {
  const auto high = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), high, values.end());
  if (values.size() % 2 == 1) return {*high, *high};
  return {*std::max_element(values.begin(), high), *high};
}

void refuse(Aggregate fn, const expr::Type& of, std::string_view what, std::string_view takes, std::string fix) {
  throw Error(ProblemNumber::query_invalid,
              std::string(figure_name(fn)) + " takes " + std::string(takes) + ", but \"" + std::string(what) +
                  "\" is of type " + expr::type_name(of),
              std::move(fix));
}

void require_kind(Aggregate fn, const expr::Type& of, std::string_view what) {
  switch (fn) {
    case Aggregate::count: return;
    case Aggregate::count_distinct:
      if (of.kind == Kind::json)
        refuse(fn, of, what, "single values", "group by the list with \"unnest\" to count its elements");
      return;
    case Aggregate::min:
    case Aggregate::max:
      if (!has_order(of.kind)) refuse(fn, of, what, "numbers, money, dates and times", "use count or count_distinct");
      break;
    default:
      if (!is_amount(of.kind)) refuse(fn, of, what, "numbers, money and durations", "use count or count_distinct");
  }
  if (of.kind == Kind::money && of.currency.code[0] == 0) {
    throw Error(ProblemNumber::query_invalid,
                "amounts of several currencies can't be taken together, as in \"" + std::string(what) + "\"",
                "use the field in the tenant's currency, named <field>_base, or name a currency: money(x, 'EUR')");
  }
}

}  // namespace

std::optional<Aggregate> figure_named(std::string_view name) {
  for (const auto& [word, fn] : kFigures) {
    if (word == name) return fn;
  }
  return std::nullopt;
}

std::vector<std::string> figure_names() {
  std::vector<std::string> names;
  for (const auto& [word, fn] : kFigures) names.emplace_back(word);
  return names;
}

std::string_view figure_name(Aggregate fn) {
  const auto* found =
      std::find_if(kFigures.begin(), kFigures.end(), [fn](const auto& one) { return one.second == fn; });
  return found == kFigures.end() ? std::string_view() : found->first;
}

FigureKind figure_kind(Aggregate fn, const expr::Type& of, std::string_view what) {
  require_kind(fn, of, what);
  FigureKind kind{fn, of, of, false};
  kind.type.form = TextForm::none;
  if (fn == Aggregate::count || fn == Aggregate::count_distinct) kind.type = expr::Type::of(Kind::integer);
  kind.by_key = fn == Aggregate::count_distinct && has_key(of.form);
  if (fn != Aggregate::avg && fn != Aggregate::median) return kind;
  if (is_number(of.kind)) kind.type = expr::Type::of(Kind::real);
  if (of.kind == Kind::money && fn == Aggregate::avg)
    kind.type.currency.scale = static_cast<std::uint8_t>(of.currency.scale + kMeanDigits);
  return kind;
}

void add_key(const Value& value, std::string& key) {
  key.push_back(static_cast<char>(value.kind));
  switch (value.kind) {
    case Kind::null: return;
    case Kind::text:
    case Kind::json:
      add_bytes(value.s.size(), key);
      key.append(value.s);
      return;
    case Kind::real: add_bytes(value.d == 0 ? 0.0 : value.d, key); return;  // -0 is 0
    case Kind::ref:
      add_bytes(value.record_type, key);
      key.append(reinterpret_cast<const char*>(value.id.bytes.data()), value.id.bytes.size());
      return;
    case Kind::money: add_bytes(std::bit_cast<std::uint32_t>(value.currency), key); [[fallthrough]];
    default: add_bytes(value.i, key);
  }
}

Tally::Kept& Tally::kept() {
  if (kept_ == nullptr) kept_ = std::make_shared<Kept>();
  return *kept_;
}

void Tally::make_unknown(std::string reason) {
  unknown_ = true;
  kept_ = std::make_shared<Kept>();
  kept_->reason = std::move(reason);
}

void Tally::add(const FigureKind& kind, const Value& value) {
  if (unknown_ || value.is_null()) return;
  if (value.is_unknown()) return make_unknown(value.s.empty() ? "a value of its rows is unknown" : value.s);
  ++count_;
  if (value.kind == Kind::money && kind.fn > Aggregate::count && kind.fn != Aggregate::count_distinct) {
    if (count_ == 1) currency_ = value.currency;
    if (!(currency_ == value.currency))
      return make_unknown("amounts in " + currency_.text() + " and " + value.currency.text() +
                          " can't be taken together");
  }
  switch (kind.fn) {
    case Aggregate::sum:
    case Aggregate::avg: return value.kind == Kind::real ? add_real(value.d) : add_amount(value);
    case Aggregate::min:
      if (count_ == 1 || expr::compare(value, best_) < 0) best_ = value;
      return;
    case Aggregate::max:
      if (count_ == 1 || expr::compare(value, best_) > 0) best_ = value;
      return;
    case Aggregate::median:
      if (value.kind == Kind::real)
        kept().real.push_back(value.d);
      else
        kept().whole.push_back(value.i);
      return;
    case Aggregate::count_distinct: {
      std::string key;
      add_key(kind.by_key ? Value::text(email_key(value.s)) : value, key);
      kept().seen.insert(std::move(key));
      return;
    }
    default: return;
  }
}

void Tally::add_amount(const Value& value) { whole_ += value.i; }

// By Neumaier: the order of the rows, which nobody asked for, then hardly shows in the result.
void Tally::add_real(double value) {
  const double sum = real_ + value;
  lost_ += std::abs(real_) >= std::abs(value) ? (real_ - sum) + value : (value - sum) + real_;
  real_ = sum;
}

Value Tally::result(const FigureKind& kind) const {
  if (unknown_) return Value::unknown(kept_->reason);
  if (kind.fn == Aggregate::count) return Value::integer(count_);
  if (kind.fn == Aggregate::count_distinct)
    return Value::integer(kept_ == nullptr ? 0 : static_cast<std::int64_t>(kept_->seen.size()));
  if (kind.fn == Aggregate::sum) return sum(kind);
  if (count_ == 0) return Value::null();
  if (kind.fn == Aggregate::avg) return mean(kind);
  return kind.fn == Aggregate::median ? median(kind) : best_;
}

Value Tally::amount(const expr::Type& type, std::int64_t whole) const {
  Value value = Value::with(type.kind, whole);
  if (type.kind == Kind::money) value.currency = type.currency;
  return value;
}

Value Tally::sum(const FigureKind& kind) const {
  if (kind.type.kind == Kind::real) {
    const double total = real_ + lost_;
    return std::isfinite(total) ? Value::real(total) : Value::unknown("the sum is too large for a double");
  }
  return expr::fits(whole_) ? amount(kind.type, static_cast<std::int64_t>(whole_)) : Value::unknown(kTooLarge);
}

Value Tally::mean(const FigureKind& kind) const {
  if (kind.of.kind == Kind::duration) return amount(kind.type, expr::divide_half_even(whole_, count_));
  if (kind.of.kind == Kind::money) {
    Wide shifted = whole_;
    for (int digit = 0; digit < kMeanDigits; ++digit) shifted *= 10;
    if (!expr::fits(shifted / count_)) return Value::unknown(kTooLarge);
    return amount(kind.type, expr::divide_half_even(shifted, count_));
  }
  // Whole numbers are in whole_, doubles in real_, never both.
  const double total = real_ + lost_ + static_cast<double>(whole_);
  return std::isfinite(total) ? Value::real(total / static_cast<double>(count_))
                              : Value::unknown("the sum is too large for a double");
}

Value Tally::median(const FigureKind& kind) const {
  if (kind.of.kind == Kind::real) {
    const auto [low, high] = middle_of(kept_->real);
    const double sum = low + high;
    return Value::real(std::isfinite(sum) ? sum / 2 : low / 2 + high / 2);
  }
  const auto [low, high] = middle_of(kept_->whole);
  if (kind.type.kind == Kind::real) return Value::real(static_cast<double>(Wide{low} + high) / 2);
  return amount(kind.type, expr::divide_half_even(Wide{low} + high, 2));
}

}  // namespace kith::internal::access
