// Which bundles take part, and in which order: reads manifests only, opens no library.
#include <algorithm>
#include <filesystem>
#include <set>

#include "base/text/text.hpp"
#include "bundles/bundles.hpp"
#include "bundles/trust.hpp"
#include "bundles/version.hpp"

namespace kith::internal::bundles {
namespace fs = std::filesystem;
namespace {

struct Candidate {
  std::string id;
  const PluginConfig* config = nullptr;
  std::string folder;  ///< the bundle's own; "" = not found
  std::unique_ptr<JsonDocument> document;
  catalog::ManifestHead head;
  std::vector<Problem> problems;

  bool sound() const { return problems.empty(); }
  std::string name() const { return head.version.empty() ? id : head.id + " " + head.version; }
  std::string manifest() const { return folder + "/plugin.json"; }
};

bool is_bundle(const std::string& folder) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(folder, ignored));
}

Problem problem_of(ProblemNumber number, std::string message, Place where) {
  Problem problem;
  problem.number = number;
  problem.message = std::move(message);
  problem.where = std::move(where);
  return problem;
}

class Finder {
 public:
  Finder(const Config& config, const Log& log) : config_(config), log_(log) {}

  Found find() {
    for (const auto& [id, plugin] : config_.plugins)
      if (plugin.enabled) add(id, plugin);
    for (auto& [id, candidate] : candidates_)
      if (candidate.sound()) check_needs(candidate);
    for (auto& [id, candidate] : candidates_)
      if (candidate.sound()) check_circle(candidate);
    spread_refusals();
    throw_hard_problems();
    return result();
  }

 private:
  // --- one bundle ------------------------------------------------------------------------------------------------

  void add(const std::string& id, const PluginConfig& plugin) {
    Candidate& candidate = candidates_[id];
    candidate.id = id;
    candidate.config = &plugin;
    std::string container;
    for (const std::string& folder : config_.plugin_folders) {
      if (!is_bundle(folder + "/" + id)) continue;
      container = folder;
      candidate.folder = (fs::path(folder) / id).string();
      break;
    }
    if (candidate.folder.empty()) {
      candidate.problems.push_back(not_found(id, plugin));
      return;
    }
    if (!trusted(candidate, container)) return;
    read_manifest(candidate);
    if (candidate.sound()) check_head(candidate);
  }

  bool trusted(Candidate& candidate, const std::string& container) {
    if (auto problem = outside_folder(candidate.folder, container, candidate.id))
      candidate.problems.push_back(std::move(*problem));
    if (candidate.sound() && !fs::exists(candidate.manifest())) {
      Problem missing = problem_of(ProblemNumber::plugin_not_found,
                                   "the bundle of plugin '" + candidate.id + "' has no manifest", {});
      missing.where.file = candidate.manifest();
      missing.expected = "plugin.json";
      missing.fix = "install the whole bundle again";
      candidate.problems.push_back(std::move(missing));
    }
    if (!candidate.sound()) return false;
    if (auto problem = outside_folder(candidate.manifest(), container, candidate.id))
      candidate.problems.push_back(std::move(*problem));
    for (const std::string& path : {container, candidate.folder, candidate.manifest()})
      if (auto problem = unsafe_path(path, candidate.id)) candidate.problems.push_back(std::move(*problem));
    return candidate.sound();
  }

  void read_manifest(Candidate& candidate) {
    try {
      candidate.document = std::make_unique<JsonDocument>(JsonDocument::read(candidate.manifest()));
      Problems problems;
      candidate.head = catalog::read_head(*candidate.document, problems);
      candidate.problems = problems.list();
    } catch (const Error& error) {
      candidate.problems = error.problems();
    }
  }

