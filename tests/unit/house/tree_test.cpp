// The tree as whoever comes next finds it: formatted, narrow, in folders of a size that one takes in, without what
// nobody uses, and with one name for one thing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "unit/house/source_tree.hpp"

namespace kith::house {
namespace {

namespace fs = std::filesystem;
using ::testing::IsEmpty;

constexpr std::size_t kWidth = 120;
constexpr std::size_t kMostInAFolder = 30;
const std::vector<std::string> kFolders = {"core", "sdk", "plugins", "examples", "tests"};

const std::vector<SourceFile>& all_sources() {
  static const std::vector<SourceFile> all = [] {
    std::vector<SourceFile> out;
    for (const std::string& folder : kFolders)
      for (SourceFile& file : sources_under(folder)) out.push_back(std::move(file));
    return out;
  }();
  return all;
}

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }
std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

// --- width, folders
// ---------------------------------------------------------------------------------------------------

std::vector<std::string> too_wide(const SourceFile& file) {
  std::vector<std::string> out;
  for (const Line& line : file.lines)
    if (line.width > kWidth)
      out.push_back(file.path + ":" + std::to_string(line.number) + ": " + std::to_string(line.width) + " columns");
  return out;
}

std::vector<std::string> too_full(const std::vector<SourceFile>& files) {
  std::map<std::string, std::size_t> counts;
  for (const SourceFile& file : files) ++counts[folder_of(file.path)];
  std::vector<std::string> out;
  for (const auto& [folder, count] : counts)
    if (count > kMostInAFolder)
      out.push_back(folder + " holds " + std::to_string(count) + " sources side by side: give it rooms");
  return out;
}

TEST(TreeTest, KeepsLinesWithinTheWidth) {
  for (const SourceFile& file : all_sources()) EXPECT_THAT(too_wide(file), IsEmpty());
}

TEST(TreeTest, KeepsFoldersOfASizeThatOneTakesIn) { EXPECT_THAT(too_full(all_sources()), IsEmpty()); }

TEST(TreeTest, WouldNoticeAWideLineAndAFullFolder) {
  EXPECT_THAT(too_wide(made_up("core/src/base/a.cpp", "//" + std::string(119, 'x') + "\n")), ::testing::SizeIs(1));
  // Columns, not bytes: Chinese labels take three each.
  std::string chinese = "//";
  for (int i = 0; i < 50; ++i) chinese += "名";
  EXPECT_THAT(too_wide(made_up("core/src/base/a.cpp", chinese + "\n")), IsEmpty());
  std::vector<SourceFile> many;
  for (std::size_t i = 0; i <= kMostInAFolder; ++i)
    many.push_back(made_up("sdk/cli/f" + std::to_string(i) + ".cpp", ""));
  EXPECT_THAT(too_full(many), ::testing::SizeIs(1));
}

// --- format
// -----------------------------------------------------------------------------------------------------------

struct Said {
  int exit = -1;
  std::string text;
};
Said run(const std::string& command) {
  Said said;
  FILE* const pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return said;
  std::array<char, 4096> piece{};
  while (std::fgets(piece.data(), piece.size(), pipe) != nullptr) said.text += piece.data();
  const int status = ::pclose(pipe);
  said.exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return said;
}

/// The first line of each complaint.
std::vector<std::string> complaints(const std::string& text) {
  std::set<std::string> files;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (line.find(": error:") != std::string::npos || line.find(": warning:") != std::string::npos)
      files.insert(line.substr(0, line.find(':')));
  return {files.begin(), files.end()};
}

std::string format_check(const std::vector<std::string>& files) {
  std::string command = "cd '" + std::string(KITH_SOURCE_DIR) + "' && clang-format --dry-run -Werror";
  for (const std::string& file : files) command += " '" + file + "'";
  return command;
}

// Versions differ in what they make of the same file, so the one that the tree was formatted with judges it.
TEST(TreeTest, IsFormattedByItsOwnClangFormat) {
  const Said version = run("clang-format --version");
  if (version.exit != 0) GTEST_SKIP() << "clang-format is not installed: the format was not looked at";
  if (version.text.find("version 14.") == std::string::npos)
    GTEST_SKIP() << "the tree is formatted by clang-format 14, and here is " << version.text;
  std::vector<std::string> batch, wrong;
  const auto judge = [&] {
    if (batch.empty()) return;
    for (std::string& file : complaints(run(format_check(batch)).text)) wrong.push_back(std::move(file));
    batch.clear();
  };
  constexpr std::size_t kAtOnce = 100;
  for (const SourceFile& file : all_sources()) {
    batch.push_back(file.path);
    if (batch.size() == kAtOnce) judge();
  }
  judge();
  EXPECT_THAT(wrong, IsEmpty()) << "run clang-format -i on these";
}

// --- what nobody uses
// -------------------------------------------------------------------------------------------------

/// How another file may name a header: by any ending of its path.
bool names_header(const Include& include, const std::string& path) {
  std::string target = include.target;
  while (target.rfind("../", 0) == 0) target.erase(0, 3);
  return path == target || path.ends_with("/" + target);
}

std::string without_ending(const std::string& path) { return path.substr(0, path.rfind('.')); }

/// Headers that only their own .cpp includes, and sources that no list of the build names.
std::vector<std::string> unused(const std::vector<SourceFile>& files, const std::string& build_lists) {
  std::map<std::string, std::vector<const SourceFile*>> includers;  // by the included file's name
  for (const SourceFile& file : files)
    for (const Include& include : file.includes) includers[name_of(include.target)].push_back(&file);
  std::vector<std::string> out;
  for (const SourceFile& file : files) {
    const bool header = file.path.ends_with(".h") || file.path.ends_with(".hpp");
    const std::string name = name_of(file.path);
    if (!header) {
      if (build_lists.find(name) == std::string::npos) out.push_back(file.path + " is built by nothing");
      continue;
    }
    const std::vector<const SourceFile*>& by = includers[name];
    const bool used = std::any_of(by.begin(), by.end(), [&](const SourceFile* user) {
      if (user->path == file.path || without_ending(user->path) == without_ending(file.path)) return false;
      return std::any_of(user->includes.begin(), user->includes.end(),
                         [&](const Include& include) { return names_header(include, file.path); });
    });
    if (!used && build_lists.find(name) == std::string::npos) out.push_back(file.path + " is included by nothing");
  }
  return out;
}

/// All that says what is built: CMake's files, and the scripts of examples and tests.
std::string build_lists() {
  std::ostringstream out;
  const fs::path root = KITH_SOURCE_DIR;
  for (const std::string& folder : kFolders)
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const std::string name = entry.path().filename().string();
      if (!entry.is_regular_file() || !(name == "CMakeLists.txt" || name.ends_with(".cmake") || name.ends_with(".sh")))
        continue;
      out << std::ifstream(entry.path()).rdbuf();
    }
  return out.str();
}

