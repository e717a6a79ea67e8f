// A walk through the commands that no other test of this folder uses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "lib/workspace.hpp"

namespace kith::test {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class CommandTest : public ::testing::Test {
 protected:
  // Exit 0, or the test fails with what was said.
  std::string ok(const std::vector<std::string>& words) const {
    const Outcome outcome = here_.kith(words);
    EXPECT_EQ(outcome.exit, 0) << words[0] << ": " << outcome.err;
    std::string out = outcome.out;
    if (!out.empty() && out.back() == '\n') out.pop_back();
    return out;
  }
  const Workspace here_;
};

TEST_F(CommandTest, InitTakesAPluginWithAllThatItNeedsAndKeepsItsHandsOffAFileThatIsThere) {
  here_.init({"retail"});
  const json::value config = json::parse(here_.read("kith.json"));
  EXPECT_TRUE(config.at("plugins").as_object().contains("sales"));
  EXPECT_TRUE(config.at("plugins").as_object().contains("insight"));
  EXPECT_TRUE(config.at("plugins").as_object().contains("retail"));
  const std::string before = here_.read("kith.json");
  EXPECT_EQ(here_.kith({"init"}).exit, 2);
  EXPECT_EQ(here_.read("kith.json"), before);
  ok({"check"});
  const std::string plugins = ok({"plugins"});
  EXPECT_THAT(plugins, HasSubstr("retail"));
  EXPECT_THAT(plugins, HasSubstr("loaded"));
}

TEST_F(CommandTest, CreateSetGetAndAnExpectedVersion) {
  here_.init();
  const std::string ada = ok({"create", "customer", "kind=person", "name=Ada Li", "email=Ada@Example.com"});
  EXPECT_THAT(ada, StartsWith("customer/"));
  ok({"set", ada, "phone=+1 202 555 0114", "language=en"});
  EXPECT_THAT(ok({"get", ada}), HasSubstr("+12025550114"));
  EXPECT_EQ(here_.kith({"set", ada, "name=Ada", "--if-version", "1"}).exit, 1);
  ok({"set", ada, "language="});
  EXPECT_EQ(ok({"count", "customer", "--where", "language == null"}), "1");
  EXPECT_EQ(ok({"count", "customer", "--where", "name == $n", "--param", "n=Ada Li"}), "1");
}

TEST_F(CommandTest, EveryChangeNamesWhoAsked) {
  here_.init();
  const std::string ada = ok({"--as", "alice", "create", "customer", "kind=person", "name=Ada Li"});
  EXPECT_EQ(ok({"list", "customer", "--select", "created_by", "--no-header"}), "alice");
  ok({"set", ada, "language=en"});
  EXPECT_THAT(ok({"list", "customer", "--select", "updated_by", "--no-header"}), StartsWith("cli:"));
}

TEST_F(CommandTest, TransitionNamesTheNewStateAndAGuardSaysWhyNot) {
  here_.init();
  const std::string bo = ok({"create", "customer", "kind=person", "name=Bo"});
  EXPECT_THAT(ok({"transition", bo, "customer.lifecycle", "engage"}), HasSubstr("'lead'"));
  const Outcome denied = here_.kith({"transition", bo, "customer.lifecycle", "qualify"});
  EXPECT_EQ(denied.exit, 1);
  EXPECT_THAT(denied.err, HasSubstr("e-mail address or a phone number"));
  EXPECT_THAT(ok({"explain", bo, "customer.lifecycle"}), HasSubstr("qualify"));
}

TEST_F(CommandTest, RelateAndTimelineShowBothEnds) {
  here_.init();
  const std::string acme = ok({"create", "customer", "kind=organization", "name=Acme"});
  const std::string ada = ok({"create", "customer", "kind=person", "name=Ada Li"});
  ok({"relate", ada, "works_for", acme, "title=CTO"});
  EXPECT_THAT(ok({"timeline", ada}), HasSubstr("works_for"));
  EXPECT_THAT(ok({"timeline", acme}), HasSubstr("employs"));
  ok({"relate", ada, "works_for", acme, "--end"});
}

TEST_F(CommandTest, EvalGivesTheValueTheClassAndTheParts) {
  here_.init();
  const std::string ada = ok({"create", "customer", "kind=person", "name=Ada Li"});
  const std::string shown = ok({"eval", "kind == 'person' && email == null", "--on", "customer", "--key", ada});
  EXPECT_THAT(shown, HasSubstr("value  true"));
  EXPECT_THAT(shown, HasSubstr("email == null"));
  EXPECT_THAT(ok({"eval", "email", "--on", "customer", "--key", ada}), HasSubstr("value  null"));
  EXPECT_EQ(ok({"eval", "kind == 'person' && email == null", "--on", ada}), shown);
  const Outcome twice = here_.kith({"eval", "email", "--on", ada, "--key", ada});
  EXPECT_EQ(twice.exit, 2);
  EXPECT_THAT(twice.err, HasSubstr("fix    leave --key out"));
}

TEST_F(CommandTest, EvalShowsTheSqlOfBothDatabasesWhenAsked) {
  here_.init();
  const std::string shown = ok({"eval", "name == 'Ada' || email == null", "--on", "customer", "--sql", "both"});
  EXPECT_THAT(shown, HasSubstr("class  exact"));
  EXPECT_THAT(shown, HasSubstr("sqlite\n  true   "));
  EXPECT_THAT(shown, HasSubstr("= ? OR"));
  EXPECT_THAT(shown, HasSubstr("COLLATE \"C\" = $1::text OR"));
  EXPECT_THAT(shown, HasSubstr("  false  "));
  EXPECT_THAT(shown, HasSubstr("with Ada"));
  EXPECT_THAT(ok({"eval", "size(name) + 1", "--on", "customer", "--sql", "postgresql"}), HasSubstr("  value  "));
  const Outcome wrong = here_.kith({"eval", "true", "--on", "customer", "--sql", "oracle"});
  EXPECT_EQ(wrong.exit, 2);
  EXPECT_THAT(wrong.err, HasSubstr("write sqlite, postgresql or both"));
}

TEST_F(CommandTest, ExportWritesEveryRecordWithItsExternalIds) {
  here_.init();
  here_.write("people.csv", "id,name\n17,Ada Li\n18,Bo Chen\n");
  here_.write("map.json", R"({"id": "p", "source": "shop", "records": [{"id": "c", "type": "customer", "mode": "upsert",
    "key": {"external_id": "id"}, "set": {"kind": "'person'", "name": "name"}}]})");
  ok({"import", "people.csv", "--map", "map.json"});
  ok({"create", "customer", "kind=person", "name=Cy"});
  ok({"export", "customer", "--select", "external_ids,name", "--order", "name", "--out", here_.path("out.csv")});
  EXPECT_EQ(here_.read("out.csv"), "external_ids,name\r\n'@shop:17,Ada Li\r\n'@shop:18,Bo Chen\r\n,Cy\r\n");
}

