// `kith count`: numbers, groups and figures, as people ask for them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "contract/bundles.hpp"

namespace kith::test {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;

constexpr const char* kTrade = R"json({
  "id": "trade", "version": "0.1.0", "label": {"en": "Trade"}, "requires": {"kith": "*"},
  "record_types": [{"name": "sale", "label": {"en": "Sale"}, "fields": [
    {"name": "region", "type": "text", "label": {"en": "Region"}},
    {"name": "product", "type": "text", "label": {"en": "Product"}},
    {"name": "amount", "type": "money", "label": {"en": "Amount"}},
    {"name": "items", "type": "int", "label": {"en": "Items"}},
    {"name": "tags", "type": "list", "of": "text", "label": {"en": "Tags"}},
    {"name": "at", "type": "timestamp", "label": {"en": "At"}}]}]})json";

class CountTest : public BundlesTest {
 protected:
  CountTest() {
    bundle("trade", kTrade);
    here_.write("kith.json",
                R"({"database": {"url": "sqlite:crm.kith"}, "plugin_folders": ["plugins"], "plugins": {"trade": {}},
                    "locale": {"currency": "CNY", "time_zone": "Asia/Shanghai"}})");
    sale("north", "tea", "10.10", "2", "2026-03-31T15:59:59Z");
    sale("north", "tea", "0.20", "0", "2026-03-31T16:00:00Z");  // April in Shanghai
    sale("south", "tea", "99999999999999.99", "1", "2026-12-31T23:00:00Z");
    ok({"create", "trade.sale", "product=salt", "amount=5"});
  }
  void sale(const char* region, const char* product, const std::string& amount, const std::string& items,
            const std::string& at) const {
    ok({"create", "trade.sale", "region=" + std::string(region), "product=" + std::string(product), "amount=" + amount,
        "items=" + items, "at=" + at});
  }
  std::string out(std::vector<std::string> words) const {
    words.insert(words.begin(), {"count", "trade.sale"});
    return ok(words).out;
  }
  std::string err(std::vector<std::string> words, int exit) const {
    words.insert(words.begin(), {"count", "trade.sale"});
    const Outcome outcome = here_.kith(words);
    EXPECT_EQ(outcome.exit, exit) << outcome.err;
    return outcome.err;
  }
};

TEST_F(CountTest, SumsByRegionProductAndQuarterOfTheTenantsZone) {
  EXPECT_EQ(out({"--by", "region,product,at", "--bucket", "quarter", "--sum", "amount"}),
            "REGION  PRODUCT  AT_QUARTER  COUNT             SUM_AMOUNT\n"
            "north   tea      2026-01-01      1              10.10 CNY\n"
            "north   tea      2026-04-01      1               0.20 CNY\n"
            "south   tea      2027-01-01      1  99999999999999.99 CNY\n"
            "(none)  salt     (none)          1               5.00 CNY\n");
}

TEST_F(CountTest, GivesTheSameAsCsvAndAsJson) {
  EXPECT_EQ(out({"region != null", "--by", "region", "--avg", "amount", "--format", "csv"}),
            "region,count,avg_amount,avg_amount_currency\r\n"
            "north,2,5.150000,CNY\r\nsouth,1,,\r\n")
      << "a mean of so much money with four digits more is beyond 64 bits";
  const json::value answer =
      data({"count", "trade.sale", "--by", "region", "--sum", "items", "--order", "count desc", "--limit", "1"});
  EXPECT_EQ(json::serialize(answer.at("rows")), R"([{"region":"north","count":2,"sum_items":2}])");
  EXPECT_EQ(json::serialize(answer.at("groups")), "3");
  EXPECT_EQ(json::serialize(answer.at("columns").at(2)), R"({"name":"sum_items","type":"int"})");
}

TEST_F(CountTest, SaysWhyAFigureIsUnknown) {
  const Outcome outcome = ok({"count", "trade.sale", "--by", "product", "--sum", "each=60 / items"});
  EXPECT_THAT(outcome.err, HasSubstr("each is unknown in 2 of the groups"));
  EXPECT_THAT(outcome.out, HasSubstr("tea          3\n"));
}

TEST_F(CountTest, TakesTheFilterAsAWordOrAnOptionAndAsksOnlyOnce) {
  EXPECT_EQ(out({"items > 0"}), "2\n");
  EXPECT_EQ(out({"--where", "items > 0"}), "2\n");
  EXPECT_THAT(err({"items > 0", "--where", "items > 1"}, 2), HasSubstr("given twice"));
}

TEST_F(CountTest, FillsBucketsAndTakesListsApart) {
  EXPECT_EQ(out({"items != 1", "--by", "at:week", "--fill", "--no-header"}), "2026-03-30  2\n(none)      1\n");
  EXPECT_EQ(out({"--by", "at:month", "--fill", "--having", "count == 0", "--no-header"}),
            "2026-05-01  0\n2026-06-01  0\n2026-07-01  0\n2026-08-01  0\n2026-09-01  0\n"
            "2026-10-01  0\n2026-11-01  0\n2026-12-01  0\n");
  EXPECT_EQ(out({"--by", "tags", "--unnest", "--no-header"}), "(none)  4\n");
}

TEST_F(CountTest, NamesWhatIsWrongWithTheQuestion) {
  EXPECT_THAT(err({"--by", "regoin,product"}, 2), HasSubstr("did you mean \"region\"?"));
  EXPECT_THAT(err({"--by", "regoin", "--bucket", "month"}, 2), HasSubstr("did you mean \"region\"?"));
  EXPECT_THAT(err({"--by", "region", "--bucket", "month"}, 2), HasSubstr("no date or instant"));
  EXPECT_THAT(err({"--by", "at", "--bucket", "mnth"}, 2), HasSubstr("did you mean \"month\"?"));
  EXPECT_THAT(err({"--sum", "amount * 2"}, 2), HasSubstr("NAME=EXPRESSION"));
  EXPECT_THAT(err({"--sum", "region"}, 2), HasSubstr("numbers, money and durations"));
  EXPECT_THAT(err({"--having", "cuont > 1"}, 3), HasSubstr("did you mean count"));
  EXPECT_THAT(err({"--by", "region", "--order", "amount"}, 2), HasSubstr("its columns are region, count"));
  EXPECT_THAT(err({"--by", "region", "--unnest"}, 2), HasSubstr("no list"));
  EXPECT_THAT(err({"--by", ","}, 2), HasSubstr("names no member"));
}

}  // namespace
}  // namespace kith::test
