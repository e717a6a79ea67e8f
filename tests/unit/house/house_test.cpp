// The ladder of floors and the walls between our code and that of third parties (DESIGN.md, The house).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <regex>

#include "unit/house/source_tree.hpp"

namespace kith::house {
namespace {

using ::testing::IsEmpty;

const std::vector<std::string> kLadder = {"base",  "expr",  "catalog", "store", "access", "derive",
                                          "facts", "react", "bundles", "core",  "api"};

int floor_of(const std::string& name) {
  const auto found = std::find(kLadder.begin(), kLadder.end(), name);
  return found == kLadder.end() ? -1 : static_cast<int>(found - kLadder.begin());
}

std::string at(const SourceFile& file, int line) { return file.path + ":" + std::to_string(line) + ": "; }

bool starts_with(const std::string& text, const std::string& head) { return text.compare(0, head.size(), head) == 0; }

// What is wrong with one file's includes, one line each.
std::vector<std::string> upward_includes(const SourceFile& file) {
  std::vector<std::string> out;
  const int own = floor_of(file.folder);
  if (own < 0) return {file.path + ": lies on no floor of the ladder"};
  for (const Include& include : file.includes) {
    if (include.angled) continue;
    const int target = floor_of(include.target.substr(0, include.target.find('/')));
    if (target < 0) {
      out.push_back(at(file, include.line) + "\"" + include.target + "\" names no floor; write it from core/src on");
    } else if (target > own) {
      out.push_back(at(file, include.line) + "\"" + include.target + "\" lies above " + file.folder);
    }
  }
  return out;
}

/// A third party's headers and the only place that may include them, as regular expressions.
struct Wall {
  Wall(const char* included, const char* place) : headers(included), allowed_at(place), allowed_text(place) {}
  std::regex headers, allowed_at;
  std::string allowed_text;
};
const std::vector<Wall>& walls() {
  static const std::vector<Wall> all = {
      {R"(soci(/.*)?)", R"(core/src/store/.*)"},
      {R"(sqlite3(ext)?\.h)", R"(core/src/store/.*)"},
      {R"(libpq-fe\.h)", R"(core/src/store/.*)"},
      {R"(boost/dll.*)", R"(core/src/bundles/.*)"},
      {R"(re2/.*)", R"(core/src/base/text/matcher\.cpp)"},
      {R"((spdlog|fmt)/.*)", R"(core/src/base/problem/log\.cpp)"},
      {R"(boost/json\.hpp|boost/json/(?!fwd\.hpp).*)", R"(core/src/.*\.cpp)"},
  };
  return all;
}

std::vector<std::string> breached_walls(const SourceFile& file) {
  std::vector<std::string> out;
  for (const Include& include : file.includes) {
    for (const Wall& wall : walls()) {
      if (!std::regex_match(include.target, wall.headers) || std::regex_match(file.path, wall.allowed_at)) continue;
      out.push_back(at(file, include.line) + "<" + include.target + "> may be included only in " + wall.allowed_text);
    }
  }
  return out;
}

// Each was seen to lose or cut data with SOCI 4.0.3 (design/storage.md).
std::vector<std::string> banned_soci(const SourceFile& file) {
  static const std::regex kBanned(
      R"(\bsoci::(row|rowset)\b|\b(soci::)?(use|into)\s*\(\s*(std::)?vector|\browset\s*<|\bstd::tm\b)");
  std::vector<std::string> out;
  const bool uses_soci = std::any_of(file.includes.begin(), file.includes.end(),
                                     [](const Include& i) { return starts_with(i.target, "soci/"); });
  if (!uses_soci && file.folder != "store") return out;  // the walls keep SOCI out of everything else
  std::vector<std::string> vectors;
  for (const Line& line : file.lines) {
    if (std::regex_search(line.code, kBanned))
      out.push_back(at(file, line.number) + "banned use of SOCI: " + line.code);
    // A vector that is bound by its name.
    static const std::regex kVector(R"(\bvector\s*<[^;()]*>\s*&?\s*(\w+))"), kBound(R"(\b(use|into)\s*\(\s*(\w+))");
    std::smatch match;
    if (std::regex_search(line.code, match, kVector)) vectors.push_back(match[1]);
    if (std::regex_search(line.code, match, kBound) &&
        std::find(vectors.begin(), vectors.end(), match[2]) != vectors.end()) {
      out.push_back(at(file, line.number) + "banned use of SOCI: a vector is bound: " + line.code);
    }
  }
  return out;
}

// Public headers stand alone: the standard library and kith/ itself. The one for tests of plugins is also GoogleTest's:
// a product never includes it.
std::vector<std::string> foreign_includes(const SourceFile& file) {
  std::vector<std::string> out;
  for (const Include& include : file.includes) {
    const bool standard =
        include.angled && include.target.find('/') == std::string::npos &&
        std::regex_match(include.target,
                         std::regex(R"([a-z_]+|(std[a-z]+|string|assert|limits|math|errno|time|inttypes)\.h)"));
    const bool for_tests =
        file.path == "sdk/include/kith/testing.hpp" && std::regex_match(include.target, std::regex("g(test|mock)/.*"));
    if (!standard && !for_tests && !starts_with(include.target, "kith/"))
      out.push_back(at(file, include.line) + include.target + " is neither std nor kith/");
  }
  return out;
}

// Above the store records are read by Unit::reads, which is told what for; Unit::records is for who writes them.
std::vector<std::string> read_past_the_door(const SourceFile& file) {
  static const std::regex kRead(
      R"(\brecords(\(\))?\.(load|is_live|rid|find|children|child_ids|ids_after|count\w*|more_\w+)\()");
  std::vector<std::string> out;
  if (file.folder == "store" || file.folder == "access") return out;
  for (const Line& line : file.lines) {
    if (std::regex_search(line.code, kRead))
      out.push_back(at(file, line.number) + "reads records past access/reads.hpp: " + line.code);
  }
  return out;
}

std::vector<std::string> check(const std::vector<SourceFile>& files,
                               const std::function<std::vector<std::string>(const SourceFile&)>& rule) {
  std::vector<std::string> out;
  for (const SourceFile& file : files) {
    for (std::string& complaint : rule(file)) out.push_back(std::move(complaint));
  }
  return out;
}

TEST(HouseTest, FindsTheSources) {
  EXPECT_GT(sources_under("core/src").size(), 20U);
  EXPECT_GT(sources_under("core/include").size(), 0U);
}

TEST(HouseTest, IncludesOnlyTheOwnAndLowerFloors) {
  EXPECT_THAT(check(sources_under("core/src"), upward_includes), IsEmpty());
}

TEST(HouseTest, KeepsThirdPartiesBehindTheirWalls) {
  EXPECT_THAT(check(sources_under("core/src"), breached_walls), IsEmpty());
}

TEST(HouseTest, UsesNothingOfSociThatLosesData) {
  EXPECT_THAT(check(sources_under("core/src"), banned_soci), IsEmpty());
}

TEST(HouseTest, ReadsRecordsThroughOneDoor) {
  EXPECT_THAT(check(sources_under("core/src"), read_past_the_door), IsEmpty());
}

TEST(HouseTest, KeepsPublicHeadersFreeOfForeignOnes) {
  EXPECT_THAT(check(sources_under("core/include"), foreign_includes), IsEmpty());
  EXPECT_THAT(check(sources_under("sdk/include"), foreign_includes), IsEmpty());
}

TEST(HouseTest, WouldNoticeAnUpwardInclude) {
  EXPECT_THAT(upward_includes(made_up("core/src/store/a.cpp", "#include \"facts/transaction.hpp\"\n")),
              ::testing::SizeIs(1));
  EXPECT_THAT(upward_includes(made_up("core/src/store/a.cpp", "#  include \"neighbour.hpp\"\n")), ::testing::SizeIs(1));
  EXPECT_THAT(upward_includes(made_up("core/src/attic/a.cpp", "")), ::testing::SizeIs(1));
  EXPECT_THAT(
      upward_includes(made_up("core/src/store/a.cpp", "#include \"catalog/model/model.hpp\"\n#include <vector>\n")),
      IsEmpty());
}

TEST(HouseTest, WouldNoticeABreachedWall) {
  EXPECT_THAT(breached_walls(made_up("core/src/facts/a.cpp", "#include <soci/soci.h>\n#include <sqlite3.h>\n")),
              ::testing::SizeIs(2));
  EXPECT_THAT(breached_walls(made_up("core/src/core/a.cpp", "#include <boost/dll/shared_library.hpp>\n")),
              ::testing::SizeIs(1));
  EXPECT_THAT(breached_walls(made_up("core/src/base/text/text.cpp", "#include <spdlog/spdlog.h>\n")),
              ::testing::SizeIs(1));
  EXPECT_THAT(
      breached_walls(made_up("core/src/base/a.hpp", "#include <boost/json.hpp>\n#include <boost/json/fwd.hpp>\n")),
      ::testing::SizeIs(1));
}

TEST(HouseTest, WouldNoticeABannedUseOfSoci) {
  const std::string head = "#include <soci/soci.h>\n";
  EXPECT_THAT(banned_soci(made_up("core/src/store/a.cpp", head + "soci::row r;\n")), ::testing::SizeIs(1));
  EXPECT_THAT(banned_soci(made_up("core/src/store/a.cpp", head + "soci::rowset<int> r = x;\n")), ::testing::SizeIs(1));
  EXPECT_THAT(
      banned_soci(made_up("core/src/store/a.cpp", head + "std::vector<int> ids;\nsql << text, soci::use(ids);\n")),
      ::testing::SizeIs(1));
  EXPECT_THAT(banned_soci(made_up("core/src/store/a.cpp",
                                  head + "// soci::row is banned\nint n = 0;\nsql << \"soci::row\", soci::into(n);\n")),
              IsEmpty());
}

TEST(HouseTest, WouldNoticeAReadPastTheDoor) {
  EXPECT_THAT(read_past_the_door(made_up("core/src/facts/a.cpp", "auto r = unit.records.load(type, id);\n")),
              ::testing::SizeIs(1));
  EXPECT_THAT(read_past_the_door(made_up("core/src/facts/a.cpp",
                                         "auto r = unit.reads.load(access::Operation::read, type, id);\n"
                                         "unit.records.update(type, id, row, changed);\n")),
              IsEmpty());
}

TEST(HouseTest, WouldNoticeAForeignIncludeOfAPublicHeader) {
  EXPECT_THAT(foreign_includes(made_up("core/include/kith/a.h",
                                       "#include <stdint.h>\n#include <kith/types.h>\n#include <string>\n")),
              IsEmpty());
  EXPECT_THAT(foreign_includes(
                  made_up("core/include/kith/a.h", "#include <boost/json.hpp>\n#include \"base/problem/error.hpp\"\n")),
              ::testing::SizeIs(2));
  EXPECT_THAT(foreign_includes(made_up("sdk/include/kith/testing.hpp", "#include <gtest/gtest.h>\n")), IsEmpty());
  EXPECT_THAT(foreign_includes(made_up("sdk/include/kith/plugin.hpp", "#include <gtest/gtest.h>\n")),
              ::testing::SizeIs(1));
}

}  // namespace
}  // namespace kith::house
