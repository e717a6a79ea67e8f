// kith check: config, manifests and every expression, without a database and without running a plugin's code.
#include <boost/json.hpp>

#include "cli/answers/terms.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"

namespace json = boost::json;

namespace kith::cli {
namespace {

class CheckCommand : public Command {
 public:
  void declare(Arguments&) override {}

  int run(Context& context) override {
    Result result;
    result.data = json::parse(Core::check(context.options())).as_object();
    result.table = table_of(list_at(result.data, "bundles"), {"id", "version", "state", "path"});
    result.text = line_at(result.data, "config") + ": no problem found\n" + table_text(result.table, 2);
    for (const auto& [key, words] : {std::pair{"record_types", "record types"}, std::pair{"fields", "fields"},
                                     std::pair{"derivations", "derivations"}, std::pair{"workflows", "workflows"},
                                     std::pair{"expressions", "expressions"}})
      result.text +=
          (std::string_view(key) == "record_types" ? "" : ", ") + grouped(integer_at(result.data, key)) + " " + words;
    result.text += "\n";
    for (const json::value& item : list_at(result.data, "sleeping")) {
      const json::object& one = item.as_object();
      result.text += "asleep: " + line_at(one, "section") + " " + line_at(one, "name") + " of " +
                     line_at(one, "bundle") + ", without " + cell_line(list_at(one, "missing")) + "\n";
    }
    for (const json::value& note : list_at(result.data, "notes")) result.text += "note: " + cell_line(note) + "\n";
    return context.finish(std::move(result));
  }
};

}  // namespace

std::unique_ptr<Command> make_check() { return std::make_unique<CheckCommand>(); }

}  // namespace kith::cli
