// What a record must satisfy before it is written: each failure is one Problem, and all are gathered.
#pragma once
#include <optional>
#include <set>
#include <span>

#include "access/unit.hpp"
#include "derive/engine.hpp"
#include "facts/save/type_facts.hpp"

namespace kith::internal::facts {

/// A record's new state on its way to be written.
struct Candidate {
  const TypeFacts& facts;
  RecordId id;
  const store::Row& row;
  const store::Row* committed = nullptr;  ///< before the transaction; null: it did not exist
  std::span<const std::int32_t> changed;  ///< members whose rules are to be looked at
  const std::set<std::int32_t>& failed;   ///< members whose input was refused already
};

/// Required, limits, patterns, references, uniqueness, and the rules that read the record's own fields.
void validate(access::Unit& unit, derive::Engine& derivations, const Candidate& candidate, Problems& problems);
/// The rules that read other records or derivations; the record is written by now.
void validate_deferred(access::Unit& unit, derive::Engine& derivations, const TypeFacts& facts, const RecordId& id,
                       const store::Row* committed, Problems& problems);

}  // namespace kith::internal::facts
