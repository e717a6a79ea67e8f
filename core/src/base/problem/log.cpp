#include "base/problem/log.hpp"

#include <spdlog/formatter.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/rotating_file_sink.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "base/problem/error.hpp"

namespace kith::internal {
namespace {

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return spdlog::level::debug;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::warning: return spdlog::level::warn;
    case LogLevel::error: return spdlog::level::err;
  }
  return spdlog::level::err;
}

// A logger of this core alone: spdlog's registry is global to the process and belongs to the host.
std::unique_ptr<spdlog::logger> open_file(const LogOptions& options) {
  constexpr std::size_t kBytesPerMb = std::size_t{1024} * 1024;
  try {
    auto sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(
        options.file, std::max<std::size_t>(options.max_mb, 1) * kBytesPerMb, options.keep);
    auto logger = std::make_unique<spdlog::logger>("kith", std::move(sink));
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%fZ %l %v", spdlog::pattern_time_type::utc);
    logger->set_level(spdlog_level(options.level));
    logger->flush_on(spdlog::level::warn);
    return logger;
  } catch (const std::exception& failure) {
    Problem problem;
    problem.number = ProblemNumber::file_unreadable;
    problem.message = "the log file can't be written: " + std::string{failure.what()};
    problem.where.file = options.file;
    problem.fix = "make its folder and give this user the right to write there, or name another file";
    throw Error(std::move(problem));
  }
}

}  // namespace

struct Log::Sink {
  LogCallback callback;
  LogLevel level = LogLevel::info;
  std::unique_ptr<spdlog::logger> file;
};

Log::Log() = default;

Log::Log(LogCallback callback, const LogOptions& options) : sink_(std::make_unique<Sink>()) {
  sink_->callback = std::move(callback);
  sink_->level = options.level;
  if (!options.file.empty()) sink_->file = open_file(options);
}

Log::~Log() = default;

// A log must never be why work fails: what the callback throws ends here, and spdlog reports its own failures.
void Log::write(LogLevel level, std::string_view text) const {
  if (sink_ == nullptr || level < sink_->level) return;
  if (sink_->file != nullptr) {
    sink_->file->log(spdlog_level(level), spdlog::string_view_t(text.data(), text.size()));
  }
  if (!sink_->callback) return;
  try {
    sink_->callback(level, text);
  } catch (...) {
    return;
  }
}

}  // namespace kith::internal
