#include "core_file.hpp"

#include <stdexcept>

#include "plugin_folders.hpp"

namespace kith::bench {
namespace {

bool says(const std::string& document, std::string_view what) { return document.find(what) != std::string::npos; }

/// The value of a text member.
std::string text_of(const std::string& document, const std::string& member) {
  const std::string start = "\"" + member + "\":\"";
  const std::size_t at = document.find(start);
  if (at == std::string::npos) throw std::runtime_error("no \"" + member + "\" in " + document);
  const std::size_t from = at + start.size();
  return document.substr(from, document.find('"', from) - from);
}

}  // namespace

Core open_core(const CoreFile& what) {
  std::string bundles;
  for (const std::string& bundle : what.bundles) bundles += (bundles.empty() ? "\"" : ", \"") + bundle + "\": {}";
  Options options;
  options.config_json = R"({"database": {"url": "sqlite:)" + what.file.string() +
                        R"("}, "locale": {"language": "en", "currency": "EUR", "time_zone": "UTC"}, )" +
                        (what.clock.empty() ? "" : R"("clock": "fixed:)" + what.clock + "\", ") +
                        R"("log": {"level": "warning"}, "plugin_folders": [)" KITH_BENCH_PLUGIN_FOLDERS
                        R"(], "plugins": {)" +
                        bundles + "}}";
  return Core::open(std::move(options));
}

void run_until_idle(Core& core, Session& session) {
  using namespace std::chrono_literals;
  for (auto next = core.run_due(500ms); next && *next <= session.now();) next = core.run_due(500ms);
}

void import_file(Session& session, const std::filesystem::path& file, const std::string& mapping) {
  const std::string map = std::string(KITH_SOURCE_DIR) + "/examples/shop/" + mapping;
  std::string status = session.run("import.begin", R"({"file":")" + file.string() + R"(","map":")" + map + "\"}");
  const std::string run = R"({"run":")" + text_of(status, "run") + "\"}";
  while (says(status, R"("state":"running")")) status = session.run("import.step", run);
  if (!says(status, R"("state":"done")") || !says(status, R"("rejected":0)"))
    throw std::runtime_error("the import of " + file.string() + " did not take every row: " + status);
  session.run("import.end", run);
}

std::filesystem::path memory_folder() {
  std::error_code missing;
  return std::filesystem::is_directory("/dev/shm", missing) ? "/dev/shm" : "";
}

}  // namespace kith::bench
