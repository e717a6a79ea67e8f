// Bad rows of an import, from the first run to the corrected rejects.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/workspace.hpp"

namespace kith::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kMapping = R"({"id": "orders", "source": "shop",
  "records": [
    {"id": "c", "type": "customer", "mode": "upsert", "key": {"external_id": "who"}, "set": {"kind": "'person'",
     "name": "who"}},
    {"id": "o", "type": "retail.order", "mode": "create", "key": {"external_id": "number"},
     "set": {"customer": {"record": "c"}, "ordered_at": "at", "channel": "channel", "total": "total"}}]})";

class ImportCommandTest : public ::testing::Test {
 protected:
  ImportCommandTest() {
    here_.init({"retail"}, "fixed:2026-06-30T12:00:00Z");
    here_.write("map.json", kMapping);
    here_.write("orders.csv",
                "number,who,at,channel,total\n"
                "1,Ada,2026-01-05,web,10.00\n"
                "2,Ada,2026-13-05,web,10.00\n"  // no such month
                "3,Bo,2026-01-07,fax,20.00\n"   // unknown channel
                "1,Cy,2026-01-08,web,30.00\n"   // the number is taken
                "5,\"D, E\",2026-01-09,app,5.25\n");
  }
  const Workspace here_;
};

TEST_F(ImportCommandTest, LandsTheGoodRowsAndReportsTheOthersByReason) {
  const Outcome outcome = here_.kith({"import", "orders.csv", "--map", "map.json"});
  EXPECT_EQ(outcome.exit, 1);
  EXPECT_THAT(outcome.out, HasSubstr("5 rows read, 2 applied"));
  EXPECT_THAT(outcome.err, HasSubstr("committed 5\n"));
  EXPECT_THAT(outcome.err, HasSubstr("finding KITH-3107  orders.csv: 3 of 5 rows rejected, 2 applied"));
  EXPECT_THAT(outcome.err, HasSubstr("line 3"));
  EXPECT_THAT(outcome.err, HasSubstr("line 4"));
  EXPECT_THAT(outcome.err, HasSubstr("line 5"));
  EXPECT_THAT(outcome.err, HasSubstr("then: kith import "));
  EXPECT_EQ(here_.kith({"count", "retail.order"}).out, "2\n");
}

TEST_F(ImportCommandTest, WritesRejectsThatCompleteTheImportOnceTheyAreCorrected) {
  ASSERT_EQ(here_.kith({"import", "orders.csv", "--map", "map.json"}).exit, 1);
  std::string rejects = here_.read("orders.csv.rejects.csv");
  const std::vector<std::string> lines = lines_of(rejects);
  ASSERT_EQ(lines.size(), 4U) << rejects;
  for (const char* column : {"_line", "_field", "_code", "_reason"}) EXPECT_THAT(lines[0], HasSubstr(column));
  EXPECT_THAT(rejects, HasSubstr("2026-13-05"));
  EXPECT_THAT(rejects, HasSubstr("fax"));
  EXPECT_THAT(rejects, HasSubstr("KITH-"));
  const auto correct = [&](const std::string& from, const std::string& to) {
    rejects.replace(rejects.find(from), from.size(), to);
  };
  correct("2026-13-05", "2026-01-06");
  correct("fax", "app");
  correct("\n1,Cy", "\n4,Cy");
  here_.write("orders.csv.rejects.csv", rejects);
  const Outcome again = here_.kith({"import", "orders.csv.rejects.csv", "--map", "map.json"});
  EXPECT_EQ(again.exit, 0) << again.err;
  EXPECT_EQ(here_.kith({"count", "retail.order"}).out, "5\n");
}

TEST_F(ImportCommandTest, ADryRunWritesNothing) {
  const Outcome outcome = here_.kith({"import", "orders.csv", "--map", "map.json", "--dry-run"});
  EXPECT_EQ(outcome.exit, 1);
  EXPECT_THAT(outcome.out, HasSubstr("nothing was written"));
  EXPECT_THAT(outcome.err, Not(HasSubstr("committed")));
  EXPECT_EQ(here_.kith({"count", "customer"}).out, "0\n");
}

TEST_F(ImportCommandTest, StopsAtTooManyRejects) {
  const Outcome outcome = here_.kith({"import", "orders.csv", "--map", "map.json", "--max-rejects", "1"});
  EXPECT_EQ(outcome.exit, 1);
  EXPECT_THAT(outcome.err, HasSubstr("KITH-3104"));
}

TEST_F(ImportCommandTest, AMappingWithMistakesIsRefusedWithAllOfThemAndTheirPlaces) {
  here_.write("wrong.json", R"({"id": "orders", "source": "shop",
  "records": [{"id": "c", "type": "custmer", "mode": "upsert", "key": {"external_id": "wo"}, "set": {"nam": "who"}},
              {"id": "d", "type": "customer", "set": {"naem": "who", "kind": "'person'"}}]})");
  const Outcome outcome = here_.kith({"import", "orders.csv", "--map", "wrong.json"});
  EXPECT_EQ(outcome.exit, 3) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("wrong.json:2:"));
  EXPECT_THAT(outcome.err, HasSubstr("wrong.json:3:"));
}

}  // namespace
}  // namespace kith::test
