#include "expr/evaluation.hpp"

namespace kith::internal::expr {
namespace {

std::string piece(const Program& program, const Node& node) {
  return program.source.substr(node.begin, node.end - node.begin);
}

class Explainer {
 public:
  Explainer(const Program& program, const Env& env) : program_(program), env_(env) {}

  Explained run(const Node& node, RecordView* record) const {
    const Timed timed = Evaluator(env_, record).run(node);
    Explained out{piece(program_, node), timed.value, timed.until, {}};
    if (node.op == Op::conditional) {
      add(out, *node.parts[0], record);
      const Value& condition = out.parts.empty() ? node.parts[0]->constant : out.parts[0].value;
      if (!condition.is_dead()) add(out, *node.parts[condition.is_true() ? 1 : 2], record);
      return out;
    }
    for (const NodePtr& part : node.parts) {
      add(out, *part, record);
      // What stands behind the first that is there was not looked at.
      const bool stop = node.op == Op::coalesce && !Evaluator(env_, record).run(*part).value.is_dead();
      if (stop) break;
    }
    if (node.op == Op::changed || node.op == Op::became) {
      add(out, *node.parts[0], env_.old);
      if (!out.parts.empty()) out.parts.back().source.insert(0, "before: ");
    }
    return out;
  }

 private:
  // Literals say nothing that the text does not.
  void add(Explained& out, const Node& part, RecordView* record) const {
    if (part.op != Op::constant) out.parts.push_back(run(part, record));
  }

  const Program& program_;
  const Env& env_;
};

}  // namespace

Explained explain(const Program& program, RecordView& record, const Env& env) {
  return Explainer(program, env).run(*program.root, &record);
}

}  // namespace kith::internal::expr
