// kith import FILE --map MAPPING: batch after batch; a batch whose "committed N" line was written is durable.
#include <boost/json.hpp>
#include <iostream>
#include <optional>

#include "cli/answers/problems.hpp"
#include "cli/answers/terms.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/interrupt.hpp"
#include "cli/work/import_report.hpp"

namespace json = boost::json;

namespace kith::cli {
namespace {

class ImportCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.word("FILE", names_.file, "the file: CSV or JSON Lines")
        .option("--map", names_.mapping, "MAPPING", "the mapping file: which column becomes what", true)
        .flag("--dry-run", dry_run_, "check every row, write nothing")
        .option("--resume", resume_, "ID|auto",
                "go on with a stopped import: its id, or auto for the last of this file")
        .number("--max-rejects", max_rejects_, "stop after so many rejected rows; else as the mapping says")
        .number("--batch", batch_, "rows for each transaction; else as the mapping says")
        .option("--reject-file", reject_file_, "FILE",
                "where rejected rows go, also those of a dry run; else as the mapping says");
  }

  int run(Context& context) override {
    json::object arguments{{"file", names_.file}, {"map", names_.mapping}, {"dry_run", dry_run_}};
    if (!resume_.empty()) arguments["resume"] = resume_;
    if (!reject_file_.empty()) arguments["reject_file"] = reject_file_;
    if (max_rejects_ >= 0) arguments["max_rejects"] = max_rejects_;
    if (batch_ > 0) arguments["batch"] = batch_;
    const Interrupt interrupt;
    Core core = context.open_to_write();
    OwnedSession session = context.session(core);
    json::object status = json::parse(session.run("import.begin", json::serialize(arguments))).as_object();
    const std::string run = text_at(status, "run");
    const ImportPace pace(status);
    if (const std::string notes = import_notes(status); !notes.empty()) context.say(notes);
    if (!resume_.empty() && integer_at(status, "read") > 0)
      context.say("import " + run + " goes on behind row " + grouped(integer_at(status, "read")));
    const std::string step = json::serialize(json::object{{"run", run}});
    for (std::int64_t before = -1; text_at(status, "state") == "running" && !interrupt.asked();) {
      status = json::parse(session.run("import.step", step)).as_object();
      if (integer_at(status, "read") != before)
        acknowledge(context, status, pace);  // the last step may find the end only
      before = integer_at(status, "read");
    }
    if (context.stderr_is_terminal() && !context.quiet()) std::cerr << '\n';
    if (text_at(status, "state") == "running") return stopped(context, status, run, pace);
    std::optional<Error> why_stopped;  // of a run that had too many rejects, its next step says so
    if (text_at(status, "state") == "failed") {
      try {
        session.run("import.step", step);
      } catch (const Error& error) {
        why_stopped = error;
      }
    }
    session.run("import.end", step);
    return finished(context, std::move(status), pace, why_stopped);
  }

 private:
  // The line is written when the step has returned, so what it says is on the disk.
  void acknowledge(const Context& context, const json::object& status, const ImportPace& pace) const {
    if (context.quiet()) return;
    const std::string line = (dry_run_ ? "checked " : "committed ") + std::to_string(integer_at(status, "read"));
    if (context.stderr_is_terminal())
      std::cerr << '\r' << line << "  " << pace.text(status) << "\x1b[K" << std::flush;
    else
      std::cerr << line << std::endl;
  }

  Result result_of(json::object status, const ImportPace& pace, int exit) const {
    Result result;
    result.exit = exit;
    result.problems = reject_problems(names_, status);
    result.text = import_summary(names_, status, pace.seconds());
    status["seconds"] = pace.seconds();
    result.table = table_of(json::array{status}, {"run", "state", "read", "created", "updated", "unchanged", "rejected",
                                                  "reject_file", "seconds"});
    result.data = std::move(status);
    return result;
  }

  int finished(const Context& context, json::object status, const ImportPace& pace,
               const std::optional<Error>& why_stopped) {
    with_config(context);
    const bool clean = integer_at(status, "rejected") == 0 && text_at(status, "state") == "done";
    const std::string rejects = reject_report(names_, status);
    Result result = result_of(std::move(status), pace, clean ? exit_ok : exit_findings);
    if (why_stopped) {
      const json::value told = json::parse(why_stopped->json());
      for (const json::value& problem : told.at("problems").as_array()) result.problems.push_back(problem);
    }
    const int exit = context.finish(std::move(result));
    if (!rejects.empty()) context.say(rejects);
    if (why_stopped) context.say(why_stopped->what());
    return exit;
  }

  int stopped(const Context& context, json::object status, const std::string& run, const ImportPace& pace) {
    with_config(context);
    Result result = result_of(std::move(status), pace, exit_interrupted);
    const std::string again = dry_run_ ? std::string("run it again") : resume_command(names_, run);
    result.problems.push_back(json::object{{"code", "KITH-3106"},
                                           {"severity", "error"},
                                           {"exit", exit_interrupted},
                                           {"message", "the import was interrupted"},
                                           {"fix", again}});
    result.text += "; stopped";
    const int exit = context.finish(std::move(result));
    std::cerr << "error KITH-3106  the import was interrupted; what was committed stays\n  fix    " << again
              << std::endl;
    return exit;
  }

  // A command that is printed for the reader must work as it is.
  void with_config(const Context& context) { names_.config = context.given_config(); }

  ImportNames names_;
  std::string resume_, reject_file_;
  bool dry_run_ = false;
  std::int64_t max_rejects_ = -1, batch_ = 0;
};

}  // namespace

std::unique_ptr<Command> make_import() { return std::make_unique<ImportCommand>(); }

}  // namespace kith::cli
