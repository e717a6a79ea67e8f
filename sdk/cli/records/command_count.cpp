// kith count TYPE: how many, or how many for each value of a member.
#include <algorithm>
#include <boost/json.hpp>

#include "cli/answers/terms.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/words/assignments.hpp"

namespace json = boost::json;

namespace kith::cli {
namespace {

class CountCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.word("TYPE", type_, "the record type")
        .option("--where", where_, "EXPR", "only records for which this holds")
        .options("--param", parameters_, "NAME=VALUE",
                 "the value of a $name, [\"a\", \"b\"] for a list; it becomes what it is compared with. Repeat it for "
                 "several")
        .option("--by", by_, "FIELD", "one number for each value of this member");
  }

  int run(Context& context) override {
    json::object arguments{{"type", type_}};
    if (!where_.empty()) arguments["where"] = where_;
    if (!by_.empty()) arguments["by"] = by_;
    if (!parameters_.empty()) arguments["params"] = parameters_json(parse_parameters(parameters_));
    Core core = context.open_to_read();
    OwnedSession session = context.session(core);
    Result result;
    result.data = json::parse(session.run("count", json::serialize(arguments))).as_object();
    if (by_.empty()) {
      const std::int64_t count = integer_at(result.data, "count");
      result.table.columns = {{"count", false, true}};
      result.table.rows.push_back({count});
      result.text = std::to_string(count);
    } else {
      result.table.columns = {{by_}, {"count", false, true}};
      for (const json::value& group : list_at(result.data, "groups")) {
        const json::value* value = group.as_object().if_contains("value");
        result.table.rows.push_back({value ? *value : json::value(nullptr), integer_at(group.as_object(), "count")});
      }
      if (context.format() == Format::table)  // an empty cell would look like a mistake
        for (json::array& row : result.table.rows)
          if (row[0].is_null()) row[0] = "(none)";
    }
    return context.finish(std::move(result));
  }

 private:
  std::string type_, where_, by_;
  std::vector<std::string> parameters_;
};

}  // namespace

std::unique_ptr<Command> make_count() { return std::make_unique<CountCommand>(); }

}  // namespace kith::cli
