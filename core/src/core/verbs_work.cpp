// Verbs of long work: imports, jobs, parameters, the queue of workflow runs.
#include <boost/json.hpp>
#include <chrono>

#include "base/text/text.hpp"
#include "core/verbs.hpp"
#include "facts/read/timeline.hpp"
#include "react/trace.hpp"

namespace kith::internal {

namespace json = boost::json;

namespace {

facts::Import& import_of(Session& session, const json::object& args, std::string& id) {
  id = text_argument(args, "run");
  const auto found = session.imports().find(id);
  if (found == session.imports().end())
    throw Error(ProblemNumber::unknown_thing, "this session has no import run '" + id + "' under way",
                "start it, or go on with it, by import.begin");
  return *found->second;
}

[[noreturn]] void not_inside(const std::string& what) {
  throw Error(ProblemNumber::misuse, what + " makes transactions of its own and can't run inside one",
              "commit or roll back first");
}

}  // namespace

json::object verb_import_begin(Session& session, const json::object& args) {
  if (session.in_transaction()) not_inside("an import");
  facts::ImportRequest request;
  request.file = text_argument(args, "file");
  request.mapping_file = text_argument(args, "map");
  request.resume = text_argument(args, "resume", "");
  request.reject_file = text_argument(args, "reject_file", "");
  request.dry_run = bool_argument(args, "dry_run", false);
  request.max_rejects = integer_argument(args, "max_rejects", -1);
  request.batch = integer_argument(args, "batch", 0);
  request.own_files = session.core().own_files();
  request.file_mode = session.core().config().file_mode;
  std::unique_ptr<facts::Import> import;
  session.reading([&](access::Unit& unit, derive::Engine&) { import = facts::Import::begin(unit, request); });
  json::object status = import->status();
  const std::string id(status.at("run").as_string());
  session.imports()[id] = std::move(import);
  return status;
}

json::object verb_import_step(Session& session, const json::object& args) {
  if (session.in_transaction()) not_inside("an import");
  std::string id;
  facts::Import& import = import_of(session, args, id);
  if (import.status().at("state").as_string() == "done") return import.status();
  {
    Writing work(session.core(), session.tenant(), session.actor(), import.cause(), session.writer_use());
    import.step(work.unit());
    if (import.status().at("dry_run").as_bool()) return import.status();  // rolled back with `work`
    work.commit();
  }
  import.committed();
  if (import.status().at("state").as_string() == "done") session.core().database().keep_statistics(INT64_MAX);
  return import.status();
}

json::object verb_import_end(Session& session, const json::object& args) {
  std::string id;
  json::object status = import_of(session, args, id).status();
  session.imports().erase(id);
  return status;
}

json::object verb_job_list(Session& session, const json::object&) {
  const catalog::Catalog& catalog = session.core().catalog();
  json::array jobs;
  session.reading([&](access::Unit& unit, derive::Engine&) {
    const std::vector<store::JobRun> runs = store::job_runs(unit.records, 1'000);
    for (const catalog::Job& job : catalog.jobs) {
      json::object one;
      one["name"] = job.name;
      one["text"] = job.text.in(catalog.language);
      json::array arguments;
      for (const catalog::Argument& a : job.arguments)
        arguments.push_back(json::object{{"name", a.name}, {"type", expr::type_name(a.type)}});
      one["args"] = std::move(arguments);
      one["publishes"] = json::value_from(job.publishes);
      one["last"] = nullptr;
      for (const store::JobRun& run : runs)
        if (run.job == job.name) {
          one["last"] = json::object{
              {"run", run.id}, {"state", run.state}, {"at", format_instant(run.started_us)}, {"error", run.error}};
          break;
        }
      jobs.push_back(std::move(one));
    }
  });
  return {{"jobs", std::move(jobs)}};
}

namespace {

const catalog::Job& job_named(const catalog::Catalog& catalog, const std::string& name) {
  if (const catalog::Job* job = catalog.find_job(name)) return *job;
  std::vector<std::string> names;
  for (const catalog::Job& job : catalog.jobs) names.push_back(job.name);
  Problem p;
  p.number = ProblemNumber::unknown_thing;
  p.message = "there is no job '" + name + "'";
  p.expected = names.empty() ? "a loaded plugin that brings a job" : "one of " + join(names, ", ");
  p.fix = did_you_mean(name, names);
  throw Error(p);
}

/// Arguments typed as declared; text is parsed. Unknown names are refused.
json::object job_arguments(const catalog::Catalog& catalog, const catalog::Job& job, const json::object& given) {
  json::object out;
  std::vector<std::string> names;
  for (const catalog::Argument& a : job.arguments) names.push_back(a.name);
  for (const auto& [name, value] : given) {
    const catalog::Argument* found = nullptr;
    for (const catalog::Argument& a : job.arguments)
      if (a.name == name) found = &a;
    if (!found) {
      Problem p;
      p.number = ProblemNumber::usage;
      p.message = "the job " + job.name + " takes no argument '" + std::string(name) + "'";
      p.expected = names.empty() ? "no arguments" : join(names, ", ");
      p.fix = did_you_mean(name, names);
      throw Error(p);
    }
    catalog::Member member;
    member.name = found->name;
    member.type = found->type;
    out[name] = facts::value_json(catalog, facts::coerce(catalog, member, value_of_json(value)));
  }
  return out;
}

/// The jobs inside which this one would run, it as the last. They share one stack, so there is a most.
std::vector<std::string> chain_of(const Session& session, const catalog::Job& job) {
  constexpr std::size_t most = 8;
  std::vector<std::string> chain = session.jobs();
  chain.push_back(job.name);
  if (chain.size() <= most) return chain;
  Problem p;
  p.number = ProblemNumber::misuse;
  p.message = "jobs run inside each other more than " + std::to_string(most) + " deep: " + join(chain, " > ");
  p.fix = "let a job do its work in a loop, not by running itself";
  throw Error(std::move(p));
}

void keep(Session& session, const store::JobRun& run) {
  session.writing(
      [&](access::Unit& unit, derive::Engine&, facts::Transaction&) { store::save_job_run(unit.records, run); });
}

}  // namespace

json::object verb_job_run(Session& session, const json::object& args) {
  if (session.in_transaction()) not_inside("a job");
  Core& core = session.core();
  const catalog::Job& job = job_named(core.catalog(), text_argument(args, "job"));
  const std::vector<std::string> chain = chain_of(session, job);
  const json::object given = object_argument(args, "args");
  const std::string job_args = json::serialize(job_arguments(core.catalog(), job, given));

  store::JobRun run;
  run.id = "job_" + core.ids().next(core.clock()).text();
  run.job = job.name;
  run.args_json = job_args;
  run.state = "running";
  run.started_us = session.now();
  keep(session, run);

  const auto started = std::chrono::steady_clock::now();
  auto logged = started;
  bundles::JobProgress progress;
  progress.report = [&](std::uint64_t done, std::uint64_t total) {
    run.done = static_cast<std::int64_t>(done);
    run.total = static_cast<std::int64_t>(total);
    if (const auto now = std::chrono::steady_clock::now(); now - logged >= std::chrono::seconds(1) || done == total) {
      logged = now;
      core.log().info("progress " + job.name + " " + std::to_string(done) + "/" + std::to_string(total));
    }
  };
  progress.cancelled = [&] { return core.closing().load() || session.stop().requested(); };
  const auto worker = core.session(session.tenant().name, "system:" + job.owner, &session.stop());
  worker->works_for(session.shared_from_this(), chain);
  progress.in_transaction = [&] { return worker->in_transaction(); };
  const bundles::SessionLease handle = core.door().handle_of(worker);
  const auto failed = [&](const char* why) {
    worker->close();
    session.go_on();  // cancelled or not, that it failed is noted
    run.state = "failed";
    run.error = why;
    run.ended_us = session.now();
    keep(session, run);
  };
  try {
    core.plugins().run_job(job, handle.get(), job_args, progress);
    run.state = "done";
  } catch (const std::exception& error) {
    failed(error.what());
    throw;
  }
  run.ended_us = session.now();
  keep(session, run);

  json::object out;
  out["run"] = run.id;
  out["job"] = job.name;
  out["args"] = json::parse(job_args);
  out["seconds"] = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  out["done"] = run.done;
  out["total"] = run.total;
  json::array published;
  for (const std::string& set : job.publishes) {
    json::object one = verb_parameters(session, {{"set", set}});
    if (!one.at("as_of").is_null()) published.push_back(std::move(one));
  }
  out["published"] = std::move(published);
  return out;
}

namespace {

const catalog::ParameterSet& set_named(const catalog::Catalog& catalog, const std::string& name) {
  if (const catalog::ParameterSet* set = catalog.find_parameter_set(name)) return *set;
  std::vector<std::string> names;
  for (const catalog::ParameterSet& set : catalog.parameter_sets) names.push_back(set.name);
  Problem p;
  p.number = ProblemNumber::unknown_thing;
  p.message = "there is no parameter set '" + name + "'";
  p.expected = names.empty() ? "a loaded plugin that publishes one" : "one of " + join(names, ", ");
  p.fix = did_you_mean(name, names);
  throw Error(p);
}

}  // namespace

json::object verb_parameters(Session& session, const json::object& args) {
  const catalog::ParameterSet& set = set_named(session.core().catalog(), text_argument(args, "set"));
  json::object out{
      {"set", set.name}, {"as_of", nullptr}, {"published_at", nullptr}, {"job", nullptr}, {"values", json::object{}}};
  session.reading([&](access::Unit& unit, derive::Engine&) {
    if (const auto newest = store::newest_parameters(unit.records, set.name)) {
      out["as_of"] = format_instant(newest->as_of_us);
      out["published_at"] = format_instant(newest->published_us);
      out["job"] = newest->job;
      out["values"] = json::parse(newest->values_json);
    }
  });
  return out;
}

json::object verb_parameters_publish(Session& session, const json::object& args) {
  const catalog::Catalog& catalog = session.core().catalog();
  const catalog::ParameterSet& set = set_named(catalog, text_argument(args, "set"));
  if (session.actor() != "system:" + set.owner)
    throw Error(ProblemNumber::denied, "only jobs of " + set.owner + " publish " + set.name,
                "run the job: kith job list shows which");
  const std::string as_of_text = text_argument(args, "as_of");
  const std::optional<std::int64_t> as_of = parse_instant(as_of_text);
  if (!as_of)
    throw Error(ProblemNumber::usage, "'" + as_of_text + "' is no instant",
                "write it as 2026-12-31 or 2026-12-31T08:00:00Z");
  const json::value* given = args.if_contains("values");
  if (!given || !given->is_object())
    throw Error(ProblemNumber::usage, "the argument 'values' is missing", "give an object of names and values");
  json::object values;
  Problems problems;
  for (const catalog::Argument& a : set.values) {
    const json::value* v = given->as_object().if_contains(a.name);
    catalog::Member member;
    member.name = a.name;
    member.type = a.type;
    try {
      values[a.name] =
          facts::value_json(catalog, facts::coerce(catalog, member, v ? value_of_json(*v) : Value::null()));
    } catch (const Error& error) {
      for (const Problem& p : error.problems()) problems.add(p);
    }
  }
  for (const auto& [name, value] : given->as_object())
    if (!values.contains(name)) {
      Problem p;
      p.number = ProblemNumber::usage;
      p.message = "the parameter set " + set.name + " declares no value '" + std::string(name) + "'";
      p.fix = "declare it in the manifest's \"parameters\"";
      problems.add(std::move(p));
    }
  problems.throw_if_any();
  session.writing([&](access::Unit& unit, derive::Engine& derivations, facts::Transaction&) {
    store::add_parameters(unit.records, {set.name, json::serialize(values), text_argument(args, "job", session.actor()),
                                         *as_of, unit.now});
    unit.surroundings.forget_parameters();
    derivations.parameters_published(set.name);
  });
  return {{"set", set.name}, {"as_of", format_instant(*as_of)}, {"values", std::move(values)}};
}

namespace {

struct StateName {
  store::RunState state;
  std::string_view name;
};
constexpr StateName kRunStates[] = {
    {store::RunState::pending, "pending"}, {store::RunState::done, "done"},
    {store::RunState::skipped, "skipped"}, {store::RunState::retry, "retry"},
    {store::RunState::dead, "dead"},       {store::RunState::quarantined, "quarantined"}};

}  // namespace

json::object verb_queue(Session& session, const json::object& args) {
  const std::string wanted = text_argument(args, "state", "");
  std::optional<store::RunState> state;
  std::vector<std::string> names;
  for (const StateName& s : kRunStates) {
    names.emplace_back(s.name);
    if (s.name == wanted) state = s.state;
  }
  if (!wanted.empty() && !state) {
    Problem p;
    p.number = ProblemNumber::usage;
    p.message = "there is no state '" + wanted + "' of a run";
    p.expected = join(names, ", ");
    p.fix = did_you_mean(wanted, names);
    throw Error(p);
  }
  json::array runs;
  session.reading([&](access::Unit& unit, derive::Engine&) {
    for (const store::WorkflowRun& run : store::Runs(unit.records).list(state, integer_argument(args, "limit", 100))) {
      json::object one;
      one["run"] = run.row;
      one["workflow"] = run.workflow;
      one["version"] = run.version;
      one["record"] =
          run.record_type < 0 ? run.record.text() : unit.catalog().type(run.record_type).name + "/" + run.record.text();
      for (const StateName& s : kRunStates)
        if (s.state == run.state) one["state"] = s.name;
      one["at"] = format_instant(run.at_us);
      one["tries"] = run.tries;
      one["error"] = run.error;
      one["next"] = run.state == store::RunState::retry ? json::value(format_instant(run.next_us)) : json::value();
      one["trace"] = react::trace_of(unit, run);
      runs.push_back(std::move(one));
    }
  });
  json::array failed;
  session.reading([&](access::Unit& unit, derive::Engine&) {
    for (const store::FailedValue& value : unit.derived.failed(integer_argument(args, "limit", 100))) {
      const catalog::Catalog& catalog = unit.catalog();
      failed.push_back(json::object{{"value", catalog.derivations[static_cast<std::size_t>(value.derivation)].name},
                                    {"record", catalog.type(value.record_type).name + "/" + value.record.text()},
                                    {"at", format_instant(value.at_us)},
                                    {"reason", value.reason}});
    }
  });
  return {{"runs", std::move(runs)}, {"failed_values", std::move(failed)}};
}

json::object verb_queue_retry(Session& session, const json::object& args) {
  const std::int64_t run = integer_argument(args, "run", -1);
  session.writing(
      [&](access::Unit& unit, derive::Engine&, facts::Transaction&) { react::Reactions::requeue(unit, run); });
  return {{"run", run}, {"state", "pending"}};
}

}  // namespace kith::internal
