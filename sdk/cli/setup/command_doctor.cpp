// kith doctor: is everything as it should be, and what to do where it is not.
#include <boost/json.hpp>

#include "cli/answers/problems.hpp"
#include "cli/answers/terms.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"

namespace json = boost::json;

namespace kith::cli {
namespace {

std::string facts_text(const json::object& facts) {
  Table table;
  table.columns = {{"name"}, {"value"}};
  for (const auto& pair : facts) table.rows.push_back({json::value(pair.key()), json::value(cell_text(pair.value()))});
  return table_text(table, 2, false);
}

class DoctorCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.flag("--integrity", integrity_, "also let the database check every page; takes time on a large file")
        .option("--set-clock", set_clock_, "INSTANT",
                "first set clocks that stand still behind INSTANT back to it, for a host whose clock was ahead once; "
                "written to the file, with who did it");
  }

  int run(Context& context) override {
    if (!set_clock_.empty()) set_clock(context);
    Core core = context.open_to_read();
    Result result;
    result.data = json::parse(core.run("doctor")).as_object();
    json::array checks = list_at(result.data, "checks");
    if (integrity_) {
      const json::value answer = json::parse(core.run("integrity"));
      const json::array& problems = answer.at("problems").as_array();
      json::object check{{"name", "integrity"},
                         {"ok", problems.empty()},
                         {"detail", problems.empty() ? "every page is sound" : cell_text(problems)}};
      if (!problems.empty()) check["fix"] = "stop writing, keep a copy of the file, restore the last good backup";
      checks.push_back(std::move(check));
    }
    result.data["checks"] = checks;
    for (const json::value& check : checks)
      if (const json::value* ok = check.as_object().if_contains("ok"); ok && ok->is_bool() && !ok->get_bool())
        result.exit = exit_findings;
    result.table = table_of(checks, {"name", "ok", "detail", "fix"});
    result.text = text(result.data, checks);
    return context.finish(std::move(result));
  }

 private:
  void set_clock(Context& context) const {
    Core core = context.open_to_write();
    json::object arguments{{"instant", set_clock_}, {"actor", context.actor()}};
    if (!context.tenant().empty()) arguments["tenant"] = context.tenant();
    const json::value answer = json::parse(core.run("clock.set", json::serialize(arguments)));
    const json::array& changed = answer.at("changed").as_array();
    for (const json::value& one : changed)
      context.say("the clock of tenant " + text_at(one.as_object(), "tenant") + " was set back from " +
                  text_at(one.as_object(), "from"));
    if (changed.empty()) context.say("no clock stands behind that instant: nothing was changed");
  }

  static std::string text(const json::object& data, const json::array& checks) {
    std::string out;
    for (const char* part : {"versions", "store", "bytes"})
      if (const json::value* facts = data.if_contains(part); facts && facts->is_object())
        out += std::string(part) + "\n" + facts_text(facts->get_object());
    if (!list_at(data, "tenants").empty()) out += "tenants\n  " + cell_line(list_at(data, "tenants")) + "\n";
    out += "checks\n";
    for (const json::value& item : checks) {
      const json::object& check = item.as_object();
      const json::value* ok = check.if_contains("ok");
      const bool fine = ok && ok->is_bool() && ok->get_bool();
      out += std::string(fine ? "  ok       " : "  FINDING  ") + line_at(check, "name");
      if (!text_at(check, "detail").empty()) out += ": " + line_at(check, "detail");
      out += "\n";
      if (!fine && !text_at(check, "fix").empty()) out += "           fix: " + line_at(check, "fix") + "\n";
    }
    return out;
  }

  bool integrity_ = false;
  std::string set_clock_;
};

}  // namespace

std::unique_ptr<Command> make_doctor() { return std::make_unique<DoctorCommand>(); }

}  // namespace kith::cli
