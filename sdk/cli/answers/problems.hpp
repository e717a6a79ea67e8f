// From an error to what is printed and to the exit code.
#pragma once
#include <boost/json/fwd.hpp>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

#include <kith/session.hpp>

namespace kith::cli {

/// Exit codes; stable.
enum Exit : int {
  exit_ok = 0,
  exit_findings = 1,
  exit_usage = 2,
  exit_config = 3,
  exit_plugin = 4,
  exit_data = 5,
  exit_busy = 6,
  exit_denied = 7,
  exit_not_found = 8,
  exit_interrupted = 9,
  exit_storage = 10,
  exit_internal = 70
};

/// Something that the command line itself finds wrong: how it was called, or a file of its own that it can't write.
struct Failure : std::runtime_error {
  Failure(int exit_code, std::string number, const std::string& message, std::string what_to_do)
      : std::runtime_error(message), exit(exit_code), code(std::move(number)), fix(std::move(what_to_do)) {}
  int exit;
  std::string code, fix;
};
/// Wrong words: KITH-7004, exit 2.
Failure usage_failure(std::string message, std::string fix);
/// A file that can't be written: KITH-5001, exit 10.
Failure file_failure(std::string message, std::string fix);

/// What any exception comes to: text for stderr, the problems as data, the exit code.
struct Report {
  std::string text;
  std::string problems_json;  ///< an array
  int exit = exit_internal;
};
Report report_of(const kith::Error& error);
Report report_of(const Failure& failure);
Report report_of_unknown(const std::string& what);

/// "did you mean "x"?" of the name nearest to `wanted`, or "".
std::string did_you_mean(const std::string& wanted, const std::vector<std::string>& names);

}  // namespace kith::cli
