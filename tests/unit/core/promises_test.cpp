// Calls that keep their word: they end when they are told to, transactions give way at their time, and messages say
// whose they are.
#include <atomic>
#include <chrono>
#include <csignal>
#include <fstream>
#include <future>
#include <thread>

#include <sys/resource.h>

#include "world.hpp"

using kith_test::code_of;
using kith_test::customers;
using kith_test::person;
using kith_test::World;
using ::testing::AllOf;
using ::testing::HasSubstr;
using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

namespace {

using Clock = std::chrono::steady_clock;

/// Customers enough for a question that takes a good while.
void fill(kith::Session& session, int count) {
  session.transact([&](kith::Session& tx) {
    for (int i = 0; i < count; ++i) person(tx, "Person " + std::to_string(i));
  });
}

/// What became of a call that was cancelled some time after it began, and how soon.
struct Cancelled {
  std::int32_t code = KITH_OK;
  std::chrono::milliseconds after{0};
};
template <class Call>
Cancelled cancelled(kith::OwnedSession& session, std::chrono::milliseconds before, Call call) {
  Cancelled out;
  std::atomic<bool> ended{false};
  Clock::time_point end;
  std::thread caller([&] {
    out.code = code_of(call);
    end = Clock::now();
    ended = true;
  });
  std::this_thread::sleep_for(before);
  EXPECT_FALSE(ended) << "the call is too short to be cancelled";
  const auto asked = Clock::now();
  while (!ended) {  // a call that is made again may just have ended
    session.cancel();
    std::this_thread::sleep_for(1ms);
  }
  caller.join();
  out.after = std::chrono::duration_cast<std::chrono::milliseconds>(end - asked);
  return out;
}

// Each customer's interactions are compared with each other: seconds of work in one call.
const std::string kSlow = R"j({"type": "customer",
  "where": "interactions.exists(i, i.customer.interactions.exists(j, j.subject == i.subject + 'x'))"})j";
constexpr int kSlowCustomers = 12, kSlowEach = 700;

void give_interactions(kith::Session& session, int customers, int each) {
  for (int c = 0; c < customers; ++c)
    session.transact([&](kith::Session& tx) {
      const kith::Ref who = person(tx, "P" + std::to_string(c));
      for (int i = 0; i < each; ++i)
        tx.create("interaction", {{"customer", who.text()},
                                  {"channel", "email"},
                                  {"direction", "in"},
                                  {"at", tx.now()},
                                  {"subject", "a subject that is long enough " + std::to_string(i)}});
    });
}

TEST(CancelTest, EndsACountThatTheDatabaseIsBusyWith) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  give_interactions(me, kSlowCustomers, kSlowEach);
  const Cancelled seen = cancelled(me, 100ms, [&] { me.run("count", kSlow); });
  EXPECT_EQ(seen.code, KITH_CANCELLED);
  EXPECT_LE(seen.after, 150ms) << "within 50 ms on a machine that has nothing else to do";
  EXPECT_EQ(customers(me), kSlowCustomers) << "the session can be used on";
}

TEST(CancelTest, EndsAListWhoseConditionIsDecidedRowByRow) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  fill(me, 4'000);
  const Cancelled seen = cancelled(me, 50ms, [&] {
    for (;;)
      for (auto row : me.query("customer").where("name.fold().contains('no such name')").limit(100)) (void)row;
  });
  EXPECT_EQ(seen.code, KITH_CANCELLED);
  EXPECT_LE(seen.after, 150ms);
  EXPECT_EQ(customers(me), 4'000);
}

TEST(CancelTest, EndsACreateThatWaitsForTheWriterWhichThenChangesNothing) {
  World world;
  auto core = world.open();
  auto holder = core.session({.actor = "holder"});
  auto me = core.session({.actor = "alice"});
  ASSERT_EQ(kith_session_begin(holder.raw(), nullptr), KITH_OK);
  const Cancelled seen = cancelled(me, 100ms, [&] { person(me, "Ada"); });
  EXPECT_EQ(seen.code, KITH_CANCELLED);
  EXPECT_LE(seen.after, 150ms);
  EXPECT_EQ(kith_session_commit(holder.raw(), nullptr), KITH_OK);
  EXPECT_EQ(customers(me), 0);
  person(me, "Bo");
  EXPECT_EQ(customers(me), 1);
}

TEST(CancelTest, RollsBackTheTransactionInWhichItHappens) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  give_interactions(me, kSlowCustomers, kSlowEach);
  ASSERT_EQ(kith_session_begin(me.raw(), nullptr), KITH_OK);
  person(me, "Ada");
  const Cancelled seen = cancelled(me, 100ms, [&] {
    for (;;) me.run("count", kSlow);
  });
  EXPECT_EQ(seen.code, KITH_CANCELLED);
  EXPECT_EQ(code_of([&] { me.run("count", R"({"type": "customer"})"); }), KITH_OK) << "outside of it";
  EXPECT_EQ(kith_session_commit(me.raw(), nullptr), KITH_MISUSE) << "there is none any more";
  EXPECT_EQ(customers(me), kSlowCustomers);
}

