#include "expr/quick.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include "base/time.hpp"
#include "expr/types.hpp"

namespace kith::internal::expr {
namespace {

Judged forever(bool yes) { return {truth_of(yes), kForever}; }

template <Op O, class T>
bool decided(const T& a, const T& b) {
  if constexpr (O == Op::less) return a < b;
  if constexpr (O == Op::less_equal) return a <= b;
  if constexpr (O == Op::greater) return a > b;
  if constexpr (O == Op::greater_equal) return a >= b;
  if constexpr (O == Op::not_equal) return a != b;
  return a == b;
}

// A null on one side only: definite where it is asked whether both are the same.
template <Op O>
Judged one_is_null() {
  if constexpr (is_ordering(O)) return {Truth::unknown, kForever};
  return forever(O == Op::not_equal);
}

template <class T>
T plain(const Value& value) {
  if constexpr (std::is_same_v<T, double>) {
    return value.d;
  } else {
    return value.i;
  }
}
template <class T>
T plain(const Number& number) {
  if constexpr (std::is_same_v<T, double>) {
    return number.d;
  } else {
    return number.i;
  }
}

// field op literal

template <Op O, class T>
Judged field_against(const Quick& quick, const QuickFrame& frame) {
  const Value& value = frame.facts[quick.fact];
  if (value.is_null()) return one_is_null<O>();
  return forever(decided<O>(plain<T>(value), plain<T>(quick.literal)));
}

template <Op O>
Judged money_against(const Quick& quick, const QuickFrame& frame) {
  const Value& value = frame.facts[quick.fact];
  if (value.is_null()) return one_is_null<O>();
  if (!(value.currency == quick.against->currency) && !same_currency(value.currency, quick.against->currency)) return {};
  return forever(decided<O>(value.i, quick.literal.i));
}

template <Op O>
Judged text_against(const Quick& quick, const QuickFrame& frame) {
  const Value& value = frame.facts[quick.fact];
  if (value.is_null()) return one_is_null<O>();
  return forever(decided<O>(value.s, quick.against->s));
}

template <bool Wanted>
Judged field_there(const Quick& quick, const QuickFrame& frame) {
  return forever(frame.facts[quick.fact].is_null() != Wanted);
}

Judged field_true(const Quick& quick, const QuickFrame& frame) { return {truth_of(frame.facts[quick.fact]), kForever}; }

template <class Same>
Judged field_in(const Quick& quick, const QuickFrame& frame, Same same) {
  const Value& value = frame.facts[quick.fact];
  for (const Value* element : quick.values) {
    if (value.is_null() ? element->is_null() : !element->is_null() && same(value, *element)) return forever(true);
  }
  return forever(false);
}
Judged text_in(const Quick& quick, const QuickFrame& frame) {
  return field_in(quick, frame, [](const Value& a, const Value& b) { return a.s == b.s; });
}
Judged integer_in(const Quick& quick, const QuickFrame& frame) {
  return field_in(quick, frame, [](const Value& a, const Value& b) { return a.i == b.i; });
}

// Numbers

template <class T>
Number alive(T value) {
  Number number{};
  if constexpr (std::is_same_v<T, double>) {
    number.d = value;
  } else {
    number.i = value;
  }
  number.state = Number::State::alive;
  return number;
}
Number without_value(Number::State state) {
  Number number{};
  number.i = 0;
  number.state = state;
  return number;
}

template <class T>
Number field_number(const Quick& quick, const QuickFrame& frame) {
  const Value& value = frame.facts[quick.fact];
  return value.is_null() ? without_value(Number::State::null) : alive(plain<T>(value));
}
template <class T>
Number literal_number(const Quick& quick, const QuickFrame&) {
  return alive(plain<T>(quick.literal));
}

// Where an operand stands, so that fields and literals are read without a call.
struct AField {
  template <class T>
  static Number get(const Quick& quick, const QuickFrame& frame) {
    return field_number<T>(quick, frame);
  }
};
struct ALiteral {
  template <class T>
  static Number get(const Quick& quick, const QuickFrame& frame) {
    return literal_number<T>(quick, frame);
  }
};
struct ATerm {
  template <class T>
  static Number get(const Quick& quick, const QuickFrame& frame) {
    return quick.number(quick, frame);
  }
};

template <Op O, class T, class L, class R>
Number computed(const Quick& quick, const QuickFrame& frame) {
  const Number a = L::template get<T>(*quick.left, frame);
  const Number b = R::template get<T>(*quick.right, frame);
  if (a.dead() || b.dead()) return without_value(Number::State::unknown);
  if constexpr (std::is_same_v<T, double>) {
    const double result = O == Op::add ? a.d + b.d : O == Op::subtract ? a.d - b.d : O == Op::multiply ? a.d * b.d : a.d / b.d;
    return std::isfinite(result) ? alive(result) : without_value(Number::State::unknown);
  } else {
    const auto result = O == Op::add        ? add(a.i, b.i)
                        : O == Op::subtract ? subtract(a.i, b.i)
                        : O == Op::multiply ? multiply(a.i, b.i)
                        : O == Op::divide   ? divide(a.i, b.i)
                                            : modulo(a.i, b.i);
    return result ? alive(*result) : without_value(Number::State::unknown);
  }
}

template <Op O, class T, class L, class R>
Judged numbers(const Quick& quick, const QuickFrame& frame) {
  const Number a = L::template get<T>(*quick.left, frame);
  const Number b = R::template get<T>(*quick.right, frame);
  if (!a.dead() && !b.dead()) return forever(decided<O>(plain<T>(a), plain<T>(b)));
  const bool unknown = a.state == Number::State::unknown || b.state == Number::State::unknown;
  if (unknown || is_ordering(O)) return {};
  return forever((a.dead() && b.dead()) == (O == Op::equal));
}

// Time

template <Op O>
Judged field_against_now(const Quick& quick, const QuickFrame& frame) {
  const Value& value = frame.facts[quick.fact];
  if (is_ordering(O) && value.is_null()) return {};
  const std::int64_t now = frame.env.now;
  const auto low = add(now, quick.lowest);
  const auto high = add(now, quick.highest);
  if (!low || !high) return {Truth::unknown, now == kForever ? kForever : now + 1};
  const std::int64_t clock = now + quick.offset;
  const bool yes = value.is_null() ? O == Op::not_equal : decided<O>(value.i, clock);
  if (!frame.timed) return forever(yes);
  const std::int64_t range_end = saturate(static_cast<Wide>(now) + (static_cast<Wide>(kForever) - *high) + 1);
  return {truth_of(yes), value.is_null() ? range_end : flip_of(O, value.i, clock, now, range_end)};
}

// The common case: a count of days whose microseconds, and those of one day more, are known numbers.
template <Op O>
Judged days_against(const Quick& quick, const QuickFrame& frame) {
  const Value& value = frame.facts[quick.fact];
  if (value.is_null()) return {};
  const std::int64_t now = frame.env.now;
  const auto first = subtract(now, quick.lowest);    // the latest moment that was `days` ago
  const auto second = subtract(now, quick.highest);  // and one day more
  bool yes = false;
  if (value.kind == Kind::timestamp && first && second) {
    if constexpr (O == Op::less) yes = value.i > *first;
    if constexpr (O == Op::less_equal) yes = value.i > *second;
    if constexpr (O == Op::greater) yes = value.i <= *second;
    if constexpr (O == Op::greater_equal) yes = value.i <= *first;
    if constexpr (O == Op::equal) yes = value.i <= *first && value.i > *second;
    if constexpr (O == Op::not_equal) yes = value.i > *first || value.i <= *second;
  } else {
    yes = days_compare(O, start_of(value.kind, value.i), quick.literal.i, now);
  }
  return {truth_of(yes), frame.timed ? days_until(O, start_of(value.kind, value.i), quick.literal.i, now) : kForever};
}

// Logic

Judged negated(const Quick& quick, const QuickFrame& frame) {
  const Judged part = quick.left->judge(*quick.left, frame);
  return {opposite(part.truth), part.until};
}

template <Truth Deciding>
Judged combined(const Quick& quick, const QuickFrame& frame) {
  if (!frame.timed) {
    Truth truth = opposite(Deciding);
    for (const Quick* part : quick.parts) {
      const Truth one = part->judge(*part, frame).truth;
      if (one == Deciding) return {Deciding, kForever};
      if (one == Truth::unknown) truth = one;
    }
    return {truth, kForever};
  }
  LogicRule rule(Deciding, true);
  for (const Quick* part : quick.parts) {
    if (rule.takes(part->judge(*part, frame))) break;
  }
  return rule.result();
}

// Choosing

template <template <Op, class...> class Form, class... More>
Quick::Judge for_op(Op op) {
  switch (op) {
    case Op::equal: return Form<Op::equal, More...>::judge;
    case Op::not_equal: return Form<Op::not_equal, More...>::judge;
    case Op::less: return Form<Op::less, More...>::judge;
    case Op::less_equal: return Form<Op::less_equal, More...>::judge;
    case Op::greater: return Form<Op::greater, More...>::judge;
    default: return Form<Op::greater_equal, More...>::judge;
  }
}
template <Op O, class...>
struct IntsForm {
  static constexpr Quick::Judge judge = field_against<O, std::int64_t>;
};
template <Op O, class...>
struct RealsForm {
  static constexpr Quick::Judge judge = field_against<O, double>;
};
template <Op O, class...>
struct MoneyForm {
  static constexpr Quick::Judge judge = money_against<O>;
};
template <Op O, class...>
struct TextsForm {
  static constexpr Quick::Judge judge = text_against<O>;
};
template <Op O, class...>
struct NumbersForm;
template <Op O, class T, class L, class R>
struct NumbersForm<O, T, L, R> {
  static constexpr Quick::Judge judge = numbers<O, T, L, R>;
};
template <Op O, class...>
struct NowForm {
  static constexpr Quick::Judge judge = field_against_now<O>;
};
template <Op O, class...>
struct DaysForm {
  static constexpr Quick::Judge judge = days_against<O>;
};

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

bool is_field(const Node& node) { return node.op == Op::member && is_own_fact(node); }
bool is_literal(const Node& node, Kind kind) { return node.op == Op::constant && node.constant.kind == kind; }

// Calls use(L, R) for where the two operands stand.
template <class Use>
auto by_place(const Node& left, const Node& right, Use use) {
  const auto with_left = [&](auto l) {
    if (is_field(right)) return use(l, AField{});
    return right.op == Op::constant ? use(l, ALiteral{}) : use(l, ATerm{});
  };
  return is_field(left) ? with_left(AField{}) : with_left(ATerm{});
}
bool is_plain_integer(Kind kind) { return kind == Kind::boolean || kind == Kind::integer || kind == Kind::date || kind == Kind::timestamp || kind == Kind::duration; }

class Compiler {
 public:
  explicit Compiler(std::deque<Quick>& kept) : kept_(kept) {}

