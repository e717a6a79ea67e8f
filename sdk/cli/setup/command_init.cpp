// kith init: a first kith.json, with the plugins asked for and those that they need.
#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <sstream>

#include "cli/answers/output_file.hpp"
#include "cli/answers/problems.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/setup/plugin_folders.hpp"
#include "cli/words/query.hpp"

namespace json = boost::json;
namespace fs = std::filesystem;

namespace kith::cli {
namespace {

class InitCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.options("--with", with_, "PLUGIN", "a plugin, with all that it needs; repeat it, or join names by commas")
        .option("--db", database_, "URL", "where the data lies; sqlite:customers.kith if left out")
        .option("--plugins", folder_, "FOLDER", "where the plugins are; else those that came with kith")
        .option("--currency", currency_, "CODE", "of money without one, ISO 4217; USD if left out")
        .option("--time-zone", zone_, "ZONE", "as Europe/Berlin; UTC if left out")
        .option("--language", language_, "TAG", "of labels and texts, as en or zh; en if left out")
        .option("--clock", clock_, "fixed:INSTANT", "for historical data: the one instant that is 'now'");
  }

  int run(Context& context) override {
    const std::string path = context.given_config().empty() ? "kith.json" : context.given_config();
    std::error_code ignored;
    if (fs::exists(path, ignored))
      throw usage_failure("'" + path + "' is there already and was not touched",
                          "to write another: kith -c other.json init");
    json::object plugins;
    std::string folder;
    if (!with_.empty()) {
      folder = folder_.empty() ? shipped_plugin_folder() : fs::absolute(folder_).lexically_normal().string();
      for (const std::string& names : with_)
        for (const std::string& name : split_names(names)) add_with_needs(plugins, folder, name);
    }
    // Created only if it is new: two programs that start at once can't overwrite each other.
    write_new_file(path, config_text(plugins, folder), 0600);
    Result result;
    result.data = {{"config", path}, {"plugins", plugins}};
    result.table.columns = {{"config"}};
    result.table.rows.push_back({json::value(path)});
    result.text = "wrote " + path + "\nnext: kith" + (path == "kith.json" ? "" : " -c " + path) + " check";
    return context.finish(std::move(result));
  }

 private:
  // One key on each line, as people edit it.
  std::string config_text(const json::object& plugins, const std::string& folder) const {
    const auto quoted = [](const std::string& text) { return json::serialize(json::value(text)); };
    std::ostringstream out;
    out << "{\n  \"$schema\": \"https://kith.dev/schema/0.1/kith.schema.json\",\n  \"database\": { \"url\": "
        << quoted(database_) << " },\n"
        << "  \"locale\": { \"language\": " << quoted(language_) << ", \"currency\": " << quoted(currency_)
        << ", \"time_zone\": " << quoted(zone_) << " }";
    if (!clock_.empty()) out << ",\n  \"clock\": " << quoted(clock_);
    if (!folder.empty()) out << ",\n  \"plugin_folders\": [" << quoted(folder) << "]";
    if (!plugins.empty()) {
      out << ",\n  \"plugins\": {";
      bool first = true;
      for (const auto& pair : plugins) {
        out << (first ? "\n    " : ",\n    ") << quoted(std::string(pair.key())) << ": "
            << json::serialize(pair.value());
        first = false;
      }
      out << "\n  }";
    }
    out << "\n}\n";
    return out.str();
  }

  std::vector<std::string> with_;
  std::string database_ = "sqlite:customers.kith", folder_, currency_ = "USD", zone_ = "UTC", language_ = "en", clock_;
};

}  // namespace

std::unique_ptr<Command> make_init() { return std::make_unique<InitCommand>(); }

}  // namespace kith::cli
