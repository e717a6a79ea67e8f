#include <set>

#include "world.hpp"

using kith_test::code_of;
using kith_test::person;
using kith_test::World;
using ::testing::HasSubstr;

namespace {

constexpr int kMany = 2'500;  // more than one page of 2,048

void fill(kith::Session& session) {
  for (int done = 0; done < kMany;)
    session.transact([&](kith::Session& tx) {
      for (int i = 0; i < 100; ++i, ++done) person(tx, "P" + std::to_string(done));
    });
}

TEST(RowsTest, APagedResultGivesEachRecordOnce) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  fill(me);
  std::set<std::string> names;
  std::size_t rows = 0;
  for (auto row : me.query("customer").select({"name"}).order_by("name desc").limit(10'000)) {
    names.insert(row[0].str());
    ++rows;
  }
  EXPECT_EQ(rows, static_cast<std::size_t>(kMany));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(kMany));
}

TEST(RowsTest, WritingInsideTheLoopIsAllowed) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  for (int i = 0; i < 20; ++i) person(me, "P" + std::to_string(i));
  for (auto row : me.query("customer").select({"id", "name"}).order_by("name").limit(1000))
    me.update(row["id"].ref(), {{"given_name", row["name"].str()}});
  int renamed = 0;
  for (auto row : me.query("customer").where("given_name == name").select({"id"}).limit(1000))
    renamed += row[0] ? 1 : 0;
  EXPECT_EQ(renamed, 20);
}

TEST(RowsTest, ACursorGoesOnWhereTheLastResultEnded) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  for (int i = 0; i < 10; ++i) person(me, std::string(1, static_cast<char>('a' + i)));
  std::string seen, cursor;
  for (int page = 0; page < 4; ++page) {
    auto rows = me.query("customer").select({"name"}).order_by("name").limit(3).after(cursor).run();
    while (auto row = rows.next()) seen += (*row)[0].str();
    cursor = rows.cursor();
    if (cursor.empty()) break;
  }
  EXPECT_EQ(seen, "abcdefghij");
}

TEST(RowsTest, AHostsValueNeverBecomesPartOfTheExpression) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  person(me, "Ada");
  const std::string hostile = "x' || true || name == 'x";
  EXPECT_FALSE(me.query("customer").where("name == $n", {{"n", hostile}}).run().next());
}

TEST(RowsTest, ARefIsAParameterAsTextOrAsAValue) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  const kith::Ref ada = person(me, "Ada"), bo = person(me, "Bo");
  me.create("task", {{"title", "Call Ada"}, {"customer", ada.text()}});
  EXPECT_TRUE(me.query("task").where("customer == $who", {{"who", ada.text()}}).run().next());
  EXPECT_TRUE(me.query("task").where("customer == $who", {{"who", me.value(ada)}}).run().next());
  EXPECT_FALSE(me.query("task").where("customer == $who", {{"who", bo.text()}}).run().next());
  EXPECT_EQ(code_of([&] { me.query("task").where("customer == $who", {{"who", "Ada"}}).run(); }), KITH_INVALID);
}

TEST(RowsTest, AListOfTheHostIsLookedInHoweverLongItIs) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  const kith::Ref ada = person(me, "Ada");
  const kith::Ref bob = person(me, "Bob");
  person(me, "Cem");
  const kith::Ref owner = me.create("member", {{"name", "Olga"}, {"login", "olga"}});
  me.update(bob, {{"owner", owner.text()}});
  const auto found = [&](const char* where, const std::string& list) {
    std::string names;
    for (auto row : me.query("customer").where(where, {{"list", kith::Value::json(list)}}).select({"name"}))
      names += row[0].str();
    return names;
  };
  std::string many = "[";
  for (int i = 0; i < 5'000; ++i) many += "\"nobody " + std::to_string(i) + "\", ";
  EXPECT_EQ(found("name in $list", many + R"("Cem", "Ada"])"), "AdaCem");
  EXPECT_EQ(found("name in $list && name.fold() != 'cem'", many + R"("Cem", "Ada"])"), "Ada");
  EXPECT_EQ(found("record in $list", "[\"" + ada.text() + "\", \"" + bob.text() + "\"]"), "AdaBob");
  EXPECT_EQ(found("owner in $list", "[\"" + owner.text() + "\"]"), "Bob");
  EXPECT_EQ(found("name in $list", "[]"), "");
  EXPECT_EQ(code_of([&] { found("name in $list", "{\"a\": 1}"); }), KITH_INVALID);
}

TEST(RowsTest, TheNewestComeFirstWhereThatIsAskedFor) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  for (int i = 0; i < 9; ++i) person(me, std::string(1, static_cast<char>('a' + i)));
  std::string seen, cursor;
  for (int page = 0; page < 3; ++page) {
    auto rows = me.query("customer").select({"name"}).order_by("created_at desc").limit(4).after(cursor).run();
    while (auto row = rows.next()) seen += (*row)[0].str();
    cursor = rows.cursor();
  }
  EXPECT_EQ(seen, "ihgfedcba") << "those of one instant too: ties go by id, turned as the order is";
}

TEST(RowsTest, AWrongExpressionIsShownWithACaretAndASuggestion) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  try {
    me.query("customer").where("nmae == 'Ada'").run();
    FAIL();
  } catch (const kith::Error& error) {
    EXPECT_EQ(error.code(), KITH_INVALID);
    EXPECT_THAT(error.what(), HasSubstr("^~~~"));
    EXPECT_THAT(error.what(), HasSubstr("did you mean name"));
  }
}

TEST(RowsTest, OutliveTheirSession) {
  World world;
  auto core = world.open();
  std::optional<kith::Rows> rows;
  {
    auto me = core.session({.actor = "alice"});
    person(me, "Ada");
    rows.emplace(me.query("customer").select({"name"}).run());
  }
  EXPECT_EQ(rows->width(), 1u);
  EXPECT_EQ(rows->column(0), "name");
}

}  // namespace
