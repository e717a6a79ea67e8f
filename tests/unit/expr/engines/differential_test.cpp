// One meaning: every engine divides the same records into the same true, false and unknown as the evaluator does.
#include <gtest/gtest.h>

#include <fstream>
#include <iostream>

#include "unit/expr/engines/differential.hpp"

namespace kith::internal::expr::testing {
namespace {

constexpr std::int64_t kPerScene = 250;
constexpr std::int64_t kPerQuery = 50;

class DifferentialTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    std::string why;
    engine_ = engine_named(GetParam(), why);
    if (!engine_) GTEST_SKIP() << why;
  }
  std::unique_ptr<Engine> engine_;
};

INSTANTIATE_TEST_SUITE_P(Of, DifferentialTest, ::testing::ValuesIn(engine_names()),
                         [](const auto& one) { return one.param; });

TEST_P(DifferentialTest, DividesRecordsAsTheEvaluatorDoes) {
  Referee referee(*engine_);
  const std::int64_t cases = case_count(5'000, 100'000);
  std::size_t wrong = 0;
  for (std::int64_t done = 0; done < cases && wrong < 3; done += kPerScene) {
    Scene scene(first_seed() + static_cast<std::uint64_t>(done / kPerScene));
    referee.load(scene);
    Generator make(scene.seed * 31 + 1, Taste{done / kPerScene % 3 == 0, true, false});
    for (std::int64_t in_scene = 0; in_scene < kPerScene && wrong < 3; in_scene += kPerQuery) {
      std::vector<std::string> sources;
      for (std::int64_t i = 0; i < kPerQuery; ++i) sources.push_back(make.boolean(static_cast<int>(1 + make.below(4))));
      for (const std::string& account : referee.judge(sources)) {
        ++wrong;
        ADD_FAILURE() << account;
      }
    }
  }
  const Tally& tally = referee.tally();
  const std::int64_t flat = tally.all + tally.none;
  std::cout << GetParam() << ": " << tally.cases << " expressions over " << kRecords << " records each: exact "
            << tally.exact << ", superset " << tally.superset << ", evaluator only " << tally.evaluator_only
            << "; true for all " << tally.all << ", for none " << tally.none << " ("
            << flat * 100 / std::max<std::int64_t>(tally.cases, 1) << " %), " << tally.dividing_sets
            << " divide them by sets of records; wrong " << wrong << " (KITH_SEED " << first_seed() << ")\n";
  EXPECT_GT(tally.exact, tally.cases / 2);
  EXPECT_GT(tally.dividing_sets, tally.cases / 20);
  EXPECT_LT(flat, tally.cases / 2) << "the generator makes too many expressions that say nothing";
}

