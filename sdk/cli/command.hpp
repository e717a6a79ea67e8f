// One command: what it takes, and what it does with it.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "cli/words/arguments.hpp"

namespace kith::cli {

class Context;

class Command {
 public:
  Command() = default;
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;
  virtual ~Command() = default;
  virtual void declare(Arguments& arguments) = 0;
  /// The exit code. Errors are thrown: kith::Error from the library, Failure (problems.hpp) from here.
  virtual int run(Context& context) = 0;
};

struct CommandEntry {
  const char* name;
  const char* text;
  std::unique_ptr<Command> (*make)();
  const char* examples[2];
};

/// In the order of the help.
const std::vector<CommandEntry>& command_entries();

std::unique_ptr<Command> make_catalog();
std::unique_ptr<Command> make_check();
std::unique_ptr<Command> make_count();
std::unique_ptr<Command> make_create();
std::unique_ptr<Command> make_doctor();
std::unique_ptr<Command> make_eval();
std::unique_ptr<Command> make_events();
std::unique_ptr<Command> make_explain();
std::unique_ptr<Command> make_export();
std::unique_ptr<Command> make_get();
std::unique_ptr<Command> make_import();
std::unique_ptr<Command> make_init();
std::unique_ptr<Command> make_job();
std::unique_ptr<Command> make_list();
std::unique_ptr<Command> make_plugin();
std::unique_ptr<Command> make_plugins();
std::unique_ptr<Command> make_queue();
std::unique_ptr<Command> make_relate();
std::unique_ptr<Command> make_run_due();
std::unique_ptr<Command> make_score();
std::unique_ptr<Command> make_set();
std::unique_ptr<Command> make_timeline();
std::unique_ptr<Command> make_transition();

}  // namespace kith::cli
