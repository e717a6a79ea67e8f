// kith get KEY: one record, every value that it has.
#include <boost/json.hpp>

#include "cli/answers/terms.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/words/key.hpp"

namespace json = boost::json;

namespace kith::cli {
namespace {

class GetCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.word("KEY", key_, "type/id, type/@source:external or type/<key field>; or the type, followed by the rest")
        .optional_word("REST", rest_, "the key without its type");
  }

  int run(Context& context) override {
    const Key key = parse_key(key_, rest_);
    Core core = context.open_to_read();
    OwnedSession session = context.session(core);
    Result result;
    result.data = json::parse(session.run("get", json::serialize(json::object{{"type", key.type}, {"key", key.key}})))
                      .as_object();
    result.table.columns = {{"field"}, {"value"}};
    for (const auto& pair : result.data.at("record").as_object())
      if (!pair.value().is_null()) result.table.rows.push_back({json::value(pair.key()), pair.value()});
    return context.finish(std::move(result));
  }

 private:
  std::string key_, rest_;
};

}  // namespace

std::unique_ptr<Command> make_get() { return std::make_unique<GetCommand>(); }

}  // namespace kith::cli
