#include <atomic>
#include <fstream>
#include <thread>

#include "world.hpp"

using kith_test::code_of;
using kith_test::customers;
using kith_test::person;
using kith_test::World;
using ::testing::HasSubstr;

namespace {

TEST(SessionTest, ATransactionIsThereWholeOrNotAtAll) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  me.transact([](kith::Session& tx) {
    person(tx, "Ada");
    person(tx, "Bo");
  });
  EXPECT_EQ(customers(me), 2);
  EXPECT_THROW(me.transact([](kith::Session& tx) {
    person(tx, "Cy");
    throw std::runtime_error("the host changed its mind");
  }),
               std::runtime_error);
  EXPECT_EQ(customers(me), 2);
}

TEST(SessionTest, ARefusedStepLeavesTheRestOfTheTransactionUsable) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  me.transact([](kith::Session& tx) {
    person(tx, "Ada");
    EXPECT_EQ(code_of([&] { tx.create("customer", {{"kind", "persn"}, {"name", "Bo"}}); }), KITH_INVALID);
    person(tx, "Cy");
  });
  EXPECT_EQ(customers(me), 2);
}

TEST(SessionTest, SeesItsOwnWritesInsideATransactionAndOthersDoNot) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  auto other = core.session({.actor = "bo"});
  me.transact([&](kith::Session& tx) {
    person(tx, "Ada");
    EXPECT_EQ(customers(tx), 1);
    EXPECT_EQ(customers(other), 0);
  });
  EXPECT_EQ(customers(other), 1);
}

TEST(SessionTest, AnExpectedVersionThatHasPassedIsAConflictThatNamesBoth) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  const kith::Ref ada = person(me, "Ada");
  me.update(ada, {{"name", "Ada Li"}}, 1);
  try {
    me.update(ada, {{"name", "Ada L."}}, 1);
    FAIL() << "the update should have been refused";
  } catch (const kith::Error& error) {
    EXPECT_EQ(error.code(), KITH_CONFLICT);
    EXPECT_THAT(error.what(), HasSubstr("1"));
    EXPECT_THAT(error.what(), HasSubstr("2"));
  }
}

TEST(SessionTest, BeginInsideATransactionIsMisuse) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  me.transact([](kith::Session& tx) { EXPECT_EQ(code_of([&] { tx.transact([](kith::Session&) {}); }), KITH_MISUSE); });
}

TEST(SessionTest, TwoThreadsInOneSessionAtOnceIsMisuseForOneOfThem) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  for (int i = 0; i < 200; ++i) person(me, "P" + std::to_string(i));
  std::atomic<int> misuses{0}, failures{0};
  std::atomic<bool> stop{false};
  const auto work = [&] {
    while (!stop) {
      const std::int32_t code = code_of([&] { me.query("customer").limit(200).run(); });
      if (code == KITH_MISUSE) ++misuses;
      if (code != KITH_MISUSE && code != KITH_OK) ++failures;
    }
  };
  std::thread one(work), two(work);
  for (int i = 0; i < 500 && misuses == 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  stop = true;
  one.join();
  two.join();
  EXPECT_GT(misuses, 0);
  EXPECT_EQ(failures, 0);
}

TEST(SessionTest, SessionsOfOneCoreWriteFromManyThreadsWithoutLoss) {
  World world;
  auto core = world.open();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&core, t] {
      auto mine = core.session({.actor = "writer"});
      for (int i = 0; i < 25; ++i) person(mine, "P" + std::to_string(t) + "-" + std::to_string(i));
    });
  for (std::thread& t : threads) t.join();
  auto me = core.session({.actor = "alice"});
  EXPECT_EQ(customers(me), 100);
}

TEST(SessionTest, NeedsAnActor) {
  World world;
  auto core = world.open();
  EXPECT_EQ(code_of([&] { core.session({.actor = ""}); }), KITH_INVALID);
}

TEST(SessionTest, ATenantThatIsNotConfiguredIsNotFoundWithASuggestion) {
  World world;
  auto core = world.open(R"(, "tenants": {"acme": {}, "globex": {}})");
  try {
    core.session({.tenant = "acmee", .actor = "alice"});
    FAIL();
  } catch (const kith::Error& error) {
    EXPECT_EQ(error.code(), KITH_NOT_FOUND);
    EXPECT_THAT(error.what(), HasSubstr("\"acme\""));
  }
}

TEST(SessionTest, TenantsDoNotSeeEachOther) {
  World world;
  auto core = world.open(R"(, "tenants": {"acme": {}, "globex": {}})");
  auto acme = core.session({.tenant = "acme", .actor = "alice"});
  auto globex = core.session({.tenant = "globex", .actor = "alice"});
  const kith::Ref ada = person(acme, "Ada");
  EXPECT_EQ(customers(acme), 1);
  EXPECT_EQ(customers(globex), 0);
  EXPECT_EQ(code_of([&] { globex.get(ada); }), KITH_NOT_FOUND);
  EXPECT_EQ(code_of([&] { globex.update(ada, {{"name", "X"}}); }), KITH_NOT_FOUND);
}

TEST(SessionTest, ARecordThatWasRemovedSinceItWasListedHasTheExternalIdsThatItHad) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  const auto file = [&](const std::string& name, const std::string& text) {
    std::ofstream(world.folder() / name) << text;
    return (world.folder() / name).string();
  };
  const std::string mapping = file("m.json", R"({"id": "m", "source": "shop", "records": [{"id": "c",
    "type": "customer", "key": {"external_id": "ID"}, "set": {"kind": "'person'", "name": "ID"}}]})");
  const std::string begun =
      me.run("import.begin", R"({"file": ")" + file("c.csv", "ID\n7\n") + R"(", "map": ")" + mapping + "\"}");
  const std::size_t run = begun.find("imp_");
  me.run("import.step", R"({"run": ")" + begun.substr(run, begun.find('"', run) - run) + "\"}");
  const kith::Ref seven = me.find("customer", "@shop:7");
  const std::string asked = R"({"type": "customer", "records": [")" + seven.text() + R"("]})";
  const std::string before = me.run("external_ids", asked);
  EXPECT_THAT(before, ::testing::HasSubstr("@shop:7"));
  me.remove(seven);
  EXPECT_EQ(me.run("external_ids", asked), before);
}

TEST(SessionTest, AWriteThatChangesNothingLeavesNoTrace) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  const kith::Ref ada = person(me, "Ada");
  me.update(ada, {{"name", " Ada "}});
  auto rows = me.get(ada, {"version"});
  EXPECT_EQ((*rows.next())[0].integer(), 1);
}

}  // namespace
