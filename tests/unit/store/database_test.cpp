#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <condition_variable>
#include <fstream>
#include <thread>

#include "base/problem/error.hpp"
#include "store/connection/engine_tables.hpp"
#include "store/connection/sqlite_connection.hpp"
#include "store/connection/turn_queue.hpp"
#include "unit/store/support.hpp"

namespace kith::internal::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::integer;
using testing::kWaitUs;
using testing::options_of;
using testing::problem_of;
using testing::TemporaryFolder;

class DatabaseTest : public ::testing::Test {
 protected:
  std::unique_ptr<Database> open() { return Database::open(options_of(path_), log_); }
  static void put(Database& database, const std::string& key) {
    Writer writer = database.write(kWaitUs);
    set_meta(writer.connection(), key, "here");
    writer.commit();
  }
  static bool has(Database& database, const std::string& key) {
    const Reader reader = database.read(kWaitUs);
    return meta(reader.connection(), key).has_value();
  }

  TemporaryFolder folder_;
  std::string path_ = folder_.file("kith.db");
  Log log_;
};

TEST_F(DatabaseTest, KeepsWhatWasCommittedAndNothingElse) {
  {
    const auto database = open();
    put(*database, "committed");
    Writer writer = database->write(kWaitUs);
    set_meta(writer.connection(), "not committed", "here");
  }
  const auto database = open();
  EXPECT_TRUE(has(*database, "committed"));
  EXPECT_FALSE(has(*database, "not committed"));
  EXPECT_THAT(database->check_integrity(), ElementsAre());
}

TEST_F(DatabaseTest, MarksItsFileAsItsOwn) {
  open();
  std::ifstream file(path_, std::ios::binary);
  std::string head(100, '\0');
  file.read(head.data(), 100);
  EXPECT_EQ(head.substr(0, 15), "SQLite format 3");
  EXPECT_EQ(head.substr(68, 4), "Kith");
}

TEST_F(DatabaseTest, RefusesAFileThatIsNoDatabaseAndLeavesItAlone) {
  const std::string content = "name,email\n" + std::string(4096, 'x');
  std::ofstream(path_) << content;
  EXPECT_EQ(problem_of([&] { open(); }), ProblemNumber::not_a_kith_file);
  std::ifstream file(path_);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), content);
}

TEST_F(DatabaseTest, RefusesTheDatabaseOfAnotherProgramAndLeavesItsJournalModeAlone) {
  { NativeSession(path_, NativeSession::Access::write).run("CREATE TABLE theirs (v)"); }
  EXPECT_EQ(problem_of([&] { open(); }), ProblemNumber::not_a_kith_file);
  EXPECT_EQ(NativeSession(path_, NativeSession::Access::write).text("PRAGMA journal_mode"), "delete");
}

TEST_F(DatabaseTest, RefusesAFileOfANewerFormat) {
  open();
  { NativeSession(path_, NativeSession::Access::write).run("PRAGMA user_version = " + std::to_string(kFormat + 1)); }
  EXPECT_EQ(problem_of([&] { open(); }), ProblemNumber::newer_catalog);
}

TEST_F(DatabaseTest, TakesAnEmptyFileForANewOne) {
  std::ofstream{path_};
  put(*open(), "key");
  EXPECT_TRUE(has(*open(), "key"));
}

TEST_F(DatabaseTest, DoesNotMakeAFileWhenToldNotTo) {
  StoreOptions options = options_of(path_);
  options.create = false;
  EXPECT_EQ(problem_of([&] { Database::open(options, log_); }), ProblemNumber::storage_failed);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(DatabaseTest, RefusesAnUnknownUrlWithoutShowingItsPassword) {
  StoreOptions options;
  options.url = "postgresql://me:secret@host/db";
  try {
    Database::open(options, log_);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.number(), ProblemNumber::storage_unsupported);
    EXPECT_THAT(error.what(), ::testing::Not(HasSubstr("secret")));
  }
}

