#include "expr/check/checker.hpp"

#include <charconv>
#include <cmath>

#include "base/time/time.hpp"
#include "base/value/money.hpp"
#include "expr/evaluate/evaluation.hpp"

namespace kith::internal::expr {
namespace {

constexpr std::int64_t kExactInDouble = std::int64_t{1} << 53U;

bool folds(const Node& node) {
  if (node.parts.empty() || node.uses_now || node.reads_record || node.op == Op::plugin || node.op == Op::setting)
    return false;
  for (const NodePtr& part : node.parts) {
    if (part->op != Op::constant || has_failed(part->type)) return false;
  }
  return true;
}

std::string quoted(std::string_view text) { return "'" + std::string{text} + "'"; }

}  // namespace

void Checker::complain(ProblemNumber number, std::size_t begin, std::size_t end, std::string message, std::string fix) {
  diagnostics_.push_back({number, begin, end, std::move(message), std::move(fix)});
}

void Checker::complain(ProblemNumber number, const Node& at, std::string message, std::string fix) {
  complain(number, at.begin, at.end, std::move(message), std::move(fix));
}

std::string Checker::text_of(const Node& node) const {
  return std::string{source_.substr(node.begin, node.end - node.begin)};
}

std::string Checker::text_at(const Syntax& syntax) const {
  return std::string{source_.substr(syntax.begin, syntax.end - syntax.begin)};
}

NodePtr Checker::make(Op op, const Syntax& syntax) const {
  auto node = std::make_unique<Node>();
  node->op = op;
  node->begin = syntax.begin;
  node->end = syntax.end;
  return node;
}

NodePtr Checker::failed(const Syntax& syntax) const {
  NodePtr node = make(Op::constant, syntax);
  node->type = failed_type();
  node->nullable = node->fallible = true;
  return node;
}

// Sums up what its parts read, and computes what needs no record.
NodePtr Checker::finish(NodePtr node) const {
  for (const NodePtr& part : node->parts) {
    node->reads_record |= part->reads_record;
    node->reads_old |= part->reads_old;
    node->uses_now |= part->uses_now;
    if (node->now_side == 0) node->raw_now |= part->raw_now;
  }
  if (has_failed(node->type) || !folds(*node)) return node;
  const Env env;
  Value value = Evaluator(env, nullptr).run(*node).value;
  node->op = Op::constant;
  node->nullable = value.is_null();
  node->fallible = value.is_unknown();
  node->constant = std::move(value);
  node->parts.clear();
  return node;
}

NodePtr Checker::check(const Syntax& syntax) {
  switch (syntax.kind) {
    case SyntaxKind::name:
    case SyntaxKind::select: return check_name(syntax);
    case SyntaxKind::parameter: return check_parameter(syntax);
    case SyntaxKind::call: return check_call(syntax);
    case SyntaxKind::unary: return check_unary(syntax);
    case SyntaxKind::binary: return check_binary(syntax);
    case SyntaxKind::conditional: return check_conditional(syntax);
    case SyntaxKind::list:
      complain(ProblemNumber::type_mismatch, syntax.begin, syntax.end, "a list can only stand on the right of 'in'",
               "write value in ['a', 'b']");
      for (const SyntaxPtr& part : syntax.parts) check(*part);
      return failed(syntax);
    default: return check_literal(syntax);
  }
}

NodePtr Checker::check_literal(const Syntax& syntax) {
  NodePtr node = make(Op::constant, syntax);
  const char* first = syntax.text.data();
  const char* last = first + syntax.text.size();
  switch (syntax.kind) {
    case SyntaxKind::integer: {
      std::int64_t number = 0;
      if (std::from_chars(first, last, number).ec != std::errc{}) {
        complain(ProblemNumber::bad_literal, syntax.begin, syntax.end, "the number does not fit into 64 bits",
                 "an int lies between -9223372036854775808 and 9223372036854775807");
        return failed(syntax);
      }
      node->constant = Value::integer(number);
      node->name = syntax.text;
      break;
    }
    case SyntaxKind::real: {
      double number = 0;
      if (std::from_chars(first, last, number).ec != std::errc{} || !std::isfinite(number)) {
        complain(ProblemNumber::bad_literal, syntax.begin, syntax.end, "the number is out of the range of double",
                 "write one of at most 1.7976931348623157e308");
        return failed(syntax);
      }
      node->constant = Value::real(number);
      node->name = syntax.text;
      break;
    }
    case SyntaxKind::text: node->constant = Value::text(syntax.text); break;
    case SyntaxKind::boolean: node->constant = Value::boolean(syntax.text == "true"); break;
    default: node->nullable = true; break;
  }
  node->type = Type::of(node->constant.kind);
  return node;
}

// Literals take the type of what they meet: 0 beside a double or an amount, 'gold' beside an enum, '2026-01-01' beside
// a date. The same inside of ?: and coalesce.
Checker::Adapted Checker::adapt(Node& node, const Type& to) {
  if (has_failed(to) || has_failed(node.type)) return Adapted::complained;
  if (node.type.kind == Kind::null) {
    node.type = to;
    return Adapted::yes;
  }
  if (node.op == Op::constant) return adapt_constant(node, to);
  if (node.op == Op::parameter) return adapt_parameter(node, to);
  if (node.op != Op::conditional && node.op != Op::coalesce) return Adapted::no;
  Adapted all = Adapted::yes;
  for (std::size_t i = node.op == Op::conditional ? 1 : 0; i < node.parts.size(); ++i) {
    const Adapted one = adapt(*node.parts[i], to);
    if (one == Adapted::no && node.parts[i]->type.kind == to.kind) continue;
    if (one != Adapted::yes) all = one;
    if (one == Adapted::no) return one;
  }
  if (all == Adapted::yes) node.type = to;
  return all;
}

Checker::Adapted Checker::adapt_constant(Node& node, const Type& to) {
  const Kind from = node.type.kind;
  if (node.constant.is_dead()) return Adapted::no;
  if (from == Kind::text) return adapt_text(node, to);
  if (from == Kind::integer && to.kind == Kind::real) {
    if (node.constant.i > kExactInDouble || node.constant.i < -kExactInDouble) {
      complain(ProblemNumber::bad_literal, node, text_of(node) + " is not exact as a double",
               "write it as a double: 1e18");
      return Adapted::complained;
    }
    node.constant = Value::real(static_cast<double>(node.constant.i));
    node.type = to;
    return Adapted::yes;
  }
  if (is_number(from) && to.kind == Kind::money) {
    if (node.name.empty() && from == Kind::integer) node.name = std::to_string(node.constant.i);
    const auto minor = minor_from_decimal(node.name, to.currency);
    if (!minor) {
      complain(ProblemNumber::bad_literal, node,
               text_of(node) + " is not an exact amount of " + (to.currency.code[0] ? to.currency.text() : "money"),
               "write at most " + std::to_string(to.currency.scale) + " decimals");
      return Adapted::complained;
    }
    node.constant = Value::money(*minor, to.currency);
    node.type = to;
    return Adapted::yes;
  }
  return Adapted::no;
}

Checker::Adapted Checker::adapt_text(Node& node, const Type& to) {
  const std::string& text = node.constant.s;
  if (is_enum(to)) {
    if (rank_of(*to.values, text) < 0) {
      std::string fix = did_you_mean(text, to.values->ids);
      if (fix.empty()) {
        fix = "its values are ";
        for (std::size_t i = 0; i < to.values->ids.size() && i < 12; ++i) {
          fix += (i == 0 ? "" : ", ") + quoted(to.values->ids[i]);
        }
        if (to.values->ids.size() > 12) fix += ", ...";
      }
      complain(ProblemNumber::bad_enum_value, node, quoted(text) + " is not a value of this enum", fix);
      return Adapted::complained;
    }
    node.type = to;
    return Adapted::yes;
  }
  if (to.kind == Kind::money && to.currency.code[0] != 0 && text.find(' ') != std::string::npos) {
    const auto minor = parse_minor(text, to.currency);
    if (!minor) return Adapted::no;
    node.constant = Value::money(*minor, to.currency);
    node.type = to;
    return Adapted::yes;
  }
  if (to.kind != Kind::date && to.kind != Kind::timestamp) return Adapted::no;
  const bool date = to.kind == Kind::date;
  const std::string zone = names_.time_zone();
  const auto parsed = date ? parse_date(text) : parse_local_instant(text, zone);
  if (!parsed) {
    complain(ProblemNumber::bad_literal, node, quoted(text) + (date ? " is not a date" : " is not an instant"),
             date ? "write '2026-01-31'"
                  : "write '2026-01-31' (midnight in " + (zone.empty() ? std::string{"UTC"} : zone) +
                        ") or '2026-01-31T08:30:00Z'");
    return Adapted::complained;
  }
  node.constant = date ? Value::date(*parsed) : Value::timestamp(*parsed);
  node.type = to;
  return Adapted::yes;
}

void Checker::complain_of_mismatch(const Node& a, const Node& b, std::string_view verb) {
  const bool from = verb == "subtract";
  const std::string_view between = from                                     ? " from "
                                   : verb == "multiply" || verb == "divide" ? " by "
                                   : verb == "compare"                      ? " with "
                                                                            : " and ";
  complain(ProblemNumber::type_mismatch, std::min(a.begin, b.begin), std::max(a.end, b.end),
           "can't " + std::string{verb} + " " + type_name(from ? b.type : a.type) + std::string{between} +
               type_name(from ? a.type : b.type),
           mismatch_fix(a, b, verb));
}

// True when the two are of one type now. Complains otherwise.
bool Checker::unify(Node& a, Node& b, std::string_view verb) {
  if (has_failed(a.type) || has_failed(b.type)) return false;
  if (a.type.kind == Kind::null || b.type.kind == Kind::null) return true;
  const bool enum_literal = (is_enum(a.type) && !is_enum(b.type)) || (is_enum(b.type) && !is_enum(a.type));
  if (a.type.kind != b.type.kind || enum_literal) {
    Adapted done = adapt(b, a.type);
    if (done == Adapted::no) done = adapt(a, b.type);
    if (done == Adapted::yes) return true;
    if (done == Adapted::complained) return false;
    if (a.type.kind == b.type.kind) return true;  // an enum and a text that is only known when it is read
    complain_of_mismatch(a, b, verb);
    return false;
  }
  const bool open = a.type.kind == Kind::money && (reads_its_currency(a) || reads_its_currency(b));
  if (a.type.kind == Kind::money && !open && !same_currency(a.type.currency, b.type.currency)) {
    complain(ProblemNumber::type_mismatch, std::min(a.begin, b.begin), std::max(a.end, b.end),
             "can't " + std::string{verb} + " " + a.type.currency.text() + " with " + b.type.currency.text(),
             "use the fields in the tenant's currency, named <field>_base");
    return false;
  }
  if (a.type.kind == Kind::ref && a.type.record_type != b.type.record_type && a.type.record_type >= 0 &&
      b.type.record_type >= 0) {
    complain(ProblemNumber::type_mismatch, std::min(a.begin, b.begin), std::max(a.end, b.end),
             "can't " + std::string{verb} + " a " + names_.record_type_name(a.type.record_type) + " with a " +
                 names_.record_type_name(b.type.record_type),
             "a record equals only a record of its own type");
    return false;
  }
  return true;
}

// The common type of the branches of ?: and of the arguments of coalesce.
Type Checker::join(Node& a, Node& b, std::string_view verb) {
  const bool one_enum = is_enum(a.type) != is_enum(b.type) && a.type.kind == b.type.kind;
  if (one_enum) {
    // 'none' beside an enum stays a text where it is none of its values: a label, not a value to compare.
    Node& text = is_enum(a.type) ? b : a;
    const Type& values = is_enum(a.type) ? a.type : b.type;
    if (text.op == Op::constant && rank_of(*values.values, text.constant.s) >= 0) return values;
    return Type::of(Kind::text);
  }
  if (!unify(a, b, verb)) return has_failed(a.type) ? b.type : has_failed(b.type) ? a.type : failed_type();
  Type type = a.type.kind == Kind::null ? b.type : a.type;
  if (is_enum(a.type) && is_enum(b.type) && !same_values(*a.type.values, *b.type.values)) type.values = nullptr;
  if (type.kind == Kind::ref && a.type.kind == Kind::ref && b.type.kind == Kind::ref &&
      a.type.record_type != b.type.record_type) {
    type.record_type = -1;
  }
  if (type.kind == Kind::money && type.currency.code[0] == 0 && b.type.kind == Kind::money)
    type.currency = b.type.currency;
  return type;
}

bool Checker::expect(Node& node, Kind kind, std::string_view what) {
  if (has_failed(node.type)) return false;
  if (node.op == Op::parameter && node.type.kind != kind) adapt_parameter(node, Type::of(kind));
  if (node.type.kind == kind || node.type.kind == Kind::null) return true;
  std::string fix = std::string{"this is "} + type_name(node.type);
  if (kind == Kind::boolean) {
    fix += node.type.kind == Kind::text
               ? ": compare it, such as " + text_of(node) + " == 'x' or " + text_of(node) + " != null"
               : ": compare it, such as " + text_of(node) + " != null";
  } else if (kind == Kind::text && node.type.kind != Kind::json) {
    fix += ": write string(" + text_of(node) + ")";
  }
  complain(ProblemNumber::type_mismatch, node, std::string{what} + " must be " + kind_name(kind), std::move(fix));
  return false;
}

void Checker::require(NodePtr& root, const Type& wanted) {
  const Type& type = root->type;
  if (has_failed(type) || type.kind == Kind::null) return;
  if (type.kind == wanted.kind) {
    if (is_enum(wanted) && !is_enum(type)) adapt(*root, wanted);
    const bool other = type.kind == Kind::ref && wanted.record_type >= 0 && type.record_type >= 0 &&
                       wanted.record_type != type.record_type;
    if (other) {
      complain(ProblemNumber::type_mismatch, *root,
               "this names a " + names_.record_type_name(type.record_type) + ", but a " +
                   names_.record_type_name(wanted.record_type) + " is wanted",
               "use a ref to that type");
    }
    if (type.kind == Kind::money && wanted.currency.code[0] != 0 && reads_its_currency(*root)) {
      complain(ProblemNumber::type_mismatch, *root,
               "the currency of this amount is only known when it is read, but " + type_name(wanted) + " is wanted",
               "name it: money(x, '" + wanted.currency.text() + "')");
    } else if (type.kind == Kind::money && !same_currency(type.currency, wanted.currency)) {
      complain(ProblemNumber::type_mismatch, *root,
               "this is " + type_name(type) + ", but " + type_name(wanted) + " is wanted",
               "use the field in that currency");
    }
    return;
  }
  if (adapt(*root, wanted) != Adapted::no) return;
  Node like;
  like.type = wanted;
  const bool to_double = wanted.kind == Kind::real && (type.kind == Kind::integer || type.kind == Kind::money);
  std::string fix = wanted.kind == Kind::boolean ? "compare it, such as " + text_of(*root) + " != null"
                    : to_double                  ? "write double(" + text_of(*root) + ")"
                    : wanted.kind == Kind::text && type.kind != Kind::json      ? "write string(" + text_of(*root) + ")"
                    : wanted.kind == Kind::date && type.kind == Kind::timestamp ? "write date(" + text_of(*root) + ")"
                    : wanted.kind == Kind::timestamp && type.kind == Kind::date
                        ? "write timestamp(" + text_of(*root) + ")"
                    : wanted.kind == Kind::integer && type.kind == Kind::real ? "write int(" + text_of(*root) + ")"
                                                                              : "write an expression of that type";
  complain(ProblemNumber::type_mismatch, *root,
           "this is " + type_name(type) + ", but " + type_name(wanted) + " is wanted", std::move(fix));
}

void Checker::require_known_changes(const Node& node) {
  if (node.op == Op::now) {
    complain(ProblemNumber::now_not_allowed, node, "now() can't stand here in a stored expression",
             "compare with it, such as due_at < now() + duration('3d'), or use days_since(due_at) or today()");
    return;
  }
  for (std::size_t i = 0; i < node.parts.size(); ++i) {
    if (node.now_side != 0 && i + 1 == node.now_side) continue;
    require_known_changes(*node.parts[i]);
  }
}

}  // namespace kith::internal::expr
