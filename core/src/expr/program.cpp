#include "expr/program.hpp"

#include <algorithm>
#include <array>

#include "base/problem/excerpt.hpp"
#include "expr/check/checker.hpp"
#include "expr/check/cost.hpp"
#include "expr/parse/syntax.hpp"
#include "expr/quick/quick.hpp"
#include "expr/sql/sql_class.hpp"

namespace kith::internal::expr {
namespace {

template <class T>
void add_once(std::vector<T>& list, T entry) {
  if (std::find(list.begin(), list.end(), entry) == list.end()) list.push_back(std::move(entry));
}

// What a walk over the tree finds. Names that begin at a macro's variable are read behind the set of the macro.
class Collector {
 public:
  explicit Collector(Program& program) : program_(program) {}

  void collect(const Node& node) {
    switch (node.op) {
      case Op::self:
      case Op::member: member(node); break;
      case Op::over_set: set(node); break;
      case Op::setting: add_once(program_.settings, node.name); break;
      case Op::published: add_once(program_.parameters, node.name); break;
      case Op::plugin: add_once(program_.functions, node.name); break;
      case Op::constant: constant(node); break;
      case Op::function: function(node); break;
      case Op::brought: program_.uses_unicode = program_.uses_unicode || node.keyed; break;
      default: break;
    }
    for (const NodePtr& part : node.parts) collect(*part);
  }

 private:
  // For every hop the ref that leads on. Returns the path to the end.
  std::vector<Hop> walk(const Node& node) {
    std::vector<Hop> path = node.slot >= 0 ? bases_[static_cast<std::size_t>(node.slot)] : std::vector<Hop>{};
    for (const Step& step : node.path) {
      add_once(program_.reads, Read{path, step.hop.record_type, step.hop.member});
      path.push_back(step.hop);
    }
    return path;
  }

  void member(const Node& node) {
    if (node.slot == kActorSlot) {
      program_.uses_actor = true;
      return;
    }
    std::vector<Hop> path = walk(node);
    if (node.op == Op::member) add_once(program_.reads, Read{std::move(path), node.record_type, node.number});
  }

  // Which records are in it: the children's ref; or the edges, and whether what they lead to is there. Behind refs also
  // whether the record that has the set is there.
  void set(const Node& node) {
    program_.uses_sets = true;
    std::vector<Hop> path = walk(node);
    const Hop& hop = node.set.hop;
    if (!node.path.empty()) add_once(program_.reads, Read{path, hop.record_type, -1});
    if (hop.relationship >= 0) add_once(program_.reads, Read{path, hop.record_type, -1, hop.relationship});
    path.push_back(hop);
    add_once(program_.reads, Read{path, node.set.target, node.set.set_ref});
    bases_[static_cast<std::size_t>(node.binds)] = std::move(path);
  }

  void function(const Node& node) {
    const auto is_among = [&](std::initializer_list<Function> functions) {
      return std::find(functions.begin(), functions.end(), node.function) != functions.end();
    };
    program_.uses_unicode = program_.uses_unicode || is_among({Function::fold, Function::upper, Function::lower});
    const bool of_day = is_among({Function::today, Function::date, Function::timestamp, Function::next_anniversary});
    const std::size_t zone = node.function == Function::today ? 0 : 1;
    if (of_day && node.parts.size() > zone) program_.uses_zones = true;
  }

  // An enum's own values are bare; "bundle.id" is one that the bundle has added.
  void constant(const Node& node) {
    if (is_enum(node.type) && node.constant.s.find('.') != std::string::npos)
      add_once(program_.values, node.constant.s);
  }

  Program& program_;
  std::array<std::vector<Hop>, kSlots> bases_;
};

}  // namespace

Program::Program() = default;
Program::~Program() = default;

const char* sql_class_name(SqlClass c) {
  return c == SqlClass::exact ? "exact" : c == SqlClass::superset ? "superset" : "vm_only";
}

ProgramPtr compile(std::string_view source, const Scope& scope, std::vector<Diagnostic>& diagnostics) {
  const std::size_t before = diagnostics.size();
  const SyntaxPtr syntax = parse(source, diagnostics);
  if (!syntax) return nullptr;
  Checker checker(source, scope, diagnostics);
  NodePtr root = checker.check(*syntax);
  if (scope.wanted) checker.require(root, *scope.wanted);
  if (scope.rules.stored) checker.require_known_changes(*root);
  const std::int64_t cost = cost_of(*root);
  if (cost > kMostSteps) diagnostics.push_back(too_costly(*root, cost));
  // By place, so that a reader meets them as the text runs.
  std::stable_sort(diagnostics.begin() + static_cast<std::ptrdiff_t>(before), diagnostics.end(),
                   [](const Diagnostic& a, const Diagnostic& b) { return a.begin < b.begin; });
  if (diagnostics.size() != before) return nullptr;

  auto program = std::make_shared<Program>();
  program->source = std::string{source};
  program->record_type = scope.record_type;
  program->type = root->type;
  program->nullable = root->nullable || root->fallible;
  program->uses_now = root->uses_now;
  program->uses_old = root->reads_old;
  program->sql_class = classify(*root);
  Collector(*program).collect(*root);
  program->cost = cost;
  program->quick = compile_quick(*root);
  program->root = std::move(root);
  return program;
}

std::optional<Hop> compile_set(std::string_view source, const Scope& scope, std::vector<Diagnostic>& diagnostics) {
  const SyntaxPtr syntax = parse(source, diagnostics);
  if (!syntax) return std::nullopt;
  return Checker(source, scope, diagnostics).check_set(*syntax);
}

Problem to_problem(const Diagnostic& diagnostic, std::string_view source, const std::string& what,
                   const std::function<Place(std::size_t)>& place_of) {
  Problem problem;
  problem.number = diagnostic.number;
  problem.message = what.empty() ? diagnostic.message : what + ": " + diagnostic.message;
  if (place_of) problem.where = place_of(diagnostic.begin);
  const std::size_t length = diagnostic.end > diagnostic.begin ? diagnostic.end - diagnostic.begin : 1;
  problem.excerpt = caret_excerpt(source, diagnostic.begin, length);
  problem.whole_excerpt = whole_caret_excerpt(source, diagnostic.begin, length);
  problem.fix = diagnostic.fix;
  return problem;
}

ProgramPtr compile_or_throw(std::string_view source, const Scope& scope) {
  std::vector<Diagnostic> diagnostics;
  ProgramPtr program = compile(source, scope, diagnostics);
  if (program) return program;
  std::vector<Problem> problems;
  const auto place = [&](std::size_t offset) { return place_of_offset(source, offset); };
  for (const Diagnostic& diagnostic : diagnostics) problems.push_back(to_problem(diagnostic, source, {}, place));
  throw Error(std::move(problems));
}

}  // namespace kith::internal::expr
