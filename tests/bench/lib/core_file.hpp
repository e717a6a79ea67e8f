// The product as a benchmark meets it: a core on a file of its own, with the shipped bundles.
#pragma once
#include <kith/kith.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace kith::bench {

inline const std::vector<std::string> kSixBundles = {"sales", "insight", "retail", "b2b", "finance", "hospitality"};
/// Of the tests: two with native code, and one without.
inline const std::vector<std::string> kFixtureBundles = {"words", "probe", "abi_probe"};

struct CoreFile {
  std::filesystem::path file;
  std::vector<std::string> bundles;
  std::string clock;  ///< an instant at which the core's clock stands; empty: the system's clock
};
Core open_core(const CoreFile& what);

/// As `kith run-due --until-idle`.
void run_until_idle(Core& core, Session& session);
/// As `kith import`; throws if a row is rejected. `mapping` is a file of examples/shop.
void import_file(Session& session, const std::filesystem::path& file, const std::string& mapping);

/// A folder in memory, where a sync costs nothing, or nothing where the system has none.
std::filesystem::path memory_folder();

}  // namespace kith::bench
