#include "expr/quick/quick.hpp"

#include <algorithm>

#include "base/time/time.hpp"
#include "expr/quick/quick_forms.hpp"

namespace kith::internal::expr {
namespace {

using namespace forms;

template <class Form>
void take_holds(Quick& quick) {
  quick.run = quick.holds = Form::holds;
  quick.in_and = InRow<false, Form>::holds;
  quick.in_or = InRow<true, Form>::holds;
}
template <class Form>
void take(Quick& quick) {
  take_holds<Form>(quick);
  quick.judge = Form::judge;
}

template <class Range, std::optional<Range> Quick::*Which>
void take_range(Quick& quick) {
  if (!(quick.*Which)) return;
  (quick.*Which)->fields == 1 ? take_holds<InRange<1, Range, Which>>(quick)
                              : take_holds<InRange<2, Range, Which>>(quick);
}

// Calls use(std::integral_constant) with the operator, so that each has functions of its own.
template <Op O>
using Is = std::integral_constant<Op, O>;
template <class Use>
void for_op(Op op, Use use) {
  switch (op) {
    case Op::equal: return use(Is<Op::equal>{});
    case Op::not_equal: return use(Is<Op::not_equal>{});
    case Op::less: return use(Is<Op::less>{});
    case Op::less_equal: return use(Is<Op::less_equal>{});
    case Op::greater: return use(Is<Op::greater>{});
    default: return use(Is<Op::greater_equal>{});
  }
}
template <class Compare>
void take_field(Op op, Quick& quick) {
  for_op(op, [&](auto o) { take<Field<o(), Compare>>(quick); });
}

template <class T, class L, class R>
Quick::Count arithmetic_of(Op op) {
  switch (op) {
    case Op::add: return computed<Op::add, T, L, R>;
    case Op::subtract: return computed<Op::subtract, T, L, R>;
    case Op::multiply: return computed<Op::multiply, T, L, R>;
    case Op::divide: return computed<Op::divide, T, L, R>;
    case Op::modulo:
      if constexpr (std::is_same_v<T, double>) {
        return nullptr;
      } else {
        return computed<Op::modulo, T, L, R>;
      }
    default: return nullptr;
  }
}

/// !(a op b), which is unknown where a op b is.
Op inverse(Op op) {
  switch (op) {
    case Op::equal: return Op::not_equal;
    case Op::not_equal: return Op::equal;
    case Op::less: return Op::greater_equal;
    case Op::less_equal: return Op::greater;
    case Op::greater: return Op::less_equal;
    default: return Op::less;
  }
}

bool is_literal(const Node& node, Kind kind) { return node.op == Op::constant && node.constant.kind == kind; }
bool is_plain_integer(Kind kind) {
  return kind == Kind::boolean || kind == Kind::integer || kind == Kind::date || kind == Kind::timestamp ||
         kind == Kind::duration;
}

// Calls use(L, R) for where the two operands stand.
template <class Use>
auto by_place(const Node& left, const Node& right, Use use) {
  const auto with_left = [&](auto l) {
    if (is_own_field(right)) return use(l, AField{});
    return right.op == Op::constant ? use(l, ALiteral{}) : use(l, ATerm{});
  };
  return is_own_field(left) ? with_left(AField{}) : with_left(ATerm{});
}

class Compiler {
 public:
  explicit Compiler(QuickForms& forms) : forms_(forms) {}

  void compile(Node& node) {
    for (const NodePtr& part : node.parts) compile(*part);
    if (node.type.kind == Kind::boolean) node.quick = condition(node, false);
    if (!is_number(node.type.kind)) return;
    Quick quick;
    number(node, quick);
    if (quick.number != nullptr) node.quick = &forms_.all.emplace_back(std::move(quick));
  }

