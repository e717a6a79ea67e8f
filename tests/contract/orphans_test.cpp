// A plugin that is taken out keeps its data, in the open; put back, everything is as it was, and true of what happened
// meanwhile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>

#include "contract/bundles.hpp"

namespace kith::test {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// A unique field, a type with children of the customer, each kind of derivation over them, a lifecycle.
constexpr const char* kClub = R"json({
  "id": "club", "version": "0.2.0", "label": {"en": "Club"}, "requires": {"kith": "*"},
  "settings": [{"name": "dear", "type": "int", "default": 20, "label": {"en": "From when a member is dear"}}],
  "fields": {"customer": [
    {"name": "card", "type": "text", "unique": true, "label": {"en": "Card"}},
    {"name": "points", "type": "int", "label": {"en": "Points"}},
    {"name": "fee", "type": "money", "label": {"en": "Fee"}}]},
  "record_types": [{"name": "visit", "label": {"en": "Visit"}, "title": "place", "key": "place", "fields": [
    {"name": "customer", "type": "ref", "to": "customer", "required": true, "inverse": "visits"},
    {"name": "place", "type": "text", "required": true, "unique": true},
    {"name": "on", "type": "date"}]}],
  "formulas": {"customer": [{"name": "reachable", "type": "bool", "expr": "email != null"}]},
  "rollups": {"customer": [{"name": "visit_count", "type": "int", "over": "club.visits", "aggregate": "count"}]},
  "segments": [{"name": "dear", "on": "customer", "when": "club.points >= setting('club.dear')"}],
  "scores": [{"name": "value", "on": "customer", "range": [0, 100], "rules": [
    {"id": "points", "text": {"en": "{{n}} for {{v}} points"}, "value": "club.points", "each": 1, "cap": 50},
    {"id": "reach", "text": {"en": "{{n}}"}, "when": "club.reachable", "points": 10}]}],
  "lifecycles": [{"name": "membership", "on": "customer", "label": {"en": "Membership"}, "initial": ["guest"],
    "states": [{"id": "guest", "category": "open"}, {"id": "member", "category": "active"}],
    "transitions": [{"event": "join", "from": ["guest"], "to": "member", "auto": {"when": "club.points >= 5"}}],
    "raises": {"customer.lifecycle": {"member": "customer"}}}]})json";

constexpr const char* kGuide = R"json({
  "id": "guide", "version": "0.1.0", "label": {"en": "Guide"}, "requires": {"kith": "*", "plugins": {},
   "optional": {"club": "*"}},
  "fields": {"customer": [{"name": "note", "type": "text", "label": {"en": "Note"}}]},
  "formulas": {"customer": [{"name": "named", "type": "bool", "expr": "name != null"}]},
  "segments": [{"name": "regular", "on": "customer", "when": "club.visit_count > 1", "needs": "club",
   "label": {"en": "Regular"}}]})json";

class OrphanTest : public BundlesTest {
 protected:
  OrphanTest() {
    for (const auto& [id, text] : {std::pair{"club", kClub}, {"guide", kGuide}}) bundle(id, text);
    use(R"("club": {}, "guide": {})");
  }
  /// Two customers, one a member with two visits.
  void fill() {
    ann_ = create({"customer", "kind=person", "name=Ann", "email=ann@example.com", "club.card=C-1", "club.points=30",
                   "club.fee=12.50"});
    bob_ = create({"customer", "kind=person", "name=Bob", "club.points=1"});
    ok({"create", "club.visit", "customer=" + ann_, "place=spa", "on=2026-02-01"});
    ok({"create", "club.visit", "customer=" + ann_, "place=pool"});
    ok({"run-due", "--until-idle"});
  }
  json::value plugin(const std::string& id, int exit) const {
    const json::value all = data({"plugins"}, exit);
    for (const json::value& one : all.at("plugins").as_array())
      if (one.at("id").as_string() == id) return one;
    return json::object();
  }

  std::string ann_, bob_;
};

TEST_F(OrphanTest, ATakenOutPluginIsListedWithWhatItLeft) {
  fill();
  use(R"("guide": {})");
  const json::value left = plugin("club", 1);
  EXPECT_EQ(left.at("state"), json::value("orphaned"));
  EXPECT_EQ(left.at("types"), json::value(1));
  EXPECT_EQ(left.at("fields").as_int64(), 3 + 3);
  // Ann has a card, points and a fee, Bob points; each visit a customer and a place, one a date.
  EXPECT_EQ(left.at("values").as_int64(), 3 + 1 + 2 * 2 + 1);
  EXPECT_THAT(here_.kith({"plugins"}).out, AllOf(HasSubstr("club"), HasSubstr("1 type, "), HasSubstr("values kept")));
  const json::value info = data({"plugin", "info", "club"}, 1);
  EXPECT_THAT(json::serialize(info.at("orphaned")), AllOf(HasSubstr("club.card"), HasSubstr("club.visit")));
}

