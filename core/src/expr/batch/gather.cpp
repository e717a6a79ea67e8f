// Columns from views of records.
#include <algorithm>

#include "expr/batch/batch_evaluation.hpp"

namespace kith::internal::expr {
namespace {

void collect(const Node& node, std::vector<const Node*>& members, bool& self) {
  if (node.op == Op::over_set) return;  // goes record by record, through the views
  if (node.op == Op::self && node.slot == -1) self = true;
  if (node.op == Op::member && !node.old && node.slot == -1) members.push_back(&node);
  for (const NodePtr& part : node.parts) collect(*part, members, self);
}

}  // namespace

struct Gatherer::Body {
  explicit Body(const Program& program_) : program(program_) {
    std::vector<const Node*> found;
    collect(*program.root, found, self);
    members.resize(program.reads.size(), nullptr);
    for (const Node* node : found) {
      for (std::size_t i = 0; i < program.reads.size(); ++i) {
        const Read& read = program.reads[i];
        const bool same_path = std::equal(read.path.begin(), read.path.end(), node->path.begin(), node->path.end(),
                                          [](const Hop& hop, const Step& step) { return hop == step.hop; });
        if (read.record_type == node->record_type && read.member == node->number && same_path) members[i] = node;
      }
    }
  }
  const Program& program;
  std::vector<const Node*> members;  ///< for each read, what evaluates it; nullptr: nothing but a hop on the way
  bool self = false;
  BatchSpace space;
  Batch batch;
};

Gatherer::Gatherer(const Program& program) : body_(std::make_unique<Body>(program)) {}
Gatherer::~Gatherer() = default;

const Batch& Gatherer::gather(std::span<RecordView* const> records, const Env& env) {
  Body& body = *body_;
  body.space.reset();
  body.batch.rows = records.size();
  body.batch.columns.assign(body.members.size(), {});
  body.batch.record = [records](std::size_t row) { return records[row]; };
  for (std::size_t i = 0; i < body.members.size(); ++i) {
    const Node* node = body.members[i];
    if (node == nullptr) continue;
    Builder builder(body.space, node->type.kind, records.size(), true);
    for (std::size_t row = 0; row < records.size(); ++row) {
      const Value* fact = is_own_fact(*node) ? records[row]->fact(node->number) : nullptr;
      if (fact != nullptr) {
        builder.borrow(row, *fact);
        continue;
      }
      Timed found = Evaluator(env, records[row]).run(*node);
      builder.set(row, std::move(found.value));
      builder.set_until(row, found.until);
    }
    body.batch.columns[i] = builder.done();
  }
  body.batch.self = {};
  if (body.self) {
    Builder builder(body.space, Kind::ref, records.size(), false);
    for (std::size_t row = 0; row < records.size(); ++row) builder.set(row, records[row]->self());
    body.batch.self = builder.done();
  }
  return body.batch;
}

}  // namespace kith::internal::expr
