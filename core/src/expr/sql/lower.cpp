#include "expr/sql/lower.hpp"

#include <algorithm>

#include "expr/sql/lowerer.hpp"
#include "expr/sql/sql_class.hpp"

namespace kith::internal::expr {
namespace {

[[noreturn]] void refuse(const Program& program, const std::string& why) {
  throw Error(ProblemNumber::not_exact_in_sql, "'" + program.source + "' " + why,
              "read the records and evaluate it on each, or store it as a formula or segment and ask for that");
}

}  // namespace

Sql lower_true(const Program& program, const Env& env, const Lowering& how) {
  if (program.sql_class == SqlClass::vm_only) refuse(program, "can't be decided by the database");
  return Lowerer(env, how).truth(*program.root, true);
}

Sql lower_false(const Program& program, const Env& env, const Lowering& how) {
  if (program.sql_class != SqlClass::exact) refuse(program, "can't be decided exactly by the database");
  return Lowerer(env, how).truth(*program.root, false);
}

Sql lower_value(const Program& program, const Env& env, const Lowering& how) {
  if (program.sql_class != SqlClass::exact) refuse(program, "can't be computed by the database");
  return Lowerer(env, how).compared(*program.root);
}

bool reads_derived_of(const Node& node, std::int8_t slot) {
  const bool reads = node.op == Op::member || node.op == Op::over_set || node.op == Op::self;
  const bool own = reads && !node.old && node.slot == slot;
  if (own && (node.path.empty() ? node.op == Op::member && node.derived : node.path.front().derived)) return true;
  return std::any_of(node.parts.begin(), node.parts.end(),
                     [&](const NodePtr& part) { return reads_derived_of(*part, slot); });
}

bool needs_derived(const Program& program) { return reads_derived_of(*program.root, -1); }

}  // namespace kith::internal::expr