  Problem not_found(const std::string& id, const PluginConfig& plugin) const {
    Problem problem = problem_of(
        ProblemNumber::plugin_not_found,
        file_name(plugin.place.file) + " asks for plugin '" + id + "', which is in none of the plugin folders",
        plugin.place);
    problem.notes.push_back("looked  " + (config_.plugin_folders.empty() ? "nowhere: \"plugin_folders\" is empty"
                                                                         : join(config_.plugin_folders, ", ")));
    std::vector<std::string> available;
    std::map<std::string, std::string> where;
    for (const std::string& folder : config_.plugin_folders) {
      std::error_code ignored;
      for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        const std::string name = entry.path().filename().string();
        if (!fs::exists(entry.path() / "plugin.json", ignored) || !where.emplace(name, folder).second) continue;
        available.push_back(name);
      }
    }
    const std::string meant = nearest(id, available);
    if (!meant.empty())
      problem.fix =
          "did you mean \"" + meant + "\" (" + version_at(where[meant] + "/" + meant) + "in " + where[meant] + ")?";
    else
      problem.fix = "install the bundle into one of the folders, or take the entry out of \"plugins\"";
    return problem;
  }

  static std::string file_name(const std::string& path) {
    const std::string name = fs::path(path).filename().string();
    return name.empty() ? "the config" : name;
  }

  static std::string version_at(const std::string& folder) {
    try {
      Problems ignored;
      const auto head = catalog::read_head(JsonDocument::read(folder + "/plugin.json"), ignored);
      return head.version.empty() ? std::string() : head.version + ", ";
    } catch (const Error&) {
      return {};
    }
  }

  void check_head(Candidate& candidate) {
    const catalog::ManifestHead& head = candidate.head;
    const JsonDocument& document = *candidate.document;
    if (head.id != candidate.id) {
      Problem problem =
          problem_of(ProblemNumber::plugin_id_mismatch,
                     "the bundle in folder '" + candidate.id + "' says that it is plugin '" + head.id + "'",
                     document.place("/id"));
      problem.expected = "\"" + candidate.id + "\"";
      problem.found = "\"" + head.id + "\"";
      problem.fix = "name the folder " + head.id + " and ask for plugin '" + head.id + "', or install the right bundle";
      candidate.problems.push_back(std::move(problem));
      return;
    }
    if (!catalog::version_in_range(head.version, candidate.config->version)) {
      Problem problem =
          problem_of(ProblemNumber::plugin_version,
                     file_name(candidate.config->place.file) + " asks for " + head.id + " " +
                         candidate.config->version + "; " + head.id + " " + head.version + " is installed",
                     candidate.config->place);
      problem.notes.push_back("file  " + candidate.manifest());
      problem.fix = "install " + head.id + " " + candidate.config->version + ", or change the version in the config";
      candidate.problems.push_back(std::move(problem));
    }
    if (!head.kith_range.empty() && !catalog::version_in_range(kKithVersion, head.kith_range)) {
      Problem problem = problem_of(
          ProblemNumber::plugin_version,
          candidate.name() + " needs kith " + head.kith_range + "; this is kith " + std::string(kKithVersion),
          document.place("/requires/kith"));
      problem.fix =
          "install kith " + head.kith_range + ", or a " + head.id + " that accepts " + std::string(kKithVersion);
      candidate.problems.push_back(std::move(problem));
    }
    if (!head.library.empty() && !is_identifier(head.library)) {
      Problem problem =
          problem_of(ProblemNumber::bad_name, "\"library\" of plugin '" + head.id + "' must be a plain name",
                     document.place("/library"));
      problem.expected = "a-z, 0-9 and _, without folder and ending";
      problem.found = "\"" + head.library + "\"";
      problem.fix = "write \"" + head.id + "\"; the file is then " + head.id + ".so in the bundle";
      candidate.problems.push_back(std::move(problem));
    }
    if (!head.library.empty() && !head.abi_range.empty() && !catalog::version_in_range(abi_version(), head.abi_range)) {
      Problem problem =
          problem_of(ProblemNumber::plugin_abi,
                     candidate.name() + " is built for ABI " + head.abi_range + "; this core offers " + abi_version(),
                     document.place("/requires/abi"));
      problem.fix =
          "install a kith that offers ABI " + head.abi_range + ", or a " + head.id + " for ABI " + abi_version();
      candidate.problems.push_back(std::move(problem));
    }
  }

  // --- between bundles -------------------------------------------------------------------------------------------

  void check_needs(Candidate& candidate) {
    for (const auto& [id, range] : candidate.head.needs) check_need(candidate, id, range, "/requires/plugins", false);
    for (const auto& [id, range] : candidate.head.needs_optional)
      check_need(candidate, id, range, "/requires/optional", true);
  }

  void check_need(Candidate& candidate, const std::string& id, const std::string& range, const std::string& list,
                  bool optional) {
    const auto configured = config_.plugins.find(id);
    const bool there = configured != config_.plugins.end() && configured->second.enabled;
    if (!there && optional) return;
    Problem problem =
        problem_of(ProblemNumber::plugin_dependency, candidate.name() + " needs " + id + " " + spell_range(range),
                   candidate.document->place(pointer_join(list, id)));
    if (!there) {
      const bool disabled = configured != config_.plugins.end();
      problem.message += disabled ? "; the config disables " + id : "; the config does not ask for " + id;
      problem.fix = disabled ? "enable " + id + ", or disable " + candidate.id + " too; nothing was loaded or changed"
                             : "add \"" + id + "\" to \"plugins\" in the config; nothing was loaded or changed";
      candidate.problems.push_back(std::move(problem));
      return;
    }
    const catalog::ManifestHead& other = candidates_.at(id).head;
    if (other.version.empty() || catalog::version_in_range(other.version, range))
      return;  // not found: said once, at the other
    problem.message += "; " + id + " " + other.version + " is installed";
    problem.fix = "install " + id + " " + range + ", or a " + candidate.id + " that accepts " + other.version +
                  "; nothing was loaded or changed";
    candidate.problems.push_back(std::move(problem));
  }

  /// "^0.1" in full, so that the reader need not know the short form: ">=0.1.0 <0.2.0".
  static std::string spell_range(const std::string& range) {
    if (!range.starts_with("^")) return range;
    std::vector<std::string> parts = split(std::string_view(range).substr(1), '.');
    parts.resize(3, "0");
    std::size_t fixed = 0;  // the first part that is not 0 must stay the same
    while (fixed < 2 && parts[fixed] == "0") ++fixed;
    std::vector<std::string> next(3, "0");
    for (std::size_t i = 0; i < fixed; ++i) next[i] = parts[i];
    const auto number = catalog_number(parts[fixed]);
    if (!number) return range;
    next[fixed] = std::to_string(*number + 1);
    return ">=" + join(parts, ".") + " <" + join(next, ".");
  }
  static std::optional<std::int64_t> catalog_number(const std::string& digits) {
    if (digits.empty() || digits.size() > 9 || digits.find_first_not_of("0123456789") != std::string::npos)
      return std::nullopt;
    return std::stoll(digits);
  }

  std::vector<std::string> needed(const Candidate& candidate) const {
    std::vector<std::string> ids;
    for (const auto* list : {&candidate.head.needs, &candidate.head.needs_optional})
      for (const auto& [id, range] : *list)
        if (candidates_.contains(id)) ids.push_back(id);
    return ids;
  }

  bool path_to(const std::string& from, const std::string& goal, std::vector<std::string>& path,
               std::set<std::string>& seen) const {
    for (const std::string& next : needed(candidates_.at(from))) {
      if (next == goal) return true;
      if (!seen.insert(next).second) continue;
      path.push_back(next);
      if (path_to(next, goal, path, seen)) return true;
      path.pop_back();
    }
    return false;
  }

  void check_circle(Candidate& candidate) {
    std::vector<std::string> path;
    std::set<std::string> seen;
    if (!path_to(candidate.id, candidate.id, path, seen)) return;
    if (!path.empty() && *std::min_element(path.begin(), path.end()) < candidate.id &&
        !candidates_.at(*std::min_element(path.begin(), path.end())).config->open_without) {
      return;  // the same circle was reported from its first member
    }
    std::string circle = candidate.id;
    for (const std::string& id : path) circle += " -> " + id;
    const std::string& first = path.empty() ? candidate.id : path.front();
    const std::string list = candidate.head.needs.contains(first) ? "/requires/plugins" : "/requires/optional";
    Problem problem = problem_of(ProblemNumber::plugin_cycle,
                                 "plugins need each other in a circle: " + circle + " -> " + candidate.id,
                                 candidate.document->place(pointer_join(list, first)));
    problem.fix = "take one of these needs out of its manifest; nothing was loaded or changed";
    candidate.problems.push_back(std::move(problem));
  }

  /// Who needs a plugin that is left out is left out too, or, where the config wants it by all means, refused.
  void spread_refusals() {
    for (bool changed = true; changed;) {
      changed = false;
      for (auto& [id, candidate] : candidates_) {
        if (!candidate.sound()) continue;
        for (const auto& [need, range] : candidate.head.needs) {
          const auto other = candidates_.find(need);
          if (other == candidates_.end() || other->second.sound() || !other->second.config->open_without) continue;
          Problem problem = problem_of(
              ProblemNumber::plugin_dependency,
              candidate.name() + " needs " + need + ", which is left out: " + other->second.problems.front().message,
              candidate.document->place(pointer_join("/requires/plugins", need)));
          problem.fix = other->second.problems.front().fix;
          candidate.problems.push_back(std::move(problem));
          changed = true;
          break;
        }
      }
    }
  }

  void throw_hard_problems() {
    Problems hard;
    for (auto& [id, candidate] : candidates_) {
      if (candidate.sound()) continue;
      if (candidate.config->open_without) {
        log_.warning("plugin '" + id + "' is left out: " + one_line(candidate.problems.front()));
        continue;
      }
      for (Problem& problem : candidate.problems) hard.add(problem);
    }
    hard.throw_if_any();
  }

  // --- the result ------------------------------------------------------------------------------------------------

  std::vector<std::string> order() const {
    std::vector<std::string> placed;
    std::set<std::string> done, left;
    for (const auto& [id, candidate] : candidates_)
      if (candidate.sound()) left.insert(id);
    while (!left.empty()) {
      const auto ready = std::find_if(left.begin(), left.end(), [&](const std::string& id) {
        const auto needs = needed(candidates_.at(id));
        return std::all_of(needs.begin(), needs.end(), [&](const std::string& need) { return !left.contains(need); });
      });
      if (ready == left.end())
        throw Error(ProblemNumber::bug, "plugins could not be put in order", "report this as a bug");
      placed.push_back(*ready);
      left.erase(ready);
    }
    return placed;
  }

  BundleInfo info_of(const Candidate& candidate) const {
    BundleInfo info;
    info.id = candidate.id;
    info.version = candidate.head.version;
    info.path = candidate.folder;
    info.open_without = candidate.config->open_without;
    for (const auto& [need, range] : candidate.head.needs) info.needs.push_back(need);
    for (const auto& [id, other] : candidates_)
      if (other.sound() && other.head.needs.contains(candidate.id)) info.needed_by.push_back(id);
    if (!candidate.head.library.empty()) info.library = candidate.folder + "/" + candidate.head.library + ".so";
    if (candidate.document) info.hash = sha256_hex(candidate.document->text());
    if (!candidate.sound()) {
      info.state = BundleState::refused;
      info.problem = candidate.problems.front().message;
    }
    return info;
  }

  Found result() {
    Found found;
    for (const auto& [id, plugin] : config_.plugins) {
      if (plugin.enabled) {
        found.infos.push_back(info_of(candidates_.at(id)));
        continue;
      }
      BundleInfo info;
      info.id = id;
      info.state = BundleState::disabled;
      found.infos.push_back(std::move(info));
    }
    for (const std::string& id : order()) {
      Candidate& candidate = candidates_.at(id);
      found.documents.push_back(std::move(candidate.document));
      found.heads.push_back(std::move(candidate.head));
      found.folders.push_back(candidate.folder);
    }
    return found;
  }

  const Config& config_;
  const Log& log_;
  std::map<std::string, Candidate> candidates_;
};

}  // namespace

Found find_bundles(const Config& config, const Log& log) { return Finder(config, log).find(); }

std::vector<catalog::ManifestSource> Found::sources() const {
  std::vector<catalog::ManifestSource> out{{&catalog::core_manifest(), true}};
  for (const auto& document : documents) out.push_back({document.get(), false});
  return out;
}

}  // namespace kith::internal::bundles
