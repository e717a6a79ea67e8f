// What a bundle's library brings, and what its jobs publish: functions, actions, jobs, parameter sets.
#include "catalog/builder/sections.hpp"
#include "catalog/read/field_types.hpp"

namespace kith::internal::catalog {
namespace {

// A role named by runs_as: one's own, with or without the bundle's id.
std::string own_or_qualified(const Source& source, const std::string& name) {
  return name.empty() || !owner_part(name).empty() ? name : source.qualified(name);
}

std::vector<std::int32_t> read_writes(Builder& builder, const Item& item) {
  std::vector<std::int32_t> out;
  std::size_t index = 0;
  for (const std::string& name : item.texts("writes")) {
    const Place place = item.source->place(pointer_join(item.at("writes"), index++));
    const std::int32_t type = builder.record_type(item, name, place);
    if (type >= 0) out.push_back(type);
  }
  return out;
}

void check_role(Builder& builder, const Item& item, const std::string& role) {
  if (role.empty()) return;
  std::vector<std::string> names;
  for (const RoleDeclaration& known : builder.catalog.roles) {
    if (known.name == role) return;
    names.push_back(known.name);
  }
  builder.report(ProblemNumber::unknown_reference, "there is no role " + quoted(role), item.place("runs_as"),
                 suggest(role, names));
}

std::vector<std::string> read_publishes(Builder& builder, const Item& item) {
  std::vector<std::string> out;
  std::size_t index = 0;
  for (const std::string& written : item.texts("publishes")) {
    const Place place = item.source->place(pointer_join(item.at("publishes"), index++));
    const std::string name = own_or_qualified(*item.source, written);
    std::vector<std::string> names;
    for (const ParameterSet& set : builder.catalog.parameter_sets) names.push_back(set.name);
    if (!builder.catalog.find_parameter_set(name))
      builder.report(ProblemNumber::unknown_reference, "there is no parameter set " + quoted(name), place,
                     suggest(name, names));
    else
      out.push_back(name);
  }
  return out;
}

}  // namespace

void declare_functions(Builder& builder, const Source& source) {
  for (const Item& item : root_item(source).list("functions")) {
    Function function;
    function.name = source.qualified(item.text("name"));
    function.owner = source.id();
    function.owner_version = source.head.version;
    function.returns = kind_of(item.text("returns"));
    if (item.text("name").empty() || !builder.claim("function", function.name, function.owner, item.place())) continue;
    if (source.head.library.empty())
      builder.report(ProblemNumber::missing_key,
                     "the function " + quoted(function.name) + " has no library to come from", item.place(),
                     "add \"library\" to the manifest");
    function.arguments = read_arguments(builder, item, "args");
    function.abi_signature = abi_signature(function.arguments, function.returns);
    function.number = static_cast<std::int32_t>(builder.catalog.functions.size());
    builder.catalog.functions.push_back(std::move(function));
  }
}

void declare_parameters(Builder& builder, const Source& source) {
  for (const Item& item : root_item(source).list("parameters")) {
    ParameterSet set;
    set.name = source.qualified(item.text("set"));
    set.owner = source.id();
    if (item.text("set").empty() || !builder.claim("parameter set", set.name, set.owner, item.place())) continue;
    set.values = read_arguments(builder, item, "values");
    builder.catalog.parameter_sets.push_back(std::move(set));
  }
}

void declare_actions(Builder& builder, const Source& source) {
  for (Item& item : root_item(source).list("actions")) {
    Action action;
    action.name = source.qualified(item.text("name"));
    action.owner = source.id();
    action.runs_as = own_or_qualified(source, item.text("runs_as"));
    action.database_effect = item.text("effect") == "database";
    if (item.text("name").empty() || !builder.claim("action", action.name, action.owner, item.place())) continue;
    if (source.head.library.empty())
      builder.report(ProblemNumber::missing_key, "the action " + quoted(action.name) + " has no library to come from",
                     item.place(), "add \"library\" to the manifest");
    action.number = static_cast<std::int32_t>(builder.catalog.actions.size());
    builder.actions.push_back({action.number, std::move(item)});
    builder.catalog.actions.push_back(std::move(action));
  }
}

void declare_jobs(Builder& builder, const Source& source) {
  for (Item& item : root_item(source).list("jobs")) {
    Job job;
    job.name = source.qualified(item.text("name"));
    job.owner = source.id();
    job.text = item.label("text", job.name);
    job.runs_as = own_or_qualified(source, item.text("runs_as"));
    if (item.text("name").empty() || !builder.claim("job", job.name, job.owner, item.place())) continue;
    if (source.head.library.empty())
      builder.report(ProblemNumber::missing_key, "the job " + quoted(job.name) + " has no library to come from",
                     item.place(), "add \"library\" to the manifest");
    job.number = static_cast<std::int32_t>(builder.catalog.jobs.size());
    builder.jobs.push_back({job.number, std::move(item)});
    builder.catalog.jobs.push_back(std::move(job));
  }
}

void resolve_native(Builder& builder) {
  for (const Pending& pending : builder.actions) {
    Action& action = builder.catalog.actions[static_cast<std::size_t>(pending.number)];
    action.record_type = builder.record_type(pending.item, "on");
    action.arguments = read_arguments(builder, pending.item, "args");
    action.writes = read_writes(builder, pending.item);
    check_role(builder, pending.item, action.runs_as);
  }
  for (const Pending& pending : builder.jobs) {
    Job& job = builder.catalog.jobs[static_cast<std::size_t>(pending.number)];
    job.arguments = read_arguments(builder, pending.item, "args");
    job.writes = read_writes(builder, pending.item);
    job.publishes = read_publishes(builder, pending.item);
    check_role(builder, pending.item, job.runs_as);
  }
}

}  // namespace kith::internal::catalog
