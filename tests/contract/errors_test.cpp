// The layout of errors: what; where; expected; found; what to do. On stderr, and as data in the JSON envelope.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "lib/workspace.hpp"

namespace kith::test {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(ErrorLayoutTest, OfAWrongWordNamesTheNearestRightOne) {
  const Workspace here;
  EXPECT_EQ(here.kith({"cout", "customer"}).err,
            "error KITH-7004  there is no command 'cout'\n  fix    did you mean \"count\"?\n");
  EXPECT_EQ(here.kith({"get", "customer"}).err,
            "error KITH-7004  'customer' is not a KEY\n  fix    write type/id, type/@source:external or type/<key "
            "field>, as customer/@shop:17\n");
  EXPECT_EQ(here.kith({"check", "extra"}).err,
            "error KITH-7004  kith check does not take the word 'extra'\n  fix    see: kith check --help\n");
}

TEST(ErrorLayoutTest, OfAMissingConfigurationSaysHowToWriteOne) {
  const Workspace here;
  EXPECT_EQ(here.kith({"list", "customer"}).err,
            "error KITH-1006  there is no configuration 'kith.json'\n  fix    name one with -c FILE or $KITH_CONFIG, "
            "or write a first one: kith init\n");
}

TEST(ErrorLayoutTest, OfAConfigurationNamesFileLineAndColumnOfEveryMistakeAtOnce) {
  const Workspace here;
  here.write("kith.json", "{\n  \"database\": { \"ulr\": \"sqlite:a.kith\" },\n  \"localle\": {}\n}\n");
  const Outcome outcome = here.kith({"check"});
  EXPECT_EQ(outcome.exit, 3);
  EXPECT_THAT(outcome.err, HasSubstr("kith.json:2:17"));
  EXPECT_THAT(outcome.err, HasSubstr("kith.json:3:3"));
  EXPECT_THAT(outcome.err, HasSubstr("did you mean \"url\"?"));
  EXPECT_THAT(outcome.err, HasSubstr("did you mean \"locale\"?"));
}

TEST(ErrorLayoutTest, OfAnExpressionHasACaretBelowTheWrongName) {
  const Workspace here;
  here.init();
  const Outcome outcome = here.kith({"count", "customer", "--where", "nmae == 'Ada'"});
  EXPECT_THAT(outcome.err, HasSubstr("nmae == 'Ada'"));
  EXPECT_THAT(outcome.err, HasSubstr("^~~~"));
  EXPECT_THAT(outcome.err, HasSubstr("did you mean"));
}

TEST(ErrorLayoutTest, InJsonIsOneEnvelopeOnStdoutWithTheSameProblems) {
  const Workspace here;
  here.init();
  const Outcome outcome = here.kith({"--format", "json", "create", "customer", "kind=persn"});
  const json::object envelope = json::parse(outcome.out).as_object();
  EXPECT_EQ(envelope.at("ok"), false);
  EXPECT_EQ(envelope.at("exit"), outcome.exit);
  EXPECT_EQ(envelope.at("command"), "create");
  const json::array& problems = envelope.at("problems").as_array();
  ASSERT_GE(problems.size(), 2U) << outcome.out;  // the kind is wrong and the name is missing
  for (const json::value& problem : problems)
    EXPECT_EQ(std::string(problem.at("code").as_string()).substr(0, 5), "KITH-");
}

TEST(ErrorLayoutTest, NeverHasAStackTraceOrATypeName) {
  const Workspace here;
  here.init();
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"get", "customer/"},
                                             {"eval", "1 +", "--on", "customer"},
                                             {"list", "customer", "--order", "x y z"},
                                             {"score", "customer/@a:b", "nothing"}}) {
    const Outcome outcome = here.kith(words);
    EXPECT_NE(outcome.exit, 0) << words[0];
    EXPECT_NE(outcome.exit, 70) << words[0] << ": " << outcome.err;
    EXPECT_THAT(outcome.err, Not(HasSubstr("std::")));
    EXPECT_THAT(outcome.err, Not(HasSubstr("terminate")));
  }
}

}  // namespace
}  // namespace kith::test
