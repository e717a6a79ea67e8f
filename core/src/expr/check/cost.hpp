// How many steps an evaluation takes, estimated when an expression is declared, so that one that would be slow for
// every record is refused with its reason and not found out later.
#pragma once
#include "expr/tree/node.hpp"

namespace kith::internal::expr {

inline constexpr std::int64_t kRecordsPerSet = 100;  ///< taken for granted
inline constexpr std::int64_t kMostSteps = 250'000;  ///< a few milliseconds

std::int64_t cost_of(const Node& node);
/// The complaint about a tree that costs too much, at its dearest macro.
Diagnostic too_costly(const Node& root, std::int64_t cost);

}  // namespace kith::internal::expr
