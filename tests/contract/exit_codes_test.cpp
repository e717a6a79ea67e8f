// One test for each exit code that can be reached.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <kith/kith.hpp>

#include "lib/workspace.hpp"

namespace kith::test {
namespace {

using ::testing::HasSubstr;

TEST(ExitCodeTest, Is0WhenAllIsDone) {
  const Workspace here;
  here.init();
  EXPECT_EQ(here.kith({"create", "customer", "kind=person", "name=Ada Li"}).exit, 0);
  EXPECT_EQ(here.kith({"check"}).exit, 0);
  EXPECT_EQ(here.kith({"--version"}).exit, 0);
}

TEST(ExitCodeTest, Is1WhenRowsWereRejected) {
  const Workspace here;
  here.init();
  here.write("people.csv", "id,name,email\n1,Ada,ada@example.com\n2,Bo,nonsense\n");
  here.write("map.json", R"({"id": "p", "source": "shop", "records": [{"id": "c", "type": "customer", "mode": "upsert",
    "key": {"external_id": "id"}, "set": {"kind": "'person'", "name": "name", "email": "email"}}]})");
  EXPECT_EQ(here.kith({"import", "people.csv", "--map", "map.json"}).exit, 1);
}

TEST(ExitCodeTest, Is1WhenARecordIsNotValid) {
  const Workspace here;
  here.init();
  const Outcome outcome = here.kith({"create", "customer", "kind=persn", "name=Ada"});
  EXPECT_EQ(outcome.exit, 1) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("KITH-3001"));
}

TEST(ExitCodeTest, Is2ForAWrongFlag) {
  const Workspace here;
  const Outcome outcome = here.kith({"list", "customer", "--wher", "true"});
  EXPECT_EQ(outcome.exit, 2);
  EXPECT_THAT(outcome.err, HasSubstr("did you mean \"--where\"?"));
}

TEST(ExitCodeTest, Is2ForAnUnknownCommand) {
  const Workspace here;
  const Outcome outcome = here.kith({"lst", "customer"});
  EXPECT_EQ(outcome.exit, 2);
  EXPECT_THAT(outcome.err, HasSubstr("did you mean \"list\"?"));
}

TEST(ExitCodeTest, Is2WhenThereAreSeveralTenantsAndNoneIsNamed) {
  const Workspace here;
  here.write("kith.json", R"({"database": {"url": "sqlite:a.kith"}, "tenants": {"north": {}, "south": {}}})");
  const Outcome outcome = here.kith({"count", "customer"});
  EXPECT_EQ(outcome.exit, 2);
  EXPECT_THAT(outcome.err, HasSubstr("north, south"));
  EXPECT_EQ(here.kith({"-t", "north", "create", "customer", "kind=person", "name=Ada"}).exit, 0);
  EXPECT_EQ(here.kith({"-t", "north", "count", "customer"}).out, "1\n");
  EXPECT_EQ(here.kith({"-t", "south", "count", "customer"}).out, "0\n");
}

TEST(ExitCodeTest, Is3ForAConfigurationWithMistakes) {
  const Workspace here;
  here.write("kith.json", R"({"database": {"url": "sqlite:a.kith"}, "locale": {"langage": "en"}})");
  const Outcome outcome = here.kith({"check"});
  EXPECT_EQ(outcome.exit, 3);
  EXPECT_THAT(outcome.err, HasSubstr("\"language\""));
}

TEST(ExitCodeTest, Is3WhenThereIsNoConfiguration) {
  const Workspace here;
  EXPECT_EQ(here.kith({"list", "customer"}).exit, 3);
}

TEST(ExitCodeTest, Is4ForAPluginThatIsNotThere) {
  const Workspace here;
  here.write("kith.json", R"({"database": {"url": "sqlite:a.kith"}, "plugin_folders": [")" KITH_PLUGIN_FOLDER
                          R"("], "plugins": {"retial": {}}})");
  const Outcome outcome = here.kith({"list", "customer"});
  EXPECT_EQ(outcome.exit, 4) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("retail"));
}

TEST(ExitCodeTest, Is5WhenADatabaseMustBeBroughtToTheCatalogFirst) {
  const Workspace here;
  here.init();
  ASSERT_EQ(here.kith({"create", "customer", "kind=person", "name=Ada"}).exit, 0);
  here.write(
      "kith.json",
      R"({"database": {"url": "sqlite:customers.kith", "migrate": "ask"}, "plugin_folders": [")" KITH_PLUGIN_FOLDER
      R"("], "plugins": {"sales": {}}})");
  const Outcome outcome = here.kith({"create", "customer", "kind=person", "name=Bo"});
  EXPECT_EQ(outcome.exit, 5) << outcome.err;
}

TEST(ExitCodeTest, Is6ToWriteWhileAnotherProgramHasTheFile) {
  const Workspace here;
  here.init();
  auto core = Core::open(here.path("kith.json"));
  auto session = core.session({.tenant = "default", .actor = "test"});
  session.create("customer", {{"kind", "person"}, {"name", "Ada Li"}});
  EXPECT_EQ(here.kith({"create", "customer", "kind=person", "name=Bo"}).exit, 6);
  const Outcome reading = here.kith({"list", "customer", "--select", "name"});
  EXPECT_EQ(reading.exit, 0) << reading.err;
  EXPECT_THAT(reading.out, HasSubstr("Ada Li"));
}

TEST(ExitCodeTest, Is8ForARecordThatIsNotThere) {
  const Workspace here;
  here.init();
  EXPECT_EQ(here.kith({"get", "customer/@shop:17"}).exit, 8);
  EXPECT_EQ(here.kith({"list", "custmer"}).exit, 8);
}

TEST(ExitCodeTest, Is9WhenAnImportIsInterruptedAndThePrintedCommandGoesOn) {
  const Workspace here;
  here.init();
  std::string rows = "id,name\n";
  for (int i = 0; i < 4'000; ++i) rows += std::to_string(i) + ",Customer " + std::to_string(i) + "\n";
  here.write("people.csv", rows);
  here.write("map.json", R"({"id": "p", "source": "shop", "records": [{"id": "c", "type": "customer", "mode": "upsert",
    "key": {"external_id": "id"}, "set": {"kind": "'person'", "name": "name"}}]})");
  ProgramOptions interrupt;
  interrupt.meanwhile = [](const std::string& err, std::chrono::microseconds) {
    return err.find("committed ") != std::string::npos ? SIGINT : 0;
  };
  const Outcome stopped = here.kith({"import", "people.csv", "--map", "map.json", "--batch", "50"}, interrupt);
  ASSERT_EQ(stopped.exit, 9) << stopped.err;
  const std::size_t at = stopped.err.find("--resume ");
  ASSERT_NE(at, std::string::npos) << stopped.err;
  const std::string run = stopped.err.substr(at + 9, stopped.err.find('\n', at) - at - 9);
  const Outcome resumed = here.kith({"import", "people.csv", "--map", "map.json", "--resume", run});
  EXPECT_EQ(resumed.exit, 0) << resumed.err;
  EXPECT_EQ(here.kith({"count", "customer"}).out, "4000\n");
}

TEST(ExitCodeTest, Is10ForAFileThatIsNoDatabase) {
  const Workspace here;
  here.init();
  here.write("customers.kith", std::string(8'192, 'x'));
  const Outcome outcome = here.kith({"list", "customer"});
  EXPECT_EQ(outcome.exit, 10) << outcome.err;
}

}  // namespace
}  // namespace kith::test
