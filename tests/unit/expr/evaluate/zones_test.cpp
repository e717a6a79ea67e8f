// Days of a tenant's zone: where a wall calendar goes back over midnight or leaves a day out, nothing is late or wrong.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/time/time.hpp"
#include "expr/evaluate/calendar.hpp"
#include "unit/expr/worlds/world.hpp"

namespace kith::internal::expr::testing {
namespace {

/// Some days of a zone around a change of its clock, looked at step by step.
struct Stretch {
  const char* zone;
  const char* from;
  int days;
};
const std::vector<Stretch> kStretches = {
    {"America/St_Johns", "2010-11-06", 3},    {"America/St_Johns", "2006-10-28", 3},
    {"Pacific/Apia", "2011-12-28", 5},        {"Pacific/Kwajalein", "1993-08-19", 4},
    {"America/Los_Angeles", "2026-03-07", 3}, {"America/Los_Angeles", "2026-10-31", 3},
    {"America/Sao_Paulo", "2018-11-02", 4},   {"Asia/Manila", "1844-12-29", 4},
    {"America/Juneau", "1867-10-16", 5},      {"Europe/Berlin", "2050-03-26", 2},
    {"Asia/Kathmandu", "1985-12-31", 2},      {"Africa/Monrovia", "1972-01-06", 2},
    {"America/Los_Angeles", "2037-12-31", 3},
};
constexpr std::int64_t kStep = 20 * kMicrosPerSecond;

std::vector<std::int64_t> steps_of(const Stretch& stretch) {
  const std::int64_t from = instant(stretch.from);
  std::vector<std::int64_t> steps;
  for (std::int64_t at = from; at < from + stretch.days * kMicrosPerDay; at += kStep) steps.push_back(at);
  return steps;
}

TEST(ZonesTest, SayTheFirstInstantAtWhichTheDateDiffers) {
  for (const Stretch& stretch : kStretches) {
    const std::vector<std::int64_t> steps = steps_of(stretch);
    std::int64_t next = date_until(steps.back(), stretch.zone);
    for (std::size_t i = steps.size() - 1; i-- > 0;) {
      const bool same = *date_at(steps[i], stretch.zone) == *date_at(steps[i + 1], stretch.zone);
      const std::int64_t said = date_until(steps[i], stretch.zone);
      // Local mean times turn at odd seconds, between two steps.
      if (same) {
        ASSERT_EQ(said, next) << stretch.zone << " " << format_instant(steps[i]);
      } else {
        ASSERT_GT(said, steps[i]);
        ASSERT_LE(said, steps[i + 1]);
        ASSERT_NE(date_at(said, stretch.zone), date_at(steps[i], stretch.zone));
        ASSERT_EQ(date_at(said - 1, stretch.zone), date_at(steps[i], stretch.zone));
        next = said;
      }
    }
  }
}

TEST(ZonesTest, SayWhenItTurnsWhetherADateWasReached) {
  for (const Stretch& stretch : kStretches) {
    const std::vector<std::int64_t> steps = steps_of(stretch);
    const std::int64_t first = floor_div(steps.front(), kMicrosPerDay);
    for (std::int64_t day = first - 1; day <= first + stretch.days + 1; ++day) {
      for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
        const bool now = *date_at(steps[i], stretch.zone) >= day;
        const bool then = *date_at(steps[i + 1], stretch.zone) >= day;
        const std::int64_t until = reached_until(day, steps[i], stretch.zone);
        ASSERT_EQ(until <= steps[i + 1], now != then)
            << stretch.zone << " " << format_date(day) << " " << format_instant(steps[i]);
        if (now != then) {
          ASSERT_NE(*date_at(until, stretch.zone) >= day, now);
        }
      }
    }
  }
}

TEST(ZonesTest, KnowTheInstantsOfTheirDatesAndWhenDatesBegin) {
  for (const Stretch& stretch : kStretches) {
    const std::vector<std::int64_t> steps = steps_of(stretch);
    const std::int64_t first = floor_div(steps.front(), kMicrosPerDay);
    for (std::int64_t day = first - 1; day <= first + stretch.days + 1; ++day) {
      const std::vector<Interval> alone = instants_of_dates(day, day, stretch.zone);
      const std::vector<Interval> before = instants_of_dates(-(Wide{1} << 90), day - 1, stretch.zone);
      for (const std::int64_t at : steps) {
        const auto within = [&](const std::vector<Interval>& ranges) {
          return std::any_of(ranges.begin(), ranges.end(),
                             [&](const Interval& range) { return at >= range.first && at <= range.last; });
        };
        const std::int64_t date = *date_at(at, stretch.zone);
        ASSERT_EQ(within(alone), date == day) << stretch.zone << " " << format_date(day) << " " << format_instant(at);
        ASSERT_EQ(within(before), date < day) << stretch.zone << " " << format_date(day) << " " << format_instant(at);
      }
    }
    for (const std::int64_t at : steps) {
      const std::int64_t last = last_date_begun(at, stretch.zone);
      ASSERT_LE(*start_of_date(last, stretch.zone), at);
      ASSERT_GT(*start_of_date(last + 1, stretch.zone), at);
    }
  }
}

/// A shop in Los Angeles: it is six in the evening of the 28th, and the 29th in UTC.
class TenantsDayTest : public ::testing::Test {
 protected:
  TenantsDayTest() : deal_(world_, kCustomer, 1) {
    world_.zone = "America/Los_Angeles";
    env_.surroundings = &answers_;
    env_.now = instant("2026-03-29T01:00:00Z");
    deal_.set("born", Value::date(day("2026-03-28")))
        .set("joined", Value::timestamp(instant("2026-03-29T00:30:00Z")))
        .set("seen", Value::timestamp(instant("2026-01-01T05:00:00Z")))
        .set("zone", Value::text("Asia/Tokyo"));
  }
  ProgramPtr compile(std::string_view source, bool stored = false) {
    Scope scope;
    scope.names = &world_;
    scope.record_type = kCustomer;
    scope.rules.stored = stored;
    scope.parameters = stored ? std::vector<ParameterType>{} : std::vector<ParameterType>{{"on", Type::of(Kind::date)}};
    return compile_or_throw(source, scope);
  }
  Timed run(std::string_view source) { return evaluate(*compile(source), deal_, env_); }
  std::string shown(std::string_view source) {
    const Value value = run(source).value;
    return value.is_unknown() ? "unknown" : to_text(value);
  }

