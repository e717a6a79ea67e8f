// Verbs about the core itself: what is loaded, and whether all is well.
#include <boost/json.hpp>

#include "base/text/text.hpp"
#include "base/time/time.hpp"
#include "catalog/describe.hpp"
#include "core/host_log.hpp"
#include "core/library_facts.hpp"
#include "core/plugin_documents.hpp"
#include "core/tenant_clock.hpp"
#include "core/verbs.hpp"
#include "core/work.hpp"

namespace kith::internal {

namespace json = boost::json;

namespace {

class Checks {
 public:
  void add(std::string_view name, bool ok, std::string detail, std::string fix = {}) {
    list_.push_back(json::object{
        {"name", name}, {"ok", ok}, {"detail", std::move(detail)}, {"fix", ok ? std::string() : std::move(fix)}});
    all_ = all_ && ok;
  }
  json::array take() { return std::move(list_); }
  bool all() const { return all_; }

 private:
  json::array list_;
  bool all_ = true;
};

std::string read_only_text(const Core& core, const store::StoreFacts& facts) {
  if (!core.read_only()) return {};
  return facts.frozen ? " (reading only, in a folder that can't be written: writers wait meanwhile)"
                      : " (reading only)";
}

void check_store(Core& core, Checks& checks, json::object& out) {
  const store::StoreFacts facts = core.database().facts();
  out["store"] = json::object{
      {"engine", facts.engine},        {"version", facts.version},           {"path", facts.path},
      {"library", facts.library_file}, {"journal_mode", facts.journal_mode}, {"synchronous", facts.synchronous},
      {"cache_mb", facts.cache_mb},    {"file_bytes", facts.file_bytes},     {"wal_bytes", facts.wal_bytes},
      {"read_only", core.read_only()}};
  json::object bytes;
  for (const auto& [kind, size] : core.database().bytes_by_kind()) bytes[kind] = size;
  out["bytes"] = std::move(bytes);
  checks.add("database", true, facts.path + read_only_text(core, facts));
  checks.add("durability", true,
             core.config().survive_power_loss
                 ? "power loss (synchronous " + facts.synchronous + ", journal " + facts.journal_mode + ")"
                 : "process only: a power cut may lose the last commits (database.durability)");
  checks.add(
      "sqlite", true,
      facts.version +
          (facts.has_wal_reset_bug
               ? ": has the WAL reset bug of versions before 3.51.3; this core is not exposed to it: all commits and "
                 "checkpoints go through one writer"
               : ""));
}

void check_clock(Core& core, Checks& checks, json::object& out) {
  const std::int64_t now = core.clock();
  json::array tenants;
  std::string behind, told;
  const auto tell = [](std::string& list, const std::string& text) { list += (list.empty() ? "" : "; ") + text; };
  for (const Core::Tenant& tenant : core.tenants()) {
    if (tenant.number < 0) continue;
    Reading reading(core, tenant, "system:kith");
    const ClockNotes notes = clock_notes(reading.unit().journal);
    const std::string set = last_clock_set(reading.unit().records);
    json::object one{{"tenant", tenant.name}, {"now", format_instant(reading.unit().now)}};
    if (notes.kept_us > now)
      tell(behind, tenant.name + " stands still at " + format_instant(notes.kept_us) +
                       (notes.stepped_from_us == 0
                            ? std::string()
                            : ", where a commit after " + format_instant(notes.stepped_from_us) + " put it"));
    if (notes.stepped_to_us > 0) {
      one["stepped"] = json::array{format_instant(notes.stepped_from_us), format_instant(notes.stepped_to_us)};
      if (notes.kept_us <= now)
        tell(told, tenant.name + " went ahead at once from " + format_instant(notes.stepped_from_us) + " to " +
                       format_instant(notes.stepped_to_us));
    }
    if (!set.empty()) one["set"] = set, tell(told, tenant.name + " was " + set);
    tenants.push_back(std::move(one));
  }
  out["clock"] =
      json::object{{"now", format_instant(now)}, {"fixed", core.has_fixed_clock()}, {"tenants", std::move(tenants)}};
  std::string detail = (core.has_fixed_clock() ? "fixed at " : "system, ") + format_instant(now);
  if (!behind.empty()) tell(detail, "but " + behind);
  if (!told.empty()) tell(detail, told);
  checks.add("clock", behind.empty(), detail,
             "a clock never goes back by itself; if the host's is right, set it back: kith doctor --set-clock " +
                 format_instant(now) + "; if not, put the host's (or \"clock\" in kith.json) right");
}

void check_work(Core& core, Checks& checks, json::object& out) {
  std::int64_t events = 0, stale = 0, dead = 0, failed = 0;
  for (const Core::Tenant& tenant : core.tenants()) {
    if (tenant.number < 0) continue;
    Reading reading(core, tenant, "system:kith");
    events += react::Reactions::pending(reading.unit());
    stale += reading.derivations().pending();
    failed += reading.unit().derived.count_failed();
    for (const auto& [state, count] : store::Runs(reading.unit().records).counts())
      if (state == store::RunState::dead || state == store::RunState::quarantined) dead += count;
  }
  out["pending"] = json::object{{"events", events}, {"derivations", stale}, {"dead_runs", dead}};
  checks.add("pending work", true,
             events + stale == 0 ? "none"
                                 : std::to_string(events) + " events, " + std::to_string(stale) +
                                       " derived values (kith run-due, or the host's run_due, does it)");
  checks.add("failed workflow runs", dead == 0, dead == 0 ? "none" : std::to_string(dead) + " set aside",
             "see them with: kith queue dead, kith queue quarantined; after the cause is gone: kith queue retry RUN");
  checks.add("values that plugins could not compute", failed == 0, failed == 0 ? "none" : std::to_string(failed),
             "see them, with the reasons, with: kith queue; they are computed anew when what they read is written");
}

void check_plugins(Core& core, Checks& checks) {
  std::size_t loaded = 0;
  std::string refused;
  for (const bundles::BundleInfo& info : core.bundle_infos()) {
    if (info.state == bundles::BundleState::refused)
      refused += (refused.empty() ? "" : "; ") + info.id + ": " + info.problem;
    if (info.state == bundles::BundleState::loaded || info.state == bundles::BundleState::declarative) ++loaded;
  }
  checks.add("plugins", refused.empty(), refused.empty() ? std::to_string(loaded) + " in use" : refused,
             "see: kith plugins");
  std::string orphaned;
  for (const std::string& bundle : core.orphaned()) orphaned += (orphaned.empty() ? "" : ", ") + bundle;
  checks.add(
      "orphaned data", orphaned.empty(), orphaned.empty() ? "none" : "of plugins that are not loaded: " + orphaned,
      "it is kept; add the plugins to kith.json again to use it, or take it out with: kith export TYPE --orphaned");
  std::string asleep;
  for (const catalog::SleepingItem& item : core.sleeping())
    asleep += (asleep.empty() ? "" : "; ") + sleeping_text(item);
  checks.add("sleeping items", true, asleep.empty() ? "none" : asleep);
}

json::object doctor_verb(Core& core) {
  json::object out;
  Checks checks;
  check_store(core, checks, out);
  check_clock(core, checks, out);
  check_plugins(core, checks);
  check_work(core, checks, out);
  json::array tenants;
  for (const Core::Tenant& tenant : core.tenants()) tenants.push_back(json::string(tenant.name));
  out["tenants"] = std::move(tenants);
  json::object versions;
  json::array libraries;
  for (const LibraryFact& fact : library_facts()) {
    versions[fact.name] = fact.version;
    libraries.push_back(json::object{{"name", fact.name}, {"version", fact.version}, {"file", fact.file}});
  }
  out["versions"] = std::move(versions);
  out["libraries"] = std::move(libraries);
  out["ok"] = checks.all();
  out["checks"] = checks.take();
  return out;
}

// Who writes a file beside a core asks first: it may be one of the core's own, under whatever name.
json::object output_verb(Core& core, const json::object& args) {
  const std::string path = text_argument(args, "path");
  core.own_files().refuse(path, text_argument(args, "purpose", "the output"));
  return {{"path", path}, {"mode", core.config().file_mode}};
}

}  // namespace

namespace {

json::object catalog_verb(Core& core, const json::object& args) {
  return catalog::describe(core.catalog(), text_argument(args, "lang", core.catalog().language)).as_object();
}

json::object integrity_verb(Core& core, const json::object&) {
  return {{"problems", json::value_from(core.database().check_integrity())}};
}

json::object tenants_verb(Core& core, const json::object&) {
  json::array tenants;
  for (const Core::Tenant& tenant : core.tenants()) tenants.push_back(json::string(tenant.name));
  return {{"tenants", std::move(tenants)}};
}

std::int64_t added(const json::object& a, const json::object& b, std::string_view name) {
  return a.at(name).as_int64() + b.at(name).as_int64();
}

/// What waits, tenant by tenant, and in all.
json::object pending_verb(Core& core, const json::object&) {
  json::object sum{{"events", 0}, {"derivations", 0}};
  json::object runs{{"retry", 0}, {"dead", 0}, {"quarantined", 0}};
  json::array tenants;
  for (const Core::Tenant& tenant : core.tenants()) {
    if (tenant.number < 0) continue;
    Reading reading(core, tenant, "system:kith");
    json::object one = pending_document(reading.unit(), reading.derivations());
    for (const char* name : {"events", "derivations"}) sum[name] = added(sum, one, name);
    for (const char* name : {"retry", "dead", "quarantined"})
      runs[name] = added(runs, one.at("runs").as_object(), name);
    one["tenant"] = tenant.name;
    tenants.push_back(std::move(one));
  }
  sum["runs"] = std::move(runs);
  sum["tenants"] = std::move(tenants);
  return sum;
}

struct CoreVerb {
  std::string_view name;
  std::string_view arguments;  ///< all that it takes
  json::object (*run)(Core&, const json::object&);
};
constexpr CoreVerb kCoreVerbs[] = {
    {"doctor", "", [](Core& core, const json::object&) { return doctor_verb(core); }},
    {"events", "consumer after name limit", verb_events},
    {"plugins", "", [](Core& core, const json::object&) { return verb_plugins(core); }},
    {"plugin", "id lang", verb_plugin},
    {"catalog", "lang", catalog_verb},
    {"pending", "", pending_verb},
    {"integrity", "", integrity_verb},
    {"output", "path purpose", output_verb},
    {"tenants", "", tenants_verb},
    {"clock.set", "instant actor tenant", verb_clock_set},
};

}  // namespace

json::object run_core_verb(Core& core, std::string_view verb, const json::object& args) {
  const Core::Call call(core);
  std::vector<std::string> names;
  for (const CoreVerb& v : kCoreVerbs) {
    names.emplace_back(v.name);
    if (v.name != verb) continue;
    require_known_arguments(verb, args, v.arguments);
    return v.run(core, args);
  }
  Problem p;
  p.number = ProblemNumber::unsupported;
  p.message = "there is no verb '" + std::string(verb) + "' of a core";
  p.expected = join(names, ", ");
  p.fix = did_you_mean(verb, names);
  throw Error(p);
}

json::object describe_check(const Checked& checked) {
  json::array bundles;
  for (const bundles::BundleInfo& info : checked.found.infos) {
    json::object one = bundle_document(*checked.catalog, info);
    if (info.state == bundles::BundleState::declarative && !info.library.empty())
      one["state"] = "has a library";  // not opened here
    bundles.push_back(std::move(one));
  }
  std::size_t fields = 0, expressions = 0;
  for (const catalog::RecordType& type : checked.catalog->record_types)
    for (const catalog::Member& m : type.members) fields += m.role == catalog::Role::field ? 1 : 0;
  for (const catalog::Derivation& d : checked.catalog->derivations) {
    expressions += (d.program ? 1u : 0u) + (d.where ? 1u : 0u) + (d.value ? 1u : 0u);
    if (d.score)
      for (const auto& dimension : d.score->dimensions)
        for (const auto& group : dimension.groups) expressions += group.rules.size();
  }
  for (const catalog::Lifecycle& l : checked.catalog->lifecycles)
    for (const catalog::Transition& t : l.transitions) expressions += t.guard ? 1 : 0;
  expressions += checked.catalog->validations.size();
  for (const catalog::Workflow& w : checked.catalog->workflows) expressions += w.condition ? 1 : 0;
  json::object out;
  out["sleeping"] = sleeping_documents(checked.found.sleeping(), {});
  out["config"] = checked.config.document->file();
  out["bundles"] = std::move(bundles);
  out["record_types"] = checked.catalog->record_types.size();
  out["fields"] = fields;
  out["derivations"] = checked.catalog->derivations.size();
  out["workflows"] = checked.catalog->workflows.size();
  out["expressions"] = expressions;
  out["notes"] = json::array{
      "nothing is enforced for people yet: whoever opens a session reads and changes everything of its tenant; who may "
      "open one is the host's to decide"};
  return out;
}

}  // namespace kith::internal
