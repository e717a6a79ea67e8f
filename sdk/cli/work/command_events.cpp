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
        .number("--limit", limit_, "show at most so many; a table shows 2,048, csv and jsonl all there are")
        .flag("--ack", acknowledge_, "what was shown does not come again to this consumer");
  }

  int run(Context& context) override {
    const bool streamed = context.format() == Format::csv || context.format() == Format::jsonl;
    Core core = acknowledge_ ? context.open_to_write() : context.open_to_read();
    std::vector<Column> columns;
    for (const std::string& id : kColumns) columns.push_back({id});
    RowStream stream = context.rows(columns, std::cout, context.format());
    for (bool more = true; more;) {
      // A table is one page of events that are wanted, however many others lie between them.
      more = show_page(core, stream) && !full() && (streamed || shown_ < kMostEvents);
      if (streamed || !more) deliver(context, core, stream, streamed);
    }
    return exit_ok;
  }

 private:
  // Only what was written is acknowledged: it comes again if this is never reached.
  void deliver(Context& context, Core& core, RowStream& stream, bool streamed) {
    if (!streamed) finish(context, stream.kept());
    std::cout.flush();
    if (!std::cout)
      throw file_failure("the events could not be written to stdout", "is the disk full, or was the reader closed?");
    if (!acknowledge_ || looked_to_ == acknowledged_) return;
    core.events_ack(consumer_, looked_to_);
    acknowledged_ = looked_to_;
  }

  bool full() const { return limit_ > 0 && shown_ >= limit_; }

  // One page from where the last one ended. False: everything was looked at.
  bool show_page(Core& core, RowStream& stream) {
    const std::int64_t wanted = std::min((limit_ > 0 ? limit_ : INT64_MAX) - shown_, kMostEvents);
    const json::object page = json::parse(core.run("events", json::serialize(json::object{{"consumer", consumer_},
                                                                                          {"after", looked_to_},
                                                                                          {"name", name_},
                                                                                          {"limit", wanted}})))
                                  .as_object();
    for (const json::value& item : list_at(page, "events")) {
      json::array line;
      for (const std::string& id : kColumns) line.push_back(item.as_object().at(id));
      stream.add(std::move(line));
      ++shown_;
    }
    looked_to_ = std::max(looked_to_, page.at("last").as_int64());
    return page.at("more").as_bool();
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
  std::int64_t looked_to_ = 0, acknowledged_ = 0;  ///< positions
  bool acknowledge_ = false;
};

}  // namespace

std::unique_ptr<Command> make_events() { return std::make_unique<EventsCommand>(); }

}  // namespace kith::cli