TEST(CancelTest, DoesNothingWhereNoCallRuns) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  me.cancel();
  person(me, "Ada");
  EXPECT_EQ(customers(me), 1);
}

TEST(TransactionTest, ASilentOneGivesWayAtItsTimeAndHearsOfItWithItsNextCall) {
  World world;
  auto core = world.open(R"(, "tenants": {"acme": {}, "globex": {}})");
  auto silent = core.session({.tenant = "acme", .actor = "sleepy"});
  auto other = core.session({.tenant = "globex", .actor = "bo"});
  ASSERT_EQ(kith_session_begin(silent.raw(), nullptr), KITH_OK);
  person(silent, "Lost");
  const auto began = Clock::now();
  person(other, "Kept");
  const auto waited = Clock::now() - began;
  EXPECT_GE(waited, 4s);
  EXPECT_LE(waited, 8s);
  try {
    person(silent, "More");
    FAIL() << "the transaction is gone";
  } catch (const kith::Error& error) {
    EXPECT_EQ(error.code(), KITH_TIMEOUT);
    EXPECT_THAT(error.what(), AllOf(HasSubstr("'sleepy'"), HasSubstr("'acme'"), HasSubstr("was open for 5.")));
  }
  EXPECT_EQ(customers(silent), 0) << "told once; then the session works on";
  person(silent, "Again");
  EXPECT_EQ(customers(silent), 1);
  EXPECT_EQ(customers(other), 1);
}

TEST(TransactionTest, ABeginAfterALostOneSaysSoFirst) {
  World world;
  auto core = world.open();
  auto silent = core.session({.actor = "sleepy"});
  auto other = core.session({.actor = "bo"});
  ASSERT_EQ(kith_session_begin(silent.raw(), nullptr), KITH_OK);
  person(other, "Kept");
  EXPECT_EQ(kith_session_begin(silent.raw(), nullptr), KITH_TIMEOUT);
  EXPECT_EQ(kith_session_begin(silent.raw(), nullptr), KITH_OK);
  EXPECT_EQ(kith_session_commit(silent.raw(), nullptr), KITH_OK);
}

TEST(TransactionTest, OneThatWorksPastItsTimeIsEndedForThoseWhoWait) {
  World world;
  auto core = world.open();
  auto busy = core.session({.actor = "busy"});
  give_interactions(busy, kSlowCustomers, kSlowEach);
  auto other = core.session({.actor = "bo"});
  std::int32_t code = KITH_OK;
  std::atomic<bool> open{false};
  std::thread worker([&] {
    ASSERT_EQ(kith_session_begin(busy.raw(), nullptr), KITH_OK);
    open = true;
    code = code_of([&] {
      for (;;) busy.run("count", kSlow);
    });
  });
  while (!open) std::this_thread::sleep_for(1ms);
  const auto began = Clock::now();
  person(other, "Kept");
  EXPECT_LE(Clock::now() - began, 8s);
  worker.join();
  EXPECT_EQ(code, KITH_TIMEOUT);
}

