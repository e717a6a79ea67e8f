#include "facts/save/type_facts.hpp"

namespace kith::internal::facts {

namespace {

std::int32_t number_of(const catalog::RecordType& type, std::string_view name) {
  const auto found = type.by_name.find(name);
  return found == type.by_name.end() ? -1 : found->second;
}

bool reads_others(const catalog::RecordType& type, const expr::Program& program) {
  for (const expr::Read& read : program.reads) {
    if (!read.path.empty() || read.record_type != type.number) return true;
    if (read.member >= 0 && type.members[static_cast<std::size_t>(read.member)].role == catalog::Role::derived)
      return true;
  }
  return false;
}

}  // namespace

TypeFacts::TypeFacts(const catalog::Catalog& catalog, const catalog::RecordType& of) : type(&of) {
  version = number_of(of, "version");
  created_at = number_of(of, "created_at");
  created_by = number_of(of, "created_by");
  updated_at = number_of(of, "updated_at");
  updated_by = number_of(of, "updated_by");
  unique_sets = of.unique_sets;
  left_out.assign(of.members.size(), false);
  for (std::size_t i = 0; i < of.members.size(); ++i) {
    const catalog::Member& member = of.members[i];
    const auto number = static_cast<std::int32_t>(i);
    if (member.role == catalog::Role::derived || member.role == catalog::Role::child_set) left_out[i] = true;
    if (!member.unique) continue;
    bool listed = false;
    for (const auto& set : unique_sets) listed = listed || (set.size() == 1 && set.front() == number);
    if (!listed) unique_sets.push_back({number});
  }
  // Stamps say when and by whom, which the change row says itself.
  for (const std::int32_t stamp : {version, created_at, created_by, updated_at, updated_by}) {
    if (stamp >= 0) left_out[static_cast<std::size_t>(stamp)] = true;
  }
  for (const std::int32_t lifecycle : of.lifecycles) {
    const std::int32_t since = catalog.lifecycles[static_cast<std::size_t>(lifecycle)].since_member;
    if (since >= 0) left_out[static_cast<std::size_t>(since)] = true;
  }
  for (const catalog::Validation& rule : catalog.validations) {
    if (rule.record_type != of.number) continue;
    (reads_others(of, *rule.reject_when) ? deferred_rules : own_rules).push_back(&rule);
  }
}

}  // namespace kith::internal::facts
