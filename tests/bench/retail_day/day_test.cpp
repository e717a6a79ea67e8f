// What the two programs of the retail day leave behind is the same, or their times say nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>

#include "../lib/process.hpp"
#include "../lib/sqlite.hpp"
#include "day.hpp"

namespace kith::bench {
namespace {

struct Day {
  TemporaryFolder home;
  DayTables kith, hand;
  std::filesystem::path product_file = home.path() / "shop.kith", hand_file = home.path() / "hand.db";

  Day() {
    write_day_files(home.path(), {.customers = 400, .orders = 2'400});
    run_product_day(home.path());
    run_hand_day(home.path());
    kith = product_tables(home.path());
    hand = hand_tables(home.path());
  }
};
const Day& day() {
  static const Day made;
  return made;
}

std::vector<std::string> lines(const std::filesystem::path& file, const char* sql) {
  Database database(file);
  Statement rows(database, sql);
  std::vector<std::string> out;
  while (rows.step()) {
    std::string line(rows.text(0));
    for (int i = 1; i < rows.width(); ++i) line += "|" + std::string(rows.text(i));
    out.push_back(std::move(line));
  }
  return out;
}

/// The lines that only one side has; the first few say what is wrong.
std::vector<std::string> only_in(const std::vector<std::string>& one, const std::vector<std::string>& other) {
  std::vector<std::string> out;
  std::set_difference(one.begin(), one.end(), other.begin(), other.end(), std::back_inserter(out));
  if (out.size() > 5) out.resize(5);
  return out;
}

class SameTable : public testing::TestWithParam<const char*> {};

TEST_P(SameTable, IsLeftByTheProductAndByTheHandWrittenProgram) {
  const auto kith = day().kith.find(GetParam()), hand = day().hand.find(GetParam());
  ASSERT_TRUE(kith != day().kith.end() && hand != day().hand.end());
  EXPECT_FALSE(kith->second.empty());
  EXPECT_EQ(kith->second.size(), hand->second.size());
  EXPECT_THAT(only_in(kith->second, hand->second), testing::IsEmpty());
  EXPECT_THAT(only_in(hand->second, kith->second), testing::IsEmpty());
}
INSTANTIATE_TEST_SUITE_P(RetailDayTest, SameTable,
                         testing::Values("customers", "contact points", "orders", "ledger", "tasks",
                                         "order derivations", "ledger derivations", "deal derivations", "scores",
                                         "bounds", "customer keys", "order keys"),
                         [](const auto& table) {
                           std::string name = table.param;
                           std::replace(name.begin(), name.end(), ' ', '_');
                           return name;
                         });

TEST(RetailDayTest, ComparesEveryTableThatIsRead) {
  EXPECT_EQ(day().kith.size(), 12U);
  EXPECT_EQ(day().hand.size(), 12U);
}

// The rows that are no records are asked of the files; their columns are the store's own.
TEST(RetailDayTest, BothSidesWroteTheSameTransitions) {
  EXPECT_THAT(
      lines(day().product_file,
            "SELECT lifecycle, from_state, to_state, event, count(*), sum(left_us IS NULL) FROM kith_transition "
            "GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"),
      testing::ElementsAreArray(
          lines(day().hand_file,
                "SELECT l.text, f.text, t.text, e.text, count(*), sum(left_us IS NULL) FROM transition x "
                "JOIN word l ON l.number = lifecycle JOIN word f ON f.number = from_state JOIN word t ON "
                "t.number = to_state JOIN word e ON e.number = event GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4")));
}

// Automatic transitions are compared by their rows: the product also keeps runs that found nothing left to fire.
TEST(RetailDayTest, BothSidesWroteAsManyRunsOfEachWorkflow) {
  const auto kith = lines(day().product_file, "SELECT count(*) FROM kith_run GROUP BY workflow");
  const auto hand = lines(day().hand_file,
                          "SELECT count(*) FROM run JOIN word ON number = workflow WHERE text IN "
                          "('retail.post_order', 'retail.win_back') GROUP BY workflow");
  EXPECT_THAT(hand, testing::SizeIs(2));
  EXPECT_THAT(kith, testing::IsSupersetOf(hand));
}

TEST(RetailDayTest, BothSidesWroteAsManyChanges) {
  EXPECT_EQ(lines(day().product_file, "SELECT count(*) FROM kith_change"),
            lines(day().hand_file, "SELECT count(*) FROM change_log"));
}

TEST(RetailDayTest, SameSizeGivesTheSameFiles) {
  const TemporaryFolder again;
  write_day_files(again.path(), {.customers = 400, .orders = 2'400});
  for (const char* name : {"customers.csv", "orders.csv"})
    EXPECT_EQ(std::filesystem::file_size(again.path() / name), std::filesystem::file_size(day().home.path() / name));
}

}  // namespace
}  // namespace kith::bench
