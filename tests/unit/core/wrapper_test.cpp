// The C++ face keeps what it is given, and what it gives.
#include <limits>
#include <stdexcept>

#include "world.hpp"

using kith_test::code_of;
using kith_test::person;
using kith_test::World;
using ::testing::HasSubstr;

namespace {

TEST(WrapperTest, FieldsOwnWhatTheyAreMadeOf) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  kith::Fields fields{{"kind", "person"}, {std::string("na") + "me", std::string("Ada of a name that is quite long")}};
  kith::Fields kept = fields;
  fields = {};
  std::vector<kith::Field> list;
  list.emplace_back("kind", std::string("per") + "son");
  list.emplace_back(std::string("name"), std::string("Bo of a name that is quite long, too"));
  me.create("customer", kept);
  me.create("customer", list);
  std::string names;
  for (auto row : me.query("customer").select({"name"}).order_by("name")) names += row["name"].str() + ";";
  EXPECT_EQ(names, "Ada of a name that is quite long;Bo of a name that is quite long, too;");
}

TEST(WrapperTest, AQueryOwnsItsParameters) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  person(me, "Ada");
  auto query = me.query("customer");
  {
    const std::string wanted = std::string("A") + "da";
    query.where("name == $name", {{"name", wanted}});
  }
  auto rows = query.run();
  EXPECT_TRUE(rows.next().has_value());
}

TEST(WrapperTest, RowsKeepTheirSessionAndARowItsRows) {
  World world;
  auto core = world.open();
  {
    auto me = core.session({.actor = "alice"});
    const kith::Ref ada = person(me, "Ada");
    me.create("interaction", {{"customer", ada.text()}, {"channel", "email"}, {"direction", "in"}, {"at", me.now()}});
  }
  auto rows = core.session({.actor = "alice"}).query("interaction").select({"customer"}).run();
  auto row = rows.next();
  ASSERT_TRUE(row);
  EXPECT_THAT((*row)[0].str(), HasSubstr("customer/"));
  EXPECT_EQ((*row)[0].ref().type(), "customer");
  auto only = *core.session({.actor = "alice"}).query("interaction").select({"customer"}).run().next();
  EXPECT_THAT(only["customer"].str(), HasSubstr("customer/"));
  auto moved = std::move(rows);
  EXPECT_THAT((*row)[0].str(), HasSubstr("customer/"));
}

TEST(WrapperTest, ASessionThatGoesRollsBackAlsoWhereItsRowsLive) {
  World world;
  auto core = world.open();
  std::optional<kith::Rows> rows;
  {
    auto me = core.session({.actor = "alice"});
    ASSERT_EQ(kith_session_begin(me.raw(), nullptr), KITH_OK);
    person(me, "Ada");
    rows = me.query("customer").run();
  }
  auto other = core.session({.actor = "bo"});
  person(other, "Bo");  // the writer is free
  EXPECT_EQ(other.run("count", R"({"type": "customer"})"), R"({"count":1})");
}

TEST(WrapperTest, AColumnThatIsNotThereIsMisuse) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  person(me, "Ada");
  auto rows = me.query("customer").select({"name"}).run();
  auto row = rows.next();
  EXPECT_EQ(code_of([&] { (*row)[1]; }), KITH_MISUSE);
}

TEST(WrapperTest, ANumberBeyondTheRangeOfValuesIsRefused) {
  EXPECT_EQ(code_of([] { kith::Value(std::numeric_limits<std::uint64_t>::max()); }), KITH_INVALID);
  EXPECT_EQ(code_of([] { kith::Value((std::uint64_t{1} << 63)); }), KITH_INVALID);
  EXPECT_EQ(kith::Value(std::uint64_t{5}).raw().as.i, 5);
  EXPECT_EQ(kith::Value((std::uint64_t{1} << 63) - 1).raw().as.i, std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(kith::Value(std::uint32_t{4'000'000'000}).raw().as.i, 4'000'000'000);
}

TEST(WrapperTest, AClockThatThrowsIsTheHostsAndAWriteThatWasMadeStays) {
  World world;
  bool broken = false;
  kith::Options options = world.options();
  options.now_us = [&]() -> std::int64_t {
    if (broken) throw std::runtime_error("the battery is empty");
    return 1'700'000'000'000'000;
  };
  auto core = kith::Core::open(std::move(options));
  auto me = core.session({.actor = "alice"});
  person(me, "Ada");
  broken = true;
  try {
    person(me, "Bo");
    FAIL();
  } catch (const kith::Error& error) {
    EXPECT_EQ(error.code(), KITH_MISUSE);
    EXPECT_THAT(error.what(), HasSubstr("the host's clock callback threw: the battery is empty"));
    EXPECT_THAT(error.what(), ::testing::Not(HasSubstr("bug in kith")));
  }
  broken = false;
  EXPECT_EQ(me.run("count", R"({"type": "customer"})"), R"({"count":1})");
}

TEST(WrapperTest, AClockThatGivesNoInstantIsTheHosts) {
  World world;
  kith::Options options = world.options();
  options.now_us = [] { return std::numeric_limits<std::int64_t>::max(); };
  EXPECT_EQ(code_of([&] { kith::Core::open(std::move(options)); }), KITH_MISUSE);
}

TEST(WrapperTest, ALogAndAWakeThatThrowDisturbNoCall) {
  World world;
  const std::string json = world.options().config_json;
  kith_options options{};
  options.struct_size = sizeof options;
  options.config_json = kith::str(json);
  options.log = [](void*, std::int32_t, kith_str) { throw std::runtime_error("log"); };
  options.wake = [](void*) { throw 7; };
  kith_core* core = nullptr;
  ASSERT_EQ(kith_core_open(&options, &core, nullptr), KITH_OK);
  kith_session_options who{sizeof who, 0, kith::str("default"), kith::str("alice")};
  kith_session* session = nullptr;
  ASSERT_EQ(kith_session_open(core, &who, &session, nullptr), KITH_OK);
  kith_value name{};
  name.type = KITH_TEXT;
  name.as.s = kith::str("Ada");
  kith_value kind = name;
  kind.as.s = kith::str("person");
  const kith_field sound[] = {{kith::str("kind"), kind}, {kith::str("name"), name}};
  EXPECT_EQ(kith_record_create(session, kith::str("customer"), sound, 2, nullptr, nullptr), KITH_OK);
  kith_session_close(session);
  kith_core_close(core);
}

}  // namespace
