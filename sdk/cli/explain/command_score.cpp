// kith score KEY MODEL: a score with its reasons, whose points add up.
#include <boost/json.hpp>

#include "cli/answers/terms.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/words/key.hpp"

namespace json = boost::json;

namespace kith::cli {
namespace {

class ScoreCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.word("KEY", key_, "type/id, type/@source:external or type/<key field>")
        .word("MODEL", name_, "as retail.value");
  }

  int run(Context& context) override {
    const Key key = parse_key(key_);
    Core core = context.open_to_read();
    OwnedSession session = context.session(core);
    const json::object arguments{{"type", key.type}, {"key", key.key}, {"score", name_}};
    Result result;
    result.data = json::parse(session.run("score", json::serialize(arguments))).as_object();
    result.table = score_table(result.data);
    result.text = score_text(key_, result.data, false);
    return context.finish(std::move(result));
  }

 private:
  std::string key_, name_;
};

}  // namespace

std::unique_ptr<Command> make_score() { return std::make_unique<ScoreCommand>(); }

}  // namespace kith::cli
