// b2b on a deal: stages and their guards, what a stage makes of the forecast, hand-over, champions, renewals.
#include "plugins/world.hpp"

namespace kith::test {
namespace {

using testing::HasSubstr;

constexpr std::string_view kB2b = R"({"sales": {}, "b2b": {}})";
constexpr const char* kStage = "b2b.deal_stage";

struct Deal : World {
  explicit Deal(std::string_view pipeline = "key_account")
      : World(kB2b),
        account(
            me.create("customer", {{"kind", "organization"}, {"name", "Acme Ltd"}, {"email", "buying@acme.example"}})),
        deal(me.create("sales.deal", {{"title", "Presses"},
                                      {"customer", account.text()},
                                      {"pipeline", pipeline},
                                      {"amount", "80000"},
                                      {"close_on", "2026-09-30"}})) {}
  Ref account, deal;

  std::string stage() { return value(deal, "state('b2b.deal_stage')"); }
  Ref role(const Ref& who, std::string_view name) {
    return me.create("b2b.buying_role", {{"deal", deal.text()}, {"person", who.text()}, {"role", name}});
  }
  Ref contract(std::string_view number, std::string_view from, std::string_view to) {
    return me.create("b2b.contract", {{"number", number},
                                      {"customer", account.text()},
                                      {"deal", deal.text()},
                                      {"starts_on", from},
                                      {"ends_on", to},
                                      {"recurring_value", "12000"}});
  }
  void go(std::string_view event) { me.transition(deal, kStage, event); }
  /// Walks to a stage with all that its guards ask for.
  void reach(std::string_view wanted) {
    me.update(deal, {{"b2b.need_explicit", true}, {"b2b.paper_process", 2}});
    role(person("Eve Buyer"), "economic_buyer");
    for (const char* event : {"qualify", "analyse", "propose_value", "meet_deciders", "propose", "negotiate"}) {
      if (stage() == wanted) return;
      go(event);
    }
    if (stage() == wanted) return;
    contract("C-1", "2026-04-01", "2027-03-31");
    go("win");
  }
  std::string denial(std::string_view event) {
    const Error error = failure_of([&] { go(event); });
    EXPECT_EQ(error.code(), KITH_INVALID);
    return error.what();
  }
};

TEST(DealStageTest, QualifiesOnAStatedNeed) {
  Deal world;
  EXPECT_EQ(world.stage(), "prospecting");
  EXPECT_THAT(world.denial("qualify"), HasSubstr("A deal is qualified when the customer has stated a need."));
  world.me.update(world.deal, {{"b2b.need_explicit", true}});
  world.go("qualify");
  EXPECT_EQ(world.stage(), "qualification");
}

TEST(DealStageTest, AsksWhoTheEconomicBuyerIs) {
  Deal world;
  world.me.update(world.deal, {{"b2b.need_explicit", true}});
  for (const char* event : {"qualify", "analyse", "propose_value"}) world.go(event);
  world.role(world.person("Ulf User"), "user");
  EXPECT_THAT(world.denial("meet_deciders"), HasSubstr("Name the economic buyer first"));
  const Ref buyer = world.role(world.person("Eve Buyer"), "economic_buyer");
  world.me.update(buyer, {{"left_on", "2026-03-01"}});
  EXPECT_THAT(world.denial("meet_deciders"), HasSubstr("economic buyer")) << "who has left decides nothing";
  world.me.update(buyer, {{"left_on", nullptr}});
  world.go("meet_deciders");
  EXPECT_EQ(world.stage(), "decision_makers");
}

TEST(DealStageTest, ProposesWithAnAmountAndADate) {
  Deal world;
  world.reach("decision_makers");
  world.me.update(world.deal, {{"close_on", nullptr}});
  EXPECT_THAT(world.denial("propose"), HasSubstr("close_on"));
  world.me.update(world.deal, {{"close_on", "2026-09-30"}});
  world.go("propose");
  EXPECT_EQ(world.stage(), "proposal");
}

TEST(DealStageTest, NegotiatesWhenThePaperProcessIsKnown) {
  Deal world;
  world.reach("proposal");
  world.me.update(world.deal, {{"b2b.paper_process", 1}});
  EXPECT_THAT(world.denial("negotiate"), HasSubstr("paper process"));
  world.me.update(world.deal, {{"b2b.paper_process", nullptr}});
  EXPECT_THAT(world.denial("negotiate"), HasSubstr("paper process"));
  world.me.update(world.deal, {{"b2b.paper_process", 2}});
  world.go("negotiate");
  EXPECT_EQ(world.stage(), "negotiation");
}

TEST(DealStageTest, IsWonWithAContract) {
  Deal world;
  world.reach("negotiation");
  EXPECT_THAT(world.denial("win"), HasSubstr("A deal is won when its contract is there."));
  world.contract("C-1", "2026-04-01", "2027-03-31");
  world.go("win");
  EXPECT_EQ(world.stage(), "won");
}

TEST(DealStageTest, GoesBackWithAReasonOnly) {
  Deal world;
  world.reach("value");
  EXPECT_EQ(failure_of([&] { world.go("step_back"); }).code(), KITH_INVALID);
  world.me.transition(world.deal, kStage, "step_back", {{"reason", "new sponsor"}});
  EXPECT_EQ(world.stage(), "qualification");
}

TEST(DealStageTest, LeavesSimpleDealsToTheSalesStates) {
  Deal world("new_business");
  EXPECT_EQ(world.stage(), "");
  EXPECT_EQ(world.value(world.deal, "b2b.probability"), "");
  EXPECT_EQ(world.value(world.deal, "state('sales.deal_state')"), "open");
  failure_of([&] { world.go("qualify"); });
}

TEST(ForecastTest, GivesEachStageItsProbability) {
  Deal world;
  const std::pair<const char*, const char*> expected[] = {
      {"prospecting", "10"},     {"qualification", "20"}, {"needs", "25"},       {"value", "30"},
      {"decision_makers", "40"}, {"proposal", "65"},      {"negotiation", "80"}, {"won", "100"}};
  for (const auto& [stage, probability] : expected) {
    if (world.stage() != stage) {
      static constexpr std::pair<const char*, const char*> kWay[] = {{"qualification", "qualify"},
                                                                     {"needs", "analyse"},
                                                                     {"value", "propose_value"},
                                                                     {"decision_makers", "meet_deciders"},
                                                                     {"proposal", "propose"},
                                                                     {"negotiation", "negotiate"},
                                                                     {"won", "win"}};
      world.me.update(world.deal, {{"b2b.need_explicit", true}, {"b2b.paper_process", 2}});
      if (std::string_view(stage) == "decision_makers") world.role(world.person("Eve Buyer"), "economic_buyer");
      if (std::string_view(stage) == "won") world.contract("C-1", "2026-04-01", "2027-03-31");
      for (const auto& [to, event] : kWay)
        if (std::string_view(to) == stage) world.go(event);
    }
    EXPECT_EQ(world.value(world.deal, "b2b.probability"), probability) << stage;
  }
  Deal other;
  EXPECT_EQ(other.value(other.deal, "b2b.weighted_amount"), "8000");
  other.me.transition(other.deal, kStage, "lose", {{"reason", "price"}});
  EXPECT_EQ(other.value(other.deal, "b2b.probability"), "0");
}

TEST(ForecastTest, AddsUpMeddpicc) {
  Deal world;
  EXPECT_EQ(world.value(world.deal, "b2b.meddpicc"), "0");
  world.me.update(world.deal, {{"b2b.metrics", 3}, {"b2b.champion", 2}, {"b2b.paper_process", 1}});
  EXPECT_EQ(world.value(world.deal, "b2b.meddpicc"), "6");
  EXPECT_EQ(failure_of([&] { world.me.update(world.deal, {{"b2b.metrics", 4}}); }).code(), KITH_INVALID);
}

TEST(HandOverTest, FollowsAWonDeal) {
  Deal world;
  world.reach("won");
  world.settle();
  EXPECT_EQ(world.value(world.deal, "state('sales.deal_state')"), "won");
  EXPECT_EQ(world.count("task", "title == 'Kick off Presses' && due_on == '2026-03-24'"), 1);
  EXPECT_EQ(world.count("task", "title == '90-day review of Presses' && due_on == '2026-06-08'"), 1);
}

TEST(HandOverTest, DoesNotFollowANegotiation) {
  Deal world;
  world.reach("negotiation");
  world.settle();
  EXPECT_EQ(world.value(world.deal, "state('sales.deal_state')"), "open");
  EXPECT_EQ(world.count("task"), 0);
}

TEST(LostDealTest, ClosesTheSalesState) {
  Deal world;
  world.me.transition(world.deal, kStage, "lose", {{"reason", "price"}});
  world.settle();
  EXPECT_EQ(world.value(world.deal, "state('sales.deal_state')"), "lost");
}

TEST(ChampionTest, LeavingIsATask) {
  Deal world;
  const Ref champion = world.role(world.person("Cy Champion"), "champion");
  world.settle();
  EXPECT_EQ(world.count("task"), 0);
  world.me.update(champion, {{"left_on", "2026-03-09"}});
  world.settle();
  EXPECT_EQ(
      world.count("task", "title == 'Cy Champion has left: find a new champion for Presses' && priority == 'high'"), 1);
  EXPECT_EQ(world.value(world.deal, "b2b.champions"), "0");
}

TEST(ChampionTest, AnotherRoleLeavingIsNone) {
  Deal world;
  const Ref user = world.role(world.person("Ulf User"), "user");
  world.me.update(user, {{"left_on", "2026-03-09"}});
  world.settle();
  EXPECT_EQ(world.count("task"), 0);
}

TEST(ChampionTest, LeavingADealThatIsOverIsNone) {
  Deal world;
  const Ref champion = world.role(world.person("Cy Champion"), "champion");
  world.me.transition(world.deal, kStage, "lose", {{"reason", "price"}});
  world.settle();
  world.me.update(champion, {{"left_on", "2026-03-09"}});
  world.settle();
  EXPECT_EQ(world.count("task"), 0);
}

TEST(RenewalTest, OpensADealNinetyDaysBeforeTheEnd) {
  Deal world;
  world.contract("C-7", "2025-07-01", "2026-06-30");
  world.settle();
  EXPECT_EQ(world.value(world.account, "b2b.recurring_value"), "12000.00 USD");
  world.pass(21);  // 2026-03-31: 91 days are left
  world.settle();
  EXPECT_EQ(world.count("sales.deal", "pipeline == 'renewal'"), 0);
  world.pass(1);
  world.settle();
  EXPECT_EQ(
      world.count("sales.deal",
                  "title == 'Renewal of C-7' && pipeline == 'renewal' && amount == 12000 && close_on == '2026-06-30'"),
      1);
  world.pass(200);
  world.settle();
  EXPECT_EQ(world.count("sales.deal", "pipeline == 'renewal'"), 1);
  EXPECT_EQ(world.value(world.account, "b2b.recurring_value"), "0.00 USD") << "the contract has ended";
}

TEST(RenewalTest, LeavesAloneWhatIsNotUpForRenewal) {
  Deal world;
  const Ref contract = world.contract("C-7", "2025-07-01", "2026-06-30");
  world.me.update(contract, {{"renews", false}});
  world.settle();
  world.pass(60);
  world.settle();
  EXPECT_EQ(world.count("sales.deal", "pipeline == 'renewal'"), 0);
}

TEST(ContractTest, EndsAfterItStarts) {
  Deal world;
  const Error error = failure_of([&] { world.contract("C-9", "2026-06-30", "2026-06-29"); });
  EXPECT_THAT(error.what(), HasSubstr("The contract ends before it starts."));
  world.contract("C-9", "2026-06-30", "2026-06-30");
}

}  // namespace
}  // namespace kith::test
