// Plugins: find, order, check, load, adapt. The only user of Boost.DLL. Nothing is opened before every manifest and the
// whole catalog hold; nothing is registered unless everything a library binds equals its manifest.
#pragma once
#include <kith/plugin.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/problem/log.hpp"
#include "bundles/config.hpp"
#include "catalog/manifest/sleeping.hpp"
#include "react/reactions.hpp"

namespace kith::internal::bundles {

enum class BundleState : std::uint8_t { loaded, declarative, disabled, refused };
struct BundleInfo {
  std::string id, version, path, library, hash;  ///< hash: SHA-256 of manifest and library
  BundleState state = BundleState::declarative;
  std::vector<std::string> needs, needed_by;
  std::string problem;  ///< refused: why
  std::uint32_t abi_minor = 0;
  bool open_without = false;  ///< the config lets the core open without it
};

/// The manifests of the configured plugins, found, versions and dependencies checked, in dependency order.
class Found {
 public:
  std::vector<std::unique_ptr<JsonDocument>> documents;  ///< in dependency order, without the core's
  std::vector<catalog::ManifestHead> heads;              ///< same order
  std::vector<std::string> folders;                      ///< same order: the bundle's own folder
  std::vector<BundleInfo> infos;                         ///< all configured, also disabled and refused ones
  /// With the core's own, as the catalog is built from them.
  std::vector<catalog::ManifestSource> sources() const;
  /// Items that need a bundle that takes no part.
  std::vector<catalog::SleepingItem> sleeping() const { return catalog::sleeping_items(sources()); }
};
/// Reads only files. Throws all problems at once (plugin_not_found with suggestion, plugin_dependency, plugin_cycle,
/// ...), save for plugins that config lets open without, which are left out with their dependents and noted in `infos`.
Found find_bundles(const Config& config, const Log& log);

/// A borrowed session for the length of one body, over a transaction that is open; made by floor core.
using SessionLease = std::shared_ptr<kith_session>;
/// The session with which an action's body works, and what is wrong with how it did, to be asked when it has returned.
struct LentSession {
  SessionLease handle;
  std::function<std::optional<Problem>()> broken{};  ///< empty: nobody looked
};
struct SessionFactory {
  /// `body` names it: "action 'retail.issue_voucher' of plugin retail 0.1.0".
  std::function<LentSession(access::Unit&, derive::Engine&, facts::Transaction&, const std::string& actor,
                            const std::string& body)>
      inside_transaction;  ///< actions
};

struct JobProgress {
  std::function<void(std::uint64_t done, std::uint64_t total)> report;
  std::function<bool()> cancelled;
  std::function<bool()> in_transaction{};  ///< asked when the body has returned: it must have none open then
};

/// The loaded libraries of one core. Never unmapped: on destruction plugins are closed, handles kept.
class Plugins {
 public:
  /// Loads each bundle's library by Boost.DLL, calls its entry once, checks names and signatures against the catalog.
  /// Throws all problems at once; nothing is half registered. `infos` are completed. Where plugins fail that config
  /// lets open without, these and who needs them are taken out of `found`, noted in `infos`, and the result is null:
  /// build the catalog anew from what `found` still has, and call again.
  static std::unique_ptr<Plugins> load(Found& found, const catalog::Catalog& catalog, const kith_api& api,
                                       const Log& log);
  virtual ~Plugins() = default;
  virtual access::FunctionCaller functions() = 0;
  virtual react::ActionCaller actions(SessionFactory factory) = 0;
  /// Runs a job's body with a session of its own. Throws plugin_body_failed or what the body failed with.
  virtual void run_job(const catalog::Job& job, kith_session* session, const std::string& args_json,
                       const JobProgress& progress) = 0;
  /// One batch of a function, for checks: columns in, one out. Rows <= 2,048.
  virtual std::vector<Value> call_batch(std::int32_t function, const std::vector<std::vector<Value>>& columns,
                                        std::size_t rows) = 0;
};

}  // namespace kith::internal::bundles
