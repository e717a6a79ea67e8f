// Comparisons with now() and with days_since(): what they come to, and the instant at which that changes.
#include <algorithm>
#include <limits>

#include "base/time/time.hpp"
#include "expr/evaluate/calendar.hpp"
#include "expr/evaluate/evaluation.hpp"

namespace kith::internal::expr {
Evaluator::Clock Evaluator::clock(const Node& node) {
  if (node.op == Op::now) return {false, env_.now, env_.now, kForever};
  const bool left = node.parts[0]->uses_now && node.parts[0]->raw_now;
  Clock clock = this->clock(*node.parts[left ? 0 : 1]);
  const Look duration = look(*node.parts[left ? 1 : 0]);
  clock.until = std::min(clock.until, duration.until);
  const auto sum = clock.dead || duration.value->is_dead() ? std::nullopt
                   : node.op == Op::add                    ? add(clock.at, duration.value->i)
                                                           : subtract(clock.at, duration.value->i);
  clock.dead = !sum;
  if (sum) {
    clock.at = *sum;
    clock.furthest = std::max(clock.furthest, *sum);
  }
  return clock;
}

std::int64_t Evaluator::Clock::range_end(std::int64_t now) const {
  return saturate(static_cast<Wide>(now) + (static_cast<Wide>(kForever) - furthest) + 1);
}

// With f = E - c it flips at f or one microsecond later, which the operator decides.
std::int64_t flip_of(Op op, std::int64_t e, std::int64_t clock, std::int64_t now, std::int64_t until) {
  const Wide flip = static_cast<Wide>(e) - (static_cast<Wide>(clock) - now);
  const bool after = op == Op::less || op == Op::greater_equal || (!is_ordering(op) && flip <= now);
  const Wide at = after ? flip + 1 : flip;
  return at > now && at < until ? static_cast<std::int64_t>(at) : until;
}

// E op now() + c
Judged Evaluator::against_now(const Node& node) {
  const bool now_left = node.now_side == 1;
  const Op op = now_left ? mirrored(node.op) : node.op;
  const Look e = look(*node.parts[now_left ? 1 : 0]);
  const Clock clock = this->clock(*node.parts[now_left ? 0 : 1]);
  const bool e_dead = e.value->is_unknown() || (is_ordering(op) && e.value->is_null());
  if (clock.dead) {
    const std::int64_t clock_until = std::min(clock.until, env_.now == kForever ? kForever : env_.now + 1);
    return {Truth::unknown, e_dead ? std::max(e.until, clock_until) : clock_until};
  }
  if (e_dead) return {Truth::unknown, e.until};
  const std::int64_t until = timed_ ? std::min({e.until, clock.until, clock.range_end(env_.now)}) : kForever;
  if (e.value->is_null()) return {truth_of(op == Op::not_equal), until};
  const Truth truth = truth_of(decide(op, e.value->i, clock.at));
  return {truth, timed_ ? flip_of(op, e.value->i, clock.at, env_.now, until) : until};
}

Wide start_of(Kind kind, std::int64_t start) {
  return kind == Kind::date ? static_cast<Wide>(start) * kMicrosPerDay : Wide{start};
}

namespace {

// days_since(start) >= days. It is cut to 64 bits where a date lies further away than days can be counted: it is never
// less than the least of them, and never more than the largest.
bool at_least(Wide start, Wide days, std::int64_t now) {
  if (days == std::numeric_limits<std::int64_t>::min()) return true;
  return fits(days) && start + days * kMicrosPerDay <= now;
}

}  // namespace

bool days_compare(Op op, Wide start, std::int64_t days, std::int64_t now) {
  switch (op) {
    case Op::less: return !at_least(start, days, now);
    case Op::less_equal: return !at_least(start, Wide{days} + 1, now);
    case Op::greater: return at_least(start, Wide{days} + 1, now);
    case Op::greater_equal: return at_least(start, days, now);
    case Op::not_equal: return !at_least(start, days, now) || at_least(start, Wide{days} + 1, now);
    default: return at_least(start, days, now) && !at_least(start, Wide{days} + 1, now);
  }
}

// days_since(t) >= k begins to hold at t + k * 24 h and never ends. Every comparison is made of one or two of these, so
// that it changes at one of those instants and not with every day that passes.
std::int64_t days_until(Op op, Wide start, std::int64_t days, std::int64_t now) {
  const bool at_days = op == Op::less || op == Op::greater_equal || !is_ordering(op);
  const bool one_later = op == Op::greater || op == Op::less_equal || !is_ordering(op);
  const Wide first = start + static_cast<Wide>(days) * kMicrosPerDay;
  if (at_days && first > now) return saturate(first);
  // No count of days is beyond the largest.
  if (!one_later || days == std::numeric_limits<std::int64_t>::max()) return kForever;
  const Wide second = first + kMicrosPerDay;
  return second > now ? saturate(second) : kForever;
}

int days_since_side(const Node& node) {
  for (const int side : {0, 1}) {
    const Node& part = *node.parts[static_cast<std::size_t>(side)];
    if (part.op == Op::function && part.function == Function::days_since) return side;
  }
  return -1;
}

// The other side may be anything: it holds until its own instant.
Judged judge_days(Op op, const Look& t, const Look& e, std::int64_t now) {
  const bool t_dead = t.value->is_dead();
  const bool e_dead = e.value->is_unknown() || (is_ordering(op) && e.value->is_null());
  if (t_dead || e_dead) {
    return {Truth::unknown, t_dead && e_dead ? std::max(t.until, e.until) : t_dead ? t.until : e.until};
  }
  const std::int64_t until = std::min(t.until, e.until);
  if (e.value->is_null()) return {truth_of(op == Op::not_equal), until};
  const Wide start = start_of(t.value->kind, t.value->i);
  const bool yes = days_compare(op, start, e.value->i, now);
  return {truth_of(yes), std::min(until, days_until(op, start, e.value->i, now))};
}

namespace {

bool is_function(const Node& node, Function function) { return node.op == Op::function && node.function == function; }

/// today() op T, which a comparison with today() or with days_between() of it comes to.
struct AgainstToday {
  const Node* today = nullptr;   ///< nullptr: it is no such comparison
  const Node* anchor = nullptr;  ///< the other date of days_between()
  std::size_t side = 0;          ///< on which it stands
  bool first = false;            ///< today() is what is counted from
};

AgainstToday find_today(const Node& node) {
  for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
    const Node& part = *node.parts[side];
    if (is_function(part, Function::today)) return {&part, nullptr, side, false};
    if (!is_function(part, Function::days_between)) continue;
    for (const bool first : {true, false}) {
      const Node& today = *part.parts[first ? 0 : 1];
      if (is_function(today, Function::today)) return {&today, part.parts[first ? 1 : 0].get(), side, first};
    }
  }
  return {};
}

constexpr std::int64_t kFarDays = std::int64_t{1} << 40;  // beyond every instant, far from the ends of 64 bits
bool is_near(std::int64_t days) { return days > -kFarDays && days < kFarDays; }

// Until when `today op threshold` stays as it is: it turns with one date or two.
std::int64_t turn_of(Op op, std::int64_t threshold, std::int64_t now, std::string_view zone) {
  std::int64_t until = kForever;
  if (op == Op::less || op == Op::greater_equal || !is_ordering(op)) until = reached_until(threshold, now, zone);
  if (op == Op::greater || op == Op::less_equal || !is_ordering(op))
    until = std::min(until, reached_until(threshold + 1, now, zone));
  return until;
}

}  // namespace

