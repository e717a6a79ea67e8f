// What the shared libraries show to the programs that load them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "lib/workspace.hpp"

namespace kith::test {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> exported(const std::string& library) {
  const Outcome outcome = run_program({KITH_NM, "-D", "--defined-only", library});
  EXPECT_EQ(outcome.exit, 0) << outcome.err;
  std::vector<std::string> names;
  for (const std::string& line : lines_of(outcome.out)) names.push_back(line.substr(line.rfind(' ') + 1));
  return names;
}

TEST(SymbolTest, LibkithShowsOnlyFunctionsThatBeginWithKith) {
  const std::vector<std::string> names = exported(KITH_LIBRARY);
  EXPECT_GT(names.size(), 30U);
  for (const std::string& name : names) EXPECT_EQ(name.rfind("kith_", 0), 0U) << name;
}

TEST(SymbolTest, APluginShowsItsEntryAndNothingElse) {
  for (const char* plugin : {"insight", "retail"})
    EXPECT_THAT(exported(std::string(KITH_PLUGIN_FOLDER) + "/" + plugin + "/" + plugin + ".so"),
                ElementsAre("kith_plugin_entry_v0"))
        << plugin;
}

TEST(SymbolTest, LibkithNeedsNoBoostNoSpdlogAndNoFmtAtRunTime) {
  const Outcome outcome = run_program({"ldd", KITH_LIBRARY});
  ASSERT_EQ(outcome.exit, 0) << outcome.err;
  for (const char* name : {"libboost", "libspdlog", "libfmt"})
    EXPECT_EQ(outcome.out.find(name), std::string::npos) << name;
}

}  // namespace
}  // namespace kith::test
