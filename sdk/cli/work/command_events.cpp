// kith events: what the core has for its host: events that workflows emitted, and changes; durable until acknowledged.
#include <algorithm>
#include <boost/json.hpp>
#include <iostream>

#include "cli/answers/problems.hpp"
#include "cli/answers/terms.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/words/query.hpp"

namespace json = boost::json;

namespace kith::cli {
namespace {

constexpr std::int64_t kMostEvents = 2'048;  // the most that one call gives
const std::vector<std::string> kColumns = {"position", "tenant", "at", "kind", "type", "record", "name", "payload"};

class EventsCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.option("--consumer", consumer_, "NAME", "whose position is meant; cli if left out")
        .option("--name", name_, "NAME",
                "show only events of this name, as retail.win_back_offer; --ack passes over the others")
        .number("--limit", limit_, "show at most so many")
        .flag("--ack", acknowledge_,
              "what was shown does not come again to this consumer; as csv or jsonl, all there are");
  }

  int run(Context& context) override {
    const bool streamed = context.format() == Format::csv || context.format() == Format::jsonl;
    Core core = acknowledge_ ? context.open_to_write() : context.open_to_read();
    std::vector<Column> columns;
    for (const std::string& id : kColumns) columns.push_back({id});
    RowStream stream = context.rows(columns, std::cout, context.format());
    for (bool more = true; more;) {
      const std::int64_t last = show_page(core, stream);
      if (!streamed) finish(context, stream.kept());
      std::cout.flush();
      if (!std::cout)
        throw file_failure("the events could not be written to stdout", "is the disk full, or was the reader closed?");
      if (acknowledge_ && last > 0)
        core.events_ack(consumer_, last);  // only now: they come again if this was never reached
      more = streamed && acknowledge_ && last > 0 && !full();
    }
    return exit_ok;
  }

 private:
  bool full() const { return limit_ > 0 && shown_ >= limit_; }

  // The position of the last event that was looked at; 0 = there was none.
  std::int64_t show_page(Core& core, RowStream& stream) {
    const std::int64_t wanted = name_.empty() && limit_ > 0 ? std::min(limit_ - shown_, kMostEvents) : kMostEvents;
    Rows rows = core.events_next(consumer_, static_cast<std::uint32_t>(wanted));
    std::int64_t last = 0;
    for (auto row : rows) {
      if (full()) break;
      last = row["position"].integer();
      if (!name_.empty() && row["name"].str() != name_) continue;
      json::array line;
      for (const std::string& id : kColumns) line.push_back(cell_json(row[id]));
      stream.add(std::move(line));
      ++shown_;
    }
    return last;
  }

  void finish(const Context& context, const Table& table) const {
    json::array documents;
    for (const json::array& row : table.rows) {
      json::object document;
      for (std::size_t i = 0; i < row.size(); ++i)
        if (!row[i].is_null()) document[table.columns[i].id] = row[i];
      documents.push_back(std::move(document));
    }
    Result result;
    result.table = table;
    result.data = {{"consumer", consumer_}, {"events", std::move(documents)}};
    if (table.rows.empty()) result.text = "no events";
    context.finish(std::move(result));
  }

  std::string consumer_ = "cli", name_;
  std::int64_t limit_ = 0, shown_ = 0;
  bool acknowledge_ = false;
};

}  // namespace

std::unique_ptr<Command> make_events() { return std::make_unique<EventsCommand>(); }

}  // namespace kith::cli
