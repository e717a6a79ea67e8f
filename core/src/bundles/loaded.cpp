#include "bundles/loaded.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <set>
#include <type_traits>

#include "base/text/text.hpp"
#include "bundles/library.hpp"
#include "bundles/version.hpp"
#include "facts/read/timeline.hpp"

namespace kith::internal::bundles {
namespace json = boost::json;
namespace {

std::string settings_of(const catalog::Catalog& catalog, const std::string& id) {
  json::object settings;
  for (const catalog::Setting& setting : catalog.settings) {
    if (setting.owner != id) continue;
    json::value& told = settings[std::string(own_name(setting.name))];
    told = facts::value_json(catalog, setting.value);
    if (!setting.key) continue;
    json::object entries;
    for (const auto& [key, value] : setting.entries) entries[to_text(key)] = facts::value_json(catalog, value);
    told = std::move(entries);
  }
  return json::serialize(settings);
}

/// Names of a section of the manifest, also of items that sleep because an optional plugin is absent.
std::vector<std::string> declared(const JsonDocument& manifest, std::string_view section) {
  std::vector<std::string> names;
  const json::value* items = manifest.root().is_object()
                                 ? manifest.root().get_object().if_contains({section.data(), section.size()})
                                 : nullptr;
  if (!items || !items->is_array()) return names;
  for (const json::value& item : items->get_array()) {
    if (!item.is_object()) continue;
    const json::value* name = item.get_object().if_contains("name");
    if (name && name->is_string()) names.emplace_back(name->get_string().data(), name->get_string().size());
  }
  return names;
}

template <class Entry>
const Entry* find_entry(const Entry* entries, std::uint32_t count, std::string_view name) {
  for (std::uint32_t i = 0; i < count; ++i)
    if (view(entries[i].name) == name) return &entries[i];
  return nullptr;
}

/// Compares what a library binds with what its manifest declares, one kind of thing at a time.
class BindingCheck {
 public:
  BindingCheck(const LoadedPlugin::Identity& identity, Problems& problems) : identity_(identity), problems_(problems) {}

  template <class Entry>
  void compare(const Entry* entries, std::uint32_t count, std::string_view section, std::string_view kind,
               const std::vector<std::string>& needed) {
    const std::vector<std::string> names = declared(*identity_.manifest, section);
    const std::string listed = names.empty() ? "none" : join(names, ", ");
    std::set<std::string> bound;
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::string name(view(entries[i].name));
      if (std::find(names.begin(), names.end(), name) == names.end())
        add("binds " + std::string(kind) + " '" + name + "', which its manifest does not declare",
            std::string(kind) + "s of the manifest: " + listed, "'" + name + "'", named_fix(name, names, section));
      else if (!bound.insert(name).second)
        add("binds " + std::string(kind) + " '" + name + "' twice", "each name once", "two bodies",
            "take one of them out");
      if (!entries[i].body)
        add("binds " + std::string(kind) + " '" + name + "' to nothing", "a body", "NULL", "give it a body");
    }
    for (const std::string& name : needed)
      if (!bound.contains(name))
        add("does not bind " + std::string(kind) + " '" + name + "' of its manifest", "a body for '" + name + "'",
            bound.empty() ? "no " + std::string(kind) : join({bound.begin(), bound.end()}, ", "),
            "bind it in the library, or take it out of \"" + std::string(section) + "\"");
  }

  void add(const std::string& what, std::string expected, std::string found, std::string fix) {
    Problem problem;
    problem.number = ProblemNumber::plugin_binding;
    problem.message = "plugin '" + identity_.id + "' is refused: its library " + what;
    problem.where.file = identity_.library;
    problem.expected = std::move(expected);
    problem.found = std::move(found);
    problem.fix = std::move(fix);
    problems_.add(std::move(problem));
  }

 private:
  static std::string named_fix(const std::string& name, const std::vector<std::string>& names,
                               std::string_view section) {
    const std::string meant = did_you_mean(name, names);
    return meant.empty() ? "declare it in \"" + std::string(section) + "\" of plugin.json, or do not bind it" : meant;
  }
  const LoadedPlugin::Identity& identity_;
  Problems& problems_;
};

}  // namespace

LoadedPlugin::LoadedPlugin(Identity identity, const kith_api& api, const Log& log)
    : identity_(std::move(identity)), log_(&log) {
  static_assert(std::is_standard_layout_v<HostRecord>, "the plugin's pointer to the host is one to the record");
  host_.host.struct_size = sizeof host_.host;
  host_.host.abi_minor = KITH_ABI_MINOR;
  host_.host.api = &api;
  host_.host.log = log_line;
  host_.plugin = this;
  fill_call_functions(host_.host);
}

LoadedPlugin::~LoadedPlugin() {
  if (!opened_ || !table_.close) return;
  kith_call call;
  const std::int32_t code = run_guarded(call, [&] {
    table_.close(table_.state);
    return KITH_OK;
  });
  if (code != KITH_OK) log_->warning("plugin '" + identity_.id + "' failed while it was closed: " + call.text);
}

