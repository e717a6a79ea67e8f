#include "expr/quick.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/time.hpp"
#include "expr/quick_forms.hpp"

namespace kith::internal::expr {
namespace {

using namespace forms;

template <class Form>
void take(Quick& quick) {
  quick.holds = Form::holds;
  quick.judge = Form::judge;
}

// Calls use(std::integral_constant) with the operator, so that each has functions of its own.
template <Op O>
using Is = std::integral_constant<Op, O>;
template <class Use>
void for_op(Op op, Use use) {
  switch (op) {
    case Op::equal:
      return use(Is<Op::equal>{});
    case Op::not_equal:
      return use(Is<Op::not_equal>{});
    case Op::less:
      return use(Is<Op::less>{});
    case Op::less_equal:
      return use(Is<Op::less_equal>{});
    case Op::greater:
      return use(Is<Op::greater>{});
    default:
      return use(Is<Op::greater_equal>{});
  }
}
template <class Compare>
void take_field(Op op, Quick& quick) {
  for_op(op, [&](auto o) { take<Field<o(), Compare>>(quick); });
}

template <class T, class L, class R>
Quick::Count arithmetic_of(Op op) {
  switch (op) {
    case Op::add:
      return computed<Op::add, T, L, R>;
    case Op::subtract:
      return computed<Op::subtract, T, L, R>;
    case Op::multiply:
      return computed<Op::multiply, T, L, R>;
    case Op::divide:
      return computed<Op::divide, T, L, R>;
    case Op::modulo:
      if constexpr (std::is_same_v<T, double>) {
        return nullptr;
      } else {
        return computed<Op::modulo, T, L, R>;
      }
    default:
      return nullptr;
  }
}

/// !(a op b), which is unknown where a op b is.
Op inverse(Op op) {
  switch (op) {
    case Op::equal:
      return Op::not_equal;
    case Op::not_equal:
      return Op::equal;
    case Op::less:
      return Op::greater_equal;
    case Op::less_equal:
      return Op::greater;
    case Op::greater:
      return Op::less_equal;
    default:
      return Op::less;
  }
}

bool is_field(const Node& node) { return node.op == Op::member && is_own_fact(node); }
bool is_literal(const Node& node, Kind kind) { return node.op == Op::constant && node.constant.kind == kind; }
bool is_plain_integer(Kind kind) {
  return kind == Kind::boolean || kind == Kind::integer || kind == Kind::date || kind == Kind::timestamp ||
         kind == Kind::duration;
}

bool is_pair(const Node& node) {
  if (node.op != Op::add && node.op != Op::subtract && node.op != Op::multiply) return false;
  return is_number(node.type.kind) && is_field(*node.parts[0]) &&
         (is_field(*node.parts[1]) || is_literal(*node.parts[1], node.type.kind));
}
// Calls use(APair) or otherwise().
template <class Use, class Otherwise>
auto of_pair(const Node& node, Use use, Otherwise otherwise) {
  if (!is_pair(node)) return otherwise();
  const bool with_field = is_field(*node.parts[1]);
  if (node.op == Op::add) return with_field ? use(APair<Op::add, true>{}) : use(APair<Op::add, false>{});
  if (node.op == Op::subtract) return with_field ? use(APair<Op::subtract, true>{}) : use(APair<Op::subtract, false>{});
  return with_field ? use(APair<Op::multiply, true>{}) : use(APair<Op::multiply, false>{});
}

// Calls use(L, R) for where the two operands stand.
template <class Use>
auto by_place(const Node& left, const Node& right, Use use) {
  const auto with_left = [&](auto l) {
    if (is_field(right)) return use(l, AField{});
    return right.op == Op::constant ? use(l, ALiteral{}) : use(l, ATerm{});
  };
  if (is_field(left)) return with_left(AField{});
  return of_pair(left, with_left, [&] { return with_left(ATerm{}); });
}

class Compiler {
 public:
  explicit Compiler(std::deque<Quick>& kept) : kept_(kept) {}

  void compile(Node& node) {
    for (const NodePtr& part : node.parts) compile(*part);
    if (node.type.kind == Kind::boolean) node.quick = condition(node, false);
    if (!is_number(node.type.kind)) return;
    Quick quick;
    number(node, quick);
    if (quick.number != nullptr) node.quick = &kept_.emplace_back(std::move(quick));
  }

