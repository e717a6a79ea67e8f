// The generated files of each trade import by the mappings that lie beside them: their mistakes are found, the rest
// lands.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/workspace.hpp"

namespace kith::test {
namespace {

using ::testing::HasSubstr;

struct File {
  const char *data, *mapping;
  bool with_mistakes;
};
struct Trade {
  const char *name, *plugin, *type;
  std::vector<File> files;
};

void PrintTo(const Trade& trade, std::ostream* out) { *out << trade.name; }

const std::vector<Trade> kTrades = {
    {"retail",
     "retail",
     "retail.order",
     {{"customers.csv", "shop/customers", false}, {"orders.csv", "shop/orders", false}}},
    {"b2b",
     "b2b",
     "sales.deal",
     {{"accounts.csv", "b2b/accounts", true},
      {"contacts.csv", "b2b/contacts", true},
      {"deals.csv", "b2b/deals", true},
      {"roles.csv", "b2b/roles", true},
      {"contracts.csv", "b2b/contracts", true},
      {"contact_log.csv", "b2b/contact_log", true}}},
    {"finance",
     "finance",
     "finance.account",
     {{"products.csv", "bank/products", false},
      {"clients.csv", "bank/clients", true},
      {"bank_accounts.csv", "bank/accounts", true}}},
    {"hospitality",
     "hospitality",
     "hospitality.reservation",
     {{"properties.csv", "hotel/properties", false},
      {"guests.csv", "hotel/guests", true},
      {"reservations.csv", "hotel/reservations", true}}}};

class ExampleDataTest : public ::testing::TestWithParam<Trade> {};

TEST_P(ExampleDataTest, Imports) {
  const Trade& trade = GetParam();
  const Workspace here;
  const std::string end = "2026-06-30";
  here.init({trade.plugin}, "fixed:" + end + "T23:59:59Z");
  const Outcome made = run_program({KITH_DEMO_DATA, "--trade", trade.name, "--out", here.path(), "--end", end,
                                    "--customers", "100", "--orders", "300"});
  ASSERT_EQ(made.exit, 0) << made.err;
  EXPECT_EQ(made.out, end + "\n");
  for (const File& file : trade.files) {
    const Outcome outcome = here.kith(
        {"import", file.data, "--map", std::string(KITH_SOURCE_DIR) + "/examples/" + file.mapping + ".map.json"});
    EXPECT_EQ(outcome.exit, file.with_mistakes ? 1 : 0) << file.data << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr(" rows read, ")) << file.data;
  }
  const Outcome count = here.kith({"count", trade.type});
  EXPECT_EQ(count.exit, 0) << count.err;
  EXPECT_GE(std::stoi(count.out), 250) << trade.type;
  EXPECT_EQ(here.kith({"run-due", "--until-idle"}).exit, 0);
}

INSTANTIATE_TEST_SUITE_P(All, ExampleDataTest, ::testing::ValuesIn(kTrades),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(ExampleDataTest, IsTheSameOnEveryRun) {
  const Workspace here, again;
  for (const Workspace* folder : {&here, &again})
    ASSERT_EQ(run_program({KITH_DEMO_DATA, "--trade", "all", "--out", folder->path(), "--end", "2026-06-30",
                           "--customers", "100", "--orders", "300"})
                  .exit,
              0);
  for (const Trade& trade : kTrades)
    for (const File& file : trade.files) EXPECT_EQ(here.read(file.data), again.read(file.data)) << file.data;
}

TEST(ExampleDataTest, OfAnUnknownTradeIsRefused) {
  const Outcome outcome = run_program({KITH_DEMO_DATA, "--trade", "mining"});
  EXPECT_EQ(outcome.exit, 1);
  EXPECT_THAT(outcome.err, HasSubstr("there is no trade 'mining': retail, b2b, finance, hospitality or all"));
}

TEST(ExampleRunTest, RefusesAnUnknownVertical) {
  const Outcome outcome =
      run_program({"bash", std::string(KITH_SOURCE_DIR) + "/examples/run.sh", "--vertical", "mining"});
  EXPECT_EQ(outcome.exit, 2);
  EXPECT_THAT(outcome.err, HasSubstr("there is no vertical 'mining': retail, b2b, finance, hospitality or all"));
}

}  // namespace
}  // namespace kith::test
