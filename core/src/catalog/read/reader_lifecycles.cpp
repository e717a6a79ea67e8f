#include <algorithm>
#include <array>
#include <set>

#include "catalog/builder/compiling.hpp"
#include "catalog/builder/sections.hpp"
#include "catalog/read/lifecycle_rules.hpp"

namespace kith::internal::catalog {
namespace {

constexpr std::array kCategories = {Category::open, Category::active, Category::on_hold,
                                    Category::won,  Category::lost,   Category::closed};

Category read_category(const std::string& name) {
  for (const Category category : kCategories)
    if (category_name(category) == name) return category;
  return Category::open;
}

// The core's lifecycles are "<type>.<name>", a bundle's "<bundle>.<name>".
std::string lifecycle_name(const Source& source, const RecordType& type, const std::string& name) {
  return source.is_core ? type.name + "." + name : source.qualified(name);
}

std::vector<State> read_states(Builder& builder, const Item& item) {
  std::vector<State> states;
  std::set<std::string> seen;
  for (const Item& entry : item.list("states")) {
    State state;
    state.id = entry.text("id");
    state.label = entry.label("label", state.id);
    state.category = read_category(entry.text("category"));
    state.deny = entry.label("deny");
    if (state.id.empty()) continue;
    if (!seen.insert(state.id).second)
      builder.report(ProblemNumber::duplicate_name, "the state " + quoted(state.id) + " is there twice",
                     entry.place("id"), "rename one of them");
    else
      states.push_back(std::move(state));
  }
  return states;
}

bool check_state(Builder& builder, const Lifecycle& lifecycle, const std::string& id, const Place& place) {
  if (lifecycle.state(id)) return true;
  std::vector<std::string> ids;
  for (const State& state : lifecycle.states) ids.push_back(state.id);
  builder.report(ProblemNumber::unknown_reference, quoted(lifecycle.name) + " has no state " + quoted(id), place,
                 suggest(id, ids));
  return false;
}

void check_states(Builder& builder, const Lifecycle& lifecycle, const Item& item, std::string_view key) {
  std::size_t index = 0;
  for (const std::string& id : item.texts(key))
    check_state(builder, lifecycle, id, item.source->place(pointer_join(item.at(key), index++)));
}

void read_transitions(Builder& builder, const Item& item, Lifecycle& lifecycle) {
  std::map<std::pair<std::string, std::string>, Place> leaving;  // (state, event)
  for (const Item& entry : item.list("transitions")) {
    Transition transition;
    transition.event = entry.text("event");
    transition.label = entry.label("label", transition.event);
    transition.from = entry.texts("from");
    transition.to = entry.text("to");
    transition.deny = entry.label("deny");
    transition.reason_required = entry.text("reason") == "required";
    transition.place = entry.place();
    read_automatic(builder, entry, lifecycle, transition);
    check_states(builder, lifecycle, entry, "from");
    if (!transition.to.empty()) check_state(builder, lifecycle, transition.to, entry.place("to"));
    if (transition.from.empty() && entry.has("from"))
      builder.report(
          ProblemNumber::missing_key,
          "the transition " + quoted(transition.event) + " of " + quoted(lifecycle.name) + " leaves no state",
          entry.place("from"), "name at least one state");
    for (const std::string& from : transition.from) {
      const auto [first, added] = leaving.try_emplace({from, transition.event}, transition.place);
      if (added) continue;
      builder.report(ProblemNumber::ambiguous_transition,
                     "the event " + quoted(transition.event) + " leaves the state " + quoted(from) + " of " +
                         quoted(lifecycle.name) + " in two ways",
                     transition.place, "the other is at " + first->second.text() + ": rename one event");
    }
    lifecycle.transitions.push_back(std::move(transition));
  }
}

Member state_member(const Lifecycle& lifecycle, const std::string& name, const Place& place) {
  Member member;
  member.name = name;
  member.owner = lifecycle.owner;
  member.label = lifecycle.label;
  member.role = Role::system;
  member.column = physical_name(name);
  member.place = place;
  member.index = true;
  member.type = expr::Type::of(Kind::text);
  member.values = std::make_unique<expr::EnumValues>();
  for (const State& state : lifecycle.states) {
    member.values->ids.push_back(state.id);
    member.value_labels.push_back(EnumValue{state.id, state.label});
  }
  member.type.values = member.values.get();
  return member;
}

Member since_member(const Lifecycle& lifecycle, const std::string& name, const Place& place) {
  Member member;
  member.name = name + "_since";
  member.owner = lifecycle.owner;
  for (const auto& [language, text] : lifecycle.label.texts)
    member.label.texts.emplace(language, language == "zh" ? text + "始于" : text + ", since");
  member.role = Role::system;
  member.column = physical_name(member.name);
  member.type = expr::Type::of(Kind::timestamp);
  member.place = place;
  return member;
}

void declare_lifecycle(Builder& builder, const Item& item) {
  const Source& source = *item.source;
  const std::int32_t type = builder.record_type(item, "on");
  if (type < 0 || item.text("name").empty()) return;
  Lifecycle lifecycle;
  lifecycle.name = lifecycle_name(source, builder.catalog.type(type), item.text("name"));
  lifecycle.owner = source.id();
  lifecycle.owner_version = source.head.version;
  lifecycle.label = item.label("label", item.text("name"));
  lifecycle.record_type = type;
  if (!builder.claim("lifecycle", lifecycle.name, lifecycle.owner, item.place())) return;
  lifecycle.states = read_states(builder, item);
  lifecycle.initial = item.texts("initial");
  if (lifecycle.initial.empty() && item.has("initial"))
    builder.report(ProblemNumber::missing_key, quoted(lifecycle.name) + " has no initial state", item.place("initial"),
                   "name at least one");
  check_states(builder, lifecycle, item, "initial");
  read_lifecycle_order(builder, item, lifecycle);
  read_transitions(builder, item, lifecycle);
  check_automatic_order(builder, lifecycle);
  lifecycle.slot = item.text("slot");
  const std::string name = builder.member_name(source, type, item.text("name"));
  lifecycle.state_member = builder.add_member(type, state_member(lifecycle, name, item.place()));
  lifecycle.since_member = builder.add_member(type, since_member(lifecycle, name, item.place()));
  if (lifecycle.state_member < 0 || lifecycle.since_member < 0) return;
  declare_automatic(builder, item, lifecycle);
  lifecycle.number = static_cast<std::int32_t>(builder.catalog.lifecycles.size());
  builder.catalog.record_types[static_cast<std::size_t>(type)].lifecycles.push_back(lifecycle.number);
  builder.lifecycles.push_back({lifecycle.number, item});
  builder.catalog.lifecycles.push_back(std::move(lifecycle));
}

void resolve_state(Builder& builder, const Item& entry, const Lifecycle& lifecycle, State& state) {
  std::size_t index = 0;
  for (const std::string& name : entry.texts("required")) {
    const Place place = entry.source->place(pointer_join(entry.at("required"), index++));
    const std::int32_t member = builder.member(lifecycle.record_type, name, place);
    if (member < 0) continue;
    state.required.push_back(member);
    if (builder.catalog.type(lifecycle.record_type).members[static_cast<std::size_t>(member)].role != Role::field)
      builder.report(ProblemNumber::not_allowed_here,
                     quoted(name) + " is not written by people, so a state can't require it", place,
                     "use \"enter_guard\"");
  }
  state.enter_guard = compile_condition(
      builder,
      {entry, "enter_guard", lifecycle.record_type, "enter_guard of the state " + lifecycle.name + "/" + state.id},
      judgement_rules());
}

}  // namespace

void declare_lifecycles(Builder& builder, const Source& source) {
  for (const Item& item : root_item(source).list("lifecycles")) declare_lifecycle(builder, item);
}

void resolve_lifecycles(Builder& builder) {
  resolve_slots(builder);
  for (const Pending& pending : builder.lifecycles) {
    Lifecycle& lifecycle = builder.catalog.lifecycles[static_cast<std::size_t>(pending.number)];
    for (const Item& entry : pending.item.list("states")) {
      const auto state = std::find_if(lifecycle.states.begin(), lifecycle.states.end(),
                                      [&](const State& s) { return s.id == entry.text("id"); });
      if (state != lifecycle.states.end()) resolve_state(builder, entry, lifecycle, *state);
    }
    resolve_raises(builder, pending.item, lifecycle);
    // Whether it applies is watched like a derivation, so that it may read what a derivation may.
    lifecycle.applies_when = compile_condition(
        builder,
        {pending.item, "applies_when", lifecycle.record_type, "applies_when of the lifecycle " + lifecycle.name},
        derivation_rules());
    const std::vector<Item> entries = pending.item.list("transitions");
    for (std::size_t i = 0; i < entries.size(); ++i)
      lifecycle.transitions[i].guard =
          compile_condition(builder,
                            {entries[i], "guard", lifecycle.record_type,
                             "guard of " + lifecycle.name + "/" + lifecycle.transitions[i].event},
                            judgement_rules());
  }
}

}  // namespace kith::internal::catalog