TEST_F(OrphanTest, WithoutItNothingButItsDataIsLeft) {
  fill();
  use(R"("guide": {})");
  EXPECT_THAT(ok({"catalog", "types"}).out, Not(HasSubstr("club")));
  EXPECT_THAT(ok({"catalog", "fields", "customer"}).out, Not(HasSubstr("club")));
  EXPECT_THAT(ok({"get", ann_}).out, AllOf(HasSubstr("Ann"), Not(HasSubstr("club."))));
  EXPECT_THAT(ok({"timeline", ann_}).out, Not(HasSubstr("spa")));
  EXPECT_EQ(record(ann_).at("lifecycle"), json::value("customer")) << "what it raised stays raised";
  ok({"run-due", "--until-idle"});
  const Outcome asked = here_.kith({"list", "customer", "--where", "club.points > 1"});
  EXPECT_EQ(asked.exit, 3);
  EXPECT_THAT(asked.err, AllOf(HasSubstr("KITH-1301"), HasSubstr("club.points"), HasSubstr("club is not loaded"),
                               HasSubstr("fix    add club to kith.json again")));
  const Outcome set = here_.kith({"set", ann_, "club.points=1"});
  EXPECT_THAT(set.err, AllOf(HasSubstr("KITH-3006"), HasSubstr("club is not loaded")));
}

TEST_F(OrphanTest, WhatNeededItSleepsByName) {
  fill();
  EXPECT_EQ(data({"check"}).at("sleeping").as_array().size(), 0U);
  use(R"("guide": {})");
  const json::value guide = plugin("guide", 1);
  ASSERT_EQ(guide.at("sleeping").as_array().size(), 1U);
  EXPECT_EQ(guide.at("sleeping").at(0).at("name"), json::value("regular"));
  EXPECT_THAT(std::string(guide.at("problem").as_string()), HasSubstr("regular (without club)"));
  EXPECT_THAT(ok({"check"}).out, HasSubstr("asleep: segments regular of guide, without club"));
  EXPECT_THAT(here_.kith({"doctor"}).out, HasSubstr("regular of guide sleeps without club"));
}

TEST_F(OrphanTest, WhatOthersDerivedIsBelievedAtOnce) {
  fill();
  use(R"("guide": {})");
  EXPECT_EQ(data({"doctor"}, 1).at("pending").at("derivations"), json::value(0)) << "nothing of guide's has changed";
  use(R"("club": {}, "guide": {})");
  EXPECT_GT(data({"doctor"}).at("pending").at("derivations").as_int64(), 0)
      << "nobody has marked club's while it was away";
  ok({"run-due", "--until-idle"});
  EXPECT_EQ(data({"doctor"}).at("pending").at("derivations"), json::value(0));
}

TEST_F(OrphanTest, ItsDataIsExportedOnRequest) {
  fill();
  const std::string whole = ok({"export", "club.visit", "--select", "place,on", "--order", "place"}).out;
  EXPECT_THAT(whole, HasSubstr("spa,2026-02-01"));
  use(R"("guide": {})");
  EXPECT_THAT(ok({"export", "customer"}).out, Not(HasSubstr("club.")));
  const std::string with = ok({"export", "customer", "--orphaned", "--order", "name"}).out;
  EXPECT_THAT(with, AllOf(HasSubstr("club.card"), HasSubstr("C-1"), HasSubstr("12.50"), HasSubstr("club.fee_currency"),
                          HasSubstr("member")));
  const std::string visits = ok({"export", "club.visit", "--orphaned"}).out;
  EXPECT_THAT(visits, AllOf(HasSubstr("spa"), HasSubstr("2026-02-01"), HasSubstr(ann_)));
  const Outcome unknown = here_.kith({"export", "club.vist", "--orphaned"});
  EXPECT_EQ(unknown.exit, 8);
  EXPECT_THAT(unknown.err, HasSubstr("did you mean \"club.visit\"?"));
  EXPECT_EQ(here_.kith({"export", "club.visit"}).exit, 8) << "only on request";
  EXPECT_EQ(here_.kith({"export", "club.visit", "--orphaned", "--where", "true"}).exit, 2);
}

TEST_F(OrphanTest, PutBackItIsAsItWas) {
  fill();
  const json::value before = record(ann_), score = data({"score", ann_, "club.value"});
  use(R"("guide": {})");
  ok({"count", "customer"});
  use(R"("club": {}, "guide": {})");
  EXPECT_EQ(record(ann_), before);
  EXPECT_EQ(data({"score", ann_, "club.value"}), score);
  EXPECT_EQ(data({"list", "customer", "--where", "in_segment('guide.regular')", "--select", "name"})
                .at("rows")
                .as_array()
                .size(),
            1U);
  ok({"run-due", "--until-idle"});
  EXPECT_EQ(record(ann_), before);
  EXPECT_EQ(plugin("club", 0).at("state"), json::value("declarative"));
}

