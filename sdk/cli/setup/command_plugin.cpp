// kith plugin info ID: what one plugin brings, its settings with their layers, and what it has left where it is gone.
#include <array>
#include <boost/json.hpp>

#include "cli/answers/problems.hpp"
#include "cli/answers/terms.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"

namespace json = boost::json;

namespace kith::cli {
namespace {

/// A list of what a plugin adds: its heading, and the key that names an item.
struct Part {
  const char* key;
  const char* name;
};
constexpr std::array kParts = {
    Part{"types", "name"},      Part{"fields", "name"},   Part{"enums", "name"},      Part{"relationships", "name"},
    Part{"lifecycles", "name"}, Part{"formulas", "name"}, Part{"rollups", "name"},    Part{"segments", "name"},
    Part{"scores", "name"},     Part{"workflows", "id"},  Part{"validations", "id"},  Part{"functions", "name"},
    Part{"actions", "name"},    Part{"jobs", "name"},     Part{"parameters", "name"}, Part{"roles", "name"}};

class PluginCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.word("WHAT", what_, "info")
        .word("ID", id_, "the plugin, as in kith plugins; kith is the core's own part")
        .flag("--effective", effective_, "only the settings, each with the value of every layer and the one that holds")
        .option("--lang", language_, "TAG", "language of the labels, as en or zh; else the configured one");
  }

  int run(Context& context) override {
    if (what_ != "info") {
      const std::string near = did_you_mean(what_, {"info"});
      throw usage_failure("kith plugin does not know '" + what_ + "'", near.empty() ? "kith plugin info ID" : near);
    }
    Core core = context.open_to_read();
    json::object arguments{{"id", id_}};
    if (!language_.empty()) arguments["lang"] = language_;
    Result result;
    result.data = json::parse(core.run("plugin", json::serialize(arguments))).as_object();
    result.table = effective_ ? settings(result.data) : lines(result.data);
    result.text = effective_ ? settings_text(result.table) : text(result.data);
    if (result.data.contains("orphaned") || text_at(result.data, "state") == "refused") result.exit = exit_findings;
    return context.finish(std::move(result));
  }

 private:
  static json::value layer(const json::object& setting, std::string_view name) {
    for (const json::value& one : list_at(setting, "layers"))
      if (text_at(one.as_object(), "layer") == name) return one.at("value");
    return nullptr;
  }

  static Table settings(const json::object& plugin) {
    Table table;
    table.columns = {{"setting"}, {"type"}, {"value"}, {"from"}, {"plugin"}, {"kith.json"}};
    for (const json::value& item : list_at(plugin, "settings")) {
      const json::object& setting = item.as_object();
      table.rows.push_back({setting.at("name"), setting.at("type"), setting.at("value"), setting.at("from"),
                            layer(setting, "plugin"), layer(setting, "kith.json")});
    }
    return table;
  }

  static std::string settings_text(const Table& table) {
    return table.rows.empty() ? "it has no settings" : table_text(table, 0);
  }

  // One line for each thing: csv and jsonl of the whole.
  static Table lines(const json::object& plugin) {
    Table table;
    table.columns = {{"part"}, {"name"}, {"on"}, {"label"}, {"value"}};
    const auto add = [&](const char* part, const json::object& item, const char* name) {
      const auto at = [&](const char* key) { return item.contains(key) ? item.at(key) : json::value(); };
      table.rows.push_back({json::value(part), at(name), at("on"), at("label"), at("value")});
    };
    if (const json::object* adds = plugin.if_contains("adds") ? plugin.at("adds").if_object() : nullptr)
      for (const Part& part : kParts)
        for (const json::value& item : list_at(*adds, part.key)) add(part.key, item.as_object(), part.name);
    for (const json::value& item : list_at(plugin, "settings")) add("settings", item.as_object(), "name");
    for (const json::value& item : list_at(plugin, "sleeping")) add("sleeping", item.as_object(), "name");
    return table;
  }

  static std::string joined(const json::object& plugin, const char* key) {
    const json::array& list = list_at(plugin, key);
    return list.empty() ? "-" : cell_text(list);
  }

  static std::string text(const json::object& plugin) {
    std::string out = line_at(plugin, "id") + " " + line_at(plugin, "version");
    if (const std::string label = line_at(plugin, "label"); !label.empty()) out += "  " + label;
    out += "\nstate      " + line_at(plugin, "state");
    if (const std::string problem = line_at(plugin, "problem"); !problem.empty()) out += "  " + problem;
    if (const std::string path = line_at(plugin, "path"); !path.empty()) out += "\npath       " + path;
    out += "\nneeds      " + joined(plugin, "needs");
    if (!list_at(plugin, "needs_optional").empty()) out += "\nif there   " + joined(plugin, "needs_optional");
    out += "\nneeded by  " + joined(plugin, "needed_by") + "\n";
    if (plugin.contains("adds"))
      for (const Part& part : kParts) out += part_text(plugin.at("adds").as_object(), part);
    if (const Table table = settings(plugin); !table.rows.empty())
      out += "\nsettings\n" + table_text(chosen_columns(table, "setting,value,from"), 2);
    for (const json::value& item : list_at(plugin, "sleeping"))
      out += "\nasleep     " + line_at(item.as_object(), "section") + " " + line_at(item.as_object(), "name") +
             ", without " + joined(item.as_object(), "missing");
    if (plugin.contains("orphaned")) out += kept_text(plugin.at("orphaned").as_object());
    return out;
  }

  static std::string part_text(const json::object& adds, const Part& part) {
    const json::array& items = list_at(adds, part.key);
    if (items.empty()) return {};
    std::string out = "\n" + std::string(part.key) + "\n";
    Table table;
    table.columns = {{part.name}, {"on"}, {"label"}};
    for (const json::value& item : items) {
      const json::object& one = item.as_object();
      table.rows.push_back(
          {json::value(text_at(one, part.name)), json::value(text_at(one, "on")), json::value(text_at(one, "label"))});
    }
    return out + table_text(table, 2, false);
  }

  static std::string kept_text(const json::object& orphaned) {
    std::string out = "\nkept\n";
    if (!list_at(orphaned, "types").empty())
      out += table_text(table_of(list_at(orphaned, "types"), {"name", "records"}), 2);
    if (!list_at(orphaned, "enums").empty())
      out += table_text(table_of(list_at(orphaned, "enums"), {"type", "name", "records"}), 2);
    if (list_at(orphaned, "fields").empty()) return out;
    return out + table_text(table_of(list_at(orphaned, "fields"), {"type", "name", "kind", "values"}), 2);
  }

  std::string what_, id_, language_;
  bool effective_ = false;
};

}  // namespace

std::unique_ptr<Command> make_plugin() { return std::make_unique<PluginCommand>(); }

}  // namespace kith::cli
