// The lock that keeps a second writing process (or a second core of this one) from a database file.
#pragma once
#include <cstdint>
#include <string>

namespace kith::internal::store {

/// An open file description lock (fcntl F_OFD_SETLK, Linux 3.15 and POSIX.1-2024) on a byte of the database file
/// itself, far behind those that SQLite locks. It belongs to the file, so it holds under every name that the file has,
/// and the kernel lets it go with its holder, so a kill leaves nothing behind. Who holds it says a file beside the
/// database, which is a hint for people and means nothing.
class FileLock {
 public:
  FileLock() = default;
  /// Makes the file with `mode` when it is not there. Waits at most `wait_us`. Throws file_locked, naming the holder
  /// where it says who it is, or storage_failed.
  FileLock(const std::string& database_path, std::uint32_t mode, std::int64_t wait_us);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

  /// Keeps writers away and lets others read: for a reader that can't follow changes. Not held: there is a writer.
  static FileLock shared(const std::string& database_path);

  bool held() const noexcept { return descriptor_ >= 0; }
  /// Closes the descriptor without touching the hint: for a forked child, whose parent still holds the lock.
  void abandon() noexcept;

 private:
  void take(const std::string& database_path, std::int64_t wait_us) const;
  void let_go() noexcept;
  int descriptor_ = -1;
  std::string hint_;  ///< path of the file that says who holds it; "" = none
};

}  // namespace kith::internal::store
