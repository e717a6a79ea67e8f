// Hosts that are built otherwise than libkith: each works and fails in its core as any other does.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "lib/program.hpp"

namespace kith::test {
namespace {

/// What a host of this name says and ends with; "" where its compiler is not there.
class HostTest : public ::testing::TestWithParam<const char*> {};

TEST_P(HostTest, WorksInACoreAndCatchesWhatItThrows) {
  const std::filesystem::path host = std::filesystem::path(KITH_HOSTS) / GetParam();
  if (!std::filesystem::exists(host)) GTEST_SKIP() << "no compiler for " << GetParam();
  std::string folder = (std::filesystem::temp_directory_path() / "kith-host-XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const Outcome outcome = run_program({host.string(), folder});
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  EXPECT_EQ(outcome.exit, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "well\n") << outcome.err;
}

INSTANTIATE_TEST_SUITE_P(Of, HostTest,
                         ::testing::Values("gxx", "gxx_own_new", "gxx_asan", "clangxx_libcxx",
                                           "clangxx_libcxx_own_new"),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace kith::test
