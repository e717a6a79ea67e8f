// One plugin whose library is loaded: opened by its entry, checked against its manifest, closed once.
#pragma once
#include <kith/plugin.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bundles/bundles.hpp"
#include "bundles/call.hpp"

namespace kith::internal::bundles {

/// "lapse_days" of "retail.lapse_days".
inline std::string_view own_name(std::string_view qualified) { return qualified.substr(qualified.find('.') + 1); }

class LoadedPlugin {
 public:
  struct Identity {
    std::string id, version, library;
    const JsonDocument* manifest = nullptr;
  };

  /// Calls the entry and checks what it fills: throws plugin_entry_failed, plugin_abi, plugin_id_mismatch, and
  /// plugin_binding for every name at once. What was opened is closed again when it throws.
  static std::unique_ptr<LoadedPlugin> open(Identity identity, kith_plugin_entry entry, const catalog::Catalog& catalog,
                                            const kith_api& api, const Log& log);
  LoadedPlugin(const LoadedPlugin&) = delete;
  LoadedPlugin& operator=(const LoadedPlugin&) = delete;
  ~LoadedPlugin();  ///< closes it

  const std::string& id() const noexcept { return identity_.id; }
  const std::string& version() const noexcept { return identity_.version; }
  std::uint32_t abi_minor() const noexcept { return table_.abi_minor; }
  void* state() const noexcept { return table_.state; }
  /// nullptr: not bound. Names are unqualified.
  kith_function_body function(std::string_view name) const;
  kith_action_body action(std::string_view name) const;
  kith_job_body job(std::string_view name) const;
  BodyName body_name(std::string_view kind, std::string_view qualified) const {
    return {kind, qualified, identity_.id, identity_.version};
  }

 private:
  LoadedPlugin(Identity identity, const kith_api& api, const Log& log);
  void call_entry(kith_plugin_entry entry, const std::string& settings);
  void check_identity() const;
  void check_bindings(const catalog::Catalog& catalog) const;
  static void log_line(const kith_host* host, std::int32_t level, kith_str text);

  /// What the plugin holds a pointer to; `host` is first, so that log_line finds the rest.
  struct HostRecord {
    kith_host host{};
    const LoadedPlugin* plugin = nullptr;
  };
  Identity identity_;
  const Log* log_;
  HostRecord host_;
  kith_plugin table_{};
  bool opened_ = false;
};

}  // namespace kith::internal::bundles
