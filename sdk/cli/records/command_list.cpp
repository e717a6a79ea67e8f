// kith list TYPE: rows, filtered, ordered, the named columns.
#include <algorithm>
#include <boost/json.hpp>
#include <iostream>

#include "cli/answers/members.hpp"
#include "cli/answers/problems.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/words/query.hpp"

namespace json = boost::json;

namespace kith::cli {
namespace {

// A type may have many members; a table shows those that some row has a value for.
Table without_empty_columns(const Table& table) {
  Table out;
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    if (std::any_of(table.rows.begin(), table.rows.end(), [i](const json::array& row) { return !row[i].is_null(); }))
      kept.push_back(i);
  for (std::size_t i : kept) out.columns.push_back(table.columns[i]);
  for (const json::array& row : table.rows) {
    json::array& line = out.rows.emplace_back();
    for (std::size_t i : kept) line.push_back(row[i]);
  }
  return out;
}

class ListCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.word("TYPE", request_.type, "the record type, as customer or retail.order")
        .option("--where", request_.where, "EXPR", "only records for which this holds; host values as $name")
        .options("--param", parameters_, "NAME=VALUE",
                 "the value of a $name, [\"a\", \"b\"] for a list; it becomes what it is compared with. Repeat it for "
                 "several")
        .option("--select", select_, "A,B",
                "members and paths through refs, as name,customer.name,id; else all members")
        .option("--order", request_.order, "A,B", "\"name\" or \"retail.net_spend_12m desc, name\"")
        .number("--limit", limit_, "rows in all; 100 if left out");
  }

  int run(Context& context) override {
    request_.select = split_names(select_);
    request_.parameters = parse_parameters(parameters_);
    if (limit_ == 0 || limit_ > 0xFFFFFFFE)
      throw usage_failure("--limit needs a number from 1 on", "for all records of a type: kith export");
    request_.limit = static_cast<std::uint32_t>(limit_);
    Core core = context.open_to_read();
    OwnedSession session = context.session(core);
    const Members members(session);
    const bool all_members = request_.select.empty();
    // Columns that are asked for by name are there, whatever is in them.
    const bool shorten = context.format() == Format::table && !context.columns_named();
    if (all_members) {
      request_.select = members.names(request_.type, shorten);
      if (!request_.select.empty())
        request_.select.insert(request_.select.begin(), "id");  // an unknown type is left for the query to name
    }
    Rows rows = run_query(session, request_);
    Result result;
    for (std::uint64_t i = 0; i < rows.width(); ++i)
      result.table.columns.push_back(members.column(request_.type, std::string(rows.column(i))));
    json::array documents;
    for (auto row : rows) {
      json::array& line = result.table.rows.emplace_back();
      json::object document;
      for (std::uint64_t i = 0; i < rows.width(); ++i) {
        line.push_back(cell_json(row[i]));
        if (!line.back().is_null()) document[rows.column(i)] = line.back();
      }
      documents.push_back(std::move(document));
    }
    result.data = {{"type", request_.type}, {"rows", std::move(documents)}};
    if (shorten && all_members) result.table = without_empty_columns(result.table);
    if (result.table.rows.size() == request_.limit && context.format() == Format::table)
      context.say("the first " + std::to_string(request_.limit) + "; for more: --limit");
    return context.finish(std::move(result));
  }

 private:
  ListRequest request_;
  std::string select_;
  std::vector<std::string> parameters_;
  std::int64_t limit_ = 100;
};

}  // namespace

std::unique_ptr<Command> make_list() { return std::make_unique<ListCommand>(); }

}  // namespace kith::cli
