#include <algorithm>

#include "catalog/builder/sections.hpp"
#include "catalog/read/field_types.hpp"

namespace kith::internal::catalog {
namespace {

struct CardinalityName {
  std::string_view name;
  Cardinality cardinality;
};
constexpr CardinalityName kCardinalities[] = {{"one_to_one", Cardinality::one_to_one},
                                              {"one_to_many", Cardinality::one_to_many},
                                              {"many_to_one", Cardinality::many_to_one},
                                              {"many_to_many", Cardinality::many_to_many}};

RelationshipEnd read_end(Builder& builder, const Item& item, std::string_view key) {
  RelationshipEnd end;
  const auto object = item.child(key);
  if (!object) return end;
  end.record_type = builder.record_type(*object, "type");
  end.kind = object->text("kind");
  if (end.kind.empty() || end.record_type < 0) return end;
  const RecordType& type = builder.catalog.type(end.record_type);
  const Member* kind = type.find("kind");
  const std::vector<std::string> kinds = kind && kind->values ? kind->values->ids : std::vector<std::string>{};
  if (std::find(kinds.begin(), kinds.end(), end.kind) == kinds.end())
    builder.report(ProblemNumber::unknown_reference, type.name + " has no kind " + quoted(end.kind),
                   object->place("kind"), suggest(end.kind, kinds));
  return end;
}

std::vector<Relationship::Attribute> read_attributes(Builder& builder, const Item& item) {
  std::vector<Relationship::Attribute> out;
  for (const Item& entry : item.list("attributes")) {
    Relationship::Attribute attribute;
    attribute.name = entry.text("name");
    attribute.label = entry.label("label", attribute.name);
    auto declared = read_type(builder, entry, "the attribute " + quoted(attribute.name));
    if (!declared || attribute.name.empty()) continue;
    const bool taken =
        attribute.name == "from_on" || attribute.name == "to_on" ||
        std::any_of(out.begin(), out.end(), [&](const auto& other) { return other.name == attribute.name; });
    if (taken)
      builder.report(ProblemNumber::duplicate_name, "the attribute " + quoted(attribute.name) + " is there twice",
                     entry.place("name"), "every relationship has from_on and to_on");
    attribute.type = declared->type;
    if (declared->values) attribute.type.values = builder.catalog.keep(std::move(*declared->values));
    out.push_back(std::move(attribute));
  }
  return out;
}

void check_ends(Builder& builder, const Item& item, const Relationship& relationship) {
  const bool same_type = relationship.from.record_type == relationship.to.record_type;
  const bool same_kind = relationship.from.kind == relationship.to.kind;
  if (relationship.symmetric && (!same_type || !same_kind || relationship.name != relationship.inverse))
    builder.report(ProblemNumber::not_allowed_here,
                   "the relationship " + quoted(relationship.name) + " is symmetric, but its ends or names differ",
                   item.place("symmetric"), "give \"inverse\" the same name and both ends the same type and kind");
  if (!relationship.symmetric && relationship.name == relationship.inverse)
    builder.report(ProblemNumber::duplicate_name,
                   "the relationship " + quoted(relationship.name) + " has itself as inverse", item.place("inverse"),
                   "name the other direction, or add \"symmetric\": true");
  if (relationship.acyclic && (!same_type || relationship.symmetric))
    builder.report(ProblemNumber::not_allowed_here,
                   "the relationship " + quoted(relationship.name) + " can't be acyclic", item.place("acyclic"),
                   "both ends must be of one type, and it must not be symmetric");
}

}  // namespace

void declare_relationships(Builder& builder, const Source& source) {
  for (const Item& item : root_item(source).list("relationships")) {
    Relationship relationship;
    relationship.name = source.qualified(item.text("name"));
    relationship.inverse = source.qualified(item.text("inverse"));
    relationship.owner = source.id();
    relationship.label = item.label("label", item.text("name"));
    relationship.inverse_label = item.label("inverse_label", item.text("inverse"));
    if (item.text("name").empty() || item.text("inverse").empty()) continue;
    if (!builder.claim("relationship", relationship.name, source.id(), item.place())) continue;
    const bool other_name = relationship.name != relationship.inverse;
    if (other_name && !builder.claim("relationship", relationship.inverse, source.id(), item.place("inverse")))
      continue;
    relationship.from = read_end(builder, item, "from");
    relationship.to = read_end(builder, item, "to");
    for (const CardinalityName& known : kCardinalities)
      if (known.name == item.text("cardinality")) relationship.cardinality = known.cardinality;
    relationship.acyclic = item.flag("acyclic");
    relationship.symmetric = item.flag("symmetric");
    relationship.attributes = read_attributes(builder, item);
    check_ends(builder, item, relationship);
    relationship.number = static_cast<std::int32_t>(builder.catalog.relationships.size());
    builder.catalog.relationships.push_back(std::move(relationship));
  }
}

}  // namespace kith::internal::catalog
