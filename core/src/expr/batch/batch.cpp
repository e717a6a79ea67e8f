#include "expr/batch/batch.hpp"

#include <algorithm>
#include <limits>

#include "base/problem/error.hpp"
#include "expr/batch/batch_evaluation.hpp"
#include "expr/batch/batch_kernels.hpp"

namespace kith::internal::expr {
namespace {

const Value kNothing;

Column nothing() {
  Column column;
  column.same = &kNothing;
  return column;
}

// now() with durations around it, or a literal: of these nothing is asked of anybody, and nothing can fail.
bool is_given(const Node& node) {
  if (node.op == Op::constant || node.op == Op::now) return true;
  if (node.op != Op::add && node.op != Op::subtract) return false;
  return is_given(*node.parts[0]) && is_given(*node.parts[1]);
}

// A column of numbers that is there already against what is the same for all.
bool is_light(const Node& node) {
  if (!is_comparison(node.op)) return false;
  const auto is_read = [](const Node& side) {
    const bool column = side.op == Op::member && !side.old && side.slot == -1;
    return column && side.type.kind != Kind::text && side.type.kind != Kind::json && side.type.kind != Kind::ref;
  };
  const Node& a = *node.parts[0];
  const Node& b = *node.parts[1];
  return (is_read(a) && is_given(b)) || (is_given(a) && is_read(b));
}

}  // namespace

struct BatchEvaluator::Body {
  explicit Body(const Program& program_) : program(program_) {}
  BatchWalk walk(const Batch& batch, const Env& env, bool timed) {
    if (batch.rows > kBatchRows) {
      throw Error(ProblemNumber::bug, "a batch of " + std::to_string(batch.rows) + " rows is too large",
                  "give at most " + std::to_string(kBatchRows) + " at a time");
    }
    space.reset();
    return {program, batch, env, space, timed};
  }
  const Program& program;
  BatchSpace space;
};

BatchEvaluator::BatchEvaluator(const Program& program) : body_(std::make_unique<Body>(program)) {}
BatchEvaluator::~BatchEvaluator() = default;

Column BatchEvaluator::evaluate(const Batch& batch, const Env& env) {
  BatchWalk walk = body_->walk(batch, env, true);
  return walk.column(*body_->program.root, walk.all());
}

BatchTruth BatchEvaluator::judge(const Batch& batch, const Env& env) {
  BatchWalk walk = body_->walk(batch, env, true);
  return walk.judge(*body_->program.root, walk.all());
}

Mask BatchEvaluator::holds(const Batch& batch, const Env& env) {
  BatchWalk walk = body_->walk(batch, env, false);
  return walk.judge(*body_->program.root, walk.all()).yes;
}

BatchWalk::BatchWalk(const Program& program, const Batch& batch, const Env& env, BatchSpace& space, bool timed)
    : program_(program), batch_(batch), env_(env), space_(space), timed_(timed), all_(Mask::first(batch.rows)) {}

Column BatchWalk::column(const Node& node, const Mask& active) {
  if (active.none()) return nothing();
  if (!node.reads_record) return same_for_all(node);
  switch (node.op) {
    case Op::self:
      return batch_.self.kind == Kind::null || node.old || node.slot != -1 || !node.path.empty()
                 ? by_record(node, active)
                 : batch_.self;
    case Op::member: return node.old || node.slot != -1 ? by_record(node, active) : read(node);
    case Op::logic_not:
    case Op::logic_and:
    case Op::logic_or:
    case Op::equal:
    case Op::not_equal:
    case Op::less:
    case Op::less_equal:
    case Op::greater:
    case Op::greater_equal:
    case Op::in_values:
    case Op::in_list:
    case Op::has: return truth_column(judge(node, active));
    case Op::add:
    case Op::subtract:
    case Op::multiply:
    case Op::divide:
    case Op::modulo: return arithmetic(node, active);
    case Op::negate: return negate(node, active);
    case Op::conditional: return conditional(node, active);
    case Op::coalesce: return coalesce(node, active);
    case Op::function: return is_text_test(node) ? truth_column(judge(node, active)) : function(node, active);
    case Op::plugin: return plugin(node, active);
    case Op::brought: return brought(node, active);
    default: return by_record(node, active);
  }
}

BatchTruth BatchWalk::judge(const Node& node, const Mask& active) {
  if (active.none()) return {};
  if (!node.reads_record) return column_truth(same_for_all(node));
  switch (node.op) {
    case Op::logic_not: {
      BatchTruth truth = judge(*node.parts[0], active);
      std::swap(truth.yes, truth.no);
      return truth;
    }
    case Op::logic_and:
    case Op::logic_or: return logic(node, active);
    case Op::equal:
    case Op::not_equal:
    case Op::less:
    case Op::less_equal:
    case Op::greater:
    case Op::greater_equal: return comparison(node, active);
    case Op::in_values: return in_values(node, active);
    case Op::in_list: return in_list(node, active);
    case Op::has: {
      const Column part = column(*node.parts[0], active);
      return {alive(part), nulls(part), times(part)};
    }
    case Op::function:
      if (is_text_test(node)) return text_test(node, active);
      break;
    default: break;
  }
  return column_truth(column(node, active));
}

// What reads no record has one value in all rows.
Column BatchWalk::same_for_all(const Node& node) {
  Column column;
  if (node.op == Op::constant) {
    column.same = &node.constant;
  } else {
    Timed once = Evaluator(env_, nullptr, timed_).run(node);
    column.same = space_.keep(std::move(once.value));
    column.same_until = once.until;
  }
  if (!column.same->is_dead()) column.kind = column.same->kind;
  return column;
}

const Column& BatchWalk::read(const Node& node) const {
  const auto is_it = [&](const Read& read) {
    return read.record_type == node.record_type && read.member == node.number &&
           std::equal(read.path.begin(), read.path.end(), node.path.begin(), node.path.end(),
                      [](const Hop& hop, const Step& step) { return hop == step.hop; });
  };
  const auto found = std::find_if(program_.reads.begin(), program_.reads.end(), is_it);
  const auto at = static_cast<std::size_t>(found - program_.reads.begin());
  if (at < batch_.columns.size()) return batch_.columns[at];
  throw Error(ProblemNumber::bug, "the batch has no column for " + node.name,
              "give one for each entry of Program::reads");
}

Column BatchWalk::by_record(const Node& node, const Mask& active) {
  if (!batch_.record) {
    throw Error(
        ProblemNumber::bug,
        "'" + program_.source + "' has parts that are evaluated record by record, and the batch gives no records",
        "set Batch::record");
  }
  Builder builder(space_, node.type.kind, batch_.rows, timed_);
  for_each_row(active, [&](std::size_t row) {
    Timed one = Evaluator(env_, batch_.record(row), timed_).run(node);
    builder.set(row, std::move(one.value));
    builder.set_until(row, one.until);
  });
  return builder.done();
}

Column BatchWalk::truth_column(const BatchTruth& truth) {
  Column column;
  column.kind = Kind::boolean;
  std::int64_t* ints = space_.ints();
  for (std::size_t row = 0; row < batch_.rows; ++row) ints[row] = truth.yes[row] ? 1 : 0;
  column.ints = ints;
  const Mask valid = truth.yes | truth.no;
  column.valid = space_.mask(valid);
  column.unknown = space_.mask(without(all_, valid));
  column.until = truth.until;
  return column;
}

BatchTruth BatchWalk::column_truth(const Column& column) {
  BatchTruth truth;
  truth.until = times(column);
  const Mask there = alive(column);
  if (column.same != nullptr) {
    (column.same->is_true() ? truth.yes : truth.no) = there;
  } else if (column.ints != nullptr) {
    const Mask yes = compare_rows(Op::not_equal, column.ints, 0, batch_.rows);
    truth.yes = there & yes;
    truth.no = without(there, yes);
  }
  return truth;
}

Mask BatchWalk::alive(const Column& column) const {
  if (column.same != nullptr) return column.same->is_dead() ? Mask{} : all_;
  if (column.kind == Kind::null) return {};
  return column.valid == nullptr ? all_ : all_ & *column.valid;
}

Mask BatchWalk::nulls(const Column& column) const {
  if (column.same != nullptr) return column.same->is_null() ? all_ : Mask{};
  const Mask dead = without(all_, alive(column));
  return column.unknown == nullptr ? dead : without(dead, *column.unknown);
}

const std::int64_t* BatchWalk::times(const Column& column) {
  if (!timed_) return nullptr;
  if (column.same == nullptr) return column.until;
  if (column.same_until == kForever) return nullptr;
  std::int64_t* until = space_.ints();
  std::fill_n(until, batch_.rows, column.same_until);
  return until;
}

const std::int64_t* BatchWalk::fate(const Column& a, const Column& b, bool null_is_dead) {
  const std::int64_t* a_until = times(a);
  const std::int64_t* b_until = times(b);
  if (a_until == nullptr && b_until == nullptr) return nullptr;
  const Mask a_dead = null_is_dead ? without(all_, alive(a)) : without(all_, alive(a) | nulls(a));
  const Mask b_dead = null_is_dead ? without(all_, alive(b)) : without(all_, alive(b) | nulls(b));
  std::int64_t* until = space_.ints();
  for (std::size_t row = 0; row < batch_.rows; ++row) {
    const std::int64_t one = a_until == nullptr ? kForever : a_until[row];
    const std::int64_t other = b_until == nullptr ? kForever : b_until[row];
    until[row] = a_dead[row] && b_dead[row] ? std::max(one, other)
                 : a_dead[row]              ? one
                 : b_dead[row]              ? other
                                            : std::min(one, other);
  }
  return until;
}

/// Until when an && or || holds: the latest of the parts that decide it, else the earliest of all.
struct BatchWalk::Times {
  std::int64_t* latest = nullptr;
  std::int64_t* earliest = nullptr;
  void start(BatchSpace& space, std::size_t rows) {
    if (latest != nullptr) return;
    latest = space.ints();
    earliest = space.ints();
    std::fill_n(latest, rows, std::numeric_limits<std::int64_t>::min());
    std::fill_n(earliest, rows, kForever);
  }
};

// Of truth alone the order of the parts says nothing: the light ones leave fewer rows to the others. Until when it
// holds is made in the order in which they are written, as the walk over one record makes it.
std::vector<const Node*> BatchWalk::parts_in_order(const Node& node) const {
  std::vector<const Node*> parts;
  for (const NodePtr& part : node.parts) parts.push_back(part.get());
  if (!timed_) std::stable_partition(parts.begin(), parts.end(), [](const Node* part) { return is_light(*part); });
  return parts;
}

BatchTruth BatchWalk::logic(const Node& node, const Mask& active) {
  const bool conjunction = node.op == Op::logic_and;
  Mask decided, settled;  // settled: nothing that follows matters
  Mask agreed = all_;
  Mask remaining = active;
  Times times;
  for (const Node* part : parts_in_order(node)) {
    if (remaining.none()) break;
    const BatchTruth one = judge(*part, remaining);
    const Mask deciding = remaining & (conjunction ? one.no : one.yes);
    agreed = agreed & (conjunction ? one.yes : one.no);
    decided = decided | deciding;
    if (one.until == nullptr || !timed_) {
      settled = settled | deciding;
    } else {
      times.start(space_, batch_.rows);
      for_each_row(remaining, [&](std::size_t row) {
        const std::int64_t until = one.until[row];
        times.earliest[row] = std::min(times.earliest[row], until);
        if (!deciding[row]) return;
        times.latest[row] = std::max(times.latest[row], until);
        if (until == kForever) settled.set(row);
      });
    }
    remaining = without(remaining, settled);
  }
  BatchTruth out;
  (conjunction ? out.no : out.yes) = decided;
  (conjunction ? out.yes : out.no) = without(agreed, decided);
  if (times.latest == nullptr) return out;
  for (std::size_t row = 0; row < batch_.rows; ++row) {
    times.earliest[row] = settled[row] ? kForever : decided[row] ? times.latest[row] : times.earliest[row];
  }
  out.until = times.earliest;
  return out;
}

Column BatchWalk::conditional(const Node& node, const Mask& active) {
  const BatchTruth condition = judge(*node.parts[0], active);
  const Mask first = active & condition.yes;
  const Mask second = active & condition.no;
  const Column x = column(*node.parts[1], first);
  const Column y = column(*node.parts[2], second);
  Builder builder(space_, node.type.kind, batch_.rows, timed_);
  for_each_row(active, [&](std::size_t row) {
    if (condition.until != nullptr) builder.set_until(row, condition.until[row]);
    if (!first[row] && !second[row]) return builder.set(row, Value::unknown());
    const Column& branch = first[row] ? x : y;
    builder.copy(row, branch);
    builder.lower_until(row, until_at(branch, row));
  });
  return builder.done();
}

Column BatchWalk::coalesce(const Node& node, const Mask& active) {
  Builder builder(space_, node.type.kind, batch_.rows, timed_);
  Mask remaining = active;
  for (const NodePtr& part : node.parts) {
    if (remaining.none()) break;
    const Column one = column(*part, remaining);
    const Mask found = remaining & alive(one);
    if (timed_) for_each_row(remaining, [&](std::size_t row) { builder.lower_until(row, until_at(one, row)); });
    for_each_row(found, [&](std::size_t row) { builder.copy(row, one); });
    remaining = without(remaining, found);
  }
  return builder.done();
}

}  // namespace kith::internal::expr
