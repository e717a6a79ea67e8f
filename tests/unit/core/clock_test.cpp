// A clock that was ahead once: told, shown, and put right.
#include "world.hpp"

using kith_test::code_of;
using kith_test::person;
using kith_test::World;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

namespace {

constexpr std::int64_t kSecond = 1'000'000, kDay = 86'400 * kSecond;
constexpr std::int64_t kRight = 1'764'000'000 * kSecond;  // 2025-11-24T16:00:00Z

struct Stepped {
  World world;
  std::int64_t now = kRight;
  std::vector<std::string> log;
  kith::Core core = [this] {
    kith::Options options = world.options();
    options.now_us = [this] { return now; };
    options.log = [this](std::int32_t level, std::string_view text) {
      if (level >= KITH_LOG_WARNING) log.emplace_back(text);
    };
    return kith::Core::open(std::move(options));
  }();
  kith::OwnedSession me = core.session({.actor = "alice"});

  std::string logged() const {
    std::string all;
    for (const std::string& line : log) all += line + "\n";
    return all;
  }
  /// One write ten years ahead, then the clock is right again.
  void go_ahead_once() {
    person(me, "Before");
    now = kRight + 3'650 * kDay;
    person(me, "Ahead");
    now = kRight + kDay / 2;
  }
};

TEST(ClockTest, AStepAheadIsToldAndShownAndAnOrdinaryDayIsNot) {
  Stepped s;
  person(s.me, "Ada");
  s.now += kDay / 2;
  person(s.me, "Bo");
  EXPECT_EQ(s.logged(), "");
  s.go_ahead_once();
  EXPECT_THAT(s.logged(), AllOf(HasSubstr("'default' went ahead by"), HasSubstr("2035-")));
}

TEST(ClockTest, OneThatStandsStillIsToldOnceAndDoctorSaysSinceWhen) {
  Stepped s;
  s.go_ahead_once();
  s.log.clear();
  person(s.me, "Still");
  person(s.me, "Still there");
  ASSERT_EQ(s.log.size(), 1U) << s.logged();
  EXPECT_THAT(s.log.front(), HasSubstr("stands still at 2035-"));
  EXPECT_THAT(s.core.run("doctor"),
              AllOf(HasSubstr("default stands still at 2035-"), HasSubstr("after 2025-11-24T16:00:00Z"),
                    HasSubstr("--set-clock"), HasSubstr("\"ok\":false")));
}

TEST(ClockTest, IsSetBackWithWhoDidItAndTimeGoesOn) {
  Stepped s;
  s.go_ahead_once();
  EXPECT_GT(s.me.now().us, kRight + 3'000 * kDay);
  const std::string answer = s.core.run("clock.set", R"({"instant": "2025-11-25T04:00:00Z", "actor": "carol"})");
  EXPECT_THAT(answer, HasSubstr("\"tenant\":\"default\",\"from\":\"2035-"));
  EXPECT_EQ(s.me.now().us, kRight + kDay / 2);
  s.now += 60 * kSecond;
  const kith::Ref after = person(s.me, "After");
  auto rows = s.me.get(after, {"created_at"});
  EXPECT_EQ((*rows.next())[0].timestamp().us, s.now);
  EXPECT_THAT(s.core.run("doctor"), AllOf(HasSubstr("by carol"), HasSubstr("\"ok\":true")));
  EXPECT_THAT(s.core.run("clock.set", R"({"instant": "2025-11-26T04:00:00Z", "actor": "carol"})"),
              HasSubstr("\"changed\":[]"))
      << "it stands behind no such instant any more";
}

TEST(ClockTest, InstantsWrittenMeanwhileStay) {
  Stepped s;
  s.go_ahead_once();
  s.core.run("clock.set", R"({"instant": "2025-11-25T04:00:00Z", "actor": "carol"})");
  auto rows = s.me.query("customer").where("created_at > $t", {{"t", kith::Timestamp{kRight + 3'000 * kDay}}}).run();
  EXPECT_TRUE(rows.next().has_value());
}

TEST(ClockTest, IsNotSetAhead) {
  Stepped s;
  person(s.me, "Ada");
  EXPECT_EQ(code_of([&] { s.core.run("clock.set", R"({"instant": "2035-01-01T00:00:00Z", "actor": "carol"})"); }),
            KITH_INVALID);
  EXPECT_EQ(code_of([&] { s.core.run("clock.set", R"({"instant": "yesterday", "actor": "carol"})"); }), KITH_INVALID);
  EXPECT_EQ(code_of([&] { s.core.run("clock.set", R"({"instant": "2025-11-24T16:00:00Z"})"); }), KITH_INVALID);
}

TEST(ClockTest, SaysHowFarItMayBeSet) {
  Stepped s;
  try {
    s.core.run("clock.set", R"({"instant": "2035-01-01T00:00:00Z", "actor": "carol"})");
    FAIL() << "it was set ahead";
  } catch (const kith::Error& error) {
    EXPECT_THAT(error.json(), HasSubstr("the step that \\\"max_clock_step\\\" allows"));
  }
}

TEST(ClockTest, TheStepThatIsToldIsConfigured) {
  World world;
  std::int64_t now = kRight;
  std::string log;
  kith::Options options = world.options(R"(, "max_clock_step": "1h")");
  options.now_us = [&] { return now; };
  options.log = [&](std::int32_t level, std::string_view text) {
    if (level >= KITH_LOG_WARNING) log += text;
  };
  auto core = kith::Core::open(std::move(options));
  auto me = core.session({.actor = "alice"});
  person(me, "Ada");
  now += kDay / 4;
  person(me, "Bo");
  EXPECT_THAT(log, HasSubstr("went ahead by 6h"));
  kith::Options wrong = world.options(R"(, "max_clock_step": "soon")");
  EXPECT_EQ(code_of([&] { kith::Core::open(wrong); }), KITH_INVALID);
}

}  // namespace