TEST_F(CommandTest, ScoreAndExplainAddUp) {
  here_.init({"retail"});
  const std::string ada = ok({"create", "customer", "kind=person", "name=Ada Li"});
  ok({"create", "retail.order", "customer=" + ada, "ordered_at=2020-01-02T10:00:00Z", "total=12.50"});
  ok({"run-due", "--until-idle"});
  ok({"job", "run", "insight.rfm"});
  ok({"run-due", "--until-idle"});
  const json::object score = json::parse(ok({"-f", "json", "score", ada, "retail.value"})).at("data").as_object();
  double sum = 0;
  for (const json::value& reason : score.at("reasons").as_array()) sum += reason.at("points").to_number<double>();
  for (const json::value& adjustment : score.at("adjustments").as_array())
    sum += adjustment.at("points").to_number<double>();
  EXPECT_DOUBLE_EQ(sum, score.at("value").to_number<double>());
  EXPECT_THAT(ok({"explain", ada, "retail.value"}), HasSubstr("recency"));
  EXPECT_THAT(ok({"explain", ada, "insight.net_value"}), HasSubstr("12.50"));
}

TEST_F(CommandTest, EventsComeAgainUntilTheyAreAcknowledged) {
  here_.init();
  ok({"create", "customer", "kind=person", "name=Ada Li"});
  const std::string first = ok({"-f", "jsonl", "events", "--consumer", "mailer"});
  EXPECT_THAT(first, HasSubstr("customer/"));
  EXPECT_EQ(ok({"-f", "jsonl", "events", "--consumer", "mailer", "--ack"}), first);
  EXPECT_EQ(ok({"events", "--consumer", "mailer"}), "no events");
  EXPECT_EQ(ok({"-f", "jsonl", "events", "--consumer", "other"}), first);
}

TEST_F(CommandTest, DoctorSaysWhatIsThereAndThatThePagesAreSound) {
  here_.init();
  const std::string report = ok({"doctor", "--integrity"});
  EXPECT_THAT(report, HasSubstr("integrity"));
  EXPECT_THAT(report, HasSubstr("every page is sound"));
}

}  // namespace
}  // namespace kith::test