 private:
  /// The form of the node or of its negation; nullptr: it has none.
  const Quick* condition(const Node& node, bool negated) {
    if (node.op == Op::logic_not) return condition(*node.parts[0], !negated);
    if (!negated && node.quick != nullptr) return node.quick;
    Quick quick;
    switch (node.op) {
      case Op::member:
        if (!is_field(node)) return nullptr;
        quick.fact = node.number;
        negated ? take<Flag<false>>(quick) : take<Flag<true>>(quick);
        quick.limit = negated ? at_most(0, quick) : at_least(1, quick);
        break;
      case Op::logic_and:
      case Op::logic_or:
        logic(node, negated, quick);
        break;
      case Op::has:
        if (!is_field(*node.parts[0])) return nullptr;
        quick.fact = node.parts[0]->number;
        take_there(!negated, quick);
        break;
      case Op::in_values:
        membership(node, negated, quick);
        break;
      default:
        if (is_comparison(node.op)) comparison(node, negated ? inverse(node.op) : node.op, quick);
    }
    return quick.judge == nullptr ? nullptr : &kept_.emplace_back(std::move(quick));
  }

  static bool counts(const Node& node) { return node.quick != nullptr && node.quick->number != nullptr; }

  void logic(const Node& node, bool negated, Quick& quick) {
    for (const NodePtr& part : node.parts) {
      const Quick* one = condition(*part, negated);
      if (one == nullptr) return;
      quick.parts.push_back(one);
      if (one->limit || one->amount_limit || one->real_limit) {
        if (one->limit) quick.limits.push_back(*one->limit);
        if (one->amount_limit) quick.amount_limits.push_back(*one->amount_limit);
        if (one->real_limit) quick.real_limits.push_back(*one->real_limit);
        quick.limit_sums.narrow(one->limit_sums);
      } else {
        quick.others.push_back({one->holds, one});
      }
    }
    (node.op == Op::logic_and) != negated ? take_logic<Truth::no>(quick) : take_logic<Truth::yes>(quick);
  }
  template <Truth Deciding>
  static void take_logic(Quick& quick) {
    take<Combined<Deciding>>(quick);
    if (quick.others.empty()) quick.holds = Combined<Deciding>::limits_hold;
    if (quick.others.size() == quick.parts.size() && quick.others.size() == 2)
      quick.holds = Combined<Deciding>::either_holds;
  }

  static void comparison(const Node& node, Op written, Quick& quick) {
    if (node.now_side != 0) return against_now(node, written, quick);
    if (node.uses_now) return days(node, written, quick);
    // The literal on the right.
    const bool turned = node.parts[0]->op == Op::constant;
    const Node& left = *node.parts[turned ? 1 : 0];
    const Node& right = *node.parts[turned ? 0 : 1];
    const Op op = turned ? mirrored(written) : written;
    if (is_field(left) && right.op == Op::constant) field(op, left, right, quick);
    if (quick.judge != nullptr || !counts(left) || !counts(right) || left.type.kind != right.type.kind) return;
    take_operands(left, right, quick);
    left.type.kind == Kind::real ? numbers<double>(op, left, right, quick)
                                 : numbers<std::int64_t>(op, left, right, quick);
  }

  // Fields and literals are said here as well, so that they needn't be looked for below.
  static void take_operands(const Node& left, const Node& right, Quick& quick) {
    quick.left = left.quick;
    quick.right = right.quick;
    if (is_field(left)) quick.fact = left.number;
    if (is_field(right)) quick.other = right.number;
    if (right.op == Op::constant) quick.literal = right.quick->literal;
  }

  template <class T>
  static void numbers(Op op, const Node& left, const Node& right, Quick& quick) {
    for_op(op, [&](auto o) {
      quick.judge = judge_numbers<o(), T>;
      by_place(left, right, [&](auto l, auto r) { quick.holds = Numbers<o(), T, decltype(l), decltype(r)>::holds; });
    });
  }

  static void take_literal(const Node& node, Quick& quick) {
    quick.against = &node.constant;
    if (node.constant.kind == Kind::real) {
      quick.literal.d = node.constant.d;
    } else {
      quick.literal.i = node.constant.i;
    }
  }

