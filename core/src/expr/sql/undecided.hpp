// What of a condition SQL leaves to the evaluator: the parts of its && that are not exact there.
#pragma once
#include <cstdint>
#include <vector>

#include "expr/evaluate/evaluate.hpp"

namespace kith::internal::expr {

struct Undecided {
  std::vector<const Node*> parts;  ///< of the program, which outlives this
  std::vector<std::int32_t>
      facts;  ///< stored fields of the record itself that they read, refs that they follow included
};
/// Nothing where SQL decides the whole program.
Undecided undecided(const Program& program);
/// Whether the parts hold; together with lower_parts, the whole program does.
bool holds(const Undecided& rest, RecordView& record, const Env& env);

}  // namespace kith::internal::expr
