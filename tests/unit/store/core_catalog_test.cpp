// The layout of the catalog that the core itself declares.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "base/problem/error.hpp"
#include "catalog/build.hpp"
#include "store/rows/journal.hpp"
#include "unit/store/support.hpp"

namespace kith::internal::store {
namespace {

using namespace testing;
using ::testing::IsEmpty;

catalog::CatalogPtr core_catalog() { return catalog::build_catalog({{&catalog::core_manifest(), true}}, {}); }

TEST(CoreCatalogTest, IsLaidOutOnceAndReadBackInEveryMember) {
  const TemporaryFolder folder;
  const Log log;
  const auto catalog = core_catalog();
  const auto database = Database::open(options_of(folder.file("kith.db")), log);
  Writer writer = database->write(kWaitUs);
  Connection& connection = writer.connection();
  const Layout layout(catalog, apply_layout(connection, *catalog, plan_layout(connection, *catalog), kNow));
  EXPECT_TRUE(plan_layout(connection, *core_catalog()).empty());
  Records records(connection, layout, tenant_number(connection, "acme", true));
  for (const catalog::RecordType& type : catalog->record_types) {
    const Record record{new_id(), true, empty_row(type)};
    records.insert(type.number, record);
    EXPECT_TRUE(records.load(type.number, record.id).has_value()) << type.name;
    EXPECT_EQ(records.count(type.number), 1) << type.name;
  }
  writer.commit();
  EXPECT_THAT(database->check_integrity(), IsEmpty());
}

// A child writes pairs of rows and tells of each commit; it is killed at some moment, again and again.
TEST(CrashTest, KeepsEveryCommitItToldOfAndNoHalfOfOne) {
  const TemporaryFolder folder;
  const std::string path = folder.file("kith.db");
  { const Store store(path); }
  std::int64_t told = 0;
  for (int round = 0; round < 12; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
      Store store(path);
      for (;;) {
        Writer writer = store.write();
        Records records = store.records(writer);
        Journal journal(records);
        Record record{new_id(), true, empty_row(store.catalog->type(kCustomerType))};
        records.insert(kCustomerType, record);
        Event event;
        event.record = record.id;
        event.record_type = kCustomerType;
        const std::int64_t sequence = journal.add_event(event);
        writer.commit();
        if (::write(ends[1], &sequence, sizeof sequence) != sizeof sequence) _exit(1);
      }
    }
    close(ends[1]);
    std::int64_t sequence = 0;
    ASSERT_EQ(::read(ends[0], &sequence, sizeof sequence), static_cast<ssize_t>(sizeof sequence));
    usleep(static_cast<useconds_t>(1'000 + 7'919 * round));
    kill(child, SIGKILL);
    while (::read(ends[0], &sequence, sizeof sequence) == sizeof sequence) told = sequence;
    close(ends[0]);
    waitpid(child, nullptr, 0);

    Store store(path);
    EXPECT_THAT(store.database->check_integrity(), IsEmpty());
    const Reader reader = store.read();
    Records records = store.records(reader);
    EXPECT_GE(last_position(reader.connection()), told) << "a commit that was told of is gone";
    EXPECT_EQ(records.count(kCustomerType), integer(reader.connection(), "SELECT count(*) FROM kith_event"));
  }
  EXPECT_GT(told, 0);
}

}  // namespace
}  // namespace kith::internal::store
