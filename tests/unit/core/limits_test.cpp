// What is beyond a limit is refused soon and by the limit's name, at every door.
#include <ctime>
#include <functional>

#include "world.hpp"

using kith_test::person;
using kith_test::World;
using ::testing::HasSubstr;

namespace {

struct Case {
  const char* limit;
  std::function<void(kith::Core&, kith::Session&)> beyond;
};

std::string text_of(std::size_t size) { return std::string(size, 'x'); }

/// What the C boundary says of a selection; throws it as the wrapper does.
void query_of(kith::Session& me, const std::vector<std::string>& names) {
  std::vector<kith_str> columns;
  for (const std::string& name : names) columns.push_back(kith::str(name));
  kith_query query{};
  query.struct_size = sizeof query;
  query.record_type = kith::str("customer");
  query.select = columns.data();
  query.select_count = columns.size();
  kith_rows* rows = nullptr;
  kith_error* error = nullptr;
  const std::int32_t code = kith_session_query(me.raw(), &query, &rows, &error);
  const std::string text = error ? std::string(kith::view(kith_error_text(error))) : std::string();
  kith_rows_free(rows);
  kith_error_free(error);
  if (code != KITH_OK) throw kith::Error(code, text);
}

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"order", [](kith::Core&, kith::Session& me) { me.query("customer").order_by(text_of(50'000'000)).run(); }},
      {"select", [](kith::Core&, kith::Session& me) { query_of(me, std::vector<std::string>(200'000, "name")); }},
      {"parameter",
       [](kith::Core&, kith::Session& me) {
         me.query("customer").where("name == $n", {{"n", text_of(20'000'000)}}).run();
       }},
      {"cursor", [](kith::Core&, kith::Session& me) { me.query("customer").after(text_of(5'000'000)).run(); }},
      {"text_value",
       [](kith::Core&, kith::Session& me) {
         me.create("customer", {{"kind", "person"}, {"name", text_of(2'000'000)}});
       }},
      {"name",
       [](kith::Core&, kith::Session& me) {
         me.create("customer", {{"kind", "person"}, {text_of(50'000), "x"}});
       }},
      {"event_payload",
       [](kith::Core&, kith::Session& me) {
         me.emit("shop.sent", person(me, "Ada"), "{\"text\": \"" + text_of(80'000'000) + "\"}");
       }},
      {"verb_arguments",
       [](kith::Core&, kith::Session& me) { me.run("get", "{\"type\": \"" + text_of(20'000'000) + "\"}"); }},
      {"consumer", [](kith::Core& core, kith::Session&) { core.events_next(text_of(1'000)); }},
      {"login", [](kith::Core& core, kith::Session&) { core.session({.actor = text_of(1'000)}); }},
  };
  return all;
}

TEST(LimitsTest, AreNamedByWhatRefuses) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  for (const Case& one : cases()) {
    const std::clock_t start = std::clock();  // of this process: other programs take their time too
    try {
      one.beyond(core, me);
      ADD_FAILURE() << one.limit << ": taken";
    } catch (const kith::Error& error) {
      EXPECT_EQ(error.code(), KITH_INVALID) << one.limit;
      EXPECT_THAT(error.what(), HasSubstr("limit \"" + std::string(one.limit) + "\""));
      EXPECT_LT(std::string(error.what()).size(), 20'000U) << one.limit;
    }
    EXPECT_LT(std::clock() - start, 5 * CLOCKS_PER_SEC) << one.limit;
  }
  EXPECT_NO_THROW(person(me, "Bo"));
}

TEST(LimitsTest, OfThePathsThatAQueryFollowsIsNotTheDatabases) {
  World world;
  auto core = world.open();
  auto me = core.session({.actor = "alice"});
  // Each path through another number of parents joins a table of its own.
  std::vector<std::string> names;
  std::string path = "owner";
  for (int i = 0; i < 70; ++i) {
    path += ".manager";
    names.push_back(path + ".name");
  }
  try {
    query_of(me, names);
    ADD_FAILURE() << "seventy tables were joined";
  } catch (const kith::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("limit \"joins\""));
  }
}

TEST(LimitsTest, OwnFilesAreToldToHostsThatWriteBesideThem) {
  World world;
  auto core = world.open();
  const std::string file = (world.folder() / "crm.kith").string();
  EXPECT_EQ(kith_test::code_of([&] { core.run("output", "{\"path\": \"" + file + "\"}"); }), KITH_INVALID);
  EXPECT_THAT(core.run("output", "{\"path\": \"" + file + ".csv\"}"), HasSubstr("\"mode\":384"));
}

}  // namespace
