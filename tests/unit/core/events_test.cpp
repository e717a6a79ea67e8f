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
