#include "core/verbs.hpp"

#include <array>
#include <boost/json.hpp>
#include <string>

#include "access/policy.hpp"
#include "base/text/text.hpp"
#include "catalog/describe.hpp"
#include "core/explain.hpp"
#include "facts/read/timeline.hpp"

namespace kith::internal {

namespace json = boost::json;

namespace {

struct Verb {
  std::string_view name;
  std::string_view arguments;  ///< all that it takes
  json::object (*run)(Session&, const json::object&);
};
constexpr std::array kVerbs{
    Verb{"get", "type key", verb_get},
    Verb{"aggregate", "type where params by figures having order limit as_stored", verb_aggregate},
    Verb{"count", "type where params by", verb_count},
    Verb{"timeline", "type key limit before", verb_timeline},
    Verb{"score", "type key score", verb_score},
    Verb{"explain", "type key name", verb_explain},
    Verb{"eval", "expr on key params now sql", verb_eval},
    Verb{"external_ids", "type records", verb_external_ids},
    Verb{"refresh", "type key", verb_refresh},
    Verb{"import.begin", "file map resume reject_file dry_run max_rejects batch", verb_import_begin},
    Verb{"import.step", "run", verb_import_step},
    Verb{"import.end", "run", verb_import_end},
    Verb{"job.list", "", verb_job_list},
    Verb{"job.run", "job args", verb_job_run},
    Verb{"parameters", "set", verb_parameters},
    Verb{"parameters.publish", "set as_of values job", verb_parameters_publish},
    Verb{"pending", "", verb_pending},
    Verb{"queue", "state limit", verb_queue},
    Verb{"queue.retry", "run", verb_queue_retry},
    Verb{"catalog", "lang", verb_catalog},
    Verb{"orphaned", "type records after limit", verb_orphaned},
};

struct Target {
  const catalog::RecordType* type;
  RecordId id;
};

Target target_of(Session& session, access::Unit& unit, const json::object& args) {
  const catalog::RecordType& type = session.core().catalog().type(text_argument(args, "type"));
  access::require(unit, access::Operation::read, type.number);
  return {&type, facts::find_by_key(unit, type.number, text_argument(args, "key"))};
}

}  // namespace

json::object run_verb(Session& session, std::string_view verb, const json::object& args) {
  for (const Verb& v : kVerbs)
    if (v.name == verb) {
      require_known_arguments(verb, args, v.arguments);
      return v.run(session, args);
    }
  std::vector<std::string> names;
  for (const Verb& v : kVerbs) names.emplace_back(v.name);
  Problem p;
  p.number = ProblemNumber::unsupported;
  p.message = "there is no verb '" + std::string(verb) + "'";
  p.expected = join(names, ", ");
  p.fix = did_you_mean(verb, names);
  throw Error(p);
}

json::object verb_get(Session& session, const json::object& args) {
  json::object out;
  session.reading([&](access::Unit& unit, derive::Engine& derivations) {
    const Target t = target_of(session, unit, args);
    out["record"] = facts::record_json(unit, derivations, t.type->number, t.id);
  });
  return out;
}

json::object verb_count(Session& session, const json::object& args) {
  access::QueryRequest request;
  request.record_type = text_argument(args, "type");
  request.where = text_argument(args, "where", "");
  request.parameters = parameters_argument(args);
  const std::string by = text_argument(args, "by", "");
  request.select = {by.empty() ? "id" : by};  // so that what is grouped by is made fresh too
  const std::unique_ptr<access::Query> query = session.prepare(request);
  json::object out;
  session.fresh(query->derivations(), [&](access::Unit& unit, derive::Engine& derivations) {
    derivations.flush();
    const auto view = [&](std::int32_t type, const RecordId& id) { return derivations.view(type, id); };
    if (by.empty()) {
      out["count"] = query->count(unit, view);
      return;
    }
    json::array groups;
    for (const auto& [value, count] : query->count_by(unit, by, view))
      groups.push_back(json::object{{"value", facts::value_json(unit.catalog(), value)}, {"count", count}});
    out["groups"] = std::move(groups);
  });
  return out;
}

json::object verb_timeline(Session& session, const json::object& args) {
  json::object out;
  session.reading([&](access::Unit& unit, derive::Engine& derivations) {
    const Target t = target_of(session, unit, args);
    out = facts::timeline(unit, derivations, t.type->number, t.id, integer_argument(args, "limit", 50),
                          text_argument(args, "before", ""))
              .as_object();
  });
  return out;
}

json::object verb_score(Session& session, const json::object& args) {
  json::object out;
  session.reading([&](access::Unit& unit, derive::Engine& derivations) {
    const Target t = target_of(session, unit, args);
    const std::string name = text_argument(args, "score");
    const catalog::Derivation* d = unit.catalog().find_derivation(name);
    if (!d || d->kind != catalog::DerivationKind::score || d->record_type != t.type->number) {
      std::vector<std::string> names;
      for (const catalog::Derivation& one : unit.catalog().derivations)
        if (one.kind == catalog::DerivationKind::score && one.record_type == t.type->number) names.push_back(one.name);
      Problem p;
      p.number = ProblemNumber::unknown_thing;
      p.message = "there is no score '" + name + "' on " + t.type->name;
      p.expected = names.empty() ? "a type for which a plugin brings a score" : "one of " + join(names, ", ");
      p.fix = did_you_mean(name, names);
      throw Error(p);
    }
    out = score_document(unit, derivations, *d, t.id, false);
  });
  return out;
}

json::object verb_explain(Session& session, const json::object& args) {
  json::object out;
  session.reading([&](access::Unit& unit, derive::Engine& derivations) {
    const Target t = target_of(session, unit, args);
    out = explain_document(unit, derivations, *t.type, t.id, text_argument(args, "name"));
  });
  return out;
}

json::object verb_external_ids(Session& session, const json::object& args) {
  json::object out;
  session.reading([&](access::Unit& unit, derive::Engine&) {
    const catalog::RecordType& type = unit.catalog().type(text_argument(args, "type"));
    access::require(unit, access::Operation::read, type.number);
    json::object known;
    const json::value* records = args.if_contains("records");
    if (!records || !records->is_array())
      throw Error(ProblemNumber::usage, "'records' has to be a list of records", "as [\"customer/<id>\"]");
    for (const json::value& record : records->get_array()) {
      const std::string text = record.is_string() ? std::string(record.get_string()) : std::string();
      const std::size_t slash = text.find('/');
      const std::string key = slash == std::string::npos ? text : text.substr(slash + 1);
      // A record that a list has shown may have been removed since: it keeps the ids with which it was shown.
      const std::optional<RecordId> named = RecordId::parse(key);
      const RecordId id = named ? *named : facts::find_by_key(unit, type.number, key);
      json::array ids;
      for (const auto& [source, key] : unit.journal.external_ids(type.number, id))
        ids.emplace_back("@" + source + ":" + key);
      if (!ids.empty()) known[text] = std::move(ids);
    }
    out["external_ids"] = std::move(known);
  });
  return out;
}

json::object verb_refresh(Session& session, const json::object& args) {
  json::object out;
  session.writing([&](access::Unit& unit, derive::Engine& derivations, facts::Transaction&) {
    const Target t = target_of(session, unit, args);
    std::vector<derive::Wanted> wanted;
    for (const catalog::Derivation& d : unit.catalog().derivations)
      if (d.record_type == t.type->number) wanted.push_back({d.number, t.id});
    derivations.settle(wanted);
    out["derivations"] = wanted.size();
  });
  return out;
}

json::object pending_document(access::Unit& unit, derive::Engine& derivations) {
  json::object out{{"events", react::Reactions::pending(unit)}, {"derivations", derivations.pending()}};
  std::int64_t retry = 0, dead = 0, quarantined = 0;
  for (const auto& [state, count] : store::Runs(unit.records).counts()) {
    if (state == store::RunState::retry) retry = count;
    if (state == store::RunState::dead) dead = count;
    if (state == store::RunState::quarantined) quarantined = count;
  }
  out["runs"] = json::object{{"retry", retry}, {"dead", dead}, {"quarantined", quarantined}};
  return out;
}

json::object verb_pending(Session& session, const json::object&) {
  json::object out;
  session.reading([&](access::Unit& unit, derive::Engine& derivations) { out = pending_document(unit, derivations); });
  return out;
}

json::object verb_catalog(Session& session, const json::object& args) {
  const catalog::Catalog& catalog = session.core().catalog();
  return catalog::describe(catalog, text_argument(args, "lang", catalog.language)).as_object();
}

}  // namespace kith::internal
