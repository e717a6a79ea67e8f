#include "cli/context.hpp"

#include <pwd.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "cli/answers/problems.hpp"
#include "cli/answers/width.hpp"
#include "cli/words/duration.hpp"

namespace json = boost::json;

namespace kith::cli {
namespace {

Format format_named(const std::string& name) {
  if (name == "json") return Format::json;
  if (name == "jsonl") return Format::jsonl;
  if (name == "csv") return Format::csv;
  return Format::table;
}

std::string default_actor() {
  const struct passwd* user = ::getpwuid(::geteuid());
  return "cli:" + (user && user->pw_name && *user->pw_name ? std::string(user->pw_name) : std::to_string(::geteuid()));
}

}  // namespace

Context::Context(const Globals& globals)
    : globals_(globals), format_(format_named(globals.format)), terminal_(::isatty(STDERR_FILENO) == 1) {
  if (globals_.actor.empty()) globals_.actor = default_actor();
}

std::string Context::config_path() const {
  std::string path = globals_.config;
  if (path.empty())
    if (const char* named = std::getenv("KITH_CONFIG"); named && *named) path = named;
  if (path.empty()) path = "kith.json";
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored))
    throw Failure(exit_config, "KITH-1006", "there is no configuration '" + path + "'",
                  "name one with -c FILE or $KITH_CONFIG, or write a first one: kith init");
  return path;
}

Options Context::options() const {
  Options options;
  options.config_path = config_path();
  if (!globals_.wait.empty()) options.lock_wait = parse_duration("--wait", globals_.wait);
  const std::int32_t least = globals_.quiet          ? KITH_LOG_ERROR
                             : globals_.verbose > 1  ? KITH_LOG_DEBUG
                             : globals_.verbose == 1 ? KITH_LOG_INFO
                                                     : KITH_LOG_WARNING;
  options.log = [least](std::int32_t level, std::string_view text) {
    if (level >= least) std::cerr << visible_lines(text) << '\n';
  };
  return options;
}

Core Context::open_to_read() const {
  Options wanted = options();
  Options beside = wanted;
  beside.read_only = true;
  if (globals_.read_only) return Core::open(std::move(beside));
  wanted.lock_wait = std::chrono::milliseconds(0);
  try {
    return Core::open(std::move(wanted));
  } catch (const Error& error) {
    // Held by another, or not this user's to write: what is there can be read all the same.
    if (error.code() != KITH_BUSY && error.code() != KITH_IO) throw;
    try {
      return Core::open(std::move(beside));
    } catch (const Error&) {
      throw error;  // what kept it from being opened as usual says more
    }
  }
}

Core Context::open_to_write() const {
  Options wanted = options();
  wanted.read_only = globals_.read_only;
  return Core::open(std::move(wanted));
}

OwnedSession Context::session(Core& core) const {
  std::string tenant = globals_.tenant;
  if (tenant.empty()) {
    const json::value answer = json::parse(core.run("tenants"));
    const json::array& tenants = answer.at("tenants").as_array();
    if (tenants.size() > 1) {
      std::string all;
      for (const json::value& id : tenants) all += (all.empty() ? "" : ", ") + std::string(id.as_string());
      throw usage_failure("there are several tenants: " + all,
                          "say whose data is meant: --tenant " + std::string(tenants.front().as_string()));
    }
    tenant = tenants.empty() ? "default" : std::string(tenants.front().as_string());
  }
  SessionOptions who;
  who.tenant = tenant;
  who.actor = globals_.actor;
  return core.session(who);
}

int Context::finish(Result result) const {
  if (!globals_.columns.empty()) result.table = chosen_columns(result.table, globals_.columns);
  write_result(std::cout, command_, result, format_, !globals_.no_header, !globals_.columns.empty());
  std::cout.flush();
  if (!std::cout)
    throw file_failure("the result could not be written to stdout", "is the disk full, or was the reader closed?");
  return result.exit;
}

RowStream Context::rows(std::vector<Column> columns, std::ostream& out, Format format) const {
  return RowStream(std::move(columns), out, format, !globals_.no_header);
}

void Context::say(const std::string& line) const {
  if (!globals_.quiet) std::cerr << visible_lines(line) << std::endl;
}

int Context::fail(const Report& report) const {
  std::cout.flush();
  std::string text = visible_lines(report.text);
  const bool coloured = terminal_ && !globals_.no_color && std::getenv("NO_COLOR") == nullptr;
  if (coloured && text.rfind("error ", 0) == 0) text = "\x1b[31merror\x1b[0m" + text.substr(5);
  std::cerr << text << std::endl;
  if (format_ == Format::json) {
    Result result;
    result.exit = report.exit;
    result.problems = json::parse(report.problems_json).as_array();
    write_result(std::cout, command_, result, Format::json, true, false);
  }
  return report.exit;
}

}  // namespace kith::cli