TEST_F(DatabaseTest, KeepsAPrivateDatabaseInAFileThatGoesWithIt) {
  StoreOptions options;
  options.url = "sqlite::memory:";
  auto database = Database::open(options, log_);
  put(*database, "key");
  EXPECT_TRUE(has(*database, "key"));
  const std::string file = database->facts().path;
  EXPECT_TRUE(std::filesystem::exists(file));
  database.reset();
  for (const char* suffix : {"", "-wal", "-shm", "-lock"}) EXPECT_FALSE(std::filesystem::exists(file + suffix));
}

// A process that opens the database, says so and waits to be killed.
class Holder {
 public:
  explicit Holder(const std::string& path) {
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("no pipe");
    child_ = fork();
    if (child_ == 0) {
      const Log log;
      const auto database = Database::open(options_of(path), log);
      Writer writer = database->write(kWaitUs);
      set_meta(writer.connection(), "of the child", "here");
      writer.commit();
      writer.connection().begin(true);
      set_meta(writer.connection(), "after the commit", "here");
      [[maybe_unused]] const ssize_t told = ::write(ends[1], "x", 1);
      pause();
      _exit(0);
    }
    char ready = 0;
    [[maybe_unused]] const ssize_t heard = ::read(ends[0], &ready, 1);
    close(ends[0]);
    close(ends[1]);
  }
  ~Holder() { kill(); }
  void kill() {
    if (child_ <= 0) return;
    ::kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
    child_ = 0;
  }
  pid_t pid() const { return child_; }

 private:
  pid_t child_ = 0;
};

TEST_F(DatabaseTest, RefusesASecondWritingProcessAndNamesTheFirst) {
  const Holder holder(path_);
  try {
    open();
    FAIL() << "two processes have the file open for writing";
  } catch (const Error& error) {
    EXPECT_EQ(error.number(), ProblemNumber::file_locked);
    EXPECT_THAT(error.what(), HasSubstr("pid " + std::to_string(holder.pid())));
  }
}

TEST_F(DatabaseTest, LeavesNoLockBehindAKilledProcessAndKeepsItsCommits) {
  Holder holder(path_);
  holder.kill();
  const auto database = open();
  EXPECT_TRUE(has(*database, "of the child"));
  EXPECT_FALSE(has(*database, "after the commit"));
  EXPECT_THAT(database->check_integrity(), ElementsAre());
}

TEST_F(DatabaseTest, WaitsForTheLockAsLongAsItWasTold) {
  Holder holder(path_);
  std::thread killer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    holder.kill();
  });
  StoreOptions options = options_of(path_);
  options.lock_wait_us = kWaitUs;
  EXPECT_NO_THROW(Database::open(options, log_));
  killer.join();
}

TEST_F(DatabaseTest, RefusesASecondCoreOfTheSameProcessByWhateverName) {
  const auto first = open();
  EXPECT_EQ(problem_of([&] { open(); }), ProblemNumber::file_locked);
  std::filesystem::create_symlink(path_, folder_.file("alias.db"));
  EXPECT_EQ(problem_of([&] { Database::open(options_of(folder_.file("alias.db")), log_); }),
            ProblemNumber::file_locked);
}

TEST_F(DatabaseTest, OpensReadOnlyBesideAWritingProcess) {
  const Holder holder(path_);
  StoreOptions options = options_of(path_);
  options.read_only = true;
  const auto database = Database::open(options, log_);
  EXPECT_TRUE(has(*database, "of the child"));
  EXPECT_EQ(problem_of([&] { database->write(0); }), ProblemNumber::unsupported);
}

TEST_F(DatabaseTest, OpensReadOnlyWhenNobodyWrites) {
  put(*open(), "key");
  StoreOptions options = options_of(path_);
  options.read_only = true;
  EXPECT_TRUE(has(*Database::open(options, log_), "key"));
}

