// The next anniversary against a walk over days, and how long it stays the next against a walk over instants.
#include "expr/evaluate/anniversaries.hpp"

#include <gtest/gtest.h>

#include "expr/evaluate/calendar.hpp"
#include "unit/expr/worlds/generator.hpp"
#include "unit/expr/worlds/world.hpp"

namespace kith::internal::expr::testing {
namespace {

bool is_its_day(std::int64_t today, const CivilDate& born) {
  const CivilDate here = civil_from_days(today);
  if (here.month == born.month && here.day == born.day) return true;
  const bool leap = days_from_civil(here.year, 2, 29).has_value();
  return born.month == 2 && born.day == 29 && !leap && here.month == 2 && here.day == 28;
}

// The first on or after today, day by day.
std::int64_t walked(std::int64_t day, std::int64_t today) {
  const CivilDate born = civil_from_days(day);
  while (!is_its_day(today, born)) ++today;
  return today;
}

TEST(AnniversariesTest, ComeRoundOnTheFirstSuchDay) {
  Generator make(first_seed(), Taste{});
  const std::int64_t cases = case_count(5'000, 200'000);
  const std::int64_t leap_day = day("2000-02-29");
  for (std::int64_t i = 0; i < cases; ++i) {
    const std::int64_t born = make.chance(20) ? leap_day : make.below(80'000) - 40'000;
    const std::int64_t today = make.below(80'000) - 40'000;
    const Timed next = next_anniversary(born, today * kMicrosPerDay + make.below(kMicrosPerDay), kUtc);
    ASSERT_EQ(next.value.i, walked(born, today)) << format_date(born) << " on " << format_date(today);
    ASSERT_EQ(next.until, (next.value.i + 1) * kMicrosPerDay);
  }
}

struct Stay {
  std::string_view zone;
  const char* from;
  int days;
};

// Clocks that go back over midnight, a day that is left out, the end of February, the turn of the year.
TEST(AnniversariesTest, StayTheNextUntilTheirDayIsOverInTheZone) {
  const std::vector<Stay> stays = {{"America/St_Johns", "2010-11-05T00:00:00Z", 4},
                                   {"America/St_Johns", "2006-10-27T00:00:00Z", 4},
                                   {"Pacific/Apia", "2011-12-28T00:00:00Z", 5},
                                   {"America/Los_Angeles", "2027-02-26T00:00:00Z", 5},
                                   {"Asia/Shanghai", "2028-02-27T00:00:00Z", 4},
                                   {"Europe/Berlin", "2026-12-30T00:00:00Z", 4},
                                   {kUtc, "2026-12-30T00:00:00Z", 4}};
  for (const Stay& stay : stays) {
    const std::int64_t from = instant(stay.from), step = 30 * kMicrosPerSecond;
    const std::int64_t end = from + stay.days * kMicrosPerDay;
    for (std::int64_t offset = -1; offset <= stay.days + 1; ++offset) {
      for (const std::int64_t born : {floor_div(from, kMicrosPerDay) + offset, day("2004-02-29")}) {
        Timed last = next_anniversary(born, from, stay.zone);
        for (std::int64_t now = from; now < end; now += step) {
          const Timed timed = next_anniversary(born, now, stay.zone);
          ASSERT_EQ(timed.value.i, walked(born, *date_at(now, stay.zone)));
          ASSERT_GT(timed.until, now);
          if (now < last.until) {
            ASSERT_EQ(timed.value, last.value) << stay.zone << " " << format_instant(now);
          }
          // What was said to end has ended: it is not asked again more often than it must be.
          if (timed.until < end) {
            ASSERT_NE(next_anniversary(born, timed.until, stay.zone).value, timed.value)
                << stay.zone << " " << format_instant(now) << " until " << format_instant(timed.until);
          }
          last = timed;
        }
      }
    }
  }
}

TEST(AnniversariesTest, EndWithTheCalendar) {
  const std::int64_t late = instant("9999-12-30T12:00:00Z");
  EXPECT_EQ(next_anniversary(day("2000-12-31"), late, kUtc).value, Value::date(kLastDay));
  EXPECT_EQ(next_anniversary(day("2000-12-31"), late, kUtc).until, instant("9999-12-31T00:00:00Z"));
  EXPECT_TRUE(next_anniversary(day("2000-01-01"), late, kUtc).value.is_unknown());
  EXPECT_TRUE(next_anniversary(kLastDay + 1, late, kUtc).value.is_unknown());
  EXPECT_TRUE(next_anniversary(0, kForever, kUtc).value.is_unknown());
  EXPECT_TRUE(next_anniversary(0, late, "No/Where").value.is_unknown());
  EXPECT_EQ(next_anniversary(day("2000-03-01"), instant("0001-01-01T12:00:00Z"), kUtc).value,
            Value::date(day("0001-03-01")));
}

// It is six in the evening of the 28th in Los Angeles, and 1 March in UTC.
TEST(AnniversariesTest, GoByTheTenantsDay) {
  World world;
  Answers answers;
  Env env;
  world.zone = "America/Los_Angeles";
  env.surroundings = &answers;
  env.now = instant("2027-03-01T02:00:00Z");
  Record guest(world, kCustomer, 1);
  guest.set("born", Value::date(day("2000-02-29"))).set("joined", Value::timestamp(instant("2020-03-01T04:00:00Z")));
  Scope scope;
  scope.names = &world;
  scope.record_type = kCustomer;
  scope.rules.stored = true;
  const auto run = [&](const char* source) { return evaluate(*compile_or_throw(source, scope), guest, env); };
  EXPECT_EQ(run("next_anniversary(born)").value, Value::date(day("2027-02-28")));
  EXPECT_EQ(run("next_anniversary(born)").until, instant("2027-03-01T08:00:00Z"));
  EXPECT_EQ(run("next_anniversary(joined)").value, Value::date(day("2027-02-28")));
  EXPECT_EQ(run("days_between(today(), next_anniversary(born)) <= 7").until, instant("2027-03-01T08:00:00Z"));
  EXPECT_TRUE(compile_or_throw("next_anniversary(born) == today()", scope)->uses_zones);
  const std::string soon = "days_between(today(), next_anniversary(born)) <= 7";
  EXPECT_EQ(compile_or_throw(soon, scope)->sql_class, SqlClass::exact);
  EXPECT_EQ(compile_or_throw(soon + " || " + soon, scope)->sql_class, SqlClass::exact);
}

}  // namespace
}  // namespace kith::internal::expr::testing
