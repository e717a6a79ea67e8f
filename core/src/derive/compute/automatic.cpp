#include "derive/compute/automatic.hpp"

#include <algorithm>
#include <limits>
#include <vector>

namespace kith::internal::derive {
namespace {

using catalog::Lifecycle;
using catalog::State;
using catalog::Transition;

/// `&&` over what must be true. It holds until the first of its parts may end; where it doesn't hold, every part that
/// isn't true keeps it from holding, so that the last of these decides.
class Conjunction {
 public:
  void add(const expr::Timed& part) {
    if (part.value.is_true()) {
      held_ = std::min(held_, part.until);
    } else {
      holds_ = false;
      denied_ = std::max(denied_, part.until);
    }
  }
  void add_not(const expr::Timed& part) { add({Value::boolean(!part.value.is_true()), part.until}); }
  void add_filled(const Value& value) { add({Value::boolean(!value.is_dead()), kForever}); }
  expr::Timed result() const { return {Value::boolean(holds_), holds_ ? held_ : denied_}; }

 private:
  bool holds_ = true;
  std::int64_t held_ = kForever, denied_ = std::numeric_limits<std::int64_t>::min();
};

expr::Timed verdict(const Lifecycle& lifecycle, const Transition& transition, expr::RecordView& record,
                    const expr::Env& env, const Entering& entering) {
  const catalog::Automatic& automatic = *transition.automatic;
  const State& target = *lifecycle.state(transition.to);
  Conjunction all;
  all.add(is_due(lifecycle, transition, record, env));
  if (automatic.guard) all.add(expr::evaluate(*automatic.guard, record, env));
  for (const std::int32_t member : target.required) all.add_filled(record.get(member).value);
  if (automatic.enter_guard) all.add(expr::evaluate(*automatic.enter_guard, *entering(target.id), env));
  return all.result();
}

expr::Timed beginning(const Lifecycle& lifecycle, expr::RecordView& record, const expr::Env& env,
                      const Entering& entering) {
  const State& first = *lifecycle.state(lifecycle.initial.front());
  Conjunction all;
  for (const std::int32_t member : first.required) all.add_filled(record.get(member).value);
  if (lifecycle.begin_guard) all.add(expr::evaluate(*lifecycle.begin_guard, *entering(first.id), env));
  return all.result();
}

std::vector<const Transition*> leaving(const Lifecycle& lifecycle, std::string_view state) {
  std::vector<const Transition*> out;
  for (const Transition& transition : lifecycle.transitions)
    if (transition.automatic &&
        std::find(transition.from.begin(), transition.from.end(), state) != transition.from.end())
      out.push_back(&transition);
  // Where there are several, the catalog has made sure that each has an order of its own.
  std::stable_sort(out.begin(), out.end(), [](const Transition* a, const Transition* b) {
    return a->automatic->order.value_or(0) < b->automatic->order.value_or(0);
  });
  return out;
}

}  // namespace

expr::Timed applies(const catalog::Catalog& catalog, const Lifecycle& lifecycle, expr::RecordView& record,
                    const expr::Env& env) {
  Conjunction all;
  if (lifecycle.applies_when) all.add(expr::evaluate(*lifecycle.applies_when, record, env));
  // All earlier ones of the slot are asked: that one of them yields to another before it makes no room for this one.
  for (const std::int32_t number : lifecycle.earlier_in_slot)
    all.add_not(expr::evaluate(*catalog.lifecycles[static_cast<std::size_t>(number)].applies_when, record, env));
  return all.result();
}

expr::Timed is_due(const Lifecycle& lifecycle, const Transition& transition, expr::RecordView& record,
                   const expr::Env& env) {
  const catalog::Automatic& automatic = *transition.automatic;
  if (automatic.when) {
    const expr::Timed due = expr::evaluate(*automatic.when, record, env);
    return {Value::boolean(due.value.is_true()), due.until};
  }
  const Value since = record.get(lifecycle.since_member).value;
  std::int64_t due = 0;
  if (since.kind != Kind::timestamp || __builtin_add_overflow(since.i, automatic.after_us.value_or(0), &due))
    return {Value::boolean(false), kForever};
  return {Value::boolean(due <= env.now), due <= env.now ? kForever : due};
}

expr::Timed firing(const catalog::Catalog& catalog, const Lifecycle& lifecycle, expr::RecordView& record,
                   const expr::Env& env, const Entering& entering) {
  const expr::Timed applying = applies(catalog, lifecycle, record, env);
  if (!applying.value.is_true()) return {Value::null(), applying.until};
  std::int64_t until = applying.until;
  const Value state = record.get(lifecycle.state_member).value;
  if (state.is_dead()) {
    const expr::Timed begins = beginning(lifecycle, record, env, entering);
    return {begins.value.is_true() ? Value::text(std::string(kBegin)) : Value::null(), std::min(until, begins.until)};
  }
  for (const Transition* transition : leaving(lifecycle, state.s)) {
    const expr::Timed fires = verdict(lifecycle, *transition, record, env, entering);
    until = std::min(until, fires.until);
    if (fires.value.is_true()) return {Value::text(transition->event), until};
  }
  return {Value::null(), until};
}

}  // namespace kith::internal::derive
