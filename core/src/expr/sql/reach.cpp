#include "expr/sql/reach.hpp"

#include <algorithm>

#include "expr/evaluate/arithmetic.hpp"
#include "expr/evaluate/json_list.hpp"
#include "expr/sql/lowerer.hpp"
#include "expr/sql/sql_class.hpp"
#include "expr/tree/types.hpp"

namespace kith::internal::expr {
namespace {

/// A field, or the address whose key is compared.
const Node& column_node(const Node& node) {
  const bool key = node.op == Op::brought && node.keyed && node.parts[0]->op == Op::member;
  return key && has_key(node.parts[0]->type.form) ? *node.parts[0] : node;
}

bool is_own_column(const Node& side) {
  const Node& node = column_node(side);
  return (node.op == Op::member || node.op == Op::self) && !node.old && node.slot == -1 && node.path.empty();
}

bool before(const Value& a, const Value& b) {
  if (a.kind == Kind::text) return a.s < b.s;
  if (a.kind == Kind::ref) return a.id < b.id;
  return a.kind == Kind::real ? a.d < b.d : a.i < b.i;
}

Sql all_but(const std::vector<Part>& parts, std::size_t left_out) {
  std::vector<Sql> pieces;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i != left_out) pieces.push_back(parts[i].sql);
  }
  return all_of(pieces);
}

}  // namespace

Sql Condition::sql() const { return all_but(parts, parts.size()); }

Sql Condition::sql_without(std::size_t part) const { return all_but(parts, part); }

Condition lower_parts(const Program& program, const Env& env, const Lowering& how) {
  if (program.sql_class == SqlClass::vm_only) return {};
  return Lowerer(env, how).condition(*program.root);
}

std::optional<Sql> rows_of(Dialect dialect, const std::vector<Value>& values) {
  return dialect_of(dialect).rows_of(values);
}

// False for what is neither equal nor unequal to the field, such as an amount in another currency.
bool Lowerer::add_value(Value value, Membership& to) const {
  if (value.is_unknown()) return false;
  if (value.kind == Kind::money && !same_currency(value.currency, to.field->type.currency)) return false;
  if (value.is_null()) {
    to.or_null = true;
  } else {
    to.values.push_back(std::move(value));
  }
  return true;
}

bool Lowerer::add_values(const Node& node, Membership& to) {
  const auto is_of = [&](const Node& side) {
    if (!is_own_column(side) ||
        (to.field != nullptr && (to.field->op != side.op || column_node(*to.field).number != column_node(side).number)))
      return false;
    to.field = &side;
    return true;
  };
  switch (node.op) {
    case Op::equal: {
      const bool turned = is_fixed(*node.parts[0]);
      const Node& field = *node.parts[turned ? 1 : 0];
      const Node& other = *node.parts[turned ? 0 : 1];
      if (!is_fixed(other) || !is_of(field)) return false;
      return add_value(fixed(other), to);
    }
    case Op::in_values:
      if (!is_of(*node.parts[0])) return false;
      for (std::size_t i = 1; i < node.parts.size(); ++i) {
        if (!is_fixed(*node.parts[i]) || !add_value(fixed(*node.parts[i]), to)) return false;
      }
      return true;
    case Op::in_list: {
      if (!is_fixed(*node.parts[1]) || !is_of(*node.parts[0])) return false;
      const Value list = fixed(*node.parts[1]);
      auto values = list.is_dead() ? std::nullopt : list_values(list.s, to.field->type.kind);
      if (!values) return false;
      for (Value& value : *values) to.values.push_back(std::move(value));
      to.or_null = to.or_null || *list_contains(list.s, Value::null());
      return true;
    }
    case Op::logic_or:
      return std::all_of(node.parts.begin(), node.parts.end(),
                         [&](const NodePtr& part) { return add_values(*part, to); });
    default: return false;
  }
}

std::optional<Lowerer::Membership> Lowerer::membership(const Node& node) {
  Membership found;
  if (!add_values(node, found)) return std::nullopt;
  std::sort(found.values.begin(), found.values.end(), before);
  found.values.erase(std::unique(found.values.begin(), found.values.end()), found.values.end());
  return found;
}

