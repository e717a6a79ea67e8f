#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <set>

#include "base/text/text.hpp"
#include "catalog/manifest/shape.hpp"
#include "catalog/read/assignments.hpp"
#include "catalog/read/workflow_actions.hpp"

namespace kith::internal::catalog {
namespace {

using ActionKind = WorkflowAction::Kind;

struct ActionHead {
  std::string_view key;
  ActionKind kind;
  std::string_view with;   ///< keys that must go with it
  std::string_view maybe;  ///< keys that may
};
// "set" is a head only where no other is: it also goes with "create" and "emit".
constexpr std::array<ActionHead, 7> kHeads = {{{"transition", ActionKind::transition, "event", "reason"},
                                               {"create", ActionKind::create, "set", ""},
                                               {"log", ActionKind::log, "", ""},
                                               {"relate", ActionKind::relate, "to", ""},
                                               {"emit", ActionKind::emit, "", "set"},
                                               {"call", ActionKind::call, "", "with"},
                                               {"set", ActionKind::set, "", ""}}};
constexpr std::array<std::string_view, 5> kCompanions = {"event", "reason", "set", "to", "with"};

bool has_word(std::string_view list, std::string_view word) {
  const std::vector<std::string> all = words(list);
  return std::find(all.begin(), all.end(), word) != all.end();
}

bool has_later_key(const Item& item) {
  const Table& table = *manifest_table().find("workflows")->table->find("actions")->table;
  return std::any_of(item.object->begin(), item.object->end(), [&](const auto& entry) {
    const Key* key = table.find(entry.key());
    return !key || key->presence == Presence::later;
  });
}

const ActionHead* find_head(Builder& builder, const Item& item, const std::string& what) {
  std::vector<std::string> heads;
  for (const ActionHead& head : kHeads) heads.emplace_back(head.key);
  const ActionHead* found = nullptr;
  for (const ActionHead& head : kHeads) {
    if (!item.has(head.key)) continue;
    if (head.kind == ActionKind::set && found) continue;
    if (found) {
      builder.report(ProblemNumber::not_allowed_here,
                     what + " has two heads, " + quoted(found->key) + " and " + quoted(head.key), item.place(),
                     "make an action of each", "exactly one of " + join(heads, ", "));
      return nullptr;
    }
    found = &head;
  }
  if (!found) {
    if (!has_later_key(item))
      builder.report(ProblemNumber::missing_key, what + " does nothing", item.place(), {},
                     "exactly one of " + join(heads, ", "));
    return nullptr;
  }
  for (const std::string_view key : kCompanions) {
    if (key == found->key) continue;
    if (has_word(found->with, key) && !item.has(key))
      builder.report(ProblemNumber::missing_key, what + " (" + std::string(found->key) + ") has no " + quoted(key),
                     item.place(), "add " + quoted(key));
    if (item.has(key) && !has_word(found->with, key) && !has_word(found->maybe, key))
      builder.report(ProblemNumber::not_allowed_here, quoted(key) + " does not go with " + quoted(found->key),
                     item.key_place(key), "leave it out");
  }
  return found;
}

// --- one function per head ---------------------------------------------------------------------------------------

struct ActionReader {
  Builder& builder;
  const Item& item;
  const Workflow& workflow;
  WorkflowAction& action;
  std::string what;

