// Spans of the calendar, and the dates that walls show.
#include "access/aggregate/bucket.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "base/time/time.hpp"

namespace kith::internal::testing {
namespace {

using access::Bucket;
using access::bucket_start;
using access::next_bucket;
using access::WallDays;

std::string start(Bucket bucket, const char* date) { return format_date(bucket_start(bucket, *parse_date(date))); }

TEST(BucketTest, BeginsOnTheFirstDayOfItsSpan) {
  EXPECT_EQ(start(Bucket::day, "2026-11-28"), "2026-11-28");
  EXPECT_EQ(start(Bucket::week, "2026-11-29"), "2026-11-23") << "a Sunday belongs to the week before";
  EXPECT_EQ(start(Bucket::week, "2027-01-01"), "2026-12-28") << "ISO 8601: over the end of the year";
  EXPECT_EQ(start(Bucket::week, "1969-12-31"), "1969-12-29");
  EXPECT_EQ(start(Bucket::month, "2024-02-29"), "2024-02-01");
  EXPECT_EQ(start(Bucket::quarter, "2026-12-31"), "2026-10-01");
  EXPECT_EQ(start(Bucket::year, "0001-12-31"), "0001-01-01");
}

TEST(BucketTest, EndsWhereTheNextOneBegins) {
  std::mt19937_64 random(7);
  for (const std::string& name : access::bucket_names()) {
    const Bucket bucket = *access::bucket_named(name);
    for (int i = 0; i < 1'000; ++i) {
      const std::int64_t day = static_cast<std::int64_t>(random() % 80'000) - 30'000, at = bucket_start(bucket, day);
      const std::int64_t next = next_bucket(bucket, at);
      ASSERT_TRUE(at <= day && day < next) << name << " " << format_date(day);
      ASSERT_EQ(bucket_start(bucket, next), next) << name;
      ASSERT_EQ(bucket_start(bucket, next - 1), at) << name;
    }
  }
  EXPECT_FALSE(access::bucket_named("fortnight"));
}

std::int64_t shown_day(std::int64_t us, const std::string& zone) {
  return zone == "UTC" ? floor_div(us, kMicrosPerDay) : utc_to_local_days(us, zone);
}

TEST(BucketTest, GoesByTheWallOfTheZoneToTheMicrosecond) {
  std::mt19937_64 random(11);
  for (const char* zone : {"UTC", "America/St_Johns", "Pacific/Apia", "America/New_York", "Asia/Kathmandu"}) {
    WallDays days(zone);
    for (int i = 0; i < 5'000; ++i) {
      // Around days on which St John's set its clock back over midnight, and Samoa left out a day.
      const std::int64_t turn = i % 2 == 0 ? 1'289'098'860 : 1'325'239'200;
      const std::int64_t near = (turn + static_cast<std::int64_t>(random() % 400'000) - 200'000) * kMicrosPerSecond;
      const std::int64_t next = zone == std::string("UTC") ? near : next_local_date(near, zone);
      for (const std::int64_t us : {near, next - 1, next})
        ASSERT_EQ(days.day_at(us), shown_day(us, zone)) << zone << " " << format_instant(us);
    }
  }
}

}  // namespace
}  // namespace kith::internal::testing
