// What a transaction leaves: one change row and one event per record, however often it was written.
#include "unit/facts/office.hpp"

namespace kith::internal::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ChangesTest : public ::testing::Test {
 protected:
  Office office_;
};

TEST_F(ChangesTest, OfANewRecordAreFromNothing) {
  const RecordId ada = office_.person();
  const auto changes = office_.changes("customer", ada);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes.front().kind, store::ChangeKind::create);
  EXPECT_EQ(changes.front().version, 1);
  EXPECT_EQ(changes.front().actor, "alice");
  EXPECT_THAT(office_.payload(changes.front()), HasSubstr(R"("name":[null,"Ada Li"])"));
  EXPECT_THAT(office_.payload(changes.front()), Not(HasSubstr("updated_at")));
}

TEST_F(ChangesTest, OfSeveralWritesAreOne) {
  const RecordId ada = office_.person();
  const std::size_t before = office_.events().size();
  office_.save([&](facts::Transaction& transaction, access::Unit&) {
    EXPECT_EQ(transaction.update("customer", ada, 1, {{"country", text("CN")}}).version, 2);
    EXPECT_EQ(transaction.update("customer", ada, 2, {{"country", text("DE")}, {"language", text("de")}}).version, 2);
  });
  const auto changes = office_.changes("customer", ada);
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(office_.payload(changes.back()), R"({"language":[null,"de"],"country":[null,"DE"]})");
  EXPECT_EQ(changes.back().version, 2);
  ASSERT_EQ(office_.events().size(), before + 1);
  EXPECT_EQ(office_.events().back().name, "updated");
  EXPECT_EQ(office_.events().back().payload_json, office_.payload(changes.back()));
}

TEST_F(ChangesTest, ThatTakeEachOtherBackAreNone) {
  const RecordId ada = office_.person();
  const std::size_t before = office_.events().size();
  office_.save([&](facts::Transaction& transaction, access::Unit&) {
    transaction.update("customer", ada, 0, {{"country", text("CN")}});
    transaction.update("customer", ada, 0, {{"country", Value::null()}});
  });
  EXPECT_EQ(office_.changes("customer", ada).size(), 1U);
  EXPECT_EQ(office_.events().size(), before);
}

TEST_F(ChangesTest, OfARecordMadeAndRemovedAreNone) {
  const std::size_t before = office_.events().size();
  RecordId id;
  office_.save([&](facts::Transaction& transaction, access::Unit&) {
    id = transaction.create("customer", {{"kind", text("person")}, {"name", text("Nobody")}}).id;
    transaction.emit("office.greeted", "customer", id, "{}");
    transaction.remove("customer", id, 0);
  });
  EXPECT_TRUE(office_.changes("customer", id).empty());
  EXPECT_EQ(office_.events().size(), before);
  EXPECT_FALSE(office_.is_live("customer", id));
}

TEST_F(ChangesTest, OfARemovedRecordSayWhatItWas) {
  const RecordId ada = office_.person();
  office_.remove("customer", ada);
  const auto changes = office_.changes("customer", ada);
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes.back().kind, store::ChangeKind::remove);
  EXPECT_EQ(changes.back().version, 2);
  EXPECT_THAT(office_.payload(changes.back()), HasSubstr(R"("name":["Ada Li",null])"));
  EXPECT_EQ(office_.events().back().name, "removed");
}

TEST_F(ChangesTest, CarryTheirCause) {
  RecordId id;
  office_.save(
      [&](facts::Transaction& transaction, access::Unit&) {
        id = transaction.create("customer", {{"kind", text("person")}, {"name", text("Bo")}}).id;
      },
      {"17", 2, false, "workflow office.greet"});
  const auto changes = office_.changes("customer", id);
  EXPECT_EQ(changes.front().cause.root, "17");
  EXPECT_EQ(changes.front().cause.depth, 2);
  EXPECT_EQ(changes.front().cause.by, "workflow office.greet");
  EXPECT_FALSE(office_.events().back().cause.automation);
}

TEST_F(ChangesTest, EventsOfTheHostCarryAnObject) {
  const RecordId ada = office_.person();
  office_.save([&](facts::Transaction& transaction, access::Unit&) {
    transaction.emit("office.greeted", "customer", ada, R"({ "how": "warmly" })");
    EXPECT_EQ(problem_of([&] { transaction.emit("office.greeted", "customer", ada, "warmly"); }),
              ProblemNumber::value_invalid);
  });
  EXPECT_EQ(office_.events().back().kind, store::EventKind::emitted);
  EXPECT_EQ(office_.events().back().payload_json, R"({"how":"warmly"})");
}

TEST_F(ChangesTest, MarkTheDerivationsThatReadThem) {
  const RecordId ada = office_.person();
  const std::int32_t count = office_.derivation("office.order_count");
  const auto value = [&] {
    Value found;
    office_.write([&](access::Unit& unit) {
      derive::Engine engine(unit);
      found = engine.value(count, ada).value;
    });
    return found;
  };
  EXPECT_EQ(value(), Value::integer(0));
  office_.create("office.order", {{"customer", Value::ref(office_.type("customer"), ada)},
                                  {"ordered_on", text("2026-01-01")},
                                  {"total", text("1")},
                                  {"gift", text("false")}});
  EXPECT_EQ(value(), Value::integer(1));
}

}  // namespace
}  // namespace kith::internal::testing
