#include <limits>
#include <random>

#include "base/text/text.hpp"
#include "base/value/money.hpp"
#include "unit/facts/office.hpp"

namespace kith::internal::testing {
namespace {

using facts::coerce;

class CoerceTest : public ::testing::Test {
 protected:
  Value order(const std::string& name, const Value& value) {
    return coerce(*catalog_, catalog_->member(catalog_->type("office.order"), name), value);
  }
  Problem refused(const std::string& name, const Value& value) {
    const auto problems = problems_of([&] { order(name, value); });
    return problems.empty() ? Problem{} : problems.front();
  }
  catalog::CatalogPtr catalog_ = build_office();
};

TEST_F(CoerceTest, ReadsTextAsTheMembersType) {
  EXPECT_EQ(order("ordered_on", text(" 2026-01-02 ")), Value::date(*parse_date("2026-01-02")));
  EXPECT_EQ(order("total", text("12.50")), Value::money(1250, catalog_->currency));
  EXPECT_EQ(order("weight_kg", text("1e2")), Value::real(100));
  EXPECT_EQ(order("gift", text("true")), Value::boolean(true));
  EXPECT_EQ(order("channel", text("shop")), text("shop"));
  EXPECT_EQ(order("tags", text("[ \"rush\", \"heavy\" ]")), Value::json("[\"rush\",\"heavy\"]"));
}

TEST_F(CoerceTest, TakesAnInstantWithoutOffsetAsTheTenantsLocalTime) {
  EXPECT_EQ(order("paid_at", text("2026-01-02T08:00:00")), Value::timestamp(*parse_instant("2026-01-02T00:00:00Z")));
  EXPECT_EQ(order("paid_at", text("2026-01-02T08:00:00Z")), Value::timestamp(*parse_instant("2026-01-02T08:00:00Z")));
}

TEST_F(CoerceTest, TakesNumbersOnlyWhereTheyAreExact) {
  EXPECT_EQ(order("total", Value::integer(12)), Value::money(1200, catalog_->currency));
  EXPECT_EQ(order("total", Value::real(12.34)), Value::money(1234, catalog_->currency));
  EXPECT_EQ(refused("total", Value::real(12.345)).number, ProblemNumber::value_invalid);
  EXPECT_EQ(order("weight_kg", Value::integer(7)), Value::real(7));
  EXPECT_EQ(refused("weight_kg", Value::integer((std::int64_t{1} << 53) + 1)).number, ProblemNumber::value_invalid);
}

TEST_F(CoerceTest, TakesOneSignBeforeANumberAndNotTwo) {
  EXPECT_EQ(order("weight_kg", text("+5")), Value::real(5));
  EXPECT_EQ(order("weight_kg", text(" -5 ")), Value::real(-5));
  for (const char* wrong : {"+-5", "-+5", "++5", "+"})
    EXPECT_EQ(refused("weight_kg", text(wrong)).number, ProblemNumber::value_invalid) << wrong;
}

TEST_F(CoerceTest, SaysWhatWasExpectedAndFound) {
  const Problem problem = refused("ordered_on", text("02/01/2026"));
  EXPECT_EQ(problem.field, "ordered_on");
  EXPECT_THAT(problem.expected, ::testing::HasSubstr("2026-01-31"));
  EXPECT_EQ(problem.found, "'02/01/2026'");
}

TEST_F(CoerceTest, SuggestsTheNearestEnumValue) {
  const Problem problem = refused("channel", text("shopp"));
  EXPECT_EQ(problem.expected, "web, shop, phone");
  EXPECT_THAT(problem.fix, ::testing::HasSubstr("shop"));
}

TEST_F(CoerceTest, HidesPersonalData) {
  const auto problems = problems_of(
      [&] { coerce(*catalog_, catalog_->member(catalog_->type("customer"), "birth_date"), text("secret")); });
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_THAT(problems.front().message + problems.front().found, ::testing::Not(::testing::HasSubstr("secret")));
}

TEST_F(CoerceTest, RefusesWhatCanNotBeKept) {
  EXPECT_EQ(refused("weight_kg", text("nan")).number, ProblemNumber::value_invalid);
  EXPECT_EQ(refused("weight_kg", Value::real(std::numeric_limits<double>::infinity())).number,
            ProblemNumber::value_invalid);
  EXPECT_EQ(refused("number", text("a\xff")).number, ProblemNumber::value_invalid);
  EXPECT_EQ(refused("number", Value::text(std::string("a\0b", 3))).number, ProblemNumber::value_invalid);
  EXPECT_EQ(refused("gift", text("yes")).number, ProblemNumber::value_invalid);
  EXPECT_EQ(refused("total", Value::money(1, *currency_of("EUR"))).number, ProblemNumber::value_invalid);
  EXPECT_EQ(refused("tags", text("[\"soft\"]")).number, ProblemNumber::value_invalid);
  EXPECT_EQ(refused("tags", text("rush")).number, ProblemNumber::value_invalid);
}

TEST_F(CoerceTest, TakesEmptyTextAsNull) {
  EXPECT_TRUE(order("total", text("  ")).is_null());
  EXPECT_TRUE(order("number", text("")).is_null());
  EXPECT_TRUE(order("channel", Value::unknown()).is_null());
}

TEST_F(CoerceTest, ReadsReferencesThatNeedNoLookUp) {
  IdSource ids;
  const RecordId id = ids.next(kStart);
  const std::int32_t customer = catalog_->type("customer").number;
  EXPECT_EQ(order("customer", text(id.text())), Value::ref(customer, id));
  EXPECT_EQ(order("customer", text("customer/" + id.text())), Value::ref(customer, id));
  EXPECT_EQ(order("about", text("customer/" + id.text())), Value::ref(customer, id));
  EXPECT_EQ(refused("customer", text("task/" + id.text())).number, ProblemNumber::value_invalid);
  EXPECT_EQ(refused("about", text(id.text())).number, ProblemNumber::value_invalid);
}

/// What is shown as text is read back as the same value, whatever it is.
TEST_F(CoerceTest, ReadsBackWhatToTextWrites) {
  std::mt19937_64 random(20261122);
  const auto number = [&](std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random);
  };
  for (int i = 0; i < 20'000; ++i) {
    const std::pair<const char*, Value> cases[] = {
        {"ordered_on", Value::date(number(-700'000, 2'900'000))},
        {"paid_at", Value::timestamp(number(-60'000'000'000'000'000, 250'000'000'000'000'000))},
        {"gift", Value::boolean(number(0, 1) == 1)},
        {"weight_kg", Value::real(static_cast<double>(number(-1'000'000'000, 1'000'000'000)) / 1024.0)},
    };
    for (const auto& [name, value] : cases)
      ASSERT_EQ(order(name, Value::text(to_text(value))), value) << name << " " << to_text(value);
    const Value money = Value::money(number(INT64_MIN / 2, INT64_MAX / 2), catalog_->currency);
    ASSERT_EQ(order("total", Value::text(format_minor(money.i, money.currency))), money);
  }
}

}  // namespace
}  // namespace kith::internal::testing
