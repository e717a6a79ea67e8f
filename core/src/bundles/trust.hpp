// What may be loaded: files that lie inside a configured folder and that nobody else can write. A library is hashed
// through one descriptor, and it is that descriptor which is loaded, so that nothing can be swapped in between.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "base/problem/error.hpp"

namespace kith::internal::bundles {

/// Why a folder or file can't be trusted; nullopt: it can. Others may write it when its mode says so for everybody, or
/// for a group that is neither root's nor this process's own. `plugin` is for the message.
std::optional<Problem> unsafe_path(const std::string& path, const std::string& plugin);
/// Why `path` does not lie inside `folder` once symbolic links are followed; nullopt: it does.
std::optional<Problem> outside_folder(const std::string& path, const std::string& folder, const std::string& plugin);

/// A file that was opened and hashed; the descriptor stays open as long as this lives.
class HashedFile {
 public:
  /// Throws plugin_library_missing, plugin_folder_unsafe or file_unreadable, naming the plugin.
  static HashedFile open(const std::string& path, const std::string& plugin);
  HashedFile(HashedFile&& other) noexcept;
  HashedFile& operator=(HashedFile&& other) noexcept;
  HashedFile(const HashedFile&) = delete;
  HashedFile& operator=(const HashedFile&) = delete;
  ~HashedFile();

  int descriptor() const noexcept { return descriptor_; }
  const std::string& path() const noexcept { return path_; }
  const std::string& sha256() const noexcept { return sha256_; }  ///< hex
  const std::string& head() const noexcept { return head_; }      ///< the first bytes, at most 4,096
  std::uint64_t size() const noexcept { return size_; }
  std::uint64_t device() const noexcept { return device_; }
  std::uint64_t inode() const noexcept { return inode_; }

 private:
  HashedFile() = default;
  int descriptor_ = -1;
  std::string path_, sha256_, head_;
  std::uint64_t size_ = 0, device_ = 0, inode_ = 0;
};

}  // namespace kith::internal::bundles