TEST_F(OrphanTest, PutBackItIsTrueOfWhatHappenedMeanwhile) {
  fill();
  use(R"("guide": {})");
  ok({"set", ann_, "email="});
  ok({"set", bob_, "email=bob@example.com"});
  const std::string cid = create({"customer", "kind=person", "name=Cid"});
  ok({"run-due", "--until-idle"});
  use(R"("club": {}, "guide": {})");
  for (int round = 0; round < 2; ++round) {  // before and after due work
    EXPECT_EQ(record(ann_).at("club.reachable"), json::value(false));
    EXPECT_EQ(record(bob_).at("club.reachable"), json::value(true));
    EXPECT_EQ(record(ann_).at("club.value").to_number<double>(), 30);
    EXPECT_EQ(record(bob_).at("club.value").to_number<double>(), 11);
    EXPECT_EQ(record(ann_).at("club.visit_count"), json::value(2));
    EXPECT_EQ(record(cid).at("club.membership"), json::value("guest")) << "it has begun what it missed";
    ok({"run-due", "--until-idle"});
  }
}

TEST_F(OrphanTest, ItsUniqueFieldsStayUnique) {
  fill();
  use(R"("guide": {})");
  ok({"create", "customer", "kind=person", "name=Cid"});
  use(R"("club": {}, "guide": {})");
  const Outcome taken = here_.kith({"create", "customer", "kind=person", "name=Dan", "club.card=C-1"});
  EXPECT_EQ(taken.exit, 1);
  EXPECT_THAT(taken.err, AllOf(HasSubstr("KITH-3003"), HasSubstr("club.card")));
  ok({"create", "customer", "kind=person", "name=Dan", "club.card=C-2"});
  EXPECT_EQ(here_.kith({"create", "club.visit", "customer=" + bob_, "place=spa"}).exit, 1);
}

TEST_F(OrphanTest, InstalledOverWhatIsThereItsLifecycleBeginsAndMoves) {
  use(R"("guide": {})");
  const std::string ann = create({"customer", "kind=person", "name=Ann"});
  use(R"("club": {}, "guide": {})");
  EXPECT_EQ(record(ann).at("club.membership"), json::value("guest"));
  ok({"set", ann, "club.points=7"});
  ok({"run-due", "--until-idle"});
  EXPECT_EQ(record(ann).at("club.membership"), json::value("member"));
  EXPECT_EQ(record(ann).at("lifecycle"), json::value("customer"));
  const json::value history = data({"explain", ann, "club.membership"}).at("history");
  EXPECT_THAT(json::serialize(history), AllOf(HasSubstr("system:club"), HasSubstr("club.points >= 5")));
}

TEST_F(OrphanTest, ADueRecordMovesWhenItsLifecycleIsInstalledLater) {
  const std::string text_of_club = kClub;
  std::string without = text_of_club;
  const std::size_t at = without.find(",\n  \"lifecycles\"");
  bundle("club", without.substr(0, at) + "}");
  const std::string ann = create({"customer", "kind=person", "name=Ann", "club.points=30"});
  ok({"run-due", "--until-idle"});
  bundle("club", text_of_club);
  ok({"run-due", "--until-idle"});
  EXPECT_EQ(record(ann).at("club.membership"), json::value("member"));
}

TEST_F(OrphanTest, TheCatalogListsEnumsAndStatesWithTheirOwners) {
  const std::string all = ok({"catalog", "enums", "--format", "csv"}).out;
  EXPECT_THAT(all, AllOf(HasSubstr("customer,kind,household,Household,kith"),
                         HasSubstr("customer,club.membership,member,member,club")));
  EXPECT_THAT(ok({"catalog", "enums", "club.visit", "--format", "csv"}).out, Not(HasSubstr("household")));
  EXPECT_EQ(here_.kith({"catalog", "enums", "club.vist"}).exit, 8);
  EXPECT_EQ(here_.kith({"catalog", "enms"}).exit, 2);
  EXPECT_THAT(ok({"catalog", "lifecycles"}).out, HasSubstr("club.membership"));
}

// --- plugin info ----------------------------------------------------------------------------------------------------

