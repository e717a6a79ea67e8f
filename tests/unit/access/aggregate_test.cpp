// Aggregates: what they group, count and refuse, and that they ask the database once.
#include <sqlite3.h>

#include <limits>

#include "access/aggregate/aggregation.hpp"
#include "unit/access/world.hpp"

namespace kith::internal::testing {
namespace {

using access::Aggregated;
using access::Aggregation;
using access::AggregationRequest;
using access::Query;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const char* const kSums = R"json(
  "record_types": [
    {"name": "group", "title": "code", "fields": [
      {"name": "code", "type": "text"},
      {"name": "discount", "type": "int"}]},
    {"name": "order", "fields": [
      {"name": "group", "type": "ref", "to": "shop.group", "inverse": "orders"},
      {"name": "placed_at", "type": "timestamp"},
      {"name": "due", "type": "date"},
      {"name": "total", "type": "money"},
      {"name": "items", "type": "int"},
      {"name": "weight", "type": "double"},
      {"name": "mail", "type": "text", "format": "email"},
      {"name": "grade", "type": "enum", "ordered": true, "values": ["wood", "bronze", "amber"]},
      {"name": "tags", "type": "list", "of": "text"},
      {"name": "more", "type": "json"}]}],
  "formulas": {"shop.order": [{"name": "worth", "type": "int", "expr": "items * 2"}]})json";

/// Statements that ran on connections which were opened while it lives.
class StatementCount {
 public:
  StatementCount() { sqlite3_auto_extension(entry()); }
  ~StatementCount() { sqlite3_cancel_auto_extension(entry()); }
  StatementCount(const StatementCount&) = delete;
  StatementCount& operator=(const StatementCount&) = delete;
  static std::int64_t take() { return std::exchange(count, 0); }

 private:
  static int counted(unsigned, void*, void*, void*) { return ++count, 0; }
  static int opened(sqlite3* database, char**, const void*) {
    return sqlite3_trace_v2(database, SQLITE_TRACE_STMT, counted, nullptr);
  }
  static void (*entry())() { return reinterpret_cast<void (*)()>(opened); }
  static inline std::int64_t count = 0;
};

class AggregateTest : public ::testing::Test {
 protected:
  void insert(const std::string& type, std::vector<Fields> rows) {
    world.write([&](access::Unit& unit) {
      for (const Fields& fields : rows) {
        store::Record record;
        record.id = world.ids.next(world.now);
        record.values = world.row(type, fields);
        unit.records.insert(world.type(type), record);
        last = record.id;
      }
    });
  }
  void orders(std::vector<Fields> rows) { insert("shop.order", std::move(rows)); }
  Aggregated run(AggregationRequest request, const Query::ViewMaker& view = {}) {
    request.record_type = "shop.order";
    Aggregated result;
    world.read(
        [&](access::Unit& unit) { result = Aggregation(*world.catalog, nullptr, std::move(request)).run(unit, view); });
    return result;
  }
  /// Each row as text: "north 2 12.50 EUR".
  std::vector<std::string> rows(AggregationRequest request) {
    std::vector<std::string> out;
    for (const auto& row : run(std::move(request)).rows) {
      std::string& line = out.emplace_back();
      for (const Value& value : row)
        line += (line.empty() ? "" : " ") + (value.is_null() ? "-" : value.is_unknown() ? "?" : to_text(value));
    }
    return out;
  }
  std::string refusal(AggregationRequest request) {
    try {
      run(std::move(request));
    } catch (const Error& error) {
      return error.first().message + " / " + error.first().fix;
    }
    return "taken";
  }

