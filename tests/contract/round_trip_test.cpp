// What is exported comes back as it was, through files that people open in a spreadsheet.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/workspace.hpp"

namespace kith::test {
namespace {

using ::testing::HasSubstr;

constexpr const char* kBack = R"({"id": "b", "source": "old", "records": [{"id": "c", "type": "customer",
  "mode": "upsert", "key": {"external_id": "id"},
  "set": {"kind": "kind", "name": "name", "given_name": "given_name", "phone": "phone"}}]})";

class RoundTripTest : public ::testing::Test {
 protected:
  RoundTripTest() {
    here_.init();
    there_.init();
    there_.write("back.json", kBack);
  }
  static std::string ok(const Workspace& place, const std::vector<std::string>& words) {
    const Outcome outcome = place.kith(words);
    EXPECT_EQ(outcome.exit, 0) << words.front() << ": " << outcome.err;
    return outcome.out;
  }
  static std::string names(const Workspace& place) {
    return ok(place, {"list", "customer", "--select", "name,given_name,phone", "-f", "jsonl"});
  }
  const Workspace here_, there_;
};

TEST_F(RoundTripTest, TextsThatASpreadsheetWouldCalculateComeBackAsTheyWere) {
  for (const char* name : {"=1+1", "'=1+1", "''=1+1", "@home", "-5 %", "+x", "'t Hart", "'", "''", "O'=x"})
    ok(here_,
       {"create", "customer", "kind=person", std::string("name=") + name, "given_name='-x", "phone=+49 30 901820"});
  ok(here_, {"export", "customer", "--out", there_.path("out.csv")});
  EXPECT_THAT(there_.read("out.csv"), HasSubstr("'=1+1,"));
  EXPECT_THAT(there_.read("out.csv"), HasSubstr("''=1+1,"));
  EXPECT_THAT(there_.read("out.csv"), HasSubstr("'''=1+1,"));
  EXPECT_THAT(ok(there_, {"import", "out.csv", "--map", "back.json"}),
              HasSubstr("10 rows read, 10 applied (10 created"));
  EXPECT_EQ(names(there_), names(here_));
  EXPECT_THAT(ok(there_, {"import", "out.csv", "--map", "back.json"}), HasSubstr("0 created, 0 updated, 10 unchanged"));
}

TEST_F(RoundTripTest, ListsKeepTheirItems) {
  ok(here_, {"create", "member", "name=A", "login=a", "skills=[\"new york\",\"la\"]"});
  ok(here_, {"create", "member", "name=B", "login=b", "skills=[\"new\",\"york la\"]"});
  ok(here_, {"create", "member", "name=C", "login=c", "skills=[\"a,\\\"b\",\"=x\"]"});
  ok(here_, {"export", "member", "--out", there_.path("out.csv")});
  there_.write("members.json", R"({"id": "b", "source": "old", "records": [{"id": "m", "type": "member",
    "mode": "upsert", "key": {"external_id": "id"}, "set": {"name": "name", "login": "login", "skills": "skills"}}]})");
  ok(there_, {"import", "out.csv", "--map", "members.json"});
  const std::vector<std::string> list = {"list", "member", "--select", "name,skills", "-f", "jsonl"};
  EXPECT_EQ(ok(there_, list), ok(here_, list));
}

TEST_F(RoundTripTest, JsonLinesComeBackByTheSameMapping) {
  ok(here_, {"create", "customer", "kind=person", "name='=1+1", "phone=+49 30 901820"});
  ok(here_, {"create", "customer", "kind=person", "name=\xE6\x9D\x8E \"x\""});
  ok(here_, {"-f", "jsonl", "export", "customer", "--out", there_.path("out.jsonl")});
  ok(there_, {"import", "out.jsonl", "--map", "back.json"});
  EXPECT_EQ(names(there_), names(here_));
  EXPECT_THAT(ok(there_, {"import", "out.jsonl", "--map", "back.json"}), HasSubstr("2 unchanged"));
}

TEST_F(RoundTripTest, AnApostropheInAFileOfOthersStaysUnlessTheMappingSaysThatItGuards) {
  there_.write("others.csv", "id,kind,name,given_name,phone\n1,person,'=1+1,,\n2,person,=1+1,,\n");
  ok(there_, {"import", "others.csv", "--map", "back.json"});
  EXPECT_THAT(names(there_), HasSubstr(R"({"name":"'=1+1"})"));
  there_.write("guarded.json", std::string(kBack).insert(1, R"("input": {"guarded": true}, )"));
  ok(there_, {"import", "others.csv", "--map", "guarded.json"});
  EXPECT_EQ(names(there_), "{\"name\":\"=1+1\"}\n{\"name\":\"=1+1\"}\n");
}

}  // namespace
}  // namespace kith::test
