// One opened database with its catalog and plugins. Thread-safe; makes no thread; work happens only inside calls.
#pragma once
#include <kith/session.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "access/prepared_queries.hpp"
#include "access/unit.hpp"
#include "base/file/file.hpp"
#include "base/problem/log.hpp"
#include "base/time/clock.hpp"
#include "bundles/bundles.hpp"
#include "react/reactions.hpp"
#include "store/connection/database.hpp"
#include "store/layout/layout.hpp"

namespace kith::internal {

class Session;

/// What the boundary above lends the core, so that plugins get the same doors as embedders.
struct Door {
  const kith_api* api = nullptr;
  std::function<bundles::SessionLease(std::shared_ptr<Session>)> handle_of;
};

struct OpenOptions {
  std::string config_path, config_json;
  bool read_only = false;
  std::int64_t lock_wait_us = 0;
  Clock clock;  ///< empty: the system's
  LogCallback log;
  std::function<void()> wake;
  Door door;
};

class Core : public std::enable_shared_from_this<Core> {
 public:
  /// Config, manifests and catalog are checked whole before a library or the database is opened. Throws all problems.
  static std::shared_ptr<Core> open(OpenOptions options);
  ~Core();
  /// Waits for running calls; later calls throw `closed`.
  void close();

  /// `outer`: what ends the session's calls, too; it outlives the session.
  std::shared_ptr<Session> session(std::string_view tenant, std::string_view actor, const Stop* outer = nullptr);
  /// Due work of all tenants for at most `budget_us`. Returns the instant at which there is work again.
  std::int64_t run_due(std::int64_t budget_us);

  /// Counts a call in, so that close can wait; throws closed, and misuse after a fork or inside a callback.
  class Call {
   public:
    explicit Call(Core& core);
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

   private:
    Core& core_;
  };

  // For floor core itself.
  const catalog::Catalog& catalog() const { return *catalog_; }
  const store::Layout& layout() const { return *layout_; }
  store::Database& database() const { return *database_; }
  const bundles::Config& config() const { return config_; }
  const std::vector<bundles::BundleInfo>& bundle_infos() const { return found_.infos; }
  const bundles::Found& bundles() const { return found_; }
  std::vector<catalog::SleepingItem> sleeping() const { return found_.sleeping(); }
  /// Bundles that are not loaded and whose data the file keeps.
  const std::vector<std::string>& orphaned() const { return orphaned_; }
  bundles::Plugins& plugins() const { return *plugins_; }
  const access::FunctionCaller& functions() const { return functions_; }
  const react::Reactions& reactions() const { return *reactions_; }
  access::PreparedQueries& prepared_queries() { return prepared_queries_; }
  const Door& door() const { return options_.door; }
  /// Files that it holds or reads: nothing that is written for somebody may land on them.
  const OwnFiles& own_files() const { return own_files_; }
  const Log& log() const { return *log_; }
  IdSource& ids() { return ids_; }
  std::int64_t clock() const { return clock_(); }
  bool has_fixed_clock() const { return config_.fixed_clock_us.has_value(); }
  bool read_only() const { return database_->read_only(); }
  struct Tenant {
    std::string name;
    std::int64_t number;
  };
  const std::vector<Tenant>& tenants() const { return tenants_; }
  const Tenant& tenant(std::string_view name) const;
  void wake() const;
  /// A warning in the log, the first time that it is due in this core.
  void tell_once(const std::string& about, const std::string& text);
  const std::atomic<bool>& closing() const { return closing_; }
  /// What an event costs in due work, by those of late. Never 0.
  std::int64_t event_ns() const { return event_ns_; }
  void note_event_ns(std::int64_t ns) { event_ns_ = std::max<std::int64_t>((event_ns_ * 3 + ns) / 4, 1); }

 private:
  Core() = default;
  void note_own_files();
  void open_log();
  void open_database();
  void load_plugins();

  OpenOptions options_;
  Clock clock_;
  std::unique_ptr<Log> log_;
  OwnFiles own_files_;
  bundles::Config config_;
  bundles::Found found_;
  catalog::CatalogPtr catalog_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<store::Layout> layout_;
  std::unique_ptr<bundles::Plugins> plugins_;
  access::FunctionCaller functions_;
  std::unique_ptr<react::Reactions> reactions_;
  std::vector<Tenant> tenants_;
  std::vector<std::string> orphaned_;
  IdSource ids_;
  access::PreparedQueries prepared_queries_;
  std::atomic<std::int64_t> event_ns_{120'000};
  int forks_ = 0;  ///< of this process and those before it, when the core was opened

  std::mutex mutex_;
  std::condition_variable idle_;
  int calls_ = 0;
  std::atomic<bool> closing_{false};
  std::atomic<std::size_t> turn_{0};  ///< whose turn due work begins with
  std::vector<std::weak_ptr<Session>> sessions_;
  std::mutex told_mutex_;
  std::set<std::string> told_;
};

/// Config, manifests and catalog without a database or a library: what `kith check` asks.
struct Checked {
  bundles::Config config;
  bundles::Found found;
  catalog::CatalogPtr catalog;
};
Checked check(const std::string& config_path, const std::string& config_json, const Log& log);

}  // namespace kith::internal