Sql Lowerer::one_of(const Node& field, const std::vector<Value>& values, bool or_null, bool wanted) {
  const Sql null = is_null(field);
  if (wanted) {
    const Sql among = values.empty()       ? sql_false()
                      : values.size() == 1 ? cat(compared(field), " = ", bind(values.front()))
                                           : cat(compared(field), " IN ", bound_list(values));
    return any_of({among, or_null ? null : sql_false()});
  }
  const Sql apart = values.empty()       ? cat(value(field), " IS NOT NULL")
                    : values.size() == 1 ? cat(compared(field), " <> ", bind(values.front()))
                                         : cat(compared(field), " NOT IN ", bound_list(values));
  return any_of({apart, or_null ? sql_false() : null});
}

std::optional<Reach> Lowerer::reach_of(const Node& field) const {
  if (!is_own_column(field)) return std::nullopt;
  const Node& column = column_node(field);
  Reach reach;
  reach.derived = column.derived;
  reach.column = field.op == Op::self      ? "id"
                 : field.op == Op::brought ? how_.schema->key_column(column.record_type, column.number)
                                           : how_.schema->column(column.record_type, column.number);
  return reach;
}

std::optional<Reach> Lowerer::reach(const Node& node) {
  if (node.op == Op::member || node.op == Op::logic_not) {  // a bool by itself
    const Node& field = node.op == Op::member ? node : *node.parts[0];
    auto found = field.op == Op::member ? reach_of(field) : std::nullopt;
    if (found) found->values.push_back(Value::boolean(node.op == Op::member));
    return found;
  }
  if (auto members = membership(node)) {
    auto found = reach_of(*members->field);
    found->values = std::move(members->values);
    found->or_null = members->or_null;
    return found;
  }
  if (node.op == Op::function && node.function == Function::starts_with && is_fixed(*node.parts[1])) {
    auto found = reach_of(*node.parts[0]);
    if (found) found->range = true;
    const Value prefix = fixed(*node.parts[1]);
    return prefix.is_dead() || prefix.s.empty() ? std::nullopt : found;
  }
  if (!is_comparison(node.op) || node.op == Op::not_equal) return std::nullopt;
  std::size_t zoned = 0;
  if (const Node* date = zoned_side(node, zoned)) {
    auto found = reach_of(*date->parts[0]);
    if (found) found->range = true;
    return found;
  }
  const bool turned = is_fixed(*node.parts[0]);
  if (!is_fixed(*node.parts[turned ? 0 : 1])) return std::nullopt;
  const Node& side = *node.parts[turned ? 1 : 0];
  const bool days = side.op == Op::function && side.function == Function::days_since;
  if (node.op == Op::equal && !days) return std::nullopt;
  auto found = reach_of(days ? *side.parts[0] : side);
  if (!found) return std::nullopt;
  if (is_enum(side.type)) {  // in the order of their declaration, which no index has
    if (!is_enum(node.parts[turned ? 0 : 1]->type)) return std::nullopt;
    found->values = values_in_order(node.op, *node.parts[0], *node.parts[1]);
    std::sort(found->values.begin(), found->values.end(), before);
    return found;
  }
  found->range = true;
  return found;
}

void Lowerer::add_parts(const Node& node, Condition& to) {
  if (node.op == Op::logic_and) {
    for (const NodePtr& part : node.parts) add_parts(*part, to);
    return;
  }
  if (classify(node) == SqlClass::vm_only) return;
  Part part;
  part.sql = truth(node, true);
  if (is_word(part.sql, "TRUE")) return;
  if (!is_word(part.sql, "FALSE")) part.reach = reach(node);
  if (node.op == Op::logic_or && !part.reach) {
    for (const NodePtr& way : node.parts) part.ways.push_back(condition(*way));
  }
  to.parts.push_back(std::move(part));
}

Condition Lowerer::condition(const Node& node) {
  Condition out;
  add_parts(node, out);
  return out;
}

}  // namespace kith::internal::expr
