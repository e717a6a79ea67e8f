// Loading all libraries of one core, and calling what they bring.
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <set>

#include "base/problem/stop.hpp"
#include "base/text/text.hpp"
#include "bundles/bundles.hpp"
#include "bundles/columns.hpp"
#include "bundles/library.hpp"
#include "bundles/loaded.hpp"

namespace kith::internal::bundles {
namespace {

class LoadedPlugins : public Plugins {
 public:
  LoadedPlugins(std::vector<std::unique_ptr<LoadedPlugin>> plugins, const catalog::Catalog& catalog, const Log& log)
      : plugins_(std::move(plugins)), catalog_(&catalog), log_(&log), told_slow_(catalog.functions.size()) {
    for (const catalog::Function& function : catalog.functions)
      functions_.push_back({owner(function.owner), owner(function.owner)->function(own_name(function.name))});
    for (const catalog::Action& action : catalog.actions)
      actions_.push_back({owner(action.owner), owner(action.owner)->action(own_name(action.name))});
  }
  ~LoadedPlugins() override {
    while (!plugins_.empty()) plugins_.pop_back();  // a plugin is closed before those that it needs
  }

  access::FunctionCaller functions() override {
    return [this](std::int32_t function, const std::vector<Value>& arguments) { return call_one(function, arguments); };
  }

  react::ActionCaller actions(SessionFactory factory) override {
    return [this, factory = std::move(factory)](std::int32_t action, access::Unit& unit, derive::Engine& derivations,
                                                facts::Transaction& transaction, std::int32_t record_type,
                                                const RecordId& record, const std::vector<facts::Input>& arguments,
                                                std::int64_t attempt, const std::string& idempotency_key) {
      const BodyName name = actions_[static_cast<std::size_t>(action)].plugin->body_name(
          "action", catalog_->actions[static_cast<std::size_t>(action)].name);
      const LentSession session =
          factory.inside_transaction(unit, derivations, transaction, unit.principal.actor, name.text());
      run_action(action, session, unit.now, record_type, record, arguments, attempt, idempotency_key);
    };
  }

  void run_job(const catalog::Job& job, kith_session* session, const std::string& args_json,
               const JobProgress& progress) override {
    const LoadedPlugin& plugin = *owner(job.owner);
    const kith_job_body body = plugin.job(own_name(job.name));
    kith_call call;
    call.job = &progress;
    const std::int32_t code = run_guarded(call, [&] {
      return body(plugin.state(), &call, session, {args_json.data(), args_json.size()});
    });
    const BodyName name = plugin.body_name("job", job.name);
    judge(call, code, name);
    if (!progress.in_transaction || !progress.in_transaction()) return;
    throw Error(ProblemNumber::misuse, name.text() + " returned with its transaction open; it was rolled back",
                "commit or roll back before the body returns");
  }

  std::vector<Value> call_batch(std::int32_t function, const std::vector<std::vector<Value>>& columns,
                                std::size_t rows) override {
    std::vector<Value> results;
    results.reserve(rows);
    std::size_t begin = 0;
    do {  // no rows are a batch too
      const std::size_t size = std::min<std::size_t>(rows - begin, KITH_BATCH_ROWS);
      std::vector<std::span<const Value>> part;
      for (const std::vector<Value>& column : columns)
        part.push_back(std::span<const Value>(column).subspan(begin, size));
      call_rows(function, part, size, results);
      begin += size;
    } while (begin < rows);
    return results;
  }

 private:
  template <class Body>
  struct Bound {
    const LoadedPlugin* plugin = nullptr;
    Body body = nullptr;
  };

  const LoadedPlugin* owner(const std::string& id) const {
    const auto found =
        std::find_if(plugins_.begin(), plugins_.end(), [&](const auto& plugin) { return plugin->id() == id; });
    if (found == plugins_.end())
      throw Error(ProblemNumber::plugin_binding, "plugin '" + id + "' declares native bodies, but has no library",
                  "add \"library\" to its manifest, or take its functions, actions and jobs out");
    return found->get();
  }

  Value call_one(std::int32_t function, const std::vector<Value>& arguments) const {
    // What is not known can't be passed: the language has unknown, plugins have only null.
    if (std::any_of(arguments.begin(), arguments.end(), [](const Value& value) { return value.is_unknown(); }))
      return Value::unknown();
    std::vector<std::span<const Value>> columns;
    columns.reserve(arguments.size());
    for (const Value& argument : arguments) columns.emplace_back(&argument, 1U);
    std::vector<Value> results;
    call_rows(function, columns, 1, results);
    return std::move(results.front());
  }

