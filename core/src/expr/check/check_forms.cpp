// What is given meets what is stored: literals and parameters are brought to the form in which writing would store
// them, parameters to the type of what they meet, and addresses are told apart by what their spellings have in common.
#include "base/text/text.hpp"
#include "expr/check/checker.hpp"
#include "expr/evaluate/bring.hpp"

namespace kith::internal::expr {
namespace {

bool is_plain_text(const Node& node) { return node.type.kind == Kind::text && !is_enum(node.type); }

bool is_given_parameter(const Node& node) {
  return node.op == Op::parameter || (node.op == Op::brought && node.parts[0]->op == Op::parameter);
}

bool is_among(Kind kind, std::initializer_list<Kind> kinds) {
  for (const Kind one : kinds) {
    if (one == kind) return true;
  }
  return false;
}

bool can_become(Kind from, Kind to) {
  if (from == Kind::text)
    return is_among(
        to, {Kind::integer, Kind::real, Kind::boolean, Kind::date, Kind::timestamp, Kind::duration, Kind::money});
  if (from == Kind::integer) return to == Kind::real || to == Kind::money;
  return from == Kind::real && to == Kind::money;
}

TextForm form_where_they_meet(TextForm a, TextForm b) {
  if (has_key(a) || has_key(b)) return has_key(a) ? a : b;
  return a == TextForm::none ? b : a;
}

}  // namespace

// Puts the node under one that says what it is brought to.
void Checker::put_under_brought(Node& node, Type to) const {
  auto part = std::make_unique<Node>(std::move(node));
  node = Node{};
  node.op = Op::brought;
  node.begin = part->begin;
  node.end = part->end;
  node.type = to;
  node.nullable = part->nullable;
  node.fallible = part->fallible;
  node.reads_record = part->reads_record;
  node.reads_old = part->reads_old;
  node.uses_now = part->uses_now;
  node.raw_now = part->raw_now;
  node.name = names_.time_zone();
  node.detail = names_.phone_region();
  node.parts.push_back(std::move(part));
}

Checker::Adapted Checker::adapt_parameter(Node& node, const Type& to) const {
  if (!can_become(node.type.kind, to.kind)) return Adapted::no;
  put_under_brought(node, to);
  return Adapted::yes;
}

void Checker::bring(Node& node, TextForm form, bool keyed) {
  if (has_failed(node.type)) return;
  if (node.op == Op::conditional || node.op == Op::coalesce) {
    for (std::size_t i = node.op == Op::conditional ? 1 : 0; i < node.parts.size(); ++i)
      bring(*node.parts[i], form, keyed);
    return;
  }
  const bool list = node.type.kind == Kind::json && node.type.element == Kind::text;
  if (!is_plain_text(node) && !list) return;
  if (node.op == Op::constant) {
    if (node.constant.kind == Kind::text)
      node.constant.s = brought_text(form, keyed, node.constant.s, names_.phone_region());
    return;
  }
  if (!is_given_parameter(node)) {
    if (!keyed || list) return;
    form = TextForm::none;
  }
  if (node.op != Op::brought) put_under_brought(node, node.type);
  node.form = form;
  node.keyed = keyed;
}

// A piece of a stored text: its blanks count, and it is no whole address.
void Checker::bring_part(Node& test) {
  if (test.parts[0]->type.form != TextForm::none) bring(*test.parts[1], TextForm::part, false);
}

void Checker::bring_together(Node& a, Node& b, bool equality) {
  const auto is_text_or_list = [](const Node& node) {
    return is_plain_text(node) || (node.type.kind == Kind::json && node.type.element == Kind::text);
  };
  if (!is_text_or_list(a) || !is_text_or_list(b)) return;
  const TextForm form = form_where_they_meet(a.type.form, b.type.form);
  if (form == TextForm::none) return;
  const auto is_stored_list = [](const Node& node) {
    return node.type.kind == Kind::json && !is_given_parameter(node);
  };
  const bool keyed = equality && has_key(form) && !is_stored_list(a) && !is_stored_list(b);
  const TextForm wanted = has_key(form) && !equality ? TextForm::plain : form;
  bring(a, wanted, keyed);
  bring(b, wanted, keyed);
}

}  // namespace kith::internal::expr
