// The database as a file among files: its rights, its lock under all names, and reading where nothing can be written.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <functional>

#include "base/problem/error.hpp"
#include "store/connection/engine_tables.hpp"
#include "unit/store/support.hpp"

namespace kith::internal::store {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::kWaitUs;
using testing::options_of;
using testing::problem_of;
using testing::TemporaryFolder;

constexpr uid_t kNobody = 65'534;

unsigned mode_of(const std::string& file) {
  struct stat status {};
  EXPECT_EQ(::stat(file.c_str(), &status), 0) << file;
  return status.st_mode & 0777U;
}

std::size_t open_descriptors() {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()));
}

class FilesTest : public ::testing::Test {
 protected:
  void SetUp() override { mask_ = ::umask(022); }
  void TearDown() override {
    ::umask(mask_);
    fs::permissions(folder_path(), fs::perms::owner_all);
  }
  fs::path folder_path() const { return fs::path(path_).parent_path(); }

  std::unique_ptr<Database> open(const std::string& path, std::uint32_t mode = 0600) const {
    StoreOptions options = options_of(path);
    options.file_mode = mode;
    return Database::open(options, log_);
  }
  std::unique_ptr<Database> open_to_read(const std::string& path) const {
    StoreOptions options = options_of(path);
    options.read_only = true;
    return Database::open(options, log_);
  }
  static void put(Database& database, const std::string& key) {
    Writer writer = database.write(kWaitUs);
    set_meta(writer.connection(), key, "here");
    writer.commit();
  }
  static bool has(Database& database, const std::string& key) {
    const Reader reader = database.read(kWaitUs);
    return meta(reader.connection(), key).has_value();
  }
  /// What another process makes of it; without the right to write in the folder, where `stranger`.
  static int in_child(bool stranger, const std::function<int()>& body) {
    const pid_t child = fork();
    if (child == 0) {
      int result = 99;
      try {
        const bool became = !stranger || geteuid() != 0 || (setgroups(0, nullptr) == 0 && setuid(kNobody) == 0);
        result = became ? body() : 98;
      } catch (const std::exception& failure) {
        std::fprintf(stderr, "%s\n", failure.what());
        result = 97;
      }
      _exit(result);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  /// Nobody but root may write in the folder from now on.
  void close_folder() const { fs::permissions(folder_path(), static_cast<fs::perms>(0555)); }

  TemporaryFolder folder_;
  std::string path_ = folder_.file("c.kith");
  Log log_;
  mode_t mask_ = 0;
};

TEST_F(FilesTest, MakesAllFilesForTheirOwnerAlone) {
  const auto database = open(path_);
  put(*database, "key");
  for (const char* suffix : {"", "-wal", "-shm", "-lock"}) EXPECT_EQ(mode_of(path_ + suffix), 0600U) << suffix;
}

TEST_F(FilesTest, MakesAllFilesAsWideAsConfigured) {
  ::umask(077);
  const auto database = open(path_, 0660);
  put(*database, "key");
  for (const char* suffix : {"", "-wal", "-shm", "-lock"}) EXPECT_EQ(mode_of(path_ + suffix), 0660U) << suffix;
}

TEST_F(FilesTest, LeavesNothingBesideTheFileWhenItIsClosed) {
  put(*open(path_), "key");
  for (const char* suffix : {"-wal", "-shm", "-lock"}) EXPECT_FALSE(fs::exists(path_ + suffix)) << suffix;
}

TEST_F(FilesTest, IsLockedUnderEveryNameThatItHas) {
  const auto first = open(path_);
  fs::create_directory(folder_.file("elsewhere"));
  const std::string link = folder_.file("elsewhere/d.kith");
  fs::create_hard_link(path_, link);
  const auto refused = [&] { return problem_of([&] { open(link); }) == ProblemNumber::file_locked ? 0 : 1; };
  EXPECT_EQ(in_child(false, refused), 0) << "a second process";
  EXPECT_EQ(refused(), 0) << "a second core of this process";
  fs::rename(path_, folder_.file("renamed.kith"));
  EXPECT_EQ(problem_of([&] { open(folder_.file("renamed.kith")); }), ProblemNumber::file_locked);
}

TEST_F(FilesTest, SaysThatTheHolderMayHaveAnotherNameForTheFile) {
  const auto first = open(path_);
  fs::create_hard_link(path_, folder_.file("d.kith"));
  try {
    open(folder_.file("d.kith"));
    FAIL() << "two writers";
  } catch (const Error& error) {
    EXPECT_THAT(error.first().message, HasSubstr("by this or another name of the file"));
  }
}

// Whoever closes a descriptor of a file takes away the locks that SQLite holds on it in the same process.
TEST_F(FilesTest, KeepsTheLocksOfSqliteWhenASecondCoreIsRefused) {
  const auto first = open(path_);
  put(*first, "key");
  fs::create_hard_link(path_, folder_.file("d.kith"));
  const auto sqlite_holds_its_lock = [&] {
    const int descriptor = ::open(path_.c_str(), O_RDWR);
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_start = 0x40000002;
    lock.l_len = 510;
    return fcntl(descriptor, F_GETLK, &lock) == 0 && lock.l_type == F_RDLCK ? 0 : 1;
  };
  ASSERT_EQ(in_child(false, sqlite_holds_its_lock), 0);
  const std::size_t before = open_descriptors();
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(problem_of([&] { open(folder_.file("d.kith")); }), ProblemNumber::file_locked);
    EXPECT_EQ(problem_of([&] { open(path_); }), ProblemNumber::file_locked);
  }
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_EQ(in_child(false, sqlite_holds_its_lock), 0);
}

TEST_F(FilesTest, KeepsTheLocksOfAReaderWhenAWriterOfTheSameProcessGoes) {
  put(*open(path_), "key");
  const auto reader = open_to_read(path_);
  put(*open(path_), "later");
  EXPECT_TRUE(has(*reader, "later"));
  EXPECT_EQ(in_child(false,
                     [&] {
                       put(*open(path_), "by another");
                       return 0;
                     }),
            0);
  EXPECT_TRUE(has(*reader, "by another"));
}

TEST_F(FilesTest, OpensToReadWhereNothingCanBeWritten) {
  put(*open(path_, 0644), "key");
  close_folder();
  EXPECT_EQ(in_child(true, [&] { return has(*open_to_read(path_), "key") ? 0 : 1; }), 0);
  EXPECT_FALSE(fs::exists(path_ + "-shm"));
}

TEST_F(FilesTest, OpensToReadWhereNothingCanBeWrittenUnderANameOfManySigns) {
  const std::string odd = folder_.file("a b%20?x#=李.kith");
  put(*open(odd, 0644), "key");
  close_folder();
  EXPECT_EQ(in_child(true, [&] { return has(*open_to_read(odd), "key") ? 0 : 1; }), 0);
}

TEST_F(FilesTest, LeavesNothingBesideAFileThatItsReaderCannotWrite) {
  put(*open(path_, 0644), "key");
  fs::permissions(folder_path(), fs::perms::all);
  if (geteuid() != 0) fs::permissions(path_, static_cast<fs::perms>(0444));
  EXPECT_EQ(in_child(true, [&] { return has(*open_to_read(path_), "key") ? 0 : 1; }), 0);
  EXPECT_FALSE(fs::exists(path_ + "-shm"));
}

TEST_F(FilesTest, FollowsAWriterFromWhereNothingCanBeWritten) {
  const auto writer = open(path_, 0644);
  put(*writer, "key");
  close_folder();
  EXPECT_EQ(in_child(true, [&] { return has(*open_to_read(path_), "key") ? 0 : 1; }), 0);
}

TEST_F(FilesTest, KeepsWritersAwayFromAReaderThatCannotFollowThem) {
  put(*open(path_, 0644), "key");
  close_folder();
  int told[2], asked[2];
  ASSERT_EQ(::pipe(told) + ::pipe(asked), 0);
  const pid_t child = fork();
  if (child == 0) {
    if (geteuid() == 0 && (setgroups(0, nullptr) != 0 || setuid(kNobody) != 0)) _exit(98);
    const auto reader = open_to_read(path_);
    char byte = 'x';
    [[maybe_unused]] const ssize_t said = ::write(told[1], &byte, 1);
    [[maybe_unused]] const ssize_t heard = ::read(asked[0], &byte, 1);
    _exit(has(*reader, "key") ? 0 : 1);
  }
  char byte = 0;
  ASSERT_EQ(::read(told[0], &byte, 1), 1);
  fs::permissions(folder_path(), fs::perms::owner_all);
  try {
    open(path_);
    ADD_FAILURE() << "written under a reader that takes the file for frozen";
  } catch (const Error& error) {
    EXPECT_EQ(error.number(), ProblemNumber::file_locked);
    EXPECT_THAT(error.first().message, HasSubstr("can't follow changes"));
  }
  ASSERT_EQ(::write(asked[1], &byte, 1), 1);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_NO_THROW(put(*open(path_), "later"));
}

TEST_F(FilesTest, SaysWhatToDoWhenALogWouldHaveToBeReadIn) {
  const int crashed = in_child(false, [&]() -> int {
    const auto database = open(path_, 0644);
    put(*database, "key");
    _exit(7);  // without closing: the log stays
  });
  ASSERT_EQ(crashed, 7);
  fs::remove(path_ + "-shm");
  close_folder();
  EXPECT_EQ(in_child(true,
                     [&] {
                       try {
                         open_to_read(path_);
                       } catch (const Error& error) {
                         const bool said = error.first().message.find("was not closed well") != std::string::npos;
                         return said ? 0 : 1;
                       }
                       return 2;
                     }),
            0);
}

TEST_F(FilesTest, RefusesWhatIsNoFileInsteadOfWaiting) {
  ASSERT_EQ(::mkfifo(folder_.file("pipe.kith").c_str(), 0600), 0);
  EXPECT_EQ(problem_of([&] { open(folder_.file("pipe.kith")); }), ProblemNumber::not_a_kith_file);
  EXPECT_EQ(problem_of([&] { open_to_read(folder_.file("pipe.kith")); }), ProblemNumber::not_a_kith_file);
  for (const char* suffix : {"-wal", "-shm", "-journal"}) {
    ASSERT_EQ(::mkfifo((path_ + suffix).c_str(), 0600), 0);
    EXPECT_EQ(problem_of([&] { open(path_); }), ProblemNumber::storage_failed) << suffix;
    fs::remove(path_ + suffix);
  }
}

TEST_F(FilesTest, WarnsOfAFileWithSeveralNames) {
  put(*open(path_), "key");
  fs::create_hard_link(path_, folder_.file("d.kith"));
  std::string told;
  const Log log([&](LogLevel, std::string_view text) { told += text; }, {});
  Database::open(options_of(path_), log);
  EXPECT_THAT(told, HasSubstr("2 names"));
}

}  // namespace
}  // namespace kith::internal::store
