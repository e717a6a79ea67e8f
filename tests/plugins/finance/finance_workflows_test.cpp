// What a bank must do by itself: matches, reviews, documents.
#include "plugins/finance/bank.hpp"

namespace kith::test {
namespace {

TEST(ScreeningMatchTest, IsEscalatedAndRestricted) {
  Bank bank;
  bank.activate();
  bank.set({{"finance.sanctions_status", "potential"}});
  bank.settle();
  EXPECT_EQ(bank.state(), "restricted");
  EXPECT_EQ(bank.count("task", "title == 'Screening match: Ada Li' && priority == 'high' && due_on == '2026-03-10'"),
            1);
}

TEST(ScreeningMatchTest, OfWhoIsNoClientYetIsEscalatedOnly) {
  Bank bank;
  bank.go("onboard");
  bank.set({{"finance.sanctions_status", "confirmed"}});
  bank.settle();
  EXPECT_EQ(bank.state(), "onboarding");
  EXPECT_EQ(bank.count("task"), 1);
  for (const std::string& run : bank.runs_of("finance.restrict_match")) EXPECT_NE(run, "dead");
}

TEST(ScreeningMatchTest, AFalseOneIsNone) {
  Bank bank;
  bank.activate();
  bank.set({{"finance.sanctions_status", "false_match"}});
  bank.settle();
  EXPECT_EQ(bank.state(), "active");
  EXPECT_EQ(bank.count("task"), 0);
}

TEST(ReviewTest, IsDatedByTheRiskOfTheClient) {
  Bank low;
  low.activate();
  EXPECT_EQ(low.value(low.client, "finance.next_review_on"), "2031-03-10");
  EXPECT_EQ(low.value(low.client, "finance.kyc_status"), "verified");

  Bank medium;
  medium.assess();
  medium.set({{"finance.risk_rating", "medium"}, {"finance.approved_by", medium.compliance.text()}});
  medium.submit();
  medium.go("approve");
  medium.settle();
  EXPECT_EQ(medium.value(medium.client, "finance.next_review_on"), "2029-03-10");

  Bank high;
  high.assess();
  high.set({{"finance.risk_rating", "high"},
            {"finance.senior_approved_by", high.compliance.text()},
            {"finance.source_of_wealth", "inherited"}});
  high.submit();
  EXPECT_EQ(high.value(high.client, "finance.next_review_on"), "") << "not approved yet";
  high.go("escalate");
  high.go("approve_enhanced");
  high.settle();
  EXPECT_EQ(high.value(high.client, "finance.next_review_on"), "2027-03-10");
  EXPECT_EQ(high.value(high.client, "finance.kyc_status"), "verified");
}

TEST(ReviewTest, BeginsOnItsDay) {
  Bank bank;
  bank.activate();
  bank.set({{"finance.next_review_on", "2026-06-01"}});
  bank.settle();
  bank.pass(82);  // 2026-05-31
  bank.settle();
  EXPECT_EQ(bank.state(), "active");
  bank.pass(1);
  bank.settle();
  EXPECT_EQ(bank.state(), "under_review");
  EXPECT_EQ(bank.count("task", "title == 'KYC review of Ada Li' && due_on == '2026-07-01'"), 1);
}

TEST(ReviewTest, LeavesAloneWhoIsNoClient) {
  Bank bank;
  bank.set({{"finance.next_review_on", "2026-06-01"}});
  bank.settle();
  bank.pass(100);
  bank.settle();
  EXPECT_EQ(bank.state(), "none");
  EXPECT_EQ(bank.count("task"), 0);
}

TEST(DocumentTest, IsAskedForSixtyDaysBeforeItExpires) {
  Bank bank;
  bank.go("approach");
  bank.document("2026-06-01");
  bank.settle();
  bank.pass(22);  // 2026-04-01: 61 days are left
  bank.settle();
  EXPECT_EQ(bank.count("task"), 0);
  bank.pass(1);
  bank.settle();
  EXPECT_EQ(
      bank.count("task", "title == 'Ada Li: an identity document expires on 2026-06-01' && due_on == '2026-06-01'"), 1);
}

TEST(DocumentTest, ExpiresAfterItIsIssued) {
  Bank bank;
  const Ref document = bank.document("2026-06-01");
  EXPECT_THAT(failure_of([&] {
                bank.me.update(document, {{"issued_on", "2026-06-02"}});
              }).what(),
              testing::HasSubstr("The document expires before it is issued."));
  bank.me.update(document, {{"issued_on", "2016-06-01"}});
}

TEST(DocumentTest, OfWhoIsNoClientIsNotAskedFor) {
  Bank bank;
  bank.document("2026-06-01");
  bank.settle();
  bank.pass(60);
  bank.settle();
  EXPECT_EQ(bank.count("task"), 0);
}

}  // namespace
}  // namespace kith::test