 private:
  /// The form of the node or of its negation; nullptr: it has none.
  const Quick* condition(const Node& node, bool negated) {
    if (node.op == Op::logic_not) return condition(*node.parts[0], !negated);
    if (!negated && node.quick != nullptr) return node.quick;
    Quick quick;
    switch (node.op) {
      case Op::member:
        if (!is_own_field(node)) return nullptr;
        quick.fact = Fact(node.number);
        negated ? take<Flag<false>>(quick) : take<Flag<true>>(quick);
        break;
      case Op::logic_and:
      case Op::logic_or: logic(node, negated, quick); break;
      case Op::has:
        if (!is_own_field(*node.parts[0])) return nullptr;
        quick.fact = Fact(node.parts[0]->number);
        take_there(!negated, quick);
        break;
      case Op::in_values: membership(node, negated, quick); break;
      default:
        if (is_comparison(node.op)) comparison(node, negated ? inverse(node.op) : node.op, quick);
    }
    return quick.judge == nullptr ? nullptr : &forms_.all.emplace_back(std::move(quick));
  }

  static bool counts(const Node& node) { return node.quick != nullptr && node.quick->number != nullptr; }

  void logic(const Node& node, bool negated, Quick& quick) {
    for (const NodePtr& part : node.parts) {
      const Quick* one = condition(*part, negated);
      if (one == nullptr) return;
      quick.parts.push_back(one);
    }
    const bool conjunction = (node.op == Op::logic_and) != negated;
    std::vector<Quick>& row = forms_.rows.emplace_back();
    row.reserve(quick.parts.size());
    for (const bool longer : {false, true}) {
      for (const Quick* part : quick.parts) {
        if (part->takes_longer == longer) row.push_back(*part);
      }
    }
    for (Quick& part : row) part.run = conjunction ? part.in_and : part.in_or;
    row.back().run = row.back().holds;
    quick.first = row.data();
    quick.takes_longer = true;
    conjunction ? take<Combined<Truth::no>>(quick) : take<Combined<Truth::yes>>(quick);
  }

  static void comparison(const Node& node, Op written, Quick& quick) {
    if (node.now_side != 0) return against_now(node, written, quick);
    if (node.uses_now) return days(node, written, quick);
    // The literal on the right.
    const bool turned = node.parts[0]->op == Op::constant;
    const Node& left = *node.parts[turned ? 1 : 0];
    const Node& right = *node.parts[turned ? 0 : 1];
    const Op op = turned ? mirrored(written) : written;
    if (is_own_field(left) && right.op == Op::constant) field(op, left, right, quick);
    if (quick.judge != nullptr || !counts(left) || !counts(right) || left.type.kind != right.type.kind) return;
    take_operands(left, right, quick);
    if (left.type.kind == Kind::real) {
      numbers<double>(op, left, right, quick);
      quick.real_range = real_sum_range_of(op, left, right);
      take_range<RealSumRange, &Quick::real_range>(quick);
    } else {
      numbers<std::int64_t>(op, left, right, quick);
      quick.range = sum_range_of(op, left, right);
      take_range<SumRange, &Quick::range>(quick);
    }
  }

  // Fields and literals are said here as well, so that they needn't be looked for below.
  static void take_operands(const Node& left, const Node& right, Quick& quick) {
    quick.left = left.quick;
    quick.right = right.quick;
    if (is_own_field(left)) quick.fact = Fact(left.number);
    if (is_own_field(right)) quick.other = Fact(right.number);
    if (right.op == Op::constant) quick.literal = right.quick->literal;
  }

