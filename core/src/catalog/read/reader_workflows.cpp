// Workflows: head, trigger, condition. Their actions are in reader_workflow_actions.cpp.
#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "base/text/text.hpp"

#include "catalog/builder/compiling.hpp"
#include "catalog/builder/sections.hpp"
#include "catalog/manifest/shape.hpp"
#include "catalog/read/workflow_actions.hpp"

namespace kith::internal::catalog {
namespace {

// --- triggers ----------------------------------------------------------------------------------------------------

struct TriggerHead {
  std::string_view key;
  Trigger::Kind kind;
  std::string_view with;   ///< keys that must go with it
  std::string_view maybe;  ///< keys that may
};
constexpr std::array<TriggerHead, 9> kTriggerHeads = {{{"created", Trigger::Kind::created, "", ""},
                                                       {"updated", Trigger::Kind::updated, "", ""},
                                                       {"entered", Trigger::Kind::entered_state, "state", ""},
                                                       {"left", Trigger::Kind::left_state, "state", ""},
                                                       {"transition", Trigger::Kind::transitioned, "event", ""},
                                                       {"entered_segment", Trigger::Kind::entered_segment, "", ""},
                                                       {"left_segment", Trigger::Kind::left_segment, "", ""},
                                                       {"became", Trigger::Kind::became, "", ""},
                                                       {"band", Trigger::Kind::band, "", "from to"}}};

// Exactly one head, with its companions and no others; nullptr after a problem.
const TriggerHead* find_trigger_head(Builder& builder, const Item& trigger, const std::string& what) {
  const TriggerHead* head = nullptr;
  std::size_t count = 0;
  for (const TriggerHead& candidate : kTriggerHeads)
    if (trigger.has(candidate.key)) {
      head = &candidate;
      ++count;
    }
  std::vector<std::string> heads;
  for (const TriggerHead& candidate : kTriggerHeads) heads.emplace_back(candidate.key);
  if (count > 1) {
    builder.report(ProblemNumber::not_allowed_here, "the trigger of " + what + " has more than one head",
                   trigger.place(), "make a workflow for each", "exactly one of " + join(heads, ", "));
    return nullptr;
  }
  if (!head) {
    const Table& table = *manifest_table().find("workflows")->table->find("trigger")->table;
    bool said = false;  // a head of a later version or a misspelt one was refused by its key
    for (const auto& entry : *trigger.object) {
      const Key* key = table.find(entry.key());
      said = said || !key || key->presence == Presence::later;
    }
    if (trigger.has("event")) {
      builder.problems.add(later_problem("the trigger \"event\"", trigger.key_place("event")));
      said = true;
    }
    if (!said)
      builder.report(ProblemNumber::missing_key, "the trigger of " + what + " has no head", trigger.place(), {},
                     "exactly one of " + join(heads, ", "));
    return nullptr;
  }
  for (const std::string_view companion : {"state", "event", "from", "to"}) {
    const std::vector<std::string> with = words(head->with), maybe = words(head->maybe);
    const bool must = std::find(with.begin(), with.end(), companion) != with.end();
    const bool may = must || std::find(maybe.begin(), maybe.end(), companion) != maybe.end();
    if (must && !trigger.has(companion))
      builder.report(ProblemNumber::missing_key,
                     "the trigger " + quoted(head->key) + " of " + what + " has no " + quoted(companion),
                     trigger.place(), "add " + quoted(companion));
    if (!may && trigger.has(companion))
      builder.report(ProblemNumber::not_allowed_here,
                     quoted(companion) + " does not go with the trigger " + quoted(head->key),
                     trigger.key_place(companion), "leave it out");
  }
  return head;
}

void read_lifecycle_trigger(Builder& builder, const Item& item, const TriggerHead& head, Workflow& workflow) {
  Trigger& trigger = workflow.trigger;
  trigger.lifecycle = item.text(head.key);
  trigger.state = item.text("state");
  trigger.event = item.text("event");
  const Lifecycle* lifecycle = builder.catalog.find_lifecycle(workflow.record_type, trigger.lifecycle);
  if (!lifecycle) {
    const auto names = builder.catalog.names().lifecycle_names(workflow.record_type);
    builder.report(ProblemNumber::unknown_reference,
                   builder.catalog.type(workflow.record_type).name + " has no lifecycle " + quoted(trigger.lifecycle),
                   item.place(head.key), suggest(trigger.lifecycle, names));
    return;
  }
  std::vector<std::string> states, events;
  for (const State& state : lifecycle->states) states.push_back(state.id);
  for (const Transition& transition : lifecycle->transitions) events.push_back(transition.event);
  const auto missing = [](const std::vector<std::string>& list, const std::string& word) {
    return !word.empty() && std::find(list.begin(), list.end(), word) == list.end();
  };
  if (missing(states, trigger.state))
    builder.report(ProblemNumber::unknown_reference, quoted(lifecycle->name) + " has no state " + quoted(trigger.state),
                   item.place("state"), suggest(trigger.state, states));
  if (missing(events, trigger.event))
    builder.report(ProblemNumber::unknown_reference, quoted(lifecycle->name) + " has no event " + quoted(trigger.event),
                   item.place("event"), suggest(trigger.event, events));
}

void read_derivation_trigger(Builder& builder, const Item& item, const TriggerHead& head, Workflow& workflow) {
  const bool band = head.kind == Trigger::Kind::band;
  const DerivationKind wanted = band ? DerivationKind::score : DerivationKind::segment;
  const std::string name = item.text(head.key);
  std::vector<std::string> names;
  for (const Derivation& derivation : builder.catalog.derivations) {
    if (derivation.kind != wanted || derivation.record_type != workflow.record_type) continue;
    names.push_back(derivation.name);
    if (derivation.name != name) continue;
    workflow.trigger.derivation = derivation.number;
    if (!item.may_use(derivation.owner))
      builder.report(ProblemNumber::unknown_reference,
                     "the trigger uses " + quoted(name) + ", but " + item.source->id() + " does not require " +
                         quoted(derivation.owner),
                     item.place(head.key));
  }
  const std::string kind = derivation_kind_name(wanted);
  if (workflow.trigger.derivation < 0) {
    builder.report(ProblemNumber::unknown_reference,
                   builder.catalog.type(workflow.record_type).name + " has no " + kind + " " + quoted(name),
                   item.place(head.key), suggest(name, names));
    return;
  }
  if (!band) return;
  std::vector<std::string> bands;
  for (const ScoreBand& known :
       builder.catalog.derivations[static_cast<std::size_t>(workflow.trigger.derivation)].score->bands)
    bands.push_back(known.id);
  workflow.trigger.from_band = item.text("from");
  workflow.trigger.to_band = item.text("to");
  for (const std::string_view key : {"from", "to"})
    if (item.has(key) && std::find(bands.begin(), bands.end(), item.text(key)) == bands.end())
      builder.report(ProblemNumber::unknown_reference, quoted(name) + " has no band " + quoted(item.text(key)),
                     item.place(key), suggest(item.text(key), bands));
  if (bands.empty())
    builder.report(ProblemNumber::unknown_reference, "the score " + quoted(name) + " has no bands", item.place("band"));
}

void read_watched(Builder& builder, const Item& item, Workflow& workflow) {
  std::size_t index = 0;
  for (const std::string& name : item.texts("updated")) {
    const Place place = item.source->place(pointer_join(item.at("updated"), index++));
    const std::int32_t member = builder.member(workflow.record_type, name, place);
    if (member < 0) continue;
    const Role role = builder.catalog.type(workflow.record_type).members[static_cast<std::size_t>(member)].role;
    if (role == Role::derived || role == Role::child_set)
      builder.report(ProblemNumber::not_allowed_here, quoted(name) + " is not written, so it is never updated", place,
                     "use \"became\" with an expression");
    else
      workflow.trigger.watched.push_back(member);
  }
}

void read_trigger(Builder& builder, const Item& item, Workflow& workflow) {
  const auto trigger = item.child("trigger");
  if (!trigger) return;
  const TriggerHead* head = find_trigger_head(builder, *trigger, "the workflow " + workflow.id);
  if (!head) return;
  workflow.trigger.kind = head->kind;
  switch (head->kind) {
    case Trigger::Kind::created: break;
    case Trigger::Kind::updated: read_watched(builder, *trigger, workflow); break;
    case Trigger::Kind::entered_state:
    case Trigger::Kind::left_state:
    case Trigger::Kind::transitioned: read_lifecycle_trigger(builder, *trigger, *head, workflow); break;
    case Trigger::Kind::entered_segment:
    case Trigger::Kind::left_segment:
    case Trigger::Kind::band: read_derivation_trigger(builder, *trigger, *head, workflow); break;
    case Trigger::Kind::became: {
      const auto hidden = builder.triggers.find(workflow.id);
      if (hidden != builder.triggers.end()) workflow.trigger.derivation = hidden->second;
      break;
    }
  }
}

// --- the hidden derivation of `became` -----------------------------------------------------------------------------

void declare_trigger(Builder& builder, const Item& workflow_item, const Workflow& workflow) {
  const auto trigger = workflow_item.child("trigger");
  if (!trigger || !trigger->has("became")) return;
  Derivation derivation;
  derivation.kind = DerivationKind::trigger;
  derivation.name = workflow.id + "#trigger";
  derivation.owner = workflow.owner;
  derivation.owner_version = workflow.owner_version;
  derivation.label = workflow.label;
  derivation.record_type = workflow.record_type;
  derivation.place = trigger->place();
  const std::int32_t number = builder.add_hidden(std::move(derivation), Kind::boolean, *trigger);
  if (number >= 0) builder.triggers.emplace(workflow.id, number);
}

constexpr std::array<std::pair<std::string_view, Workflow::Once>, 3> kOnce = {
    {{"event", Workflow::Once::event}, {"record", Workflow::Once::record}, {"root", Workflow::Once::root}}};

void declare_workflow(Builder& builder, const Item& item) {
  const Source& source = *item.source;
  const std::int32_t type = builder.record_type(item, "on");
  if (type < 0 || item.text("id").empty()) return;
  Workflow workflow;
  workflow.id = source.id() + "." + item.text("id");
  workflow.owner = source.id();
  workflow.owner_version = source.head.version;
  workflow.label = item.label("label", item.text("id"));
  workflow.record_type = type;
  workflow.phase = item.integer("phase").value_or(0);
  workflow.priority = item.integer("priority").value_or(0);
  workflow.enabled = item.flag("enabled", true);
  workflow.place = item.place();
  for (const auto& [name, once] : kOnce)
    if (name == item.text("once_per")) workflow.once_per = once;
  if (!builder.claim("workflow", workflow.id, workflow.owner, workflow.place)) return;
  declare_trigger(builder, item, workflow);
  builder.workflows.push_back({static_cast<std::int32_t>(builder.catalog.workflows.size()), item});
  builder.catalog.workflows.push_back(std::move(workflow));
}

}  // namespace

void declare_workflows(Builder& builder, const Source& source) {
  for (const Item& item : root_item(source).list("workflows")) declare_workflow(builder, item);
}

void resolve_workflows(Builder& builder) {
  for (const Pending& pending : builder.workflows) {
    Workflow& workflow = builder.catalog.workflows[static_cast<std::size_t>(pending.number)];
    read_trigger(builder, pending.item, workflow);
    workflow.condition = compile_condition(
        builder, {pending.item, "condition", workflow.record_type, "condition of the workflow " + workflow.id},
        judgement_rules());
    workflow.actions = read_workflow_actions(builder, pending.item, workflow);
  }
}

}  // namespace kith::internal::catalog
