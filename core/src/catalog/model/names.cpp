#include "catalog/model/catalog_names.hpp"

namespace kith::internal::catalog {
namespace {

expr::Member as_expression_member(const Member& member, std::int32_t index) {
  expr::Member out;
  out.index = index;
  out.type = member.type;
  out.kind = member.role == Role::child_set ? expr::MemberKind::set
             : member.role == Role::derived ? expr::MemberKind::derived
                                            : expr::MemberKind::field;
  // Even a required field is empty in records older than its declaration; only what the engine writes itself is sure.
  out.nullable = member.name != "version" && member.name != "created_at";
  out.set_ref = member.set_ref_member;
  return out;
}

// A relationship as it is seen from one of its ends, under the name that it has there.
std::optional<expr::RelationshipSet> seen_from(const Relationship& relationship, std::int32_t record_type,
                                               bool far_end) {
  const RelationshipEnd& near = far_end ? relationship.to : relationship.from;
  const RelationshipEnd& other = far_end ? relationship.from : relationship.to;
  if (near.record_type >= 0 && near.record_type != record_type) return std::nullopt;
  return expr::RelationshipSet{relationship.number, far_end, other.record_type};
}

}  // namespace

const RecordType* CatalogNames::type(std::int32_t record_type) const {
  const bool known = record_type >= 0 && static_cast<std::size_t>(record_type) < catalog_.record_types.size();
  return known ? &catalog_.type(record_type) : nullptr;
}

std::string CatalogNames::record_type_name(std::int32_t record_type) const {
  const RecordType* found = type(record_type);
  return found ? found->name : "any";
}

std::optional<expr::Member> CatalogNames::member(std::int32_t record_type, std::string_view name) const {
  const RecordType* on = type(record_type);
  if (!on) return std::nullopt;
  const auto found = on->by_name.find(name);
  if (found == on->by_name.end()) return std::nullopt;
  const Member& member = on->members[static_cast<std::size_t>(found->second)];
  if (is_hidden(member)) return std::nullopt;
  return as_expression_member(member, found->second);
}

std::vector<std::string> CatalogNames::member_names(std::int32_t record_type) const {
  std::vector<std::string> out;
  if (const RecordType* on = type(record_type))
    for (const Member& member : on->members)
      if (!is_hidden(member)) out.push_back(member.name);
  return out;
}

std::optional<expr::LifecycleMembers> CatalogNames::lifecycle(std::int32_t record_type, std::string_view name) const {
  const Lifecycle* found = type(record_type) ? catalog_.find_lifecycle(record_type, name) : nullptr;
  if (!found) return std::nullopt;
  const auto& members = catalog_.type(record_type).members;
  return expr::LifecycleMembers{
      as_expression_member(members[static_cast<std::size_t>(found->state_member)], found->state_member),
      as_expression_member(members[static_cast<std::size_t>(found->since_member)], found->since_member)};
}

std::vector<std::string> CatalogNames::lifecycle_names(std::int32_t record_type) const {
  std::vector<std::string> out;
  for (const Lifecycle& lifecycle : catalog_.lifecycles)
    if (lifecycle.record_type == record_type) out.push_back(lifecycle.name);
  return out;
}

std::optional<expr::Member> CatalogNames::segment(std::int32_t record_type, std::string_view name) const {
  for (const Derivation& derivation : catalog_.derivations)
    if (derivation.kind == DerivationKind::segment && derivation.record_type == record_type && derivation.name == name)
      return as_expression_member(catalog_.type(record_type).members[static_cast<std::size_t>(derivation.member)],
                                  derivation.member);
  return std::nullopt;
}

std::vector<std::string> CatalogNames::segment_names(std::int32_t record_type) const {
  std::vector<std::string> out;
  for (const Derivation& derivation : catalog_.derivations)
    if (derivation.kind == DerivationKind::segment && derivation.record_type == record_type)
      out.push_back(derivation.name);
  return out;
}

std::optional<expr::Type> CatalogNames::setting(std::string_view name) const {
  const Setting* found = catalog_.find_setting(name);
  return found ? std::optional(found->type) : std::nullopt;
}

std::vector<std::string> CatalogNames::setting_names() const {
  std::vector<std::string> out;
  for (const Setting& setting : catalog_.settings) out.push_back(setting.name);
  return out;
}

std::optional<expr::Type> CatalogNames::parameter(std::string_view set, std::string_view name) const {
  const ParameterSet* found = catalog_.find_parameter_set(set);
  if (found)
    for (const Argument& value : found->values)
      if (value.name == name) return value.type;
  return std::nullopt;
}

std::vector<std::string> CatalogNames::parameter_names() const {
  std::vector<std::string> out;
  for (const ParameterSet& set : catalog_.parameter_sets)
    for (const Argument& value : set.values) out.push_back(set.name + "." + value.name);
  return out;
}

std::optional<expr::FunctionSignature> CatalogNames::function(std::string_view name) const {
  for (const Function& function : catalog_.functions)
    if (function.name == name) {
      expr::FunctionSignature signature{function.number, {}, function.returns};
      for (const Argument& argument : function.arguments) signature.arguments.push_back(argument.type.kind);
      return signature;
    }
  return std::nullopt;
}

std::vector<std::string> CatalogNames::function_names() const {
  std::vector<std::string> out;
  for (const Function& function : catalog_.functions) out.push_back(function.name);
  return out;
}

std::optional<expr::RelationshipSet> CatalogNames::relationship(std::int32_t record_type, std::string_view name) const {
  for (const Relationship& relationship : catalog_.relationships)
    for (const bool far_end : {false, true})
      if ((far_end ? relationship.inverse : relationship.name) == name)
        if (const auto seen = seen_from(relationship, record_type, far_end)) return seen;
  return std::nullopt;
}

std::vector<std::string> CatalogNames::relationship_names(std::int32_t record_type) const {
  std::vector<std::string> out;
  for (const Relationship& relationship : catalog_.relationships) {
    if (seen_from(relationship, record_type, false)) out.push_back(relationship.name);
    if (relationship.inverse != relationship.name && seen_from(relationship, record_type, true))
      out.push_back(relationship.inverse);
  }
  return out;
}

std::optional<expr::ConsentMembers> CatalogNames::consents(std::int32_t record_type) const {
  const RecordType* consent = catalog_.find_type("consent");
  const RecordType* customer = catalog_.find_type("customer");
  if (!consent || !customer || customer->number != record_type) return std::nullopt;
  const auto set = member(record_type, "consents");
  const auto purpose = member(consent->number, "purpose");
  const auto channel = member(consent->number, "channel");
  const auto status = member(consent->number, "status");
  const auto at = member(consent->number, "at");
  if (!set || !purpose || !channel || !status || !at) return std::nullopt;
  return expr::ConsentMembers{*set, *purpose, *channel, *status, *at, "granted", "any"};
}

std::vector<std::string> CatalogNames::purpose_names() const {
  std::vector<std::string> out;
  for (const Purpose& purpose : catalog_.purposes) out.push_back(purpose.name);
  return out;
}

std::optional<expr::Type> CatalogNames::setting_key(std::string_view name) const {
  const Setting* found = catalog_.find_setting(name);
  return found ? found->key : std::nullopt;
}

std::int32_t CatalogNames::actor_type() const {
  const RecordType* member = catalog_.find_type("member");
  return member && member->find("login") ? member->number : -1;
}

}  // namespace kith::internal::catalog