  void call_rows(std::int32_t function, const std::vector<std::span<const Value>>& columns, std::size_t rows,
                 std::vector<Value>& results) const {
    const catalog::Function& declared = catalog_->functions[static_cast<std::size_t>(function)];
    const Bound<kith_function_body>& bound = functions_[static_cast<std::size_t>(function)];
    if (columns.size() != declared.arguments.size())
      throw Error(ProblemNumber::wrong_arguments, "function '" + declared.name + "' takes " +
                                                      std::to_string(declared.arguments.size()) +
                                                      " arguments and was given " + std::to_string(columns.size()));
    std::vector<InputColumn> inputs;
    std::vector<kith_column> raw;
    inputs.reserve(columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
      inputs.emplace_back(declared.arguments[i].type.kind, columns[i], catalog_->currency);
      raw.push_back(inputs.back().raw());
    }
    OutputColumn output(declared.returns, rows, catalog_->currency);
    kith_call call;
    call.output = &output.raw();
    if (declared.returns == Kind::text) call.texts = &output.texts();
    const std::int64_t began = steady_us();
    const std::int32_t code = run_guarded(call, [&] {
      return bound.body(bound.plugin->state(), &call, raw.data(), static_cast<std::uint32_t>(raw.size()),
                        &output.raw());
    });
    tell_if_slow(function, steady_us() - began, rows);
    judge(call, code, bound.plugin->body_name("function", declared.name));
    for (std::size_t row = 0; row < rows; ++row) results.push_back(output.take(row));
  }

  /// A function calls nobody, so inside this process it can't be stopped: that it is slow is said, once.
  void tell_if_slow(std::int32_t function, std::int64_t took_us, std::size_t rows) const {
    constexpr std::int64_t slow = 1'000'000;
    if (took_us < slow || told_slow_[static_cast<std::size_t>(function)].exchange(true)) return;
    const Bound<kith_function_body>& bound = functions_[static_cast<std::size_t>(function)];
    log_->warning(
        bound.plugin->body_name("function", catalog_->functions[static_cast<std::size_t>(function)].name).text() +
        " took " + std::to_string(took_us / 1'000) + " ms for " + std::to_string(rows) +
        (rows == 1 ? " row" : " rows") + "; what waits for it waits so long, and nothing can stop it");
  }

  void run_action(std::int32_t action, const LentSession& session, std::int64_t now, std::int32_t record_type,
                  const RecordId& record, const std::vector<facts::Input>& arguments, std::int64_t attempt,
                  const std::string& idempotency_key) const {
    const Bound<kith_action_body>& bound = actions_[static_cast<std::size_t>(action)];
    const std::string& type = catalog_->type(record_type).name;
    kith_ref about{{type.data(), type.size()}, {}};
    std::copy(record.bytes.begin(), record.bytes.end(), about.id.bytes);
    std::vector<kith_field> fields;
    for (const facts::Input& argument : arguments)
      fields.push_back({{argument.name.data(), argument.name.size()}, raw_value(argument.value)});
    kith_action_input input{};
    input.struct_size = sizeof input;
    input.attempt = static_cast<std::uint32_t>(attempt);
    input.record = &about;
    input.args = fields.data();
    input.arg_count = fields.size();
    input.idempotency_key = {idempotency_key.data(), idempotency_key.size()};
    input.now_us = now;
    kith_call call;
    const std::int32_t code =
        run_guarded(call, [&] { return bound.body(bound.plugin->state(), &call, session.handle.get(), &input); });
    if (session.broken)
      if (std::optional<Problem> broken = session.broken()) blame(call, std::move(*broken));
    judge(call, code, bound.plugin->body_name("action", catalog_->actions[static_cast<std::size_t>(action)].name));
  }

  std::vector<std::unique_ptr<LoadedPlugin>> plugins_;  ///< in dependency order
  const catalog::Catalog* catalog_;
  const Log* log_;
  mutable std::vector<std::atomic<bool>> told_slow_;  ///< by the catalog's number, as functions_
  std::vector<Bound<kith_function_body>> functions_;  ///< by the catalog's number
  std::vector<Bound<kith_action_body>> actions_;
};

/// Opens every library or, in the end, none: all are hashed and looked at before the first is loaded, and all problems
/// are gathered before any is thrown.
class Loader {
 public:
  Loader(Found& found, const catalog::Catalog& catalog, const kith_api& api, const Log& log)
      : found_(found), catalog_(catalog), api_(api), log_(log) {}

