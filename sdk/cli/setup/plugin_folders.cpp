#include "cli/setup/plugin_folders.hpp"

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "cli/answers/problems.hpp"
#include "cli/answers/terms.hpp"

namespace json = boost::json;
namespace fs = std::filesystem;

namespace kith::cli {
namespace {

std::vector<std::string> plugins_in(const fs::path& folder) {
  std::vector<std::string> ids;
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, failed))
    if (fs::is_regular_file(entry.path() / "plugin.json", failed)) ids.push_back(entry.path().filename().string());
  return ids;
}

json::object manifest_of(const fs::path& folder, const std::string& id) {
  std::ifstream file(folder / id / "plugin.json", std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  boost::system::error_code failed;
  json::value document = json::parse(text, failed);
  if (failed || !document.is_object())
    throw Failure(exit_config, "KITH-1001", (folder / id / "plugin.json").string() + " is not a JSON object",
                  "see: kith check, which says where");
  return document.as_object();
}

}  // namespace

std::string shipped_plugin_folder() {
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed).parent_path();
  for (const fs::path& at :
       {program / "../plugins", program / ".." / KITH_INSTALL_LIBDIR / "kith/plugins", program / "../lib/kith/plugins"})
    if (fs::is_directory(at, failed)) return at.lexically_normal().string();
  throw Failure(exit_plugin, "KITH-2101", "no folder with plugins lies beside " + program.string(),
                "name it: kith init --with ID --plugins FOLDER");
}

void add_with_needs(json::object& plugins, const std::string& folder, const std::string& id) {
  if (plugins.contains(id)) return;
  std::error_code failed;
  if (!fs::is_regular_file(fs::path(folder) / id / "plugin.json", failed)) {  // a pipe would make the reading wait
    const std::vector<std::string> there = plugins_in(folder);
    const std::string near = did_you_mean(id, there);
    std::string all;
    for (const std::string& name : there) all += (all.empty() ? "" : ", ") + name;
    throw Failure(exit_plugin, "KITH-2101", "there is no plugin '" + id + "' in " + folder,
                  !near.empty() ? near
                  : all.empty() ? "the folder holds no plugins"
                                : "it has " + all);
  }
  const json::object manifest = manifest_of(folder, id);
  if (const json::value* requires_ = manifest.if_contains("requires"); requires_ && requires_->is_object())
    if (const json::value* needed = requires_->get_object().if_contains("plugins"); needed && needed->is_object())
      for (const auto& pair : needed->get_object()) add_with_needs(plugins, folder, std::string(pair.key()));
  const std::string version = text_at(manifest, "version");
  const std::size_t second_dot = version.find('.', version.find('.') + 1);
  plugins[id] = json::object{{"version", "^" + version.substr(0, second_dot)}};
}

}  // namespace kith::cli
