// Files by what they are, not by what they are called: only regular ones are read and written, what is made is for its
// owner alone, and a file is known by its device and inode, whatever links lead to it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/problem/limits.hpp"

namespace kith::internal {

/// Read and write for the owner, nothing for others: what files are made with unless the configuration says otherwise.
inline constexpr std::uint32_t kOwnerOnly = 0600;

/// An open file; closed with it.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) noexcept : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();
  int number() const noexcept { return number_; }
  bool open() const noexcept { return number_ >= 0; }
  int release() noexcept { return std::exchange(number_, -1); }  ///< the caller closes it

 private:
  int number_ = -1;
};

/// A file that was opened, or why not: "Permission denied", "it is a pipe, not a regular file".
struct Opening {
  Descriptor file;
  int error = 0;  ///< of the system; 0 where the file is there and is no regular one
  std::string why;
};
/// Opens a regular file. Never waits for the other end of a pipe, and never becomes the owner of a terminal.
Opening open_regular(const std::string& path);
/// Opens a regular file to write, or makes it with exactly `mode`, whatever the umask; its content stays as it is.
Opening open_to_write(const std::string& path, std::uint32_t mode);

/// The whole file. Throws file_unreadable, and what `most` says when it is longer.
std::string read_whole(const std::string& path, Limit most);
[[noreturn]] void throw_unreadable(const std::string& path, const Opening& failed);
[[noreturn]] void throw_unreadable(const std::string& path, const std::string& why);  ///< of a file that was opened

/// What a path leads to. Two paths with the same identity are one file.
struct FileIdentity {
  std::uint64_t device = 0, inode = 0;
  std::string name;  ///< of a file that is not there yet: its name in the folder that device and inode mean
  bool operator==(const FileIdentity&) const = default;
};
/// Follows links, also those that lead nowhere yet. nullopt: neither the file nor its folder can be looked at.
std::optional<FileIdentity> identity_of(const std::string& path);

/// Files that a core holds or reads, on which nothing that is written for somebody may land.
class OwnFiles {
 public:
  void add(std::string path, std::string what) { files_.emplace_back(std::move(path), std::move(what)); }
  /// What the file at `path` is ("the database"); "" = none of these.
  std::string what_is(const std::string& path) const;
  /// Throws usage when `path` is one of these. `purpose`: "the reject file".
  void refuse(const std::string& path, std::string_view purpose) const;

 private:
  std::vector<std::pair<std::string, std::string>> files_;  ///< looked at anew for each question: links move
};

}  // namespace kith::internal
