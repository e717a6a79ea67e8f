#include "store/connection/file_lock.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>
#include <utility>

#include "base/problem/error.hpp"
#include "base/text/text.hpp"

namespace kith::internal::store {
namespace {

enum class Attempt { taken, held_by_another };

[[noreturn]] void fail(const std::string& what, const std::string& path, int error) {
  throw Error(ProblemNumber::storage_failed, what + " \"" + path + "\": " + std::system_category().message(error),
              "check that the folder of the database exists and may be written, or open the database read-only");
}

Attempt attempt(int descriptor, const std::string& path) {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  if (fcntl(descriptor, F_OFD_SETLK, &lock) == 0) return Attempt::taken;
  if (errno == EAGAIN || errno == EACCES) return Attempt::held_by_another;
  fail("can't lock", path, errno);
}

std::string this_holder() {
  return "pid " + std::to_string(getpid()) + ", program " + std::string(program_invocation_short_name) + "\n";
}

// The content is a hint for people; it may be gone or cut off at any time.
std::string read_holder(int descriptor) {
  std::array<char, 256> buffer{};
  const ssize_t length = pread(descriptor, buffer.data(), buffer.size(), 0);
  if (length <= 0) return {};
  const std::string_view said(buffer.data(), static_cast<std::size_t>(length));
  const std::string_view line = trim(said.substr(0, said.find('\n')));
  const bool plain = std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '~'; });
  return plain ? std::string(line) : std::string{};
}

void write_holder(int descriptor) {
  const std::string holder = this_holder();
  if (ftruncate(descriptor, 0) != 0) return;
  [[maybe_unused]] const ssize_t written = pwrite(descriptor, holder.data(), holder.size(), 0);
}

}  // namespace

FileLock::FileLock(const std::string& lock_path, const std::string& database_path, std::int64_t wait_us) {
  descriptor_ = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (descriptor_ < 0) fail("can't open the lock file", lock_path, errno);
  constexpr auto kPoll = std::chrono::milliseconds(20);
  const auto deadline =
      std::chrono::steady_clock::now() + std::chrono::microseconds(std::max<std::int64_t>(wait_us, 0));
  try {
    while (attempt(descriptor_, lock_path) != Attempt::taken) {
      if (std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(kPoll);
        continue;
      }
      const std::string holder = read_holder(descriptor_);
      Problem problem;
      problem.number = ProblemNumber::file_locked;
      problem.message = "another process has \"" + database_path + "\" open for writing";
      problem.expected = "one writing process at a time";
      problem.found = holder.empty() ? "a holder that does not say who it is" : holder;
      problem.fix = "end that process, allow a longer wait, or open the database read-only";
      throw Error(std::move(problem));
    }
  } catch (...) {
    abandon();
    throw;
  }
  write_holder(descriptor_);
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

void FileLock::abandon() noexcept {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

FileLock::~FileLock() {
  if (descriptor_ < 0) return;
  // Nobody is to be told of a holder that is gone.
  [[maybe_unused]] const int emptied = ftruncate(descriptor_, 0);
  abandon();
}

}  // namespace kith::internal::store