  static void field(Op op, const Node& left, const Node& right, Quick& quick) {
    const Kind kind = left.type.kind;
    quick.fact = left.number;
    take_literal(right, quick);
    if (right.constant.is_null()) {
      if (!is_ordering(op)) take_there(op == Op::not_equal, quick);
    } else if (right.constant.kind != kind) {
      return;
    } else if (kind == Kind::real) {
      take_field<Plainly<double>>(op, quick);
      quick.real_limit = real_limit_of(op, quick.literal.d, quick);
    } else if (kind == Kind::money) {
      take_field<AsMoney>(op, quick);
      const std::optional<Limit> limit = limit_of(op, quick.literal.i, quick);
      if (limit) quick.amount_limit = AmountLimit{*limit, right.constant.currency};
    } else if (kind == Kind::text) {
      const bool ranks = is_ordering(op) && left.type.values != nullptr;
      if (!ranks) take_field<AsText>(op, quick);
    } else if (is_plain_integer(kind)) {
      take_field<Plainly<std::int64_t>>(op, quick);
      quick.limit = limit_of(op, quick.literal.i, quick);
    }
  }

  static void membership(const Node& node, bool negated, Quick& quick) {
    const Node& x = *node.parts[0];
    const Kind kind = x.type.kind;
    if (!is_field(x) || (kind != Kind::text && !is_plain_integer(kind))) return;
    for (std::size_t i = 1; i < node.parts.size(); ++i) {
      const Node& element = *node.parts[i];
      if (!is_literal(element, kind) && !is_literal(element, Kind::null)) return;
      quick.values.push_back(&element.constant);
    }
    quick.fact = x.number;
    if (kind == Kind::text) {
      negated ? take<Among<std::string, false>>(quick) : take<Among<std::string, true>>(quick);
    } else {
      negated ? take<Among<std::int64_t, false>>(quick) : take<Among<std::int64_t, true>>(quick);
    }
  }

  static void against_now(const Node& node, Op written, Quick& quick) {
    const bool now_left = node.now_side == 1;
    const Node& e = *node.parts[now_left ? 1 : 0];
    if (!is_field(e) || e.type.kind != Kind::timestamp || !offsets(*node.parts[now_left ? 0 : 1], quick)) return;
    quick.fact = e.number;
    quick.sums.narrow_to_sums_with(quick.lowest);
    quick.sums.narrow_to_sums_with(quick.highest);
    const Op op = now_left ? mirrored(written) : written;
    for_op(op, [&](auto o) { take<AgainstNow<o()>>(quick); });
    move_by_now(limit_of(op, quick.offset, quick), quick);
  }

  // Literal durations around now(), and the sums on the way: each must stay in range.
  static bool offsets(const Node& node, Quick& quick) {
    if (node.op == Op::now) return true;
    const bool left = node.parts[0]->uses_now && node.parts[0]->raw_now;
    const Node& duration = *node.parts[left ? 1 : 0];
    if (!is_literal(duration, Kind::duration) || !offsets(*node.parts[left ? 0 : 1], quick)) return false;
    const auto sum =
        node.op == Op::add ? add(quick.offset, duration.constant.i) : subtract(quick.offset, duration.constant.i);
    if (!sum) return false;
    quick.offset = *sum;
    quick.lowest = std::min(quick.lowest, *sum);
    quick.highest = std::max(quick.highest, *sum);
    return true;
  }

  static void days(const Node& node, Op written, Quick& quick) {
    const int side = days_since_side(node);
    if (side < 0) return;
    const Node& start = *node.parts[static_cast<std::size_t>(side)]->parts[0];
    const Node& count = *node.parts[static_cast<std::size_t>(1 - side)];
    if (!is_field(start) || !is_literal(count, Kind::integer)) return;
    const auto first = multiply(count.constant.i, kMicrosPerDay);
    const auto second = first ? add(*first, kMicrosPerDay) : first;
    if (!second) return;
    quick.fact = start.number;
    take_literal(count, quick);
    quick.lowest = *first;
    quick.highest = *second;
    quick.sums = sums_of_days(quick);
    const Op op = side == 0 ? written : mirrored(written);
    for_op(op, [&](auto o) {
      start.type.kind == Kind::date ? take<Days<o(), true>>(quick) : take<Days<o(), false>>(quick);
    });
    if (start.type.kind == Kind::timestamp) move_by_now(days_limit(op, quick), quick);
  }

