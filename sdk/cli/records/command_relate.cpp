// kith relate FROM RELATIONSHIP TO: an edge between two records, or its end.
#include <boost/json.hpp>

#include "cli/answers/problems.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/words/assignments.hpp"
#include "cli/words/key.hpp"

namespace kith::cli {
namespace {

class RelateCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.word("FROM", from_, "a KEY")
        .word("RELATIONSHIP", name_, "its name or inverse name, as works_for or employs")
        .word("TO", to_, "a KEY")
        .words("field=value", words_, "attributes, from_on, to_on")
        .flag("--end", end_, "it ends today; its history stays");
  }

  int run(Context& context) override {
    const Key from_key = parse_key(from_), to_key = parse_key(to_);
    const Assignments assignments = parse_assignments(words_);
    if (end_ && !assignments.empty())
      throw usage_failure("--end takes no values", "leave out '" + words_.front() + "'");
    const std::vector<Field> fields = fields_of(assignments);
    Core core = context.open_to_write();
    OwnedSession session = context.session(core);
    const Ref from = find(session, from_key), to = find(session, to_key);
    if (end_) {
      session.unrelate(from, name_, to);
    } else {
      session.relate(from, name_, to, fields);
    }
    Result result;
    result.data = {{"from", from.text()}, {"relationship", name_}, {"to", to.text()}, {"ended", end_}};
    result.table.columns = {{"from"}, {"relationship"}, {"to"}, {"ended"}};
    result.table.rows.push_back(
        {boost::json::value(from.text()), boost::json::value(name_), boost::json::value(to.text()), end_});
    result.text = from.text() + " " + name_ + " " + to.text() + (end_ ? ": ended" : "");
    return context.finish(std::move(result));
  }

 private:
  std::string from_, name_, to_;
  std::vector<std::string> words_;
  bool end_ = false;
};

}  // namespace

std::unique_ptr<Command> make_relate() { return std::make_unique<RelateCommand>(); }

}  // namespace kith::cli
