#include "cli/words/arguments.hpp"

#include <CLI/CLI.hpp>
#include <iostream>

#include "cli/answers/problems.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/words/usage.hpp"

namespace kith::cli {
namespace {

CLI::App& app_of(void* app) { return *static_cast<CLI::App*>(app); }

void declare_globals(CLI::App& app, Globals& globals) {
  Arguments arguments(&app);
  arguments.option("-c,--config", globals.config, "FILE", "the configuration; else $KITH_CONFIG, else ./kith.json")
      .option("-t,--tenant", globals.tenant, "ID", "whose data; needed when there are several tenants")
      .option("--as", globals.actor, "ACTOR", "who asks, as written to every change; else cli:<your user name>")
      .choice("-f,--format", globals.format, {"table", "json", "jsonl", "csv"}, "how the result is written")
      .option("--columns", globals.columns, "A,B", "only these columns, in this order; for table and csv")
      .flag("--no-header", globals.no_header, "without the line of column names; for table and csv")
      .option("--wait", globals.wait, "DURATION",
              "how long to wait for another program to let go of the file, as 20s or 10m")
      .flag("--read-only", globals.read_only, "change nothing: commands that write are refused, no file is made")
      .flag("-q,--quiet", globals.quiet, "say nothing but errors on stderr")
      .counted("-v,--verbose", globals.verbose, "say more on stderr; twice: everything")
      .flag("--no-color", globals.no_color, "no colours, also on a terminal");
  app.set_version_flag("--version", "kith " + std::string(kith::view(kith_version())), "print the version");
}

// Every help ends with two examples.
std::string footer(const CommandEntry& entry) {
  return std::string("Examples:\n  ") + entry.examples[0] + "\n  " + entry.examples[1];
}

Asked asked(const CLI::App& app) {
  Asked out;
  for (const CLI::App* command : app.get_subcommands({})) out.commands.push_back(command->get_name());
  const CLI::App* chosen = app.get_subcommands().empty() ? nullptr : app.get_subcommands().front();
  if (chosen) out.command = chosen->get_name();
  for (const CLI::App* place : {chosen, &app}) {
    if (!place) continue;
    for (const CLI::Option* option : place->get_options()) {
      for (const std::string& name : option->get_lnames()) out.flags.push_back("--" + name);
      for (const std::string& name : option->get_snames()) out.flags.push_back("-" + name);
    }
  }
  out.left_over = app.remaining(true);
  return out;
}

}  // namespace

Arguments& Arguments::word(const std::string& name, std::string& into, const std::string& text) {
  app_of(app_).add_option(name, into, text)->required()->type_name("");
  return *this;
}
Arguments& Arguments::optional_word(const std::string& name, std::string& into, const std::string& text) {
  app_of(app_).add_option(name, into, text)->type_name("");
  return *this;
}
Arguments& Arguments::words(const std::string& name, std::vector<std::string>& into, const std::string& text,
                            bool required) {
  app_of(app_).add_option(name, into, text)->type_name("")->required(required);
  return *this;
}
Arguments& Arguments::option(const std::string& flags, std::string& into, const std::string& kind,
                             const std::string& text, bool required) {
  app_of(app_).add_option(flags, into, text)->type_name(kind)->required(required);
  return *this;
}
Arguments& Arguments::options(const std::string& flags, std::vector<std::string>& into, const std::string& kind,
                              const std::string& text) {
  app_of(app_)
      .add_option(flags, into, text)
      ->type_name(kind)
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  return *this;
}
Arguments& Arguments::number(const std::string& flags, std::int64_t& into, const std::string& text) {
  app_of(app_).add_option(flags, into, text)->type_name("N")->check(CLI::NonNegativeNumber);
  return *this;
}
Arguments& Arguments::flag(const std::string& flags, bool& into, const std::string& text) {
  app_of(app_).add_flag(flags, into, text);
  return *this;
}
Arguments& Arguments::counted(const std::string& flags, std::int64_t& into, const std::string& text) {
  app_of(app_).add_flag(flags, into, text);
  return *this;
}
Arguments& Arguments::choice(const std::string& flags, std::string& into, const std::vector<std::string>& values,
                             const std::string& text) {
  std::string shown;
  for (const std::string& value : values) shown += (shown.empty() ? "" : "|") + value;
  app_of(app_)
      .add_option(flags, into, text)
      ->type_name(shown)
      ->check(CLI::Validator(CLI::IsMember(values)).description(""))
      ->capture_default_str();
  return *this;
}

Parsed parse_arguments(int argc, char** argv, Globals& globals, const std::vector<Offered>& commands) {
  CLI::App app("kith: customer data in one file. Data goes to stdout, everything else to stderr.", "kith");
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  app.footer("Help of one command, with examples: kith COMMAND --help");
  declare_globals(app, globals);
  std::vector<CLI::App*> subcommands;
  for (const Offered& offered : commands) {
    CLI::App* sub = app.add_subcommand(offered.entry->name, offered.entry->text);
    sub->fallthrough()->footer(footer(*offered.entry));
    Arguments arguments(sub);
    offered.command->declare(arguments);
    subcommands.push_back(sub);
  }
  Parsed parsed;
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& wanted) {  // --help, --version
    parsed.exit = app.exit(wanted, std::cout, std::cerr);
    return parsed;
  } catch (const CLI::ParseError& wrong) {
    throw explain_usage(asked(app), wrong.what());
  }
  for (std::size_t i = 0; i < commands.size(); ++i)
    if (subcommands[i]->parsed()) parsed.chosen = commands[i];
  return parsed;
}

}  // namespace kith::cli