  static void take_there(bool wanted, Quick& quick) {
    wanted ? take<There<true>>(quick) : take<There<false>>(quick);
    if (wanted) quick.limit = at_most(INT64_MAX, quick);
  }

  static Limit at_most(std::int64_t edge, const Quick& quick) { return {0, edge, 0, quick.fact}; }
  static Limit at_least(std::int64_t edge, const Quick& quick) { return {-1, edge, 0, quick.fact}; }

  /// field op edge; nullopt: it can't be said so.
  static std::optional<Limit> limit_of(Op op, std::int64_t edge, const Quick& quick) {
    switch (op) {
      case Op::less_equal:
        return at_most(edge, quick);
      case Op::greater_equal:
        return at_least(edge, quick);
      case Op::less:
        if (edge == INT64_MIN) return std::nullopt;
        return at_most(edge - 1, quick);
      case Op::greater:
        if (edge == INT64_MAX) return std::nullopt;
        return at_least(edge + 1, quick);
      default:
        return std::nullopt;
    }
  }

  static std::optional<RealLimit> real_limit_of(Op op, double edge, const Quick& quick) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    switch (op) {
      case Op::less_equal:
        return RealLimit{1, edge, quick.fact};
      case Op::less:
        return RealLimit{1, std::nextafter(edge, -kInfinity), quick.fact};
      case Op::greater_equal:
        return RealLimit{-1, -edge, quick.fact};
      case Op::greater:
        return RealLimit{-1, -std::nextafter(edge, kInfinity), quick.fact};
      default:
        return std::nullopt;
    }
  }

  /// Instants from which both counts of days can be gone back. The least number is no multiple of a day.
  static Span sums_of_days(const Quick& quick) {
    Span span;
    span.narrow_to_sums_with(-quick.lowest);
    span.narrow_to_sums_with(-quick.highest);
    return span;
  }

  /// The edge, counted from now(), of the instants that are so many days ago.
  static std::optional<Limit> days_limit(Op op, const Quick& quick) {
    const std::int64_t first = -quick.lowest;    // the latest moment that was `days` ago
    const std::int64_t second = -quick.highest;  // and one day more
    switch (op) {
      case Op::less:
        return limit_of(Op::greater, first, quick);
      case Op::greater_equal:
        return limit_of(Op::less_equal, first, quick);
      case Op::less_equal:
        return limit_of(Op::greater, second, quick);
      case Op::greater:
        return limit_of(Op::less_equal, second, quick);
      default:
        return std::nullopt;
    }
  }

  /// Counts the edge from now(), at those instants from which it can be.
  static void move_by_now(std::optional<Limit> limit, Quick& quick) {
    if (!limit) return;
    limit->by_now = -1;
    quick.limit_sums = quick.sums;
    quick.limit_sums.narrow_to_sums_with(limit->edge);
    quick.limit = limit;
  }

  static void number(const Node& node, Quick& quick) {
    node.type.kind == Kind::real ? number_of<double>(node, quick) : number_of<std::int64_t>(node, quick);
  }

  template <class T>
  static void number_of(const Node& node, Quick& quick) {
    if (is_field(node)) {
      quick.fact = node.number;
      quick.number = field_of<T>;
    } else if (is_literal(node, node.type.kind)) {
      take_literal(node, quick);
      quick.number = literal_of<T>;
    } else if (node.op >= Op::add && node.op <= Op::modulo && counts(*node.parts[0]) && counts(*node.parts[1])) {
      sum<T>(node, quick);
    }
  }

  template <class T>
  static void sum(const Node& node, Quick& quick) {
    const Node& left = *node.parts[0];
    const Node& right = *node.parts[1];
    take_operands(left, right, quick);
    const auto otherwise = [&] {
      return by_place(left, right, [&](auto l, auto r) { return arithmetic_of<T, decltype(l), decltype(r)>(node.op); });
    };
    quick.number = of_pair(
        node, [](auto pair) -> Quick::Count { return decltype(pair)::template number<T>; }, otherwise);
  }

  std::deque<Quick>& kept_;
};

}  // namespace

std::unique_ptr<QuickForms> compile_quick(Node& root) {
  auto forms = std::make_unique<QuickForms>();
  Compiler(forms->all).compile(root);
  return forms;
}

}  // namespace kith::internal::expr