bool is_against_today(const Node& node) { return find_today(node).today != nullptr; }

// A comparison with the date of today turns with one date or two, and not with every date that comes. What it comes to
// is what the plain comparison says.
Judged Evaluator::dates_compared(const Node& node) {
  const AgainstToday form = find_today(node);
  const Look left = look(*node.parts[0]), right = look(*node.parts[1]);
  Judged judged = judge_comparison(node.op, node.parts[0]->type, node.parts[1]->type, left, right);
  if (!timed_ || judged.truth == Truth::unknown) return judged;
  const Look today = look(*form.today);
  const Look other = form.side == 0 ? right : left;
  if (today.value->is_dead() || other.value->is_dead()) return judged;
  std::int64_t until = other.until;
  std::string_view zone = kUtc;
  for (const NodePtr& part : form.today->parts) {
    const Look name = look(*part);
    until = std::min(until, name.until);
    zone = name.value->s;
  }
  Op op = form.side == 0 ? node.op : mirrored(node.op);
  std::int64_t threshold = other.value->i;
  if (!is_near(threshold)) return judged;
  if (form.anchor != nullptr) {
    const Look anchor = look(*form.anchor);
    if (anchor.value->is_dead()) return judged;
    until = std::min(until, anchor.until);
    const std::int64_t from =
        anchor.value->kind == Kind::date ? anchor.value->i : floor_div(anchor.value->i, kMicrosPerDay);
    if (!is_near(from)) return judged;
    threshold = form.first ? from - threshold : from + threshold;
    if (form.first) op = mirrored(op);
  }
  until = std::min(until, turn_of(op, threshold, env_.now, zone));
  return {judged.truth, std::max(judged.until, until)};
}

Judged Evaluator::days_compared(const Node& node, std::size_t side) {
  const Op op = side == 0 ? node.op : mirrored(node.op);
  return judge_days(op, look(*node.parts[side]->parts[0]), look(*node.parts[1 - side]), env_.now);
}

}  // namespace kith::internal::expr