TEST(TreeTest, HoldsNoFileThatNothingUses) { EXPECT_THAT(unused(all_sources(), build_lists()), IsEmpty()); }

TEST(TreeTest, WouldNoticeAFileThatNothingUses) {
  const std::vector<SourceFile> files = {
      made_up("core/src/base/a.hpp", ""), made_up("core/src/base/a.cpp", "#include \"base/a.hpp\"\n"),
      made_up("core/src/base/b.hpp", ""), made_up("core/src/base/c.cpp", "#include \"base/b.hpp\"\n")};
  EXPECT_THAT(unused(files, "SOURCES a.cpp"),
              ::testing::UnorderedElementsAre("core/src/base/a.hpp is included by nothing",
                                              "core/src/base/c.cpp is built by nothing"));
}

// --- one name, one thing
// ----------------------------------------------------------------------------------------------

/// What a header declares in its namespace: types, and functions that are no members.
std::set<std::string> declared(const SourceFile& file) {
  static const std::regex kType(R"(^(?:struct|class|enum class|enum)\s+(\w+)\s*(?:final\s*)?(?::[^;]*)?\{)");
  static const std::regex kFunction(R"(^(?:inline |constexpr |static )*(?:[\w:]+(?:<.*>)?[ &*]+)+(\w+)\()");
  static const std::set<std::string> kNoTypes = {"return", "else", "using", "friend", "namespace", "operator"};
  std::set<std::string> out;
  for (const Line& line : file.lines) {
    std::smatch match;
    if (std::regex_search(line.code, match, kType)) out.insert(match[1]);
    if (line.code.empty() || kNoTypes.count(line.code.substr(0, line.code.find(' '))) != 0) continue;
    if (std::regex_search(line.code, match, kFunction) && match[1] != "operator") out.insert(match[1]);
  }
  return out;
}