TEST(TransactionTest, BelongsToItsSessionWhicheverThreadWorks) {
  World world;
  auto core = world.open();
  auto moving = core.session({.actor = "moving"});
  auto other = core.session({.actor = "bo"});
  ASSERT_EQ(kith_session_begin(moving.raw(), nullptr), KITH_OK);
  std::thread commits([&] {
    std::this_thread::sleep_for(300ms);
    person(moving, "Ada");
    EXPECT_EQ(kith_session_commit(moving.raw(), nullptr), KITH_OK);
  });
  person(other, "Bo");  // by the thread that began the other transaction: it waits its turn
  commits.join();
  EXPECT_EQ(customers(other), 2);
}

TEST(TransactionTest, SessionsAndRowsMayBeFreedOnAnotherThreadWhileTheCoreIsClosed) {
  for (int round = 0; round < 20; ++round) {
    World world;
    kith_core* core = nullptr;
    const std::string json = world.options().config_json;
    kith_options options{};
    options.struct_size = sizeof options;
    options.config_json = kith::str(json);
    ASSERT_EQ(kith_core_open(&options, &core, nullptr), KITH_OK);
    std::vector<kith_session*> sessions(4);
    for (auto& session : sessions) {
      kith_session_options who{sizeof who, 0, kith::str("default"), kith::str("alice")};
      ASSERT_EQ(kith_session_open(core, &who, &session, nullptr), KITH_OK);
    }
    ASSERT_EQ(kith_session_begin(sessions[0], nullptr), KITH_OK);
    kith_query query{};
    query.struct_size = sizeof query;
    query.record_type = kith::str("customer");
    kith_rows* rows = nullptr;
    ASSERT_EQ(kith_session_query(sessions[1], &query, &rows, nullptr), KITH_OK);
    std::thread closes([&] { kith_core_close(core); });
    std::thread frees([&] {
      for (kith_session* session : sessions) kith_session_close(session);
      kith_rows_free(rows);
    });
    closes.join();
    frees.join();
  }
}

/// While it lives, no file grows: writing fails as on a disk that is full.
class FullDisk {
 public:
  FullDisk() : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit none = before_;
    none.rlim_cur = 1;
    ::setrlimit(RLIMIT_FSIZE, &none);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  void (*handler_)(int);
  rlimit before_{};
};

TEST(FullDiskTest, AQuestionOverStaleValuesIsAnsweredAndNothingIsKept) {
  World world;
  {
    auto core = world.open();
    auto me = core.session({.actor = "alice"});
    person(me, "Ada");
    person(me, "Ulrike");
  }
  std::filesystem::create_directories(world.folder() / "plugins/shop");
  std::ofstream(world.folder() / "plugins/shop/plugin.json") << R"j({"id": "shop", "version": "0.1.0",
    "label": {"en": "Shop"}, "requires": {"kith": ">=0.1", "abi": "0.1"},
    "formulas": {"customer": [{"name": "length", "type": "int", "expr": "size(name)"}]}})j";
  auto core = world.open(R"(, "plugin_folders": [")" + (world.folder() / "plugins").string() +
                         R"("], "plugins": {"shop": {}})");
  auto me = core.session({.actor = "alice"});
  const auto long_names = [&](bool as_stored = false) {
    std::vector<std::string> names;
    auto query = me.query("customer").where("shop.length > 3");
    if (as_stored) query.as_stored();
    for (auto row : query.select({"name", "shop.length"})) names.push_back(row["name"].str());
    return names;
  };
  std::vector<std::string> asked, again, stored;
  std::int32_t written = KITH_OK;
  {
    const FullDisk full;
    written = code_of([&] { person(me, "Zoe"); });
    asked = long_names();
    again = long_names();
    stored = long_names(true);
  }
  EXPECT_EQ(written, KITH_IO) << "nothing can be written";
  EXPECT_THAT(asked, ::testing::ElementsAre("Ulrike"));
  EXPECT_EQ(again, asked);
  EXPECT_TRUE(stored.empty());
  EXPECT_EQ(long_names(), asked);
  EXPECT_EQ(long_names(true), asked) << "kept, now that there is room";
}

}  // namespace