  StatementCount statements;
  World world{kSums};
  RecordId last;
};

Value items(std::int64_t n) { return Value::integer(n); }
Value text(const char* s) { return Value::text(s); }
AggregationRequest figures(std::vector<access::FigureRequest> list, std::vector<access::GroupBy> by = {}) {
  AggregationRequest request;
  request.figures = std::move(list);
  request.by = std::move(by);
  return request;
}

TEST_F(AggregateTest, WithoutGroupsThereIsOneRowAlsoOfNothing) {
  EXPECT_THAT(rows(figures({{"", "count", "", ""},
                            {"", "sum", "items", ""},
                            {"", "avg", "total", ""},
                            {"", "median", "weight", ""},
                            {"", "count_distinct", "mail", ""}})),
              ElementsAre("0 0 - - 0"));
  EXPECT_THAT(rows(figures({}, {{"grade", "", false, false, ""}})), ElementsAre());
}

TEST_F(AggregateTest, NullIsAGroupOfItsOwnAndIsSkippedByFigures) {
  orders({{{"grade", text("amber")}, {"items", items(3)}},
          {{"grade", text("wood")}, {"items", items(5)}},
          {{"grade", text("wood")}},
          {{"items", items(7)}}});
  EXPECT_THAT(rows(figures({{"", "count", "", ""}, {"", "count", "items", ""}, {"", "avg", "items", ""}},
                           {{"grade", "", false, false, ""}})),
              ElementsAre("wood 2 1 5", "amber 1 1 3", "- 1 1 7"))
      << "in the order of the enum, null last";
}

TEST_F(AggregateTest, AnUnknownElementMakesItsFigureUnknownAndSaysWhy) {
  orders({{{"items", items(0)}}, {{"items", items(2)}}, Fields{}});
  EXPECT_THAT(
      rows(figures(
          {{"a", "sum", "60 / items", ""}, {"b", "sum", "60 / items", "items > 0"}, {"c", "count", "60 / items", ""}})),
      ElementsAre("? 30 ?"));
  orders({{{"items", items(std::numeric_limits<std::int64_t>::max())}}, {{"items", items(1)}}});
  const Aggregated result = run(figures({{"", "sum", "items", ""}}));
  EXPECT_THAT(result.rows[0][0].s, HasSubstr("too large"));
}

TEST_F(AggregateTest, MoneyIsExactAndItsMeanKeepsFourDigitsMore) {
  orders({{{"total", world.money(1'000)}}, {{"total", world.money(1'001)}}, {{"total", world.money(1'001)}}});
  const Aggregated result =
      run(figures({{"", "sum", "total", ""}, {"", "avg", "total", ""}, {"", "median", "total", ""}}));
  EXPECT_EQ(to_text(result.rows[0][0]), "30.02 EUR");
  EXPECT_EQ(to_text(result.rows[0][1]), "10.006667 EUR");
  EXPECT_EQ(to_text(result.rows[0][2]), "10.01 EUR");
  EXPECT_EQ(result.columns[1].type.currency.scale, 6);
}

TEST_F(AggregateTest, AListCountsForEachOfItsElementsOnce) {
  orders({{{"tags", Value::json(R"(["a", "b", "a"])")}},
          {{"tags", Value::json(R"(["b"])")}},
          {{"tags", Value::json("[]")}},
          Fields{}});
  EXPECT_THAT(rows(figures({}, {{"tags", "", true, false, ""}})), ElementsAre("a 1", "b 2", "- 2"));
}

TEST_F(AggregateTest, SpellingsOfOneAddressAreOne) {
  orders({{{"mail", text("Ada@example.com")}}, {{"mail", text("ada@example.com")}}});
  EXPECT_THAT(rows(figures({{"", "count_distinct", "mail", ""}})), ElementsAre("1"));
  EXPECT_THAT(rows(figures({}, {{"mail", "", false, false, ""}})), ElementsAre("ada@example.com 2"));
}

TEST_F(AggregateTest, EmptyBucketsAreFilledBetweenTheFirstAndTheLast) {
  const auto day = [](const char* date) { return Value::date(*parse_date(date)); };
  orders({{{"due", day("2026-11-30")}, {"grade", text("wood")}, {"items", items(2)}},
          {{"due", day("2027-02-01")}, {"grade", text("wood")}},
          {{"due", day("2026-12-31")}, {"grade", text("amber")}},
          {{"grade", text("amber")}}});
  EXPECT_THAT(rows(figures({{"", "count", "", ""}, {"", "sum", "items", ""}, {"", "max", "items", ""}},
                           {{"grade", "", false, false, ""}, {"due", "month", false, true, ""}})),
              ElementsAre("wood 2026-11-01 1 2 2", "wood 2026-12-01 0 0 -", "wood 2027-01-01 0 0 -",
                          "wood 2027-02-01 1 0 -", "amber 2026-11-01 0 0 -", "amber 2026-12-01 1 0 -",
                          "amber 2027-01-01 0 0 -", "amber 2027-02-01 0 0 -", "amber - 1 0 -"));
}

TEST_F(AggregateTest, HavingOrderAndLimitSpeakOfTheColumns) {
  for (int i = 0; i < 10; ++i) orders({{{"items", items(i % 4)}, {"total", world.money(100 * i)}}});
  AggregationRequest request =
      figures({{"n", "count", "", ""}, {"", "sum", "total", ""}}, {{"items", "", false, false, ""}});
  request.having = "n >= 2 && sum_total > $least";
  request.parameters = {{"least", Value::integer(9)}};
  request.order_by = "n, sum_total desc";
  EXPECT_THAT(rows(request), ElementsAre("3 2 10.00 EUR", "1 3 15.00 EUR", "0 3 12.00 EUR"));
  request.limit = 1;
  EXPECT_THAT(rows(request), ElementsAre("3 2 10.00 EUR"));
  EXPECT_EQ(run(request).groups, 3);
}

TEST_F(AggregateTest, AsksTheDatabaseTheSameNumberOfTimesHoweverManyRows) {
  AggregationRequest request =
      figures({{"a", "sum", "items * group.discount", "upper(group.code) == 'NORTH'"}, {"", "sum", "worth", ""}},
              {{"group.code", "", false, false, ""}});
  request.where = "mail.fold() != 'x' || worth == null";
  const auto cost = [&] {
    static_cast<void>(StatementCount::take());
    EXPECT_THAT(rows(request), ::testing::SizeIs(::testing::Ge(1U)));
    return StatementCount::take();
  };
  insert("shop.group", {{{"code", text("north")}, {"discount", items(2)}}});
  const Value group = Value::ref(world.type("shop.group"), last);
  const auto add = [&](int count) {
    orders(std::vector<Fields>(static_cast<std::size_t>(count),
                               {{"group", group}, {"items", items(3)}, {"mail", text("a@b.example")}}));
  };
  add(2);
  static_cast<void>(cost());  // opens the connection
  const std::int64_t few = cost();
  add(500);
  EXPECT_EQ(cost(), few);
  EXPECT_THAT(rows(request), ElementsAre("north 3012 0"));
}

TEST_F(AggregateTest, MoreThanAHundredThousandGroupsAreRefusedWithAdvice) {
  const Value day = Value::date(0), other = Value::date(100'001);
  orders({{{"due", day}}, {{"due", other}}});
  EXPECT_THAT(refusal(figures({}, {{"due", "day", false, true, ""}})),
              ::testing::AllOf(HasSubstr("groups"), HasSubstr("longer buckets")));
}

TEST_F(AggregateTest, RefusesWhatCanNotBeAskedAndSaysWhatCan) {
  const auto of = [&](const char* fn, const char* what) { return refusal(figures({{"", fn, what, ""}})); };
  const auto by = [&](const access::GroupBy& group) { return refusal(figures({}, {group})); };
  EXPECT_THAT(of("summ", "items"), HasSubstr("did you mean \"sum\"?"));
  EXPECT_THAT(of("sum", ""), HasSubstr("give it \"of\""));
  EXPECT_THAT(of("sum", "grade"), HasSubstr("numbers, money and durations"));
  EXPECT_THAT(of("min", "mail"), HasSubstr("numbers, money, dates and times"));
  EXPECT_THAT(of("count_distinct", "tags"), HasSubstr("unnest"));
  EXPECT_THAT(of("sum", "itms"), HasSubstr("did you mean \"items\"?"));
  EXPECT_THAT(of("sum", "items + 1"), HasSubstr("give it a \"name\""));
  EXPECT_THAT(by({"due", "mounth", false, false, ""}), HasSubstr("did you mean \"month\"?"));
  EXPECT_THAT(by({"items", "month", false, false, ""}), HasSubstr("has no buckets"));
  EXPECT_THAT(by({"tags", "", false, false, ""}), HasSubstr("\"unnest\": true"));
  EXPECT_THAT(by({"items", "", true, false, ""}), HasSubstr("no list"));
  EXPECT_THAT(by({"more", "", false, false, ""}), HasSubstr("single value"));
  EXPECT_THAT(by({"items", "", false, true, ""}), HasSubstr("no bucket to fill"));
  EXPECT_THAT(refusal(figures({{"items", "count", "", ""}}, {{"items", "", false, false, ""}})),
              HasSubstr("two columns"));
  AggregationRequest order = figures({});
  order.order_by = "cuont";
  EXPECT_THAT(refusal(order), HasSubstr("its columns are count"));
  AggregationRequest having = figures({});
  having.having = "cuont > 1";
  EXPECT_THAT(refusal(having), HasSubstr("did you mean count"));
}

}  // namespace
}  // namespace kith::internal::testing
