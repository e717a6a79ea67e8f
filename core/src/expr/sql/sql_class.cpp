#include "expr/sql/sql_class.hpp"

#include <algorithm>

#include "expr/evaluate/rounding.hpp"

namespace kith::internal::expr {
namespace {

// SQL repeats terms: a range check writes its operand twice, ?: its condition. Leaves of the text, estimated, so that
// what would outgrow the limit of 64 KiB is left to the evaluator.
constexpr std::int64_t kMostLeaves = 800;

struct Weight {
  std::int64_t raw = 1, value = 1, when_true = 1, when_false = 1, when_null = 1;
};

std::int64_t cap(std::int64_t leaves) { return std::min<std::int64_t>(leaves, kMostLeaves * 4); }

Weight weigh(const Node& node);

// How often a function writes its operand, or the longest of them.
std::int64_t copies_of_operand(Function function) {
  switch (function) {
    case Function::trim:
    case Function::replace:
    case Function::civil_date: return 1;
    case Function::substring:
    case Function::money: return 2;
    case Function::round:
    case Function::floor: return 10;
    default: return 6;
  }
}

Weight weigh_logic(const Node& node) {
  if (is_membership(node)) return {4, 8, 4, 4, 1};
  Weight w{0, 0, 0, 0, 0};
  for (const NodePtr& part : node.parts) {
    const Weight p = weigh(*part);
    w.when_true = cap(w.when_true + p.when_true);
    w.when_false = cap(w.when_false + p.when_false);
  }
  w.value = w.raw = cap(w.when_true + w.when_false);
  return w;
}

Weight weigh_comparison(const Weight& a, const Weight& b) {
  Weight w;
  w.when_true = cap(a.value + b.value + a.when_null + b.when_null);
  w.when_false = cap(2 * (a.value + b.value) + a.when_null + b.when_null);
  w.value = w.raw = cap(w.when_true + w.when_false);
  return w;
}

Weight weigh_conditional(const Node& node) {
  const Weight c = weigh(*node.parts[0]);
  const Weight x = weigh(*node.parts[1]);
  const Weight y = weigh(*node.parts[2]);
  const std::int64_t condition = c.when_true + c.when_false;
  Weight w;
  w.value = w.raw = cap(condition + x.value + y.value);
  w.when_true = cap(condition + x.when_true + y.when_true);
  w.when_false = cap(condition + x.when_false + y.when_false);
  w.when_null = cap(condition + x.when_null + y.when_null);
  return w;
}

// PostgreSQL's arithmetic is long, each step of it once: doubles are scaled so that nothing stops the query.
std::int64_t cost_of_check(const Node& node) {
  if (node.type.kind == Kind::text || node.op == Op::negate) return 0;
  if (node.type.kind != Kind::real) return 2;
  return node.op == Op::multiply || node.op == Op::divide ? 14 : 5;
}

// A sub-query of its own, in which a fallible value is asked for and asked whether it is known.
Weight weigh_set(const Node& node) {
  const Weight condition = weigh(*node.parts[0]);
  const bool one = node.aggregate == Aggregate::exists_one;
  const auto own = static_cast<std::int64_t>(8 + 5 * node.path.size());
  std::int64_t leaves = own + std::max(condition.when_true, condition.when_false);
  if (one) leaves += own + condition.when_true + condition.when_false;
  for (std::size_t i = 1; i < node.parts.size(); ++i) {
    const Weight p = weigh(*node.parts[i]);
    leaves += node.parts[i]->fallible || node.aggregate == Aggregate::latest ? 2 * p.value + p.when_null : p.value;
  }
  const std::int64_t whole = cap(leaves);
  return {whole, whole, whole, whole, node.nullable ? whole : 1};
}

Weight weigh(const Node& node) {
  if (is_fixed(node)) return {};
  switch (node.op) {
    case Op::member: {
      const auto leaves = static_cast<std::int64_t>(1 + 5 * node.path.size());
      return {leaves, leaves, leaves, leaves, leaves};
    }
    case Op::brought: return weigh(*node.parts[0]);
    case Op::logic_not: {
      Weight w = weigh(*node.parts[0]);
      std::swap(w.when_true, w.when_false);
      w.value = w.raw = cap(w.when_true + w.when_false);
      return w;
    }
    case Op::logic_and:
    case Op::logic_or: return weigh_logic(node);
    case Op::conditional: return weigh_conditional(node);
    case Op::over_set: return weigh_set(node);
    default: break;
  }
  std::size_t side = 0;
  if (const Node* zoned = zoned_side(node, side)) {
    // A range for the date, or two, seldom three.
    const std::int64_t ranges = cap(6 * weigh(*zoned->parts[0]).value);
    return {ranges, ranges, ranges, ranges, 1};
  }
  if (node.op == Op::function && node.function == Function::next_anniversary) {
    // Long by itself; of its zone nothing is written.
    const std::int64_t leaves = cap(4 + 4 * weigh(*node.parts[0]).value);
    return {leaves, leaves, leaves, leaves, 1};
  }
  if (is_comparison(node.op)) return weigh_comparison(weigh(*node.parts[0]), weigh(*node.parts[1]));
  std::int64_t values = 0;
  std::int64_t raws = 0;
  // Literals behind `in` are bound as one list, however many there are.
  const bool listed = node.op == Op::in_values && !is_fixed(*node.parts[0]);
  for (const NodePtr& part : node.parts) {
    if (listed && is_fixed(*part)) continue;
    const Weight p = weigh(*part);
    values = cap(values + p.value + p.when_null);
    raws = cap(raws + p.raw);
  }
  if (listed) values = cap(values + 2);
  if (node.op >= Op::add && node.op <= Op::negate && node.op != Op::modulo) {
    raws = cap(raws + cost_of_check(node));
    return {raws, cap(2 * raws), cap(2 * raws), cap(2 * raws), 1};
  }
  const std::int64_t copies = node.op == Op::coalesce    ? 1
                              : node.op == Op::in_values ? 2
                              : node.op == Op::function  ? copies_of_operand(node.function)
                                                         : 6;
  const std::int64_t all = cap(copies * values);
  return {all, all, all, all, all};
}

// SQLite's parser keeps at most a hundred words open at once, and joins at most 64 tables. Words that stand open before
// the deepest part of the text, estimated.
constexpr std::int64_t kMostOpen = 80;
constexpr std::size_t kMostHops = 30;

// The most words that stand open before an operand of a function, as SQLite's parser counts them.
std::int64_t words_around_operand(const Node& node) {
  switch (node.function) {
    case Function::next_anniversary: return 30;
    case Function::round:
    case Function::floor:
    case Function::absolute:
    case Function::days_between: return 16;
    case Function::size:
    case Function::substring: return 14;
    case Function::year:
    case Function::month:
    case Function::day: return 13;
    case Function::replace:
    case Function::civil_date: return 11;
    case Function::money:
    case Function::days_since:
    case Function::timestamp: return 10;
    case Function::to_int:
    case Function::date: return 8;
    default: return 5;
  }
}

std::int64_t open_words(const Node& node) {
  if (is_fixed(node)) return 2;
  if (node.path.size() > kMostHops) return kMostOpen + 1;
  const bool calculation = is_calculation(node.op) && node.type.kind != Kind::text;
  std::int64_t most = node.path.empty() ? 2 : 12;
  for (std::size_t i = 0; i < node.parts.size(); ++i) {
    const Node& part = *node.parts[i];
    // A range check stands around the whole of a sum.
    const bool inner = calculation && is_calculation(part.op) && part.type.kind != Kind::text;
    const std::int64_t own = calculation                                           ? (i == 0 ? 1 : 3) + (inner ? 0 : 2)
                             : is_calculation(part.op)                             ? 10
                             : node.op == Op::function                             ? words_around_operand(node)
                             : node.op == Op::over_set                             ? 16
                             : node.op == Op::conditional                          ? 8
                             : node.op == Op::logic_not                            ? 0
                             : node.op == Op::logic_and || node.op == Op::logic_or ? 3
                                                                                   : 5;
    most = std::max(most, own + open_words(part));
  }
  return most;
}

bool too_heavy(const Node& node) {
  const Weight w = weigh(node);
  if (w.when_true > kMostLeaves || w.when_false > kMostLeaves || w.value > kMostLeaves) return true;
  return open_words(node) > kMostOpen;
}

bool money_of_two_kinds(const Node& node) {
  const auto open = [](const NodePtr& part) {
    return part->type.kind == Kind::money && !is_fixed(*part) && part->type.currency.code[0] == 0;
  };
  const auto amounts = std::count_if(node.parts.begin(), node.parts.end(), [](const NodePtr& part) {
    return part->type.kind == Kind::money && !is_fixed(*part);
  });
  return amounts > 1 && std::any_of(node.parts.begin(), node.parts.end(), open);
}

// A double is rounded in SQL to whole numbers only: no database knows its shortest decimal. Ints and amounts are
// rounded by a power of ten that 64 bits hold.
bool rounding_in_sql(const Node& node) {
  const Node& from = *node.parts[0];
  const bool digits = node.parts.size() > 1;
  if (digits && (node.parts[1]->op != Op::constant || node.parts[1]->constant.is_dead())) return false;
  const std::int64_t wanted = digits ? node.parts[1]->constant.i : 0;
  if (from.type.kind == Kind::real) return wanted == 0;
  if (from.type.kind == Kind::money && from.type.currency.code[0] == 0) return false;
  return rounding_power(from.type, wanted) <= kMostRoundingInSql;
}

bool function_in_sql(const Node& node) {
  const Kind from = node.parts.empty() ? Kind::null : node.parts[0]->type.kind;
  switch (node.function) {
    // Letters of all languages are the Unicode library's, and powers and logarithms the C library's.
    case Function::fold:
    case Function::upper:
    case Function::lower:
    case Function::split:
    case Function::power:
    case Function::logarithm:
    case Function::exponential:
    case Function::duration: return false;
    case Function::round:
    case Function::floor: return rounding_in_sql(node);
    case Function::money: return from == Kind::integer && node.type.currency.code[0] != 0;
    case Function::next_anniversary: return node.parts.size() == 1 || is_fixed(*node.parts[1]);
    case Function::today: return is_fixed(node);
    case Function::to_int:
    case Function::to_double: return from != Kind::text;
    case Function::timestamp: return from != Kind::text && node.parts.size() == 1;
    // A date in a zone would need the zone's history in SQL.
    case Function::date: return from != Kind::text && node.parts.size() == 1;
    case Function::to_string: return from == Kind::integer || from == Kind::text || from == Kind::boolean;
    default: return true;
  }
}

bool set_in_sql(const Node& node) {
  switch (node.aggregate) {
    case Aggregate::median: return false;
    case Aggregate::sum: return node.type.kind != Kind::real;  // the order of adding decides the last digits
    case Aggregate::avg: return node.parts[1]->type.kind == Kind::integer;
    case Aggregate::latest: return !node.fallible;
    default: return true;
  }
}

bool own_term_in_sql(const Node& node) {
  switch (node.op) {
    case Op::changed:
    case Op::became:
    case Op::plugin: return false;
    case Op::function: return function_in_sql(node) && !money_of_two_kinds(node);
    case Op::over_set: return set_in_sql(node);
    case Op::self:
    case Op::member: return !node.old;
    // The key of a stored address lies beside it.
    case Op::brought: {
      const Node& part = *node.parts[0];
      return part.op == Op::member && !part.derived && has_key(part.type.form);
    }
    default: return !money_of_two_kinds(node);
  }
}

}  // namespace

bool is_membership(const Node& node) {
  const Node* column = nullptr;
  const auto same = [&](const Node& side) {
    if (side.op != Op::member || side.old || side.slot != -1 || !side.path.empty()) return false;
    if (column == nullptr) column = &side;
    return column->number == side.number;
  };
  const auto one = [&](const Node& part) {
    if (part.op == Op::equal && is_fixed(*part.parts[1])) return same(*part.parts[0]);
    if (part.op == Op::equal && is_fixed(*part.parts[0])) return same(*part.parts[1]);
    if (part.op != Op::in_values) return false;
    return std::all_of(part.parts.begin() + 1, part.parts.end(),
                       [](const NodePtr& value) { return is_fixed(*value); }) &&
           same(*part.parts[0]);
  };
  if (node.op != Op::logic_or) return one(node);
  return std::all_of(node.parts.begin(), node.parts.end(), [&](const NodePtr& part) { return one(*part); });
}

SqlClass classify(const Node& node) {
  if (is_fixed(node)) return SqlClass::exact;
  if (node.op == Op::logic_and || node.op == Op::logic_or) {
    std::size_t exact = 0;
    std::size_t beyond = 0;
    for (const NodePtr& part : node.parts) {
      const SqlClass one = classify(*part);
      exact += one == SqlClass::exact ? 1 : 0;
      beyond += one == SqlClass::vm_only ? 1 : 0;
    }
    if (too_heavy(node) || beyond == node.parts.size()) return SqlClass::vm_only;
    if (exact == node.parts.size()) return SqlClass::exact;
    return beyond > 0 && node.op == Op::logic_or ? SqlClass::vm_only : SqlClass::superset;
  }
  std::size_t side = 0;
  if (const Node* zoned = zoned_side(node, side))
    return too_heavy(node) ? SqlClass::vm_only : classify(*zoned->parts[0]);
  if (!own_term_in_sql(node) || too_heavy(node)) return SqlClass::vm_only;
  // A condition that lets more records through lets more sets fulfil it.
  if (node.op == Op::over_set && node.aggregate <= Aggregate::all) return classify(*node.parts[0]);
  const bool all = std::all_of(node.parts.begin(), node.parts.end(),
                               [](const NodePtr& part) { return classify(*part) == SqlClass::exact; });
  return all ? SqlClass::exact : SqlClass::vm_only;
}

}  // namespace kith::internal::expr
