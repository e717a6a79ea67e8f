// Comparisons with dates of a zone: SQL knows no zone's history, so that the dates which fulfil one become ranges of
// instants, and instants at which dates begin become a last date.
#include <algorithm>

#include "base/time/time.hpp"
#include "expr/evaluate/calendar.hpp"
#include "expr/evaluate/evaluation.hpp"
#include "expr/sql/lowerer.hpp"
#include "expr/sql/sql_class.hpp"

namespace kith::internal::expr {
namespace {

bool is_zoned(const Node& node, Function function, Kind from) {
  return node.op == Op::function && node.function == function && node.parts.size() == 2 &&
         node.parts[0]->type.kind == from && !is_fixed(*node.parts[0]) && is_fixed(*node.parts[1]);
}
bool is_zoned_date(const Node& node) { return is_zoned(node, Function::date, Kind::timestamp); }
bool is_zoned_start(const Node& node) { return is_zoned(node, Function::timestamp, Kind::date); }

// Which side of days_between() is a zoned date, where the other is known; -1: none.
int counted_from(const Node& node) {
  if (node.op != Op::function || node.function != Function::days_between) return -1;
  for (const int side : {0, 1}) {
    const auto at = static_cast<std::size_t>(side);
    if (is_zoned_date(*node.parts[at]) && is_fixed(*node.parts[1 - at])) return side;
  }
  return -1;
}

bool is_days_since_start(const Node& node) {
  return node.op == Op::function && node.function == Function::days_since && is_zoned_start(*node.parts[0]);
}

// The node whose date or instant decides; nullptr: it is no such side.
const Node* moving(const Node& side) {
  if (is_zoned_date(side) || is_zoned_start(side)) return &side;
  if (is_days_since_start(side)) return side.parts[0].get();
  const int from = counted_from(side);
  return from < 0 ? nullptr : side.parts[static_cast<std::size_t>(from)].get();
}

/// Whole numbers from `first` to `last`.
struct WholeNumbers {
  Wide first, last;
};
constexpr Wide kNoEnd = static_cast<Wide>(1) << 100;

// Those x for which x op limit.
std::vector<WholeNumbers> numbers_that(Op op, Wide limit) {
  switch (op) {
    case Op::less: return {{-kNoEnd, limit - 1}};
    case Op::less_equal: return {{-kNoEnd, limit}};
    case Op::greater: return {{limit + 1, kNoEnd}};
    case Op::greater_equal: return {{limit, kNoEnd}};
    case Op::equal: return {{limit, limit}};
    default: return {{-kNoEnd, limit - 1}, {limit + 1, kNoEnd}};
  }
}

}  // namespace

const Node* zoned_side(const Node& node, std::size_t& side) {
  if (!is_comparison(node.op)) return nullptr;
  for (side = 0; side < 2; ++side) {
    if (!is_fixed(*node.parts[1 - side])) continue;
    if (const Node* found = moving(*node.parts[side])) return found;
  }
  return nullptr;
}

// TRUE where the date of the instant lies between the two.
Sql Lowerer::dates_within(const Node& instant, std::string_view zone, Wide first, Wide last) {
  std::vector<Sql> ways;
  const Sql t = value(instant);
  for (const Interval& instants : instants_of_dates(first, last, zone)) {
    ways.push_back(all_of(
        {cat(t, " >= ", bind(Value::integer(instants.first))), cat(t, " <= ", bind(Value::integer(instants.last)))}));
  }
  return any_of(ways);
}

// TRUE where the date lies between the two, and begins at an instant.
Sql Lowerer::days_within(const Node& date, std::string_view zone, Wide first, Wide last) {
  const Interval dates = dates_of_zone(zone);
  const Wide from = std::max<Wide>(first, dates.first);
  const Wide to = std::min<Wide>(last, dates.last);
  if (from > to) return sql_false();
  const Sql d = value(date);
  return all_of({cat(d, " >= ", bind(Value::integer(static_cast<std::int64_t>(from)))),
                 cat(d, " <= ", bind(Value::integer(static_cast<std::int64_t>(to))))});
}

std::optional<Sql> Lowerer::zoned(Op op, const Node& a, const Node& b) {
  const bool left = is_fixed(b);
  if (left == is_fixed(a)) return std::nullopt;
  const Node& side = left ? a : b;
  const Node* inner = moving(side);
  if (inner == nullptr) return std::nullopt;
  if (!left) op = expr::mirrored(op);
  const Value zone = fixed(*inner->parts[1]);
  const Value other = fixed(left ? b : a);
  if (zone.is_dead() || other.is_unknown() || (zone.s != kUtc && !is_time_zone(zone.s))) return sql_false();
  if (other.is_null() && (is_ordering(op) || op == Op::equal)) return sql_false();
  // What is alive is not null.
  std::vector<WholeNumbers> wanted =
      other.is_null() ? std::vector<WholeNumbers>{{-kNoEnd, kNoEnd}} : numbers_that(op, other.i);
  std::vector<Sql> ways;
  for (const WholeNumbers& numbers : wanted)
    ways.push_back(zoned_numbers(side, *inner, zone.s, numbers.first, numbers.last));
  return any_of(ways);
}

// TRUE where the side's value lies between the two.
Sql Lowerer::zoned_numbers(const Node& side, const Node& inner, std::string_view zone, Wide first, Wide last) {
  const Node& from = *inner.parts[0];
  if (is_zoned_date(side)) return dates_within(from, zone, first, last);
  if (is_zoned_start(side)) {
    return days_within(from, zone, first == -kNoEnd ? first : Wide{last_date_begun(first - 1, zone)} + 1,
                       last == kNoEnd ? last : Wide{last_date_begun(last, zone)});
  }
  if (is_days_since_start(side)) {
    // Whole days since the date began lie in [first, last] where it began in (now - (last + 1) days, now - first days].
    const auto begun = [&](Wide days) -> Wide { return last_date_begun(Wide{env_.now} - days * kMicrosPerDay, zone); };
    return days_within(from, zone, last == kNoEnd ? -kNoEnd : begun(last + 1) + 1,
                       first == -kNoEnd ? kNoEnd : begun(first));
  }
  const int at = counted_from(side);
  const Value anchor = fixed(*side.parts[static_cast<std::size_t>(1 - at)]);
  if (anchor.is_dead()) return sql_false();
  const Wide day = anchor.kind == Kind::timestamp ? floor_divide(anchor.i, kMicrosPerDay) : Wide{anchor.i};
  // Their difference must be an int, too.
  first = std::max<Wide>(first, INT64_MIN);
  last = std::min<Wide>(last, INT64_MAX);
  return at == 0 ? dates_within(from, zone, day - last, day - first)
                 : dates_within(from, zone, day + first, day + last);
}

}  // namespace kith::internal::expr
