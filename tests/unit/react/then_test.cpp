// A workflow's condition and its values see the record as the change left it, whatever came later and whoever looked;
// what actions write goes onto the record as it is.
#include "store/rows/work_rows.hpp"
#include "unit/react/world.hpp"

namespace kith::internal::react::testing {
namespace {

using store::RunState;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string on_update(const std::string& condition, const std::string& actions) {
  return R"("workflows": [{"id": "w", "on": "shop.item", "trigger": {"updated": []}, )" +
         (condition.empty() ? std::string() : "\"condition\": \"" + condition + "\", ") + R"("actions": [)" + actions +
         "]}]";
}
std::string task(const std::string& title) {
  return R"({"id": "t", "create": "task", "set": {"title": ")" + title + "\"}}";
}
RecordId new_item(World& world, std::int64_t n = 1, const std::string& name = "A") {
  return world.create("shop.item", {{"name", Value::text(name)}, {"n", Value::integer(n)}});
}
void rename(World& world, const RecordId& id, const std::string& name) {
  world.update("shop.item", id, {{"name", Value::text(name)}});
}
std::vector<std::string> titles(World& world) {
  std::vector<std::string> out;
  world.read([&](access::Unit& unit) {
    const catalog::RecordType& type = unit.catalog().type("task");
    for (const RecordId& id : unit.records.ids_after(type.number, {}, 1'000)) {
      const auto found = unit.records.load(type.number, id);
      out.push_back(found->values[static_cast<std::size_t>(type.by_name.find("title")->second)].s);
    }
  });
  return out;
}

TEST(RecordThenTest, FiresForEachChangeByItsOwnValuesHoweverLateItIsLookedAt) {
  for (const bool run_between : {false, true}) {
    World world(on_update("old.name == 'A' && name == 'B'", task("{{old.name}} to {{name}}")));
    const RecordId id = new_item(world);
    world.run();
    for (const char* name : {"B", "C", "A", "B", "D"}) {
      rename(world, id, name);
      if (run_between) world.run();
    }
    world.run();
    EXPECT_THAT(titles(world), ElementsAre("A to B", "A to B")) << run_between;
  }
}

TEST(RecordThenTest, SeesFieldsThatAnotherChangeHasMovedSince) {
  World world(on_update("n == 2", task("{{name}} {{n}}")));
  const RecordId id = new_item(world);
  world.update("shop.item", id, {{"n", Value::integer(2)}});
  world.update("shop.item", id, {{"n", Value::integer(3)}, {"name", Value::text("Z")}, {"note", Value::text("x")}});
  world.run();
  EXPECT_THAT(titles(world), ElementsAre("A 2"));
}

TEST(RecordThenTest, KnowsWhatChangedInThatChangeAndNotSince) {
  World world(on_update("changed(n) && !changed(name)", task("n {{n}}")));
  const RecordId id = new_item(world);
  world.update("shop.item", id, {{"n", Value::integer(2)}});
  rename(world, id, "B");
  world.run();
  EXPECT_THAT(titles(world), ElementsAre("n 2"));
}

TEST(RecordThenTest, SeesVersionStampsAndStateAsTheyWere) {
  World world(on_update("version == 2 && updated_by == 'ada' && old.version == 1 && stage == 'new'",
                        task("{{updated_at == created_at}} {{stage}} {{old.updated_at == updated_at}}")));
  const RecordId id = new_item(world);
  world.advance("1h");
  rename(world, id, "B");
  world.advance("1h");
  world.transition("shop.item", id, "shop.stage", "sell");
  world.run();
  EXPECT_THAT(titles(world), ElementsAre("false new false"));
}

TEST(RecordThenTest, WritesOntoTheRecordAsItIs) {
  World world(on_update("name == 'B'", R"({"id": "s", "set": {"note": "was {{name}}"}})"));
  const RecordId id = new_item(world);
  rename(world, id, "B");
  rename(world, id, "C");
  world.run();
  EXPECT_EQ(world.value("shop.item", id, "name"), Value::text("C"));
  EXPECT_EQ(world.value("shop.item", id, "note"), Value::text("was B"));
}

TEST(RecordThenTest, LetsAnActionSeeWhatTheActionsBeforeItWrote) {
  World world(on_update("name == 'B'", R"({"id": "s", "set": {"n": "{{n + 10}}"}}, )" + task("{{name}} {{n}}")));
  const RecordId id = new_item(world);
  rename(world, id, "B");
  rename(world, id, "C");
  world.run();
  EXPECT_THAT(titles(world), ElementsAre("B 11"));
  EXPECT_EQ(world.value("shop.item", id, "n"), Value::integer(11));
}

TEST(RecordThenTest, SeesTheRecordAsItWasMadeAlsoAfterItWasChanged) {
  World world(R"("workflows": [{"id": "w", "on": "shop.item", "trigger": {"created": true}, "condition": "n == 1",
    "actions": [{"id": "t", "create": "task", "set": {"title": "{{name}}"}}]}])");
  const RecordId id = new_item(world);
  world.update("shop.item", id, {{"n", Value::integer(9)}, {"name", Value::text("Z")}});
  world.run();
  EXPECT_THAT(titles(world), ElementsAre("A"));
}

