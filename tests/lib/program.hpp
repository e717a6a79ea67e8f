// Runs a program and catches what it writes. For tests of the command line.
#pragma once
#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace kith::test {

struct Outcome {
  int exit = -1;   ///< its exit code; -1 when a signal ended it
  int signal = 0;  ///< the signal that ended it
  std::string out, err;
};

struct ProgramOptions {
  std::string folder;                              ///< its working directory; "" = this process's
  std::map<std::string, std::string> environment;  ///< added to this process's
  std::chrono::milliseconds limit{120'000};        ///< then it is killed
  /// Called with everything on stderr so far, whenever more came and every few milliseconds; a signal to send, or 0.
  std::function<int(const std::string& err, std::chrono::microseconds passed)> meanwhile;
};

/// `words[0]` is the program, by path or found in PATH. Throws std::runtime_error when it can't be started.
Outcome run_program(const std::vector<std::string>& words, const ProgramOptions& options = {});
/// Whether a program of this name can be found in PATH.
bool has_program(const std::string& name);

}  // namespace kith::test
