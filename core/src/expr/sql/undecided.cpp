#include "expr/sql/undecided.hpp"

#include <algorithm>

#include "expr/evaluate/evaluation.hpp"
#include "expr/sql/sql_class.hpp"

namespace kith::internal::expr {
namespace {

void add_once(std::vector<std::int32_t>& members, std::int32_t member) {
  if (std::find(members.begin(), members.end(), member) == members.end()) members.push_back(member);
}

void add_facts(const Node& node, std::vector<std::int32_t>& facts) {
  const bool reads = node.op == Op::member || node.op == Op::self || node.op == Op::over_set;
  if (reads && !node.old && node.slot == -1) {
    if (!node.path.empty()) {
      const Step& first = node.path.front();
      if (!first.derived && !first.hop.through_set && first.hop.member >= 0) add_once(facts, first.hop.member);
    } else if (node.op == Op::member && !node.derived) {
      add_once(facts, node.number);
    }
  }
  for (const NodePtr& part : node.parts) add_facts(*part, facts);
}

void add_parts(const Node& node, Undecided& rest) {
  if (node.op == Op::logic_and) {
    for (const NodePtr& part : node.parts) add_parts(*part, rest);
    return;
  }
  if (classify(node) == SqlClass::exact) return;
  rest.parts.push_back(&node);
  add_facts(node, rest.facts);
}

}  // namespace

Undecided undecided(const Program& program) {
  Undecided rest;
  if (program.sql_class == SqlClass::exact) return rest;
  if (program.sql_class == SqlClass::vm_only) {
    rest.parts.push_back(program.root.get());
    add_facts(*program.root, rest.facts);
    return rest;
  }
  add_parts(*program.root, rest);
  return rest;
}

bool holds(const Undecided& rest, RecordView& record, const Env& env) {
  Evaluator evaluator(env, &record, false);
  return std::all_of(rest.parts.begin(), rest.parts.end(),
                     [&](const Node* part) { return evaluator.judge(*part).truth == Truth::yes; });
}

}  // namespace kith::internal::expr
