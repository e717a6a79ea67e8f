#include "bundles/columns.hpp"

#include <gtest/gtest.h>

#include <cstring>

namespace kith::internal::bundles {
namespace {

const Currency kYen{{'J', 'P', 'Y'}, 0};

TEST(ColumnsTest, SaysThatAllRowsAreSetByHavingNoBits) {
  const std::vector<Value> values = {Value::integer(1), Value::integer(2)};
  EXPECT_EQ(InputColumn(Kind::integer, values, {}).raw().valid, nullptr);
}

TEST(ColumnsTest, MarksNullsAndUnknownsAsNotSet) {
  const std::vector<Value> values = {Value::integer(1), Value::null(), Value::unknown(), Value::integer(4)};
  const InputColumn column(Kind::integer, values, {});
  ASSERT_NE(column.raw().valid, nullptr);
  EXPECT_EQ(column.raw().valid[0], 0b1001U);
}

TEST(ColumnsTest, LaysTextsOneAfterTheOther) {
  const std::vector<Value> values = {Value::text("ab"), Value::null(), Value::text(""), Value::text("客")};
  const InputColumn column(Kind::text, values, {});
  const kith_column raw = column.raw();
  EXPECT_EQ(std::vector<std::uint32_t>(raw.offsets, raw.offsets + 5), (std::vector<std::uint32_t>{0, 2, 2, 2, 5}));
  EXPECT_EQ(std::string(static_cast<const char*>(raw.data), 5), "ab客");
}

TEST(ColumnsTest, TellsTheCurrencyOfAMoneyColumn) {
  const std::vector<Value> values = {Value::null(), Value::money(5, kYen)};
  const InputColumn column(Kind::money, values, Currency{{'E', 'U', 'R'}, 2});
  EXPECT_EQ(std::memcmp(column.raw().currency, "JPY", 3), 0);
  EXPECT_EQ(column.raw().scale, 0);
}

TEST(ColumnsTest, HasNullResultsUntilTheyAreSet) {
  OutputColumn output(Kind::money, 70, kYen);
  static_cast<std::int64_t*>(output.raw().data)[69] = 12;
  EXPECT_TRUE(output.take(69).is_null());
  output.raw().valid[1] |= std::uint64_t{1} << 5;
  EXPECT_EQ(output.take(69), Value::money(12, kYen));
  EXPECT_TRUE(output.take(0).is_null());
}

TEST(ColumnsTest, ShowsARefWithTheNumberOfItsType) {
  RecordId id;
  id.bytes[15] = 7;
  const kith_value raw = raw_value(Value::ref(0x01020304, id));
  EXPECT_EQ(raw.type, static_cast<std::uint32_t>(KITH_REF));
  EXPECT_EQ(raw.currency[0], 4);
  EXPECT_EQ(raw.currency[2], 2);
  EXPECT_EQ(raw.scale, 1);
  EXPECT_EQ(raw.as.id.bytes[15], 7);
}

}  // namespace
}  // namespace kith::internal::bundles
