#include "facts/people/relationships.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <deque>
#include <set>

#include "access/policy.hpp"
#include "base/text/text.hpp"
#include "base/time/time.hpp"
#include "facts/read/shown.hpp"
#include "facts/read/timeline.hpp"
#include "facts/save/normalise.hpp"

namespace kith::internal::facts {

namespace {

namespace json = boost::json;
using catalog::Cardinality;
using catalog::Relationship;
using catalog::RelationshipEnd;
using store::Edge;

[[noreturn]] void refuse(std::string message, std::string expected = {}, std::string found = {}, std::string fix = {}) {
  Problem problem;
  problem.number = ProblemNumber::relationship_invalid;
  problem.message = std::move(message);
  problem.expected = std::move(expected);
  problem.found = std::move(found);
  problem.fix = std::move(fix);
  throw Error(std::move(problem));
}

/// Finds the relationship and turns the ends when it was called by its inverse name.
const Relationship& resolve(const catalog::Catalog& catalog, EdgeWish& wish) {
  const Relationship* found = catalog.find_relationship(wish.relationship);
  if (found == nullptr) {
    std::vector<std::string> names;
    for (const Relationship& known : catalog.relationships) {
      names.push_back(known.name);
      if (!known.inverse.empty() && known.inverse != known.name) names.push_back(known.inverse);
    }
    Problem problem;
    problem.number = ProblemNumber::unknown_thing;
    problem.message = "there is no relationship '" + std::string(wish.relationship) + "'";
    problem.expected = join(names, ", ");
    problem.fix = did_you_mean(wish.relationship, names);
    throw Error(std::move(problem));
  }
  if (found->name != wish.relationship) {
    std::swap(wish.from_type, wish.to_type);
    std::swap(wish.from, wish.to);
  }
  // A symmetric edge has one row; its ends are kept in one order, so that it is found from both sides.
  if (found->symmetric && wish.to < wish.from) {
    std::swap(wish.from_type, wish.to_type);
    std::swap(wish.from, wish.to);
  }
  return *found;
}

std::string end_text(const catalog::Catalog& catalog, const RelationshipEnd& end) {
  const std::string type = end.record_type < 0 ? "record" : catalog.type(end.record_type).name;
  return end.kind.empty() ? type : type + " of kind " + end.kind;
}

void check_end(Pipeline& pipeline, const Relationship& relationship, const RelationshipEnd& end,
               const catalog::RecordType& type, const RecordId& id, std::string_view side) {
  const catalog::Catalog& catalog = pipeline.catalog;
  if (end.record_type >= 0 && type.number != end.record_type) {
    refuse(relationship.name + " goes " + std::string(side) + " a " + end_text(catalog, end), end_text(catalog, end),
           type.name, "its inverse is " + relationship.inverse + ": perhaps the ends are the other way round");
  }
  const Touched& touched = pipeline.load(type.number, id);
  if (end.kind.empty()) return;
  const auto kind = type.by_name.find("kind");
  const std::string found =
      kind == type.by_name.end() ? std::string() : touched.current[static_cast<std::size_t>(kind->second)].s;
  if (found == end.kind) return;
  refuse(relationship.name + " goes " + std::string(side) + " a " + end_text(catalog, end), end.kind,
         found.empty() ? "nothing" : found,
         "its inverse is " + relationship.inverse + ": perhaps the ends are the other way round");
}

struct Terms {
  std::int64_t from_on = 0;
  std::optional<std::int64_t> to_on;
  std::string attributes_json;
};

/// An attribute or a date of an edge, treated as if it were a field.
Value accept_as(Pipeline& pipeline, const std::string& name, const expr::Type& type, const Value& value) {
  catalog::Member member;
  member.name = name;
  member.type = type;
  return pipeline.accept(member, value);
}

Terms read_terms(Pipeline& pipeline, const Relationship& relationship, const std::vector<Input>& inputs) {
  const catalog::Catalog& catalog = pipeline.catalog;
  Terms terms;
  terms.from_on = utc_to_local_days(pipeline.unit.now, catalog.time_zone);
  json::object attributes;
  Problems problems;
  for (const Input& input : inputs) {
    try {
      if (input.name == "from_on" || input.name == "to_on") {
        const Value day = accept_as(pipeline, input.name, expr::Type::of(Kind::date), input.value);
        if (day.is_null()) continue;
        if (input.name == "from_on")
          terms.from_on = day.i;
        else
          terms.to_on = day.i;
        continue;
      }
      const auto known =
          std::find_if(relationship.attributes.begin(), relationship.attributes.end(),
                       [&](const Relationship::Attribute& attribute) { return attribute.name == input.name; });
      if (known == relationship.attributes.end()) {
        std::vector<std::string> names{"from_on", "to_on"};
        for (const Relationship::Attribute& attribute : relationship.attributes) names.push_back(attribute.name);
        Problem problem;
        problem.number = ProblemNumber::unknown_field;
        problem.field = input.name;
        problem.message = relationship.name + " has no attribute '" + input.name + "'";
        problem.expected = join(names, ", ");
        problem.fix = did_you_mean(input.name, names);
        throw Error(std::move(problem));
      }
      const Value value = accept_as(pipeline, input.name, known->type, input.value);
      if (!value.is_null()) attributes[input.name] = value_json(catalog, value);
    } catch (const Error& error) {
      for (const Problem& problem : error.problems()) problems.add(problem);
    }
  }
  if (terms.to_on && *terms.to_on <= terms.from_on) {
    Problem problem;
    problem.number = ProblemNumber::relationship_invalid;
    problem.field = "to_on";
    problem.message = relationship.name + " must end after it begins";
    problem.expected = "a date after " + format_date(terms.from_on);
    problem.found = format_date(*terms.to_on);
    problems.add(std::move(problem));
  }
  problems.throw_if_any();
  // Attributes in the declared order, so that the same content is the same text.
  json::object ordered;
  for (const Relationship::Attribute& attribute : relationship.attributes) {
    if (const json::value* value = attributes.if_contains(attribute.name)) ordered[attribute.name] = *value;
  }
  terms.attributes_json = json::serialize(ordered);
  return terms;
}

/// An edge holds on [from_on, to_on).
bool overlaps(const Edge& edge, const Terms& terms) {
  const bool edge_first = edge.to_on && *edge.to_on <= terms.from_on;
  const bool terms_first = terms.to_on && *terms.to_on <= edge.from_on;
  const bool empty = edge.to_on && *edge.to_on <= edge.from_on;
  return !edge_first && !terms_first && !empty;
}

bool same_ends(const Edge& edge, const EdgeWish& wish) {
  return edge.from == wish.from && edge.to == wish.to && edge.from_type == wish.from_type->number &&
         edge.to_type == wish.to_type->number;
}

void check_cardinality(Pipeline& pipeline, const Relationship& relationship, const EdgeWish& wish, const Terms& terms) {
  const bool one_to =
      relationship.cardinality == Cardinality::many_to_one || relationship.cardinality == Cardinality::one_to_one;
  const bool one_from =
      relationship.cardinality == Cardinality::one_to_many || relationship.cardinality == Cardinality::one_to_one;
  const auto check = [&](const catalog::RecordType& type, const RecordId& id, bool from_side, const std::string& name) {
    for (const Edge& edge : pipeline.unit.journal.edges(relationship.name, type.number, id, from_side, 0, true)) {
      if (same_ends(edge, wish) || !overlaps(edge, terms)) continue;
      const std::string other = from_side ? record_text(pipeline.catalog, edge.to_type, edge.to)
                                          : record_text(pipeline.catalog, edge.from_type, edge.from);
      refuse(type.name + "/" + id.text() + " can have one " + name + " at a time, and has " + other, "one " + name,
             other, "end that one first, or give dates that don't overlap");
    }
  };
  const std::string inverse = relationship.inverse.empty() ? relationship.name : relationship.inverse;
  if (one_to) check(*wish.from_type, wish.from, true, relationship.name);
  if (one_from) check(*wish.to_type, wish.to, false, inverse);
  // A symmetric one-to-one edge may lie on either side of a record.
  if (relationship.symmetric && (one_to || one_from)) {
    check(*wish.from_type, wish.from, false, relationship.name);
    check(*wish.to_type, wish.to, true, relationship.name);
  }
}

/// Over all edges whatever their dates: a hierarchy that turns around in time would be a cycle for every reader of
/// history.
void check_acyclic(Pipeline& pipeline, const Relationship& relationship, const EdgeWish& wish) {
  if (!relationship.acyclic) return;
  std::set<RecordId> seen{wish.to};
  std::deque<std::pair<std::int32_t, RecordId>> open{{wish.to_type->number, wish.to}};
  while (!open.empty()) {
    const auto [type, id] = open.front();
    open.pop_front();
    for (const Edge& edge : pipeline.unit.journal.edges(relationship.name, type, id, true, 0, true)) {
      if (edge.to == wish.from) {
        refuse(relationship.name +
                   " would go round in a circle: " + record_text(pipeline.catalog, wish.to_type->number, wish.to) +
                   " leads back to " + record_text(pipeline.catalog, wish.from_type->number, wish.from),
               "no circle, past and future edges included", {}, "relate it to another record");
      }
      if (seen.insert(edge.to).second) open.emplace_back(edge.to_type, edge.to);
    }
  }
}

void note_edge(Pipeline& pipeline, const Edge& edge, bool begins) {
  access::Unit& unit = pipeline.unit;
  const Touched& from = pipeline.load(edge.from_type, edge.from);
  store::Change change;
  change.at_us = unit.now;
  change.actor = unit.principal.actor;
  change.kind = begins ? store::ChangeKind::relate : store::ChangeKind::unrelate;
  change.record_type = edge.from_type;
  change.record = edge.from;
  change.version = from.current[static_cast<std::size_t>(pipeline.facts(edge.from_type).version)].i;
  change.edge = edge;
  change.cause = unit.cause;
  pipeline.changes.note(std::move(change));
}

void end_edge(Pipeline& pipeline, Edge edge, std::int64_t day) {
  ++pipeline.writes;
  // An edge that had not begun is never true: it ends where it begins.
  edge.to_on = std::max(day, edge.from_on);
  pipeline.followers.relating(edge);
  pipeline.unit.journal.end_edge(edge.row, *edge.to_on);
  pipeline.followers.related(edge);
  note_edge(pipeline, edge, false);
}

void begin(const Pipeline& pipeline, const EdgeWish& wish) {
  access::require(pipeline.unit, access::Operation::relate, wish.from_type->number);
  access::require(pipeline.unit, access::Operation::relate, wish.to_type->number);
  if (!pipeline.unit.writable) throw Error(ProblemNumber::misuse, "relating needs a unit that may write");
}

}  // namespace

void relate(Pipeline& pipeline, EdgeWish wish, const std::vector<Input>& inputs) {
  begin(pipeline, wish);
  const Relationship& relationship = resolve(pipeline.catalog, wish);
  check_end(pipeline, relationship, relationship.from, *wish.from_type, wish.from, "from");
  check_end(pipeline, relationship, relationship.to, *wish.to_type, wish.to, "to");
  if (wish.from == wish.to) refuse(relationship.name + " can't relate a record to itself");
  const Terms terms = read_terms(pipeline, relationship, inputs);

  std::vector<Edge> replaced;
  for (const Edge& edge :
       pipeline.unit.journal.edges(relationship.name, wish.from_type->number, wish.from, true, 0, true)) {
    if (!same_ends(edge, wish) || !overlaps(edge, terms)) continue;
    const bool said =
        std::any_of(inputs.begin(), inputs.end(), [](const Input& input) { return input.name == "from_on"; });
    const bool same_dates = edge.to_on == terms.to_on && (!said || edge.from_on == terms.from_on);
    if (same_dates && edge.attributes_json == terms.attributes_json) return;
    replaced.push_back(edge);
  }
  check_cardinality(pipeline, relationship, wish, terms);
  check_acyclic(pipeline, relationship, wish);
  for (const Edge& edge : replaced) end_edge(pipeline, edge, terms.from_on);
  Edge edge;
  edge.relationship = relationship.name;
  edge.from_type = wish.from_type->number;
  edge.to_type = wish.to_type->number;
  edge.from = wish.from;
  edge.to = wish.to;
  edge.from_on = terms.from_on;
  edge.to_on = terms.to_on;
  edge.attributes_json = terms.attributes_json;
  ++pipeline.writes;
  pipeline.followers.relating(edge);
  pipeline.unit.journal.add_edge(edge);
  pipeline.followers.related(edge);
  note_edge(pipeline, edge, true);
}

void unrelate(Pipeline& pipeline, EdgeWish wish) {
  begin(pipeline, wish);
  const Relationship& relationship = resolve(pipeline.catalog, wish);
  pipeline.load(wish.from_type->number, wish.from);
  pipeline.load(wish.to_type->number, wish.to);
  const std::int64_t today = utc_to_local_days(pipeline.unit.now, pipeline.catalog.time_zone);
  bool any = false;
  for (const Edge& edge :
       pipeline.unit.journal.edges(relationship.name, wish.from_type->number, wish.from, true, 0, true)) {
    const bool over = edge.to_on && *edge.to_on <= std::max(today, edge.from_on);
    if (!same_ends(edge, wish) || over) continue;
    end_edge(pipeline, edge, today);
    any = true;
  }
  if (any) return;
  Problem problem;
  problem.number = ProblemNumber::relationship_invalid;
  problem.message = "there is no " + relationship.name + " from " +
                    record_text(pipeline.catalog, wish.from_type->number, wish.from) + " to " +
                    record_text(pipeline.catalog, wish.to_type->number, wish.to) + " that goes on";
  problem.fix = "see what there is: kith timeline " + record_text(pipeline.catalog, wish.from_type->number, wish.from);
  throw Error(std::move(problem));
}

void end_relationships(Pipeline& pipeline, std::int32_t record_type, const RecordId& id) {
  const std::int64_t today = utc_to_local_days(pipeline.unit.now, pipeline.catalog.time_zone);
  for (const Relationship& relationship : pipeline.catalog.relationships) {
    for (const bool from_side : {true, false}) {
      const std::int32_t end = from_side ? relationship.from.record_type : relationship.to.record_type;
      if (end >= 0 && end != record_type) continue;
      for (const Edge& edge : pipeline.unit.journal.edges(relationship.name, record_type, id, from_side, 0, true)) {
        if (edge.to_on && *edge.to_on <= std::max(today, edge.from_on)) continue;
        end_edge(pipeline, edge, today);
      }
    }
  }
}

}  // namespace kith::internal::facts
