// What a derivation reads, as seen from its own record.
#pragma once
#include <optional>

#include "catalog/builder/builder.hpp"

namespace kith::internal::catalog {

/// Adds the program's reads and parameter sets; with `through_set` the program runs on that set's records.
void add_reads(Derivation& derivation, const expr::Program& program,
               const std::optional<expr::Hop>& through_set = std::nullopt);
/// Adds what decides which records are in a set: the ref of the child; or the edges, and whether their ends are there.
void add_set_reads(const Catalog& catalog, Derivation& derivation, const expr::Hop& set);
/// The set that "over" names, of records of the type: child records, or rel('name'). Nothing, with a problem.
std::optional<expr::Hop> find_set(Builder& builder, const Item& item, std::int32_t record_type,
                                  const std::string& what);

}  // namespace kith::internal::catalog
