// Functions of texts, numbers, amounts and dates: by example, and against other ways to compute the same.
#include <gtest/gtest.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <random>

#include "base/problem/error.hpp"
#include "base/text/text.hpp"
#include "base/time/time.hpp"
#include "base/value/money.hpp"
#include "expr/evaluate/conversions.hpp"
#include "expr/evaluate/json_list.hpp"
#include "expr/evaluate/rounding.hpp"
#include "expr/evaluate/texts.hpp"
#include "unit/expr/worlds/generator.hpp"
#include "unit/expr/worlds/world.hpp"

namespace kith::internal::expr::testing {
namespace {

class FunctionsTest : public ::testing::Test {
 protected:
  FunctionsTest() : anna_(world_, kCustomer, 1) {
    env_.surroundings = &answers_;
    env_.now = instant("2026-01-05T10:00:00Z");
    anna_.set("name", Value::text(" Anna M\xC3\xBCller\xC2\xA0"))
        .set("n", Value::integer(-7))
        .set("x", Value::real(2.675))
        .set("y", Value::real(-2.5))
        .set("born", Value::date(day("2000-02-29")))
        .set("joined", Value::timestamp(instant("2026-01-01T12:00:00Z")))
        .set("balance", Value::money(-1250, kYuan))
        .set("tags", Value::json(R"(["new","it's"])"));
  }

  Value eval(const std::string& source) {
    Scope scope;
    scope.names = &world_;
    scope.record_type = kCustomer;
    return evaluate(*compile_or_throw(source, scope), anna_, env_).value;
  }
  // The value, "null", or "unknown" with its reason.
  std::string shown(const std::string& source) {
    const Value value = eval(source);
    if (value.is_unknown()) return value.s.empty() ? "unknown" : "unknown: " + value.s;
    return value.is_null() ? "null" : to_text(value);
  }
  void expect(const std::vector<std::pair<const char*, const char*>>& cases) {
    for (const auto& [source, wanted] : cases) EXPECT_EQ(shown(source), wanted) << source;
  }

  World world_;
  Answers answers_;
  Env env_;
  Record anna_;
};

TEST_F(FunctionsTest, MakeTextsOfTexts) {
  expect({{"trim(name)", "Anna M\xC3\xBCller"},
          {"name.trim()", "Anna M\xC3\xBCller"},
          {"'\\u3000 x \\n'.trim()", "x"},
          {"upper(trim(name))", "ANNA M\xC3\x9CLLER"},
          {"lower('\xC3\x84\xC3\x96')", "\xC3\xA4\xC3\xB6"},
          {"upper('stra\xC3\x9F"
           "e')",
           "STRASSE"},
          {"lower('I')", "i"},
          {"replace('banana', 'ana', 'x')", "bxna"},
          {"'aaa'.replace('a', 'aa')", "aaaaaa"},
          {"replace('abc', '', 'x')", "abc"},
          {"replace('a-b-c', '-', '')", "abc"},
          {"substring('M\xC3\xBCller', 1)", "\xC3\xBCller"},
          {"substring('M\xC3\xBCller', 1, 2)", "\xC3\xBCl"},
          {"substring('ab', 2)", ""},
          {"substring('ab', 1, 99)", "b"},
          {"substring('ab', 99, 1)", ""},
          {"substring('ab', 0, 0)", ""},
          {"size(split('a,,b', ','))", "3"},
          {"split('a,,b', ',')", R"(["a","","b"])"},
          {"split('', ',')", R"([""])"},
          {"'a, b'.split(', ')", R"(["a","b"])"},
          {"'b' in split('a,b', ',')", "true"},
          {"note.trim()", "unknown"},
          {"replace(name, note, 'x')", "unknown"}});
}

TEST_F(FunctionsTest, RoundNumbersAndAmounts) {
  expect({{"round(2.5)", "3"},
          {"round(-2.5)", "-3"},
          {"round(0.49999999999999994)", "0"},
          {"round(x, 2)", "2.68"},
          {"round(1.005, 2)", "1.01"},
          {"round(y)", "-3"},
          {"round(1e300, 3)", "1e+300"},
          {"round(1234.5, -2)", "1200"},
          {"round(-9.99, 1)", "-10"},
          {"round(0.04, 1)", "0"},
          {"round(n)", "-7"},
          {"round(n, -1)", "-10"},
          {"round(15, -1)", "20"},
          {"round(balance)", "-13.00 CNY"},
          {"round(balance, 1)", "-12.50 CNY"},
          {"round(balance, -1)", "-10.00 CNY"},
          {"floor(x)", "2"},
          {"floor(y)", "-3"},
          {"floor(n)", "-7"},
          {"floor(balance)", "-13.00 CNY"},
          {"-floor(-x)", "3"},
          {"abs(n)", "7"},
          {"abs(y)", "2.5"},
          {"abs(balance)", "12.50 CNY"},
          {"abs(joined - now()) == duration('3d22h')", "true"},
          {"pow(2, 10)", "1024"},
          {"pow(2, 0.5) > 1.4142", "true"},
          {"ln(exp(1))", "1"},
          {"exp(0)", "1"},
          {"round(m)", "unknown"}});
}

TEST_F(FunctionsTest, MakeAmountsRoundedOnce) {
  expect({{"money(12, 'EUR')", "12.00 EUR"},
          {"money(1.005, 'EUR')", "1.01 EUR"},
          {"money(-1.005, 'EUR')", "-1.01 EUR"},
          {"money(' 12.345 ', 'EUR')", "12.35 EUR"},
          {"money('0.5', 'JPY')", "1 JPY"},
          {"money('-0.49', 'JPY')", "0 JPY"},
          {"money('1.2345', 'KWD')", "1.235 KWD"},
          {"money('999.999', 'EUR')", "1000.00 EUR"},
          {"money(1e3, 'eur')", "1000.00 EUR"},
          {"money(x * 2, 'CNY') == 5.35", "true"},
          {"money(n, 'CNY') < 0", "true"},
          {"money(1, 'EUR') == money(1, replace('eur' + string(n), '-7', ''))", "true"}});
}

TEST_F(FunctionsTest, PutDatesTogether) {
  expect({{"date(2024, 2, 29)", "2024-02-29"},
          {"date(year(born), month(born), day(born)) == born", "true"},
          {"next_anniversary(born)", "2026-02-28"},
          {"next_anniversary(joined)", "2027-01-01"},
          {"next_anniversary('1990-01-05')", "2026-01-05"},
          {"days_between(today(), next_anniversary(born))", "54"},
          {"next_anniversary(left_on)", "unknown"}});
}

TEST_F(FunctionsTest, SayWhyTheyHaveNoValue) {
  expect({{"date(string(2025 + n) + '-02-29')", "unknown: there is no day 2018-02-29 in the calendar"},
          {"date('29.2.' + string(2025 + n))", "unknown: '29.2.2018' is not a date such as 2026-01-31"},
          {"date(2018, 2, 22 - n)", "unknown: there is no day 2018-02-29 in the calendar (year 2018, month 2, day 29)"},
          {"date(2018, n, 1)", "unknown: there is no day 2018--7-01 in the calendar (year 2018, month -7, day 1)"},
          {"timestamp('x' + string(n))", "unknown: 'x-7' is not an instant such as 2026-01-31T08:30:00Z"},
          {"date(joined, 'No/' + string(n))", "unknown: there is no time zone 'No/-7'"},
          {"int('12a') + 1", "unknown: '12a' is not a whole number of 64 bits"},
          {"-int('12a')", "unknown: '12a' is not a whole number of 64 bits"},
          {"int(1e30)", "unknown: 1e+30 does not fit into 64 bits"},
          {"double('1,5')", "unknown: '1,5' is not a number such as 12.5"},
          {"duration('a' + string(n))", "unknown: 'a-7' is not a duration such as 1d12h"},
          {"money('1,5', 'EUR')", "unknown: '1,5' is not a decimal number such as 12.50"},
          {"money(1, 'EU' + string(n))", "unknown: 'EU-7' is not an ISO 4217 currency such as EUR"},
          {"money(1e20, 'EUR')", "unknown: '1e+20' is more EUR than 64 bits hold"},
          {"abs(-9223372036854775807 - 1)", "unknown: the result does not fit into 64 bits"},
          {"round(9223372036854775807, -1)", "unknown: the result does not fit into 64 bits"},
          {"round(1.7e308, -308)", "unknown: the result is not a finite number"},
          {"pow(0, -1)", "unknown: the result is not a finite number"},
          {"pow(-1, 0.5)", "unknown: the result is not a finite number"},
          {"exp(1000)", "unknown: the result is not a finite number"},
          {"ln(0)", "unknown: only numbers above 0 have a logarithm"},
          {"ln(y)", "unknown: only numbers above 0 have a logarithm"},
          {"substring(name, n)", "unknown: the start -7 is below 0, the first place"},
          {"substring(name, 1, n)", "unknown: the length -7 is below 0"},
          {"split(name, substring(name, 0, 0))", "unknown: a text can't be split at an empty separator"},
          {"date(2018, 2, 22 - n) < today()", "unknown"}});
}

// Of little much can be made, were it not for the size that a stored value may have.
TEST_F(FunctionsTest, MakeNothingLargerThanAStoredValue) {
  const std::string large(1'000'000, 'a');
  anna_.set("name", Value::text(large));
  EXPECT_EQ(shown("replace(name, 'a', 'bb')"), "unknown: the result would be more than 1,048,576 bytes");
  EXPECT_EQ(shown("replace(name, 'a', name)"), "unknown: the result would be more than 1,048,576 bytes");
  EXPECT_EQ(shown("size(replace(name, 'aa', 'bb'))"), "1000000");
  EXPECT_EQ(shown("size(split(name, 'a'))"), "1000001");
  anna_.set("name", Value::text(std::string(1'000'000, '\x01')));
  EXPECT_EQ(shown("split(name, 'a')"), "unknown: the result would be more than 4,194,304 bytes");
  std::string sharp;
  for (int i = 0; i < 200'000; ++i) sharp += "\xCE\x90";  // of which upper case makes six bytes
  anna_.set("name", Value::text(sharp));
  EXPECT_EQ(shown("size(upper(name)) > 0"), "true");
  for (int i = 0; i < 200'000; ++i) sharp += "\xCE\x90";
  anna_.set("name", Value::text(sharp));
  EXPECT_EQ(shown("upper(name)"), "unknown: the result would be more than 1,048,576 bytes");
}

TEST_F(FunctionsTest, RefuseAnAmountWhoseCurrencyIsOnlyReadWhereOneIsPromised) {
  Scope scope;
  scope.names = &world_;
  scope.record_type = kCustomer;
  scope.wanted = Type::of(Kind::money);
  scope.wanted->currency = kYuan;
  EXPECT_NO_THROW(compile_or_throw("money(n, 'CNY')", scope));
  EXPECT_THROW(compile_or_throw("money(n, 'EUR')", scope), Error);
  EXPECT_THROW(compile_or_throw("money(n, note)", scope), Error);
  EXPECT_THROW(compile_or_throw("coalesce(money(n, note), balance)", scope), Error);
  scope.wanted.reset();
  EXPECT_NO_THROW(compile_or_throw("money(n, note) == balance", scope));
  EXPECT_THROW(compile_or_throw("retail.orders.sum(o, money(o.qty, note))", scope), Error);
}

// What follows computes the same in another way.

/// Decimal digits without a point, so many of them behind it: school arithmetic.
struct Digits {
  bool negative = false;
  std::string digits;
  int behind = 0;
};

Digits digits_of(double number) {
  const std::string text = to_text(Value::real(number));
  Digits out;
  bool point = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '-') out.negative = true;
    if (text[at] == '.') point = true;
    if (text[at] == 'e') {
      out.behind -= std::stoi(text.substr(at + 1));
      break;
    }
    if (text[at] < '0' || text[at] > '9') continue;
    out.digits.push_back(text[at]);
    out.behind += point ? 1 : 0;
  }
  for (; out.behind < 0; ++out.behind) out.digits.push_back('0');
  return out;
}

// Half away from zero to so many digits behind the point, by taking them off one by one and carrying by hand.
std::string rounded_by_hand(Digits number, int digits) {
  while (static_cast<int>(number.digits.size()) <= number.behind - digits) number.digits.insert(0, 1, '0');
  int last = 0;
  for (; number.behind > digits; --number.behind) {
    last = number.digits.back() - '0';
    number.digits.pop_back();
  }
  if (last >= 5) {
    std::size_t at = number.digits.size();
    while (at > 0 && number.digits[at - 1] == '9') number.digits[--at] = '0';
    if (at == 0)
      number.digits.insert(0, 1, '1');
    else
      ++number.digits[at - 1];
  }
  return (number.negative ? "-" : "") + (number.digits.empty() ? "0" : number.digits) + "e" +
         std::to_string(-number.behind);
}

double read(const std::string& text) {
  double number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

class Numbers {
 public:
  explicit Numbers(std::uint64_t seed) : random_(seed) {}
  std::int64_t below(std::int64_t most) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(most));
  }
  // Prices, halves, and any bits.
  double real() {
    switch (below(4)) {
      case 0: return static_cast<double>(below(2'000'001) - 1'000'000) / 1000;
      case 1: return static_cast<double>(below(2001) - 1000) + 0.5;
      case 2: return std::ldexp(static_cast<double>(below(1LL << 53)), static_cast<int>(below(200)) - 130);
      default: {
        const double any = std::bit_cast<double>(random_());
        return std::isfinite(any) ? any : 0.5;
      }
    }
  }
  std::int64_t whole() {
    switch (below(3)) {
      case 0: return below(2001) - 1000;
      case 1: return static_cast<std::int64_t>(random_());
      default: return std::numeric_limits<std::int64_t>::max() - below(3);
    }
  }
  std::string text(int most) {
    static const std::vector<std::string> letters = {
        "a", "b", " ", ",", "\xC2\xA0", "\xE4\xB8\xAD", "\xF0\x9F\x98\x80"};
    std::string out;
    for (std::int64_t i = below(most + 1); i > 0; --i)
      out += letters[static_cast<std::size_t>(below(static_cast<std::int64_t>(letters.size())))];
    return out;
  }

 private:
  std::mt19937_64 random_;
};

TEST(FunctionsByHandTest, RoundDoublesAsTheirShortestDecimal) {
  Numbers make(first_seed());
  const std::int64_t cases = case_count(20'000, 200'000);
  for (std::int64_t i = 0; i < cases; ++i) {
    const double number = make.real();
    const int digits = static_cast<int>(make.below(40)) - 20;
    const Value value = rounded(Value::real(number), digits);
    const double wanted = read(rounded_by_hand(digits_of(number), digits));
    ASSERT_EQ(value.is_unknown() ? INFINITY : value.d, wanted == 0 ? 0.0 : wanted)
        << to_text(Value::real(number)) << " to " << digits << " (seed " << first_seed() << ")";
    ASSERT_EQ(rounded(Value::real(number), 0).d, std::round(number));
  }
}

TEST(FunctionsByHandTest, RoundAmountsOnce) {
  Numbers make(first_seed() + 1);
  const std::vector<Currency> currencies = {*currency_of("JPY"), *currency_of("EUR"), *currency_of("KWD"),
                                            *currency_of("CLF")};
  const std::int64_t cases = case_count(20'000, 200'000);
  for (std::int64_t i = 0; i < cases; ++i) {
    const Currency currency = currencies[static_cast<std::size_t>(make.below(4))];
    const double number = make.real();
    const Value value = to_money(Value::real(number), Value::text(currency.text()));
    const std::string wanted = rounded_by_hand(digits_of(number), currency.scale);
    const auto exact = minor_from_decimal(wanted, currency);
    ASSERT_EQ(value.is_unknown(), !exact) << wanted;
    if (!exact) continue;
    ASSERT_EQ(value.i, *exact) << to_text(Value::real(number)) << " " << currency.text();
  }
}

TEST(FunctionsByHandTest, RoundWholeNumbersToTheNearerOfTheirNeighbours) {
  Numbers make(first_seed() + 2);
  const std::int64_t cases = case_count(20'000, 200'000);
  for (std::int64_t i = 0; i < cases; ++i) {
    const std::int64_t number = make.whole();
    const auto power = make.below(21);
    Wide unit = 1;
    for (std::int64_t at = 0; at < power; ++at) unit *= 10;
    const Wide low = floor_divide(number, unit) * unit, high = low + unit;
    const Wide up = high - number, down = number - low;
    const Wide nearest = down == 0 ? low : up < down || (up == down && number > 0) ? high : low;
    const Value value = rounded(Value::integer(number), -power);
    ASSERT_EQ(value.is_unknown(), !fits(nearest)) << number << " " << power;
    if (fits(nearest)) {
      ASSERT_EQ(value.i, static_cast<std::int64_t>(nearest)) << number << " " << power;
    }
    const Value amount = Value::money(number, {{'E', 'U', 'R'}, 2});
    const Wide euros = floor_divide(number, 100) * 100;
    ASSERT_EQ(floored(amount).is_unknown(), !fits(euros));
    if (fits(euros)) {
      ASSERT_EQ(floored(amount).i, static_cast<std::int64_t>(euros));
    }
  }
}

std::vector<std::string> letters_of(const std::string& text) {
  std::vector<std::string> out;
  for (const char c : text) {
    if (out.empty() || (static_cast<unsigned char>(c) & 0xC0U) != 0x80U) out.emplace_back();
    out.back().push_back(c);
  }
  return out;
}

TEST(FunctionsByHandTest, CutAndJoinTextsLetterByLetter) {
  Numbers make(first_seed() + 3);
  const std::int64_t cases = case_count(20'000, 200'000);
  for (std::int64_t i = 0; i < cases; ++i) {
    const std::string text = make.text(12), what = make.text(2), by = make.text(3);
    const std::vector<std::string> letters = letters_of(text), sought = letters_of(what);
    std::string replaced;
    std::vector<Value> pieces(1, Value::text(""));
    for (std::size_t at = 0; at < letters.size();) {
      bool here = !sought.empty() && at + sought.size() <= letters.size();
      for (std::size_t k = 0; here && k < sought.size(); ++k) here = letters[at + k] == sought[k];
      if (!here) {
        replaced += letters[at];
        pieces.back().s += letters[at++];
        continue;
      }
      replaced += by;
      pieces.push_back(Value::text(""));
      at += sought.size();
    }
    ASSERT_EQ(replace_text(Value::text(text), Value::text(what), Value::text(by)).s, replaced) << text << "|" << what;
    const Value list = split_text(Value::text(text), Value::text(what));
    ASSERT_EQ(list.is_unknown(), what.empty());
    if (!what.empty()) {
      ASSERT_EQ(*list_values(list.s, Kind::text), pieces) << text << "|" << what;
    }
    const auto start = static_cast<std::size_t>(make.below(14)), length = static_cast<std::size_t>(make.below(14));
    std::string cut;
    for (std::size_t at = start; at < letters.size() && at < start + length; ++at) cut += letters[at];
    ASSERT_EQ(substring(Value::text(text), static_cast<std::int64_t>(start), static_cast<std::int64_t>(length)).s, cut);
  }
}

TEST(FunctionsByHandTest, KnowEveryDayOfTheCalendarAndNoOther) {
  std::int64_t next = kFirstDay;
  for (std::int64_t year = 1; year <= 9999; ++year) {
    for (std::int64_t month = 1; month <= 12; ++month) {
      for (std::int64_t day = 0; day <= 32; ++day) {
        const Value date = civil_date(Value::integer(year), Value::integer(month), Value::integer(day));
        if (date.is_unknown()) {
          ASSERT_TRUE(day < 1 || day > 28) << year << "-" << month << "-" << day;
          continue;
        }
        ASSERT_EQ(date.i, next++) << year << "-" << month << "-" << day;
      }
    }
  }
  EXPECT_EQ(next - 1, kLastDay);
}

}  // namespace
}  // namespace kith::internal::expr::testing
