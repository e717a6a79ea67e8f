#include "expr/evaluate.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "expr/evaluation.hpp"

namespace kith::internal::expr {

Timed Evaluator::run(const Node& node) {
  switch (node.op) {
    case Op::constant: return {node.constant, kForever};
    case Op::parameter: return parameter(node);
    case Op::setting: return setting(node);
    case Op::published: return surroundings().parameter(node.name, node.detail);
    case Op::self:
    case Op::member: return member(node);
    case Op::now: return {Value::timestamp(env_.now), env_.now == kForever ? kForever : env_.now + 1};
    case Op::logic_not: {
      Timed part = run(*node.parts[0]);
      if (part.value.is_dead()) return {Value::unknown(), part.until};
      part.value.i = part.value.i == 0 ? 1 : 0;
      return part;
    }
    case Op::logic_and:
    case Op::logic_or: return logic(node);
    case Op::equal:
    case Op::not_equal:
    case Op::less:
    case Op::less_equal:
    case Op::greater:
    case Op::greater_equal: return node.now_side != 0 ? against_now(node) : comparison(node);
    case Op::in_values: return in_values(node);
    case Op::in_list: return in_list(node);
    case Op::add:
    case Op::subtract:
    case Op::multiply:
    case Op::divide:
    case Op::modulo: return arithmetic(node);
    case Op::negate: return negate(node);
    case Op::conditional: return conditional(node);
    case Op::coalesce: return coalesce(node);
    case Op::has: {
      Timed part = run(*node.parts[0]);
      if (!part.value.is_unknown()) part.value = Value::boolean(!part.value.is_null());
      return part;
    }
    case Op::changed:
    case Op::became: return change(node);
    case Op::over_set: return over_set(node);
    case Op::function: return function(node);
    case Op::plugin: return plugin(node);
  }
  return {Value::unknown(), kForever};
}

const Surroundings& Evaluator::surroundings() const {
  if (env_.surroundings != nullptr) return *env_.surroundings;
  throw Error(ProblemNumber::bug, "an expression asks for a setting, a published parameter or a plugin's function, and nobody answers",
              "pass Env::surroundings");
}

Timed Evaluator::parameter(const Node& node) const {
  const auto found = std::find_if(env_.parameters.begin(), env_.parameters.end(),
                                  [&](const auto& entry) { return entry.first == node.name; });
  if (found == env_.parameters.end()) {
    throw Error(ProblemNumber::unknown_parameter, "no value was given for $" + node.name, "bind a value to it before the query runs");
  }
  return {found->second, kForever};
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

Timed Evaluator::member(const Node& node) {
  std::int64_t until = kForever;
  RecordView* view = reach(node, until);
  if (view == nullptr) return {Value::null(), until};
  if (node.op == Op::self) return {view->self(), until};
  Timed found = view->get(node.number);
  found.until = std::min(found.until, until);
  return found;
}

Timed evaluate(const Program& program, RecordView& record, const Env& env) {
  return Evaluator(env, &record).run(*program.root);
}

bool holds(const Program& program, RecordView& record, const Env& env) {
  return Evaluator(env, &record).run(*program.root).value.is_true();
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
