#include "base/problem/log.hpp"

#include <spdlog/formatter.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/rotating_file_sink.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "base/file/file.hpp"
#include "base/problem/error.hpp"
#include "base/text/visible.hpp"

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

constexpr std::size_t kLongestLine = 16 * 1024;

[[noreturn]] void unwritable(const std::string& file, const std::string& why) {
  Problem problem;
  problem.number = ProblemNumber::file_unreadable;
  problem.message = "the log file can't be written: " + why;
  problem.where.file = file;
  problem.fix = "make its folder and give this user the right to write there, or name another file";
  throw Error(std::move(problem));
}

// spdlog would make it with the umask's rights, and wait for ever for the reader of a pipe.
void make_file(const std::string& file, std::uint32_t mode) {
  const Opening opening = open_to_write(file, mode);
  if (!opening.file.open()) unwritable(file, opening.why);
}

// A logger of this core alone: spdlog's registry is global to the process and belongs to the host.
std::unique_ptr<spdlog::logger> open_file(const LogOptions& options) {
  constexpr std::size_t kBytesPerMb = std::size_t{1024} * 1024;
  make_file(options.file, options.mode);
  try {
    spdlog::file_event_handlers events;
    // Also for the file that follows a full one. What can't be made, spdlog finds out by itself.
    events.before_open = [mode = options.mode](const std::string& file) { open_to_write(file, mode); };
    auto sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(
        options.file, std::max<std::size_t>(options.max_mb, 1) * kBytesPerMb, options.keep, false, events);
    auto logger = std::make_unique<spdlog::logger>("kith", std::move(sink));
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%fZ %l %v", spdlog::pattern_time_type::utc);
    logger->set_level(spdlog_level(options.level));
    logger->flush_on(spdlog::level::warn);
    return logger;
  } catch (const std::exception& failure) {
    unwritable(options.file, failure.what());
  }
}

}  // namespace

std::vector<std::string> files_of(const LogOptions& options) {
  std::vector<std::string> out;
  if (options.file.empty()) return out;
  for (std::size_t i = 0; i <= options.keep; ++i)
    out.push_back(spdlog::sinks::rotating_file_sink_mt::calc_filename(options.file, i));
  return out;
}

std::string one_line(const Problem& problem) {
  std::string out = problem_id(problem.number) + "  " + problem.message;
  std::string more;
  const auto add = [&](std::string_view word, const std::string& text) {
    if (!text.empty()) more.append(more.empty() ? " (" : "; ").append(word).append(" ").append(text);
  };
  add("at", problem.where.text());
  add("expected", problem.expected);
  add("found", problem.found);
  add("fix:", problem.fix);
  return more.empty() ? out : out + more + ")";
}

std::string reason_of(const std::exception& failure) {
  const auto* const error = dynamic_cast<const Error*>(&failure);
  return error != nullptr ? one_line(error->first()) : failure.what();
}

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
  std::string line = visible(text.substr(0, kLongestLine));
  if (text.size() > kLongestLine) line += "... (" + std::to_string(text.size()) + " bytes)";
  if (sink_->file != nullptr) sink_->file->log(spdlog_level(level), spdlog::string_view_t(line.data(), line.size()));
  if (!sink_->callback) return;
  try {
    sink_->callback(level, line);
  } catch (...) {
    // Said where it can be heard; the callback itself is not asked again.
    if (sink_->file != nullptr) sink_->file->log(spdlog::level::warn, "the host's log callback threw an exception");
  }
}

}  // namespace kith::internal