TEST(RecordThenTest, SeesTheStateThatATransitionEnteredAlsoWhenItWasLeftSince) {
  World world(R"("workflows": [{"id": "w", "on": "shop.item", "trigger": {"entered": "shop.stage", "state": "sold"},
    "condition": "stage == 'sold' && old.stage == 'new'",
    "actions": [{"id": "t", "create": "task", "set": {"title": "{{stage}}"}}]}])");
  const RecordId id = new_item(world);
  world.transition("shop.item", id, "shop.stage", "sell");
  world.write([&](access::Unit&, facts::Transaction& transaction) {
    transaction.transition("shop.item", id, "shop.stage", "return", {{"reason", Value::text("broken")}});
  });
  world.run();
  EXPECT_THAT(titles(world), ElementsAre("sold"));
}

TEST(RecordThenTest, JudgesARetryByTheChangeThatSetItOff) {
  World world(R"("workflows": [{"id": "w", "on": "shop.item", "trigger": {"updated": ["n"]}, "condition": "n == 2",
    "actions": [{"id": "t", "create": "task", "set": {"title": "n {{n}}"}}, {"id": "p", "call": "shop.poke"}]}])");
  bool broken = true;
  world.poke = [&](auto&&...) {
    if (broken) throw Error(ProblemNumber::plugin_body_failed, "not now");
  };
  const RecordId id = new_item(world);
  world.update("shop.item", id, {{"n", Value::integer(2)}});
  world.run();
  world.update("shop.item", id, {{"n", Value::integer(3)}});
  broken = false;
  world.advance("1h");
  world.run();
  EXPECT_THAT(titles(world), ElementsAre("n 2"));
}

TEST(WindowTest, DoesAWindowAgainWhenARunFailsHalfWayAndLosesNothing) {
  World world(R"("workflows": [{"id": "w", "on": "shop.item", "trigger": {"created": true},
    "actions": [{"id": "t", "create": "task", "set": {"title": "{{name}}"}}, {"id": "p", "call": "shop.poke",
     "with": {"n": "{{n}}"}}]}])");
  world.poke = [&](std::int32_t, access::Unit&, derive::Engine&, facts::Transaction&, std::int32_t, const RecordId&,
                   const std::vector<facts::Input>& arguments, std::int64_t, const std::string&) {
    if (arguments.at(0).value.i == 3) throw Error(ProblemNumber::plugin_body_failed, "not this one");
  };
  std::vector<RecordId> made;
  for (std::int64_t n = 1; n <= 5; ++n) made.push_back(new_item(world, n, "item " + std::to_string(n)));
  const Progress progress = world.run();
  EXPECT_EQ(progress.failed, 1);
  EXPECT_THAT(titles(world), ElementsAre("item 1", "item 2", "item 4", "item 5"));
  EXPECT_EQ(world.runs(made[2]).at(0).state, RunState::retry);
  EXPECT_EQ(world.runs(made[2]).at(0).tries, 1);
  for (const std::size_t other : {0U, 1U, 3U, 4U}) EXPECT_EQ(world.runs(made[other]).at(0).state, RunState::done);
}