TEST_F(OrphanTest, InfoSaysWhatAPluginBringsAndItsSettingsByLayer) {
  use(R"("club": {"settings": {"dear": 25}}, "guide": {})");
  const json::value info = data({"plugin", "info", "club"});
  EXPECT_EQ(info.at("version"), json::value("0.2.0"));
  EXPECT_EQ(info.at("label"), json::value("Club"));
  EXPECT_EQ(info.at("state"), json::value("declarative"));
  const json::object& adds = info.at("adds").as_object();
  EXPECT_EQ(adds.at("types").as_array().size(), 1U);
  EXPECT_EQ(adds.at("fields").as_array().size(), 6U);
  EXPECT_EQ(adds.at("scores").at(0).at("name"), json::value("club.value"));
  EXPECT_EQ(adds.at("lifecycles").at(0).at("name"), json::value("club.membership"));
  const json::value setting = info.at("settings").at(0);
  EXPECT_EQ(setting.at("value"), json::value(25));
  EXPECT_EQ(setting.at("from"), json::value("kith.json"));
  EXPECT_EQ(setting.at("layers").at(0), json::value({{"layer", "plugin"}, {"value", 20}}));
  const std::string people = ok({"plugin", "info", "club"}).out;
  EXPECT_THAT(people, AllOf(HasSubstr("club 0.2.0  Club"), HasSubstr("plugins/club"), HasSubstr("club.visit"),
                            HasSubstr("club.dear")));
  EXPECT_THAT(ok({"plugin", "info", "club", "--effective", "--format", "csv"}).out,
              HasSubstr("club.dear,int,25,kith.json,20,25"));
  EXPECT_THAT(ok({"plugin", "info", "kith"}).out, HasSubstr("customer.lifecycle"));
}

TEST_F(OrphanTest, InfoOfAnUnknownPluginNamesTheNearest) {
  const Outcome unknown = here_.kith({"plugin", "info", "clob"});
  EXPECT_EQ(unknown.exit, 8);
  EXPECT_THAT(unknown.err, AllOf(HasSubstr("there is no plugin 'clob'"), HasSubstr("did you mean \"club\"?")));
  EXPECT_EQ(here_.kith({"plugin", "inof", "club"}).exit, 2);
  EXPECT_EQ(here_.kith({"plugin", "info"}).exit, 2);
}

// --- refused before anything loads ----------------------------------------------------------------------------------

class ConflictTest : public OrphanTest {
 protected:
  /// Opening is refused like checking, and no database is made.
  void refused(int exit, const std::vector<std::string>& words) const {
    for (const std::vector<std::string>& command : {std::vector<std::string>{"check"}, {"count", "customer"}}) {
      const Outcome outcome = here_.kith(command);
      EXPECT_EQ(outcome.exit, exit) << command.front() << outcome.err;
      for (const std::string& word : words) EXPECT_THAT(outcome.err, HasSubstr(word)) << command.front();
    }
    EXPECT_FALSE(fs::exists(here_.path("crm.kith")));
  }
};

TEST_F(ConflictTest, ANameThatTwoBundlesClaimIsRefusedWithBothOwners) {
  bundle("place", R"json({"id": "place", "version": "0.1.0", "requires": {"plugins": {"club": "*"}},
    "fields": {"club.visit": [{"name": "stars", "type": "int"}]}})json");
  use(R"("club": {}, "place": {})");
  refused(3,
          {"\"place\" of club", "\"place.stars\" of place", "plugins/place/plugin.json", "plugins/club/plugin.json"});
}

TEST_F(ConflictTest, AMissingDependencyIsRefusedWithBothNames) {
  bundle("spa", R"json({"id": "spa", "version": "0.1.0", "requires": {"plugins": {"club": "^0.2"}}})json");
  use(R"("spa": {})");
  refused(4, {"spa 0.1.0 needs club", "the config does not ask for club"});
  use(R"("spa": {}, "club": {"enabled": false})");
  refused(4, {"spa 0.1.0 needs club", "the config disables club"});
}

TEST_F(ConflictTest, ACircleOfDependenciesIsRefusedWithAllNames) {
  bundle("spa", R"json({"id": "spa", "version": "0.1.0", "requires": {"plugins": {"sauna": "*"}}})json");
  bundle("sauna", R"json({"id": "sauna", "version": "0.1.0", "requires": {"plugins": {"spa": "*"}}})json");
  use(R"("spa": {}, "sauna": {})");
  refused(4, {"KITH-2105", "spa", "sauna"});
}

TEST_F(ConflictTest, TwoAutomaticTransitionsWithoutAnOrderAreRefusedWithBothNames) {
  std::string twice = kClub;
  const std::string join =
      R"({"event": "join", "from": ["guest"], "to": "member", "auto": {"when": "club.points >= 5"}})";
  twice.replace(twice.find(join), join.size(),
                join + R"(, {"event": "slip_in", "from": ["guest"], "to": "member", "auto": {"after": "1d"}})");
  bundle("club", twice);
  use(R"("club": {})");
  refused(3, {"KITH-1206", "\"join\" of club", "\"slip_in\" of club", "without an order"});
}

}  // namespace
}  // namespace kith::test
