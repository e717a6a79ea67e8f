// kith timeline KEY: the 360 degree view: what is known, what it is related to, where it stands, what happened.
#include <boost/json.hpp>

#include "cli/answers/terms.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/words/key.hpp"

namespace json = boost::json;

namespace kith::cli {
namespace {

const std::vector<std::string> kEntryColumns = {"at", "kind", "title", "detail", "by"};

std::string section(const std::string& title, const Table& table) {
  return table.rows.empty() ? std::string() : "\n" + title + "\n" + table_text(table, 2);
}

class TimelineCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.word("KEY", key_, "type/id, type/@source:external or type/<key field>")
        .number("--limit", limit_, "entries of the timeline; 50 if left out")
        .option("--before", before_, "CURSOR", "go on behind an earlier answer's \"next\"");
  }

  int run(Context& context) override {
    const Key key = parse_key(key_);
    json::object arguments{{"type", key.type}, {"key", key.key}, {"limit", limit_}};
    if (!before_.empty()) arguments["before"] = before_;
    Core core = context.open_to_read();
    OwnedSession session = context.session(core);
    Result result;
    result.data = json::parse(session.run("timeline", json::serialize(arguments))).as_object();
    result.table = table_of(list_at(result.data, "entries"), {"at", "kind", "title", "detail", "by", "type", "id"});
    result.text = text(result.data);
    return context.finish(std::move(result));
  }

 private:
  static std::string text(const json::object& view) {
    std::string out;
    Table record;
    record.columns = {{"field"}, {"value"}};
    if (const json::value* fields = view.if_contains("record"); fields && fields->is_object())
      for (const auto& pair : fields->get_object())
        if (!pair.value().is_null()) record.rows.push_back({json::value(pair.key()), pair.value()});
    out += table_text(record, 0, false);
    if (!list_at(view, "external_ids").empty()) out += "\nKnown elsewhere as\n";
    for (const json::value& item : list_at(view, "external_ids"))
      out += "  @" + line_at(item.as_object(), "source") + ":" + line_at(item.as_object(), "key") + "\n";
    out += section("Relationships", table_of(list_at(view, "relationships")));
    out += section("States", table_of(list_at(view, "states"),
                                      {"lifecycle", "state", "event", "entered", "left", "reason", "by"}));
    out += section("Scores", table_of(list_at(view, "scores")));
    if (const json::array& segments = list_at(view, "segments"); !segments.empty())
      out += segments.front().is_object() ? section("Segments", table_of(segments))
                                          : "\nSegments\n  " + cell_line(segments) + "\n";
    out += section("Tasks", table_of(list_at(view, "tasks")));
    out += section("What happened", table_of(list_at(view, "entries"), kEntryColumns));
    if (const std::string next = text_at(view, "next"); !next.empty()) out += "\nmore: --before " + next + "\n";
    return out;
  }

  std::string key_, before_;
  std::int64_t limit_ = 50;
};

}  // namespace

std::unique_ptr<Command> make_timeline() { return std::make_unique<TimelineCommand>(); }

}  // namespace kith::cli
