#include "base/problem/log.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
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

TEST_F(LogTest, KeepsOneCallInOneLineWhateverItSays) {
  LogOptions options;
  options.file = (folder_ / "kith.log").string();
  std::string told;
  const Log log([&](LogLevel, std::string_view text) { told = text; }, options);
  log.warning("plugin x: done\n2026-01-01T00:00:00Z error forged \x1b[2J");
  EXPECT_EQ(told, "plugin x: done\\n2026-01-01T00:00:00Z error forged \\u001b[2J");
  const std::string text = content("kith.log");
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST_F(LogTest, CutsALineThatWouldFillTheDisk) {
  std::string told;
  const Log log([&](LogLevel, std::string_view text) { told = text; }, {});
  log.warning(std::string(10'000'000, 'x'));
  EXPECT_LT(told.size(), 20'000U);
  EXPECT_NE(told.find("(10000000 bytes)"), std::string::npos);
}

TEST_F(LogTest, TellsAProblemInOneLine) {
  Problem problem;
  problem.number = ProblemNumber::plugin_not_found;
  problem.message = "there is no plugin 'x'";
  problem.where = {"kith.json", 3, 5};
  problem.fix = "install it";
  EXPECT_EQ(one_line(problem), "KITH-2101  there is no plugin 'x' (at kith.json:3:5; fix: install it)");
  EXPECT_EQ(reason_of(Error(problem)), one_line(problem));
  EXPECT_EQ(reason_of(std::runtime_error("plain")), "plain");
}

TEST_F(LogTest, MakesItsFilesForTheirOwnerAloneAlsoWhenTheyAreRotated) {
  const auto mask = ::umask(022);
  LogOptions options;
  options.file = (folder_ / "kith.log").string();
  options.max_mb = 1;
  options.keep = 2;
  {
    const Log log(nullptr, options);
    for (int i = 0; i < 200; ++i) log.warning(std::string(16'000, 'x'));
  }
  ::umask(mask);
  ASSERT_TRUE(std::filesystem::exists(folder_ / "kith.1.log"));
  for (const std::string& file : files_of(options))
    EXPECT_EQ(std::filesystem::status(file).permissions(), static_cast<std::filesystem::perms>(0600)) << file;
}

TEST_F(LogTest, RefusesAPipeInsteadOfWaitingForItsReader) {
  LogOptions options;
  options.file = (folder_ / "kith.log").string();
  ASSERT_EQ(::mkfifo(options.file.c_str(), 0600), 0);
  try {
    const Log log(nullptr, options);
    FAIL() << "a pipe was opened as log file";
  } catch (const Error& error) {
    EXPECT_NE(error.first().message.find("a pipe, not a regular file"), std::string::npos);
  }
}

}  // namespace
}  // namespace kith::internal
