// Validation rules of bundles: on the record itself, on what it was, on other records, with unknown values.
#include "unit/facts/office.hpp"

namespace kith::internal::testing {
namespace {

using facts::Input;

class RulesTest : public ::testing::Test {
 protected:
  std::vector<Input> order(std::vector<Input> more = {}) {
    std::vector<Input> inputs{{"customer", Value::ref(office_.type("customer"), customer_)},
                              {"ordered_on", text("2026-01-02")}};
    for (Input& input : more) inputs.push_back(std::move(input));
    return inputs;
  }
  Office office_;
  RecordId customer_ = office_.person();
};

TEST_F(RulesTest, RejectWithTheirTextAndField) {
  const auto problems = problems_of([&] {
    office_.create("office.order",
                   order({{"total", text("1")}, {"gift", text("false")}, {"shipped_on", text("2026-01-01")}}));
  });
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems.front().number, ProblemNumber::validation_rejected);
  EXPECT_EQ(problems.front().field, "shipped_on");
  EXPECT_EQ(problems.front().message, "An order can't be shipped before it is placed.");
}

TEST_F(RulesTest, DoNotRejectOnUnknownUnlessTheySaySo) {
  // shipped_on is empty: unknown, passes. gift is empty and the order heavy: unknown, and this rule rejects then.
  EXPECT_TRUE(problems_of([&] {
                office_.create("office.order", order({{"total", text("1")}, {"gift", text("false")}}));
              }).empty());
  const auto problems = problems_of([&] {
    office_.create("office.order", order({{"total", text("1")}, {"weight_kg", text("200")}}));
  });
  EXPECT_EQ(problem_of_field(problems, "gift").number, ProblemNumber::validation_rejected);
}

TEST_F(RulesTest, SeeTheValuesBeforeTheChange) {
  const RecordId id = office_.create("office.order", order({{"total", text("10")}, {"gift", text("false")}}));
  EXPECT_TRUE(office_.update("office.order", id, {{"total", text("11")}}).changed);
  const auto problems = problems_of([&] { office_.update("office.order", id, {{"total", text("10")}}); });
  EXPECT_EQ(problem_of_field(problems, "total").message, "The total of an order can't fall.");
}

TEST_F(RulesTest, ThatReadOtherRecordsAreJudgedOnTheFinalState) {
  office_.update("customer", customer_, {{"office.credit_limit", text("50")}});
  const auto too_large = order({{"total", text("60")}, {"gift", text("false")}});
  EXPECT_EQ(problem_of([&] { office_.create("office.order", too_large); }), ProblemNumber::validation_rejected);
  office_.save([&](facts::Transaction& transaction, access::Unit&) {
    transaction.create("office.order", too_large);
    transaction.update("customer", customer_, 0, {{"office.credit_limit", text("70")}});
  });
  EXPECT_EQ(office_.contents("office.order", {"total"}).size(), 1U);
}

}  // namespace
}  // namespace kith::internal::testing