std::unique_ptr<LoadedPlugin> LoadedPlugin::open(Identity identity, kith_plugin_entry entry,
                                                 const catalog::Catalog& catalog, const kith_api& api, const Log& log) {
  const std::string settings = settings_of(catalog, identity.id);
  std::unique_ptr<LoadedPlugin> plugin(new LoadedPlugin(std::move(identity), api, log));
  plugin->call_entry(entry, settings);
  plugin->check_identity();
  plugin->check_bindings(catalog);
  return plugin;
}

void LoadedPlugin::call_entry(kith_plugin_entry entry, const std::string& settings) {
  table_.struct_size = sizeof table_;
  kith_call call;
  const std::int32_t code = run_guarded(call, [&] {
    return entry(&host_.host, &call, {settings.data(), settings.size()}, &table_);
  });
  if (call.threw) never_again(entry, "its entry let an exception out: " + call.text);
  Problem problem;
  problem.where.file = identity_.library;
  // The minor is asked first: with another one nothing behind it is known to stand where it is looked for.
  if (code == KITH_OK && table_.abi_minor != KITH_ABI_MINOR) {
    problem.number = ProblemNumber::plugin_abi;
    problem.message = "plugin '" + identity_.id + "' is refused: its library was built for ABI " +
                      abi_version(table_.abi_minor) + "; this core offers " + abi_version();
    problem.expected = "ABI " + abi_version() + ", exactly, as long as the major is 0";
    problem.found = "ABI " + abi_version(table_.abi_minor);
    problem.fix = "install a " + identity_.id + " built for ABI " + abi_version() + ", or a kith that offers " +
                  abi_version(table_.abi_minor);
    throw Error(std::move(problem));
  }
  opened_ = code == KITH_OK;
  if (opened_ && !call.failed && !call.misused) return;
  problem.number = ProblemNumber::plugin_entry_failed;
  problem.message = "plugin '" + identity_.id + "' is refused: its entry failed: " +
                    (call.text.empty() ? "it returned " + code_text(code) + " and gave no reason" : call.text);
  problem.expected = "KITH_OK";
  problem.found = code_text(call.failed ? call.code : code);
  problem.fix = "correct what it says; its settings are in the config under \"plugins\"";
  throw Error(std::move(problem));
}

void LoadedPlugin::check_identity() const {
  const auto require = [&](std::string_view what, const std::string& expected, std::string_view found) {
    if (found == expected) return;
    Problem problem;
    problem.number = ProblemNumber::plugin_id_mismatch;
    problem.message = "plugin '" + identity_.id + "' is refused: its library claims another " + std::string(what);
    problem.where.file = identity_.library;
    problem.expected = "\"" + expected + "\", as its manifest says";
    problem.found = "\"" + std::string(found) + "\"";
    problem.fix = "build the library again, or install manifest and library of one version";
    throw Error(std::move(problem));
  };
  require("id", identity_.id, view(table_.id));
  require("version", identity_.version, view(table_.version));
}

void LoadedPlugin::check_bindings(const catalog::Catalog& catalog) const {
  Problems problems;
  BindingCheck check(identity_, problems);
  std::vector<std::string> functions, actions, jobs;
  for (const catalog::Function& function : catalog.functions) {
    if (function.owner != identity_.id) continue;
    functions.emplace_back(own_name(function.name));
    const kith_function* bound = find_entry(table_.functions, table_.function_count, functions.back());
    if (bound && view(bound->signature) != function.abi_signature)
      check.add("binds function '" + functions.back() + "' with another signature",
                function.abi_signature + ", from its manifest", std::string(view(bound->signature)),
                "make the body's types and \"args\" and \"returns\" of plugin.json the same");
  }
  for (const catalog::Action& action : catalog.actions)
    if (action.owner == identity_.id) actions.emplace_back(own_name(action.name));
  for (const catalog::Job& job : catalog.jobs)
    if (job.owner == identity_.id) jobs.emplace_back(own_name(job.name));
  check.compare(table_.functions, table_.function_count, "functions", "function", functions);
  check.compare(table_.actions, table_.action_count, "actions", "action", actions);
  check.compare(table_.jobs, table_.job_count, "jobs", "job", jobs);
  problems.throw_if_any();
}

kith_function_body LoadedPlugin::function(std::string_view name) const {
  const kith_function* found = find_entry(table_.functions, table_.function_count, name);
  return found ? found->body : nullptr;
}

kith_action_body LoadedPlugin::action(std::string_view name) const {
  const kith_action* found = find_entry(table_.actions, table_.action_count, name);
  return found ? found->body : nullptr;
}

kith_job_body LoadedPlugin::job(std::string_view name) const {
  const kith_job* found = find_entry(table_.jobs, table_.job_count, name);
  return found ? found->body : nullptr;
}

void LoadedPlugin::log_line(const kith_host* host, std::int32_t level, kith_str text) {
  const auto* record = reinterpret_cast<const HostRecord*>(host);
  const auto known = static_cast<LogLevel>(
      std::clamp(level, static_cast<std::int32_t>(LogLevel::debug), static_cast<std::int32_t>(LogLevel::error)));
  try {
    record->plugin->log_->write(known, "plugin " + record->plugin->identity_.id + ": " + std::string(view(text)));
  } catch (const std::exception&) {
    return;  // a line of the log is not worth more than the plugin's call
  }
}

}  // namespace kith::internal::bundles
