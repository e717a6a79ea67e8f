#include "expr/check/cost.hpp"

#include <algorithm>

namespace kith::internal::expr {
namespace {

constexpr std::int64_t kCallOfAPlugin = 20;

const Node* dearest_macro(const Node& node) {
  const Node* best = node.op == Op::over_set ? &node : nullptr;
  for (const NodePtr& part : node.parts) {
    const Node* one = best == &node ? nullptr : dearest_macro(*part);
    if (one != nullptr && (best == nullptr || cost_of(*one) > cost_of(*best))) best = one;
  }
  return best;
}

}  // namespace

std::int64_t cost_of(const Node& node) {
  std::int64_t parts = 0;
  for (const NodePtr& part : node.parts) parts += cost_of(*part);
  const auto own = static_cast<std::int64_t>(1 + node.path.size());
  if (node.op == Op::over_set) return own + kRecordsPerSet * (1 + parts);
  return own + parts + (node.op == Op::plugin ? kCallOfAPlugin : 0);
}

Diagnostic too_costly(const Node& root, std::int64_t cost) {
  const Node* macro = dearest_macro(root);
  const Node& at = macro == nullptr ? root : *macro;
  return {ProblemNumber::expression_too_large, at.begin, at.end,
          "with " + std::to_string(kRecordsPerSet) + " records in each set this takes about " + std::to_string(cost) +
              " steps for one record, and at most " + std::to_string(kMostSteps) + " are allowed",
          "make a rollup or formula of what is looked for in the inner set, and use its name"};
}

}  // namespace kith::internal::expr
