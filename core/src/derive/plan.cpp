#include "derive/plan.hpp"

#include <algorithm>
#include <string_view>

namespace kith::internal::derive {
namespace {

void add_link(std::vector<Link>& links, std::int32_t derivation, const Path& path) {
  const bool there = std::any_of(links.begin(), links.end(),
                                 [&](const Link& link) { return link.derivation == derivation && *link.path == path; });
  if (!there) links.push_back({derivation, &path});
}

void add_readers(std::vector<Link>& links, const catalog::Catalog& catalog, std::int32_t record_type,
                 std::int32_t member) {
  if (member < 0) return;
  for (const catalog::Catalog::Reader& reader : catalog.readers(record_type, member))
    add_link(links, reader.derivation, reader.path);
}

}  // namespace

Plan::Plan(const catalog::Catalog& catalog)
    : catalog_(&catalog), known_(catalog.derivations.size()), types_(catalog.record_types.size()) {}

const std::vector<Link>& Plan::inputs(std::int32_t number) {
  auto& known = known_[static_cast<std::size_t>(number)].inputs;
  if (known) return *known;
  std::vector<Link> links;
  for (const expr::Read& read : derivation(number).reads) {
    if (read.member < 0) continue;
    const catalog::Member& member = catalog_->type(read.record_type).members[static_cast<std::size_t>(read.member)];
    if (member.role == catalog::Role::derived) add_link(links, member.derivation, read.path);
  }
  known = std::move(links);
  return *known;
}

const std::vector<Link>& Plan::readers(std::int32_t number) {
  auto& known = known_[static_cast<std::size_t>(number)].readers;
  if (known) return *known;
  std::vector<Link> links;
  const catalog::Derivation& of = derivation(number);
  add_readers(links, *catalog_, of.record_type, of.member);
  add_readers(links, *catalog_, of.record_type, of.band_member);
  known = std::move(links);
  return *known;
}

const std::vector<std::int32_t>& Plan::transitive_readers(std::int32_t number) {
  auto& known = known_[static_cast<std::size_t>(number)].transitive;
  if (known) return *known;
  std::vector<std::int32_t> all;
  std::vector<std::int32_t> next{number};
  while (!next.empty()) {
    const std::int32_t now = next.back();
    next.pop_back();
    for (const Link& reader : readers(now)) {
      if (reader.derivation == number || std::find(all.begin(), all.end(), reader.derivation) != all.end()) continue;
      all.push_back(reader.derivation);
      next.push_back(reader.derivation);
    }
  }
  std::sort(all.begin(), all.end());
  auto& kept = known_[static_cast<std::size_t>(number)].transitive;
  kept = std::move(all);
  return *kept;
}

bool Plan::stays(std::int32_t number) {
  if (const auto& known = known_[static_cast<std::size_t>(number)].stays) return *known;
  const auto local = [&](std::int32_t d) {
    const std::vector<Link>& links = readers(d);
    return std::all_of(links.begin(), links.end(), [](const Link& link) { return link.path->empty(); });
  };
  const std::vector<std::int32_t>& further = transitive_readers(number);
  const bool stays = local(number) && std::all_of(further.begin(), further.end(), local);
  known_[static_cast<std::size_t>(number)].stays = stays;
  return stays;
}

const std::vector<std::int32_t>& Plan::of_type(std::int32_t record_type) {
  auto& known = types_[static_cast<std::size_t>(record_type)].derivations;
  if (known) return *known;
  std::vector<std::int32_t> found;
  for (const catalog::Derivation& each : catalog_->derivations) {
    if (each.record_type == record_type) found.push_back(each.number);
  }
  known = std::move(found);
  return *known;
}

const std::vector<Link>& Plan::readers_of_type(std::int32_t record_type) {
  auto& known = types_[static_cast<std::size_t>(record_type)].readers;
  if (known) return *known;
  std::vector<Link> links;
  const auto members = static_cast<std::int32_t>(catalog_->type(record_type).members.size());
  for (std::int32_t member = 0; member < members; ++member) add_readers(links, *catalog_, record_type, member);
  for (const catalog::Catalog::Reader& reader : catalog_->readers(record_type, -1))
    add_link(links, reader.derivation, reader.path);
  known = std::move(links);
  return *known;
}

const std::vector<std::pair<std::int32_t, std::int32_t>>& Plan::sets_of(std::int32_t record_type,
                                                                        std::int32_t ref_member) {
  auto& sets = types_[static_cast<std::size_t>(record_type)].sets;
  const catalog::RecordType& type = catalog_->type(record_type);
  if (sets.size() < type.members.size()) sets.resize(type.members.size());
  auto& known = sets[static_cast<std::size_t>(ref_member)];
  if (known) return *known;
  std::vector<std::pair<std::int32_t, std::int32_t>> found;
  const catalog::Member& ref = type.members[static_cast<std::size_t>(ref_member)];
  if (ref.type.kind == Kind::ref && ref.type.record_type >= 0) {
    const catalog::RecordType& target = catalog_->type(ref.type.record_type);
    for (std::size_t i = 0; i < target.members.size(); ++i) {
      const catalog::Member& set = target.members[i];
      if (set.role == catalog::Role::child_set && set.type.record_type == record_type &&
          set.set_ref_member == ref_member) {
        found.emplace_back(target.number, static_cast<std::int32_t>(i));
      }
    }
  }
  known = std::move(found);
  return *known;
}

bool Plan::announced(std::int32_t number) {
  auto& known = known_[static_cast<std::size_t>(number)].announced;
  if (known) return *known;
  const catalog::DerivationKind kind = derivation(number).kind;
  known = kind == catalog::DerivationKind::segment || kind == catalog::DerivationKind::automatic ||
          ((kind == catalog::DerivationKind::trigger || kind == catalog::DerivationKind::score) &&
           std::any_of(catalog_->workflows.begin(), catalog_->workflows.end(),
                       [&](const catalog::Workflow& workflow) { return workflow.trigger.derivation == number; }));
  return *known;
}

std::vector<std::int32_t> Plan::readers_of_set(std::string_view parameter_set) const {
  std::vector<std::int32_t> found;
  for (const catalog::Derivation& each : catalog_->derivations) {
    const auto& sets = each.parameter_sets;
    if (std::find(sets.begin(), sets.end(), parameter_set) != sets.end()) found.push_back(each.number);
  }
  return found;
}

}  // namespace kith::internal::derive
