// The score finance.risk rule by rule, what is proposed from it, and suitability.
#include "plugins/finance/bank.hpp"

namespace kith::test {
namespace {

using testing::HasSubstr;

constexpr const char* kRisk = "finance.risk";

struct Assessed : Bank {
  Assessed() {
    go("approach");
    assess();
    account("A-1", product("SAVE", 1));
  }
  double points(std::string_view rule) { return points_of(me.explain(client, kRisk), rule); }
  std::string proposed() { return value(client, "finance.risk_band"); }
};

TEST(ClientRiskTest, AssumesTheWorstOfWhatIsNotKnown) {
  Bank bank;
  bank.go("approach");
  const Explanation why = bank.me.explain(bank.client, kRisk);
  EXPECT_EQ(why.points, 85) << "all but ownership, which a person doesn't have";
  EXPECT_EQ(why.band, "high");
  int unknown = 0;
  for (const Reason& reason : why.reasons) unknown += reason.unknown ? 1 : 0;
  EXPECT_EQ(unknown, 5);
}

TEST(ClientRiskTest, IsLowForAKnownAndOrdinaryClient) {
  Assessed bank;
  const Explanation why = bank.me.explain(bank.client, kRisk);
  EXPECT_EQ(why.points, 0);
  EXPECT_EQ(why.band, "low");
  EXPECT_EQ(bank.proposed(), "low");
}

TEST(ClientRiskTest, IsForClientsOnly) {
  Bank bank;
  EXPECT_EQ(bank.value(bank.client, "finance.risk"), "");
  EXPECT_EQ(bank.value(bank.client, "finance.risk_band"), "");
}

TEST(ClientRiskTest, RatesTheCountry) {
  Assessed bank;
  bank.set({{"country", "VN"}});
  EXPECT_EQ(bank.points("geography"), 15);
  EXPECT_EQ(bank.proposed(), "low");
  bank.set({{"country", "KP"}});
  EXPECT_EQ(bank.points("geography"), 25);
  EXPECT_EQ(bank.proposed(), "high") << "a floor: call for action";
  bank.set({{"country", "DE"}});
  EXPECT_EQ(bank.points("geography"), 0);
}

TEST(ClientRiskTest, RatesPoliticallyExposedPersons) {
  Assessed bank;
  const std::pair<const char*, double> expected[] = {{"none", 0},     {"former", 10},        {"domestic", 20},
                                                     {"foreign", 20}, {"international", 20}, {"rca", 20}};
  for (const auto& [status, points] : expected) {
    bank.set({{"finance.pep_status", status}});
    EXPECT_EQ(bank.points("pep"), points) << status;
    EXPECT_EQ(bank.proposed(), points == 20 ? "high" : "low") << status;
  }
}

TEST(ClientRiskTest, LeavesDomesticPepsToTheirPointsWhereTheSettingSaysSo) {
  World world(R"({"sales": {}, "finance": {"settings": {"domestic_pep_is_high": false}}})");
  const Ref ada = world.person("Ada");
  world.me.transition(ada, "finance.client_state", "approach");
  world.me.update(ada, {{"country", "SE"},
                        {"finance.pep_status", "domestic"},
                        {"finance.industry_risk", "low"},
                        {"finance.onboarding_channel", "branch"}});
  EXPECT_EQ(world.value(ada, "finance.risk"), "35") << "20, and 15 for no product yet";
  EXPECT_EQ(world.value(ada, "finance.risk_band"), "medium");
  world.me.update(ada, {{"finance.pep_status", "foreign"}});
  EXPECT_EQ(world.value(ada, "finance.risk_band"), "high");
}

TEST(ClientRiskTest, RatesLayersOfOwnershipOfOrganizations) {
  Assessed bank;
  bank.set({{"finance.ownership_layers", 3}});
  EXPECT_EQ(bank.points("ownership"), 0) << "a person";
  bank.set({{"kind", "organization"}});
  EXPECT_EQ(bank.points("ownership"), 15);
  bank.set({{"finance.ownership_layers", 1}});
  EXPECT_EQ(bank.points("ownership"), 5);
  bank.set({{"finance.ownership_layers", nullptr}});
  EXPECT_EQ(bank.points("ownership"), 15) << "not known";
}

TEST(ClientRiskTest, RatesTheRiskiestProduct) {
  Assessed bank;
  EXPECT_EQ(bank.points("product"), 0);
  const Ref fund = bank.account("A-2", bank.product("FUND", 4));
  EXPECT_EQ(bank.points("product"), 10);
  bank.me.update(fund, {{"closed_on", "2026-03-10"}});
  EXPECT_EQ(bank.points("product"), 0) << "closed";
}

TEST(ClientRiskTest, RatesIndustryAndChannel) {
  Assessed bank;
  EXPECT_EQ(bank.points("industry"), 0);
  EXPECT_EQ(bank.points("channel"), 0);
  bank.set({{"finance.industry_risk", "medium"}, {"finance.onboarding_channel", "video"}});
  EXPECT_EQ(bank.points("industry"), 8);
  EXPECT_EQ(bank.points("channel"), 5);
  bank.set({{"finance.industry_risk", "high"}, {"finance.onboarding_channel", "introducer"}});
  EXPECT_EQ(bank.points("industry"), 15);
  EXPECT_EQ(bank.points("channel"), 10);
}

TEST(ClientRiskTest, ExplainsAFloorAsALineWithoutPoints) {
  Assessed bank;
  bank.set({{"finance.pep_status", "foreign"}});
  const Explanation why = bank.me.explain(bank.client, kRisk);
  EXPECT_EQ(why.points, 20) << "the points stay";
  EXPECT_EQ(sum_of(why), 20);
  EXPECT_EQ(why.band, "high");
  std::string told;
  for (const Reason& reason : why.reasons)
    if (reason.rule == "adjustment") told = reason.text;
  EXPECT_EQ(told, "floor foreign_pep: band high, not low");
}

TEST(ClientRiskTest, ProhibitsWhoIsSanctioned) {
  Assessed bank;
  bank.set({{"finance.sanctions_status", "potential"}});
  EXPECT_EQ(bank.proposed(), "low");
  bank.set({{"finance.sanctions_status", "confirmed"}});
  EXPECT_EQ(bank.proposed(), "prohibited");
}

TEST(SuitabilityTest, IsTheLeastOfThree) {
  Bank bank;
  bank.set({{"finance.knowledge", 4}, {"finance.risk_tolerance", 5}});
  EXPECT_EQ(bank.value(bank.client, "finance.risk_class"), "");
  bank.set({{"finance.loss_capacity", 2}});
  EXPECT_EQ(bank.value(bank.client, "finance.risk_class"), "2");
}

TEST(SuitabilityTest, BlocksWhatIsRiskierThanTheClient) {
  Bank bank;
  const auto recommend = [&](const Ref& product) {
    return bank.me.create("finance.recommendation",
                          {{"customer", bank.client.text()}, {"product", product.text()}, {"reason", "long horizon"}});
  };
  const Ref bond = bank.product("BOND", 2), fund = bank.product("FUND", 3),
            unrated = bank.me.create("sales.product", {{"code", "NEW"}, {"name", "New"}});
  EXPECT_THAT(failure_of([&] { recommend(bond); }).what(), HasSubstr("not assessed")) << "the client is not assessed";
  bank.set({{"finance.knowledge", 4}, {"finance.risk_tolerance", 5}, {"finance.loss_capacity", 2}});
  recommend(bond);
  EXPECT_THAT(failure_of([&] { recommend(fund); }).what(),
              HasSubstr("The product is riskier than what suits the client"));
  EXPECT_THAT(failure_of([&] { recommend(unrated); }).what(), HasSubstr("not assessed"));
  EXPECT_EQ(bank.count("finance.recommendation"), 1);
}

TEST(AccountTest, ClosesAfterItOpened) {
  Bank bank;
  const Ref account = bank.account("A-1", bank.product("SAVE", 1));
  EXPECT_THAT(failure_of([&] {
                bank.me.update(account, {{"closed_on", "2026-02-28"}});
              }).what(),
              HasSubstr("The account closes before it opens."));
  bank.me.update(account, {{"closed_on", "2026-03-01"}});
}

TEST(AccountTest, AddsUpOnItsHolder) {
  Bank bank;
  const Ref save = bank.product("SAVE", 1), first = bank.account("A-1", save);
  bank.account("A-2", save);
  EXPECT_EQ(bank.value(bank.client, "finance.open_accounts"), "2");
  EXPECT_EQ(bank.value(bank.client, "finance.assets"), "10000.00 USD");
  bank.me.update(first, {{"closed_on", "2026-03-10"}});
  EXPECT_EQ(bank.value(bank.client, "finance.open_accounts"), "1");
  EXPECT_EQ(bank.value(bank.client, "finance.assets"), "5000.00 USD");
}

}  // namespace
}  // namespace kith::test
