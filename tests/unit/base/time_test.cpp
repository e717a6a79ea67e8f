#include "base/time/time.hpp"

#include <date/date.h>
#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <random>

#include "base/time/clock.hpp"

namespace kith::internal {
namespace {

constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kSmallest = std::numeric_limits<std::int64_t>::min();

TEST(CalendarTest, EveryDayOfTenThousandYearsFollowsTheOneBefore) {
  auto days = days_from_civil(-1, 1, 1);
  ASSERT_TRUE(days);
  const auto end = days_from_civil(10'001, 1, 1);
  CivilDate last = civil_from_days(*days - 1);
  for (std::int64_t day = *days; day < *end; ++day) {
    const CivilDate date = civil_from_days(day);
    const bool next_day = date.year == last.year && date.month == last.month && date.day == last.day + 1;
    const bool next_month = date.year == last.year && date.month == last.month + 1 && date.day == 1;
    const bool next_year = date.year == last.year + 1 && date.month == 1 && date.day == 1;
    ASSERT_TRUE(next_day || next_month || next_year) << day;
    ASSERT_EQ(days_from_civil(date.year, date.month, date.day), day);
    last = date;
  }
}

TEST(CalendarTest, AgreesWithAnotherImplementation) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    const auto day = static_cast<int>(random() % 4'000'000) - 2'000'000;
    const date::year_month_day other{date::sys_days{date::days{day}}};
    const CivilDate ours = civil_from_days(day);
    ASSERT_EQ(ours.year, static_cast<int>(other.year()));
    ASSERT_EQ(ours.month, static_cast<unsigned>(other.month()));
    ASSERT_EQ(ours.day, static_cast<unsigned>(other.day()));
  }
}

TEST(CalendarTest, KnowsLeapYears) {
  EXPECT_TRUE(days_from_civil(2024, 2, 29));
  EXPECT_TRUE(days_from_civil(2000, 2, 29));
  EXPECT_TRUE(days_from_civil(0, 2, 29));
  EXPECT_TRUE(days_from_civil(-4, 2, 29));
  EXPECT_FALSE(days_from_civil(1900, 2, 29));
  EXPECT_FALSE(days_from_civil(2023, 2, 29));
  EXPECT_FALSE(days_from_civil(-1, 2, 29));
}

TEST(CalendarTest, RefusesDaysThatDoNotExist) {
  EXPECT_FALSE(days_from_civil(2026, 0, 1));
  EXPECT_FALSE(days_from_civil(2026, 13, 1));
  EXPECT_FALSE(days_from_civil(2026, 4, 31));
  EXPECT_FALSE(days_from_civil(2026, 1, 0));
  EXPECT_FALSE(days_from_civil(kLargest, 1, 1));
  EXPECT_FALSE(days_from_civil(kSmallest, 1, 1));
}

TEST(CalendarTest, StandsTheEndsOfItsRange) {
  for (const std::int64_t days : {kSmallest, kSmallest + 1, kLargest - 1, kLargest}) {
    const CivilDate date = civil_from_days(days);
    EXPECT_GE(date.month, 1U);
    EXPECT_LE(date.month, 12U);
    EXPECT_GE(date.day, 1U);
    EXPECT_LE(date.day, 31U);
    EXPECT_FALSE(format_date(days).empty());
    EXPECT_FALSE(format_instant(days).empty());
  }
  EXPECT_EQ(format_instant(kSmallest), "-290308-12-21T19:59:05.224192Z");
  EXPECT_EQ(format_instant(kForever), "+294247-01-10T04:00:54.775807Z");
}

TEST(FloorDivTest, RoundsTowardsMinusInfinity) {
  EXPECT_EQ(floor_div(7, 2), 3);
  EXPECT_EQ(floor_div(-7, 2), -4);
  EXPECT_EQ(floor_div(-8, 2), -4);
  EXPECT_EQ(floor_div(0, 5), 0);
  EXPECT_EQ(floor_div(kSmallest, 1), kSmallest);
}

TEST(DateTest, ReadsOnlyWholeIsoDates) {
  EXPECT_EQ(parse_date("1970-01-01"), 0);
  EXPECT_EQ(parse_date("1969-12-31"), -1);
  EXPECT_EQ(parse_date("0001-01-01"), -719'162);
  EXPECT_EQ(parse_date("9999-12-31"), 2'932'896);
  for (const char* text :
       {"", "2026", "2026-1-1", "2026-01-32", "2026-02-29", "0000-01-01", "20260101", "2026-01-01 ", " 2026-01-01",
        "2026/01/01", "10000-01-01", "-001-01-01", "2026-01-0x", "2026-01-01T00:00:00Z"}) {
    EXPECT_FALSE(parse_date(text)) << text;
  }
}

TEST(DateTest, SurvivesTheRoundTripThroughText) {
  std::mt19937_64 random(2);
  const std::int64_t first = *parse_date("0001-01-01");
  const std::int64_t count = *parse_date("9999-12-31") - first + 1;
  for (int i = 0; i < 20'000; ++i) {
    const std::int64_t days = first + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(count));
    ASSERT_EQ(parse_date(format_date(days)), days);
  }
}

TEST(InstantTest, ReadsRfc3339) {
  EXPECT_EQ(parse_instant("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(parse_instant("1970-01-01t00:00:01z"), 1'000'000);
  EXPECT_EQ(parse_instant("1970-01-01 00:00:01Z"), 1'000'000);
  EXPECT_EQ(parse_instant("1970-01-01T00:00:00.5Z"), 500'000);
  EXPECT_EQ(parse_instant("1969-12-31T23:59:59.999999Z"), -1);
  EXPECT_EQ(parse_instant("1970-01-01T00:00:00.1234569Z"), 123'456);
  EXPECT_EQ(parse_instant("1970-01-01T08:00:00+08:00"), 0);
  EXPECT_EQ(parse_instant("1969-12-31T16:00:00-08:00"), 0);
  EXPECT_EQ(parse_instant("1970-01-02"), kMicrosPerDay);
  EXPECT_EQ(parse_instant("1990-12-31T15:59:60-08:00"), parse_instant("1991-01-01T00:00:00Z"));
}

TEST(InstantTest, RefusesWhatIsNotAnInstant) {
  for (const char* text :
       {"", "2026-11-22T10:00:00", "2026-11-22T10:00Z", "2026-11-22T24:00:00Z", "2026-11-22T10:60:00Z",
        "2026-11-22T10:00:60Z", "2026-11-22T10:00:61Z", "2026-11-22T10:00:00.Z", "2026-11-22T10:00:00+0800",
        "2026-11-22T10:00:00+24:00", "2026-11-22T10:00:00+08:60", "2026-11-22T10:00:00Z ", "2026-11-22Z", "2026-11-22T",
        "2026-02-30T10:00:00Z", "now"}) {
    EXPECT_FALSE(parse_instant(text)) << text;
  }
}

TEST(InstantTest, SurvivesTheRoundTripThroughText) {
  std::mt19937_64 random(3);
  const std::int64_t first = *parse_instant("0001-01-01T00:00:00Z");
  const std::int64_t last = *parse_instant("9999-12-31T23:59:59.999999Z");
  for (int i = 0; i < 20'000; ++i) {
    const std::int64_t us = first + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(last - first));
    ASSERT_EQ(parse_instant(format_instant(us)), us);
  }
}

TEST(ClockTest, AFixedClockStandsAndTheSystemClockRuns) {
  EXPECT_EQ(fixed_clock(42)(), 42);
  const auto expected =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  EXPECT_NEAR(static_cast<double>(system_clock()()), static_cast<double>(expected), 5e6);
}

}  // namespace
}  // namespace kith::internal
