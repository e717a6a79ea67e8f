#include "unit/facts/office.hpp"

namespace kith::internal::testing {
namespace {

using facts::Input;
using ::testing::HasSubstr;

class CreateTest : public ::testing::Test {
 protected:
  std::vector<Input> order(std::vector<Input> more = {}) {
    std::vector<Input> inputs{{"customer", Value::ref(office_.type("customer"), customer_)},
                              {"ordered_on", text("2026-01-02")},
                              {"total", text("99.50")},
                              {"gift", Value::boolean(false)},
                              {"weight_kg", Value::real(1)}};
    for (Input& input : more) inputs.push_back(std::move(input));
    return inputs;
  }
  std::vector<Problem> refused(const std::string& type_name, const std::vector<Input>& inputs) {
    return problems_of([&] { office_.create(type_name, inputs); });
  }
  Office office_;
  RecordId customer_ = office_.person();
};

TEST_F(CreateTest, FillsDefaultsAndStamps) {
  const RecordId id = office_.create("office.order", order());
  EXPECT_EQ(office_.get("office.order", id, "channel"), text("web"));
  EXPECT_EQ(office_.get("office.order", id, "version"), Value::integer(1));
  EXPECT_EQ(office_.get("office.order", id, "created_by"), text("alice"));
  EXPECT_EQ(office_.get("office.order", id, "created_at"), Value::timestamp(kStart));
  EXPECT_EQ(office_.get("office.order", id, "updated_at"), Value::timestamp(kStart));
}

TEST_F(CreateTest, KeepsAnExplicitNullInsteadOfTheDefault) {
  const RecordId id = office_.create("office.order", order({{"channel", Value::null()}}));
  EXPECT_TRUE(office_.get("office.order", id, "channel").is_null());
}

TEST_F(CreateTest, NormalisesTextAddressesAndNumbers) {
  const RecordId id = office_.create("customer", {{"kind", text("person")},
                                                  {"name", text("  Zoe\xCC\x88 Li ")},
                                                  {"email", text(" Zoe@EXAMPLE.com")},
                                                  {"phone", text("138 0013 8000")},
                                                  {"country", text("cn")},
                                                  {"language", text("ZH-hans-cn")}});
  EXPECT_EQ(office_.get("customer", id, "name"), text("Zo\xC3\xAB Li"));
  EXPECT_EQ(office_.get("customer", id, "email"), text("Zoe@example.com"));
  EXPECT_EQ(office_.get("customer", id, "phone"), text("+8613800138000"));
  EXPECT_EQ(office_.get("customer", id, "country"), text("CN"));
  EXPECT_EQ(office_.get("customer", id, "language"), text("zh-Hans-CN"));
}

TEST_F(CreateTest, ReportsAllFailuresAtOnceEachWithItsField) {
  const auto problems = refused("office.order", {{"customer", text("nobody")},
                                                 {"ordered_on", text("2026-13-01")},
                                                 {"channel", text("wob")},
                                                 {"weight_kg", text("-1")},
                                                 {"colour", text("red")}});
  EXPECT_EQ(problem_of_field(problems, "customer").number, ProblemNumber::reference_invalid);
  EXPECT_EQ(problem_of_field(problems, "ordered_on").number, ProblemNumber::value_invalid);
  EXPECT_THAT(problem_of_field(problems, "channel").fix, HasSubstr("web"));
  EXPECT_EQ(problem_of_field(problems, "weight_kg").expected, "at least 0");
  EXPECT_EQ(problem_of_field(problems, "colour").number, ProblemNumber::unknown_field);
  EXPECT_EQ(problem_of_field(problems, "total").number, ProblemNumber::required_missing);
}

TEST_F(CreateTest, LeavesNothingBehindWhenItIsRefused) {
  const std::size_t events = office_.events().size();
  refused("office.order", {});
  EXPECT_EQ(office_.contents("office.order", {"number"}).size(), 0U);
  EXPECT_EQ(office_.events().size(), events);
}

TEST_F(CreateTest, RefusesReadOnlyMembersAndSaysWhatToDoInstead) {
  const auto problems = refused("customer", {{"kind", text("person")},
                                             {"name", text("Bo")},
                                             {"version", Value::integer(7)},
                                             {"office.order_count", Value::integer(7)},
                                             {"office.orders", text("x")}});
  EXPECT_EQ(problem_of_field(problems, "version").number, ProblemNumber::field_not_writable);
  EXPECT_THAT(problem_of_field(problems, "office.order_count").fix, HasSubstr("computed from"));
  EXPECT_THAT(problem_of_field(problems, "office.orders").fix, HasSubstr("customer of the office.order"));
}

TEST_F(CreateTest, ChecksLengthAndPattern) {
  EXPECT_EQ(
      problem_of_field(refused("office.product", {{"code", text("ABCDEFGHI")}, {"name", text("x")}}), "code").expected,
      "at most 8 characters");
  EXPECT_EQ(problem_of_field(refused("office.product", {{"code", text("a b")}, {"name", text("x")}}), "code").expected,
            "[A-Z][A-Z0-9]*");
}

TEST_F(CreateTest, RefusesASecondLiveRecordWithTheSameKeyAndNamesTheFirst) {
  const RecordId first = office_.create("office.product", {{"code", text("P1")}, {"name", text("Pen")}});
  const auto problems = refused("office.product", {{"code", text("P1")}, {"name", text("Pencil")}});
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems.front().number, ProblemNumber::not_unique);
  EXPECT_THAT(problems.front().message, HasSubstr("office.product/" + first.text()));
  office_.remove("office.product", first);
  EXPECT_TRUE(refused("office.product", {{"code", text("P1")}, {"name", text("Pencil")}}).empty());
}

TEST_F(CreateTest, ChecksUniquenessOverSeveralFieldsAndNullMatchesNothing) {
  office_.create("office.order", order({{"number", text("1")}}));
  EXPECT_EQ(refused("office.order", order({{"number", text("1")}})).front().number, ProblemNumber::not_unique);
  EXPECT_TRUE(refused("office.order", order()).empty());
  EXPECT_TRUE(refused("office.order", order()).empty());
}

TEST_F(CreateTest, DoesNotShowPersonalDataOfADuplicate) {
  office_.update("customer", customer_, {{"office.tax_number", text("T-12345")}});
  const auto problems =
      refused("customer", {{"kind", text("person")}, {"name", text("Bo")}, {"office.tax_number", text("T-12345")}});
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_THAT(problems.front().message + problems.front().found, ::testing::Not(HasSubstr("T-12345")));
}

TEST_F(CreateTest, RefusesAWriteInAReadingUnit) {
  office_.read([&](access::Unit& unit) {
    derive::Engine engine(unit);
    facts::Transaction transaction(unit, engine);
    EXPECT_EQ(problem_of([&] {
                transaction.create("customer", {{"kind", text("person")}, {"name", text("Bo")}});
              }),
              ProblemNumber::misuse);
  });
}

TEST_F(CreateTest, NamesAnUnknownRecordType) {
  EXPECT_EQ(refused("custmer", {}).front().number, ProblemNumber::unknown_record_type);
}

}  // namespace
}  // namespace kith::internal::testing
