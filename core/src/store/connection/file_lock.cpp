#include "store/connection/file_lock.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "base/file/file.hpp"
#include "base/problem/error.hpp"
#include "base/text/text.hpp"

namespace kith::internal::store {
namespace {

namespace fs = std::filesystem;

/// SQLite's own locks lie between 1 GiB and 1 GiB + 511; no file grows to where this one lies.
constexpr off_t kLockByte = off_t{1} << 62;
constexpr int kMostDescriptors = 4'096;  // that are looked at one by one where there is no /proc

struct flock byte_lock(short type) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = kLockByte;
  lock.l_len = 1;
  return lock;
}

[[noreturn]] void fail(const std::string& what, const std::string& path, const std::string& why) {
  throw Error(ProblemNumber::storage_failed, what + " \"" + path + "\": " + why,
              "check that the folder of the database exists and may be written, or open the database read-only (kith "
              "--read-only, read_only of the options)");
}

/// False: another descriptor holds a lock that is in the way.
bool try_lock(int descriptor, short type, const std::string& path) {
  struct flock lock = byte_lock(type);
  if (fcntl(descriptor, F_OFD_SETLK, &lock) == 0) return true;
  if (errno == EAGAIN || errno == EACCES) return false;
  fail("can't lock", path, std::generic_category().message(errno));
}

/// The lock that is in the way of `type`; F_UNLCK: none.
short lock_in_the_way(int descriptor, short type) {
  struct flock lock = byte_lock(type);
  return fcntl(descriptor, F_OFD_GETLK, &lock) == 0 ? lock.l_type : static_cast<short>(F_UNLCK);
}

bool leads_to(int descriptor, const struct stat& file) {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 && status.st_dev == file.st_dev && status.st_ino == file.st_ino;
}

/// The descriptors of this process, without `except`, that lead to the same file. Closing any descriptor of a file
/// takes away the locks that this process holds on it by fcntl(F_SETLK), and SQLite's are such locks (its manual, "How
/// to corrupt", 2.2): so nothing is opened only to be closed again while another core has the file open.
std::vector<int> other_descriptors(const struct stat& file, int except) {
  std::vector<int> out;
  std::error_code error;
  fs::directory_iterator list("/proc/self/fd", error);
  if (error) {
    for (int number = 0; number < kMostDescriptors; ++number)
      if (number != except && leads_to(number, file)) out.push_back(number);
    return out;
  }
  for (; !error && list != fs::directory_iterator(); list.increment(error)) {
    const std::string name = list->path().filename().string();
    int number = -1;
    if (std::from_chars(name.data(), name.data() + name.size(), number).ec != std::errc{}) continue;
    if (number != except && leads_to(number, file)) out.push_back(number);
  }
  return out;
}

/// While another core of this process has the file open, the descriptor stays until the process ends: see above.
void close_softly(int descriptor) noexcept {
  struct stat file {};
  try {
    if (::fstat(descriptor, &file) == 0 && !other_descriptors(file, descriptor).empty()) return;
  } catch (const std::exception&) {
    return;  // no memory to look: an open descriptor does less harm than a lost lock
  }
  ::close(descriptor);
}

std::string this_holder() {
  return "pid " + std::to_string(getpid()) + ", program " + std::string(program_invocation_short_name) + "\n";
}

// The content is a hint for people; it may be gone or cut off at any time.
std::string read_holder(const std::string& hint) {
  const Opening opening = open_regular(hint);
  std::array<char, 256> buffer{};
  const ssize_t length =
      opening.file.open() ? pread(opening.file.number(), buffer.data(), buffer.size(), 0) : ssize_t{0};
  if (length <= 0) return {};
  const std::string_view said(buffer.data(), static_cast<std::size_t>(length));
  const std::string_view line = trim(said.substr(0, said.find('\n')));
  const bool plain = std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '~'; });
  return plain ? std::string(line) : std::string{};
}

