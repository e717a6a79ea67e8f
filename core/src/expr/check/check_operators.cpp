#include <algorithm>
#include <array>

#include "expr/check/checker.hpp"

namespace kith::internal::expr {
namespace {

struct OperatorEntry {
  std::string_view mark;
  Op op;
  std::string_view verb;
};
constexpr std::array<OperatorEntry, 11> kOperators = {{{"==", Op::equal, "compare"},
                                                       {"!=", Op::not_equal, "compare"},
                                                       {"<", Op::less, "compare"},
                                                       {"<=", Op::less_equal, "compare"},
                                                       {">", Op::greater, "compare"},
                                                       {">=", Op::greater_equal, "compare"},
                                                       {"+", Op::add, "add"},
                                                       {"-", Op::subtract, "subtract"},
                                                       {"*", Op::multiply, "multiply"},
                                                       {"/", Op::divide, "divide"},
                                                       {"%", Op::modulo, "divide"}}};

const OperatorEntry& entry_of(std::string_view mark) {
  return *std::find_if(kOperators.begin(), kOperators.end(), [&](const OperatorEntry& e) { return e.mark == mark; });
}

bool any_dead(const Node& node) {
  return std::any_of(node.parts.begin(), node.parts.end(), [](const NodePtr& part) { return may_be_dead(*part); });
}

bool any_failed(const Node& node) {
  return std::any_of(node.parts.begin(), node.parts.end(), [](const NodePtr& part) { return has_failed(part->type); });
}

// a < b < c, written without parentheses.
bool is_chain(const Syntax& first) {
  return first.kind == SyntaxKind::binary && first.parts.size() == 2 && first.begin == first.parts[0]->begin &&
         (first.text == "<" || first.text == "<=" || first.text == ">" || first.text == ">=");
}

bool is_sum(const Syntax& syntax) {
  return syntax.kind == SyntaxKind::binary && syntax.text.size() == 1 &&
         std::string_view{"+-*/%"}.find(syntax.text) != std::string_view::npos;
}

// (1), as (1, 2), was meant as a list.
std::string in_brackets(const std::string& text) {
  const bool round = text.size() > 2 && text.front() == '(' && text.back() == ')';
  return round ? text.substr(1, text.size() - 2) : text;
}

// now() plus and minus durations that do not move themselves.
bool is_now_and_durations(const Node& node) {
  if (node.op == Op::now) return true;
  if (node.op != Op::add && node.op != Op::subtract) return false;
  const Node& a = *node.parts[0];
  const Node& b = *node.parts[1];
  if (is_now_and_durations(a)) return b.type.kind == Kind::duration && !b.raw_now;
  return node.op == Op::add && is_now_and_durations(b) && a.type.kind == Kind::duration && !a.raw_now;
}

}  // namespace

NodePtr Checker::check_unary(const Syntax& syntax) {
  NodePtr part = check(*syntax.parts[0]);
  const bool logic = syntax.text == "!";
  NodePtr node = make(logic ? Op::logic_not : Op::negate, syntax);
  const Type type = part->type;
  if (has_failed(type)) return failed(syntax);
  if (logic) {
    if (!expect(*part, Kind::boolean, "what follows '!'")) return failed(syntax);
    node->type = Type::of(Kind::boolean);
    node->fallible = may_be_dead(*part);
  } else {
    const bool good =
        is_number(type.kind) || type.kind == Kind::money || type.kind == Kind::duration || type.kind == Kind::null;
    if (!good) {
      complain(ProblemNumber::type_mismatch, *part, type_name(type) + " has no negative",
               "write - before a number, money or duration");
      return failed(syntax);
    }
    node->type = type.kind == Kind::null ? Type::of(Kind::integer) : type;
    node->fallible = true;
  }
  // -5 written apart stays an exact literal for money.
  const std::string digits = !logic && part->op == Op::constant && is_number(type.kind) ? part->name : std::string{};
  node->parts.push_back(std::move(part));
  node = finish(std::move(node));
  if (!digits.empty() && node->op == Op::constant) node->name = digits.front() == '-' ? digits.substr(1) : "-" + digits;
  return node;
}

NodePtr Checker::check_binary(const Syntax& syntax) {
  if (syntax.text == "&&" || syntax.text == "||") return check_logic(syntax);
  if (syntax.text == "in") return check_in(syntax);
  const Op op = entry_of(syntax.text).op;
  return is_comparison(op) ? check_comparison(syntax, op) : check_arithmetic(syntax);
}

NodePtr Checker::check_logic(const Syntax& syntax) {
  NodePtr node = make(syntax.text == "&&" ? Op::logic_and : Op::logic_or, syntax);
  node->type = Type::of(Kind::boolean);
  bool good = true;
  for (const SyntaxPtr& part : syntax.parts) {
    node->parts.push_back(check(*part));
    good = expect(*node->parts.back(), Kind::boolean, "a side of '" + syntax.text + "'") && good;
  }
  if (!good) return failed(syntax);
  node->fallible = any_dead(*node);
  return finish(std::move(node));
}

NodePtr Checker::check_comparison(const Syntax& syntax, Op op) {
  NodePtr node = make(op, syntax);
  node->type = Type::of(Kind::boolean);
  node->parts.push_back(check(*syntax.parts[0]));
  node->parts.push_back(check(*syntax.parts[1]));
  meet_as_dates(node->parts[0], node->parts[1]);
  Node& a = *node->parts[0];
  Node& b = *node->parts[1];
  if (is_chain(*syntax.parts[0]) && is_ordering(op) && !has_failed(b.type) && b.type.kind != Kind::boolean) {
    const Syntax& second = *syntax.parts[0]->parts[1];
    const std::string middle{source_.substr(second.begin, second.end - second.begin)};
    complain(ProblemNumber::type_mismatch, *node, "comparisons can't be chained: the first gives true or false",
             "write " + text_of(a) + " && " + middle + " " + syntax.text + " " + text_of(b));
    return failed(syntax);
  }
  if (!unify(a, b, "compare")) return failed(syntax);
  bring_together(a, b, !is_ordering(op));
  const Type type = a.type.kind == Kind::null ? b.type : a.type;
  const bool against_null = a.type.kind == Kind::null || b.type.kind == Kind::null;
  if (is_ordering(op)) {
    const bool ordered_enum =
        is_enum(type) && is_enum(b.type) && type.values->ordered && same_values(*type.values, *b.type.values);
    if (is_enum(type) != is_enum(b.type) && !against_null) {
      complain(ProblemNumber::type_mismatch, *node, "the order of an enum is only known against its own values",
               "compare with a literal, or with == and in");
      return failed(syntax);
    }
    if (is_enum(type) && !against_null && !ordered_enum) {
      // Each has an order, and another bundle may have added to one of them since the two were alike.
      const bool two_orders = type.values->ordered && b.type.values->ordered;
      complain(ProblemNumber::type_mismatch, *node,
               two_orders ? "these enums have different values, so no common order" : "this enum has no order",
               two_orders ? "compare each with a literal" : "use ==, != or in; or declare it \"ordered\": true");
      return failed(syntax);
    }
    if (!is_ordered_kind(type.kind) && type.kind != Kind::null) {
      complain(ProblemNumber::type_mismatch, *node, type_name(type) + " has no order", "use == or !=");
      return failed(syntax);
    }
    node->fallible = any_dead(*node) || ordered_enum || against_null;
  } else {
    if (type.kind == Kind::json && !against_null) {
      complain(ProblemNumber::type_mismatch, *node, type_name(type) + " can only be compared with null",
               is_list(type) ? "write value in list, or size(list)" : "write == null or != null");
      return failed(syntax);
    }
    node->fallible = a.fallible || b.fallible;
  }
  if (type.kind == Kind::money) node->fallible = true;  // currencies that are only known when they are read
  if (is_now_and_durations(a) && !b.raw_now) node->now_side = 1;
  if (is_now_and_durations(b) && !a.raw_now) node->now_side = 2;
  return finish(std::move(node));
}

NodePtr Checker::check_in(const Syntax& syntax) {
  NodePtr value = check(*syntax.parts[0]);
  const Syntax& right = *syntax.parts[1];
  const bool literal_list = right.kind == SyntaxKind::list;
  NodePtr node = make(literal_list ? Op::in_values : Op::in_list, syntax);
  node->type = Type::of(Kind::boolean);
  bool good = !has_failed(value->type);
  node->parts.push_back(std::move(value));
  if (!literal_list) {
    node->parts.push_back(check(right));
    const Node& list = *node->parts[1];
    if (!good || has_failed(list.type)) return failed(syntax);
    // The elements of a list that a program gives are only known by what they are; where there are none, all fit.
    const bool given = list.op == Op::parameter && list.type.kind == Kind::json;
    const bool none = given && list.type.element == Kind::null;
    if (!none && (!is_list(list.type) || (list.type.element != Kind::text && list.type.element != Kind::integer))) {
      complain(ProblemNumber::type_mismatch, list,
               "what follows 'in' must be a list of text, enum or int, but this is " + type_name(list.type),
               list.op == Op::constant && !list.constant.is_dead()
                   ? "write [" + in_brackets(text_of(list)) + "]"
                   : "write value in ['a', 'b'], or text.contains('part')");
      return failed(syntax);
    }
    if (node->parts[0]->op == Op::parameter && node->parts[0]->type.kind != list.type.element)
      adapt_parameter(*node->parts[0], Type::of(list.type.element));
    const Kind kind = node->parts[0]->type.kind;
    const bool refs = given && kind == Kind::ref && list.type.element == Kind::text;  // "customer/0190..."
    if (!none && !refs && kind != list.type.element && kind != Kind::null) {
      complain(ProblemNumber::type_mismatch, *node,
               type_name(node->parts[0]->type) + " can't be in a " + type_name(list.type),
               std::string{"look for a "} + kind_name(list.type.element));
      return failed(syntax);
    }
    bring_together(*node->parts[0], *node->parts[1], true);
    // A literal beside a list of an enum is one of its values, or a mistake.
    if (list.type.values != nullptr && !is_enum(node->parts[0]->type)) {
      Type element = Type::of(Kind::text);
      element.values = list.type.values;
      if (adapt(*node->parts[0], element) == Adapted::complained) return failed(syntax);
    }
    node->fallible = true;
    return finish(std::move(node));
  }
  for (const SyntaxPtr& element : right.parts) {
    node->parts.push_back(check(*element));
    meet_as_dates(node->parts[0], node->parts.back());
    if (node->parts[0]->type.kind == Kind::json || node->parts.back()->type.kind == Kind::json) {
      if (good)
        complain(ProblemNumber::type_mismatch, *node, "a list can't be looked for in a list", "write value in list");
      good = false;
    }
    good = good && unify(*node->parts[0], *node->parts.back(), "compare");
  }
  for (std::size_t i = 1; good && i < node->parts.size(); ++i)
    good = unify(*node->parts[0], *node->parts[i], "compare");
  if (!good || any_failed(*node)) return failed(syntax);
  for (std::size_t i = 1; i < node->parts.size(); ++i) bring_together(*node->parts[0], *node->parts[i], true);
  node->fallible =
      node->parts[0]->type.kind == Kind::money ||
      std::any_of(node->parts.begin(), node->parts.end(), [](const NodePtr& part) { return part->fallible; });
  return finish(std::move(node));
}

// Sets the type; false when these types don't go together.
bool Checker::arithmetic_type(Node& node, std::string_view mark) {
  Node& a = *node.parts[0];
  Node& b = *node.parts[1];
  const Kind left = a.type.kind;
  const Kind right = b.type.kind;
  const auto is = [&](Kind x, Kind y) { return left == x && right == y; };
  const auto result = [&](Kind kind) {
    node.type = Type::of(kind);
    return true;
  };
  for (Node* side : {&a, &b}) {
    if (node.op != Op::multiply || side->op != Op::parameter || (side == &a ? right : left) != Kind::money) continue;
    if (adapt_parameter(*side, Type::of(Kind::integer)) == Adapted::yes) return arithmetic_type(node, mark);
  }
  const bool plus = node.op == Op::add;
  const bool minus = node.op == Op::subtract;
  if ((plus || minus) && is(Kind::timestamp, Kind::duration)) return result(Kind::timestamp);
  if (plus && is(Kind::duration, Kind::timestamp)) return result(Kind::timestamp);
  if (minus && is(Kind::timestamp, Kind::timestamp)) return result(Kind::duration);
  if ((plus || minus) && is(Kind::duration, Kind::duration)) return result(Kind::duration);
  if (node.op == Op::multiply && (is(Kind::money, Kind::integer) || is(Kind::integer, Kind::money))) {
    node.type = left == Kind::money ? a.type : b.type;
    return true;
  }
  const bool money = left == Kind::money || right == Kind::money;
  if (money && !plus && !minus) {
    complain(ProblemNumber::type_mismatch, node,
             "money can only be multiplied by an int, not calculated with '" + std::string{mark} + "' here",
             "write double(" + text_of(left == Kind::money ? a : b) + ") for a ratio");
    return false;
  }
  if ((plus || minus) && (left == Kind::date || right == Kind::date)) {
    complain(ProblemNumber::type_mismatch, node, "dates can't be calculated with '" + std::string{mark} + "'",
             minus && left == right    ? "write days_between(" + text_of(b) + ", " + text_of(a) + ")"
             : right == Kind::duration ? "write timestamp(" + text_of(a) + ") " + std::string{mark} + " " + text_of(b) +
                                             ", or count days: days_between(a, b)"
                                       : "write timestamp(x) + duration('1d'), or days_between(a, b)");
    return false;
  }
  if (node.op == Op::modulo && (left == Kind::real || right == Kind::real) && (is_number(left) && is_number(right))) {
    complain_of_remainder(node);
    return false;
  }
  if (!unify(a, b, entry_of(mark).verb)) return false;
  const Type type = a.type.kind == Kind::null ? b.type : a.type;
  const bool good = type.kind == Kind::null || type.kind == Kind::integer ||
                    (type.kind == Kind::real && node.op != Op::modulo) ||
                    (type.kind == Kind::money && (plus || minus)) || (type.kind == Kind::text && plus);
  if (!good) {
    complain(ProblemNumber::type_mismatch, node,
             type_name(type) + " can't be calculated with '" + std::string{mark} + "'",
             node.op == Op::modulo ? "% is for int" : "use numbers");
    return false;
  }
  node.type = type.kind == Kind::null ? Type::of(Kind::integer) : type;
  node.type.values = nullptr;
  node.type.form = TextForm::none;
  if (type.kind == Kind::money && type.currency.code[0] == 0) node.type.currency = b.type.currency;
  return true;
}

// a + b + c leans to the left and may be long: from its first term on, without a call in a call for each.
NodePtr Checker::check_arithmetic(const Syntax& syntax) {
  std::vector<const Syntax*> chain;
  const Syntax* first = &syntax;
  for (; is_sum(*first); first = first->parts[0].get()) chain.push_back(first);
  NodePtr left = check(*first);
  for (; !chain.empty(); chain.pop_back()) {
    const Syntax& at = *chain.back();
    NodePtr node = make(entry_of(at.text).op, at);
    node->parts.push_back(std::move(left));
    node->parts.push_back(check(*at.parts[1]));
    if (any_failed(*node) || !arithmetic_type(*node, at.text)) {
      left = failed(at);
      continue;
    }
    node->fallible = node->type.kind != Kind::text || any_dead(*node);
    left = finish(std::move(node));
  }
  return left;
}

NodePtr Checker::check_conditional(const Syntax& syntax) {
  NodePtr node = make(Op::conditional, syntax);
  for (const SyntaxPtr& part : syntax.parts) node->parts.push_back(check(*part));
  Node& condition = *node->parts[0];
  const bool good = expect(condition, Kind::boolean, "what stands before '?'");
  node->type = join(*node->parts[1], *node->parts[2], "choose between");
  if (!good || has_failed(node->type) || any_failed(*node)) return failed(syntax);
  node->nullable = node->parts[1]->nullable || node->parts[2]->nullable;
  node->fallible = may_be_dead(condition) || node->parts[1]->fallible || node->parts[2]->fallible;
  return finish(std::move(node));
}

}  // namespace kith::internal::expr
