// Aggregates and the facts of a result, as a program gets them.
#include "world.hpp"

using kith_test::code_of;
using kith_test::person;
using kith_test::World;
using ::testing::HasSubstr;

namespace {

constexpr int kManyPeople = 2'100;  // more than one page of 2,048

kith::Session& many(kith::Session& session) {
  for (int done = 0; done < kManyPeople;)
    session.transact([&](kith::Session& tx) {
      for (int i = 0; i < 100; ++i, ++done) person(tx, "P" + std::to_string(done));
    });
  return session;
}

std::string message_of(kith::Session& session, const std::string& arguments) {
  try {
    return session.run("aggregate", arguments);
  } catch (const kith::Error& error) {
    return error.what();
  }
}

TEST(AggregateApiTest, GivesTypedColumnsAndTheNumberOfRows) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  for (const char* language : {"en", "sv", "en"})
    me.create("customer", {{"kind", "person"}, {"name", "Ada"}, {"language", language}});
  auto rows = me.aggregate("customer")
                  .where("name == $name", {{"name", "Ada"}, {"least", 1}})
                  .by("language")
                  .by("created_at", "year")
                  .count()
                  .figure("max", "created_at", "newest")
                  .having("count > $least || language == \"sv\"")
                  .order_by("count desc")
                  .run();
  EXPECT_EQ(rows.count(), 2U);
  EXPECT_EQ(rows.type(0), static_cast<std::uint32_t>(KITH_TEXT));
  EXPECT_EQ(rows.type(1), static_cast<std::uint32_t>(KITH_DATE));
  EXPECT_EQ(rows.type(2), static_cast<std::uint32_t>(KITH_INT));
  EXPECT_EQ(rows.type(3), static_cast<std::uint32_t>(KITH_TIMESTAMP));
  EXPECT_EQ(rows.type(4), static_cast<std::uint32_t>(KITH_NULL)) << "there is no such column";
  EXPECT_EQ(rows.column(1), "created_at_year");
  auto row = rows.next();
  ASSERT_TRUE(row);
  EXPECT_EQ((*row)["language"].text(), "en");
  EXPECT_EQ((*row)["count"].integer(), 2);
}

TEST(AggregateApiTest, SeesWhatItsTransactionHasWritten) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  me.transact([](kith::Session& tx) {
    person(tx, "Ada");
    auto rows = tx.aggregate("customer").run();
    EXPECT_EQ((*rows.next())[0].integer(), 1);
  });
}

TEST(AggregateApiTest, TakesARefOfTheHostAsTextWhereItMeetsARef) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  const kith::Ref ada = person(me, "Ada");
  me.create("task", {{"title", "Call Ada"}, {"customer", ada.text()}});
  auto rows = me.aggregate("task").where("customer == $who", {{"who", ada.text()}}).by("customer.name").run();
  EXPECT_EQ((*rows.next())[0].text(), "Ada");
}

TEST(AggregateApiTest, RefusesKeysThatItDoesNotKnowWithTheNearest) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  EXPECT_THAT(message_of(me, R"({"type": "customer", "figure": []})"), HasSubstr("did you mean \"figures\"?"));
  EXPECT_THAT(message_of(me, R"({"type": "customer", "by": [{"member": "created_at", "buckt": "day"}]})"),
              HasSubstr("by[0] takes no argument 'buckt'"));
  EXPECT_THAT(message_of(me, R"({"type": "customer", "figures": ["count", {"fn": "sum", "off": "x"}]})"),
              HasSubstr("figures[1] takes no argument 'off'"));
  EXPECT_THAT(message_of(me, R"({"type": "customer", "by": [7]})"), HasSubstr("by[0] is of the wrong kind"));
  EXPECT_THAT(message_of(me, R"({"type": "customer", "limit": -1})"), HasSubstr("a limit of -1"));
  EXPECT_EQ(message_of(me, R"({"type": "customer"})"),
            R"({"columns":[{"name":"count","type":"int"}],"rows":[{"count":0}],"groups":1})");
}

TEST(AggregateApiTest, SelectsNothingAndHasNoCursor) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  kith_query query{};
  query.struct_size = sizeof query;
  query.record_type = kith::str("customer");
  query.after = kith::str("x");
  kith_rows* rows = nullptr;
  EXPECT_EQ(kith_session_aggregate(me.raw(), &query, kith::str("{}"), &rows, nullptr), KITH_MISUSE);
  EXPECT_EQ(rows, nullptr);
  query.after = {};
  EXPECT_EQ(kith_session_aggregate(me.raw(), &query, kith::str("[]"), &rows, nullptr), KITH_INVALID);
  EXPECT_EQ(kith_session_aggregate(me.raw(), &query, kith::str(R"({"bye": []})"), &rows, nullptr), KITH_INVALID);
  EXPECT_EQ(kith_session_aggregate(me.raw(), &query, {}, &rows, nullptr), KITH_OK);
  kith_rows_free(rows);
}

TEST(AggregateApiTest, ATextWithQuotesAndControlsArrivesAsItIs) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  person(me, "O\"Hara \\ Co");
  auto rows = me.aggregate("customer").figure("count", {}, "n\n\"1\"", "name == 'O\"Hara \\\\ Co'").run();
  EXPECT_EQ(rows.column(0), "n\n\"1\"");
  EXPECT_EQ((*rows.next())[0].integer(), 1);
}

TEST(ResultFactsTest, TheNumberOfRowsIsKnownOnceNoPageIsLeft) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  many(me);
  auto whole = me.query("customer").select({"name"}).limit(10'000).run();
  EXPECT_FALSE(whole.count()) << "a page of 2,048 was read, and more follow";
  std::uint64_t given = 0;
  while (whole.next()) ++given;
  EXPECT_EQ(given, static_cast<std::uint64_t>(kManyPeople));
  EXPECT_EQ(whole.count(), given);
  EXPECT_EQ(me.query("customer").limit(7).run().count(), 7U);
  EXPECT_EQ(me.query("customer").where("name == 'nobody'").run().count(), 0U);
}

TEST(ResultFactsTest, AColumnHasItsTypeAlsoWhereAllOfItIsNull) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  const kith::Ref ada = person(me, "Ada");
  auto rows = me.query("customer").select({"id", "owner", "birth_date", "created_at", "version"}).run();
  const std::uint32_t expected[] = {KITH_REF, KITH_REF, KITH_DATE, KITH_TIMESTAMP, KITH_INT};
  for (std::uint64_t i = 0; i < rows.width(); ++i) EXPECT_EQ(rows.type(i), expected[i]) << rows.column(i);
  auto one = me.get(ada, {"name"});
  EXPECT_EQ(one.type(0), static_cast<std::uint32_t>(KITH_TEXT));
  EXPECT_EQ(one.count(), 1U);
  EXPECT_EQ(kith_rows_type(nullptr, 0), static_cast<std::uint32_t>(KITH_NULL));
  EXPECT_EQ(kith_rows_count(nullptr), 0U);
}

TEST(ResultFactsTest, AnOlderCoreThatHasNoTypesIsNamedAsSuch) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  kith_api older = kith::api();
  older.struct_size = offsetof(kith_api, rows_type);
  kith::Session session(older, me.raw());
  auto rows = session.query("customer").run();
  EXPECT_EQ(code_of([&] { static_cast<void>(rows.type(0)); }), KITH_UNSUPPORTED);
  EXPECT_EQ(code_of([&] { session.aggregate("customer").run(); }), KITH_UNSUPPORTED);
}

}  // namespace
