#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "world.hpp"

using kith_test::person;
using kith_test::World;
using ::testing::ElementsAre;

namespace {

// A new customer enters the first state of its lifecycle, which is an event of its own.
const std::string kFirstState = "transition customer.lifecycle";

std::vector<std::string> names(kith::Core& core, const std::string& consumer, std::int64_t* last = nullptr) {
  std::vector<std::string> out;
  for (auto rows = core.events_next(consumer); auto row = rows.next();) {
    out.push_back((*row)["kind"].str() + " " + (*row)["name"].str());
    if (last) *last = (*row)["position"].integer();
  }
  return out;
}

TEST(EventsTest, ComeAgainUntilTheyAreAcknowledged) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  const kith::Ref ada = person(me, "Ada");
  std::int64_t last = 0;
  EXPECT_THAT(names(core, "erp", &last), ElementsAre("changed created", kFirstState));
  EXPECT_THAT(names(core, "erp"), ElementsAre("changed created", kFirstState));
  core.events_ack("erp", last);
  EXPECT_TRUE(names(core, "erp").empty());
  me.update(ada, {{"name", "Ada Li"}});
  EXPECT_THAT(names(core, "erp"), ElementsAre("changed updated"));
  EXPECT_THAT(names(core, "another"), ElementsAre("changed created", kFirstState, "changed updated"));
}

TEST(EventsTest, OfARolledBackTransactionAreNone) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  EXPECT_THROW(me.transact([](kith::Session& tx) {
    person(tx, "Ada");
    throw std::runtime_error("no");
  }),
               std::runtime_error);
  EXPECT_TRUE(names(core, "erp").empty());
}

TEST(EventsTest, ManyChangesOfARecordInOneTransactionAreOneEvent) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  me.transact([](kith::Session& tx) {
    const kith::Ref ada = person(tx, "Ada");
    tx.update(ada, {{"name", "Ada Li"}});
    tx.update(ada, {{"given_name", "Ada"}});
    tx.emit("greeted", ada, R"({"how": "by hand"})");
  });
  EXPECT_THAT(names(core, "erp"), ElementsAre("changed created", kFirstState, "emitted greeted"));
}

TEST(EventsTest, APositionThatNoEventHasReachedIsRefusedAndHidesNone) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  EXPECT_EQ(kith_test::code_of([&] { core.events_ack("erp", 1); }), KITH_INVALID) << "there is none yet";
  person(me, "Ada");
  EXPECT_EQ(kith_test::code_of([&] { core.events_ack("erp", 1'000'000'000'000); }), KITH_INVALID);
  EXPECT_EQ(kith_test::code_of([&] { core.events_ack("erp", -1); }), KITH_INVALID);
  person(me, "Bo");
  EXPECT_EQ(names(core, "erp").size(), 4U);
}

TEST(EventsTest, AnAcknowledgementIsOneCommitForAllTenantsAndNoneWhereNothingMoved) {
  World world;
  std::string tenants;
  for (int i = 0; i < 50; ++i) tenants += (i ? ", " : "") + std::string("\"t") + std::to_string(i) + "\": {}";
  auto core = world.open(R"(, "tenants": {)" + tenants + "}");
  for (int i = 0; i < 50; ++i) {
    auto me = core.session({.tenant = "t" + std::to_string(i), .actor = "alice"});
    person(me, "Ada");
  }
  std::int64_t last = 0;
  names(core, "erp", &last);
  const auto commits = [&](auto&& call) {
    const auto size = [&] { return std::filesystem::file_size(world.folder() / "crm.kith-wal"); };
    const auto before = size();
    call();
    return size() - before;
  };
  core.events_ack("erp", 1);
  EXPECT_EQ(commits([&] { core.events_ack("erp", 1); }), 0U) << "nothing is written for what was acknowledged";
  core.events_ack("erp", last);
  EXPECT_TRUE(names(core, "erp").empty());
  EXPECT_EQ(commits([&] { core.events_ack("erp", last); }), 0U);
}

