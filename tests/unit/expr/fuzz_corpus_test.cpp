// Inputs that the fuzzer is seeded with, and those with which it found something.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "fuzz/expr_input.hpp"

namespace kith::internal::expr::testing {
namespace {

TEST(FuzzCorpusTest, EveryKeptInputIsAnswered) {
  int seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator(KITH_SOURCE_DIR "/tests/fuzz/corpus/expr")) {
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(kith::test::fault_of_expression(text), "") << entry.path().filename() << ": " << text;
    ++seen;
  }
  EXPECT_GT(seen, 20);
}

}  // namespace
}  // namespace kith::internal::expr::testing
