// Automatic transitions: when they are due, in which order, and the hidden derivation that watches for them.
#include <algorithm>
#include <boost/json.hpp>

#include "base/time/time.hpp"
#include "catalog/builder/compiling.hpp"
#include "catalog/builder/reads.hpp"
#include "catalog/read/lifecycle_rules.hpp"

namespace kith::internal::catalog {
namespace json = boost::json;
namespace {

std::string full_name(const Lifecycle& lifecycle, const std::string& event) { return lifecycle.name + "/" + event; }

// A text setting holds a length of time, an int setting counts days.
std::optional<std::int64_t> span_of(const Setting& setting) {
  if (setting.value.kind == Kind::text) return parse_duration(setting.value.s);
  constexpr std::int64_t most_days = 36'500;
  if (setting.value.kind == Kind::integer && setting.value.i <= most_days) return setting.value.i * kMicrosPerDay;
  return std::nullopt;
}

std::optional<std::int64_t> read_span(Builder& builder, const Item& item, const std::string& what) {
  const json::value& after = *item.find("after");
  if (after.is_string()) return parse_duration(std::string(after.get_string()));
  const auto child = item.child("after");
  if (!child) return std::nullopt;  // the shape check has said so
  const std::string written = child->text("setting");
  const std::string name = owner_part(written).empty() ? item.source->qualified(written) : written;
  const Setting* setting = builder.catalog.find_setting(name);
  if (!setting) {
    builder.report(ProblemNumber::unknown_reference,
                   what + " names the setting " + quoted(name) + ", which is not there", child->place("setting"),
                   suggest(name, builder.catalog.names().setting_names()));
    return std::nullopt;
  }
  const auto span = span_of(*setting);
  if (span.value_or(0) > 0) return span;
  builder.report(ProblemNumber::bad_setting,
                 what + " waits for the setting " + quoted(name) + ", which is " + to_text(setting->value),
                 child->place("setting"), {}, "a length of time such as \"30d\", or a number of days above 0");
  return std::nullopt;
}

expr::ProgramPtr compile_stored(Builder& builder, const Item& item, std::string_view key, std::int32_t type,
                                const std::string& what) {
  return compile_condition(builder, {item, key, type, what}, derivation_rules());
}

void add_own_read(Derivation& derivation, std::int32_t member) {
  expr::Read read;
  read.record_type = derivation.record_type;
  read.member = member;
  derivation.reads.push_back(std::move(read));
}

}  // namespace

void read_automatic(Builder& builder, const Item& item, const Lifecycle& lifecycle, Transition& transition) {
  const auto given = item.child("auto");
  if (!given) {
    if (item.has("order"))
      builder.report(ProblemNumber::not_allowed_here,
                     "\"order\" of " + full_name(lifecycle, transition.event) + " has no meaning without \"auto\"",
                     item.place("order"), "leave it out; it says which automatic transition goes first");
    return;
  }
  Automatic automatic;
  const std::string what = "the automatic transition " + full_name(lifecycle, transition.event);
  const bool later = std::any_of(given->object->begin(), given->object->end(), [](const auto& entry) {
    return entry.key() != "when" &&
           entry.key() != "after";  // of a later version or misspelt: the shape check has said so
  });
  if (given->has("when") == given->has("after") && !(later && !given->has("when")))
    builder.report(ProblemNumber::missing_key, what + " must say when it is due", given->place(), {},
                   "exactly one of \"when\" and \"after\"");
  if (given->has("after")) automatic.after_us = read_span(builder, *given, what);
  automatic.order = item.integer("order");
  transition.automatic = std::move(automatic);
}

void check_automatic_order(Builder& builder, const Lifecycle& lifecycle) {
  for (const State& state : lifecycle.states) {
    std::vector<const Transition*> leaving;
    for (const Transition& transition : lifecycle.transitions)
      if (transition.automatic &&
          std::find(transition.from.begin(), transition.from.end(), state.id) != transition.from.end())
        leaving.push_back(&transition);
    for (std::size_t i = 0; i < leaving.size(); ++i)
      for (std::size_t j = i + 1; j < leaving.size(); ++j) {
        const auto &first = leaving[i]->automatic->order, &second = leaving[j]->automatic->order;
        if (first && second && *first != *second) continue;
        Problem problem;
        problem.number = ProblemNumber::ambiguous_transition;
        problem.message = "two automatic transitions of " + quoted(lifecycle.name) + " leave the state " +
                          quoted(state.id) + " without an order: " + quoted(leaving[i]->event) + " of " +
                          owner_text(lifecycle.owner) + " and " + quoted(leaving[j]->event) + " of " +
                          owner_text(lifecycle.owner);
        problem.where = leaving[j]->place;
        problem.notes.push_back("first  " + leaving[i]->place.text() + " (" + quoted(leaving[i]->event) + ")");
        problem.expected = "a different \"order\" on each; the lowest that is due goes";
        problem.found =
            (first ? std::to_string(*first) : "none") + " and " + (second ? std::to_string(*second) : "none");
        problem.fix = "add \"order\": 1 to one and \"order\": 2 to the other";
        builder.problems.add(std::move(problem));
      }
  }
}

void declare_automatic(Builder& builder, const Item& item, Lifecycle& lifecycle) {
  const bool fires = std::any_of(lifecycle.transitions.begin(), lifecycle.transitions.end(),
                                 [](const Transition& transition) { return transition.automatic.has_value(); });
  // A lifecycle that need not apply begins by itself where it comes to apply.
  if (!fires && !item.has("applies_when") && !item.has("slot")) return;
  Derivation derivation;
  derivation.kind = DerivationKind::automatic;
  derivation.name = lifecycle.name + "#auto";
  derivation.owner = lifecycle.owner;
  derivation.owner_version = lifecycle.owner_version;
  derivation.label = lifecycle.label;
  derivation.record_type = lifecycle.record_type;
  derivation.lifecycle = static_cast<std::int32_t>(builder.catalog.lifecycles.size());
  derivation.place = item.place();
  lifecycle.automatic = builder.add_hidden(std::move(derivation), Kind::text, item);
}

void resolve_automatic(Builder& builder, const Item& item, Derivation& derivation) {
  Lifecycle& lifecycle = builder.catalog.lifecycles[static_cast<std::size_t>(derivation.lifecycle)];
  const auto read = [&](const expr::ProgramPtr& program) {
    if (program) add_reads(derivation, *program);
  };
  add_own_read(derivation, lifecycle.state_member);
  add_own_read(derivation, lifecycle.since_member);
  read(lifecycle.applies_when);
  for (const std::int32_t earlier : lifecycle.earlier_in_slot)
    read(builder.catalog.lifecycles[static_cast<std::size_t>(earlier)].applies_when);
  const std::vector<Item> states = item.list("states"), entries = item.list("transitions");
  for (std::size_t i = 0; i < entries.size() && i < lifecycle.transitions.size(); ++i) {
    Transition& transition = lifecycle.transitions[i];
    if (!transition.automatic) continue;
    Automatic& automatic = *transition.automatic;
    const std::string name = full_name(lifecycle, transition.event);
    if (const auto given = entries[i].child("auto"))
      automatic.when =
          compile_stored(builder, *given, "when", lifecycle.record_type, "the automatic transition " + name);
    // Guards are judged twice: here, to know when it can fire, and by the transition itself.
    if (transition.guard)
      automatic.guard = compile_stored(builder, entries[i], "guard", lifecycle.record_type,
                                       "guard of the automatic transition " + name);
    const State* target = lifecycle.state(transition.to);
    for (const Item& state : states)
      if (target && target->enter_guard && state.text("id") == target->id)
        automatic.enter_guard = compile_stored(builder, state, "enter_guard", lifecycle.record_type,
                                               "enter_guard of " + lifecycle.name + "/" + target->id + ", which " +
                                                   quoted(transition.event) + " enters by itself,");
    for (const auto& program : {automatic.when, automatic.guard, automatic.enter_guard}) read(program);
    if (target)
      for (const std::int32_t member : target->required) add_own_read(derivation, member);
  }
  const State* first = lifecycle.initial.empty() ? nullptr : lifecycle.state(lifecycle.initial.front());
  if (first && !lifecycle.always_applies()) {
    for (const std::int32_t member : first->required) add_own_read(derivation, member);
    for (const Item& state : states)
      if (first->enter_guard && state.text("id") == first->id)
        lifecycle.begin_guard =
            compile_stored(builder, state, "enter_guard", lifecycle.record_type,
                           "enter_guard of " + lifecycle.name + "/" + first->id + ", where it begins by itself,");
    read(lifecycle.begin_guard);
  }
  std::vector<expr::Read> once;
  for (expr::Read& one : derivation.reads)
    if (std::find(once.begin(), once.end(), one) == once.end()) once.push_back(std::move(one));
  derivation.reads = std::move(once);
}

void resolve_slots(Builder& builder) {
  std::vector<Lifecycle>& all = builder.catalog.lifecycles;
  const auto item_of = [&](std::int32_t number) -> const Item* {
    for (const Pending& pending : builder.lifecycles)
      if (pending.number == number) return &pending.item;
    return nullptr;
  };
  for (Lifecycle& lifecycle : all) {
    if (lifecycle.slot.empty()) continue;
    for (const Lifecycle& other : all) {
      if (other.number >= lifecycle.number) break;
      if (other.record_type != lifecycle.record_type || other.slot != lifecycle.slot) continue;
      lifecycle.earlier_in_slot.push_back(other.number);
      const Item *item = item_of(lifecycle.number), *first = item_of(other.number);
      if (!item || !first || first->has("applies_when")) continue;
      Problem problem;
      problem.number = ProblemNumber::duplicate_name;
      problem.message = quoted(lifecycle.name) + " of " + owner_text(lifecycle.owner) + " and " + quoted(other.name) +
                        " of " + owner_text(other.owner) + " share the slot " + quoted(lifecycle.slot) +
                        ", and nothing says which of them applies";
      problem.where = item->place("slot");
      problem.notes.push_back("first  " + first->place("slot").text() + " (" + owner_text(other.owner) + ")");
      problem.fix = "give " + quoted(other.name) + " an \"applies_when\"; it is asked first";
      builder.problems.add(std::move(problem));
    }
  }
}

}  // namespace kith::internal::catalog
