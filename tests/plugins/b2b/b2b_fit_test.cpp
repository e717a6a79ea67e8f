// The score b2b.deal_fit, rule by rule.
#include "plugins/world.hpp"

namespace kith::test {
namespace {

constexpr const char* kDealFit = "b2b.deal_fit";

struct Fit : World {
  Fit()
      : World(R"({"sales": {}, "b2b": {}})"),
        account(
            me.create("customer", {{"kind", "organization"}, {"name", "Acme Ltd"}, {"email", "buying@acme.example"}})),
        deal(me.create("sales.deal", {{"title", "Presses"}, {"customer", account.text()}, {"amount", "80000"}})) {}
  Ref account, deal;

  double points(std::string_view rule) { return points_of(me.explain(deal, kDealFit), rule); }
  void role(std::string_view name) {
    me.create("b2b.buying_role", {{"deal", deal.text()}, {"person", person("Cy").text()}, {"role", name}});
  }
};

TEST(DealFitTest, StartsAtZero) {
  Fit world;
  const Explanation why = world.me.explain(world.deal, kDealFit);
  EXPECT_EQ(why.points, 0);
  EXPECT_EQ(why.band, "d");
  EXPECT_EQ(why.reasons.size(), 9u);
}

TEST(DealFitTest, RatesAuthority) {
  Fit world;
  EXPECT_EQ(world.points("authority"), 0);
  world.role("influencer");
  EXPECT_EQ(world.points("authority"), 0);
  world.role("economic_buyer");
  EXPECT_EQ(world.points("authority"), 20);
  Fit told;
  told.me.update(told.deal, {{"b2b.authority_confirmed", true}});
  EXPECT_EQ(told.points("authority"), 20);
}

TEST(DealFitTest, RatesNeedAndBudget) {
  Fit world;
  EXPECT_EQ(world.points("need"), 0);
  EXPECT_EQ(world.points("budget"), 0);
  world.me.update(world.deal, {{"b2b.need_explicit", true}, {"b2b.budget_confirmed", true}});
  EXPECT_EQ(world.points("need"), 20);
  EXPECT_EQ(world.points("budget"), 15);
}

TEST(DealFitTest, RatesADecisionThatIsNear) {
  Fit world;
  EXPECT_EQ(world.points("timeline"), 0);
  world.me.update(world.deal, {{"b2b.decide_by", "2026-12-31"}});
  EXPECT_EQ(world.points("timeline"), 0) << "too far away";
  world.me.update(world.deal, {{"b2b.decide_by", "2026-09-06"}});
  EXPECT_EQ(world.points("timeline"), 10);
  world.me.update(world.deal, {{"b2b.decide_by", "2026-03-09"}});
  EXPECT_EQ(world.points("timeline"), 0) << "the day is past";
}

TEST(DealFitTest, RatesAKeyAccount) {
  Fit world;
  EXPECT_EQ(world.points("firm_fit"), 0);
  world.me.update(world.account, {{"b2b.tier", "standard"}});
  EXPECT_EQ(world.points("firm_fit"), 0);
  world.me.update(world.account, {{"b2b.tier", "strategic"}});
  EXPECT_EQ(world.points("firm_fit"), 15);
}

TEST(DealFitTest, RatesAChampion) {
  Fit world;
  EXPECT_EQ(world.points("champion"), 0);
  world.role("champion");
  EXPECT_EQ(world.points("champion"), 10);
}

TEST(DealFitTest, CountsContactsFromTheAccount) {
  Fit world;
  EXPECT_EQ(world.points("engagement"), 0);
  world.contact(world.account, 1);
  world.contact(world.account, 100);
  world.contact(world.account, 1, "out");
  EXPECT_EQ(world.points("engagement"), 2) << "one is too old, one is ours";
  for (int i = 0; i < 8; ++i) world.contact(world.account, 2);
  EXPECT_EQ(world.points("engagement"), 10) << "capped";
  world.pass(91);
  EXPECT_EQ(world.points("engagement"), 0);
}

TEST(DealFitTest, CountsAnIncumbentAgainstIt) {
  Fit world;
  world.me.create("b2b.competitor", {{"deal", world.deal.text()}, {"name", "Newcomer"}});
  EXPECT_EQ(world.points("incumbent"), 0);
  world.me.create("b2b.competitor", {{"deal", world.deal.text()}, {"name", "Oldhand"}, {"incumbent", true}});
  EXPECT_EQ(world.points("incumbent"), -10);
}

TEST(DealFitTest, CountsAnUnreachableAccountAgainstIt) {
  Fit world;
  EXPECT_EQ(world.points("unreachable"), 0);
  world.me.update(world.account, {{"email", nullptr}});
  EXPECT_EQ(world.points("unreachable"), -20);
  world.me.update(world.account, {{"phone", "+46 8 123 456 00"}});
  EXPECT_EQ(world.points("unreachable"), 0);
}

TEST(DealFitTest, AddsUpToItsBand) {
  Fit world;
  world.me.update(world.deal,
                  {{"b2b.need_explicit", true}, {"b2b.budget_confirmed", true}, {"b2b.decide_by", "2026-05-31"}});
  world.me.update(world.account, {{"b2b.tier", "key"}});
  world.role("economic_buyer");
  const Explanation why = world.me.explain(world.deal, kDealFit);
  EXPECT_EQ(why.points, 80);
  EXPECT_EQ(sum_of(why), 80);
  EXPECT_EQ(why.band, "a");
}

TEST(DealFitTest, IsForOpenDealsOnly) {
  Fit world;
  world.me.transition(world.deal, "sales.deal_state", "lose", {{"reason", "price"}});
  EXPECT_EQ(world.value(world.deal, "b2b.deal_fit"), "");
  EXPECT_EQ(world.value(world.deal, "b2b.deal_fit_band"), "");
}

}  // namespace
}  // namespace kith::test