std::map<std::string, std::set<std::string>> floors_by_name(const std::vector<SourceFile>& files) {
  std::map<std::string, std::set<std::string>> out;
  for (const SourceFile& file : files)
    if (file.path.ends_with(".hpp") && !file.folder.empty())
      for (const std::string& name : declared(file)) out[name].insert(file.folder);
  return out;
}

/// Names of two floors that stand, with what makes them one idea seen from two sides. Nothing is added to save a
/// rename.
const std::map<std::string, std::string>& shared_names() {
  static const std::map<std::string, std::string> names = {
      {"Member", "catalog's, and what an expression sees of it"},
      {"Function", "catalog's, and the language's own"},
      {"Column", "of a page of results, and of a batch of the evaluator"},
      {"Builder", "of a catalog, and of a column; neither leaves its floor"},
      {"Found", "what a search gave, of bundles and of names; neither leaves its floor"},
      {"Plan", "of derivations, and of a file's tables"},
      {"Reading", "a unit that reads, in access and with an engine in core"},
      {"RowView", "a row of a file, and of a table, as expressions see it"},
      {"quoted", "a name for a message, and for SQL"},
      {"describe", "of a catalog, and of a run"},
      {"compile", "an expression, and one of a manifest"},
      {"Part", "of a condition that every record must fulfil, and what one child is to a rollup"},
      {"Reach", "of a condition over a column, and of a write over a path"},
      {"State", "of a lifecycle, and of a record's derived row while it is settled"},
      {"Wanted", "what a catalog needs of a file, and one value of one record that is asked for"},
      {"Place", "where something stands: in a file, and in the tables"},
      {"split", "a text, and a range of a page's order"},
      {"append_utf8", "of JSON's escapes, and of the language's"},
      {"applies", "whether a condition holds: of a row of a file, of a lifecycle, of one at an instant"},
      {"has_failed", "an expression without a type, and a connection's last call"},
      {"is_hidden", "a member that only the engine reads, and what explanations leave out for it"},
      {"judge", "a guard, a rule of a score, what a plugin's body did"},
  };
  return names;
}

std::vector<std::string> names_of_two_things(const std::vector<SourceFile>& files) {
  std::vector<std::string> out;
  for (const auto& [name, floors] : floors_by_name(files)) {
    if (floors.size() < 2 || shared_names().count(name) != 0) continue;
    std::string where;
    for (const std::string& floor : floors) where += (where.empty() ? "" : ", ") + floor;
    out.push_back(name + " is declared in " + where + ": call one of them by what it is");
  }
  return out;
}

TEST(TreeTest, GivesOneNameToOneThing) { EXPECT_THAT(names_of_two_things(sources_under("core/src")), IsEmpty()); }

