// b2b on an account: who of its people is known and can be reached, by the days on which they work there.
#include "plugins/world.hpp"

namespace kith::test {
namespace {

struct Account : World {
  Account()
      : World(R"({"sales": {}, "b2b": {}})"),
        account(me.create("customer", {{"kind", "organization"}, {"name", "Acme Ltd"}})) {}
  Ref account;

  Ref contact(std::string_view name, std::string_view email = {}) {
    const Ref who = person(name);
    if (!email.empty()) me.update(who, {{"email", email}});
    me.relate(who, "works_for", account);
    return who;
  }
  std::string people() {
    return value(account, "b2b.people") + " known, " + value(account, "b2b.reachable_people") + " reachable";
  }
};

TEST(AccountTest, CountsThePeopleWhoWorkThere) {
  Account world;
  EXPECT_EQ(world.people(), "0 known, 0 reachable");
  const Ref eve = world.contact("Eve");
  world.contact("Cy", "cy@acme.example");
  world.person("Somebody else");
  EXPECT_EQ(world.people(), "2 known, 1 reachable");
  world.me.update(eve, {{"phone", "+46 8 123 456 00"}});
  EXPECT_EQ(world.people(), "2 known, 2 reachable");
}

TEST(AccountTest, CountsNobodyWhoHasLeft) {
  Account world;
  const Ref eve = world.contact("Eve", "eve@acme.example"), cy = world.contact("Cy", "cy@acme.example");
  world.me.unrelate(eve, "works_for", world.account);
  EXPECT_EQ(world.people(), "1 known, 1 reachable");
  world.me.remove(cy);
  EXPECT_EQ(world.people(), "0 known, 0 reachable");
}

TEST(AccountTest, CountsFromTheFirstDayOfWorkUntilTheLast) {
  Account world;
  world.me.relate(world.person("Eve"), "works_for", world.account,
                  {{"from_on", "2026-03-14"}, {"to_on", "2026-03-20"}});
  world.settle();
  EXPECT_EQ(world.people(), "0 known, 0 reachable");
  world.pass(4);
  EXPECT_EQ(world.people(), "1 known, 0 reachable");
  EXPECT_EQ(world.count("customer", "b2b.people > 0"), 1) << "in a query too";
  world.pass(6);
  EXPECT_EQ(world.people(), "0 known, 0 reachable");
  EXPECT_EQ(world.count("customer", "b2b.people > 0"), 0);
}

TEST(AccountTest, WhoseOrganizationCanBeReachedThroughSomebodyLosesNoPoints) {
  Account world;
  const Ref deal = world.me.create("sales.deal", {{"title", "Presses"}, {"customer", world.account.text()}});
  const auto points = [&] { return points_of(world.me.explain(deal, "b2b.deal_fit"), "unreachable"); };
  EXPECT_EQ(points(), -20);
  const Ref eve = world.contact("Eve", "eve@acme.example");
  EXPECT_EQ(points(), 0);
  world.me.unrelate(eve, "works_for", world.account);
  EXPECT_EQ(points(), -20);
}

}  // namespace
}  // namespace kith::test
