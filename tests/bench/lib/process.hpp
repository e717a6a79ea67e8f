// What this process took so far, and folders that go away.
#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>

namespace kith::bench {

/// Seconds since it was made.
class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count(); }
  /// Seconds up to now; begins anew.
  double lap() {
    const double out = seconds();
    began_ = std::chrono::steady_clock::now();
    return out;
  }

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

/// Seconds of processors, user and system.
double cpu_seconds();
/// VmHWM: the most memory that was ever resident.
std::int64_t peak_kib();
/// Of a database with what lies beside it.
std::int64_t database_bytes(const std::filesystem::path& file);

class TemporaryFolder {
 public:
  /// Under `where`; empty: where the system keeps what is temporary.
  explicit TemporaryFolder(const std::filesystem::path& where = {});
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace kith::bench
