#include "catalog/reads.hpp"

#include <algorithm>

namespace kith::internal::catalog {
namespace {

template <class Thing>
void add_once(std::vector<Thing>& list, Thing thing) {
  if (std::find(list.begin(), list.end(), thing) == list.end()) list.push_back(std::move(thing));
}

}  // namespace

void add_reads(Derivation& derivation, const expr::Program& program, std::int32_t through_set) {
  for (expr::Read read : program.reads) {
    if (through_set >= 0) read.path.insert(read.path.begin(), expr::Hop{true, derivation.record_type, through_set});
    add_once(derivation.reads, std::move(read));
  }
  for (const std::string& set : program.parameters) add_once(derivation.parameter_sets, set);
}

void add_set_reads(const Catalog& catalog, Derivation& derivation, std::int32_t set_member) {
  const Member& set = catalog.type(derivation.record_type).members[static_cast<std::size_t>(set_member)];
  expr::Read edge;
  edge.path.push_back(expr::Hop{true, derivation.record_type, set_member});
  edge.record_type = set.type.record_type;
  edge.member = set.set_ref_member;
  add_once(derivation.reads, std::move(edge));
}

}  // namespace kith::internal::catalog
