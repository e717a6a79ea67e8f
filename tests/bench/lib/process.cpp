#include "process.hpp"

#include <stdlib.h>
#include <sys/resource.h>

#include <fstream>
#include <stdexcept>
#include <string>

namespace kith::bench {

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::int64_t peak_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stoll(line.substr(6));
  return 0;
}

std::int64_t database_bytes(const std::filesystem::path& file) {
  std::int64_t out = 0;
  for (const char* beside : {"", "-wal"}) {
    std::error_code missing;
    const auto size = std::filesystem::file_size(file.string() + beside, missing);
    if (!missing) out += static_cast<std::int64_t>(size);
  }
  return out;
}

TemporaryFolder::TemporaryFolder(const std::filesystem::path& where) {
  const std::filesystem::path parent = where.empty() ? std::filesystem::temp_directory_path() : where;
  std::string pattern = (parent / "kith-bench-XXXXXX").string();
  if (!::mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder " + pattern);
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace kith::bench
