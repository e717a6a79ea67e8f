// kith set KEY field=value...: an update of one record, through the whole save pipeline.
#include <boost/json.hpp>

#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/words/assignments.hpp"
#include "cli/words/key.hpp"

namespace kith::cli {
namespace {

class SetCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.word("KEY", key_, "type/id, type/@source:external or type/<key field>")
        .words("field=value", words_, "the new values; 'field=' clears it", true)
        .number("--if-version", version_, "only if the record still has this version; else exit 1");
  }

  int run(Context& context) override {
    const Key key = parse_key(key_);
    const Assignments assignments = parse_assignments(words_);
    Core core = context.open_to_write();
    OwnedSession session = context.session(core);
    const Ref record = find(session, key);
    session.update(record, Fields(fields_of(assignments)), static_cast<std::uint64_t>(version_));
    Rows rows = session.get(record, {"version"});
    const auto row = rows.next();
    const std::int64_t version = row ? (*row)[0].integer() : 0;
    Result result;
    result.data = {{"record", record.text()}, {"version", version}};
    result.table.columns = {{"record"}, {"version", false, true}};
    result.table.rows.push_back({boost::json::value(record.text()), version});
    result.text = record.text() + " is at version " + std::to_string(version);
    return context.finish(std::move(result));
  }

 private:
  std::string key_;
  std::vector<std::string> words_;
  std::int64_t version_ = 0;
};

}  // namespace

std::unique_ptr<Command> make_set() { return std::make_unique<SetCommand>(); }

}  // namespace kith::cli
