// What a derivation reads, as seen from its own record.
#pragma once
#include "catalog/builder.hpp"

namespace kith::internal::catalog {

/// Adds the program's reads and parameter sets; with `through_set` >= 0 the program runs on that set's rows.
void add_reads(Derivation& derivation, const expr::Program& program, std::int32_t through_set);
/// Adds what decides which rows are in a set: the ref of the child.
void add_set_reads(const Catalog& catalog, Derivation& derivation, std::int32_t set_member);
/// The child set that "over" names; -1, with a problem.
std::int32_t find_set(Builder& builder, const Item& item, std::int32_t record_type, const std::string& what);

}  // namespace kith::internal::catalog
