// The public headers as other languages and compilers read them, and an ISV's program built by one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "lib/workspace.hpp"

namespace kith::test {
namespace {

using ::testing::HasSubstr;

const std::string kCore = std::string(KITH_SOURCE_DIR) + "/core/include";
const std::string kSdk = std::string(KITH_SOURCE_DIR) + "/sdk/include";

TEST(HeaderTest, EachCHeaderIsCleanC11ByItself) {
  const Workspace here;
  for (const char* header : {"types.h", "session.h", "kith.h", "plugin.h"}) {
    here.write("one.c", std::string("#include <kith/") + header + ">\nint main(void) { return 0; }\n");
    const Outcome outcome =
        run_program({KITH_C_COMPILER, "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion",
                     "-Werror", "-fsyntax-only", "-I" + kCore, "-I" + kSdk, here.path("one.c")});
    EXPECT_EQ(outcome.exit, 0) << header << ":\n" << outcome.err;
  }
}

TEST(HeaderTest, NoPublicHeaderIncludesAThirdParty) {
  for (const std::string& folder : {kCore, kSdk})
    for (const auto& entry : std::filesystem::directory_iterator(folder + "/kith")) {
      const Outcome outcome =
          run_program({"grep", "-nE", "#include [<\"](boost|soci|sqlite|spdlog|fmt|unicode)", entry.path().string()});
      EXPECT_EQ(outcome.out, "");
    }
}

TEST(EmbedTest, AProgramByClangAndLibcxxRunsWithThisLibrary) {
  if (std::string(KITH_SANITIZE).size() > 0)
    GTEST_SKIP() << "skipped: this library needs its own sanitizer's run-time library";
  if (!has_program("clang++"))
    GTEST_SKIP() << "skipped: clang++ is not installed (Debian: clang, libc++-14-dev, libc++abi-14-dev)";
  const Workspace here;
  here.write("probe.cpp", "#include <vector>\nint main() { return static_cast<int>(std::vector<int>{}.size()); }\n");
  if (run_program({"clang++", "-std=c++20", "-stdlib=libc++", here.path("probe.cpp"), "-o", here.path("probe")}).exit !=
      0)
    GTEST_SKIP() << "skipped: libc++ is not installed (Debian: libc++-14-dev, libc++abi-14-dev)";
  const std::string library = std::filesystem::path(KITH_LIBRARY).parent_path().string();
  const Outcome built =
      run_program({"clang++", "-std=c++20", "-stdlib=libc++", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-I" + kCore,
                   std::string(KITH_SOURCE_DIR) + "/examples/embed_cpp/main.cpp", "-o", here.path("embed"),
                   "-L" + library, "-lkith", "-Wl,-rpath," + library});
  ASSERT_EQ(built.exit, 0) << built.err;
  const Outcome ran = run_program({here.path("embed"), here.path()});
  EXPECT_EQ(ran.exit, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("Ada Li <Ada@example.com>"));
  EXPECT_THAT(ran.out, HasSubstr("KITH-3001"));
}

TEST(EmbedTest, TheExampleHasUnderSixtyLines) {
  const Outcome outcome = run_program({"wc", "-l", std::string(KITH_SOURCE_DIR) + "/examples/embed_cpp/main.cpp"});
  EXPECT_LT(std::stoi(outcome.out), 60);
}

}  // namespace
}  // namespace kith::test
