#include "derive/plan/plan.hpp"

#include <algorithm>

namespace kith::internal::derive {
namespace {

using catalog::Derivation;
using catalog::DerivationKind;

const catalog::Member& member_at(const catalog::Catalog& catalog, std::int32_t record_type, std::int32_t member) {
  return catalog.type(record_type).members[static_cast<std::size_t>(member)];
}

Path joined(const Path& first, const Path& second) {
  Path path = first;
  path.insert(path.end(), second.begin(), second.end());
  return path;
}

void add_link(std::vector<Link>& links, std::int32_t derivation, const Path* path) {
  const bool there = std::any_of(links.begin(), links.end(),
                                 [&](const Link& link) { return link.derivation == derivation && link.path == path; });
  if (!there) links.push_back({derivation, path});
}

void add_reach(std::vector<Reach>& reaches, const Path* path, std::int32_t record_type, std::size_t position,
               bool hard) {
  auto found = std::find_if(reaches.begin(), reaches.end(),
                            [&](const Reach& reach) { return reach.path == path && reach.record_type == record_type; });
  if (found == reaches.end()) found = reaches.insert(reaches.end(), Reach{path, record_type, {}, {}});
  if (hard) {
    found->hard.add(position);
    found->soft.remove(position);
  } else if (!found->hard.has(position)) {
    found->soft.add(position);
  }
}

/// The programs that a rollup asks of each child.
std::vector<const expr::Program*> of_children(const Derivation& rollup) {
  std::vector<const expr::Program*> programs;
  for (const expr::ProgramPtr* program : {&rollup.where, &rollup.value, &rollup.at})
    if (*program != nullptr) programs.push_back(program->get());
  return programs;
}

bool reads_own_facts_only(const catalog::Catalog& catalog, const expr::Program& program) {
  return !program.uses_sets && program.parameters.empty() && program.functions.empty() &&
         std::all_of(program.reads.begin(), program.reads.end(), [&](const expr::Read& read) {
           return read.path.empty() && read.relationship < 0 &&
                  (read.member < 0 || member_at(catalog, read.record_type, read.member).role != catalog::Role::derived);
         });
}

/// Whole numbers add up exactly, in any order; doubles don't, and a mean, a median or a count of what is distinct can't
/// be told from what it was before.
bool is_by_difference(const catalog::Catalog& catalog, const Derivation& derivation) {
  if (derivation.kind != DerivationKind::rollup || derivation.over.relationship >= 0) return false;
  const catalog::Member& member = member_at(catalog, derivation.record_type, derivation.member);
  switch (derivation.aggregate) {
    case expr::Aggregate::count: break;
    case expr::Aggregate::sum:
      if (member.type.kind == Kind::real) return false;
      break;
    case expr::Aggregate::min:
    case expr::Aggregate::max: break;
    default: return false;
  }
  const auto programs = of_children(derivation);
  return std::all_of(programs.begin(), programs.end(),
                     [&](const expr::Program* program) { return reads_own_facts_only(catalog, *program); });
}

}  // namespace

/// One thing that a derivation reads, itself or through what it reads.
struct Plan::Full {
  const Path* path;
  std::int32_t record_type, member, relationship;
  bool direct;
  friend bool operator==(const Full& a, const Full& b) {
    return a.path == b.path && a.record_type == b.record_type && a.member == b.member &&
           a.relationship == b.relationship;
  }
};

Plan::Plan(const catalog::Catalog& catalog)
    : catalog_(&catalog),
      types_(catalog.record_types.size()),
      positions_(catalog.derivations.size()),
      inputs_(catalog.derivations.size()),
      readers_(catalog.derivations.size()),
      edges_(catalog.relationships.size()) {
  for (std::size_t i = 0; i < types_.size(); ++i) types_[i].members.resize(catalog.record_types[i].members.size());
  for (const Derivation& derivation : catalog.derivations) {
    TypePlan& type = types_[static_cast<std::size_t>(derivation.record_type)];
    const std::size_t position = type.derivations.size();
    positions_[static_cast<std::size_t>(derivation.number)] = position;
    type.derivations.push_back(derivation.number);
    type.all.add(position);
    type.inputs.emplace_back();
    type.sets.emplace_back();
    if (is_watched(derivation)) type.watched.add(position);
    if (derivation.kind == DerivationKind::automatic) type.automatic.add(position);
    if (is_by_difference(catalog, derivation)) type.by_difference.add(position);
  }
  for (const catalog::RecordType& holder : catalog.record_types) {
    for (std::size_t i = 0; i < holder.members.size(); ++i) {
      const catalog::Member& set = holder.members[i];
      if (set.role != catalog::Role::child_set || set.type.record_type < 0) continue;
      types_[static_cast<std::size_t>(set.type.record_type)].parents.push_back(
          {set.set_ref_member, holder.number, static_cast<std::int32_t>(i)});
    }
  }
  std::vector<std::vector<Full>> full(catalog.derivations.size());
  for (const Derivation& derivation : catalog.derivations) {
    link(derivation, full);
    classify(derivation);
  }
  for (TypePlan& type : types_) {
    for (const std::vector<Reach>& member : type.members)
      for (const Reach& one : member) {
        one.hard.each([&](std::size_t position) { add_reach(type.whole, one.path, one.record_type, position, true); });
        one.soft.each([&](std::size_t position) { add_reach(type.whole, one.path, one.record_type, position, false); });
      }
  }
}

const Path* Plan::keep(Path path) {
  for (const Path& known : paths_)
    if (known == path) return &known;
  return &paths_.emplace_back(std::move(path));
}

bool Plan::is_watched(const Derivation& derivation) const {
  if (derivation.kind == DerivationKind::segment) return true;  // its history waits for them
  if (derivation.kind != DerivationKind::trigger && derivation.kind != DerivationKind::score) return false;
  return std::any_of(catalog_->workflows.begin(), catalog_->workflows.end(), [&](const catalog::Workflow& workflow) {
    return workflow.trigger.derivation == derivation.number;
  });
}

void Plan::link(const Derivation& derivation, std::vector<std::vector<Full>>& full) {
  std::vector<Full>& own = full[static_cast<std::size_t>(derivation.number)];
  const auto add = [&](Full read) {
    const auto known = std::find(own.begin(), own.end(), read);
    if (known == own.end())
      own.push_back(read);
    else
      known->direct = known->direct || read.direct;
  };
  for (const expr::Read& read : derivation.reads) {
    const Path* path = keep(read.path);
    add({path, read.record_type, read.member, read.relationship, true});
    if (read.member < 0) continue;
    const catalog::Member& member = member_at(*catalog_, read.record_type, read.member);
    if (member.role != catalog::Role::derived) continue;
    add_link(inputs_[static_cast<std::size_t>(derivation.number)], member.derivation, path);
    add_link(readers_[static_cast<std::size_t>(member.derivation)], derivation.number, path);
    if (path->empty())
      types_[static_cast<std::size_t>(derivation.record_type)].inputs[position(derivation.number)].add(
          position(member.derivation));
    for (const Full& further : full[static_cast<std::size_t>(member.derivation)])
      add({keep(joined(*path, *further.path)), further.record_type, further.member, further.relationship, false});
  }
  for (const Full& read : own) reach(derivation, read);
}

void Plan::reach(const Derivation& derivation, const Full& read) {
  const std::size_t at = position(derivation.number);
  if (read.relationship >= 0) {
    std::vector<EdgeReach>& edges = edges_[static_cast<std::size_t>(read.relationship)];
    std::vector<Reach> one;
    add_reach(one, read.path, derivation.record_type, at, read.direct);
    for (EdgeReach& known : edges) {
      if (known.end_type != read.record_type || known.reach.path != read.path ||
          known.reach.record_type != derivation.record_type)
        continue;
      std::vector<Reach> both{known.reach};
      add_reach(both, read.path, derivation.record_type, at, read.direct);
      known.reach = std::move(both.front());
      return;
    }
    edges.push_back({read.record_type, std::move(one.front())});
    return;
  }
  if (read.record_type < 0) return;
  TypePlan& type = types_[static_cast<std::size_t>(read.record_type)];
  if (read.member < 0) return add_reach(type.whole, read.path, derivation.record_type, at, read.direct);
  const catalog::Member& member = member_at(*catalog_, read.record_type, read.member);
  if (member.role == catalog::Role::child_set) {
    // Who belongs to the set is said by the children's ref: the path goes one hop further, to them.
    Path further = *read.path;
    expr::Hop hop;
    hop.through_set = true;
    hop.record_type = read.record_type;
    hop.member = read.member;
    further.push_back(hop);
    TypePlan& child = types_[static_cast<std::size_t>(member.type.record_type)];
    add_reach(child.members[static_cast<std::size_t>(member.set_ref_member)], keep(std::move(further)),
              derivation.record_type, at, read.direct);
    return;
  }
  // That what is derived changes is told by its own readers; that its record comes or goes is told here.
  if (member.role == catalog::Role::derived)
    add_reach(type.whole, read.path, derivation.record_type, at, read.direct);
  else
    add_reach(type.members[static_cast<std::size_t>(read.member)], read.path, derivation.record_type, at, read.direct);
}

void Plan::classify(const Derivation& derivation) {
  TypePlan& type = types_[static_cast<std::size_t>(derivation.record_type)];
  const std::size_t at = position(derivation.number);
  bool over_children = false, far = false;
  for (const expr::Read& read : derivation.reads) {
    const auto sets =
        std::count_if(read.path.begin(), read.path.end(), [](const expr::Hop& hop) { return hop.through_set; });
    const bool derived =
        read.member >= 0 && member_at(*catalog_, read.record_type, read.member).role == catalog::Role::derived;
    const bool set =
        read.member >= 0 && member_at(*catalog_, read.record_type, read.member).role == catalog::Role::child_set;
    if (sets == 0 && !set && read.relationship < 0) continue;
    over_children = true;
    const bool beside = read.path.size() == 1 && read.path.front().relationship < 0 && !derived && !set;
    const bool own_set = read.path.empty() && set;
    if (!beside && !own_set) far = true;
    std::vector<expr::Hop>& known = type.sets[at];
    if (beside && std::find(known.begin(), known.end(), read.path.front()) == known.end())
      known.push_back(read.path.front());
  }
  if (far)
    type.far.add(at);
  else if (over_children)
    type.over_children.add(at);
}

std::vector<std::pair<std::int32_t, Slots>> Plan::closure(std::span<const std::int32_t> derivations) const {
  std::vector<bool> seen(positions_.size(), false);
  std::vector<std::int32_t> next(derivations.begin(), derivations.end());
  std::vector<Slots> found(types_.size());
  while (!next.empty()) {
    const std::int32_t number = next.back();
    next.pop_back();
    if (seen[static_cast<std::size_t>(number)]) continue;
    seen[static_cast<std::size_t>(number)] = true;
    found[static_cast<std::size_t>(derivation(number).record_type)].add(position(number));
    for (const Link& reader : readers(number)) next.push_back(reader.derivation);
  }
  std::vector<std::pair<std::int32_t, Slots>> out;
  for (std::size_t i = 0; i < found.size(); ++i)
    if (!found[i].empty()) out.emplace_back(static_cast<std::int32_t>(i), std::move(found[i]));
  return out;
}

std::vector<std::int32_t> Plan::readers_of_set(std::string_view parameter_set) const {
  std::vector<std::int32_t> found;
  for (const Derivation& each : catalog_->derivations) {
    const auto& sets = each.parameter_sets;
    if (std::find(sets.begin(), sets.end(), parameter_set) != sets.end()) found.push_back(each.number);
  }
  return found;
}

}  // namespace kith::internal::derive
