#include "expr/evaluate/evaluate.hpp"

#include <algorithm>

#include "base/problem/error.hpp"
#include "expr/evaluate/bring.hpp"
#include "expr/evaluate/evaluation.hpp"
#include "expr/quick/quick.hpp"

namespace kith::internal::expr {
namespace {

const Value kNull;
const std::array<Value, 3> kTruths = {Value::boolean(false), Value::boolean(true), Value::unknown()};  // by Truth
const Value& kUnknown = kTruths[2];

Look as_look(const Judged& judged) { return {&kTruths[static_cast<std::size_t>(judged.truth)], judged.until}; }

}  // namespace

Timed Evaluator::run(const Node& node) {
  const Look found = look(node);
  return {*found.value, found.until};
}

Judged Evaluator::judge(const Node& node) {
  if (node.quick != nullptr && node.quick->judge != nullptr && record_ != nullptr) {
    if (const Value* facts = record_->fact(0)) return node.quick->judge(*node.quick, facts, env_.now, timed_);
  }
  switch (node.op) {
    case Op::logic_and:
    case Op::logic_or: return logic(node);
    case Op::logic_not: {
      const Judged part = judge(*node.parts[0]);
      return {opposite(part.truth), part.until};
    }
    case Op::equal:
    case Op::not_equal:
    case Op::less:
    case Op::less_equal:
    case Op::greater:
    case Op::greater_equal: return comparison(node);
    case Op::in_values: return in_values(node);
    case Op::in_list: return in_list(node);
    case Op::has: {
      const Look part = look(*node.parts[0]);
      return {part.value->is_unknown() ? Truth::unknown : truth_of(!part.value->is_null()), part.until};
    }
    case Op::changed:
    case Op::became: return change(node);
    case Op::function:
      if (is_text_test(node)) return text_test(node);
      break;
    default: break;
  }
  const Look found = look(node);
  return {truth_of(*found.value), found.until};
}

// What is neither a literal nor a stored field at hand.
Look Evaluator::find(const Node& node) {
  switch (node.op) {
    case Op::constant: return {&node.constant, kForever};
    case Op::parameter: return parameter(node);
    case Op::setting: return setting(node);
    case Op::published: {
      Timed found = surroundings().parameter(node.name, node.detail);
      return keep(std::move(found.value), found.until);
    }
    case Op::self:
    case Op::member: return member(node);
    case Op::now: return keep(Value::timestamp(env_.now), env_.now == kForever ? kForever : env_.now + 1);
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
    case Op::has:
    case Op::changed:
    case Op::became: return as_look(judge(node));
    case Op::add:
    case Op::subtract:
    case Op::multiply:
    case Op::divide:
    case Op::modulo: return node.quick != nullptr && record_ != nullptr ? quick_number(node) : arithmetic(node);
    case Op::negate: return negate(node);
    case Op::conditional: return conditional(node);
    case Op::coalesce: return coalesce(node);
    case Op::over_set: return over_set(node);
    case Op::function: return is_text_test(node) ? as_look(text_test(node)) : function(node);
    case Op::plugin: return plugin(node);
    case Op::brought: {
      const Look part = look(*node.parts[0]);
      return keep(brought(node, *part.value), part.until);
    }
  }
  return {&kUnknown, kForever};
}

Look Evaluator::quick_number(const Node& node) {
  const Value* facts = record_->fact(0);
  if (facts == nullptr) return arithmetic(node);
  const Number number = node.quick->number(*node.quick, facts);
  if (number.dead()) return {&kUnknown, kForever};
  return keep(node.type.kind == Kind::real ? Value::real(number.d) : Value::integer(number.i), kForever);
}

const Surroundings& Evaluator::surroundings() const {
  if (env_.surroundings != nullptr) return *env_.surroundings;
  throw Error(ProblemNumber::bug,
              "an expression asks for a setting, a published parameter or a plugin's function, and nobody answers",
              "pass Env::surroundings");
}

Look Evaluator::parameter(const Node& node) const {
  const auto found = std::find_if(env_.parameters.begin(), env_.parameters.end(),
                                  [&](const auto& entry) { return entry.first == node.name; });
  if (found == env_.parameters.end()) {
    throw Error(ProblemNumber::unknown_parameter, "no value was given for $" + node.name,
                "bind a value to it before the query runs");
  }
  return {&found->second, kForever};
}

RecordView* Evaluator::root(const Node& node) const {
  if (node.slot == kActorSlot) return surroundings().actor();
  if (node.slot >= 0) return bound_[static_cast<std::size_t>(node.slot)];
  return node.old ? env_.old : record_;
}

// The record at the end of the path, or nullptr. A fact never changes by time alone; a ref that is computed may.
RecordView* Evaluator::reach(const Node& node, std::int64_t& until) {
  RecordView* view = root(node);
  for (const Step& step : node.path) {
    if (view == nullptr) return nullptr;
    if (step.derived) until = std::min(until, view->get(step.hop.member).until);
    view = view->follow(step.hop.member);
  }
  return view;
}

Look Evaluator::member(const Node& node) {
  std::int64_t until = kForever;
  RecordView* view = reach(node, until);
  if (view == nullptr) return {&kNull, until};
  if (node.op == Op::self) return keep(view->self(), until);
  if (!node.derived) {
    if (const Value* fact = view->fact(node.number)) return {fact, until};
  }
  Timed found = view->get(node.number);
  return keep(std::move(found.value), std::min(found.until, until));
}

std::vector<Value> Surroundings::call_batch(std::int32_t function, const std::vector<std::vector<Value>>& columns,
                                            std::size_t rows) const {
  std::vector<Value> results;
  results.reserve(rows);
  std::vector<Value> arguments(columns.size());
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t i = 0; i < columns.size(); ++i) arguments[i] = columns[i][row];
    results.push_back(call(function, arguments));
  }
  return results;
}

Timed evaluate(const Program& program, RecordView& record, const Env& env) {
  if (program.type.kind == Kind::boolean && program.root->op != Op::member) {
    // A condition needs no space for values.
    const Quick* quick = program.root->quick;
    const Value* facts = quick == nullptr || quick->judge == nullptr ? nullptr : record.fact(0);
    if (facts != nullptr) {
      const Judged judged = quick->judge(*quick, facts, env.now, true);
      return {judged.truth == Truth::unknown ? Value::unknown() : Value::boolean(judged.truth == Truth::yes),
              judged.until};
    }
  }
  return Evaluator(env, &record).run(*program.root);
}

bool holds(const Program& program, RecordView& record, const Env& env) {
  if (const Quick* first = program.quick->first) {
    if (const Value* facts = record.fact(0)) return first->run(*first, facts, env.now);
  }
  return Evaluator(env, &record, false).judge(*program.root).truth == Truth::yes;
}

int compare(const Value& a, const Value& b) {
  const auto order = [](const auto& x, const auto& y) { return x < y ? -1 : y < x ? 1 : 0; };
  switch (a.kind) {
    case Kind::real: return order(a.d, b.d);
    case Kind::text:
    case Kind::json: {
      const int by_bytes = a.s.compare(b.s);  // UTF-8 sorts by code point when its bytes are compared unsigned
      return by_bytes < 0 ? -1 : by_bytes > 0 ? 1 : 0;
    }
    case Kind::ref: return order(a.id, b.id);
    default: return order(a.i, b.i);
  }
}

}  // namespace kith::internal::expr
