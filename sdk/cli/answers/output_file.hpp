// A file that a result is written to: none of the core's own, and for its owner alone unless configured wider.
#pragma once
#include <cstdint>
#include <fstream>
#include <string>

#include <kith/kith.hpp>

namespace kith::cli {

/// What is written lies in a new file beside the one that is meant until it is whole: a result that fails leaves what
/// was there before. A device or a pipe with a reader is taken as it is.
class OutputFile {
 public:
  /// Throws a Failure, and the core's Error when `path` is, by whatever name, its database, configuration, manifest,
  /// library or log. `purpose` as in "the export".
  OutputFile(Core& core, const std::string& path, const std::string& purpose);
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile();
  std::ostream& stream() { return file_; }
  /// All of it was written. Throws a Failure where it was not.
  void finish();

 private:
  void open_beside(std::uint32_t mode);
  void discard() noexcept;

  std::string target_;   ///< behind links
  std::string written_;  ///< "" once it has its name, and where `target_` is written to itself
  std::ofstream file_;
};

/// A new file with `text`; throws a Failure when one of that name is there.
void write_new_file(const std::string& path, const std::string& text, std::uint32_t mode);

}  // namespace kith::cli
