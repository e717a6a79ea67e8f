// From manifests to a catalog: read, check the whole, report every problem with its place.
#pragma once
#include <boost/json/fwd.hpp>
#include <map>
#include <string>
#include <vector>

#include "base/json/json_document.hpp"
#include "catalog/model/model.hpp"

namespace kith::internal::catalog {

/// One bundle's manifest, in the order in which bundles are to be added (dependencies first).
struct ManifestSource {
  const JsonDocument* document = nullptr;
  bool is_core = false;
};

/// What kith.json says that shapes the catalog.
struct CatalogConfig {
  std::string language = "en", currency = "EUR", time_zone = "UTC", phone_region;
  /// bundle -> settings object; `document` and the pointer say where they stand, for errors.
  struct SettingsSource {
    const JsonDocument* document = nullptr;
    std::string pointer;
  };
  std::map<std::string, SettingsSource> settings;
};

/// The manifest that declares the core's own record types, compiled into the library.
const JsonDocument& core_manifest();

/// Throws Error with every problem of every manifest at once.
CatalogPtr build_catalog(const std::vector<ManifestSource>& manifests, const CatalogConfig& config);

/// The head of a manifest, read before anything else so that order and versions can be decided.
struct ManifestHead {
  std::string id, version, library;
  Label label;
  bool overlay = false;
  std::string kith_range, abi_range;
  std::map<std::string, std::string> needs, needs_optional;  ///< bundle -> version range
};
/// Adds to `problems`; the head holds what could be read.
ManifestHead read_head(const JsonDocument& document, Problems& problems);

/// Version ranges: "^0.1", ">=0.1 <0.2", "0.1.3", "*". Versions are MAJOR.MINOR[.PATCH].
bool version_in_range(std::string_view version, std::string_view range);
bool is_version(std::string_view version);
bool is_version_range(std::string_view range);

}  // namespace kith::internal::catalog
