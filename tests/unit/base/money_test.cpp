#include "base/value/money.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>
#include <random>

namespace kith::internal {
namespace {

constexpr std::int64_t kLargestAmount = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kSmallestAmount = std::numeric_limits<std::int64_t>::min();

Currency currency(const char* code) { return currency_of(code).value_or(Currency{}); }

TEST(CurrencyTest, KnowsTheDecimalsOfIso4217) {
  const std::pair<const char*, int> cases[] = {{"CNY", 2}, {"USD", 2}, {"EUR", 2}, {"HKD", 2}, {"JPY", 0}, {"KRW", 0},
                                               {"ISK", 0}, {"VND", 0}, {"CLP", 0}, {"KWD", 3}, {"BHD", 3}, {"TND", 3},
                                               {"CLF", 4}, {"UYW", 4}, {"MGA", 2}, {"HUF", 2}, {"XCG", 2}, {"ZWG", 2}};
  for (const auto& [code, scale] : cases) {
    ASSERT_TRUE(currency_of(code)) << code;
    EXPECT_EQ(currency_of(code)->scale, scale) << code;
    EXPECT_EQ(currency_of(code)->text(), code);
  }
}

TEST(CurrencyTest, RefusesCodesThatAreNone) {
  for (const char* code : {"", "cny", "CN", "CNYY", "ABC", "Y C", "XAU", "   ", "ED "})
    EXPECT_FALSE(currency_of(code)) << code;
  EXPECT_EQ(Currency{}.text(), "");
}

TEST(MoneyTest, ReadsDecimalsExactly) {
  EXPECT_EQ(parse_minor("12.50", currency("CNY")), 1250);
  EXPECT_EQ(parse_minor("12.5", currency("CNY")), 1250);
  EXPECT_EQ(parse_minor("-3", currency("CNY")), -300);
  EXPECT_EQ(parse_minor("12.500", currency("CNY")), 1250);
  EXPECT_EQ(parse_minor(" 12.50 CNY ", currency("CNY")), 1250);
  EXPECT_EQ(parse_minor("0.001", currency("KWD")), 1);
  EXPECT_EQ(parse_minor("1250", currency("JPY")), 1250);
  EXPECT_EQ(parse_minor("1250.0", currency("JPY")), 1250);
  EXPECT_EQ(parse_minor("-0.00", currency("CNY")), 0);
  EXPECT_EQ(parse_minor("0000000000000000000000000012.50", currency("CNY")), 1250);
  EXPECT_EQ(parse_minor("92233720368547758.07", currency("CNY")), kLargestAmount);
  EXPECT_EQ(parse_minor("-92233720368547758.08", currency("CNY")), kSmallestAmount);
}

TEST(MoneyTest, RefusesWhatIsNotExactOrNotMoney) {
  for (const char* text : {"", "12.505", "1,234.50", "12,50", "1 234.50", "12.", ".5", "1e3", "--3", "12.50 USD",
                           "12.50CNY", "92233720368547758.08", "-92233720368547758.09", "99999999999999999999", "CNY",
                           "CNY 12.50", "NaN", "0x10", "12.5.0"}) {
    EXPECT_FALSE(parse_minor(text, currency("CNY"))) << text;
  }
  EXPECT_FALSE(parse_minor("0.5", currency("JPY")));
}

TEST(MoneyTest, RoundsADecimalOnceHalfAwayFromZero) {
  const Currency euro = currency("EUR"), yen = currency("JPY");
  EXPECT_EQ(rounded_minor("12.345", euro), 1235);
  EXPECT_EQ(rounded_minor("-12.345", euro), -1235);
  EXPECT_EQ(rounded_minor("12.3449999", euro), 1234);
  EXPECT_EQ(rounded_minor("999.995", euro), 100'000);
  EXPECT_EQ(rounded_minor("0.004", euro), 0);
  EXPECT_EQ(rounded_minor("0.005", euro), 1);
  EXPECT_EQ(rounded_minor("5e-3", euro), 1);
  EXPECT_EQ(rounded_minor("1e-999999", euro), 0);
  EXPECT_EQ(rounded_minor("0.5", yen), 1);
  EXPECT_EQ(rounded_minor("12", yen), 12);
  EXPECT_EQ(rounded_minor("92233720368547758.074", euro), INT64_MAX);
  EXPECT_EQ(rounded_minor("92233720368547758.075", euro), std::nullopt);
  EXPECT_EQ(rounded_minor("1,5", euro), std::nullopt);
  EXPECT_FALSE(is_decimal("1,5"));
  EXPECT_FALSE(is_decimal(""));
  EXPECT_TRUE(is_decimal("1e99"));
}

TEST(MoneyTest, ReadsLiteralsWithExponents) {
  EXPECT_EQ(minor_from_decimal("1e3", currency("CNY")), 100'000);
  EXPECT_EQ(minor_from_decimal("1.25E1", currency("CNY")), 1250);
  EXPECT_EQ(minor_from_decimal("1250e-2", currency("CNY")), 1250);
  EXPECT_EQ(minor_from_decimal("0e999999", currency("CNY")), 0);
  EXPECT_FALSE(minor_from_decimal("1e-3", currency("CNY")));
  EXPECT_FALSE(minor_from_decimal("1e999999", currency("CNY")));
  EXPECT_FALSE(minor_from_decimal("1e-999999", currency("CNY")));
  EXPECT_FALSE(minor_from_decimal("1e", currency("CNY")));
}

TEST(MoneyTest, IsWrittenWithAllItsDecimals) {
  EXPECT_EQ(format_minor(1250, currency("CNY")), "12.50");
  EXPECT_EQ(format_minor(5, currency("CNY")), "0.05");
  EXPECT_EQ(format_minor(-5, currency("CNY")), "-0.05");
  EXPECT_EQ(format_minor(0, currency("CNY")), "0.00");
  EXPECT_EQ(format_minor(1250, currency("JPY")), "1250");
  EXPECT_EQ(format_minor(1, currency("KWD")), "0.001");
  EXPECT_EQ(format_minor(kSmallestAmount, currency("CNY")), "-92233720368547758.08");
}

TEST(MoneyTest, SurvivesTheRoundTripThroughText) {
  std::mt19937_64 random(6);
  for (const char* code : {"CNY", "JPY", "KWD", "CLF"}) {
    for (int i = 0; i < 5000; ++i) {
      const std::int64_t minor = static_cast<std::int64_t>(random()) >> (random() % 64);
      const std::string text = format_minor(minor, currency(code));
      ASSERT_EQ(parse_minor(text, currency(code)), minor) << text;
      ASSERT_EQ(parse_minor(text + " " + code, currency(code)), minor) << text;
      ASSERT_EQ(minor_from_decimal(text, currency(code)), minor) << text;
    }
  }
}

TEST(MoneyTest, MajorUnitsAreTheNearestDouble) {
  std::mt19937_64 random(7);
  for (const char* code : {"CNY", "JPY", "KWD", "CLF"}) {
    for (int i = 0; i < 5000; ++i) {
      const std::int64_t minor = static_cast<std::int64_t>(random()) >> (random() % 64);
      ASSERT_EQ(major_units(minor, currency(code)), std::strtod(format_minor(minor, currency(code)).c_str(), nullptr))
          << minor;
    }
  }
}

}  // namespace
}  // namespace kith::internal
