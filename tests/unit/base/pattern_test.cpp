#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "base/time/time.hpp"

namespace kith::internal {
namespace {

std::string read(std::string_view text, std::string_view pattern) {
  const auto parts = parse_pattern(text, pattern);
  return parts ? format_instant(parts->days * kMicrosPerDay + parts->micros_of_day) : "refused";
}

TEST(PatternTest, ReadsTheFormatsOfImports) {
  EXPECT_EQ(read("20261122", "yyyyMMdd"), "2026-11-22T00:00:00Z");
  EXPECT_EQ(read("22.11.2026 14:05", "dd.MM.yyyy HH:mm"), "2026-11-22T14:05:00Z");
  EXPECT_EQ(read("2.1.2026", "d.M.yyyy"), "2026-01-02T00:00:00Z");
  EXPECT_EQ(read("22.11.2026", "d.M.yyyy"), "2026-11-22T00:00:00Z");
  EXPECT_EQ(read("11/22/26 1:02:03", "M/d/yy H:mm:ss"), "2026-11-22T01:02:03Z");
  EXPECT_EQ(read("970101", "yyMMdd"), "1997-01-01T00:00:00Z");
  EXPECT_EQ(read("2026-11-22T01:02:03Z", "yyyy-MM-ddTHH:mm:ssZ"), "2026-11-22T01:02:03Z");
  EXPECT_EQ(read("2026\xE5\xB9\xB4"
                 "11\xE6\x9C\x88"
                 "22\xE6\x97\xA5",
                 "yyyy\xE5\xB9\xB4M\xE6\x9C\x88"
                 "d\xE6\x97\xA5"),
            "2026-11-22T00:00:00Z");
  EXPECT_EQ(read("202611", "yyyyMM"), "2026-11-01T00:00:00Z");
}

TEST(PatternTest, TurnsTwoDigitsIntoTheYearsAroundNow) {
  EXPECT_EQ(read("68", "yy"), "2068-01-01T00:00:00Z");
  EXPECT_EQ(read("69", "yy"), "1969-01-01T00:00:00Z");
  EXPECT_EQ(read("00", "yy"), "2000-01-01T00:00:00Z");
}

TEST(PatternTest, RefusesWhatDoesNotFit) {
  EXPECT_EQ(read("2026112", "yyyyMMdd"), "refused");
  EXPECT_EQ(read("202611221", "yyyyMMdd"), "refused");
  EXPECT_EQ(read("20261322", "yyyyMMdd"), "refused");
  EXPECT_EQ(read("20260229", "yyyyMMdd"), "refused");
  EXPECT_EQ(read("00000101", "yyyyMMdd"), "refused");
  EXPECT_EQ(read("22-11-2026", "dd.MM.yyyy"), "refused");
  EXPECT_EQ(read("2026-11-22 24:00", "yyyy-MM-dd HH:mm"), "refused");
  EXPECT_EQ(read("2026-11-22 23:60", "yyyy-MM-dd HH:mm"), "refused");
  EXPECT_EQ(read("+261122", "yyyyMMdd"), "refused");
  EXPECT_EQ(read("", "yyyyMMdd"), "refused");
}

TEST(PatternTest, RefusesPatternsThatSayTooLittleOrTooMuch) {
  EXPECT_EQ(read("14:05", "HH:mm"), "refused");
  EXPECT_EQ(read("2026 22", "yyyy dd"), "refused");
  EXPECT_EQ(read("2026 2026", "yyyy yyyy"), "refused");
  EXPECT_EQ(read("2026-Nov", "yyyy-MMM"), "refused");
  EXPECT_EQ(read("", ""), "refused");
}

TEST(DurationTest, ReadsJoinedUnits) {
  EXPECT_EQ(parse_duration("30d"), 30 * kMicrosPerDay);
  EXPECT_EQ(parse_duration("1d12h"), 36 * 3600 * kMicrosPerSecond);
  EXPECT_EQ(parse_duration("15m"), 15 * 60 * kMicrosPerSecond);
  EXPECT_EQ(parse_duration("1m500ms"), 60 * kMicrosPerSecond + 500'000);
  EXPECT_EQ(parse_duration("500ms"), 500'000);
  EXPECT_EQ(parse_duration("7us"), 7);
  EXPECT_EQ(parse_duration("-1h"), -3600 * kMicrosPerSecond);
  EXPECT_EQ(parse_duration("0s"), 0);
}

TEST(DurationTest, RefusesWhatIsNotADuration) {
  for (const char* text : {"", "-", "5", "d", "1x", "1.5h", "12h1d", "1d1d", "1 d", "1D", "+1d", "106751992d", "1w",
                           "99999999999999999999s", "1d "}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(DurationTest, IsWrittenWithTheFewestUnits) {
  EXPECT_EQ(format_duration(0), "0s");
  EXPECT_EQ(format_duration(kMicrosPerDay), "1d");
  EXPECT_EQ(format_duration(-90 * kMicrosPerSecond), "-1m30s");
  EXPECT_EQ(format_duration(1'500), "1ms500us");
}

TEST(DurationTest, SurvivesTheRoundTripThroughText) {
  std::mt19937_64 random(4);
  std::vector<std::int64_t> values = {std::numeric_limits<std::int64_t>::min(),
                                      std::numeric_limits<std::int64_t>::max(), -1, 1};
  for (int i = 0; i < 10'000; ++i) values.push_back(static_cast<std::int64_t>(random()) >> (random() % 64));
  for (const std::int64_t us : values) ASSERT_EQ(parse_duration(format_duration(us)), us) << format_duration(us);
}

}  // namespace
}  // namespace kith::internal
