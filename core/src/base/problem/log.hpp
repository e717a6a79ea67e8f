// A core's own log: lines go to the host's callback and, where configured, to a rotating file (spdlog, in log.cpp
// only).
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace kith::internal {

enum class LogLevel : std::int32_t { debug = 1, info = 2, warning = 3, error = 4 };
using LogCallback = std::function<void(LogLevel, std::string_view)>;

struct LogOptions {
  LogLevel level = LogLevel::info;
  std::string file;  ///< "" = none
  std::size_t max_mb = 50;
  std::size_t keep = 5;
};

/// [any]. Texts carry no personal data: callers mask.
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