  template <class T>
  static void numbers(Op op, const Node& left, const Node& right, Quick& quick) {
    for_op(op, [&](auto o) {
      quick.judge = judge_numbers<o(), T>;
      by_place(left, right, [&](auto l, auto r) { take_holds<Numbers<o(), T, decltype(l), decltype(r)>>(quick); });
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
    quick.fact = Fact(left.number);
    take_literal(right, quick);
    if (right.constant.is_null()) {
      if (!is_ordering(op)) take_there(op == Op::not_equal, quick);
    } else if (right.constant.kind != kind) {
      return;
    } else if (kind == Kind::real) {
      take_field<Plainly<double>>(op, quick);
    } else if (kind == Kind::money) {
      take_field<AsMoney>(op, quick);
    } else if (kind == Kind::text) {
      const bool ranks = is_ordering(op) && left.type.values != nullptr;
      if (!ranks) take_field<AsText>(op, quick);
      quick.takes_longer = true;
    } else if (is_plain_integer(kind)) {
      take_field<Plainly<std::int64_t>>(op, quick);
    }
  }

  static void membership(const Node& node, bool negated, Quick& quick) {
    const Node& x = *node.parts[0];
    const Kind kind = x.type.kind;
    if (!is_own_field(x) || (kind != Kind::text && !is_plain_integer(kind))) return;
    for (std::size_t i = 1; i < node.parts.size(); ++i) {
      const Node& element = *node.parts[i];
      if (!is_literal(element, kind) && !is_literal(element, Kind::null)) return;
      quick.values.push_back(&element.constant);
    }
    quick.fact = Fact(x.number);
    quick.takes_longer = kind == Kind::text;
    if (kind == Kind::text) {
      negated ? take<Among<std::string, false>>(quick) : take<Among<std::string, true>>(quick);
    } else {
      negated ? take<Among<std::int64_t, false>>(quick) : take<Among<std::int64_t, true>>(quick);
    }
  }

  static void against_now(const Node& node, Op written, Quick& quick) {
    const bool now_left = node.now_side == 1;
    const Node& e = *node.parts[now_left ? 1 : 0];
    if (!is_own_field(e) || e.type.kind != Kind::timestamp || !offsets(*node.parts[now_left ? 0 : 1], quick)) return;
    quick.fact = Fact(e.number);
    quick.instants.narrow_to_sums_with(quick.lowest);
    quick.instants.narrow_to_sums_with(quick.highest);
    const Op op = now_left ? mirrored(written) : written;
    for_op(op, [&](auto o) { take<AgainstNow<o()>>(quick); });
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
    if (!is_own_field(start) || !is_literal(count, Kind::integer)) return;
    const auto first = multiply(count.constant.i, kMicrosPerDay);
    const auto second = first ? add(*first, kMicrosPerDay) : first;
    if (!second) return;
    quick.fact = Fact(start.number);
    take_literal(count, quick);
    quick.lowest = *first;
    quick.highest = *second;
    quick.instants = sums_of_days(quick);
    const Op op = side == 0 ? written : mirrored(written);
    for_op(op, [&](auto o) {
      start.type.kind == Kind::date ? take<Days<o(), true>>(quick) : take<Days<o(), false>>(quick);
    });
  }

  static void take_there(bool wanted, Quick& quick) { wanted ? take<There<true>>(quick) : take<There<false>>(quick); }

  /// Instants from which both counts of days can be gone back. The least number is no multiple of a day.
  static Span sums_of_days(const Quick& quick) {
    Span span;
    span.narrow_to_sums_with(-quick.lowest);
    span.narrow_to_sums_with(-quick.highest);
    return span;
  }

  static void number(const Node& node, Quick& quick) {
    node.type.kind == Kind::real ? number_of<double>(node, quick) : number_of<std::int64_t>(node, quick);
  }

  template <class T>
  static void number_of(const Node& node, Quick& quick) {
    if (is_own_field(node)) {
      quick.fact = Fact(node.number);
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
    by_place(left, right, [&](auto l, auto r) { quick.number = arithmetic_of<T, decltype(l), decltype(r)>(node.op); });
  }

  QuickForms& forms_;
};

}  // namespace

std::unique_ptr<QuickForms> compile_quick(Node& root) {
  auto forms = std::make_unique<QuickForms>();
  Compiler(*forms).compile(root);
  const bool condition = root.quick != nullptr && root.quick->judge != nullptr;
  if (condition) forms->first = root.quick->first != nullptr ? root.quick->first : root.quick;
  return forms;
}

}  // namespace kith::internal::expr