/// Emits events that say whose they are and the how manieth, so slowly that who reads them keeps up.
void emit_numbered(kith::Core& core, const std::string& tenant, int count) {
  auto me = core.session({.tenant = tenant, .actor = "alice"});
  const kith::Ref ada = person(me, "Ada");
  for (int i = 0; i < count; ++i) {
    me.emit("counted", ada, R"({"of": ")" + tenant + R"(", "n": )" + std::to_string(i) + "}");
    std::this_thread::sleep_for(std::chrono::microseconds(500));
  }
}

/// Reads and acknowledges what comes, until nothing does after the writers have ended.
std::vector<std::pair<std::int64_t, std::string>> consume(kith::Core& core, const std::atomic<int>& writers) {
  std::vector<std::pair<std::int64_t, std::string>> seen;
  for (bool last_look = false;;) {
    last_look = writers == 0;
    std::int64_t position = -1;
    for (auto rows = core.events_next("erp", 100); auto row = rows.next();) {
      position = (*row)["position"].integer();
      if ((*row)["name"].str() == "counted")
        seen.emplace_back(position, (*row)["tenant"].str() + " " + (*row)["payload"].str());
    }
    if (position >= 0) core.events_ack("erp", position);
    if (position < 0 && last_look) return seen;
  }
}

TEST(EventsTest, OfTwoTenantsThatWriteMeanwhileAreEachSeenOnceAndInOrder) {
  constexpr int kEach = 400;
  World world;
  // The more tenants are read between the two, the more is written meanwhile.
  std::string tenants = R"("acme": {})";
  for (int i = 0; i < 60; ++i) tenants += ", \"quiet" + std::to_string(i) + "\": {}";
  auto core = world.open(R"(, "tenants": {)" + tenants + R"(, "zenith": {}})");
  std::atomic<int> writers = 2;
  std::vector<std::thread> threads;
  for (const char* tenant : {"acme", "zenith"})
    threads.emplace_back([&core, &writers, tenant] {
      emit_numbered(core, tenant, kEach);
      --writers;
    });
  const auto seen = consume(core, writers);
  for (std::thread& each : threads) each.join();
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  for (const std::string tenant : {"acme", "zenith"}) {
    int expected = 0;
    for (const auto& [position, text] : seen) {
      if (text.rfind(tenant + " ", 0) != 0) continue;
      EXPECT_THAT(text, ::testing::HasSubstr("\"n\":" + std::to_string(expected) + "}")) << "at " << position;
      ++expected;
    }
    EXPECT_EQ(expected, kEach) << tenant;
  }
}

TEST(EventsTest, AreNotGivenAgainByAnOlderAcknowledgementThatComesLater) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  person(me, "Ada");
  person(me, "Bo");
  core.events_ack("early", 4);
  core.events_ack("early", 2);
  EXPECT_TRUE(names(core, "early").empty());
  // Both have looked how far the consumer was before either of them may write.
  std::thread newer, older;
  me.transact([&](kith::Session& tx) {
    person(tx, "Cy");
    newer = std::thread([&core] { core.events_ack("erp", 4); });
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    older = std::thread([&core] { core.events_ack("erp", 2); });
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  });
  newer.join();
  older.join();
  EXPECT_THAT(names(core, "erp"), ElementsAre("changed created", kFirstState)) << "of the third alone";
}

TEST(EventsTest, WhatIsPendingIsCountedByTenantAndOnce) {
  World world;
  auto core = world.open(R"(, "tenants": {"acme": {}, "globex": {}})");
  auto acme = core.session({.tenant = "acme", .actor = "alice"});
  auto globex = core.session({.tenant = "globex", .actor = "alice"});
  for (int i = 0; i < 10; ++i) person(acme, "P" + std::to_string(i));
  person(globex, "Only");
  EXPECT_THAT(acme.run("pending"), ::testing::HasSubstr("\"events\":20,"));
  EXPECT_THAT(globex.run("pending"), ::testing::HasSubstr("\"events\":2,"));
  EXPECT_THAT(core.run("pending"), ::testing::StartsWith("{\"events\":22,"));
  EXPECT_THAT(core.run("doctor"), ::testing::HasSubstr("\"pending\":{\"events\":22,"));
}

