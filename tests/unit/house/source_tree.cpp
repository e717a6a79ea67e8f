#include "unit/house/source_tree.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

namespace kith::house {
namespace {

enum class Literals : bool { blanked, kept };

// Blanks out comments, and literals where asked, keeping lines, so that a rule about code doesn't trip over prose.
std::string code_only(const std::string& text, Literals literals) {
  std::string out;
  std::size_t i = 0;
  const auto blank_to = [&](std::size_t end) {
    for (; i < end && i < text.size(); ++i) out.push_back(text[i] == '\n' ? '\n' : ' ');
  };
  const auto pass_to = [&](std::size_t end) {
    if (literals == Literals::blanked) return blank_to(end);
    out.append(text.substr(i, std::min(end, text.size()) - i));
    i = std::min(end, text.size());
  };
  const auto find = [&](const std::string& what, std::size_t from) {
    return std::min(text.find(what, from), text.size());
  };
  while (i < text.size()) {
    if (text.compare(i, 2, "//") == 0) {
      blank_to(find("\n", i));
    } else if (text.compare(i, 2, "/*") == 0) {
      blank_to(find("*/", i + 2) + 2);
    } else if (text.compare(i, 2, "R\"") == 0 &&
               (i == 0 || (isalnum(static_cast<unsigned char>(text[i - 1])) == 0 && text[i - 1] != '_'))) {
      const std::size_t open = find("(", i);
      const std::string end = ")" + text.substr(i + 2, open - i - 2) + "\"";
      pass_to(find(end, open) + end.size());
    } else if (text[i] == '"' ||
               (text[i] == '\'' && (i == 0 || isxdigit(static_cast<unsigned char>(text[i - 1])) == 0))) {
      const char quote = text[i];
      std::size_t end = i + 1;
      while (end < text.size() && text[end] != quote && text[end] != '\n') end += text[end] == '\\' ? 2 : 1;
      pass_to(end + 1);
    } else {
      out.push_back(text[i++]);
    }
  }
  return out;
}

void add_include(SourceFile& source, const std::string& line, int number) {
  std::size_t at = line.find_first_not_of(" \t");
  if (at == std::string::npos || line[at] != '#') return;
  at = line.find_first_not_of(" \t", at + 1);
  if (at == std::string::npos || line.compare(at, 7, "include") != 0) return;
  at = line.find_first_of("<\"", at);
  if (at == std::string::npos) return;
  const bool angled = line[at] == '<';
  const std::size_t end = line.find(angled ? '>' : '"', at + 1);
  if (end != std::string::npos) source.includes.push_back({line.substr(at + 1, end - at - 1), angled, number});
}

}  // namespace

SourceFile read_source(const std::filesystem::path& file, const std::string& path) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw std::runtime_error("can't read " + file.string());
  std::ostringstream content;
  content << stream.rdbuf();
  SourceFile source;
  source.path = path;
  const std::string root = "core/src/";
  if (path.compare(0, root.size(), root) == 0)
    source.folder = path.substr(root.size(), path.find('/', root.size()) - root.size());
  std::istringstream whole(content.str()), code(code_only(content.str(), Literals::blanked)),
      uncommented(code_only(content.str(), Literals::kept));
  std::string line;
  for (int number = 1; std::getline(whole, line); ++number) {
    add_include(source, line, number);
    Line read;
    read.number = number;
    std::getline(code, read.code);
    std::getline(uncommented, read.uncommented);
    read.width = static_cast<std::size_t>(std::count_if(
        line.begin(), line.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
    source.lines.push_back(std::move(read));
  }
  return source;
}

SourceFile made_up(const std::string& path, const std::string& content) {
  const std::filesystem::path file = std::filesystem::temp_directory_path() /
                                     ("kith-house-" + std::to_string(std::hash<std::string>{}(path + content)));
  { std::ofstream(file) << content; }
  SourceFile source = read_source(file, path);
  std::filesystem::remove(file);
  return source;
}

std::vector<SourceFile> sources_under(const std::string& folder) {
  const std::filesystem::path root = KITH_SOURCE_DIR;
  static const std::set<std::string> kEndings = {".h", ".hpp", ".c", ".cpp"};
  std::vector<SourceFile> out;
  if (!std::filesystem::exists(root / folder)) return out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
    if (!entry.is_regular_file() || kEndings.count(entry.path().extension().string()) == 0) continue;
    out.push_back(read_source(entry.path(), std::filesystem::relative(entry.path(), root).generic_string()));
  }
  std::sort(out.begin(), out.end(), [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  return out;
}

}  // namespace kith::house
