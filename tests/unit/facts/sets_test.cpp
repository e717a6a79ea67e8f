// Rules and guards that look through sets of related records, inside of the transaction that writes them.
#include "unit/facts/office.hpp"

namespace kith::internal::testing {
namespace {

using facts::Input;

class SetsTest : public ::testing::Test {
 protected:
  std::vector<Input> order(const char* total, std::vector<Input> more = {}) {
    std::vector<Input> inputs{{"customer", Value::ref(office_.type("customer"), customer_)},
                              {"ordered_on", text("2026-01-02")},
                              {"total", text(total)},
                              {"gift", text("false")}};
    for (Input& input : more) inputs.push_back(std::move(input));
    return inputs;
  }
  Office office_;
  RecordId customer_ = office_.person();
};

TEST_F(SetsTest, AValidationCountsTheRecordsOfTheTransactionToo) {
  const auto by_phone = [&] { return order("5", {{"channel", text("phone")}}); };
  office_.create("office.order", by_phone());
  const RecordId second = office_.create("office.order", by_phone());
  EXPECT_EQ(problems_of([&] { office_.create("office.order", by_phone()); }).front().message,
            "A customer can't have more than two open orders by phone.");
  office_.save([&](facts::Transaction& transaction, access::Unit&) {
    transaction.update("office.order", second, 0, {{"shipped_on", text("2026-01-03")}});
    transaction.create("office.order", by_phone());
  });
  EXPECT_EQ(office_.contents("office.order", {"channel"}).size(), 3U);
}

TEST_F(SetsTest, AValidationFollowsARelationshipWhileItHolds) {
  const RecordId guarantor = office_.person("Bo Sun");
  office_.update("customer", guarantor, {{"office.credit_limit", text("50")}});
  office_.create("office.order", order("60"));
  office_.relate("customer", customer_, "office.guaranteed_by", "customer", guarantor);
  EXPECT_EQ(problems_of([&] { office_.create("office.order", order("60")); }).front().message,
            "The guarantor's credit is below the order.");
  office_.create("office.order", order("40"));
  office_.remove("customer", guarantor);
  office_.create("office.order", order("60"));
}

TEST_F(SetsTest, RelatingAndUnrelatingReachesWhoLooksThroughTheRelationship) {
  const RecordId guarantor = office_.person("Bo Sun");
  // What a segment was stored as by the transaction before: nobody has looked since.
  const auto backed = [&] {
    bool stored = false;
    office_.read([&](access::Unit& unit) {
      stored = derive::Engine::of(unit).stored(office_.derivation("office.backed"), customer_).value.is_true();
    });
    return stored;
  };
  EXPECT_FALSE(backed());
  office_.relate("customer", guarantor, "office.guarantees", "customer", customer_);
  EXPECT_TRUE(backed());
  office_.now += 2 * kDay;
  office_.save([&](facts::Transaction& transaction, access::Unit&) {
    transaction.unrelate("customer", guarantor, "office.guarantees", "customer", customer_);
  });
  EXPECT_FALSE(backed());
}

TEST_F(SetsTest, AGuardLooksAtTheOtherRecordsOfTheSet) {
  const std::vector<Input> web{{"shipped_on", text("2026-01-03")}, {"paid_at", text("2026-01-03T00:00:00Z")}};
  const RecordId small = office_.create("office.order", order("10", web));
  const RecordId large = office_.create("office.order", order("20", web));
  office_.transition("office.order", small, "office.order_state", "ship");
  office_.transition("office.order", large, "office.order_state", "ship");
  const auto close = [&](const RecordId& id) {
    return [&, id] { office_.transition("office.order", id, "office.order_state", "settle"); };
  };
  EXPECT_EQ(problem_of(close(small)), ProblemNumber::guard_denied);
  EXPECT_EQ(problem_of(close(large)), ProblemNumber::guard_denied) << "there is no consent yet";
  const auto consent = [&](const char* at, const char* status) {
    office_.create("consent", {{"customer", Value::ref(office_.type("customer"), customer_)},
                               {"purpose", text("office.letters")},
                               {"channel", text("email")},
                               {"status", text(status)},
                               {"basis", text("consent")},
                               {"at", text(at)}});
  };
  consent("2025-12-01T00:00:00Z", "granted");
  consent("2025-12-02T00:00:00Z", "withdrawn");
  EXPECT_EQ(problem_of(close(large)), ProblemNumber::guard_denied) << "the newest word is no";
  consent("2025-12-03T00:00:00Z", "granted");
  EXPECT_NO_THROW(close(large)());
}

}  // namespace
}  // namespace kith::internal::testing
