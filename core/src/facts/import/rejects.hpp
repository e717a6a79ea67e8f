// The reject file: the refused rows with their original texts, and why; ready to be corrected and imported again.
#pragma once
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem/error.hpp"

namespace kith::internal::facts {

/// The columns that a reject file has besides those of the file that it came from.
inline constexpr std::string_view kRejectColumns[] = {"_line", "_field", "_code", "_reason"};
/// How the reason of a row ends of which only a part was refused.
inline constexpr std::string_view kPartNote = "; the rest of the row was imported";

class RejectFile {
 public:
  /// `bytes`: what an earlier part of the run has committed; anything behind it is cut off before the first write.
  RejectFile(std::string path, std::vector<std::string> columns, char delimiter, std::int64_t bytes,
             std::uint32_t file_mode);
  /// `fields` as read, of any number. `part`: the rest of the row landed, which its reason says. Kept until flush().
  void add(const std::vector<std::string>& fields, std::int64_t line, const std::vector<Problem>& problems, bool part);
  /// Writes what was added, to the disk. It is written before the batch commits: should the process die between the
  /// two, a resumed run cuts it off again, whereas rows written after the commit could be lost. Throws storage_failed.
  void flush();
  /// Length of the file with everything that was added.
  std::int64_t bytes() const { return bytes_ + static_cast<std::int64_t>(pending_.size()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  std::vector<std::string> columns_;
  char delimiter_;
  std::int64_t bytes_;
  std::uint32_t file_mode_;
  bool cut_ = false;
  std::string pending_;
};

/// Where the rejects of `file` go: `wanted` beside the file, or <file>.rejects.csv; never onto the file itself.
std::string reject_path(const std::string& file, const std::string& wanted);
bool ends_in_reject_columns(const std::vector<std::string>& header);
/// Removes what lies there, if it is a reject file.
void remove_reject_file(const std::string& path);
/// The lines that a reject file names and of which nothing landed; empty when it isn't there.
std::set<std::int64_t> rejected_lines(const std::string& path, char delimiter);

}  // namespace kith::internal::facts
