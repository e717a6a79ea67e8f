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