TEST(TreeTest, WouldNoticeANameOfTwoThings) {
  const std::vector<SourceFile> files = {made_up("core/src/facts/a.hpp", "struct Ledger {\n};\nint weigh(int x);\n"),
                                         made_up("core/src/store/b.hpp", "class Ledger final : public X {\n};\n"),
                                         made_up("core/src/derive/c.hpp", "std::string weigh(double y);\n")};
  EXPECT_THAT(names_of_two_things(files), ::testing::SizeIs(2));
}

// --- what is written down
// ---------------------------------------------------------------------------------------------

std::string content_of(const std::string& path) {
  std::ostringstream out;
  out << std::ifstream(fs::path(KITH_SOURCE_DIR) / path).rdbuf();
  return out.str();
}

/// "1'048'576" as people write it
std::string grouped(std::string digits) {
  std::replace(digits.begin(), digits.end(), '\'', ',');
  return digits;
}

TEST(TreeTest, TellsEveryLimitInTheReadme) {
  const std::string list = content_of("core/src/base/problem/limits.hpp"), readme = content_of("sdk/README.md");
  static const std::regex kLimit(R"re(X\((\w+), ([\d']+), "(\w[^"]*)", \w+, "([^"]*)")re");
  std::size_t found = 0;
  for (auto it = std::sregex_iterator(list.begin(), list.end(), kLimit); it != std::sregex_iterator(); ++it, ++found) {
    const std::string row =
        "| `" + (*it)[1].str() + "` | " + grouped((*it)[2]) + " " + (*it)[3].str() + " | " + (*it)[4].str() + " |";
    EXPECT_NE(readme.find(row), std::string::npos) << "sdk/README.md lacks: " << row;
  }
  EXPECT_GT(found, 20U);
}

// --- a floor for SQL
// --------------------------------------------------------------------------------------------------

// `store` owns the statements, and the lowering of `expr` the conditions in them. Anything else that needs a statement
// asks `store` for a function.
bool may_hold_sql(const SourceFile& file) {
  return file.path.rfind("core/src/store/", 0) == 0 || file.path.rfind("core/src/expr/sql/", 0) == 0;
}

std::vector<std::string> sql_elsewhere(const SourceFile& file) {
  static const std::regex kSql(R"re("[^"]*\b(SELECT\s|INSERT\s+(OR|INTO)\s|UPDATE\s+\S+\s+SET\s|DELETE\s+FROM\s)re"
                               R"re(|CREATE\s+(TABLE|INDEX|UNIQUE)|DROP\s+(TABLE|INDEX)|ALTER\s+TABLE|PRAGMA\s)re"
                               R"re(|(LEFT|CROSS)\s+JOIN\s|ORDER\s+BY\s|GROUP\s+BY\s|SAVEPOINT\s))re");
  std::vector<std::string> out;
  if (may_hold_sql(file)) return out;
  for (const Line& line : file.lines)
    if (std::regex_search(line.uncommented, kSql))
      out.push_back(file.path + ":" + std::to_string(line.number) + ": SQL outside its floor: " + line.uncommented);
  return out;
}

TEST(TreeTest, MakesSqlOnlyInItsFloor) {
  for (const SourceFile& file : sources_under("core/src")) EXPECT_THAT(sql_elsewhere(file), IsEmpty());
}

TEST(TreeTest, WouldNoticeSqlOutsideItsFloor) {
  const std::string code = "auto s = prepare(\"SELECT id FROM \" + table);  // \"SELECT in a comment\"\n";
  EXPECT_THAT(sql_elsewhere(made_up("core/src/derive/a.cpp", code)), ::testing::SizeIs(1));
  EXPECT_THAT(sql_elsewhere(made_up("core/src/store/rows/a.cpp", code)), IsEmpty());
  EXPECT_THAT(sql_elsewhere(made_up("core/src/react/a.cpp", "// \"SELECT id\"\nauto s = \"select a field\";\n")),
              IsEmpty());
}

}  // namespace
}  // namespace kith::house
