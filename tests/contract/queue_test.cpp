// Runs that were set aside: where `kith run-due` sends people, and how a run is set going again.
#include <gmock/gmock.h>

#include "contract/bundles.hpp"

namespace kith::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class QueueTest : public BundlesTest {
 protected:
  /// Two workflows that set each other going, and one that asks for a transition which is not possible.
  void begin() const {
    bundle("loop", R"j({"id": "loop", "version": "0.1.0", "label": {"en": "Loop"},
      "requires": {"kith": ">=0.1", "abi": "0.1"},
      "fields": {"customer": [{"name": "a", "type": "int"}, {"name": "b", "type": "int"},
        {"name": "wrong", "type": "bool"}]},
      "workflows": [
        {"id": "there", "on": "customer", "label": {"en": "There"}, "trigger": {"updated": ["loop.a"]},
         "actions": [{"id": "set", "set": {"loop.b": "{{loop.a + 1}}"}}]},
        {"id": "back", "on": "customer", "label": {"en": "Back"}, "trigger": {"updated": ["loop.b"]},
         "actions": [{"id": "set", "set": {"loop.a": "{{loop.b + 1}}"}}]},
        {"id": "fails", "on": "customer", "label": {"en": "Fails"}, "trigger": {"updated": ["loop.wrong"]},
         "actions": [{"id": "go", "transition": "customer.lifecycle", "event": "return"}]}]})j");
    use(R"("loop": {})");
  }
  /// The number of the only run in a state.
  std::string only_run(const std::string& state) const {
    const boost::json::array runs = data({"queue", state}, 1).at("runs").as_array();
    EXPECT_EQ(runs.size(), 1U) << state;
    return runs.empty() ? "0" : std::to_string(runs.front().at("run").as_int64());
  }
};

TEST_F(QueueTest, ARunThatFailedForGoodIsSetGoingAgainByItsNumber) {
  begin();
  const std::string ada = create({"customer", "kind=person", "name=Ada Li"});
  ok({"set", ada, "loop.wrong=true"});
  const Outcome due = here_.kith({"run-due"});
  EXPECT_EQ(due.exit, 1) << due.err;
  EXPECT_THAT(due.out, HasSubstr("kith queue dead"));
  EXPECT_THAT(due.out, Not(HasSubstr("kith queue quarantined")));
  const std::string run = only_run("dead");
  EXPECT_THAT(ok({"queue", "retry", run}).out, HasSubstr(run + " will be tried again"));
  EXPECT_TRUE(data({"queue", "dead"}).at("runs").as_array().empty());
  EXPECT_EQ(here_.kith({"run-due"}).exit, 1) << "it fails again";
  EXPECT_EQ(only_run("dead"), run);
}

TEST_F(QueueTest, RunsThatSetEachOtherGoingAreNamedByTheListTheyAreOnAndCanGoOn) {
  begin();
  const std::string ada = create({"customer", "kind=person", "name=Ada Li"});
  ok({"set", ada, "loop.a=1"});
  const Outcome due = here_.kith({"run-due", "--until-idle"});
  EXPECT_EQ(due.exit, 1) << due.err;
  EXPECT_THAT(due.out, HasSubstr("kith queue quarantined"));
  EXPECT_THAT(due.out, Not(HasSubstr("kith queue dead")));
  const std::string run = only_run("quarantined");
  ok({"queue", "retry", run});
  EXPECT_TRUE(data({"queue", "quarantined"}).at("runs").as_array().empty());
  here_.kith({"run-due", "--until-idle"});
  EXPECT_NE(only_run("quarantined"), run) << "it ran, and the next one of the loop is set aside";
}

TEST_F(QueueTest, ARunThatHasNotFailedIsNotTriedAgain) {
  begin();
  ok({"count", "customer"});
  EXPECT_EQ(here_.kith({"queue", "retry", "7"}).exit, 8);
  const Outcome words = here_.kith({"queue", "retry", "seven"});
  EXPECT_EQ(words.exit, 2);
  EXPECT_THAT(words.err, HasSubstr("give the number of a run"));
}

}  // namespace
}  // namespace kith::test
