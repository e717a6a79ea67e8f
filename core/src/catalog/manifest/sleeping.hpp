// Items of manifests that sleep: they need a bundle that is not there.
#pragma once
#include <string>
#include <vector>

#include "catalog/build.hpp"

namespace kith::internal::catalog {

struct SleepingItem {
  std::string bundle;   ///< whose manifest
  std::string section;  ///< "workflows"
  std::string name;     ///< "recall", or its pointer where it has no name
  std::vector<std::string> missing;
  Place place;
};
std::vector<SleepingItem> sleeping_items(const std::vector<ManifestSource>& manifests);

}  // namespace kith::internal::catalog