  void compile(Node& node) {
    for (const NodePtr& part : node.parts) compile(*part);
    Quick quick;
    if (node.type.kind == Kind::boolean) condition(node, quick);
    if (is_number(node.type.kind)) number(node, quick);
    if (quick.judge == nullptr && quick.number == nullptr) return;
    node.quick = &kept_.emplace_back(std::move(quick));
  }

 private:
  void condition(const Node& node, Quick& quick) {
    switch (node.op) {
      case Op::member:
        if (!is_field(node)) return;
        quick.fact = node.number;
        quick.judge = field_true;
        return;
      case Op::logic_not:
        if (!judges(*node.parts[0])) return;
        quick.left = node.parts[0]->quick;
        quick.judge = negated;
        return;
      case Op::logic_and:
      case Op::logic_or:
        if (!std::all_of(node.parts.begin(), node.parts.end(), [](const NodePtr& part) { return judges(*part); })) return;
        for (const NodePtr& part : node.parts) quick.parts.push_back(part->quick);
        quick.judge = node.op == Op::logic_and ? combined<Truth::no> : combined<Truth::yes>;
        return;
      case Op::has:
        if (!is_field(*node.parts[0])) return;
        quick.fact = node.parts[0]->number;
        quick.judge = field_there<true>;
        return;
      case Op::in_values: return membership(node, quick);
      default:
        if (is_comparison(node.op)) comparison(node, quick);
    }
  }

