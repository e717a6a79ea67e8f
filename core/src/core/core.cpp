#include "core/core.hpp"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <filesystem>

#include "base/problem/limits.hpp"
#include "base/text/text.hpp"
#include "core/session.hpp"
#include "core/work.hpp"

namespace kith::internal {
namespace {

// Set while a host's callback runs on this thread: a call into any core from there is misuse.
thread_local int inside_callback = 0;
struct CallbackScope {
  CallbackScope() { ++inside_callback; }
  ~CallbackScope() { --inside_callback; }
  CallbackScope(const CallbackScope&) = delete;
  CallbackScope& operator=(const CallbackScope&) = delete;
};

std::atomic<int> forks_so_far{0};

/// How often this process was forked from one that used a core: a core does not survive it. Asked with every call, so
/// that no system call answers it.
int forks() {
  static const int registered = ::pthread_atfork(nullptr, nullptr, [] { ++forks_so_far; });
  static_cast<void>(registered);
  return forks_so_far.load(std::memory_order_relaxed);
}

/// What a callback of the host threw, in words. Called while it is caught.
std::string thrown_text() {
  try {
    throw;
  } catch (const std::exception& thrown) {
    return thrown.what();
  } catch (...) {
    return "an exception of another kind";
  }
}

LogCallback guarded(LogCallback log) {
  if (!log) return {};
  return [log = std::move(log)](LogLevel level, std::string_view text) {
    const CallbackScope scope;
    log(level, text);
  };
}

Error bad_clock(const std::string& what) {
  return {ProblemNumber::misuse, "the host's clock callback " + what,
          "correct the callback: it returns microseconds since 1970-01-01 UTC and lets no exception out"};
}

Clock guarded(Clock clock) {
  if (!clock) return system_clock();
  return [clock = std::move(clock)] {
    const CallbackScope scope;
    std::int64_t now = 0;
    try {
      now = clock();
    } catch (...) {
      throw bad_clock("threw: " + thrown_text());
    }
    if (now < kFirstInstantUs || now > kLastInstantUs)
      throw bad_clock("gave " + std::to_string(now) + ", which is no instant of the years 1 to 9999");
    return now;
  };
}

bundles::Config config_of(const std::string& path, const std::string& json) {
  namespace fs = std::filesystem;
  if (path.empty() == json.empty())
    throw Error(ProblemNumber::usage, "give config_path or config_json, one of the two");
  if (!path.empty()) {
    std::error_code ignored;
    const fs::path absolute = fs::absolute(path, ignored);
    return bundles::read_config(JsonDocument::read(path), absolute.parent_path().string());
  }
  return bundles::read_config(JsonDocument::parse(json, "config"), fs::current_path().string());
}

catalog::CatalogPtr catalog_of(const bundles::Config& config, const bundles::Found& found) {
  return catalog::build_catalog(found.sources(), config.locale);
}

}  // namespace

Checked check(const std::string& config_path, const std::string& config_json, const Log& log) {
  Checked out;
  out.config = config_of(config_path, config_json);
  out.found = bundles::find_bundles(out.config, log);
  out.catalog = catalog_of(out.config, out.found);
  return out;
}

std::shared_ptr<Core> Core::open(OpenOptions options) {
  std::shared_ptr<Core> core(new Core);
  core->forks_ = forks();
  core->options_ = std::move(options);
  const Log before_config;
  Checked checked = check(core->options_.config_path, core->options_.config_json, before_config);
  core->config_ = std::move(checked.config);
  core->found_ = std::move(checked.found);
  core->catalog_ = std::move(checked.catalog);
  core->note_own_files();
  core->open_log();
  core->clock_ =
      core->config_.fixed_clock_us ? fixed_clock(*core->config_.fixed_clock_us) : guarded(core->options_.clock);
  core->load_plugins();  // before the database: a refused plugin must leave no trace in it
  core->open_database();
  return core;
}

void Core::note_own_files() {
  if (!options_.config_path.empty()) own_files_.add(config_.document->file(), "the configuration");
  std::string what = "the database";
  for (const std::string& file : store::files_of_database(config_.database_url)) {
    own_files_.add(file, what);
    what = "a file of the database";
  }
  for (const bundles::BundleInfo& info : found_.infos) {
    if (info.path.empty()) continue;
    own_files_.add(info.path + "/plugin.json", "the manifest of plugin '" + info.id + "'");
    if (!info.library.empty()) own_files_.add(info.library, "the library of plugin '" + info.id + "'");
  }
}

// Who only reads may be somebody who may not write the log: he goes without its file.
void Core::open_log() {
  const std::vector<std::string> files = files_of(config_.log);
  for (const std::string& file : files) own_files_.refuse(file, "the log");
  try {
    log_ = std::make_unique<Log>(guarded(options_.log), config_.log);
  } catch (const Error& error) {
    if (!options_.read_only) throw;
    LogOptions without = config_.log;
    without.file.clear();
    log_ = std::make_unique<Log>(guarded(options_.log), without);
    log_->warning("reading goes on without the log file: " + one_line(error.first()));
  }
  for (const std::string& file : files) own_files_.add(file, "the log");
}

void Core::load_plugins() {
  plugins_ = bundles::Plugins::load(found_, *catalog_, *options_.door.api, *log_);
  while (!plugins_) {  // a plugin was left out, as the config allows: the catalog is made anew without it
    catalog_ = catalog_of(config_, found_);
    plugins_ = bundles::Plugins::load(found_, *catalog_, *options_.door.api, *log_);
  }
  functions_ = plugins_->functions();
  bundles::SessionFactory factory;
  factory.inside_transaction = [this](access::Unit& unit, derive::Engine& derivations, facts::Transaction& facts,
                                      const std::string& actor, const std::string& body) -> bundles::LentSession {
    auto session = std::make_shared<Session>(shared_from_this(), unit, derivations, facts, actor, body);
    bundles::SessionLease handle = options_.door.handle_of(session);
    // The lease ends with the body: a handle that a plugin keeps answers `closed`.
    return {bundles::SessionLease(handle.get(), [handle, session](kith_session*) { session->end_lease(); }),
            [session] { return session->broken(); }};
  };
  reactions_ = std::make_unique<react::Reactions>(plugins_->actions(std::move(factory)));
}

void Core::open_database() {
  store::StoreOptions store_options;
  store_options.url = config_.database_url;
  store_options.survive_power_loss = config_.survive_power_loss;
  store_options.read_only = options_.read_only;
  store_options.cache_mb = static_cast<std::int64_t>(config_.cache_mb);
  store_options.file_mode = config_.file_mode;
  store_options.lock_wait_us = options_.lock_wait_us;
  database_ = store::Database::open(store_options, *log_);
  const std::int64_t now = clock_();
  store::LastingNumbers numbers;
  bool changed = false;
  if (database_->read_only()) {
    store::Reader reader = database_->read(kReaderWaitUs);
    if (const store::Plan plan = store::plan_layout(reader.connection(), *catalog_); !plan.empty()) {
      Problem p;
      p.number = ProblemNumber::migration_needed;
      p.message = "the file was last opened with other definitions, and now it can only be read";
      p.expected = "no changes to its tables";
      p.found = plan.steps.front().what +
                (plan.steps.size() > 1 ? " and " + std::to_string(plan.steps.size() - 1) + " more" : "");
      p.fix = "open it once for writing with this configuration, when no other program holds it";
      throw Error(p);
    }
    numbers = store::read_numbers(reader.connection(), *catalog_);
    for (const std::string& name : config_.tenants)
      tenants_.push_back({name, store::tenant_number(reader.connection(), name, false)});
  } else {
    store::Writer writer = database_->write(kWriterWaitUs);
    const bool fresh = store::tenant_names(writer.connection()).empty();
    const store::Plan plan = store::plan_layout(writer.connection(), *catalog_);
    if (!fresh && !plan.empty() && !config_.migrate_auto) {
      Problem p;
      p.number = ProblemNumber::migration_needed;
      p.message = "the loaded plugins need changes to the database, and kith.json says \"migrate\": \"ask\"";
      for (const store::PlanStep& step : plan.steps) p.notes.push_back("step   " + step.what);
      p.fix = "set database.migrate to \"auto\" to let the next open apply these steps";
      throw Error(p);
    }
    numbers = store::apply_layout(writer.connection(), *catalog_, plan, now);
    changed = !plan.empty();
    for (const std::string& name : config_.tenants)
      tenants_.push_back({name, store::tenant_number(writer.connection(), name, true)});
    writer.commit();
    if (!plan.empty()) log_->info("applied " + std::to_string(plan.steps.size()) + " steps to the database");
  }
  layout_ = std::make_unique<store::Layout>(catalog_, std::move(numbers));
  {
    store::Reader reader = database_->read(kReaderWaitUs);
    for (const store::Orphan& orphan : store::orphans(reader.connection())) orphaned_.push_back(orphan.bundle);
  }
  if (!orphaned_.empty()) {
    const std::string kept = "data of plugins that are not loaded is kept: " + join(orphaned_, ", ");
    if (changed)
      log_->warning(kept);
    else
      log_->info(kept);
  }
}

Core::~Core() { close(); }

void Core::close() {
  std::vector<std::weak_ptr<Session>> sessions;
  {
    std::unique_lock lock(mutex_);
    closing_ = true;
    idle_.wait(lock, [this] { return calls_ == 0; });
    sessions.swap(sessions_);
  }
  for (const auto& weak : sessions)
    if (const auto session = weak.lock()) session->close();
  reactions_.reset();
  functions_ = nullptr;
  plugins_.reset();
  database_.reset();
}

std::shared_ptr<Session> Core::session(std::string_view tenant_name, std::string_view actor, const Stop* outer) {
  if (actor.empty()) {
    Problem p;
    p.number = ProblemNumber::usage;
    p.message = "a session needs an actor: who asks is written to every change";
    p.fix = "give the login of the person, or a name such as 'system:sync'";
    throw Error(p);
  }
  check_limit(Limit::login, actor.size());
  check_limit(Limit::name, tenant_name.size(), " of a tenant");
  auto made = std::make_shared<Session>(shared_from_this(), tenant(tenant_name), std::string(actor), outer);
  const std::scoped_lock lock(mutex_);
  std::erase_if(sessions_, [](const auto& weak) { return weak.expired(); });
  sessions_.push_back(made);
  return made;
}

const Core::Tenant& Core::tenant(std::string_view name) const {
  for (const Tenant& t : tenants_)
    if (t.name == name) {
      if (t.number >= 0) return t;
      throw Error(ProblemNumber::unknown_thing,
                  "tenant '" + t.name + "' is configured, but the file does not have it yet",
                  "open the core once for writing");
    }
  std::vector<std::string> names;
  for (const Tenant& t : tenants_) names.push_back(t.name);
  Problem p;
  p.number = ProblemNumber::unknown_thing;
  p.message = "there is no tenant '" + std::string(name) + "'";
  p.expected = join(names, ", ");
  p.fix = did_you_mean(name, names);
  if (p.fix.empty()) p.fix = "add it to \"tenants\" in kith.json";
  throw Error(p);
}

// What it is told of is done already, so what it throws is the host's business alone.
void Core::wake() const {
  if (!options_.wake) return;
  try {
    const CallbackScope scope;
    options_.wake();
  } catch (...) {
    log_->warning("the host's wake callback threw: " + thrown_text());
  }
}

void Core::tell_once(const std::string& about, const std::string& text) {
  {
    const std::scoped_lock lock(told_mutex_);
    if (!told_.insert(about).second) return;
  }
  log_->warning(text);
}

Core::Call::Call(Core& core) : core_(core) {
  if (inside_callback > 0)
    throw Error(ProblemNumber::misuse, "a callback called the core",
                "return from the callback first; callbacks only take notes");
  if (core.forks_ != forks())
    throw Error(ProblemNumber::misuse, "the core was opened before a fork and is used in the child",
                "open the core after the fork, in the process that uses it");
  const std::scoped_lock lock(core.mutex_);
  if (core.closing_) throw Error(ProblemNumber::closed, "the core was closed");
  ++core.calls_;
}

Core::Call::~Call() {
  const std::scoped_lock lock(core_.mutex_);
  if (--core_.calls_ == 0) core_.idle_.notify_all();
}

}  // namespace kith::internal
