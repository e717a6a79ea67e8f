#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <thread>

#include "base/problem/error.hpp"
#include "store/connection/sqlite_connection.hpp"
#include "unit/store/support.hpp"

namespace kith::internal::store {
namespace {

using ::testing::HasSubstr;
using testing::integer;
using ::testing::Not;
using testing::problem_of;
using testing::TemporaryFolder;
using testing::text;

class ConnectionTest : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
  SqliteConnection connection_{folder_.file("plain.db"), ConnectionUse::writer, "NORMAL"};
};

TEST_F(ConnectionTest, PreparesAStatementOnceAndUsesItAgain) {
  for (int i = 0; i < 10; ++i) connection_.prepare("SELECT 1")->step();
  EXPECT_EQ(connection_.statements_prepared(), 1);
}

TEST_F(ConnectionTest, GivesASecondCopyOfAStatementThatIsInUse) {
  const StatementPtr outer = connection_.prepare("SELECT ?");
  outer->bind(0, std::int64_t{1});
  const StatementPtr inner = connection_.prepare("SELECT ?");
  inner->bind(0, std::int64_t{2});
  ASSERT_TRUE(outer->step());
  ASSERT_TRUE(inner->step());
  EXPECT_EQ(outer->integer(0), 1);
  EXPECT_EQ(inner->integer(0), 2);
  EXPECT_EQ(connection_.statements_prepared(), 2);
}

TEST_F(ConnectionTest, ForgetsTheBindsOfAStatementThatWasGivenBack) {
  connection_.prepare("SELECT ?")->bind(0, std::string_view("left behind"));
  const StatementPtr again = connection_.prepare("SELECT ?");
  ASSERT_TRUE(again->step());
  EXPECT_TRUE(again->is_null(0));
}

TEST_F(ConnectionTest, KeepsTheStatementCacheBounded) {
  const StatementPtr held = connection_.prepare("SELECT 'held'");
  for (int i = 0; i < 5000; ++i) connection_.prepare("SELECT " + std::to_string(i))->step();
  EXPECT_LT(connection_.statements_cached(), 400U);
  ASSERT_TRUE(held->step());
  EXPECT_EQ(held->text(0), "held");
}

TEST_F(ConnectionTest, RefusesTwoStatementsInOnePrepare) {
  EXPECT_THROW(connection_.prepare("SELECT 1; SELECT 2"), Error);
  EXPECT_THROW(connection_.prepare(""), Error);
  EXPECT_NO_THROW(connection_.prepare("SELECT 1;\n"));
}

TEST_F(ConnectionTest, BringsHostileTextBackUnchanged) {
  connection_.execute("CREATE TABLE t (v TEXT) STRICT");
  const std::string texts[] = {"'); DROP TABLE t; --",         "\"quoted\"", "李娜 👩‍👩‍👧",
                               std::string("nul\0inside", 10), "",           "\n\t\\%_",
                               std::string(100'000, 'x')};
  for (const std::string& hostile : texts) {
    connection_.prepare("DELETE FROM t")->step();
    const StatementPtr insert = connection_.prepare("INSERT INTO t VALUES (?)");
    insert->bind(0, std::string_view(hostile));
    insert->step();
    EXPECT_EQ(text(connection_, "SELECT v FROM t"), hostile);
  }
  EXPECT_EQ(integer(connection_, "SELECT count(*) FROM t"), 1);
}

TEST_F(ConnectionTest, KeepsTheLimitsOfNumbers) {
  connection_.execute("CREATE TABLE t (i INTEGER, d REAL) STRICT");
  for (const std::int64_t number :
       {INT64_MIN, INT64_MIN + 1, std::int64_t{-1}, std::int64_t{0}, (std::int64_t{1} << 53) + 1, INT64_MAX}) {
    const StatementPtr row = connection_.prepare("SELECT ?");
    row->bind(0, number);
    ASSERT_TRUE(row->step());
    EXPECT_EQ(row->integer(0), number);
  }
  for (const double number :
       {std::numeric_limits<double>::max(), std::numeric_limits<double>::denorm_min(), -0.1, 1.0 / 3}) {
    const StatementPtr row = connection_.prepare("SELECT ?");
    row->bind(0, number);
    ASSERT_TRUE(row->step());
    EXPECT_EQ(row->real(0), number);
  }
}

TEST_F(ConnectionTest, ReadsAnAbsentIdAsNilAndRefusesOneOfWrongLength) {
  const StatementPtr row = connection_.prepare("SELECT NULL, x'0102'");
  ASSERT_TRUE(row->step());
  EXPECT_TRUE(row->id(0).is_nil());
  EXPECT_EQ(problem_of([&] { static_cast<void>(row->id(1)); }), ProblemNumber::storage_corrupt);
}

TEST_F(ConnectionTest, NamesTheOperationButNoValueInAnError) {
  connection_.execute("CREATE TABLE t (v TEXT UNIQUE) STRICT");
  const auto insert = [&] {
    const StatementPtr statement = connection_.prepare("INSERT INTO t (v) VALUES (?)");
    statement->bind(0, std::string_view("ada@example.com"));
    statement->step();
  };
  insert();
  try {
    insert();
    FAIL() << "the second insert was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.number(), ProblemNumber::not_unique);
    EXPECT_THAT(error.what(), HasSubstr("INSERT INTO t"));
    EXPECT_THAT(error.what(), Not(HasSubstr("ada@example.com")));
  }
}

TEST_F(ConnectionTest, RefusesAValueOfAnotherTypeInAStrictTable) {
  connection_.execute("CREATE TABLE t (v INTEGER) STRICT");
  const StatementPtr insert = connection_.prepare("INSERT INTO t VALUES (?)");
  insert->bind(0, std::string_view("four"));
  EXPECT_THROW(insert->step(), Error);
  insert->reset();
  insert->bind(0, std::int64_t{4});
  EXPECT_NO_THROW(insert->step());
}

TEST_F(ConnectionTest, TakesAMisspeltQuotedNameForAnErrorAndNotForAText) {
  connection_.execute("CREATE TABLE t (v TEXT) STRICT");
  EXPECT_THROW(connection_.prepare("SELECT * FROM t WHERE \"w\" = 'x'"), Error);
}

TEST_F(ConnectionTest, UndoesToASavepointAndKeepsWhatWasBefore) {
  connection_.execute("CREATE TABLE t (v INTEGER) STRICT");
  connection_.begin(true);
  connection_.execute("INSERT INTO t VALUES (1)");
  connection_.savepoint("row 7");
  connection_.execute("INSERT INTO t VALUES (2)");
  connection_.rollback_to("row 7");
  connection_.savepoint("row 8");
  connection_.execute("INSERT INTO t VALUES (3)");
  connection_.release("row 8");
  connection_.commit();
  EXPECT_EQ(integer(connection_, "SELECT sum(v) FROM t"), 4);
}

TEST_F(ConnectionTest, RefusesATransactionInsideATransaction) {
  connection_.begin(true);
  EXPECT_EQ(problem_of([&] { connection_.begin(true); }), ProblemNumber::misuse);
  connection_.rollback();
  EXPECT_EQ(problem_of([&] { connection_.commit(); }), ProblemNumber::misuse);
}

TEST_F(ConnectionTest, EndsAStatementThatReadsAndBeginsNoOtherOnceItIsToldToEnd) {
  Stop stop;
  std::thread asks([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    stop.request(Stop::Why::cancelled);
  });
  {
    const Heeding heeding(connection_, &stop);
    EXPECT_EQ(problem_of([&] {
                connection_
                    .prepare("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n")
                    ->step();
              }),
              ProblemNumber::cancelled);
    EXPECT_EQ(problem_of([&] { connection_.prepare("SELECT 1")->step(); }), ProblemNumber::cancelled);
  }
  asks.join();
  EXPECT_TRUE(connection_.prepare("SELECT 1")->step()) << "nobody asks any more";
}

TEST_F(ConnectionTest, TearsNoWriteAndNoCommitOfWhoIsToldToEnd) {
  connection_.execute("CREATE TABLE numbers (i INTEGER)");
  connection_.begin(true);
  Stop stop;
  const Heeding heeding(connection_, &stop);
  connection_.prepare("INSERT INTO numbers VALUES (1)")->step();
  stop.request(Stop::Why::cancelled);
  EXPECT_EQ(problem_of([&] { connection_.prepare("INSERT INTO numbers VALUES (2)")->step(); }),
            ProblemNumber::cancelled);
  EXPECT_TRUE(connection_.in_transaction()) << "what was written before is there";
  connection_.commit();
  stop.clear();
  const StatementPtr sum = connection_.prepare("SELECT sum(i) FROM numbers");
  ASSERT_TRUE(sum->step());
  EXPECT_EQ(sum->integer(0), 1);
}

TEST_F(ConnectionTest, LetsACheckpointEndOnceAnUndrainedStatementIsGivenBack) {
  connection_.execute("CREATE TABLE t (v INTEGER) STRICT; INSERT INTO t VALUES (1), (2), (3)");
  SqliteConnection reader(folder_.file("plain.db"), ConnectionUse::reader, "");
  connection_.wait_when_busy(0);
  {
    const StatementPtr undrained = reader.prepare("SELECT v FROM t");
    ASSERT_TRUE(undrained->step());
    connection_.execute("INSERT INTO t VALUES (4)");
    EXPECT_FALSE(connection_.checkpoint(SqliteConnection::Checkpoint::truncate));
  }
  EXPECT_TRUE(connection_.checkpoint(SqliteConnection::Checkpoint::truncate));
}

TEST_F(ConnectionTest, SetsThePragmasOfTheDesign) {
  const auto pragma = [&](const std::string& name) { return integer(connection_, "PRAGMA " + name); };
  EXPECT_EQ(pragma("foreign_keys"), 1);
  EXPECT_EQ(pragma("temp_store"), 2);
  EXPECT_EQ(pragma("secure_delete"), 2);
  EXPECT_EQ(pragma("wal_autocheckpoint"), 0);
  EXPECT_EQ(pragma("mmap_size"), 0);
  EXPECT_EQ(pragma("synchronous"), 1);
  EXPECT_EQ(text(connection_, "PRAGMA journal_mode"), "wal");
}

TEST_F(ConnectionTest, LetsAReaderWriteNothing) {
  connection_.execute("CREATE TABLE t (v INTEGER) STRICT");
  SqliteConnection reader(folder_.file("plain.db"), ConnectionUse::reader, "");
  EXPECT_EQ(problem_of([&] { reader.execute("INSERT INTO t VALUES (1)"); }), ProblemNumber::storage_failed);
}

TEST(ConnectionPathTest, OpensPathsWithBlanksAndEqualSigns) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a = b  c.db");
  { const SqliteConnection connection(path, ConnectionUse::writer, "NORMAL"); }
  EXPECT_TRUE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace kith::internal::store