/// The text behind `"key":` of a document, up to the next comma or closing bracket.
std::string behind(const std::string& document, const std::string& key, std::size_t& at) {
  at = document.find("\"" + key + "\":", at);
  if (at == std::string::npos) return {};
  at += key.size() + 3;
  return document.substr(at, document.find_first_of(",]}", at) - at);
}

std::vector<std::string> named(kith::Core& core, const std::string& name, std::int64_t limit, std::string* rest) {
  std::vector<std::string> out;
  std::string after = "0", more = "true";
  while (more == "true") {
    const std::string page = core.run("events", R"({"consumer": "erp", "after": )" + after + R"(, "name": ")" + name +
                                                    R"(", "limit": )" + std::to_string(limit) + "}");
    for (std::size_t at = 0; at != std::string::npos;)
      if (const std::string n = behind(page, "n", at); !n.empty()) out.push_back(n);
    std::size_t at = 0;
    after = behind(page, "last", at);
    at = 0;
    more = behind(page, "more", at);
  }
  if (rest) *rest = after;
  return out;
}

TEST(EventsTest, OfANameAreFoundHoweverManyOthersLieBeforeThem) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  me.transact([](kith::Session& tx) {
    const kith::Ref ada = person(tx, "Ada");
    for (int i = 0; i < 5'000; ++i) tx.emit("noise", ada, "{}");
    for (int i = 0; i < 3; ++i) tx.emit("wanted", ada, "{\"n\":" + std::to_string(i) + "}");
    for (int i = 0; i < 3'000; ++i) tx.emit("noise", ada, "{}");
  });
  for (const std::int64_t limit : {1, 2, 100}) {
    std::string last;
    EXPECT_THAT(named(core, "wanted", limit, &last), ElementsAre("0", "1", "2"));
    EXPECT_EQ(last, "8005") << "everything was looked at";
  }
  EXPECT_TRUE(named(core, "nothing", 10, nullptr).empty());
}

TEST(EventsTest, AreReadInPagesThatMeetInsideOneChange) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  person(me, "Ada");
  person(me, "Bo");
  std::vector<std::string> seen;
  for (std::int64_t last = -1;;) {
    std::int64_t position = -1;
    for (auto rows = core.events_next("erp", 1); auto row = rows.next();) {
      seen.push_back((*row)["kind"].str() + " " + (*row)["name"].str());
      position = (*row)["position"].integer();
    }
    if (position < 0) break;
    EXPECT_GT(position, last);
    last = position;
    core.events_ack("erp", position);
  }
  EXPECT_THAT(seen, ElementsAre("changed created", kFirstState, "changed created", kFirstState));
}

TEST(EventsTest, AndRunsGoWhenTheyAreOlderThanHistorySays) {
  World world;
  const auto open = [&](const std::string& clock) {
    return world.open(R"(, "clock": "fixed:)" + clock + R"(", "history": {"events": 30, "changes": 30})");
  };
  const auto changes = [](kith::Core& core) { return core.run("doctor").find("\"changes\":") != std::string::npos; };
  {
    auto core = open("2026-01-01T00:00:00Z");
    auto me = core.session({.actor = "alice"});
    const kith::Ref ada = person(me, "Ada");
    for (int i = 0; i < 5; ++i) me.emit("greeted", ada, "{}");
    core.run_due(std::chrono::seconds(5));
    EXPECT_TRUE(changes(core)) << "doctor says what the bytes of the file are for";
    EXPECT_EQ(names(core, "erp").size(), 7U);
  }
  auto core = open("2026-06-01T00:00:00Z");
  auto me = core.session({.actor = "alice"});
  person(me, "Bo");
  core.run_due(std::chrono::seconds(5));
  EXPECT_THAT(names(core, "erp"), ::testing::Each(::testing::Not("changed updated")));
  EXPECT_LT(names(core, "erp").size(), 7U);
}

TEST(EventsTest, SurviveReopening) {
  World world;
  {
    auto core = world.open();
    auto me = core.session({.actor = "alice"});
    person(me, "Ada");
  }
  auto core = world.open();
  EXPECT_THAT(names(core, "erp"), ElementsAre("changed created", kFirstState));
}

}  // namespace
