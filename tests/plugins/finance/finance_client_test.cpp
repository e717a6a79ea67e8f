// The lifecycle finance.client_state: each guard denies and lets pass.
#include "plugins/finance/bank.hpp"

namespace kith::test {
namespace {

using testing::HasSubstr;

TEST(ClientStateTest, IsNoneUntilTheBankIsAskedFor) {
  Bank bank;
  EXPECT_EQ(bank.state(), "none");
  bank.go("approach");
  EXPECT_EQ(bank.state(), "prospect");
}

TEST(ClientStateTest, SubmitsWithASubmitterAndAValidDocument) {
  Bank bank;
  bank.go("onboard");
  EXPECT_THAT(bank.denial("submit"), HasSubstr("A submission names who submits it"));
  bank.set({{"finance.submitted_by", bank.officer.text()}});
  EXPECT_THAT(bank.denial("submit"), HasSubstr("identity document"));
  bank.document("2026-03-10");
  EXPECT_THAT(bank.denial("submit"), HasSubstr("identity document")) << "it expires today";
  bank.document("2030-01-31", false);
  EXPECT_THAT(bank.denial("submit"), HasSubstr("identity document")) << "nobody has verified it";
  bank.document();
  bank.go("submit");
  EXPECT_EQ(bank.state(), "kyc_review");
}

TEST(ClientStateTest, ApprovesWithFourEyes) {
  Bank bank;
  bank.assess();
  bank.submit();
  EXPECT_THAT(bank.denial("approve"), HasSubstr("somebody else than who submitted"));
  bank.set({{"finance.approved_by", bank.officer.text()}});
  EXPECT_THAT(bank.denial("approve"), HasSubstr("somebody else than who submitted"));
  bank.set({{"finance.approved_by", bank.compliance.text()}});
  bank.go("approve");
  EXPECT_EQ(bank.state(), "active");
}

TEST(ClientStateTest, DoesNotApproveHighRiskOutsideOfEnhancedDueDiligence) {
  Bank bank;
  bank.assess();
  bank.set({{"finance.pep_status", "foreign"}, {"finance.approved_by", bank.compliance.text()}});
  bank.submit();
  EXPECT_THAT(bank.denial("approve"), HasSubstr("enhanced due diligence")) << "the rating proposed is high";
  bank.set({{"finance.pep_status", "none"}, {"finance.risk_rating", "high"}});
  EXPECT_THAT(bank.denial("approve"), HasSubstr("enhanced due diligence")) << "the rating approved is high";
}

TEST(ClientStateTest, ApprovesHighRiskBySeniorManagementThatKnowsTheSourceOfWealth) {
  Bank bank;
  bank.assess();
  bank.set({{"finance.pep_status", "foreign"}, {"finance.risk_rating", "high"}});
  bank.submit();
  bank.go("escalate");
  EXPECT_EQ(bank.state(), "edd");
  EXPECT_THAT(bank.denial("approve_enhanced"), HasSubstr("senior management"));
  bank.set({{"finance.senior_approved_by", bank.compliance.text()}});
  EXPECT_THAT(bank.denial("approve_enhanced"), HasSubstr("source of wealth"));
  bank.set({{"finance.source_of_wealth", "sale of a company"}, {"finance.senior_approved_by", bank.officer.text()}});
  EXPECT_THAT(bank.denial("approve_enhanced"), HasSubstr("senior management")) << "who submitted can't approve";
  bank.set({{"finance.senior_approved_by", bank.compliance.text()}});
  bank.go("approve_enhanced");
  EXPECT_EQ(bank.state(), "active");
}

TEST(ClientStateTest, NeverActivatesWhoIsNotScreenedClear) {
  Bank bank;
  bank.assess();
  bank.submit();
  bank.set({{"finance.approved_by", bank.compliance.text()}});
  for (const char* status : {"not_screened", "potential", "confirmed"}) {
    bank.set({{"finance.sanctions_status", status}});
    failure_of([&] { bank.go("approve"); });
    EXPECT_EQ(bank.state(), "kyc_review") << status;
  }
  bank.set({{"finance.sanctions_status", "potential"}});
  EXPECT_THAT(bank.denial("approve"), HasSubstr("An active client is screened clear"));
  bank.set({{"finance.sanctions_status", "false_match"}});
  bank.go("approve");
  EXPECT_EQ(bank.state(), "active");
}

TEST(ClientStateTest, NeverActivatesAProhibitedClient) {
  Bank bank;
  bank.assess();
  bank.submit();
  bank.set({{"finance.risk_rating", "prohibited"},
            {"finance.senior_approved_by", bank.compliance.text()},
            {"finance.source_of_wealth", "?"}});
  bank.go("escalate");
  EXPECT_THAT(bank.denial("approve_enhanced"), HasSubstr("not prohibited"));
  bank.set({{"finance.risk_rating", nullptr}});
  EXPECT_THAT(bank.denial("approve_enhanced"), HasSubstr("approved rating")) << "no rating is approved";
  bank.me.transition(bank.client, kClientState, "decline", {{"reason", "prohibited"}});
  EXPECT_EQ(bank.state(), "declined");
}

TEST(ClientStateTest, ConfirmsAReviewWithTheDateOfTheNext) {
  Bank bank;
  bank.activate();
  bank.go("review");
  bank.set({{"finance.next_review_on", "2026-03-10"}});
  EXPECT_THAT(bank.denial("confirm"), HasSubstr("Set the date of the next review first."));
  bank.set({{"finance.next_review_on", "2027-03-10"}});
  bank.go("confirm");
  EXPECT_EQ(bank.state(), "active");
}

TEST(ClientStateTest, ExitsWithoutOpenAccounts) {
  Bank bank;
  bank.activate();
  const Ref account = bank.account("A-1", bank.product("SAVE", 1));
  const auto leave = [&] { bank.me.transition(bank.client, kClientState, "exit", {{"reason", "moved away"}}); };
  EXPECT_THAT(failure_of(leave).what(), HasSubstr("Close the client's accounts first."));
  bank.me.update(account, {{"closed_on", "2026-03-10"}});
  leave();
  EXPECT_EQ(bank.state(), "exited");
  bank.settle();
  EXPECT_EQ(bank.value(bank.client, "finance.exited_on"), "2026-03-10");
}

TEST(ClientStateTest, RaisesTheCommercialStanding) {
  Bank bank;
  bank.assess();
  bank.submit();
  bank.settle();
  EXPECT_EQ(bank.value(bank.client, "state('customer.lifecycle')"), "prospect");
  bank.set({{"finance.approved_by", bank.compliance.text()}});
  bank.go("approve");
  bank.settle();
  EXPECT_EQ(bank.value(bank.client, "state('customer.lifecycle')"), "customer");
}

TEST(DormancyTest, ComesByItselfAfterAYearWithoutMovement) {
  Bank bank;
  bank.activate();
  bank.set({{"finance.next_review_on", "2031-01-01"}});
  bank.account("A-1", bank.product("SAVE", 1));  // moved on 2026-03-01
  bank.settle();
  bank.pass(355);
  bank.settle();
  EXPECT_EQ(bank.state(), "active");
  bank.pass(2);
  bank.settle();
  EXPECT_EQ(bank.state(), "dormant");
  EXPECT_EQ(bank.value(bank.client, "state('customer.lifecycle')"), "customer") << "never lowered";
}

TEST(DormancyTest, MovementEndsInAReview) {
  Bank bank;
  bank.activate();
  bank.set({{"finance.next_review_on", "2031-01-01"}});
  const Ref account = bank.account("A-1", bank.product("SAVE", 1));
  bank.pass(400);
  bank.settle();
  ASSERT_EQ(bank.state(), "dormant");
  bank.me.update(account, {{"last_movement_at", bank.now()}});
  bank.settle();
  EXPECT_EQ(bank.state(), "under_review");
}

}  // namespace
}  // namespace kith::test
