// The tenant's day: where no zone is named, dates of instants and instants of dates are those of the tenant's zone. It
// is written into the tree, so that every engine sees what it would see of a zone that is named.
#include "expr/check/checker.hpp"

namespace kith::internal::expr {

bool Checker::has_own_zone() const {
  const std::string zone = names_.time_zone();
  return !zone.empty() && zone != kUtc;
}

NodePtr Checker::own_zone(const Node& at) const {
  auto zone = std::make_unique<Node>();
  zone->constant = Value::text(names_.time_zone());
  zone->type = Type::of(Kind::text);
  zone->begin = zone->end = at.begin;
  return zone;
}

// today(): of now(), which holds until that date ends.
NodePtr Checker::date_of_now(const Node& now, NodePtr zone) const {
  auto node = std::make_unique<Node>();
  node->op = Op::function;
  node->function = Function::today;
  node->type = Type::of(Kind::date);
  node->fallible = node->uses_now = true;
  node->begin = now.begin;
  node->end = now.end;
  if (zone) node->parts.push_back(std::move(zone));
  return finish(std::move(node));
}

NodePtr Checker::under(Function function, Kind kind, NodePtr part) const {
  auto node = std::make_unique<Node>();
  node->op = Op::function;
  node->function = function;
  node->type = Type::of(kind);
  node->fallible = true;
  node->begin = part->begin;
  node->end = part->end;
  NodePtr zone = has_own_zone() ? own_zone(*part) : nullptr;
  node->parts.push_back(std::move(part));
  if (zone) node->parts.push_back(std::move(zone));
  return finish(std::move(node));
}

// The date of an instant that meets a date.
void Checker::to_date(NodePtr& node) const {
  if (node->type.kind != Kind::timestamp) return;
  node = node->op == Op::now ? date_of_now(*node, has_own_zone() ? own_zone(*node) : nullptr)
                             : under(Function::date, Kind::date, std::move(node));
}

// A date and an instant are compared as dates.
void Checker::meet_as_dates(NodePtr& a, NodePtr& b) const {
  if (a->type.kind == Kind::date && b->type.kind == Kind::timestamp) to_date(b);
  if (a->type.kind == Kind::timestamp && b->type.kind == Kind::date) to_date(a);
}

// Where a function counts dates of instants, or hours from a date: in the tenant's zone.
void Checker::take_own_zone(Node& node) const {
  const auto is = [&](std::size_t part, Kind kind) {
    return part < node.parts.size() && node.parts[part]->type.kind == kind;
  };
  const bool zoned = has_own_zone();
  switch (node.function) {
    case Function::today:
      if (zoned && node.parts.empty()) node.parts.push_back(own_zone(node));
      return;
    case Function::date:
      if (zoned && node.parts.size() == 1 && is(0, Kind::timestamp)) node.parts.push_back(own_zone(node));
      if (node.parts[0]->op != Op::now) return;
      node.parts.erase(node.parts.begin());
      node.function = Function::today;
      node.uses_now = true;
      return;
    case Function::timestamp:
      if (zoned && (is(0, Kind::date) || is(0, Kind::text))) node.parts.push_back(own_zone(node));
      return;
    case Function::days_since:
      if (zoned && is(0, Kind::date))
        node.parts[0] = under(Function::timestamp, Kind::timestamp, std::move(node.parts[0]));
      return;
    case Function::next_anniversary:
      if (node.parts[0]->op == Op::now || zoned) to_date(node.parts[0]);
      if (zoned) node.parts.push_back(own_zone(node));
      return;
    case Function::days_between:
    case Function::year:
    case Function::month:
    case Function::day:
      for (NodePtr& part : node.parts) {
        if (part->op == Op::now || zoned) to_date(part);
      }
      return;
    default: return;
  }
}

}  // namespace kith::internal::expr
