#include "unit/bundles/support.hpp"

#include <fstream>
#include <random>

namespace kith::internal::bundles::testing {
namespace fs = std::filesystem;
namespace {

constexpr fs::perms kFolder = fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec |
                              fs::perms::others_read | fs::perms::others_exec;
constexpr fs::perms kFile =
    fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read | fs::perms::others_read;

}  // namespace

Folder::Folder() {
  std::random_device random;
  do {
    path_ = fs::temp_directory_path() / ("kith_bundles_" + std::to_string(random()));
  } while (!fs::create_directory(path_));
  fs::permissions(path_, kFolder);
}

Folder::~Folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string Folder::path(const std::string& name) const { return (path_ / name).lexically_normal().string(); }

void Folder::write(const std::string& name, const std::string& text) const {
  fs::path folder = path_;
  for (const fs::path& part : fs::path(name).parent_path()) {
    folder /= part;
    if (fs::create_directory(folder)) fs::permissions(folder, kFolder);
  }
  std::ofstream(path_ / name, std::ios::binary) << text;
  permit(name, kFile);
}

void Folder::copy(const std::string& from, const std::string& name) const {
  write(name, {});
  fs::copy_file(from, path_ / name, fs::copy_options::overwrite_existing);
  permit(name, kFile);
}

void Folder::permit(const std::string& name, fs::perms permissions) const {
  fs::permissions(path_ / name, permissions);
}

void Folder::bundle(const std::string& id, const std::string& version, const std::string& rest) const {
  write("plugins/" + id + "/plugin.json", "{\"id\": \"" + id + "\", \"version\": \"" + version +
                                              "\", \"label\": {\"en\": \"" + id + "\"}" +
                                              (rest.empty() ? "" : ",\n" + rest) + "}");
}

void Folder::faulty(const std::string& library) const {
  bundle("faulty", "0.1.0", R"("requires": {"kith": ">=0.1", "abi": "0.1"}, "library": "faulty",
 "functions": [{"name": "twice", "args": [{"name": "a", "type": "int"}], "returns": "int", "text": {"en": "Twice"}}])");
  if (!library.empty()) copy(std::string(KITH_FAULTY_LIBRARIES) + "/" + library + ".so", "plugins/faulty/faulty.so");
}

Config config_of(const Folder& folder, const std::string& plugins, const std::string& rest) {
  return read_config(
      JsonDocument::parse(
          "{\"database\": {\"url\": \"sqlite:crm.kith\"}, \"plugin_folders\": [\"plugins\"],\n \"plugins\": {" +
              plugins + "}" + (rest.empty() ? "" : ", " + rest) + "}",
          folder.path("kith.json")),
      folder.path());
}

catalog::CatalogPtr catalog_of(const Found& found, const Config& config) {
  std::vector<catalog::ManifestSource> sources{{&catalog::core_manifest(), true}};
  for (const auto& document : found.documents) sources.push_back({document.get(), false});
  return catalog::build_catalog(sources, config.locale);
}

const kith_api& empty_api() {
  static const kith_api api = [] {
    kith_api table{};
    table.struct_size = sizeof table;
    table.minor = KITH_ABI_MINOR;
    return table;
  }();
  return api;
}

}  // namespace kith::internal::bundles::testing
