#include <gtest/gtest.h>

#include <random>

#include "base/problem/error.hpp"
#include "base/time/time.hpp"

namespace kith::internal {
namespace {

std::string utc(std::string_view local, std::string_view zone) {
  const auto us = parse_local_instant(local, zone);
  return us ? format_instant(*us) : "refused";
}

TEST(ZoneTest, TurnsLocalTimeIntoUtc) {
  EXPECT_EQ(utc("2026-01-15T12:00:00", "Europe/Berlin"), "2026-01-15T11:00:00Z");
  EXPECT_EQ(utc("2026-07-15T12:00:00", "Europe/Berlin"), "2026-07-15T10:00:00Z");
  EXPECT_EQ(utc("2026-07-15T12:00:00.25", "Asia/Shanghai"), "2026-07-15T04:00:00.250000Z");
  EXPECT_EQ(utc("2026-07-15", "Asia/Shanghai"), "2026-07-14T16:00:00Z");
  EXPECT_EQ(utc("2026-07-15T12:00:00", "Asia/Kathmandu"), "2026-07-15T06:15:00Z");
  EXPECT_EQ(utc("2026-07-15T12:00:00", ""), "2026-07-15T12:00:00Z");
}

TEST(ZoneTest, AnOffsetInTheTextBeatsTheZone) {
  EXPECT_EQ(utc("2026-07-15T12:00:00Z", "Asia/Shanghai"), "2026-07-15T12:00:00Z");
  EXPECT_EQ(utc("2026-07-15T12:00:00-05:00", "Asia/Shanghai"), "2026-07-15T17:00:00Z");
}

TEST(ZoneTest, InAGapTakesTheFirstInstantThatExists) {
  EXPECT_EQ(utc("2026-03-29T02:30:00", "Europe/Berlin"), "2026-03-29T01:00:00Z");
  EXPECT_EQ(utc("2026-03-29T02:00:00", "Europe/Berlin"), "2026-03-29T01:00:00Z");
  EXPECT_EQ(utc("2026-03-29T02:59:59.999999", "Europe/Berlin"), "2026-03-29T01:00:00Z");
  EXPECT_EQ(utc("2026-03-29T03:00:00", "Europe/Berlin"), "2026-03-29T01:00:00Z");
  // A whole day that was left out: Samoa crossed the date line.
  EXPECT_EQ(utc("2011-12-30T12:00:00", "Pacific/Apia"), "2011-12-30T10:00:00Z");
}

TEST(ZoneTest, InAnOverlapTakesTheFirstOfTheTwo) {
  EXPECT_EQ(utc("2026-10-25T02:30:00", "Europe/Berlin"), "2026-10-25T00:30:00Z");
  EXPECT_EQ(utc("2026-10-25T03:00:00", "Europe/Berlin"), "2026-10-25T02:00:00Z");
}

TEST(ZoneTest, KeepsTheRulesBehindTheYearsOfTheZoneFiles) {
  EXPECT_EQ(utc("2037-07-15T12:00:00", "Europe/Berlin"), "2037-07-15T10:00:00Z");
  EXPECT_EQ(utc("2050-07-15T12:00:00", "Europe/Berlin"), "2050-07-15T10:00:00Z");
  EXPECT_EQ(utc("2050-01-15T12:00:00", "Europe/Berlin"), "2050-01-15T11:00:00Z");
  EXPECT_EQ(utc("2050-03-27T02:30:00", "Europe/Berlin"), "2050-03-27T01:00:00Z");  // a gap
  EXPECT_EQ(utc("2050-10-30T02:30:00", "Europe/Berlin"), "2050-10-30T00:30:00Z");  // an overlap
  EXPECT_EQ(utc("2050-07-15T12:00:00", "Asia/Shanghai"), "2050-07-15T04:00:00Z");
}

TEST(ZoneTest, TellsTheDateThatAWallThereShows) {
  const std::int64_t late = *parse_instant("2026-07-15T17:30:00Z");
  EXPECT_EQ(format_date(utc_to_local_days(late, "Asia/Shanghai")), "2026-07-16");
  EXPECT_EQ(format_date(utc_to_local_days(late, "America/New_York")), "2026-07-15");
  EXPECT_EQ(format_date(utc_to_local_days(late, "")), "2026-07-15");
  EXPECT_EQ(format_date(utc_to_local_days(*parse_instant("2050-07-15T22:30:00Z"), "Europe/Berlin")), "2050-07-16");
  EXPECT_EQ(utc_to_local_days(-1, ""), -1);
}

TEST(ZoneTest, MidnightIsTheFirstInstantOfItsDate) {
  std::mt19937_64 random(5);
  for (const char* zone : {"Europe/Berlin", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe",
                           "America/Sao_Paulo", "Asia/Beirut", "Pacific/Chatham"}) {
    for (int i = 0; i < 400; ++i) {
      const auto day = static_cast<std::int64_t>(random() % 36'000);  // 1970 to 2068
      const std::int64_t midnight = local_to_utc(day * kMicrosPerDay, zone);
      ASSERT_EQ(utc_to_local_days(midnight, zone), day) << zone << " " << format_date(day);
      ASSERT_LT(utc_to_local_days(midnight - 1, zone), day) << zone << " " << format_date(day);
    }
  }
}

TEST(ZoneTest, StandsTheEndsOfTime) {
  EXPECT_EQ(local_to_utc(kForever, "Europe/Berlin"), kForever);
  EXPECT_EQ(local_to_utc(INT64_MIN, "Europe/Berlin"), INT64_MIN);
  EXPECT_EQ(utc_to_local_days(kForever, "Europe/Berlin"), kForever / kMicrosPerDay);
  EXPECT_NO_THROW(utc_to_local_days(kForever - 3 * kMicrosPerDay, "Europe/Berlin"));
  EXPECT_NO_THROW(local_to_utc(INT64_MIN + 3 * kMicrosPerDay, "Europe/Berlin"));
}

TEST(ZoneTest, KnowsTheNamesOfTheDatabaseAndNoOthers) {
  EXPECT_TRUE(is_time_zone("Europe/Berlin"));
  EXPECT_TRUE(is_time_zone("UTC"));
  EXPECT_TRUE(is_time_zone("US/Pacific"));
  for (const char* name : {"", "Europe/Atlantis", "../../etc/passwd", "CEST+1", "europe", "+08:00"}) {
    EXPECT_FALSE(is_time_zone(name)) << name;
  }
  try {
    local_to_utc(0, "Europe/Atlantis");
    FAIL() << "an unknown zone was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.number(), ProblemNumber::bad_value);
    EXPECT_FALSE(error.first().fix.empty());
  }
}

TEST(ZoneTest, RefusesLocalTextsThatAreNoTime) {
  EXPECT_EQ(utc("2026-07-15T25:00:00", "Europe/Berlin"), "refused");
  EXPECT_EQ(utc("2026-07-15T12:00", "Europe/Berlin"), "refused");
  EXPECT_EQ(utc("2026-12-31T23:59:60", "Europe/Berlin"), "refused");
  EXPECT_EQ(utc("noon", "Europe/Berlin"), "refused");
}

}  // namespace
}  // namespace kith::internal
