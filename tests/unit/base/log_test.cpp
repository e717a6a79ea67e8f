#include "base/problem/log.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "base/problem/error.hpp"

namespace kith::internal {
namespace {

class LogTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto* const test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() / ("kith_log_" + std::to_string(getpid()) + "_" + test->name());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string content(const std::string& name) const {
    std::ifstream stream(folder_ / name);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
  }

  std::filesystem::path folder_;
};

TEST_F(LogTest, GivesLinesOfItsLevelToTheCallback) {
  std::vector<std::string> lines;
  const Log log(
      [&](LogLevel level, std::string_view text) {
        lines.push_back(std::to_string(static_cast<int>(level)) + std::string{text});
      },
      {});
  log.debug("not this");
  log.info("a");
  log.warning("b");
  log.write(LogLevel::error, "c");
  EXPECT_EQ(lines, (std::vector<std::string>{"2a", "3b", "4c"}));
}

TEST_F(LogTest, SaysNothingWithoutCallbackAndFile) {
  EXPECT_NO_THROW(Log().warning("x"));
  EXPECT_NO_THROW(Log(nullptr, LogOptions{}).warning("x"));
}

TEST_F(LogTest, WritesALineWithTimeAndLevelToItsFile) {
  LogOptions options;
  options.file = (folder_ / "kith.log").string();
  const Log log(nullptr, options);
  log.warning("disk {} nearly full");
  const std::string text = content("kith.log");
  EXPECT_NE(text.find("Z warning disk {} nearly full\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("T"), 10U) << text;
}

TEST_F(LogTest, RotatesAtItsSizeAndKeepsOnlySoMany) {
  LogOptions options;
  options.file = (folder_ / "kith.log").string();
  options.max_mb = 1;
  options.keep = 2;
  const Log log(nullptr, options);
  const std::string line(1000, 'x');
  for (int i = 0; i < 5000; ++i) log.info(line);
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    ++files;
    EXPECT_LE(std::filesystem::file_size(entry), 1024U * 1024U + 4096U);
  }
  EXPECT_EQ(files, 3U);
}

TEST_F(LogTest, NeverLetsTheCallbackFailTheWork) {
  const Log log([](LogLevel, std::string_view) { throw std::runtime_error("host"); }, {});
  EXPECT_NO_THROW(log.warning("x"));
}

TEST_F(LogTest, SaysWhichFileCannotBeWritten) {
  std::ofstream(folder_ / "file") << "x";
  LogOptions options;
  options.file = (folder_ / "file" / "kith.log").string();
  try {
    const Log log(nullptr, options);
    FAIL() << "a file below a file was opened";
  } catch (const Error& error) {
    EXPECT_EQ(error.number(), ProblemNumber::file_unreadable);
    EXPECT_EQ(error.first().where.file, options.file);
  }
}

}  // namespace
}  // namespace kith::internal
