// kith transition KEY LIFECYCLE EVENT: an event of a lifecycle, with its guards and history.
#include <boost/json.hpp>

#include "cli/answers/terms.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/words/assignments.hpp"
#include "cli/words/key.hpp"

namespace json = boost::json;

namespace kith::cli {
namespace {

class TransitionCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.word("KEY", key_, "type/id, type/@source:external or type/<key field>")
        .word("LIFECYCLE", lifecycle_, "as customer.lifecycle")
        .word("EVENT", event_, "as qualify; kith explain KEY LIFECYCLE lists those that are possible")
        .words("field=value", words_, "values that the new state requires")
        .option("--reason", reason_, "TEXT", "kept in the history; some transitions require one");
  }

  int run(Context& context) override {
    const Key key = parse_key(key_);
    Assignments assignments = parse_assignments(words_);
    if (!reason_.empty()) assignments.emplace_back("reason", reason_);
    const std::vector<Field> fields = fields_of(assignments);
    Core core = context.open_to_write();
    OwnedSession session = context.session(core);
    const Ref record = find(session, key);
    session.transition(record, lifecycle_, event_, fields);
    const json::object arguments{{"type", record.type()}, {"key", key.key}, {"name", lifecycle_}};
    const json::object now = json::parse(session.run("explain", json::serialize(arguments))).as_object();
    const std::string state = text_at(now, "state");
    Result result;
    result.data = {{"record", record.text()}, {"lifecycle", lifecycle_}, {"state", state}};
    result.table.columns = {{"record"}, {"lifecycle"}, {"state"}};
    result.table.rows.push_back({json::value(record.text()), json::value(lifecycle_), json::value(state)});
    result.text = record.text() + " is now '" + state + "' in " + lifecycle_;
    return context.finish(std::move(result));
  }

 private:
  std::string key_, lifecycle_, event_, reason_;
  std::vector<std::string> words_;
};

}  // namespace

std::unique_ptr<Command> make_transition() { return std::make_unique<TransitionCommand>(); }

}  // namespace kith::cli
