// kith count TYPE: how many, or how many in each group, with figures.
#include <algorithm>
#include <boost/json.hpp>

#include "cli/answers/problems.hpp"
#include "cli/answers/terms.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/records/grouping.hpp"
#include "cli/words/assignments.hpp"

namespace json = boost::json;

namespace kith::cli {
namespace {

// An empty cell would look like a mistake.
void name_what_is_none(Table& table, std::size_t columns) {
  for (json::array& row : table.rows)
    for (std::size_t i = 0; i < columns; ++i)
      if (row[i].is_null()) row[i] = "(none)";
}

class CountCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.word("TYPE", type_, "the record type")
        .optional_word("FILTER", filter_, "only records for which this holds; the same as --where")
        .option("--where", where_, "EXPR", "only records for which this holds")
        .options("--param", parameters_, "NAME=VALUE",
                 "the value of a $name, [\"a\", \"b\"] for a list; it becomes what it is compared with. Repeat it for "
                 "several");
    grouping_.declare(arguments);
  }

  int run(Context& context) override {
    if (!where_.empty() && !filter_.empty())
      throw usage_failure("the filter is given twice, as FILTER and as --where", "join them: \"(...) && (...)\"");
    json::object request{{"type", type_}};
    if (const std::string& where = where_.empty() ? filter_ : where_; !where.empty()) request["where"] = where;
    if (!parameters_.empty()) request["params"] = parameters_json(parse_parameters(parameters_));
    Core core = context.open_to_read();
    OwnedSession session = context.session(core);
    Result result;
    if (grouping_.asks_figures())
      aggregate(context, session, std::move(request), result);
    else
      count(context, session, std::move(request), result);
    return context.finish(std::move(result));
  }

 private:
  void count(Context& context, Session& session, json::object request, Result& result) const {
    const std::string& by = grouping_.by();
    if (!by.empty()) request["by"] = by;
    result.data = json::parse(session.run("count", json::serialize(request))).as_object();
    if (by.empty()) {
      const std::int64_t count = integer_at(result.data, "count");
      result.table.columns = {{"count", false, true}};
      result.table.rows.push_back({count});
      result.text = std::to_string(count);
      return;
    }
    result.table.columns = {{by}, {"count", false, true}};
    for (const json::value& group : list_at(result.data, "groups")) {
      const json::value* value = group.as_object().if_contains("value");
      result.table.rows.push_back({value ? *value : json::value(nullptr), integer_at(group.as_object(), "count")});
    }
    if (context.format() == Format::table) name_what_is_none(result.table, 1);
  }

  void aggregate(Context& context, Session& session, json::object request, Result& result) const {
    grouping_.put(request, Members(session), type_);
    const std::size_t groups = request.at("by").as_array().size();
    result.data = json::parse(session.run("aggregate", json::serialize(request))).as_object();
    result.table = aggregate_table(result.data);
    if (context.format() == Format::table) name_what_is_none(result.table, groups);
    if (!result.data.contains("unknown")) return;
    for (const json::value& one : list_at(result.data, "unknown"))
      context.say(line_at(one.as_object(), "figure") + " is unknown in " +
                  std::to_string(integer_at(one.as_object(), "rows")) +
                  " of the groups: " + line_at(one.as_object(), "reason"));
  }

  std::string type_, filter_, where_;
  std::vector<std::string> parameters_;
  Grouping grouping_;
};

}  // namespace

std::unique_ptr<Command> make_count() { return std::make_unique<CountCommand>(); }

}  // namespace kith::cli
