#include "react/triggers.hpp"

#include <algorithm>

namespace kith::internal::react {
namespace {

using catalog::Trigger;
using store::EventKind;

bool reads_old(const catalog::Workflow& workflow) {
  if (workflow.condition && workflow.condition->uses_old) return true;
  const auto of_template = [](const expr::Template& text) {
    return std::any_of(text.programs().begin(), text.programs().end(),
                       [](const expr::ProgramPtr& program) { return program->uses_old; });
  };
  for (const catalog::WorkflowAction& action : workflow.actions)
    for (const catalog::Assignment& assignment : action.assignments)
      for (const auto& [language, text] : assignment.templates)
        if (of_template(text)) return true;
  return false;
}

bool watches(const Trigger& trigger, const store::Change& change) {
  return trigger.watched.empty() || std::any_of(trigger.watched.begin(), trigger.watched.end(),
                                                [&](std::int32_t member) { return change.find(member) != nullptr; });
}

bool transitioned(const Trigger& trigger, const store::EnteredState& state) {
  switch (trigger.kind) {
    case Trigger::Kind::entered_state: return state.to == trigger.state && state.from != trigger.state;
    case Trigger::Kind::left_state: return state.from == trigger.state && state.to != trigger.state;
    default: return state.event == trigger.event;
  }
}

/// A score's event carries its band, not its points; nothing is no band.
bool crosses(const Trigger& trigger, const store::Event& event) {
  if (event.before.s == event.after.s) return false;
  return (trigger.from_band.empty() || trigger.from_band == event.before.s) &&
         (trigger.to_band.empty() || trigger.to_band == event.after.s);
}

bool pulls(const Trigger& trigger, const store::Happening& happening) {
  const store::Event& event = happening.entry->event;
  switch (trigger.kind) {
    case Trigger::Kind::created: return true;
    case Trigger::Kind::updated: return watches(trigger, *happening.entry->change);
    case Trigger::Kind::entered_state:
    case Trigger::Kind::left_state:
    case Trigger::Kind::transitioned: return transitioned(trigger, *happening.state);
    case Trigger::Kind::left_segment: return event.before.is_true() && !event.after.is_true();
    case Trigger::Kind::entered_segment:
    case Trigger::Kind::became: return event.after.is_true() && !event.before.is_true();
    case Trigger::Kind::band: return crosses(trigger, event);
  }
  return false;
}

}  // namespace

Triggers::Triggers(const catalog::Catalog& catalog) : catalog_(&catalog) {
  for (const catalog::Workflow& workflow : catalog.workflows) {
    const std::size_t position = all_.size();
    all_.push_back({&workflow, reads_old(workflow)});
    if (!workflow.enabled) continue;
    const Trigger& trigger = workflow.trigger;
    switch (trigger.kind) {
      case Trigger::Kind::created:
        changed_[{workflow.record_type, store::ChangeKind::create}].push_back(position);
        break;
      case Trigger::Kind::updated:
        changed_[{workflow.record_type, store::ChangeKind::update}].push_back(position);
        break;
      case Trigger::Kind::entered_state:
      case Trigger::Kind::left_state:
      case Trigger::Kind::transitioned: states_[{workflow.record_type, trigger.lifecycle}].push_back(position); break;
      case Trigger::Kind::entered_segment:
      case Trigger::Kind::left_segment:
      case Trigger::Kind::became:
      case Trigger::Kind::band:
        derived_[catalog.derivations[static_cast<std::size_t>(trigger.derivation)].name].push_back(position);
        break;
    }
  }
  for (const catalog::Lifecycle& lifecycle : catalog.lifecycles) {
    if (lifecycle.automatic < 0) continue;
    automatic_.emplace(catalog.derivations[static_cast<std::size_t>(lifecycle.automatic)].name, lifecycle.number);
  }
}

const Triggers::Positions* Triggers::candidates(const store::Happening& happening) const {
  const auto in = [](const auto& table, const auto& key) {
    const auto found = table.find(key);
    return found == table.end() ? nullptr : &found->second;
  };
  const store::LogEntry& entry = *happening.entry;
  switch (happening.kind) {
    case EventKind::changed: {
      // A transition that came with fields is an update of these too.
      const store::ChangeKind kind = entry.change->kind;
      if (kind == store::ChangeKind::remove) return nullptr;
      const bool created = kind == store::ChangeKind::create;
      return in(changed_, std::pair{entry.record_type(), created ? kind : store::ChangeKind::update});
    }
    case EventKind::transition: return in(states_, std::pair{entry.record_type(), happening.state->lifecycle});
    case EventKind::derived: return in(derived_, entry.event.name);
    case EventKind::emitted:
    case EventKind::related: break;
  }
  return nullptr;
}

std::vector<const Waiting*> Triggers::pulled(const store::Happening& happening) const {
  std::vector<const Waiting*> out;
  const Positions* found = candidates(happening);
  if (found == nullptr) return out;
  for (const std::size_t position : *found) {
    const Waiting& waiting = all_[position];
    if (waiting.workflow->record_type != happening.entry->record_type()) continue;
    if (pulls(waiting.workflow->trigger, happening)) out.push_back(&waiting);
  }
  return out;
}

const catalog::Lifecycle* Triggers::automatic(const store::Happening& happening) const {
  return happening.kind == EventKind::derived ? automatic(happening.entry->event.name) : nullptr;
}

const catalog::Lifecycle* Triggers::automatic(std::string_view name) const {
  const auto found = automatic_.find(name);
  return found == automatic_.end() ? nullptr : &catalog_->lifecycles[static_cast<std::size_t>(found->second)];
}

const Waiting* Triggers::workflow(std::string_view id) const {
  const auto found =
      std::find_if(all_.begin(), all_.end(), [&](const Waiting& each) { return each.workflow->id == id; });
  return found == all_.end() ? nullptr : &*found;
}

}  // namespace kith::internal::react
