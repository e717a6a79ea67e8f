// kith create TYPE field=value...: a new record, through the whole save pipeline.
#include <boost/json.hpp>

#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/words/assignments.hpp"

namespace kith::cli {
namespace {

class CreateCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.word("TYPE", type_, "the record type").words("field=value", words_, "its values; a ref is a KEY");
  }

  int run(Context& context) override {
    const Assignments assignments = parse_assignments(words_);
    Core core = context.open_to_write();
    OwnedSession session = context.session(core);
    const std::string made = session.create(type_, Fields(fields_of(assignments))).text();
    Result result;
    result.data = {{"record", made}};
    result.table.columns = {{"record"}};
    result.table.rows.push_back({boost::json::value(made)});
    result.text = made;
    return context.finish(std::move(result));
  }

 private:
  std::string type_;
  std::vector<std::string> words_;
};

}  // namespace

std::unique_ptr<Command> make_create() { return std::make_unique<CreateCommand>(); }

}  // namespace kith::cli
