// kith eval EXPR --on TYPE: what an expression means, and with a key its value, its parts and until when it holds.
#include <boost/json.hpp>

#include "cli/answers/problems.hpp"
#include "cli/answers/terms.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/words/assignments.hpp"
#include "cli/words/key.hpp"

namespace json = boost::json;

namespace kith::cli {
namespace {

class EvalCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.word("EXPR", expression_, "an expression over a record of the type")
        .option("--on", on_, "TYPE", "the record type, or TYPE/KEY as elsewhere", true)
        .option("--key", key_, "KEY", "the record, without its type: an id, @source:external or its key field")
        .options("--param", parameters_, "NAME=VALUE",
                 "the value of a $name, as a text; it becomes what it is compared with. Repeat it for several")
        .option("--sql", sql_, "DATABASE", "its SQL in full, with its parameters: sqlite, postgresql or both")
        .option("--now", now_, "INSTANT",
                "as if it were this instant, as 2026-12-31T00:00:00Z; reads no stored derivation");
  }

  int run(Context& context) override {
    const Key of = asked();
    json::object arguments{{"expr", expression_}, {"on", of.type}};
    if (!of.key.empty()) arguments["key"] = of.key;
    if (!now_.empty()) arguments["now"] = now_;
    if (!sql_.empty()) arguments["sql"] = sql_;
    if (!parameters_.empty()) arguments["params"] = parameters_json(parse_parameters(parameters_));
    Core core = context.open_to_read();
    OwnedSession session = context.session(core);
    Result result;
    result.data = json::parse(session.run("eval", json::serialize(arguments))).as_object();
    result.table = table_of(json::array{result.data}, {"type", "class", "value", "valid_until", "sql"});
    result.text = text(result.data, !of.key.empty());
    return context.finish(std::move(result));
  }

 private:
  /// The type and, where there is one, the record.
  Key asked() const {
    if (on_.find('/') == std::string::npos) {
      const std::string prefix = on_ + "/";
      return {on_, key_.rfind(prefix, 0) == 0 ? key_.substr(prefix.size()) : key_};
    }
    if (!key_.empty())
      throw usage_failure("the record is given twice, by --on " + on_ + " and --key " + key_, "leave --key out");
    return parse_key(on_);
  }

  static std::string text(const json::object& answer, bool has_record) {
    std::string out = "type   " + line_at(answer, "type") + "\nclass  " + line_at(answer, "class") + "\n";
    const json::value* lowered = answer.if_contains("lowered");
    if (!lowered && !text_at(answer, "sql").empty()) out += "sql    " + line_at(answer, "sql") + "\n";
    const json::value* value = answer.if_contains("value");
    if (has_record || value)
      out += "value  " + (value && !value->is_null() ? cell_line(*value) : std::string("null")) + "\n";
    if (!text_at(answer, "valid_until").empty()) out += "until  " + line_at(answer, "valid_until") + "\n";
    if (const json::value* terms = answer.if_contains("terms")) out += "\n" + terms_text(*terms, 2);
    if (lowered) out += sql_text(lowered->as_object());
    return out;
  }

  // A block for each database: when it is true, when it is false, and the values of the parameters.
  static std::string sql_text(const json::object& lowered) {
    std::string out;
    for (const auto& [database, forms] : lowered) {
      out += "\n" + std::string(database) + "\n";
      for (const auto& [form, piece] : forms.as_object()) {
        const std::string name = std::string(form) + std::string(form.size() < 7 ? 7 - form.size() : 1, ' ');
        out += "  " + name + line_at(piece.as_object(), "sql") + "\n";
        std::string parameters;
        for (const json::value& one : list_at(piece.as_object(), "parameters"))
          parameters += (parameters.empty() ? "" : ", ") + cell_text(one);
        if (!parameters.empty()) out += "         with " + parameters + "\n";
      }
    }
    return out;
  }

  std::string expression_, on_, key_, now_, sql_;
  std::vector<std::string> parameters_;
};

}  // namespace

std::unique_ptr<Command> make_eval() { return std::make_unique<EvalCommand>(); }

}  // namespace kith::cli
