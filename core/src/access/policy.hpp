// Who may do what. One policy for now: within one's tenant, everything. Every read and every write asks here, so that
// roles and record rules have one place to come to.
#pragma once
#include "access/unit.hpp"
#include "expr/sql/lower.hpp"

namespace kith::internal::access {

enum class Operation : std::uint8_t { read, create, update, remove, transition, relate, export_ };

/// Throws denied.
void require(const Unit& unit, Operation operation, std::int32_t record_type);
/// The predicate over facts alias `alias` that every reading statement of a record type carries: tenant, liveness,
/// rules.
expr::Sql readable(const Unit& unit, std::int32_t record_type, std::string_view alias);

}  // namespace kith::internal::access