TEST_P(DifferentialTest, LeavesNoTrueRecordOutOfASuperset) {
  Referee referee(*engine_);
  for (std::int64_t done = 0; done < case_count(500, 10'000); done += kPerScene) {
    Scene scene(first_seed() + 5'000 + static_cast<std::uint64_t>(done / kPerScene));
    referee.load(scene);
    Generator make(scene.seed, Taste{});
    std::vector<std::string> sources;
    for (std::int64_t i = 0; i < kPerScene; ++i) {
      const std::string beyond = "(name.fold() >= 'a' || retail.twice(n) == 4)";
      const std::string first = make.boolean(2);
      sources.push_back(make.chance(50) ? first + " && " + beyond
                                        : "(" + beyond + " && " + first + ") || (ok && " + make.boolean(2) + ")");
    }
    for (const std::string& account : referee.judge(sources)) ADD_FAILURE() << account;
  }
  EXPECT_GT(referee.tally().superset, referee.tally().cases / 3);
}

TEST_P(DifferentialTest, ComputesTheValuesThatTheEvaluatorComputes) {
  Referee referee(*engine_);
  const std::int64_t cases = case_count(3'000, 60'000);
  std::size_t wrong = 0;
  for (std::int64_t done = 0; done < cases && wrong < 3; done += kPerScene) {
    Scene scene(first_seed() + 10'000 + static_cast<std::uint64_t>(done / kPerScene));
    referee.load(scene);
    Generator make(scene.seed, Taste{});
    std::vector<std::string> sources;
    for (std::int64_t i = 0; i < kPerScene; ++i)
      sources.push_back(make.of(make.any_kind(), static_cast<int>(1 + make.below(4))));
    for (const std::string& account : referee.compute(sources)) {
      ++wrong;
      ADD_FAILURE() << account;
    }
  }
  EXPECT_GT(referee.tally().exact, cases / 2);
}

// Numbers at which rounding goes wrong when a half is added, or when they are taken for whole.
TEST_P(DifferentialTest, RoundsAtTheEdgesOfDoubles) {
  static const std::vector<double> edges = {0.49999999999999994,
                                            0.5,
                                            1.5,
                                            2.5,
                                            4503599627370495.5,
                                            4503599627370496.0,
                                            4503599627370497.0,
                                            2251799813685247.75,
                                            1e17,
                                            1e308,
                                            5e-324,
                                            0.0,
                                            9007199254740993.0,
                                            1.4999999999999998,
                                            123456789.5};
  Scene scene(first_seed() + 20'000);
  for (std::size_t i = 0; i < scene.customers.size(); ++i)
    scene.customers[i].set("x", Value::real((i % 2 == 0 ? 1 : -1) * edges[i / 2 % edges.size()]));
  Referee referee(*engine_);
  referee.load(scene);
  for (const std::string& account :
       referee.compute({"round(x)", "floor(x)", "abs(x)", "-floor(-x)", "round(x) - floor(x)", "round(x / 3.0)"}))
    ADD_FAILURE() << account;
}

TEST_P(DifferentialTest, MakesNothingLargerThanAStoredValue) {
  Scene scene(first_seed() + 20'001);
  for (std::size_t i = 0; i < 9; ++i) {
    scene.customers[i].set("name", Value::text(std::string(1'048'570 + i % 8 - 4, 'a')));
    scene.customers[i].set("note", Value::text(i % 3 == 0 ? "aaaaaaaa" : i % 3 == 1 ? "b" : "\xE4\xB8\xAD"));
  }
  Referee referee(*engine_);
  referee.load(scene);
  for (const std::string& account :
       referee.compute({"size(replace(name, 'a', note))", "size(replace(name, note, note + 'a'))",
                        "size(replace(name, note, ''))", "size(replace(replace(name, 'a', name), 'a', name))",
                        "size(replace(name, '', name))", "size(substring(name, 1048560, 5) + note)"}))
    ADD_FAILURE() << account;
}

TEST_P(DifferentialTest, FindsNoAnniversaryBeyondTheCalendar) {
  for (const char* now : {"9999-12-30T12:00:00Z", "9998-03-01T00:00:00Z", "2028-02-29T12:00:00Z"}) {
    Scene scene(0);
    scene.env.now = instant(now);
    for (std::size_t i = 0; i < scene.customers.size(); ++i)
      scene.customers[i].set("born", Value::date(day("2000-01-15") + static_cast<std::int64_t>(i) * 13));
    scene.customers[0].set("born", Value::date(day("2000-02-29")));
    scene.customers[1].set("born", Value::date(day("2000-12-31")));
    Referee referee(*engine_);
    referee.load(scene);
    for (const std::string& account :
         referee.compute({"next_anniversary(born)", "days_between(today(), next_anniversary(born))"}))
      ADD_FAILURE() << account;
    EXPECT_EQ(referee.tally().exact, 2);
  }
}

// SQLite's parser has an end, and what would go beyond it is left to the evaluator.
TEST_P(DifferentialTest, NestsFunctionsAsDeepAsTheDatabaseReads) {
  static const std::vector<std::pair<std::string, std::string>> functions = {
      {"next_anniversary(@)", "born"},
      {"date(year(@), 2, 1)", "born"},
      {"round(@, -1)", "n"},
      {"abs(@)", "n"},
      {"int(double(@))", "n"},
      {"size(substring(name, @))", "n"},
      {"days_between(born, date(2000, 1, @))", "n"},
      {"floor(@)", "x"},
      {"round(@)", "balance"},
      {"replace(name, 'a', @)", "note"},
      {"trim(@)", "name"},
      {"double(money(int(@), 'EUR'))", "x"}};
  Scene scene(first_seed() + 20'002);
  Referee referee(*engine_);
  referee.load(scene);
  std::vector<std::string> sources;
  for (const auto& [call, innermost] : functions) {
    std::string source = innermost;
    for (int depth = 0; depth < 10; ++depth) {
      source = std::string{call}.replace(call.find('@'), 1, source);
      sources.push_back(source);
    }
  }
  for (const std::string& account : referee.compute(sources)) ADD_FAILURE() << account;
  EXPECT_GE(referee.tally().exact, static_cast<std::int64_t>(2 * functions.size()));
}

// "scene | expression", of failures that were found once; lines that begin with # say what was wrong.
TEST_P(DifferentialTest, StaysRightWhereItWasWrongOnce) {
  std::ifstream in(KITH_SOURCE_DIR "/tests/unit/expr/regressions.txt");
  ASSERT_TRUE(in);
  int seen = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    const std::size_t bar = line.find(" | ");
    ASSERT_NE(bar, std::string::npos) << line;
    Scene scene(std::stoull(line.substr(0, bar)));
    Referee referee(*engine_);
    referee.load(scene);
    for (const std::string& account : referee.judge({line.substr(bar + 3)})) ADD_FAILURE() << account;
    ++seen;
  }
  EXPECT_GT(seen, 0);
}

}  // namespace
}  // namespace kith::internal::expr::testing
