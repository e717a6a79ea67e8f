#include <algorithm>

#include "expr/evaluate/evaluation.hpp"

namespace kith::internal::expr {
namespace {

std::string piece(const Program& program, const Node& node) {
  return program.source.substr(node.begin, node.end - node.begin);
}

class Explainer {
 public:
  Explainer(const Program& program, const Env& env) : program_(program), env_(env) {}

  Explained run(const Node& node, RecordView* record) {
    // Shown as it is written and stored; what it is compared as says nothing more.
    if (node.op == Op::brought) return run(*node.parts[0], record);
    const Timed timed = evaluator(record).run(node);
    Explained out{piece(program_, node), timed.value, timed.until, {}, false, &node};
    if (node.op == Op::conditional) {
      add(out, *node.parts[0], record);
      const Value& condition = out.parts.empty() ? node.parts[0]->constant : out.parts[0].value;
      if (!condition.is_dead()) add(out, *node.parts[condition.is_true() ? 1 : 2], record);
      return out;
    }
    if (node.op == Op::over_set) {
      out.of_set = true;
      add_rows(out, node, record);
      return out;
    }
    for (const NodePtr& part : node.parts) {
      add(out, *part, record);
      // What stands behind the first that is there was not looked at.
      const bool stop = node.op == Op::coalesce && !evaluator(record).run(*part).value.is_dead();
      if (stop) break;
    }
    if (node.op == Op::changed || node.op == Op::became) {
      add(out, *node.parts[0], env_.old);
      if (!out.parts.empty()) out.parts.back().source.insert(0, "before: ");
    }
    return out;
  }

 private:
  static constexpr std::size_t kMostRows = 20;  ///< of a set that are shown one by one

  Evaluator evaluator(RecordView* record) const { return {env_, record, true, bound_}; }

  // Each record of the set, with what the condition and the values come to on it.
  void add_rows(Explained& out, const Node& node, RecordView* record) {
    std::int64_t until = kForever;
    RecordView* owner = evaluator(record).reach(node, until);
    std::vector<Related> rows;
    if (owner != nullptr) owner->related(node.set.hop, rows);
    for (std::size_t i = 0; i < rows.size() && i < kMostRows; ++i) {
      RecordView*& bound = bound_[static_cast<std::size_t>(node.binds)];
      bound = rows[i].record;
      Explained row{
          (node.detail.empty() ? node.name : node.detail) + (rows[i].inside ? "" : ", which is not in the set now"),
          rows[i].record->self(),
          rows[i].until,
          {},
          false,
          nullptr};
      for (const NodePtr& part : node.parts) {
        if (rows[i].inside) add(row, *part, record);
      }
      bound = nullptr;
      out.parts.push_back(std::move(row));
    }
    if (rows.size() > kMostRows) {
      out.parts.push_back({"... and " + std::to_string(rows.size() - kMostRows) + " more",
                           Value::null(),
                           kForever,
                           {},
                           false,
                           nullptr});
    }
  }

  // Literals say nothing that the text does not.
  void add(Explained& out, const Node& part, RecordView* record) {
    if (part.op != Op::constant) out.parts.push_back(run(part, record));
  }

  const Program& program_;
  const Env& env_;
  std::array<RecordView*, kSlots> bound_{};
};

}  // namespace

bool reads_any(const Node& term, const MemberTest& wanted) {
  const auto meets = [&](std::int32_t type, std::int32_t member) {
    return type >= 0 && member >= 0 && wanted(type, member);
  };
  const auto on_the_way = [&](const Step& step) { return meets(step.hop.record_type, step.hop.member); };
  if (std::any_of(term.path.begin(), term.path.end(), on_the_way)) return true;
  if (term.op == Op::member && meets(term.record_type, term.number)) return true;
  if (term.op == Op::over_set && on_the_way(term.set)) return true;
  return std::any_of(term.parts.begin(), term.parts.end(),
                     [&](const NodePtr& part) { return reads_any(*part, wanted); });
}

bool reads_any(const Program& program, const MemberTest& wanted) { return reads_any(*program.root, wanted); }

bool is_plain(const Node& term) { return term.op == Op::member || term.op == Op::self; }

Explained explain(const Program& program, RecordView& record, const Env& env) {
  return Explainer(program, env).run(*program.root, &record);
}

}  // namespace kith::internal::expr
