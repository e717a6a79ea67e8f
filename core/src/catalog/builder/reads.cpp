#include "catalog/builder/reads.hpp"

#include <algorithm>

namespace kith::internal::catalog {
namespace {

template <class Thing>
void add_once(std::vector<Thing>& list, Thing thing) {
  if (std::find(list.begin(), list.end(), thing) == list.end()) list.push_back(std::move(thing));
}

}  // namespace

void add_reads(Derivation& derivation, const expr::Program& program, const std::optional<expr::Hop>& through_set) {
  for (expr::Read read : program.reads) {
    if (through_set) read.path.insert(read.path.begin(), *through_set);
    add_once(derivation.reads, std::move(read));
  }
  for (const std::string& set : program.parameters) add_once(derivation.parameter_sets, set);
}

void add_set_reads(const Catalog& catalog, Derivation& derivation, const expr::Hop& set) {
  expr::Read inside;
  inside.path.push_back(set);
  inside.record_type = catalog.target_of(set);
  if (set.relationship >= 0) {
    add_once(derivation.reads, expr::Read{{}, set.record_type, -1, set.relationship});
  } else {
    inside.member = catalog.type(set.record_type).members[static_cast<std::size_t>(set.member)].set_ref_member;
  }
  add_once(derivation.reads, std::move(inside));
}

}  // namespace kith::internal::catalog
