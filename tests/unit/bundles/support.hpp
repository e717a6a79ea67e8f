// A folder with bundles and a kith.json, made for one test.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "base/problem/log.hpp"
#include "bundles/bundles.hpp"

namespace kith::internal::bundles::testing {

inline const Log kQuiet;

class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string path(const std::string& name = {}) const;
  /// Makes the folders on the way; nobody else can write any of them.
  void write(const std::string& name, const std::string& text) const;
  void copy(const std::string& from, const std::string& name) const;
  void permit(const std::string& name, std::filesystem::perms permissions) const;
  /// A bundle plugins/<id> whose manifest has this after its head.
  void bundle(const std::string& id, const std::string& version = "0.1.0", const std::string& rest = {}) const;
  /// A bundle that has faulty.c's function, with one of the libraries made from it.
  void faulty(const std::string& library) const;

 private:
  std::filesystem::path path_;
};

/// kith.json of this folder: a database, the folder "plugins", and these.
Config config_of(const Folder& folder, const std::string& plugins, const std::string& rest = {});
/// The core's own manifest and these bundles.
catalog::CatalogPtr catalog_of(const Found& found, const Config& config);
/// A table in which nothing works; for plugins that don't call the core.
const kith_api& empty_api();

/// All problems of what the call throws, in one text; "" when it throws nothing.
template <class Call>
std::string problems_of(Call call) {
  std::string text;
  try {
    call();
  } catch (const Error& error) {
    for (const Problem& problem : error.problems()) text += format_problem(problem) + "\n";
  }
  return text;
}

}  // namespace kith::internal::bundles::testing
