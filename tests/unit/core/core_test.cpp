#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "world.hpp"

using kith_test::code_of;
using kith_test::person;
using kith_test::World;
using ::testing::HasSubstr;

namespace {

TEST(CoreTest, WhatWasCommittedIsThereAfterReopening) {
  World world;
  std::string key;
  {
    auto core = world.open();
    auto me = core.session({.actor = "alice"});
    key = person(me, "Ada").text();
  }
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  auto rows = me.get(me.find("customer", key.substr(key.find('/') + 1)), {"name"});
  EXPECT_EQ((*rows.next())["name"].text(), "Ada");
}

TEST(CoreTest, ASecondWriterIsRefusedAndAReaderIsNot) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  person(me, "Ada");
  const pid_t child = ::fork();  // locks are between processes
  if (child == 0) {
    int result = 0;
    if (code_of([&] { world.open(); }) != KITH_BUSY) result |= 1;
    kith::Options options = world.options();
    options.read_only = true;
    result |= code_of([&] {
                auto beside = kith::Core::open(options);
                auto reader = beside.session({.actor = "bo"});
                if (!reader.query("customer").run().next()) throw kith::Error(KITH_BUG, "no row");
                if (code_of([&] { person(reader, "Bo"); }) != KITH_BUSY) throw kith::Error(KITH_BUG, "wrote");
              }) == KITH_OK
                  ? 0
                  : 2;
    ::_exit(result);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0) << "1: a second writer was let in; 2: a reader was not";
}

TEST(CoreTest, UsedInAForkedChildItSaysSo) {
  World world;
  auto core = world.open();
  const pid_t child = ::fork();
  if (child == 0) ::_exit(code_of([&] { core.session({.actor = "alice"}); }) == KITH_MISUSE ? 0 : 1);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST(CoreTest, SessionsOfAClosedCoreAnswerClosed) {
  World world;
  kith_core* core = nullptr;
  kith_session* session = nullptr;
  const std::string json = world.options().config_json;
  kith_options options{};
  options.struct_size = sizeof options;
  options.config_json = kith::str(json);
  ASSERT_EQ(kith_core_open(&options, &core, nullptr), KITH_OK);
  kith_session_options who{sizeof who, 0, kith::str("default"), kith::str("alice")};
  ASSERT_EQ(kith_session_open(core, &who, &session, nullptr), KITH_OK);
  ASSERT_EQ(kith_session_begin(session, nullptr), KITH_OK);
  kith_core_close(core);
  kith_error* error = nullptr;
  EXPECT_EQ(kith_session_commit(session, &error), KITH_CLOSED);
  EXPECT_THAT(std::string(kith::view(kith_error_text(error))), HasSubstr("closed"));
  kith_error_free(error);
  kith_session_close(session);
}

TEST(CoreTest, ACallbackThatCallsTheCoreIsMisuse) {
  World world;
  std::int32_t seen = KITH_OK;
  kith::Core* inner = nullptr;
  kith::Options options = world.options();
  options.now_us = [&]() -> std::int64_t {
    if (inner && seen == KITH_OK) seen = code_of([&] { inner->session({.actor = "from the clock"}); });
    return 1'700'000'000'000'000;
  };
  auto core = kith::Core::open(std::move(options));
  inner = &core;
  auto me = core.session({.actor = "alice"});
  person(me, "Ada");
  EXPECT_EQ(seen, KITH_MISUSE);
}

TEST(CoreTest, TheHostsClockIsTheOnlyOneAndNeverGoesBack) {
  World world;
  std::int64_t now = 1'700'000'000'000'000;
  kith::Options options = world.options();
  options.now_us = [&] { return now; };
  auto core = kith::Core::open(std::move(options));
  auto me = core.session({.actor = "alice"});
  const kith::Ref ada = person(me, "Ada");
  auto rows = me.get(ada, {"created_at"});
  EXPECT_EQ((*rows.next())[0].timestamp().us, now);
  now -= 1'000'000;
  EXPECT_EQ(me.now().us, now + 1'000'000);
}

TEST(CoreTest, EveryProblemOfAConfigurationIsReportedAtOnceWithItsPlace) {
  World world;
  kith::Options options;
  options.config_json =
      "{\n  \"databse\": {\"url\": \"sqlite:x.kith\"},\n  \"plugins\": {\"retial\": {\"vresion\": \"^0.1\"}}\n}";
  try {
    kith::Core::open(options);
    FAIL();
  } catch (const kith::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("2:3"));
    EXPECT_THAT(error.what(), HasSubstr("\"database\""));
    EXPECT_THAT(error.what(), HasSubstr("\"version\""));
  }
}

TEST(CoreTest, AFileThatIsNotOursIsRefusedAndLeftAlone) {
  World world;
  const std::string text =
      "this is somebody's letter, not a database; it is long enough to have a header of its own.....";
  std::ofstream(world.folder() / "crm.kith") << text;
  EXPECT_EQ(code_of([&] { world.open(); }), KITH_CORRUPT);
  std::ifstream in(world.folder() / "crm.kith");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), text);
}

TEST(CoreTest, DoctorSaysWhatItRunsWith) {
  World world;
  auto core = world.open(R"(, "clock": "fixed:2026-01-02T03:04:05Z")");
  const std::string report = core.run("doctor");
  EXPECT_THAT(report, HasSubstr("2026-01-02T03:04:05Z"));
  EXPECT_THAT(report, HasSubstr("\"wal\""));
  EXPECT_THAT(report, HasSubstr("\"ok\":true"));
}

}  // namespace
