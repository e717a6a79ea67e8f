// What every command has: the global flags, the core and a session, and the way out for its result.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>

#include <kith/kith.hpp>

#include "cli/answers/output.hpp"

namespace kith::cli {

struct Globals {
  std::string config, tenant, actor, columns, wait;
  std::string format = "table";
  bool no_header = false, quiet = false, no_color = false, read_only = false;
  std::int64_t verbose = 0;
};

class Context {
 public:
  explicit Context(const Globals& globals);

  /// kith.json: --config, else $KITH_CONFIG, else ./kith.json. Throws a Failure (exit 3) when there is none.
  std::string config_path() const;
  /// To read: beside a program that holds the file, when there is one, and where this user may not write.
  Core open_to_read() const;
  /// To write: busy (exit 6) when another program holds the file longer than --wait.
  Core open_to_write() const;
  /// The options of both, for calls that take them themselves.
  Options options() const;
  /// Of --tenant, or of the only tenant there is; usage Failure when there are several.
  OwnedSession session(Core& core) const;

  /// Writes the result in the asked form and returns its exit code.
  int finish(Result result) const;
  /// A stream of rows in the asked form: csv and jsonl are written as they come.
  RowStream rows(std::vector<Column> columns, std::ostream& out, Format format) const;
  Format format() const noexcept { return format_; }
  bool columns_named() const noexcept { return !globals_.columns.empty(); }

  /// A line for people on stderr; nothing with --quiet.
  void say(const std::string& line) const;
  bool quiet() const noexcept { return globals_.quiet; }
  bool stderr_is_terminal() const noexcept { return terminal_; }
  /// --config as it was given; "" = not given.
  const std::string& given_config() const noexcept { return globals_.config; }
  /// --as, or who runs the command.
  const std::string& actor() const noexcept { return globals_.actor; }
  /// --tenant as it was given; "" = not given.
  const std::string& tenant() const noexcept { return globals_.tenant; }
  const std::string& command() const noexcept { return command_; }
  void set_command(std::string name) { command_ = std::move(name); }
  /// An error's report on stderr, and as the envelope when the form is json; returns its exit code.
  int fail(const struct Report& report) const;

 private:
  Globals globals_;
  Format format_;
  bool terminal_;
  std::string command_;
};

}  // namespace kith::cli
