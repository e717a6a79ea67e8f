// Inputs that the fuzzer is seeded with, those with which it found something, and blind mixtures of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>

#include "fuzz/expr_input.hpp"
#include "unit/expr/worlds/generator.hpp"

namespace kith::internal::expr::testing {
namespace {

std::vector<std::string> corpus() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(KITH_SOURCE_DIR "/tests/fuzz/corpus/expr")) {
    paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> inputs;
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return inputs;
}

TEST(FuzzCorpusTest, EveryKeptInputIsAnswered) {
  const std::vector<std::string> inputs = corpus();
  EXPECT_GT(inputs.size(), 20U);
  for (const std::string& input : inputs) EXPECT_EQ(kith::test::fault_of_expression(input), "") << input;
}

// What coverage-guided fuzzing does, without coverage: a piece of one input in place of a piece of another.
TEST(FuzzCorpusTest, MixturesOfKeptInputsAreAnswered) {
  std::mt19937_64 random(first_seed());
  const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random() % limit); };
  std::vector<std::string> inputs = corpus();
  const std::size_t kept = inputs.size();
  const std::int64_t count = case_count(5'000, 200'000);
  int failures = 0;
  for (std::int64_t i = 0; i < count && failures < 5; ++i) {
    std::string text = inputs[below(inputs.size())];
    for (std::size_t step = 0, steps = 1 + below(3); step < steps; ++step) {
      const std::string& other = inputs[below(inputs.size())];
      const std::size_t from = below(other.size() + 1), at = below(text.size() + 1);
      const std::string piece = other.substr(from, below(24));
      text = random() % 3 == 0 ? text.insert(at, piece) : text.replace(at, below(12), piece);
    }
    if (text.size() > 300) text.resize(300);
    const std::string fault = kith::test::fault_of_expression(text);
    if (!fault.empty()) {
      ++failures;
      ADD_FAILURE() << fault << "\n" << text;
    }
    if (inputs.size() < kept + 400)
      inputs.push_back(std::move(text));
    else if (random() % 8 == 0)
      inputs[kept + below(400)] = std::move(text);
  }
}

}  // namespace
}  // namespace kith::internal::expr::testing
