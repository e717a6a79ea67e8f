#include "lib/workspace.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace kith::test {
namespace fs = std::filesystem;

Workspace::Workspace() {
  std::string pattern = (fs::temp_directory_path() / "kith-test-XXXXXX").string();
  if (!::mkdtemp(pattern.data()))
    throw std::runtime_error("no folder for the test in " + fs::temp_directory_path().string());
  folder_ = pattern;
}

Workspace::~Workspace() {
  std::error_code ignored;
  if (::testing::Test::HasFailure())
    std::fprintf(stderr, "kept for a look: %s\n", folder_.c_str());
  else
    fs::remove_all(folder_, ignored);
}

std::string Workspace::path(const std::string& name) const {
  return name.empty() ? folder_.string() : (folder_ / name).string();
}

void Workspace::write(const std::string& name, const std::string& text) const {
  fs::create_directories((folder_ / name).parent_path());
  std::ofstream file(folder_ / name, std::ios::binary | std::ios::trunc);
  file << text;
  if (!file.flush()) throw std::runtime_error("can't write " + path(name));
}

std::string Workspace::read(const std::string& name) const {
  std::ifstream file(folder_ / name, std::ios::binary);
  if (!file) throw std::runtime_error("can't read " + path(name));
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void Workspace::init(const std::vector<std::string>& plugins, const std::string& clock) const {
  std::vector<std::string> words = {"init"};
  for (const std::string& plugin : plugins) words.insert(words.end(), {"--with", plugin});
  if (!clock.empty()) words.insert(words.end(), {"--clock", clock});
  const Outcome outcome = kith(words);
  if (outcome.exit != 0)
    throw std::runtime_error("kith init ended with " + std::to_string(outcome.exit) + ": " + outcome.err);
}

Outcome Workspace::kith(const std::vector<std::string>& words, ProgramOptions options) const {
  std::vector<std::string> all = {KITH_PROGRAM};
  all.insert(all.end(), words.begin(), words.end());
  if (options.folder.empty()) options.folder = folder_.string();
  if (options.environment.count("KITH_CONFIG") == 0) options.environment["KITH_CONFIG"] = "";
  return run_program(all, options);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    out.push_back(line);
  }
  return out;
}

}  // namespace kith::test