void write_holder(const std::string& hint, std::uint32_t mode) {
  std::error_code error;
  if (fs::is_symlink(fs::symlink_status(hint, error))) return;
  const Opening opening = open_to_write(hint, mode);
  if (!opening.file.open() || ftruncate(opening.file.number(), 0) != 0) return;
  const std::string holder = this_holder();
  [[maybe_unused]] const ssize_t written = pwrite(opening.file.number(), holder.data(), holder.size(), 0);
}

[[noreturn]] void locked(const std::string& path, short by) {
  Problem problem;
  problem.number = ProblemNumber::file_locked;
  if (by == F_RDLCK) {
    problem.message = "another process reads \"" + path + "\" and can't follow changes: it may not write in its folder";
    problem.expected = "no such reader while a process opens the file for writing";
    problem.fix = "end that process, allow a longer wait, or open the database read-only";
    throw Error(std::move(problem));
  }
  const std::string holder = read_holder(path + "-lock");
  problem.message = "another process has \"" + path + "\" open for writing, by this or another name of the file";
  problem.expected = "one writing process at a time";
  problem.found = holder.empty() ? "a holder that does not say who it is" : holder;
  problem.fix = "end that process, allow a longer wait, or open the database read-only";
  throw Error(std::move(problem));
}

/// Waits until `free` says so; what it returns then.
template <class Free>
bool wait_until(std::int64_t wait_us, const Free& free) {
  constexpr auto kPoll = std::chrono::milliseconds(20);
  const auto deadline =
      std::chrono::steady_clock::now() + std::chrono::microseconds(std::max<std::int64_t>(wait_us, 0));
  for (;;) {
    if (free()) return true;
    if (std::chrono::steady_clock::now() >= deadline) return false;
    std::this_thread::sleep_for(kPoll);
  }
}

}  // namespace

FileLock::FileLock(const std::string& database_path, std::uint32_t mode, std::int64_t wait_us) {
  // A core of this process may hold it: its own descriptors can be asked, and nothing need be opened.
  struct stat file {};
  if (::stat(database_path.c_str(), &file) == 0) {
    short by = F_UNLCK;
    // A lock is not in the way of the descriptor that holds it, so all of them are asked.
    const auto free = [&] {
      by = F_UNLCK;
      for (const int known : other_descriptors(file, -1))
        if (by == F_UNLCK) by = lock_in_the_way(known, F_WRLCK);
      return by == F_UNLCK;
    };
    if (!wait_until(wait_us, free)) locked(database_path, by);
  }
  Opening opening = open_to_write(database_path, mode);
  if (!opening.file.open()) fail("can't open the database", database_path, opening.why);
  descriptor_ = opening.file.release();
  try {
    take(database_path, wait_us);
    hint_ = database_path + "-lock";
    write_holder(hint_, mode);
  } catch (...) {
    let_go();
    throw;
  }
}

void FileLock::take(const std::string& database_path, std::int64_t wait_us) const {
  if (wait_until(wait_us, [&] { return try_lock(descriptor_, F_WRLCK, database_path); })) return;
  locked(database_path, lock_in_the_way(descriptor_, F_WRLCK));
}

FileLock FileLock::shared(const std::string& database_path) {
  FileLock lock;
  Opening opening = open_regular(database_path);
  if (!opening.file.open()) fail("can't read the database", database_path, opening.why);
  lock.descriptor_ = opening.file.release();
  if (!try_lock(lock.descriptor_, F_RDLCK, database_path)) lock.let_go();
  return lock;
}

FileLock::FileLock(FileLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), hint_(std::exchange(other.hint_, {})) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(hint_, other.hint_);
  return *this;
}

void FileLock::abandon() noexcept {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

void FileLock::let_go() noexcept {
  if (descriptor_ < 0) return;
  struct flock lock = byte_lock(F_UNLCK);
  fcntl(descriptor_, F_OFD_SETLK, &lock);
  close_softly(std::exchange(descriptor_, -1));
}

FileLock::~FileLock() {
  if (descriptor_ < 0) return;
  // Nobody is to be told of a holder that is gone; while the lock is held, nobody else writes the hint.
  if (!hint_.empty()) ::unlink(hint_.c_str());
  let_go();
}

}  // namespace kith::internal::store
