#include "bundles/trust.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/text/text.hpp"

namespace kith::internal::bundles {
namespace {

Problem unsafe(const std::string& plugin, std::string message, const std::string& path, std::string expected,
               std::string found, std::string fix) {
  Problem problem;
  problem.number = ProblemNumber::plugin_folder_unsafe;
  problem.message = "plugin '" + plugin + "' is not loaded: " + std::move(message);
  problem.where.file = path;
  problem.expected = std::move(expected);
  problem.found = std::move(found);
  problem.fix = std::move(fix);
  return problem;
}

std::string mode_text(mode_t mode) {
  constexpr std::string_view letters = "rwxrwxrwx";
  std::string text;
  for (std::size_t i = 0; i < letters.size(); ++i) text += (mode & (0400U >> i)) != 0 ? letters[i] : '-';
  return text;
}

std::optional<Problem> unsafe_mode(const struct stat& status, const std::string& path, const std::string& plugin) {
  const bool by_all = (status.st_mode & S_IWOTH) != 0;
  const bool by_group = (status.st_mode & S_IWGRP) != 0 && status.st_gid != 0 && status.st_gid != ::getegid();
  if (!by_all && !by_group) return std::nullopt;
  return unsafe(plugin,
                std::string(S_ISDIR(status.st_mode) ? "a folder" : "a file") + " of it can be written by others", path,
                "writable by its owner only", "mode " + mode_text(status.st_mode), "chmod go-w " + path);
}

std::string read_all(int descriptor, const std::string& path) {
  std::string bytes;
  std::array<char, 65'536> chunk{};
  for (;;) {
    const ssize_t size = ::read(descriptor, chunk.data(), chunk.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0)
      throw Error(ProblemNumber::file_unreadable, path + " can't be read: " + std::generic_category().message(errno));
    if (size == 0) return bytes;
    bytes.append(chunk.data(), static_cast<std::size_t>(size));
  }
}

}  // namespace

std::optional<Problem> unsafe_path(const std::string& path, const std::string& plugin) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0)
    return unsafe(plugin, "its file can't be looked at", path, "a file or folder that this process may read",
                  std::generic_category().message(errno), "correct its permissions");
  return unsafe_mode(status, path, plugin);
}

std::optional<Problem> outside_folder(const std::string& path, const std::string& folder, const std::string& plugin) {
  std::error_code failed;
  const std::string real_folder = std::filesystem::canonical(folder, failed).string();
  const std::string real_path = failed ? std::string() : std::filesystem::canonical(path, failed).string();
  if (failed)
    return unsafe(plugin, "its path can't be followed", path, "a folder with a manifest", failed.message(),
                  "correct or remove the symbolic link");
  if (real_path.starts_with(real_folder == "/" ? real_folder : real_folder + "/")) return std::nullopt;
  return unsafe(plugin, "a symbolic link leads out of the plugin folder", path, "a path inside " + real_folder,
                real_path, "copy the bundle into the folder, or add its real folder to \"plugin_folders\"");
}

HashedFile HashedFile::open(const std::string& path, const std::string& plugin) {
  HashedFile file;
  file.path_ = path;
  file.descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);  // a pipe would wait
  if (file.descriptor_ < 0) {
    Problem problem;
    const bool missing = errno == ENOENT || errno == ENOTDIR;
    problem.number = missing ? ProblemNumber::plugin_library_missing : ProblemNumber::file_unreadable;
    problem.message = "plugin '" + plugin + "': its library " + (missing ? "is missing" : "can't be opened");
    problem.where.file = path;
    problem.expected = "the library that its manifest names";
    problem.found = missing ? "no such file" : std::generic_category().message(errno);
    problem.fix =
        missing ? "install the whole bundle again, or build the plugin; a bundle without native code has no \"library\""
                : "give this process the right to read it";
    throw Error(std::move(problem));
  }
  struct stat status {};
  if (::fstat(file.descriptor_, &status) != 0 || !S_ISREG(status.st_mode))
    throw Error(unsafe(plugin, "its library is not a regular file", path, "a regular file", "something else",
                       "install the bundle again"));
  if (auto problem = unsafe_mode(status, path, plugin)) throw Error(std::move(*problem));
  file.device_ = static_cast<std::uint64_t>(status.st_dev);
  file.inode_ = static_cast<std::uint64_t>(status.st_ino);
  const std::string bytes = read_all(file.descriptor_, path);
  constexpr std::size_t head_size = 4'096;
  file.head_ = bytes.substr(0, head_size);
  file.size_ = bytes.size();
  file.sha256_ = sha256_hex(bytes);
  return file;
}

HashedFile::HashedFile(HashedFile&& other) noexcept { *this = std::move(other); }

HashedFile& HashedFile::operator=(HashedFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(path_, other.path_);
  std::swap(sha256_, other.sha256_);
  std::swap(head_, other.head_);
  std::swap(size_, other.size_);
  std::swap(device_, other.device_);
  std::swap(inode_, other.inode_);
  return *this;
}

HashedFile::~HashedFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace kith::internal::bundles
