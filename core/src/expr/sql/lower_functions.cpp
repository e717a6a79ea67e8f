// Functions of texts, numbers, amounts and dates as SQL. What is beyond SQL is said in sql_class.cpp.
#include "base/problem/limits.hpp"
#include "base/time/time.hpp"
#include "expr/evaluate/anniversaries.hpp"
#include "expr/evaluate/calendar.hpp"
#include "expr/evaluate/rounding.hpp"
#include "expr/sql/lowerer.hpp"

namespace kith::internal::expr {
namespace {

std::int64_t unit_of(std::int64_t power) {
  std::int64_t unit = 1;
  for (; power > 0; --power) unit *= 10;
  return unit;
}

bool is_leap_year(std::int64_t year) { return days_from_civil(year, 2, 29).has_value(); }

// The day of columns v.m and v.d in a year: from March on months begin after 0, 31, 61, 92, ... days.
std::string day_in_year(std::int64_t year) {
  const std::string leap_day = is_leap_year(year) ? "1" : "CASE WHEN v.m = 2 AND v.d = 29 THEN 2 ELSE 1 END";
  return "CASE WHEN v.m > 2 THEN " + std::to_string(*anniversary_in(year, 3, 1)) + " + (153 * v.m - 457) / 5 ELSE " +
         std::to_string(*anniversary_in(year, 1, 1)) + " + 31 * v.m - 31 END + v.d - " + leap_day;
}

}  // namespace

Sql Lowerer::replaced(const Node& node) {
  return dialect_.replaced(value(*node.parts[0]), value(*node.parts[1]), value(*node.parts[2]),
                           most_of(Limit::text_value));
}

Sql Lowerer::piece_of(const Node& node) {
  const bool cut = node.parts.size() > 2;
  return dialect_.substring(value(*node.parts[0]), value(*node.parts[1]),
                            cut ? std::optional{value(*node.parts[2])} : std::nullopt);
}

// Without what is behind the unit, and one unit more or less where that was half of it.
Sql Lowerer::rounded(const Node& node) {
  const Node& from = *node.parts[0];
  const Sql x = value(from);
  if (from.type.kind == Kind::real) return dialect_.round_real(x);
  const std::int64_t power = rounding_power(from.type, node.parts.size() > 1 ? node.parts[1]->constant.i : 0);
  if (power <= 0) return x;
  const std::string unit = std::to_string(unit_of(power)), half = std::to_string(unit_of(power) / 2);
  const Sql rest = dialect_.arithmetic(Op::modulo, false, x, literally(unit));
  const Sql step = cat("(CASE WHEN ", rest, " >= ", half, " THEN ", unit, " WHEN ", rest, " <= -", half, " THEN -",
                       unit, " ELSE 0 END)");
  return dialect_.checked_int(
      dialect_.arithmetic(Op::add, false, dialect_.arithmetic(Op::subtract, false, x, rest), step));
}

Sql Lowerer::floored(const Node& node) {
  const Node& from = *node.parts[0];
  const Sql x = value(from);
  if (from.type.kind == Kind::real) return dialect_.floor_real(x);
  const std::int64_t power = rounding_power(from.type, 0);
  if (power <= 0) return x;
  const std::string unit = std::to_string(unit_of(power));
  const Sql rest = dialect_.arithmetic(Op::modulo, false, x, literally(unit));
  const Sql step = cat("(CASE WHEN ", rest, " < 0 THEN -", unit, " ELSE 0 END)");
  return dialect_.checked_int(
      dialect_.arithmetic(Op::add, false, dialect_.arithmetic(Op::subtract, false, x, rest), step));
}

Sql Lowerer::absolute(const Node& node) {
  const Sql x = value(*node.parts[0]);
  if (node.type.kind == Kind::real) return cat("abs(", x, ")");
  return dialect_.checked_int(cat("(CASE WHEN ", x, " < 0 THEN ", dialect_.negative(false, x), " ELSE ", x, " END)"));
}

Sql Lowerer::amount(const Node& node) {
  const std::int64_t unit = unit_of(node.type.currency.scale);
  return dialect_.checked_int(
      dialect_.arithmetic(Op::multiply, false, value(*node.parts[0]), literally(std::to_string(unit))));
}

Sql Lowerer::civil_date(const Node& node) {
  return dialect_.civil_date(value(*node.parts[0]), value(*node.parts[1]), value(*node.parts[2]));
}

// The day in this year, or else in the next; today is known, so that both are sums.
Sql Lowerer::next_anniversary(const Node& node) {
  const Value zone = node.parts.size() > 1 ? fixed(*node.parts[1]) : Value::text(std::string{kUtc});
  const auto today = zone.is_dead() ? std::nullopt : date_at(env_.now, zone.s);
  if (!today || *today < kFirstDay || *today > kLastDay) return dialect_.null_of(node.type);
  const std::int64_t year = civil_from_days(*today).year;
  const Sql date = day(*node.parts[0]);
  const Sql parts = dialect_.named(
      {{dialect_.date_part(Function::month, date), "m"}, {dialect_.date_part(Function::day, date), "d"}});
  const Sql none = dialect_.null_of(node.type);
  const Sql later = anniversary_in(year + 1, 1, 1) ? literally(day_in_year(year + 1)) : none;
  const Sql days = cat("(SELECT ", day_in_year(year), " AS a, ", later, " AS b FROM ", parts, " AS v)");
  return cat("(SELECT CASE WHEN w.a >= ", bind(Value::integer(*today)), " THEN w.a ELSE w.b END FROM ", days, " AS w)");
}

}  // namespace kith::internal::expr