  std::unique_ptr<Plugins> load() {
    std::map<std::string, HashedFile> files;
    for (std::size_t i = 0; i < found_.heads.size(); ++i) hash(i, files);
    if (hard_.empty()) open_all(files);
    if (!hard_.empty() || !refused_.empty()) {
      while (!plugins_.empty()) plugins_.pop_back();
      hard_.throw_if_any();
      leave_out_refused();
      return nullptr;
    }
    return std::make_unique<LoadedPlugins>(std::move(plugins_), catalog_, log_);
  }

 private:
  BundleInfo& info(const std::string& id) {
    return *std::find_if(found_.infos.begin(), found_.infos.end(), [&](const BundleInfo& one) { return one.id == id; });
  }

  void hash(std::size_t i, std::map<std::string, HashedFile>& files) {
    const catalog::ManifestHead& head = found_.heads[i];
    BundleInfo& about = info(head.id);
    if (head.library.empty()) {
      about.state = BundleState::declarative;
      return;
    }
    guarded(about, [&] {
      if (std::filesystem::exists(about.library))
        if (auto problem = outside_folder(about.library, found_.folders[i], head.id)) throw Error(std::move(*problem));
      HashedFile file = HashedFile::open(about.library, head.id);
      require_library(file, head.id);
      about.hash = sha256_hex(sha256_hex(found_.documents[i]->text()) + file.sha256());
      files.emplace(head.id, std::move(file));
    });
  }

  void open_all(std::map<std::string, HashedFile>& files) {
    for (std::size_t i = 0; i < found_.heads.size(); ++i) {
      const catalog::ManifestHead& head = found_.heads[i];
      BundleInfo& about = info(head.id);
      for (const auto& [need, range] : head.needs)
        if (refused_.contains(need) && !refused_.contains(head.id)) refuse(about, {needs_refused(head.id, need, i)});
      const auto file = files.find(head.id);
      if (refused_.contains(head.id) || file == files.end()) continue;
      guarded(about, [&] {
        LoadedPlugin::Identity identity{head.id, head.version, about.library, found_.documents[i].get()};
        const kith_plugin_entry entry = load_entry(std::move(file->second), head.id);
        plugins_.push_back(LoadedPlugin::open(std::move(identity), entry, catalog_, api_, log_));
        about.state = BundleState::loaded;
        about.abi_minor = plugins_.back()->abi_minor();
        log_.info("plugin " + head.id + " " + head.version + " loaded from " + about.library);
      });
    }
  }

  Problem needs_refused(const std::string& id, const std::string& need, std::size_t i) {
    Problem problem;
    problem.number = ProblemNumber::plugin_dependency;
    problem.message = "plugin '" + id + "' needs " + need + ", which is left out: " + info(need).problem;
    problem.where = found_.documents[i]->place(pointer_join("/requires/plugins", need));
    problem.fix = "correct " + need + " first";
    return problem;
  }

  template <class Step>
  void guarded(BundleInfo& about, Step&& step) {
    try {
      step();
    } catch (const Error& error) {
      refuse(about, error.problems());
    }
  }

  void refuse(BundleInfo& about, const std::vector<Problem>& problems) {
    about.state = BundleState::refused;
    about.problem = problems.front().message;
    if (about.open_without) {
      refused_.insert(about.id);
      for (const Problem& problem : problems)
        log_.warning("plugin '" + about.id + "' is left out: " + one_line(problem));
    } else {
      for (const Problem& problem : problems) hard_.add(problem);
    }
  }

  void leave_out_refused() {
    for (std::size_t i = found_.heads.size(); i-- > 0;) {
      if (!refused_.contains(found_.heads[i].id)) continue;
      const auto at = static_cast<std::ptrdiff_t>(i);
      found_.documents.erase(found_.documents.begin() + at);
      found_.heads.erase(found_.heads.begin() + at);
      found_.folders.erase(found_.folders.begin() + at);
    }
    for (BundleInfo& about : found_.infos)
      about.needed_by.erase(std::remove_if(about.needed_by.begin(), about.needed_by.end(),
                                           [&](const std::string& id) { return refused_.contains(id); }),
                            about.needed_by.end());
  }

  Found& found_;
  const catalog::Catalog& catalog_;
  const kith_api& api_;
  const Log& log_;
  Problems hard_;
  std::set<std::string> refused_;
  std::vector<std::unique_ptr<LoadedPlugin>> plugins_;
};

}  // namespace

std::unique_ptr<Plugins> Plugins::load(Found& found, const catalog::Catalog& catalog, const kith_api& api,
                                       const Log& log) {
  return Loader(found, catalog, api, log).load();
}

}  // namespace kith::internal::bundles
