// A folder for one test, gone when the test passes; `kith` run in it.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "lib/program.hpp"

namespace kith::test {

class Workspace {
 public:
  Workspace();
  ~Workspace();
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  std::string path(const std::string& name = {}) const;
  void write(const std::string& name, const std::string& text) const;
  std::string read(const std::string& name) const;
  /// kith.json with a file database and these plugins of the build, as `kith init` writes it. Fails the test when it
  /// can't.
  void init(const std::vector<std::string>& plugins = {}, const std::string& clock = {}) const;
  /// `kith WORDS...` in this folder.
  Outcome kith(const std::vector<std::string>& words, ProgramOptions options = {}) const;

 private:
  std::filesystem::path folder_;
};

/// Lines without their ends.
std::vector<std::string> lines_of(const std::string& text);

}  // namespace kith::test
