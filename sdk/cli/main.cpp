// kith: words to a command, its errors to text and exit code. Never a stack trace.
#include <iostream>
#include <memory>

#include "cli/answers/problems.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"

namespace {

using namespace kith::cli;

int run(int argc, char** argv) {
  Globals globals;
  std::vector<std::unique_ptr<Command>> owned;
  std::vector<Offered> offered;
  for (const CommandEntry& entry : command_entries()) {
    owned.push_back(entry.make());
    offered.push_back({&entry, owned.back().get()});
  }
  Parsed parsed;
  try {
    parsed = parse_arguments(argc, argv, globals, offered);
  } catch (const Failure& failure) {
    return Context(globals).fail(report_of(failure));
  }
  if (parsed.exit >= 0) return parsed.exit;
  Context context(globals);
  context.set_command(parsed.chosen.entry->name);
  try {
    return parsed.chosen.command->run(context);
  } catch (const kith::Error& error) {
    return context.fail(report_of(error));
  } catch (const Failure& failure) {
    return context.fail(report_of(failure));
  } catch (const std::exception& error) {
    return context.fail(report_of_unknown(error.what()));
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << report_of_unknown(error.what()).text << std::endl;
    return exit_internal;
  }
}
