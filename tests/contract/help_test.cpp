// Help that a newcomer can copy from.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/workspace.hpp"

namespace kith::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// The commands that `kith --help` lists.
std::vector<std::string> commands(const Workspace& here) {
  std::vector<std::string> out;
  bool inside = false;
  for (const std::string& line : lines_of(here.kith({"--help"}).out)) {
    if (line.rfind("Subcommands:", 0) == 0) inside = true;
    if (!inside || line.size() < 3 || line.compare(0, 2, "  ") != 0 || line[2] == ' ') continue;
    out.push_back(line.substr(2, line.find(' ', 2) - 2));
  }
  return out;
}

TEST(HelpTest, OfEachCommandEndsWithTwoExamplesOfThatCommand) {
  const Workspace here;
  const std::vector<std::string> all = commands(here);
  EXPECT_GT(all.size(), 15U);
  for (const std::string& command : all) {
    const Outcome help = here.kith({command, "--help"});
    EXPECT_EQ(help.exit, 0) << command;
    std::vector<std::string> lines = lines_of(help.out);
    while (!lines.empty() && lines.back().empty()) lines.pop_back();
    ASSERT_GE(lines.size(), 3U) << command;
    EXPECT_EQ(lines[lines.size() - 3], "Examples:") << command;
    EXPECT_THAT(lines[lines.size() - 2], StartsWith("  kith ")) << command;
    EXPECT_THAT(lines[lines.size() - 2], HasSubstr(" " + command)) << command;
    EXPECT_THAT(lines[lines.size() - 1], HasSubstr(" " + command)) << command;
  }
}

TEST(HelpTest, GoesToStdoutAndSaysWhatTheExitCodeOfSuccessIs) {
  const Workspace here;
  const Outcome help = here.kith({"--help"});
  EXPECT_EQ(help.exit, 0);
  EXPECT_EQ(help.err, "");
  EXPECT_THAT(help.out, HasSubstr("--config"));
}

TEST(HelpTest, IsPointedToWhenTheCommandIsMissing) {
  const Workspace here;
  const Outcome outcome = here.kith({});
  EXPECT_EQ(outcome.exit, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err, "error KITH-7004  a command is missing\n  fix    see: kith --help\n");
}

}  // namespace
}  // namespace kith::test
