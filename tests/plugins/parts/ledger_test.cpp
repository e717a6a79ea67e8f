#include "ledger.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>

namespace insight {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr CustomerId kAda{1}, kBo{2};

TEST(LedgerTest, CountsPurchasesAndAddsUpTheNetPerCustomer) {
  Ledger ledger;
  ledger.add(kAda, Ledger::Kind::revenue, 100, 1000);
  ledger.add(kBo, Ledger::Kind::revenue, 90, 500);
  ledger.add(kAda, Ledger::Kind::revenue, 95, 250);
  const Measures measures = ledger.measures(110);
  EXPECT_THAT(measures.recency, UnorderedElementsAre(10, 20));
  EXPECT_THAT(measures.frequency, UnorderedElementsAre(2, 1));
  EXPECT_THAT(measures.monetary, UnorderedElementsAre(1250, 500));
  EXPECT_EQ(ledger.entries(), 3u);
}

TEST(LedgerTest, TakesAReturnFromTheNetOnly) {
  Ledger ledger;
  ledger.add(kAda, Ledger::Kind::revenue, 100, 1000);
  ledger.add(kAda, Ledger::Kind::returned, 105, -400);
  const Measures measures = ledger.measures(110);
  EXPECT_THAT(measures.recency, ElementsAre(10));
  EXPECT_THAT(measures.frequency, ElementsAre(1));
  EXPECT_THAT(measures.monetary, ElementsAre(600));
}

TEST(LedgerTest, LeavesOutWhoNeverBought) {
  Ledger ledger;
  ledger.add(kAda, Ledger::Kind::returned, 100, -400);
  EXPECT_THAT(ledger.measures(110).recency, IsEmpty());
  EXPECT_THAT(Ledger().measures(110).monetary, IsEmpty());
}

TEST(LedgerTest, KnowsDaysBefore1970) {
  Ledger ledger;
  ledger.add(kAda, Ledger::Kind::revenue, -30, 1);
  EXPECT_THAT(ledger.measures(-10).recency, ElementsAre(20));
}

TEST(LedgerTest, RefusesASumOutOfRange) {
  Ledger ledger;
  ledger.add(kAda, Ledger::Kind::revenue, 100, std::numeric_limits<std::int64_t>::max());
  EXPECT_THROW(ledger.add(kAda, Ledger::Kind::revenue, 100, 1), std::overflow_error);
}

}  // namespace
}  // namespace insight