  FieldsSpot fields(std::string_view key, std::int32_t target) const {
    return {item, key, workflow.record_type, target, what};
  }
};

void read_one(const ActionReader& reader, std::string_view key, std::optional<expr::Type> wanted) {
  const boost::json::value* value = reader.item.find(key);
  if (!value) return;
  auto assignment = read_assignment(reader.builder,
                                    {reader.item, reader.item.at(key), reader.workflow.record_type, std::move(wanted),
                                     quoted(key) + " of " + reader.what},
                                    *value, std::string(key));
  if (assignment) reader.action.assignments.push_back(std::move(*assignment));
}

void read_set(const ActionReader& reader) {
  const RecordType& type = reader.builder.catalog.type(reader.workflow.record_type);
  if (type.append_only)
    reader.builder.report(ProblemNumber::not_allowed_here, "records of " + type.name + " never change",
                          reader.item.key_place("set"), "create another record instead");
  reader.action.assignments = read_field_assignments(reader.builder, reader.fields("set", type.number));
}

void read_transition(const ActionReader& reader) {
  WorkflowAction& action = reader.action;
  action.target = reader.item.text("transition");
  action.event = reader.item.text("event");
  const Catalog& catalog = reader.builder.catalog;
  const Lifecycle* lifecycle = catalog.find_lifecycle(reader.workflow.record_type, action.target);
  if (!lifecycle) {
    reader.builder.report(ProblemNumber::unknown_reference,
                          catalog.type(reader.workflow.record_type).name + " has no lifecycle " + quoted(action.target),
                          reader.item.place("transition"),
                          suggest(action.target, catalog.names().lifecycle_names(reader.workflow.record_type)));
    return;
  }
  action.target_number = lifecycle->number;
  std::vector<std::string> events;
  bool reason_required = false;
  for (const Transition& transition : lifecycle->transitions) {
    events.push_back(transition.event);
    reason_required = reason_required || (transition.event == action.event && transition.reason_required);
  }
  if (!action.event.empty() && std::find(events.begin(), events.end(), action.event) == events.end())
    reader.builder.report(ProblemNumber::unknown_reference,
                          quoted(lifecycle->name) + " has no event " + quoted(action.event), reader.item.place("event"),
                          suggest(action.event, events));
  if (reason_required && !reader.item.has("reason"))
    reader.builder.report(ProblemNumber::missing_key,
                          reader.what + " has no \"reason\", which " + quoted(action.event) + " requires",
                          reader.item.place(), "add \"reason\"");
  read_one(reader, "reason", expr::Type::of(Kind::text));
}

// Fields that a new record must have and the action doesn't give. `given` are those that the engine fills.
void check_required(const ActionReader& reader, const RecordType& type, std::string_view key,
                    const std::vector<std::string>& given) {
  const auto object = reader.item.child(key);
  for (const Member& member : type.members) {
    if (member.role != Role::field || !member.required || member.default_value) continue;
    const bool there =
        (object && object->has(member.name)) || std::find(given.begin(), given.end(), member.name) != given.end();
    if (!there)
      reader.builder.report(ProblemNumber::missing_key,
                            reader.what + " gives no " + quoted(member.name) + ", which " + type.name + " requires",
                            reader.item.place(key), "add " + quoted(member.name));
  }
}

void read_create(const ActionReader& reader) {
  reader.action.target = reader.item.text("create");
  reader.action.target_number = reader.builder.record_type(reader.item, "create");
  if (reader.action.target_number < 0) return;
  reader.action.assignments = read_field_assignments(reader.builder, reader.fields("set", reader.action.target_number));
  check_required(reader, reader.builder.catalog.type(reader.action.target_number), "set", {});
}

void read_log(const ActionReader& reader) {
  reader.action.target = "interaction";
  const RecordType* interaction = reader.builder.catalog.find_type("interaction");
  if (!interaction)
    return reader.builder.report(ProblemNumber::unknown_reference, "there is no record type \"interaction\" to log to",
                                 reader.item.key_place("log"));
  reader.action.target_number = interaction->number;
  reader.action.assignments = read_field_assignments(reader.builder, reader.fields("log", interaction->number));
  check_required(reader, *interaction, "log", {"customer", "at"});
}

void read_relate(const ActionReader& reader) {
  const Catalog& catalog = reader.builder.catalog;
  reader.action.target = reader.item.text("relate");
  const Relationship* relationship = catalog.find_relationship(reader.action.target);
  std::vector<std::string> names;
  for (const Relationship& known : catalog.relationships) {
    names.push_back(known.name);
    names.push_back(known.inverse);
  }
  if (!relationship)
    return reader.builder.report(ProblemNumber::unknown_reference,
                                 "there is no relationship " + quoted(reader.action.target),
                                 reader.item.place("relate"), suggest(reader.action.target, names));
  reader.action.target_number = relationship->number;
  const bool forwards = relationship->name == reader.action.target;
  const RelationshipEnd& near = forwards ? relationship->from : relationship->to;
  const RelationshipEnd& far = forwards ? relationship->to : relationship->from;
  if (near.record_type != reader.workflow.record_type)
    reader.builder.report(
        ProblemNumber::type_mismatch,
        quoted(reader.action.target) + " does not begin at " + catalog.type(reader.workflow.record_type).name,
        reader.item.place("relate"));
  expr::Type wanted = expr::Type::of(Kind::ref);
  wanted.record_type = far.record_type;
  read_one(reader, "to", wanted);
}

void read_call(const ActionReader& reader) {
  const Catalog& catalog = reader.builder.catalog;
  reader.action.target = reader.item.text("call");
  const Action* called = catalog.find_action(reader.action.target);
  std::vector<std::string> names;
  for (const Action& known : catalog.actions) names.push_back(known.name);
  if (!called)
    return reader.builder.report(ProblemNumber::unknown_reference, "there is no action " + quoted(reader.action.target),
                                 reader.item.place("call"), suggest(reader.action.target, names));
  if (!reader.item.may_use(called->owner))
    reader.builder.report(ProblemNumber::unknown_reference,
                          reader.what + " calls " + quoted(called->name) + ", but " + reader.item.source->id() +
                              " does not require " + quoted(called->owner),
                          reader.item.place("call"));
  reader.action.target_number = called->number;
  if (called->record_type >= 0 && called->record_type != reader.workflow.record_type)
    reader.builder.report(ProblemNumber::type_mismatch,
                          quoted(called->name) + " is an action on " + catalog.type(called->record_type).name +
                              ", not on " + catalog.type(reader.workflow.record_type).name,
                          reader.item.place("call"));
  reader.action.assignments = read_argument_assignments(reader.builder, reader.fields("with", -1), called->arguments);
}

void read_emit(const ActionReader& reader) {
  const std::string event = reader.item.text("emit");
  const std::string_view owner = owner_part(event);
  reader.action.target = owner.empty() ? reader.item.source->qualified(event) : event;
  if (!owner.empty() && owner != reader.item.source->id())
    reader.builder.report(
        ProblemNumber::not_allowed_here,
        quoted(event) + " is an event of " + std::string(owner) + ", which only its own workflows emit",
        reader.item.place("emit"), "name an event of your own");
  reader.action.assignments = read_free_assignments(reader.builder, reader.fields("set", -1));
}

void read_action(const ActionReader& reader) {
  switch (reader.action.kind) {
    case ActionKind::set: return read_set(reader);
    case ActionKind::transition: return read_transition(reader);
    case ActionKind::create: return read_create(reader);
    case ActionKind::log: return read_log(reader);
    case ActionKind::relate: return read_relate(reader);
    case ActionKind::call: return read_call(reader);
    case ActionKind::emit: return read_emit(reader);
  }
}

}  // namespace

std::vector<WorkflowAction> read_workflow_actions(Builder& builder, const Item& item, const Workflow& workflow) {
  std::vector<WorkflowAction> out;
  std::set<std::string> ids;
  for (const Item& entry : item.list("actions")) {
    WorkflowAction action;
    action.id = entry.text("id");
    const std::string what = "the action " + workflow.id + "/" + action.id;
    if (!action.id.empty() && !ids.insert(action.id).second)
      builder.report(ProblemNumber::duplicate_name, what + " is there twice", entry.place("id"), "rename one of them");
    const ActionHead* head = find_head(builder, entry, what);
    if (!head) continue;
    action.kind = head->kind;
    read_action(ActionReader{builder, entry, workflow, action, what});
    out.push_back(std::move(action));
  }
  return out;
}

}  // namespace kith::internal::catalog
