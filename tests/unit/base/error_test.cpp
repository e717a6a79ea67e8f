#include "base/problem/error.hpp"

#include <gtest/gtest.h>

#include <set>

namespace kith::internal {
namespace {

Problem full_problem() {
  Problem problem;
  problem.number = ProblemNumber::unknown_name;
  problem.message = "condition of workflow lakeside.book_pickup does not hold: unknown name 'lakeside.airport_pick_up'";
  problem.where = {"overlays/lakeside/overlay.json", 49, 71};
  problem.excerpt = "... == 'reserved' && lakeside.airport_pick_up\n                     ^~~~~~~~~~~~~~~~~~~~~~~~";
  problem.fix = "did you mean lakeside.airport_pickup (bool, on hospitality.reservation)?";
  return problem;
}

TEST(ProblemTest, IsLaidOutAsTheCommandLinePromises) {
  EXPECT_EQ(format_problem(full_problem()),
            "error KITH-1301  condition of workflow lakeside.book_pickup does not hold: unknown name "
            "'lakeside.airport_pick_up'\n"
            "  at     overlays/lakeside/overlay.json:49:71\n"
            "           ... == 'reserved' && lakeside.airport_pick_up\n"
            "                                ^~~~~~~~~~~~~~~~~~~~~~~~\n"
            "  fix    did you mean lakeside.airport_pickup (bool, on hospitality.reservation)?");
}

TEST(ProblemTest, PutsExpectedAndFoundOnOneLine) {
  Problem problem;
  problem.number = ProblemNumber::bad_value;
  problem.message = "kith.lock does not match";
  problem.expected = "sha256 9f2c";
  problem.found = "sha256 77b0";
  EXPECT_EQ(format_problem(problem),
            "error KITH-1005  kith.lock does not match\n  expect sha256 9f2c    found sha256 77b0");
  problem.expected.clear();
  EXPECT_EQ(format_problem(problem), "error KITH-1005  kith.lock does not match\n  found  sha256 77b0");
}

TEST(ProblemTest, AlignsTheWordsOfItsNotes) {
  Problem problem;
  problem.number = ProblemNumber::plugin_not_found;
  problem.message = "none";
  problem.notes = {"looked /opt/kith/plugins", "has  a, b", "  file   x.json", "a sentence without a word"};
  problem.fix = "one line\nand no second";
  EXPECT_EQ(format_problem(problem, "finding"),
            "finding KITH-2101  none\n  looked /opt/kith/plugins\n  has    a, b\n  file   x.json\n"
            "  a sentence without a word\n  fix    one line\\nand no second");
}

TEST(ProblemTest, NamesTheFieldWhereOneIsConcerned) {
  Problem problem;
  problem.message = "m";
  problem.field = "email";
  EXPECT_EQ(format_problem(problem), "error KITH-9001  m\n  field  email");
}

TEST(PlaceTest, LeavesOutWhatIsNotKnown) {
  EXPECT_EQ((Place{"a.json", 3, 9}).text(), "a.json:3:9");
  EXPECT_EQ((Place{"a.json", 3, 0}).text(), "a.json:3");
  EXPECT_EQ((Place{"a.json", 0, 0}).text(), "a.json");
  EXPECT_EQ((Place{"", 3, 9}).text(), "3:9");
  EXPECT_EQ(Place{}.text(), "");
}

TEST(ErrorTest, ShowsAllItsProblems) {
  Problems problems;
  EXPECT_NO_THROW(problems.throw_if_any());
  problems.add(full_problem());
  problems.add({ProblemNumber::file_locked, "busy", {}, {}, {}, {}, {}, {}, {}, {}});
  try {
    problems.throw_if_any();
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.problems().size(), 2U);
    EXPECT_EQ(error.number(), ProblemNumber::unknown_name);
    EXPECT_EQ(error.code(), KITH_INVALID);
    EXPECT_NE(std::string{error.what()}.find("KITH-6001  busy"), std::string::npos);
  }
}

TEST(ErrorTest, IsNeverWithoutAProblem) {
  const Error error{std::vector<Problem>{}};
  EXPECT_EQ(error.number(), ProblemNumber::bug);
  EXPECT_EQ(Error(ProblemNumber::file_locked, "busy", "wait").first().fix, "wait");
}

TEST(ProblemNumberTest, KnowsItsClassAndExitCode) {
  EXPECT_EQ(code_of(ProblemNumber::json_syntax), KITH_INVALID);
  EXPECT_EQ(exit_code_of(ProblemNumber::json_syntax), 3);
  EXPECT_EQ(code_of(ProblemNumber::storage_full), KITH_IO);
  EXPECT_EQ(exit_code_of(ProblemNumber::storage_full), 10);
  EXPECT_EQ(exit_code_of(ProblemNumber::file_locked), 6);
  EXPECT_EQ(problem_id(ProblemNumber::file_locked), "KITH-6001");
}

TEST(ProblemNumberTest, IsNeverUsedTwice) {
  std::set<std::int32_t> seen;
#define KITH_SEEN(number, name, code, exit) EXPECT_TRUE(seen.insert(number).second) << number;
  KITH_PROBLEMS(KITH_SEEN)
#undef KITH_SEEN
  EXPECT_GT(seen.size(), 80U);
}

TEST(NearestTest, FindsWhatWasProbablyMeant) {
  const std::vector<std::string> names = {"loyalty", "hospitality", "sales", "airport_pickup"};
  EXPECT_EQ(nearest("loyality", names), "loyalty");
  EXPECT_EQ(nearest("airport_pick_up", names), "airport_pickup");
  EXPECT_EQ(nearest("slaes", names), "sales");  // neighbours swapped count once
  EXPECT_EQ(nearest("SALES", names), "sales");
  EXPECT_EQ(nearest("weather", names), "");
  EXPECT_EQ(nearest("", names), "");
  EXPECT_EQ(nearest("x", {}), "");
  EXPECT_EQ(did_you_mean("loyality", names), "did you mean \"loyalty\"?");
  EXPECT_EQ(did_you_mean("weather", names), "");
}

}  // namespace
}  // namespace kith::internal