TEST(WindowTest, KeepsWhatThereIsNoTimeForAsRunsThatAreDue) {
  World world(R"("workflows": [{"id": "w", "on": "shop.item", "trigger": {"created": true},
    "actions": [{"id": "t", "create": "task", "set": {"title": "{{name}}"}}]}])");
  for (int i = 0; i < 5; ++i) new_item(world);
  world.go_on = [] { return false; };
  const Progress first = world.turn();
  EXPECT_EQ(first.runs, 1) << "some progress at the smallest budget";
  EXPECT_TRUE(first.more);
  world.go_on = {};
  world.run();
  EXPECT_EQ(titles(world).size(), 5U);
}

TEST(WindowTest, TakesNoMoreOfTheLogThanWhatIsLeftOfEarlierOnesAllows) {
  World world(R"("workflows": [{"id": "w", "on": "shop.item", "trigger": {"created": true},
    "actions": [{"id": "t", "create": "task", "set": {"title": "{{name}}"}}]}])");
  for (int i = 0; i < 30; ++i) new_item(world);
  world.go_on = [] { return false; };
  world.window = 10;
  for (int turn = 1; turn <= 8; ++turn) {
    world.turn();
    world.read([&](access::Unit& unit) { EXPECT_LE(store::Runs(unit.records).count_due(world.now), 9) << turn; });
  }
  world.go_on = {};
  world.run();
  EXPECT_EQ(titles(world).size(), 30U);
}

TEST(WindowTest, NotesAnActionThatThrowsAnythingAsAFailedRunInItsWords) {
  World world(R"("workflows": [{"id": "w", "on": "shop.item", "trigger": {"created": true},
    "actions": [{"id": "p", "call": "shop.poke"}]}])");
  world.poke = [](auto&&...) { throw std::runtime_error("the till is on fire"); };
  const RecordId id = new_item(world);
  world.run();
  EXPECT_EQ(world.runs(id).at(0).state, RunState::retry);
  EXPECT_THAT(world.runs(id).at(0).error, HasSubstr("the till is on fire"));
}

TEST(TraceTest, HidesByTheMemberThatWasReadAndNotByTheWordsOfATerm) {
  World world(
      on_update("old.note != note && note != 'x' && coalesce(old.note, note) != 'y' && n > 0", task("{{name}}")));
  const RecordId id = new_item(world);
  world.update("shop.item", id, {{"note", Value::text("secret one")}});
  world.update("shop.item", id, {{"note", Value::text("secret two")}});
  world.run();
  for (const store::WorkflowRun& run : world.runs(id)) {
    EXPECT_THAT(world.trace(run), Not(HasSubstr("secret")));
    EXPECT_THAT(world.trace(run), HasSubstr(R"("term":"n","value":1)"));
  }
}

TEST(GuardTest, HidesPersonalDataHoweverItsTermIsWritten) {
  const char* const guarded = R"({"name": "check", "on": "shop.item", "initial": ["a"],
    "states": [{"id": "a", "category": "open"}, {"id": "b", "category": "active"}],
    "transitions": [
      {"event": "deny", "from": ["a"], "to": "b", "guard": "old.note == null"},
      {"event": "pass", "from": ["a"], "to": "b",
       "guard": "( note ) != null && old.note.contains('secret') && )"
                              R"(coalesce(old.note, name) != name && customer.name == null"}]})";
  World world(R"("purposes": [])", guarded);
  const RecordId id = new_item(world);
  world.update("shop.item", id, {{"note", Value::text("secret number")}});
  try {
    world.transition("shop.item", id, "shop.check", "deny");
    FAIL() << "the guard denies";
  } catch (const Error& error) {
    EXPECT_EQ(error.number(), ProblemNumber::guard_denied);
    EXPECT_THAT(error.first().found, HasSubstr("old.note is not shown"));
    EXPECT_THAT(error.first().found, Not(HasSubstr("secret number")));
  }
  world.transition("shop.item", id, "shop.check", "pass");
  const store::TransitionRow row = world.transitions("shop.item", id).back();
  EXPECT_THAT(row.guard_json, HasSubstr(R"x("old.note":"(personal data)")x"));
  EXPECT_THAT(row.guard_json, Not(HasSubstr("secret number")));
}

}  // namespace
}  // namespace kith::internal::react::testing
