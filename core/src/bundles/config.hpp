// kith.json: which database, which plugins from where, with which settings. Read and checked here, all problems at
// once.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json/json_document.hpp"
#include "base/problem/log.hpp"
#include "base/time/time.hpp"
#include "catalog/build.hpp"
#include "store/rows/purge.hpp"

namespace kith::internal::bundles {

struct PluginConfig {
  std::string version = "*";  ///< range
  bool enabled = true;
  bool open_without = false;     ///< on_error: open_without
  Place place;                   ///< of the plugin's key
  std::string settings_pointer;  ///< "" = none
};

struct Config {
  std::shared_ptr<const JsonDocument> document;
  std::string folder;        ///< paths inside are relative to it
  std::string database_url;  ///< "sqlite:" + an absolute path
  bool survive_power_loss = true;
  bool migrate_auto = true;                 ///< "migrate": auto (default) or ask
  std::size_t cache_mb = 64;                ///< page cache of the database
  catalog::CatalogConfig locale;            ///< with settings of the plugins
  std::vector<std::string> plugin_folders;  ///< absolute
  std::map<std::string, PluginConfig> plugins;
  bool open_without = false;         ///< on_error
  std::vector<std::string> tenants;  ///< ids; at least "default" when none is configured
  std::optional<std::int64_t> fixed_clock_us;
  std::uint32_t file_mode = 0600;                  ///< of the files that are made
  std::int64_t max_clock_step_us = kMicrosPerDay;  ///< a longer step ahead between two commits is told
  LogOptions log;
  store::History history;  ///< how long what happened is kept
};

/// Throws every problem at once. Keys of later versions are refused by name.
Config read_config(JsonDocument document, const std::string& folder);

}  // namespace kith::internal::bundles
