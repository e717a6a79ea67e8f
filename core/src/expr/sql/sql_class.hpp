// What SQL can decide of a checked tree; decided once, when it is compiled.
#pragma once
#include "expr/tree/node.hpp"

namespace kith::internal::expr {

/// A condition is a superset where some terms of an && are beyond SQL: those are left out, so that more rows come back.
SqlClass classify(const Node& node);

/// One field of the record itself is one of some values that are known before: ==, in, or an || of these.
bool is_membership(const Node& node);
/// No record is read: lowering computes it and binds the result.
inline bool is_fixed(const Node& node) { return !node.reads_record; }

/// The largest power of ten in which ints and amounts are rounded: the last that 64 bits hold.
inline constexpr std::int64_t kMostRoundingInSql = 18;

/// Of a comparison: the date of an instant, or the instant at which a date begins, in a zone, that decides it against
/// something fixed; `side` is where it stands. nullptr: it is no such comparison.
const Node* zoned_side(const Node& node, std::size_t& side);

}  // namespace kith::internal::expr
