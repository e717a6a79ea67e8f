// kith queue: runs of workflows that wait, failed or are done; and one of them tried again.
#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "cli/answers/problems.hpp"
#include "cli/answers/terms.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"

namespace json = boost::json;

namespace kith::cli {
namespace {

class QueueCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments
        .optional_word("WHAT", what_, "a state: retry, dead, quarantined, done, skipped; or the word retry with a RUN")
        .optional_word("RUN", run_, "with retry: the run that is to be tried again")
        .number("--limit", limit_, "how many are listed; 100 if left out");
  }

  int run(Context& context) override {
    if (!run_.empty()) {
      if (what_ != "retry")
        throw usage_failure("kith queue does not take the words '" + what_ + " " + run_ + "'",
                            "to try a run again: kith queue retry " + run_);
      return retry(context);
    }
    static const std::vector<std::string> states = {"", "retry", "dead", "quarantined", "done", "skipped"};
    if (std::find(states.begin(), states.end(), what_) == states.end()) {
      const std::string near = did_you_mean(what_, states);
      throw usage_failure("there is no state '" + what_ + "'",
                          near.empty() ? "one of retry, dead, quarantined, done, skipped" : near);
    }
    json::object arguments{{"limit", limit_}};
    if (!what_.empty()) arguments["state"] = what_;
    Core core = context.open_to_read();
    OwnedSession session = context.session(core);
    Result result;
    result.data = json::parse(session.run("queue", json::serialize(arguments))).as_object();
    const json::array& runs = list_at(result.data, "runs");
    result.table = table_of(runs, {"run", "workflow", "record", "state", "tries", "error", "next"});
    if (runs.empty()) result.text = "no such runs";
    for (const json::value& item : runs)
      if (const std::string state = text_at(item.as_object(), "state"); state == "dead" || state == "quarantined")
        result.exit = exit_findings;
    if (const json::array& failed = list_at(result.data, "failed_values"); !failed.empty()) {
      result.exit = exit_findings;
      if (runs.empty()) result.text.clear();
      for (const json::value& item : failed) {
        const json::object& one = item.as_object();
        if (!result.text.empty()) result.text += "\n";
        result.text +=
            line_at(one, "value") + " of " + line_at(one, "record") + " is unknown: " + line_at(one, "reason");
      }
    }
    return context.finish(std::move(result));
  }

 private:
  /// A run's number, as the list shows it.
  std::int64_t number() const {
    std::int64_t run = 0;
    const char* end = run_.data() + run_.size();
    const auto read = std::from_chars(run_.data(), end, run);
    if (read.ec != std::errc() || read.ptr != end || run < 1)
      throw usage_failure("'" + run_ + "' is no run",
                          "give the number of a run: kith queue dead lists those that failed");
    return run;
  }

  int retry(Context& context) const {
    const std::int64_t run = number();
    Core core = context.open_to_write();
    OwnedSession session = context.session(core);
    Result result;
    result.data = json::parse(session.run("queue.retry", json::serialize(json::object{{"run", run}}))).as_object();
    result.text = run_ + " will be tried again by the next kith run-due";
    result.table.columns = {{"run"}};
    result.table.rows.push_back({json::value(run)});
    return context.finish(std::move(result));
  }

  std::string what_, run_;
  std::int64_t limit_ = 100;
};

}  // namespace

std::unique_ptr<Command> make_queue() { return std::make_unique<QueueCommand>(); }

}  // namespace kith::cli