TEST_F(DatabaseTest, RefusesToBeUsedAfterAFork) {
  const auto database = open();
  put(*database, "of the parent");
  const pid_t child = fork();
  if (child == 0) {
    const bool refused = problem_of([&] { database->write(0); }) == ProblemNumber::misuse &&
                         problem_of([&] { database->read(0); }) == ProblemNumber::misuse;
    _exit(refused ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  put(*database, "again");
}

TEST_F(DatabaseTest, TellsAThreadAtOnceThatItWaitsForItself) {
  const auto database = open();
  const Writer writer = database->write(kWaitUs);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(problem_of([&] { database->write(60'000'000); }), ProblemNumber::misuse);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST_F(DatabaseTest, SaysBusyWhenTheWriterIsHeldPastTheDeadline) {
  const auto database = open();
  const Writer writer = database->write(kWaitUs);
  std::thread([&] { EXPECT_EQ(problem_of([&] { database->write(20'000); }), ProblemNumber::writer_busy); }).join();
}

TEST_F(DatabaseTest, NamesWhoHoldsTheWriterAndForHowLong) {
  const auto database = open();
  const Writer writer = database->write(kWaitUs, {"actor 'alice' of tenant 'acme'"});
  std::thread([&] {
    try {
      database->write(20'000);
      ADD_FAILURE() << "it is held";
    } catch (const Error& error) {
      EXPECT_EQ(error.number(), ProblemNumber::writer_busy);
      EXPECT_THAT(error.first().found, ::testing::HasSubstr("actor 'alice' of tenant 'acme', for 0."));
    }
  }).join();
}

TEST_F(DatabaseTest, EndsAWaitForTheWriterAndForAReaderThatIsToldToEnd) {
  const auto database = open();
  const Writer writer = database->write(kWaitUs);
  std::vector<Reader> readers;
  for (int i = 0; i < 4; ++i) readers.push_back(database->read(kWaitUs));
  Stop stop;
  WriterUse use;
  use.stop = &stop;
  std::thread writes(
      [&] { EXPECT_EQ(problem_of([&] { database->write(600'000'000, use); }), ProblemNumber::cancelled); });
  std::thread reads(
      [&] { EXPECT_EQ(problem_of([&] { database->read(600'000'000, &stop); }), ProblemNumber::cancelled); });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  stop.request(Stop::Why::cancelled);
  writes.join();
  reads.join();
}

TEST(TurnQueueTest, AsksWhoIsPastItsLimitToGiveWayAndNobodyBefore) {
  TurnQueue queue;
  std::atomic<int> asked{0};
  WriterUse use{"a slow one"};
  use.limit_us = 100'000;
  use.give_way = [&] {
    if (++asked == 2) queue.leave();  // it was busy when it was asked first
  };
  ASSERT_TRUE(queue.enter(0, use));
  EXPECT_FALSE(queue.enter(10'000)) << "not before its limit";
  EXPECT_EQ(asked, 0);
  EXPECT_TRUE(queue.enter(60'000'000));
  EXPECT_EQ(asked, 2);
  queue.leave();
}

TEST(TurnQueueTest, OfWhoGivesWayBelongsToNoThread) {
  TurnQueue queue;
  WriterUse use{"a session"};
  use.limit_us = 60'000'000;
  use.give_way = [] {};
  ASSERT_TRUE(queue.enter(0, use));
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    queue.leave();
  });
  EXPECT_TRUE(queue.enter(60'000'000)) << "the thread that took it waits like any other";
  other.join();
  queue.leave();
}

TEST(TurnQueueTest, LetsThreadsGoInTheOrderInWhichTheyAsked) {
  TurnQueue queue;
  std::vector<int> order;
  std::vector<std::thread> threads;
  ASSERT_TRUE(queue.enter(0));
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      ASSERT_TRUE(queue.enter(600'000'000));
      order.push_back(i);
      queue.leave();
    });
    while (queue.waiting() != static_cast<std::size_t>(i + 1)) std::this_thread::yield();
  }
  queue.leave();
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(order, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7));
}

TEST(TurnQueueTest, LetsTheNextGoWhenTheOneBeforeGaveUp) {
  TurnQueue queue;
  ASSERT_TRUE(queue.enter(0));
  std::thread impatient([&] { EXPECT_FALSE(queue.enter(1000)); });
  impatient.join();
  bool went = false;
  std::thread patient([&] {
    went = queue.enter(600'000'000);
    queue.leave();
  });
  queue.leave();
  patient.join();
  EXPECT_TRUE(went);
  EXPECT_EQ(queue.waiting(), 0U);
}

TEST_F(DatabaseTest, LosesNoIncrementOfManyWritersAndDisturbsNoReader) {
  const auto database = open();
  constexpr int kThreads = 4, kTimes = 50;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kTimes; ++i) {
        Writer writer = database->write(60'000'000);
        const int before = std::stoi(meta(writer.connection(), "counter").value_or("0"));
        set_meta(writer.connection(), "counter", std::to_string(before + 1));
        writer.commit();
        const Reader reader = database->read(60'000'000);
        EXPECT_GT(std::stoi(meta(reader.connection(), "counter").value_or("0")), before);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const Reader reader = database->read(kWaitUs);
  EXPECT_EQ(meta(reader.connection(), "counter"), std::to_string(kThreads * kTimes));
}

TEST_F(DatabaseTest, ShowsAReaderOneSnapshotFromItsStart) {
  const auto database = open();
  const Reader before = database->read(kWaitUs);
  put(*database, "later");
  EXPECT_FALSE(meta(before.connection(), "later").has_value());
  EXPECT_TRUE(has(*database, "later"));
}

TEST_F(DatabaseTest, SaysSoWhenAllReadersAreHeldPastTheDeadline) {
  StoreOptions options = options_of(path_);
  options.readers = 2;
  const auto database = Database::open(options, log_);
  const Reader first = database->read(kWaitUs);
  {
    const Reader second = database->read(kWaitUs);
    EXPECT_EQ(problem_of([&] { database->read(20'000); }), ProblemNumber::deadline_passed);
  }
  EXPECT_NO_THROW(database->read(20'000));
}

TEST_F(DatabaseTest, RollsBackWhatAWriterLeavesOpenAndTakesTheNext) {
  const auto database = open();
  try {
    const Writer writer = database->write(kWaitUs);
    set_meta(writer.connection(), "half", "done");
    throw std::runtime_error("the caller failed");
  } catch (const std::runtime_error&) {
  }
  EXPECT_FALSE(has(*database, "half"));
  put(*database, "next");
}

TEST_F(DatabaseTest, KeepsTheLogShortByCheckpoints) {
  const auto database = open();
  {
    Writer writer = database->write(kWaitUs);
    writer.connection().execute("CREATE TABLE filler (v BLOB) STRICT");
    writer.commit();
  }
  for (int i = 0; i < 60; ++i) {
    Writer writer = database->write(kWaitUs);
    writer.connection().execute("INSERT INTO filler VALUES (randomblob(1000000))");
    writer.commit();
  }
  EXPECT_LT(database->facts().wal_bytes, 12 << 20);
  EXPECT_GT(database->facts().file_bytes, 50 << 20);
}

TEST_F(DatabaseTest, CatchesUpWithTheLogAfterALongReader) {
  const auto database = open();
  {
    Writer writer = database->write(kWaitUs);
    writer.connection().execute("CREATE TABLE filler (v BLOB) STRICT");
    writer.commit();
  }
  const auto fill = [&](int times) {
    for (int i = 0; i < times; ++i) {
      Writer writer = database->write(kWaitUs);
      writer.connection().execute("INSERT INTO filler VALUES (randomblob(1000000))");
      writer.commit();
    }
  };
  {
    const Reader pinned = database->read(kWaitUs);
    fill(20);
    EXPECT_GT(database->facts().wal_bytes, 15 << 20);
  }
  fill(12);
  EXPECT_LT(database->facts().wal_bytes, 40 << 20);
  const std::int64_t after_reader = database->facts().wal_bytes;
  fill(30);
  EXPECT_LE(database->facts().wal_bytes, after_reader);
}

TEST_F(DatabaseTest, TellsWhatItRunsOn) {
  const auto database = open();
  const StoreFacts facts = database->facts();
  EXPECT_EQ(facts.engine, "SQLite");
  EXPECT_EQ(facts.journal_mode, "wal");
  EXPECT_EQ(facts.synchronous, "full");
  EXPECT_EQ(facts.path, path_);
  EXPECT_THAT(facts.library_file, HasSubstr("sqlite3"));
  EXPECT_GT(facts.file_bytes + facts.wal_bytes, 0);
}

TEST_F(DatabaseTest, WritesWithLessCareForPowerLossWhenAsked) {
  StoreOptions options = options_of(path_);
  options.survive_power_loss = false;
  EXPECT_EQ(Database::open(options, log_)->facts().synchronous, "normal");
}

TEST_F(DatabaseTest, ShowsReadersTheStatisticsOfANewAnalysis) {
  const auto database = open();
  { const Reader reader = database->read(kWaitUs); }
  put(*database, "key");
  database->analyze();
  const Reader reader = database->read(kWaitUs);
  EXPECT_GT(integer(reader.connection(), "SELECT count(*) FROM sqlite_stat1"), 0);
}

class StatisticsTest : public DatabaseTest {
 protected:
  static void add(Database& database, int rows) {
    Writer writer = database.write(kWaitUs);
    writer.connection().execute(
        "CREATE TABLE IF NOT EXISTS thing (n INTEGER PRIMARY KEY, m INTEGER) STRICT; CREATE INDEX IF NOT EXISTS by_m "
        "ON "
        "thing (m); WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < " +
        std::to_string(rows) + ") INSERT INTO thing (m) SELECT i % 10 FROM c");
    writer.commit();
  }
  /// Rows of the table when statistics were last taken; -1: never.
  static std::int64_t counted(Database& database) {
    const Reader reader = database.read(kWaitUs);
    if (integer(reader.connection(), "SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_stat1'") == 0) return -1;
    return integer(reader.connection(), "SELECT max(CAST(stat AS INTEGER)) FROM sqlite_stat1 WHERE tbl = 'thing'");
  }
};

TEST_F(StatisticsTest, AreTakenByCommitsOnceThereIsSomethingToCount) {
  const auto database = open();
  add(*database, 9'000);
  EXPECT_EQ(counted(*database), -1);
  add(*database, 2'000);
  EXPECT_EQ(counted(*database), 11'000) << "nobody has imported or asked";
}

TEST_F(StatisticsTest, AreTakenAgainWhenAsMuchAsThereWasHasBeenWrittenTwice) {
  const auto database = open();
  add(*database, 11'000);
  add(*database, 12'000);
  EXPECT_EQ(counted(*database), 11'000);
  add(*database, 12'000);
  EXPECT_EQ(counted(*database), 35'000);
}

TEST_F(StatisticsTest, WaitForWhoHasTheTimeWhereTheyTakeLong) {
  {
    const auto database = open();
    add(*database, 120'000);
    EXPECT_EQ(counted(*database), -1) << "a commit doesn't wait for them";
    database->keep_statistics(1'000);
    EXPECT_EQ(counted(*database), -1);
    database->keep_statistics(10'000'000);
    EXPECT_EQ(counted(*database), 120'000);
    add(*database, 250'000);
    EXPECT_EQ(counted(*database), 120'000);
  }
  EXPECT_EQ(counted(*open()), 370'000) << "closing has the time";
}

TEST_F(StatisticsTest, AreTakenOfAFileThatGrewWithoutThem) {
  {
    const auto database = open();
    add(*database, 70'000);
    Writer writer = database->write(kWaitUs);
    writer.connection().execute("ANALYZE; DROP TABLE IF EXISTS sqlite_stat4; DELETE FROM sqlite_stat1");
    writer.commit();
  }
  {
    const auto database = open();
    Writer writer = database->write(kWaitUs);
    writer.connection().execute("DROP TABLE sqlite_stat1");
    writer.commit();
  }
  const auto database = open();
  database->keep_statistics(INT64_MAX);
  EXPECT_EQ(counted(*database), 70'000);
}

TEST_F(DatabaseTest, HasAPageCacheOfTheSizeThatIsAskedFor) {
  StoreOptions options;
  options.url = "sqlite:" + folder_.file("cache.db");
  options.cache_mb = 40;
  const Log log;
  const auto database = Database::open(options, log);
  EXPECT_EQ(database->facts().cache_mb, 40);
  {
    Writer writer = database->write(kWaitUs);
    EXPECT_EQ(integer(writer.connection(), "PRAGMA cache_size"), -40 * 1024);
  }
  const Reader reader = database->read(kWaitUs);
  EXPECT_EQ(integer(reader.connection(), "PRAGMA cache_size"), -10 * 1024);
}

}  // namespace
}  // namespace kith::internal::store