  World world_;
  Answers answers_;
  Env env_;
  Record deal_;
};

TEST_F(TenantsDayTest, CountsWhereNoZoneIsNamed) {
  env_.parameters = {{"on", Value::date(day("2026-03-28"))}};
  for (const auto& [source, wanted] :
       std::vector<std::pair<const char*, const char*>>{{"today()", "2026-03-28"},
                                                        {"today('UTC')", "2026-03-29"},
                                                        {"today('Asia/Tokyo')", "2026-03-29"},
                                                        {"today(zone)", "2026-03-29"},
                                                        {"born < today()", "false"},
                                                        {"born < today('UTC')", "true"},
                                                        {"date(joined)", "2026-03-28"},
                                                        {"date(joined, 'UTC')", "2026-03-29"},
                                                        {"date(joined, zone)", "2026-03-29"},
                                                        {"date(now())", "2026-03-28"},
                                                        {"born == joined", "true"},
                                                        {"joined > born", "false"},
                                                        {"joined in [born]", "true"},
                                                        {"joined == $on", "true"},
                                                        {"born < now()", "false"},
                                                        {"joined == today()", "true"},
                                                        {"days_between(born, joined)", "0"},
                                                        {"days_between(joined, today('UTC'))", "1"},
                                                        {"days_between(seen, joined)", "87"},
                                                        {"year(seen)", "2025"},
                                                        {"year(date(seen, 'UTC'))", "2026"},
                                                        {"days_since(born)", "0"},
                                                        {"days_since(seen)", "86"},
                                                        {"timestamp(born)", "2026-03-28T07:00:00Z"},
                                                        {"timestamp('2026-03-28')", "2026-03-28T07:00:00Z"},
                                                        {"timestamp('2026-03-28T00:00:00Z')", "2026-03-28T00:00:00Z"},
                                                        {"joined >= '2026-03-29'", "false"},
                                                        {"joined >= '2026-03-28'", "true"},
                                                        {"joined == '2026-03-28T17:30:00'", "true"}}) {
    EXPECT_EQ(shown(source), wanted) << source;
  }
}

TEST_F(TenantsDayTest, IsUnknownInAZoneThatIsGivenAndEmpty) {
  deal_.set("zone", Value::text(""));
  for (const char* source : {"today(zone)", "born < today(zone)", "date(joined, zone)", "date(joined, zone) == born",
                             "days_between(born, date(joined, zone))"}) {
    EXPECT_EQ(shown(source), "unknown") << source;
    EXPECT_EQ(run(source).until, kForever) << source;
  }
}

TEST_F(TenantsDayTest, TurnsAtTheTenantsMidnight) {
  const std::int64_t midnight = instant("2026-03-29T07:00:00Z");
  EXPECT_EQ(run("today()").until, midnight);
  EXPECT_EQ(run("born < today()").until, midnight);
  EXPECT_EQ(run("born < now()").until, midnight);
  EXPECT_EQ(run("born > today()").until, kForever);
  EXPECT_EQ(run("n == 1 || born < today()").until, midnight);
  EXPECT_EQ(run("days_between(joined, today()) >= 1").until, midnight);
  EXPECT_EQ(run("days_since(born) >= 1").until, midnight);
  EXPECT_EQ(run("date(joined) == born").until, kForever);
  EXPECT_EQ(run("joined == today()").until, midnight);
  env_.now = midnight;
  EXPECT_EQ(shown("born < today()"), "true");
  EXPECT_EQ(run("born < today()").until, kForever);
}

TEST_F(TenantsDayTest, IsSaidInStoredExpressionsByNowToo) {
  EXPECT_NO_THROW(compile("born < now()", true));
  EXPECT_NO_THROW(compile("days_between(born, now()) > 3 && date(now()) != born", true));
  EXPECT_THROW(compile("date(now() - duration('1d')) > born", true), Error);
}

TEST_F(TenantsDayTest, IsARangeOfInstantsInSql) {
  Lowering how;
  how.schema = &world_;
  how.tenant = kTenant;
  EXPECT_EQ(compile("date(joined) == today()")->sql_class, SqlClass::exact);
  const Sql sql = lower_true(*compile("joined == today()"), env_, how);
  ASSERT_EQ(sql.binds.size(), 2U);
  EXPECT_EQ(sql.binds[0].i, instant("2026-03-28T07:00:00Z"));
  EXPECT_EQ(sql.binds[1].i, instant("2026-03-29T07:00:00Z") - 1);
  EXPECT_EQ(compile("days_since(born) > 3")->sql_class, SqlClass::exact);
  EXPECT_EQ(compile("date(joined, zone) == today()")->sql_class, SqlClass::vm_only);
}

TEST_F(TenantsDayTest, IsNotedWhereItDecides) {
  EXPECT_TRUE(compile("born < today()")->uses_zones);
  EXPECT_TRUE(compile("days_since(born) > 3")->uses_zones);
  EXPECT_FALSE(compile("days_since(joined) > 3")->uses_zones);
  EXPECT_TRUE(compile("name.fold() == 'x'")->uses_unicode);
  EXPECT_TRUE(compile("mail == note")->uses_unicode);
  EXPECT_FALSE(compile("name == 'x'")->uses_unicode);
}

// In St John's the 7th lasted a minute, went back to the 6th for an hour, and came again.
TEST_F(TenantsDayTest, MayComeTwice) {
  world_.zone = "America/St_Johns";
  deal_.set("born", Value::date(day("2010-11-07")));
  env_.now = instant("2010-11-07T02:00:00Z");
  std::vector<std::string> turns;
  for (int i = 0; i < 4; ++i) {
    const Timed timed = run("born <= today()");
    turns.push_back(to_text(timed.value) + " until " +
                    (timed.until == kForever ? "ever" : format_instant(timed.until)));
    if (timed.until == kForever) break;
    env_.now = timed.until;
  }
  EXPECT_EQ(turns, (std::vector<std::string>{"false until 2010-11-07T02:30:00Z", "true until 2010-11-07T02:31:00Z",
                                             "false until 2010-11-07T03:30:00Z", "true until ever"}));
}

}  // namespace
}  // namespace kith::internal::expr::testing
