// A core's own log: lines go to the host's callback and, where configured, to a rotating file (spdlog, in log.cpp
// only).
#pragma once
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kith::internal {

struct Problem;

enum class LogLevel : std::int32_t { debug = 1, info = 2, warning = 3, error = 4 };
using LogCallback = std::function<void(LogLevel, std::string_view)>;

struct LogOptions {
  LogLevel level = LogLevel::info;
  std::string file;  ///< "" = none
  std::size_t max_mb = 50;
  std::size_t keep = 5;
  std::uint32_t mode = 0600;  ///< of files that are made
};
/// The files that a log may write: the present one and those that it was rotated to.
std::vector<std::string> files_of(const LogOptions& options);
/// A problem in one line: what, where, what to do.
std::string one_line(const Problem& problem);
/// Why something failed, in one line.
std::string reason_of(const std::exception& failure);

/// [any]. One call is one line: control characters, those of plugins' texts too, are written as escapes, and what is
/// longer than 16 KiB is cut. Texts carry no personal data: callers mask.
class Log {
 public:
  Log();  ///< says nothing
  Log(LogCallback callback, const LogOptions& options);
  ~Log();
  void write(LogLevel level, std::string_view text) const;
  void debug(std::string_view text) const { write(LogLevel::debug, text); }
  void info(std::string_view text) const { write(LogLevel::info, text); }
  void warning(std::string_view text) const { write(LogLevel::warning, text); }

 private:
  struct Sink;
  std::unique_ptr<Sink> sink_;
};

}  // namespace kith::internal
