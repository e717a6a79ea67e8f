// kith plugins: which bundles there are, in which state, and who needs whom.
#include <boost/json.hpp>

#include "cli/answers/problems.hpp"
#include "cli/answers/terms.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"

namespace json = boost::json;

namespace kith::cli {
namespace {

class PluginsCommand : public Command {
 public:
  void declare(Arguments&) override {}

  int run(Context& context) override {
    Core core = context.open_to_read();
    Result result;
    result.data = json::parse(core.run("plugins")).as_object();
    const json::array& plugins = list_at(result.data, "plugins");
    result.table = table_of(plugins, {"id", "version", "state", "needs", "needed_by", "fields", "types", "values",
                                      "path", "hash", "problem"});
    for (const json::value& plugin : plugins)
      if (const std::string state = text_at(plugin.as_object(), "state"); state == "refused" || state == "orphaned")
        result.exit = exit_findings;
    Table shown = chosen_columns(result.table, "id,version,state,needs,problem");
    if (context.format() == Format::table)
      result.text = plugins.empty() ? "no plugins: name some under \"plugins\" in kith.json" : table_text(shown, 0);
    return context.finish(std::move(result));
  }
};

}  // namespace

std::unique_ptr<Command> make_plugins() { return std::make_unique<PluginsCommand>(); }

}  // namespace kith::cli
