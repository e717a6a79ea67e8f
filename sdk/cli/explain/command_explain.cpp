// kith explain KEY NAME: why a score, segment, formula, rollup or state is what it is, part by part.
#include <array>
#include <boost/json.hpp>
#include <utility>

#include "cli/answers/terms.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/words/key.hpp"

namespace json = boost::json;

namespace kith::cli {
namespace {

std::string value_text(const std::string& of, const json::object& answer) {
  const json::value* value = answer.if_contains("value");
  std::string out = of + "\n" + line_at(answer, "kind") + " " + line_at(answer, "name") + " = " +
                    (value && !value->is_null() ? cell_line(*value) : std::string("unknown")) + "\n";
  if (const std::string failed = line_at(answer, "failed"); !failed.empty()) out += "because " + failed + "\n";
  if (!text_at(answer, "valid_until").empty())
    out += "holds until " + line_at(answer, "valid_until") + " if nothing is written\n";
  if (const std::string over = text_at(answer, "over"); !over.empty()) {
    constexpr std::array parts = {std::pair{"over", "over      "}, std::pair{"of", "of        "},
                                  std::pair{"at", "at        "}, std::pair{"distinct_by", "distinct  "},
                                  std::pair{"where", "where     "}};
    out += "\n";
    for (const auto& [key, shown] : parts)
      if (const std::string text = line_at(answer, key); !text.empty()) out += shown + text + "\n";
  }
  const json::value* tree = answer.if_contains("terms");
  if (!tree && !text_at(answer, "source").empty()) out += "\nfrom  " + line_at(answer, "source") + "\n";
  if (tree) out += "\n" + terms_text(*tree, 2);
  if (const json::array& rows = list_at(answer, "rows"); !rows.empty())
    out += "\nRows\n" + table_text(table_of(rows), 2);
  if (const json::value* more = answer.if_contains("more"))
    out += "  and " + cell_line(*more) + " more that are not shown\n";
  return out;
}

// By itself: what it waits for, whether that is so, and until when that answer holds.
std::string automatic_text(const json::object& automatic) {
  const std::string after = text_at(automatic, "after");
  std::string out =
      "      by itself " + (after.empty() ? "when " + text_at(automatic, "when") : after + " after the state began");
  const auto is = [&](const char* key) { return automatic.at(key).is_bool() && automatic.at(key).get_bool(); };
  out += is("fires") ? ": it fires with the next due work" : is("due") ? ": due, but something denies it" : ": not due";
  if (const std::string until = text_at(automatic, "valid_until"); !until.empty()) out += ", until " + until;
  return out + "\n";
}

std::string lifecycle_text(const std::string& of, const std::string& name, const json::object& answer) {
  std::string out = of + "\n" + name + ": " + line_at(answer, "state");
  if (!text_at(answer, "since").empty()) out += ", since " + line_at(answer, "since");
  out += "\n";
  if (const json::array& history = list_at(answer, "history"); !history.empty())
    out += "\nHistory\n" +
           table_text(table_of(history, {"from", "event", "to", "entered", "left", "actor", "reason", "because"}), 2);
  const json::array& possible = list_at(answer, "possible");
  out += possible.empty() ? "\nNo event is possible from here.\n" : "\nPossible events\n";
  for (const json::value& item : possible) {
    const json::object& event = item.as_object();
    const json::value* allowed = event.if_contains("allowed");
    const bool yes = allowed && allowed->is_bool() && allowed->get_bool();
    out += "  " + line_at(event, "event") + " -> " + line_at(event, "to") + (yes ? "" : ": denied");
    if (!yes && !text_at(event, "deny").empty()) out += ": " + line_at(event, "deny");
    out += "\n";
    if (const json::value* terms = event.if_contains("terms")) out += terms_text(*terms, 6);
    if (const json::value* automatic = event.if_contains("auto")) out += automatic_text(automatic->as_object());
  }
  return out;
}

class ExplainCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.word("KEY", key_, "type/id, type/@source:external or type/<key field>")
        .word("NAME", name_, "a score, segment, formula, rollup or lifecycle, as retail.value");
  }

  int run(Context& context) override {
    const Key key = parse_key(key_);
    Core core = context.open_to_read();
    OwnedSession session = context.session(core);
    const json::object arguments{{"type", key.type}, {"key", key.key}, {"name", name_}};
    Result result;
    result.data = json::parse(session.run("explain", json::serialize(arguments))).as_object();
    if (result.data.contains("reasons")) {
      result.table = score_table(result.data);
      result.text = score_text(key_, result.data, true);
    } else if (result.data.contains("possible")) {
      result.table = table_of(list_at(result.data, "possible"), {"event", "to", "allowed", "deny"});
      result.text = lifecycle_text(key_, name_, result.data);
    } else {
      result.table = table_of(json::array{result.data}, {"kind", "name", "value", "valid_until", "source"});
      result.text = value_text(key_, result.data);
    }
    return context.finish(std::move(result));
  }

 private:
  std::string key_, name_;
};

}  // namespace

std::unique_ptr<Command> make_explain() { return std::make_unique<ExplainCommand>(); }

}  // namespace kith::cli
