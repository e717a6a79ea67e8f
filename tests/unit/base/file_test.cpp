#include "base/file/file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/json/json_document.hpp"
#include "base/problem/error.hpp"

namespace kith::internal {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class FileTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto* const test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::temp_directory_path() / ("kith_file_" + std::to_string(getpid()) + "_" + test->name());
    fs::create_directories(folder_);
    mask_ = ::umask(022);
  }
  void TearDown() override {
    ::umask(mask_);
    fs::remove_all(folder_);
  }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string write(const std::string& name, const std::string& text = "x") const {
    std::ofstream(path(name)) << text;
    return path(name);
  }
  std::string pipe(const std::string& name) const {
    EXPECT_EQ(::mkfifo(path(name).c_str(), 0600), 0);
    return path(name);
  }
  static unsigned mode_of(const std::string& file) {
    struct stat status {};
    EXPECT_EQ(::stat(file.c_str(), &status), 0);
    return status.st_mode & 0777U;
  }

  fs::path folder_;
  mode_t mask_ = 0;
};

TEST_F(FileTest, OpensARegularFileAlsoThroughALink) {
  write("a", "text");
  fs::create_symlink("a", path("link"));
  EXPECT_TRUE(open_regular(path("a")).file.open());
  EXPECT_EQ(read_whole(path("link"), Limit::json_file), "text");
}

// Each of these would make a plain open wait, or give something that has no end.
TEST_F(FileTest, RefusesWhatIsNoRegularFileAndSaysWhatItIs) {
  EXPECT_THAT(open_regular(pipe("pipe")).why, HasSubstr("a pipe, not a regular file"));
  EXPECT_THAT(open_regular(folder_.string()).why, HasSubstr("a folder, not a regular file"));
  EXPECT_THAT(open_regular("/dev/zero").why, HasSubstr("a device, not a regular file"));
  const int listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
  struct sockaddr_un address {};
  address.sun_family = AF_UNIX;
  path("socket").copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(listener, reinterpret_cast<const struct sockaddr*>(&address), sizeof address), 0);
  EXPECT_THAT(open_regular(path("socket")).why, HasSubstr("a socket, not a regular file"));
  ::close(listener);
  fs::create_symlink("pipe", path("link"));
  EXPECT_THAT(open_to_write(path("link"), kOwnerOnly).why, HasSubstr("a pipe"));
}

TEST_F(FileTest, NamesTheFileThatCannotBeRead) {
  try {
    JsonDocument::read(pipe("kith.json"));
    FAIL() << "a pipe was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.number(), ProblemNumber::file_unreadable);
    EXPECT_EQ(error.first().where.file, path("kith.json"));
    EXPECT_THAT(error.first().message, HasSubstr("a pipe, not a regular file"));
    EXPECT_THAT(error.first().fix, HasSubstr("written to a file first"));
  }
}

TEST_F(FileTest, SaysOfAFileThatIsNotThereWhatToCheck) {
  // The name alone doesn't make it another kind of file.
  try {
    JsonDocument::read(path("this is not a regular file"));
    FAIL() << "nothing was read";
  } catch (const Error& error) {
    EXPECT_THAT(error.first().fix, HasSubstr("check the path"));
  }
}

TEST_F(FileTest, ReadsNoMoreThanTheLimit) {
  write("big", std::string(most_of(Limit::json_file) + 1, ' '));
  try {
    JsonDocument::read(path("big"));
    FAIL() << "a file beyond the limit was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.number(), ProblemNumber::too_large);
    EXPECT_THAT(error.first().message, HasSubstr("limit \"json_file\""));
  }
}

TEST_F(FileTest, MakesFilesForTheirOwnerAlone) {
  ASSERT_TRUE(open_to_write(path("own"), kOwnerOnly).file.open());
  EXPECT_EQ(mode_of(path("own")), 0600U);
}

TEST_F(FileTest, MakesFilesAsWideAsToldWhateverTheUmask) {
  ::umask(077);
  ASSERT_TRUE(open_to_write(path("shared"), 0664).file.open());
  EXPECT_EQ(mode_of(path("shared")), 0664U);
}

TEST_F(FileTest, LeavesTheRightsAndTheContentOfAFileThatIsThere) {
  fs::permissions(write("old", "kept"), static_cast<fs::perms>(0640));
  ASSERT_TRUE(open_to_write(path("old"), kOwnerOnly).file.open());
  EXPECT_EQ(mode_of(path("old")), 0640U);
  EXPECT_EQ(read_whole(path("old"), Limit::json_file), "kept");
}

TEST_F(FileTest, KnowsAFileUnderAllItsNames) {
  const std::string file = write("c.kith");
  fs::create_symlink("c.kith", path("soft"));
  fs::create_hard_link(file, path("hard"));
  fs::create_directories(path("inner"));
  fs::create_symlink("../soft", path("inner/chain"));
  for (const std::string& name : {path("soft"), path("hard"), path("inner/../c.kith"), path("inner/chain")})
    EXPECT_EQ(identity_of(name), identity_of(file)) << name;
  EXPECT_NE(identity_of(write("other")), identity_of(file));
}

TEST_F(FileTest, KnowsAFileThatIsNotThereYetByItsFolderAndName) {
  fs::create_directory_symlink(folder_, path("here"));
  EXPECT_EQ(identity_of(path("here/c.kith-wal")), identity_of(path("c.kith-wal")));
  fs::create_symlink("c.kith-wal", path("ahead"));
  EXPECT_EQ(identity_of(path("ahead")), identity_of(path("c.kith-wal")));
  EXPECT_NE(identity_of(path("c.kith-shm")), identity_of(path("c.kith-wal")));
  EXPECT_EQ(identity_of(path("nowhere/c.kith")), std::nullopt);
}

TEST_F(FileTest, RefusesToWriteOnAFileOfItsOwn) {
  OwnFiles own;
  own.add(write("c.kith"), "the database");
  fs::create_hard_link(path("c.kith"), path("out.csv"));
  try {
    own.refuse(path("out.csv"), "the export");
    FAIL() << "a second name of the database was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.number(), ProblemNumber::usage);
    EXPECT_THAT(error.first().message, HasSubstr("that is the database"));
  }
  EXPECT_NO_THROW(own.refuse(path("another.csv"), "the export"));
}

}  // namespace
}  // namespace kith::internal
