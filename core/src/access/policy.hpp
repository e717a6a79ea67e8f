// Who may do what. One policy for now: within one's tenant, everything. Every read and every write asks here, so that
// roles and record rules have one place to come to.
#pragma once
#include <span>

#include "access/operation.hpp"
#include "access/unit.hpp"
#include "expr/sql/lower.hpp"

namespace kith::internal::access {

/// Throws denied.
void require(const Unit& unit, Operation operation, std::int32_t record_type);
/// The same before records are read for it, of these members (empty: all); also where the unit only reads.
void require_read(const Unit& unit, Operation operation, std::int32_t record_type,
                  std::span<const std::int32_t> members);
/// The predicate over facts alias `alias` that every reading statement of a record type carries: tenant, liveness,
/// rules.
expr::Sql readable(const Unit& unit, std::int32_t record_type, std::string_view alias);

}  // namespace kith::internal::access
