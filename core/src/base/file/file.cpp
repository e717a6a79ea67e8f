#include "base/file/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/problem/error.hpp"

namespace kith::internal {
namespace {

constexpr int kLongestChain = 40;  // of links, as the kernel's own limit

std::string system_text(int error) { return std::generic_category().message(error); }

// Empty for a regular file.
std::string other_kind(mode_t mode) {
  if (S_ISREG(mode)) return {};
  const char* const kind = S_ISDIR(mode)                    ? "a folder"
                           : S_ISFIFO(mode)                 ? "a pipe"
                           : S_ISSOCK(mode)                 ? "a socket"
                           : S_ISCHR(mode) || S_ISBLK(mode) ? "a device"
                                                            : "something else";
  return std::string("it is ") + kind + ", not a regular file";
}

Opening failed(int error) { return {Descriptor(), error, system_text(error)}; }

// Without O_NONBLOCK the opening itself would wait for whoever holds the other end of a pipe.
Opening checked(Descriptor file) {
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) return failed(errno);
  if (const std::string kind = other_kind(status.st_mode); !kind.empty()) return {Descriptor(), 0, kind};
  return {std::move(file), 0, {}};
}

// What is no regular file is told as such, also where it could not have been opened anyhow.
Opening opened(const std::string& path, int flags) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0)
    if (const std::string kind = other_kind(status.st_mode); !kind.empty()) return {Descriptor(), 0, kind};
  Descriptor file(::open(path.c_str(), flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  return file.open() ? checked(std::move(file)) : failed(errno);
}

std::optional<FileIdentity> identity_of_existing(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return FileIdentity{static_cast<std::uint64_t>(status.st_dev), static_cast<std::uint64_t>(status.st_ino), {}};
}

Error unreadable(const std::string& path, const std::string& why, const char* fix) {
  Problem problem;
  problem.number = ProblemNumber::file_unreadable;
  problem.message = "the file can't be read: " + why;
  problem.where.file = path;
  problem.fix = fix;
  return Error(std::move(problem));
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

Opening open_regular(const std::string& path) { return opened(path, O_RDONLY); }

Opening open_to_write(const std::string& path, std::uint32_t mode) {
  constexpr int kFlags = O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  Descriptor made(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | kFlags, static_cast<mode_t>(mode)));
  if (!made.open()) return errno == EEXIST ? opened(path, O_WRONLY) : failed(errno);
  // The umask may have taken away what the configuration gives.
  if (::fchmod(made.number(), static_cast<mode_t>(mode)) != 0) return failed(errno);
  return {std::move(made), 0, {}};
}

void throw_unreadable(const std::string& path, const Opening& failed) {
  const bool no_file = failed.error == 0;
  throw unreadable(path, failed.why,
                   no_file ? "give the path of a file; what comes out of a pipe is written to a file first"
                           : "check the path and the right to read it");
}

void throw_unreadable(const std::string& path, const std::string& why) {
  throw unreadable(path, why, "check the path and the right to read it");
}

std::string read_whole(const std::string& path, Limit most) {
  const Opening opening = open_regular(path);
  if (!opening.file.open()) throw_unreadable(path, opening);
  std::string text;
  std::array<char, 65'536> piece{};
  for (;;) {
    const ssize_t size = ::read(opening.file.number(), piece.data(), piece.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) throw_unreadable(path, "reading stopped in the middle: " + system_text(errno));
    if (size == 0) return text;
    text.append(piece.data(), static_cast<std::size_t>(size));
    if (text.size() > most_of(most)) {
      Problem problem = limit_problem(most, "more");
      problem.where.file = path;
      throw Error(std::move(problem));
    }
  }
}

std::optional<FileIdentity> identity_of(const std::string& path) {
  if (auto existing = identity_of_existing(path)) return existing;
  namespace fs = std::filesystem;
  std::error_code error;
  fs::path target(path);
  // What is written through a link that leads nowhere is made at its end.
  for (int links = 0; links < kLongestChain && fs::is_symlink(fs::symlink_status(target, error)); ++links) {
    const fs::path next = fs::read_symlink(target, error);
    if (error) return std::nullopt;
    target = next.is_absolute() ? next : target.parent_path() / next;
  }
  const fs::path folder = target.parent_path();
  auto identity = identity_of_existing(folder.empty() ? "." : folder.string());
  if (identity) identity->name = target.filename().string();
  return identity;
}

std::string OwnFiles::what_is(const std::string& path) const {
  const std::optional<FileIdentity> asked = identity_of(path);
  if (!asked) return {};
  for (const auto& [own, what] : files_)
    if (identity_of(own) == asked) return what;
  return {};
}

void OwnFiles::refuse(const std::string& path, std::string_view purpose) const {
  const std::string what = what_is(path);
  if (what.empty()) return;
  Problem problem;
  problem.number = ProblemNumber::usage;
  problem.message = std::string(purpose) + " can't be written to \"" + path + "\": that is " + what;
  problem.expected = "a file of its own";
  problem.found = what + ", by this or another name";
  problem.fix = "give another file; nothing was written";
  throw Error(std::move(problem));
}

}  // namespace kith::internal
