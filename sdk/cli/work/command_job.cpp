// kith job list, kith job run ID name=value...: the batch programs that plugins bring.
#include <algorithm>
#include <boost/json.hpp>

#include "cli/answers/problems.hpp"
#include "cli/answers/terms.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/interrupt.hpp"
#include "cli/words/assignments.hpp"
#include "cli/words/duration.hpp"

namespace json = boost::json;

namespace kith::cli {
namespace {

class JobCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.word("WHAT", what_, "list, or run")
        .optional_word("JOB", job_, "with run: its id, as insight.rfm")
        .words("name=value", words_, "with run: its arguments");
  }

  int run(Context& context) override {
    if (what_ == "list") {
      Core core = context.open_to_read();
      OwnedSession session = context.session(core);
      return list(context, session);
    }
    if (what_ != "run") {
      const std::string near = did_you_mean(what_, {"list", "run"});
      throw usage_failure("kith job does not know '" + what_ + "'",
                          near.empty() ? "kith job list, or kith job run ID" : near);
    }
    if (job_.empty()) throw usage_failure("kith job run needs the id of a job", "see: kith job list");
    return run_job(context);
  }

 private:
  static int list(Context& context, Session& session) {
    Result result;
    result.data = json::parse(session.run("job.list")).as_object();
    json::array shown;
    for (const json::value& item : list_at(result.data, "jobs")) {
      json::object line = item.as_object();
      std::string arguments, publishes;
      for (const json::value& argument : list_at(line, "args"))
        arguments += (arguments.empty() ? "" : " ") + text_at(argument.as_object(), "name") + "=" +
                     text_at(argument.as_object(), "type");
      line["args"] = arguments;
      line["publishes"] = cell_text(list_at(line, "publishes"));
      shown.push_back(std::move(line));
    }
    result.table = table_of(shown, {"name", "text", "args", "publishes", "last"});
    if (shown.empty()) result.text = "no plugin here brings a job";
    return context.finish(std::move(result));
  }

  // Words become numbers and truth values where the job says so.
  static json::object typed(Session& session, const std::string& job, const Assignments& assignments) {
    const json::value document = json::parse(session.run("job.list"));
    const json::array* declared = nullptr;
    for (const json::value& item : document.at("jobs").as_array())
      if (text_at(item.as_object(), "name") == job) declared = &list_at(item.as_object(), "args");
    json::object out;
    for (const auto& [name, text] : assignments) {
      std::string type;
      if (declared)
        for (const json::value& argument : *declared)
          if (text_at(argument.as_object(), "name") == name) type = text_at(argument.as_object(), "type");
      boost::system::error_code failed;
      const json::value parsed =
          type == "int" || type == "double" || type == "bool" ? json::parse(text, failed) : json::value(text);
      out[name] = failed ? json::value(text) : parsed;
    }
    return out;
  }

  int run_job(Context& context) const {
    const Assignments assignments = parse_assignments(words_);
    const Interrupt interrupt;
    Core core = context.open_to_write();
    OwnedSession session = context.session(core);
    const json::object arguments{{"job", job_}, {"args", typed(session, job_, assignments)}};
    const OnInterrupt cancel(interrupt, [&session] { session.cancel(); });
    Result result;
    result.data = json::parse(session.run("job.run", json::serialize(arguments))).as_object();
    result.text = job_ + ": done in " + duration_text(number_at(result.data, "seconds"));
    if (integer_at(result.data, "total") > 0)
      result.text +=
          ", " + grouped(integer_at(result.data, "done")) + " of " + grouped(integer_at(result.data, "total"));
    result.table.columns = {{"set"}, {"as_of"}, {"name"}, {"value"}};
    for (const json::value& item : list_at(result.data, "published")) {
      const json::object& set = item.as_object();
      result.text += "\npublished " + line_at(set, "set") + " as of " + line_at(set, "as_of");
      const json::value* values = set.if_contains("values");
      if (!values || !values->is_object()) continue;
      for (const auto& pair : values->get_object()) {
        result.text += "\n  " + std::string(pair.key()) + " = " + cell_line(pair.value());
        result.table.rows.push_back({json::value(text_at(set, "set")), json::value(text_at(set, "as_of")),
                                     json::value(pair.key()), pair.value()});
      }
    }
    return context.finish(std::move(result));
  }

  std::string what_, job_;
  std::vector<std::string> words_;
};

}  // namespace

std::unique_ptr<Command> make_job() { return std::make_unique<JobCommand>(); }

}  // namespace kith::cli