  static bool judges(const Node& node) { return node.quick != nullptr && node.quick->judge != nullptr; }
  static bool counts(const Node& node) { return node.quick != nullptr && node.quick->number != nullptr; }

  void comparison(const Node& node, Quick& quick) {
    if (node.now_side != 0) return against_now(node, quick);
    if (node.uses_now) return days(node, quick);
    // The literal on the right.
    const bool turned = node.parts[0]->op == Op::constant;
    const Node& left = *node.parts[turned ? 1 : 0];
    const Node& right = *node.parts[turned ? 0 : 1];
    const Op op = turned ? mirrored(node.op) : node.op;
    if (is_field(left) && right.op == Op::constant) field(op, left, right, quick);
    if (quick.judge != nullptr || !counts(left) || !counts(right) || left.type.kind != right.type.kind) return;
    quick.left = left.quick;
    quick.right = right.quick;
    quick.judge = by_place(left, right, [&](auto l, auto r) {
      using L = decltype(l);
      using R = decltype(r);
      return left.type.kind == Kind::real ? for_op<NumbersForm, double, L, R>(op) : for_op<NumbersForm, std::int64_t, L, R>(op);
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
      if (!is_ordering(op)) quick.judge = op == Op::equal ? field_there<false> : field_there<true>;
    } else if (right.constant.kind != kind) {
      return;
    } else if (kind == Kind::real) {
      quick.judge = for_op<RealsForm>(op);
    } else if (kind == Kind::money) {
      quick.judge = for_op<MoneyForm>(op);
    } else if (kind == Kind::text) {
      const bool ranks = is_ordering(op) && left.type.values != nullptr;
      if (!ranks) quick.judge = for_op<TextsForm>(op);
    } else if (is_plain_integer(kind)) {
      quick.judge = for_op<IntsForm>(op);
    }
  }

  static void membership(const Node& node, Quick& quick) {
    const Node& x = *node.parts[0];
    const Kind kind = x.type.kind;
    if (!is_field(x) || (kind != Kind::text && !is_plain_integer(kind))) return;
    for (std::size_t i = 1; i < node.parts.size(); ++i) {
      const Node& element = *node.parts[i];
      if (!is_literal(element, kind) && !is_literal(element, Kind::null)) return;
      quick.values.push_back(&element.constant);
    }
    quick.fact = x.number;
    quick.judge = kind == Kind::text ? text_in : integer_in;
  }

  static void against_now(const Node& node, Quick& quick) {
    const bool now_left = node.now_side == 1;
    const Node& e = *node.parts[now_left ? 1 : 0];
    if (!is_field(e) || e.type.kind != Kind::timestamp || !offsets(*node.parts[now_left ? 0 : 1], quick)) return;
    quick.fact = e.number;
    quick.judge = for_op<NowForm>(now_left ? mirrored(node.op) : node.op);
  }

  // Literal durations around now(), and the sums on the way: each must stay in range.
  static bool offsets(const Node& node, Quick& quick) {
    if (node.op == Op::now) return true;
    const bool left = node.parts[0]->uses_now && node.parts[0]->raw_now;
    const Node& duration = *node.parts[left ? 1 : 0];
    if (!is_literal(duration, Kind::duration) || !offsets(*node.parts[left ? 0 : 1], quick)) return false;
    const auto sum = node.op == Op::add ? add(quick.offset, duration.constant.i) : subtract(quick.offset, duration.constant.i);
    if (!sum) return false;
    quick.offset = *sum;
    quick.lowest = std::min(quick.lowest, *sum);
    quick.highest = std::max(quick.highest, *sum);
    return true;
  }

  static void days(const Node& node, Quick& quick) {
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
    quick.judge = for_op<DaysForm>(side == 0 ? node.op : mirrored(node.op));
  }

  void number(const Node& node, Quick& quick) {
    const bool real = node.type.kind == Kind::real;
    if (is_field(node)) {
      quick.fact = node.number;
      quick.number = real ? field_number<double> : field_number<std::int64_t>;
    } else if (is_literal(node, node.type.kind)) {
      take_literal(node, quick);
      quick.number = real ? literal_number<double> : literal_number<std::int64_t>;
    } else if (node.op >= Op::add && node.op <= Op::modulo && counts(*node.parts[0]) && counts(*node.parts[1])) {
      quick.left = node.parts[0]->quick;
      quick.right = node.parts[1]->quick;
      quick.number = by_place(*node.parts[0], *node.parts[1], [&](auto l, auto r) {
        using L = decltype(l);
        using R = decltype(r);
        return real ? arithmetic_of<double, L, R>(node.op) : arithmetic_of<std::int64_t, L, R>(node.op);
      });
    }
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
