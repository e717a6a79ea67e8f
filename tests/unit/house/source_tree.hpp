// The project's own source files and what they include.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace kith::house {

struct Include {
  std::string target;   ///< "base/problem/error.hpp", "sqlite3.h"
  bool angled = false;  ///< <...>
  int line = 0;
};
struct Line {
  int number = 0;
  std::string code;         ///< without comments and the content of literals
  std::string uncommented;  ///< without comments
  std::size_t width = 0;    ///< in code points
};
struct SourceFile {
  std::string path;    ///< from the project's root: "core/src/store/layout/plan.cpp"
  std::string folder;  ///< the part behind core/src: "store"
  std::vector<Include> includes;
  std::vector<Line> lines;
};

SourceFile read_source(const std::filesystem::path& file, const std::string& path);
/// The same for a file that is not in the project: what a rule would say of it.
SourceFile made_up(const std::string& path, const std::string& content);
/// All .h, .hpp, .c and .cpp files under a folder of the project.
std::vector<SourceFile> sources_under(const std::string& folder);

}  // namespace kith::house
