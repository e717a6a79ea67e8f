#include "fuzz/expr_input.hpp"

#include "base/problem/error.hpp"
#include "unit/expr/engines/engines.hpp"

namespace kith::test {
namespace {

using namespace internal::expr;           // NOLINT: the language under test
using namespace internal::expr::testing;  // NOLINT

std::string fault_of(const Diagnostic& one, std::string_view source) {
  if (one.begin > one.end || one.end > source.size()) return "a complaint points outside of the text: " + one.message;
  if (one.message.empty() || one.fix.empty()) return "a complaint without a message or a fix";
  return to_problem(one, source, "", {}).excerpt.find('^') == std::string::npos ? "an excerpt without a caret" : "";
}

// Where an expression stands decides what it may use: a filter, a stored derivation, the condition of a trigger.
Scope scope_of(const Scene& scene, int place) {
  Scope scope;
  scope.names = &scene.world;
  scope.record_type = kCustomer;
  scope.rules.stored = place == 1;
  scope.rules.allow_parameters = place != 1;
  scope.rules.allow_old = place == 2;
  scope.parameters = {{"since", Type::of(internal::Kind::timestamp)}};
  return scope;
}

// One world for all inputs: an input must not change it.
struct Ground {
  Scene scene{7};
  std::unique_ptr<Engine> evaluator = evaluator_engine();
  std::unique_ptr<Engine> sqlite = sqlite_engine();
  Ground() {
    scene.env.parameters = {{"since", internal::Value::timestamp(scene.env.now)}};
    scene.env.old = &scene.customers[1];
    evaluator->load(scene);
    sqlite->load(scene);
  }
};

std::string fault_of_run(Ground& ground, const ProgramPtr& program) {
  Scene& scene = ground.scene;
  for (std::size_t i = 0; i < 4; ++i) {
    const Timed timed = evaluate(*program, scene.customers[i], scene.env);
    const Explained explained = explain(*program, scene.customers[i], scene.env);
    if (canonical(timed.value) != canonical(explained.value)) return "explain gives another value";
    if (timed.until <= scene.env.now && scene.env.now != internal::kForever) return "valid_until is not after now";
    if (!timed.value.is_dead() && timed.value.kind != program->type.kind)
      return "a value of another type than was declared";
  }
  if (program->sql_class == SqlClass::vm_only) return {};
  if (program->type.kind != internal::Kind::boolean) {
    if (program->type.kind == internal::Kind::null) return {};
    lower_value(*program, scene.env, scene.lowering(Dialect::postgresql));
    if (program->type.kind == internal::Kind::json || program->type.kind == internal::Kind::ref) return {};
    return ground.evaluator->compute({program}) == ground.sqlite->compute({program}) ? ""
                                                                                     : "SQLite computes another value";
  }
  lower_true(*program, scene.env, scene.lowering(Dialect::postgresql));
  const Verdict expected = ground.evaluator->judge({program})[0];
  const Verdict seen = ground.sqlite->judge({program})[0];
  if (agrees(*program, *ground.sqlite, expected, seen)) return {};
  return "SQLite divides otherwise: " + expected.letters + " " + seen.letters + seen.failure;
}

}  // namespace

std::string fault_of_expression(std::string_view source) {
  static Ground ground;
  for (int place = 0; place < 3; ++place) {
    std::vector<Diagnostic> diagnostics;
    const ProgramPtr program = compile(source, scope_of(ground.scene, place), diagnostics);
    if (!program && diagnostics.empty()) return "refused without a word";
    for (const Diagnostic& one : diagnostics) {
      if (const std::string fault = fault_of(one, source); !fault.empty()) return fault;
    }
    if (!program) continue;
    try {
      if (const std::string fault = fault_of_run(ground, program); !fault.empty()) return fault;
    } catch (const internal::Error& error) {
      // Too long for SQL is an answer.
      if (error.number() != internal::ProblemNumber::expression_too_large) return error.first().message;
    }
  }
  return {};
}

}  // namespace kith::test
