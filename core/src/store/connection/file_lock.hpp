// The lock that keeps a second writing process (or a second core of this one) from a database file.
#pragma once
#include <cstdint>
#include <string>

namespace kith::internal::store {

/// An open file description lock (fcntl F_OFD_SETLK, Linux 3.15 and POSIX.1-2024) on a file beside the database. The
/// kernel lets it go with its holder, so a kill leaves nothing behind; the file itself stays and means nothing.
class FileLock {
 public:
  FileLock() = default;
  /// Waits at most `wait_us`. Throws file_locked, naming the holder where the file says who it is, or storage_failed.
  FileLock(const std::string& lock_path, const std::string& database_path, std::int64_t wait_us);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();
  bool held() const noexcept { return descriptor_ >= 0; }
  /// Closes the descriptor without touching the lock's content: for a forked child, whose parent still holds it.
  void abandon() noexcept;

 private:
  int descriptor_ = -1;
};

}  // namespace kith::internal::store
