// Bodies of plugins that do what they must not: each is named, its run fails, and everything else goes on.
#include <atomic>
#include <chrono>
#include <thread>

#include "world.hpp"

using kith_test::code_of;
using kith_test::person;
using kith_test::World;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

namespace {

struct Unruly {
  World world;
  std::int64_t now = 1'764'000'000'000'000;
  kith::Core core = [this] {
    kith::Options options = world.options(R"(, "plugin_folders": [")" + std::string(KITH_TEST_PLUGINS) +
                                          R"("], "plugins": {"unruly": {}})");
    options.now_us = [this] { return now; };
    return kith::Core::open(std::move(options));
  }();
  kith::OwnedSession me = core.session({.actor = "alice"});

  void run_due() {
    for (auto next = core.run_due(10s); next && next->us <= now; next = core.run_due(10s)) {
    }
  }
  std::string runs(const std::string& state) { return me.run("queue", R"({"state": ")" + state + R"("})"); }
  std::string tasks() { return me.run("count", R"({"type": "task"})"); }
};

/// The runs of two customers, of whom the first has the plugin misbehave: the list of runs in `state`.
std::string set_aside(Unruly& u, const std::string& how, const std::string& state) {
  person(u.me, how);
  person(u.me, "fine");
  u.run_due();
  EXPECT_EQ(u.tasks(), R"({"count":1})") << "what the unruly one wrote is gone, the other's is there";
  return u.runs(state);
}

TEST(BodyTest, OneThatThrowsIsAFailedRunWithItsOwnWords) {
  Unruly u;
  EXPECT_THAT(set_aside(u, "throw", "retry"),
              AllOf(HasSubstr("action 'unruly.act' of plugin unruly 0.1.0 failed: the stock is empty"),
                    Not(HasSubstr("bug in kith"))));
  for (int i = 0; i < 8; ++i) {
    u.now += 3'600'000'000;
    u.run_due();
  }
  EXPECT_THAT(u.runs("dead"), HasSubstr("the stock is empty")) << "after its tries it is set aside";
}

TEST(DueWorkTest, EndsWithItsBudgetAmongManyRunsAndGoesOnThere) {
  Unruly u;
  u.me.transact([](kith::Session& tx) {
    for (int i = 0; i < 50; ++i) person(tx, "fine");
  });
  u.core.run_due(0ms);
  EXPECT_EQ(u.tasks(), R"({"count":1})") << "one run is always done";
  EXPECT_THAT(u.core.run("pending"), HasSubstr(R"("events":50,)")) << "49 wait, and there is a task";
  u.core.run_due(0ms);
  EXPECT_EQ(u.tasks(), R"({"count":2})");
  u.run_due();
  EXPECT_EQ(u.tasks(), R"({"count":50})");
}

TEST(BodyTest, OneThatWritesWithoutEndIsStoppedAndNamed) {
  Unruly u;
  const auto began = std::chrono::steady_clock::now();
  const std::string dead = set_aside(u, "loop", "dead");
  EXPECT_LE(std::chrono::steady_clock::now() - began, 60s);
  const std::string all = dead + u.runs("retry");  // whichever comes first: the writes, or the time
  EXPECT_THAT(all, HasSubstr("action 'unruly.act' of plugin unruly 0.1.0 "));
  EXPECT_THAT(all, ::testing::AnyOf(HasSubstr("wrote more than 10000 times"), HasSubstr("ran for more than 5 s")));
}

TEST(BodyTest, OneThatTakesNoFailureForAnAnswerFailsAllTheSame) {
  Unruly u;
  const std::string dead = set_aside(u, "stubborn", "dead");
  EXPECT_THAT(dead + u.runs("retry"), ::testing::AnyOf(HasSubstr("wrote more than"), HasSubstr("ran for more than")));
}

TEST(BodyTest, OneThatSleepsPastItsTimeFailsAndIsTriedAgainLater) {
  Unruly u;
  EXPECT_THAT(set_aside(u, "sleep", "retry"),
              HasSubstr("action 'unruly.act' of plugin unruly 0.1.0 ran for more than 5 s"));
}

TEST(BodyTest, BeginCommitAndRollbackInsideOneAreMisuseThatNamesIt) {
  for (const std::string call : {"begin", "commit", "rollback"}) {
    Unruly u;
    EXPECT_THAT(set_aside(u, call, "dead"),
                AllOf(HasSubstr("KITH-7002"), HasSubstr("action 'unruly.act' of plugin unruly 0.1.0 called " + call),
                      HasSubstr("runs in the transaction of its step")));
  }
}

TEST(BodyTest, AJobThatLeavesItsTransactionOpenIsMisuseThatNamesItAndLosesIt) {
  Unruly u;
  try {
    u.me.run("job.run", R"({"job": "unruly.leave_open"})");
    FAIL();
  } catch (const kith::Error& error) {
    EXPECT_EQ(error.code(), KITH_MISUSE);
    EXPECT_THAT(error.what(),
                HasSubstr("job 'unruly.leave_open' of plugin unruly 0.1.0 returned with its transaction open"));
  }
  EXPECT_EQ(u.tasks(), R"({"count":0})");
  person(u.me, "fine");  // the writer is free
  EXPECT_THAT(u.me.run("job.list"), HasSubstr("\"state\":\"failed\""));
}

TEST(BodyTest, AJobThatRunsItselfIsRefusedAtADepth) {
  Unruly u;
  try {
    u.me.run("job.run", R"({"job": "unruly.again"})");
    FAIL();
  } catch (const kith::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("more than 8 deep"));
    EXPECT_THAT(error.what(), HasSubstr("unruly.again > unruly.again"));
  }
}

TEST(BodyTest, AJobEndsWithTheCallThatRunsIt) {
  Unruly u;
  person(u.me, "Ada");
  std::atomic<bool> ended{false};
  std::int32_t code = KITH_OK;
  std::thread runs([&] {
    code = code_of([&] { u.me.run("job.run", R"({"job": "unruly.ask"})"); });
    ended = true;
  });
  std::this_thread::sleep_for(200ms);
  EXPECT_FALSE(ended);
  u.me.cancel();
  runs.join();
  EXPECT_EQ(code, KITH_CANCELLED);
  EXPECT_THAT(u.me.run("job.list"), HasSubstr("\"state\":\"failed\""));
}

}  // namespace
