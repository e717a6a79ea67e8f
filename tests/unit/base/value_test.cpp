#include "base/value/value.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "base/value/number.hpp"

namespace kith::internal {
namespace {

const Currency kYuan{{'C', 'N', 'Y'}, 2};
const Currency kYen{{'J', 'P', 'Y'}, 0};

RecordId some_id(std::uint8_t last) {
  RecordId id;
  id.bytes[15] = last;
  return id;
}

std::vector<Value> one_of_each() {
  return {Value::null(),
          Value::unknown(),
          Value::boolean(true),
          Value::boolean(false),
          Value::integer(1),
          Value::integer(0),
          Value::real(1),
          Value::real(0.5),
          Value::text("1"),
          Value::text(""),
          Value::json("1"),
          Value::date(1),
          Value::timestamp(1),
          Value::duration(1),
          Value::money(1, kYuan),
          Value::money(1, kYen),
          Value::money(2, kYen),
          Value::ref(1, some_id(1)),
          Value::ref(2, some_id(1)),
          Value::ref(1, some_id(2))};
}

TEST(ValueTest, EqualsOnlyTheSameKindWithTheSameContent) {
  const std::vector<Value> values = one_of_each();
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::size_t j = 0; j < values.size(); ++j) EXPECT_EQ(values[i] == values[j], i == j) << i << " and " << j;
  }
}

TEST(ValueTest, MinusZeroIsZero) {
  EXPECT_EQ(to_text(Value::real(-0.0)), "0");
  EXPECT_EQ(Value::real(-0.0), Value::real(0.0));
}

TEST(ValueTest, KnowsWhetherItCanDecideAnything) {
  EXPECT_TRUE(Value::null().is_dead());
  EXPECT_TRUE(Value::unknown().is_dead());
  EXPECT_FALSE(Value::boolean(false).is_dead());
  EXPECT_TRUE(Value::boolean(true).is_true());
  EXPECT_FALSE(Value::integer(1).is_true());
  EXPECT_TRUE(Value::boolean(false).is_false());
}

TEST(ValueTest, IsReadableAsText) {
  EXPECT_EQ(to_text(Value::null()), "");
  EXPECT_EQ(to_text(Value::boolean(true)), "true");
  EXPECT_EQ(to_text(Value::boolean(false)), "false");
  EXPECT_EQ(to_text(Value::integer(std::numeric_limits<std::int64_t>::min())), "-9223372036854775808");
  EXPECT_EQ(to_text(Value::real(0.1)), "0.1");
  EXPECT_EQ(to_text(Value::real(1e300)), "1e+300");
  EXPECT_EQ(to_text(Value::text("Müller")), "Müller");
  EXPECT_EQ(to_text(Value::json("[1]")), "[1]");
  EXPECT_EQ(to_text(Value::date(20'779)), "2026-11-22");
  EXPECT_EQ(to_text(Value::timestamp(0)), "1970-01-01T00:00:00Z");
  EXPECT_EQ(to_text(Value::duration(5'400'000'000)), "1h30m");
  EXPECT_EQ(to_text(Value::money(1250, kYuan)), "12.50 CNY");
  EXPECT_EQ(to_text(Value::money(-5, kYen)), "-5 JPY");
  EXPECT_EQ(to_text(Value::ref(3, some_id(255))), "00000000-0000-0000-0000-0000000000ff");
}

TEST(NumberTest, IsReadWithOneSignAtMostAndToTheEnd) {
  EXPECT_EQ(read_integer("5"), 5);
  EXPECT_EQ(read_integer("+5"), 5);
  EXPECT_EQ(read_integer("-5"), -5);
  EXPECT_EQ(read_integer("-9223372036854775808"), INT64_MIN);
  EXPECT_EQ(read_real("+1.5"), 1.5);
  EXPECT_EQ(read_real("-1e3"), -1000.0);
  for (const char* text : {"", "+", "-", "+-5", "-+5", "++5", "--5", "5 ", " 5", "5x", "0x5"}) {
    EXPECT_EQ(read_integer(text), std::nullopt) << text;
    EXPECT_EQ(read_real(text), std::nullopt) << text;
  }
  EXPECT_EQ(read_integer("9223372036854775808"), std::nullopt);
  EXPECT_EQ(read_integer("1.0"), std::nullopt);
  for (const char* text : {"inf", "+inf", "-inf", "nan", "+nan", "1e999"})
    EXPECT_EQ(read_real(text), std::nullopt) << text;
}

TEST(KindTest, HasTheNamesOfTheManifest) {
  EXPECT_STREQ(kind_name(Kind::boolean), "bool");
  EXPECT_STREQ(kind_name(Kind::integer), "int");
  EXPECT_STREQ(kind_name(Kind::real), "double");
  EXPECT_STREQ(kind_name(Kind::timestamp), "timestamp");
  EXPECT_STREQ(kind_name(Kind::unknown), "unknown");
}

}  // namespace
}  // namespace kith::internal
