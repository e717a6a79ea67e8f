// A bundle that adds values to the enums of another one: they are written, shown, asked for and ordered like the
// field's own; and taken out again, the bundle leaves nothing that is lost or in the way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <map>

#include "contract/bundles.hpp"

namespace kith::test {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// An ordered enum and a list, with derivations that read the order: a segment stored for each customer, a score.
constexpr const char* kShop = R"json({
  "id": "shop", "version": "0.1.0", "label": {"en": "Shop"},
  "fields": {"customer": [
    {"name": "tier", "type": "enum", "ordered": true, "extensible": true, "label": {"en": "Tier"}, "values": [
      {"id": "bronze", "label": {"en": "Bronze"}}, {"id": "silver", "label": {"en": "Silver"}}, {"id": "gold",
       "label": {"en": "Gold"}}]},
    {"name": "likes", "type": "list", "of": "enum", "extensible": true, "values": ["tea", "coffee"]},
    {"name": "note", "type": "text"}]},
  "segments": [{"name": "high", "on": "customer", "when": "shop.tier >= 'silver'"}],
  "formulas": {"customer": [{"name": "below_gold", "type": "bool", "expr": "shop.tier < 'gold'"}]}})json";

constexpr const char* kMall = R"json({
  "id": "mall", "version": "0.1.0", "label": {"en": "Mall"}, "requires": {"plugins": {"shop": "*"}},
  "enums": {
    "interaction.channel": {"add": [{"id": "kiosk", "label": {"en": "Kiosk in the hall", "zh": "大厅自助机"}}]},
    "customer.shop.tier": {"add": [{"id": "club", "label": {"en": "Club"}, "after": "silver"}]},
    "customer.shop.likes": {"add": ["juice"]}}})json";

constexpr const char* kBoth = R"("shop": {}, "mall": {})";
constexpr const char* kShopAlone = R"("shop": {})";

class EnumsContractTest : public BundlesTest {
 protected:
  EnumsContractTest() {
    bundle("shop", kShop);
    bundle("mall", kMall);
    use(kBoth);
  }
  /// Names of the customers, one after the other.
  std::string names(const std::vector<std::string>& more) const {
    std::vector<std::string> words = {"list", "customer", "--select", "name"};
    words.insert(words.end(), more.begin(), more.end());
    const json::value found = data(words);
    std::string out;
    for (const json::value& row : found.at("rows").as_array()) out += std::string(row.at("name").as_string()) + " ";
    return out;
  }
  std::string where(const std::string& condition) const { return names({"--where", condition, "--order", "name"}); }
  /// A customer for each tier, called by the first letter of it, and one without.
  std::map<std::string, std::string> fill() const {
    std::map<std::string, std::string> out;
    for (const auto& [name, tier] :
         {std::pair{"B", "bronze"}, {"S", "silver"}, {"C", "mall.club"}, {"G", "gold"}, {"N", ""}})
      out[name] = create({"customer", "kind=person", "name=" + std::string(name), "shop.tier=" + std::string(tier)});
    ok({"run-due", "--until-idle"});
    return out;
  }
};

TEST_F(EnumsContractTest, AnAddedValueIsWrittenShownAndAskedForLikeAnyOther) {
  const std::string ann = create({"customer", "kind=person", "name=Ann", R"(shop.likes=["tea","mall.juice"])"});
  create({"interaction", "customer=" + ann, "channel=mall.kiosk", "at=2026-02-01T10:00:00Z", "subject=Asked the way"});
  EXPECT_THAT(ok({"list", "interaction", "--where", "channel == 'mall.kiosk'", "--select", "subject"}).out,
              HasSubstr("Asked the way"));
  EXPECT_THAT(ok({"list", "interaction", "--where", "channel in ['web', 'mall.kiosk']"}).out, HasSubstr("mall.kiosk"));
  EXPECT_EQ(record(ann).at("shop.likes"), json::parse(R"(["tea","mall.juice"])"));
  EXPECT_EQ(where("'mall.juice' in shop.likes"), "Ann ");
  EXPECT_THAT(ok({"timeline", ann}).out, HasSubstr("Kiosk in the hall"));
  const Outcome bare =
      here_.kith({"create", "interaction", "customer=" + ann, "channel=kiosk", "at=2026-02-01T10:00:00Z"});
  EXPECT_EQ(bare.exit, 1);
  EXPECT_THAT(bare.err, AllOf(HasSubstr("'kiosk' is not one of its values"), HasSubstr("mall.kiosk")));
}

TEST_F(EnumsContractTest, AnAddedValueHasItsPlaceInTheOrderInEvaluationInSqlAndInWhatIsStored) {
  const std::map<std::string, std::string> customers = fill();
  const std::map<std::string, int> rank = {{"B", 0}, {"S", 1}, {"C", 2}, {"G", 3}};
  const std::map<std::string, bool (*)(int)> comparisons = {
      {"shop.tier >= 'mall.club'", [](int tier) { return tier >= 2; }},
      {"shop.tier < 'mall.club'", [](int tier) { return tier < 2; }},
      {"shop.tier > 'silver'", [](int tier) { return tier > 1; }},
      {"shop.tier <= 'silver'", [](int tier) { return tier <= 1; }},
      {"'mall.club' < shop.tier", [](int tier) { return tier > 2; }},
      {"!(shop.tier < 'gold')", [](int tier) { return tier >= 3; }}};
  for (const auto& [text, holds] : comparisons) {
    std::string expected;
    for (const auto& [name, tier] : rank) {
      EXPECT_EQ(data({"eval", text, "--on", "customer", "--key", customers.at(name)}).at("value"),
                json::value(holds(tier)))
          << name << ": " << text;
      if (holds(tier)) expected += name + " ";
    }
    EXPECT_EQ(where(text), expected) << text;
  }
  EXPECT_EQ(where("in_segment('shop.high')"), "C G S ");
  EXPECT_EQ(where("shop.below_gold"), "B C S ");
  EXPECT_EQ(names({"--order", "shop.tier"}), "B S C G N ");
  EXPECT_EQ(names({"--order", "shop.tier desc"}), "G C S B N ");
}

TEST_F(EnumsContractTest, AnImportTakesAddedValuesAndRejectsOthersByName) {
  here_.write("map.json", R"({"id": "people", "source": "crm", "records": [
    {"id": "c", "type": "customer", "mode": "create", "key": {"external_id": "who"}, "set": {"kind": "'person'",
     "name": "who",
     "shop.tier": "tier", "shop.likes": {"from": "likes", "split": ";", "map": {"T": "tea", "J": "mall.juice"},
      "else": "reject"}}}]})");
  here_.write("people.csv",
              "who,tier,likes\nAnn,mall.club,T;J\nBob,gold,\nCid,mall.clubb,\nDan,spa.club,\nEve,bronze,J\n");
  const Outcome outcome = here_.kith({"import", "people.csv", "--map", "map.json"});
  EXPECT_EQ(outcome.exit, 1);
  EXPECT_THAT(outcome.out, HasSubstr("5 rows read, 3 applied"));
  EXPECT_THAT(outcome.err,
              AllOf(HasSubstr("line 4: shop.tier 'mall.clubb' is not one of its values (did you mean \"mall.club\"?)"),
                    HasSubstr("line 5: shop.tier 'spa.club' is not one of its values (spa is not loaded")));
  EXPECT_EQ(where("shop.tier == 'mall.club'"), "Ann ");
  EXPECT_EQ(where("'mall.juice' in shop.likes"), "Ann Eve ");
}

TEST_F(EnumsContractTest, TheCatalogAndThePluginSayWhoseAValueIs) {
  EXPECT_THAT(ok({"catalog", "enums", "interaction", "--format", "csv", "--lang", "zh"}).out,
              AllOf(HasSubstr("interaction,channel,phone,电话,kith"),
                    HasSubstr("interaction,channel,mall.kiosk,大厅自助机,mall")));
  const json::value added = data({"plugin", "info", "mall"}).at("adds").at("enums");
  ASSERT_EQ(added.as_array().size(), 3U);
  EXPECT_EQ(added.at(2).at("name"), json::value("mall.kiosk"));
  EXPECT_EQ(added.at(2).at("on"), json::value("interaction.channel"));
  EXPECT_THAT(ok({"plugin", "info", "mall"}).out, AllOf(HasSubstr("enums"), HasSubstr("customer.shop.tier")));
  EXPECT_THAT(json::serialize(data({"plugin", "info", "shop"}).at("adds").at("enums")), "[]");
}

TEST_F(EnumsContractTest, TheOrderOfTwoBundlesIsThatOfTheirDependenciesHoweverTheyAreListed) {
  bundle("arcade", R"json({"id": "arcade", "version": "0.1.0", "requires": {"plugins": {"shop": "*"}},
    "enums": {"customer.shop.tier": {"add": [{"id": "pass", "after": "silver"}]}}})json");
  use(R"("shop": {}, "mall": {}, "arcade": {})");
  const std::string one = ok({"catalog", "enums", "customer", "--format", "csv"}).out;
  use(R"("arcade": {}, "mall": {}, "shop": {})");
  EXPECT_EQ(ok({"catalog", "enums", "customer", "--format", "csv"}).out, one);
  EXPECT_THAT(one, AllOf(HasSubstr("arcade.pass"), HasSubstr("mall.club")));
}

// --- taken out ------------------------------------------------------------------------------------------------------

TEST_F(EnumsContractTest, TakenOutItsValuesStayAndAreInNobodysWay) {
  const std::map<std::string, std::string> customers = fill();
  const std::string club = customers.at("C");
  ok({"set", club, R"(shop.likes=["mall.juice"])"});
  use(kShopAlone);
  EXPECT_EQ(record(club).at("shop.tier"), json::value("mall.club"));
  EXPECT_EQ(record(club).at("shop.likes"), json::parse(R"(["mall.juice"])"));
  ok({"set", club, "shop.note=Came by"});
  EXPECT_EQ(record(club).at("shop.tier"), json::value("mall.club")) << "another field was written";
  EXPECT_THAT(ok({"export", "customer", "--select", "name,shop.tier"}).out, HasSubstr("C,mall.club"));
  EXPECT_EQ(names({"--order", "shop.tier, name"}), "B S G C N ")
      << "without a place in the order, as those without a tier";
}

TEST_F(EnumsContractTest, TakenOutItsValuesCanNotBeSetAnewAndAreMissedByName) {
  const std::map<std::string, std::string> customers = fill();
  use(kShopAlone);
  const Outcome tier = here_.kith({"set", customers.at("B"), "shop.tier=mall.club"});
  EXPECT_EQ(tier.exit, 1);
  EXPECT_THAT(tier.err, AllOf(HasSubstr("shop.tier 'mall.club' is not one of its values"),
                              HasSubstr("fix    mall is not loaded: add it to kith.json")));
  const Outcome likes = here_.kith({"set", customers.at("B"), R"(shop.likes=["mall.juice"])"});
  EXPECT_EQ(likes.exit, 1);
  EXPECT_THAT(likes.err, HasSubstr("mall is not loaded: add it to kith.json"));
  const Outcome asked = here_.kith({"list", "customer", "--where", "shop.tier == 'mall.club'"});
  EXPECT_EQ(asked.exit, 3);
  EXPECT_THAT(asked.err, AllOf(HasSubstr("KITH-1306"), HasSubstr("mall is not loaded; its data is kept"),
                               HasSubstr("fix    add mall to kith.json again")));
  const Outcome listed = here_.kith({"list", "customer", "--where", "'mall.juice' in shop.likes"});
  EXPECT_EQ(listed.exit, 3);
  EXPECT_THAT(listed.err, AllOf(HasSubstr("KITH-1306"), HasSubstr("mall is not loaded; its data is kept")));
  ok({"set", customers.at("C"), "shop.tier=gold"});  // away from it leads a way, not back
  EXPECT_EQ(record(customers.at("C")).at("shop.tier"), json::value("gold"));
}

TEST_F(EnumsContractTest, TakenOutItsValuesMayBeWrittenAgainWhereTheyAre) {
  const std::map<std::string, std::string> customers = fill();
  ok({"set", customers.at("C"), R"(shop.likes=["tea","mall.juice"])"});
  use(kShopAlone);
  ok({"set", customers.at("C"), "shop.tier=mall.club", R"(shop.likes=["tea","mall.juice"])", "shop.note=as before"});
  EXPECT_EQ(record(customers.at("C")).at("shop.tier"), json::value("mall.club"));
  EXPECT_EQ(record(customers.at("C")).at("shop.note"), json::value("as before"));
  EXPECT_EQ(here_.kith({"set", customers.at("S"), R"(shop.likes=["mall.juice"])"}).exit, 1);
  EXPECT_EQ(here_.kith({"set", customers.at("C"), R"(shop.likes=["tea","mall.juice",{"x":1}])"}).exit, 1);
}

TEST_F(EnumsContractTest, TakenOutItsValuesAreStillWhatWasThereBefore) {
  const std::map<std::string, std::string> customers = fill();
  bundle("watch", R"json({"id": "watch", "version": "0.1.0", "requires": {"plugins": {"shop": "*"}},
    "fields": {"customer": [{"name": "first_tier", "type": "bool"}]},
    "workflows": [{"id": "first", "on": "customer", "trigger": {"updated": ["shop.tier"]},
      "condition": "old.shop.tier == null", "actions": [{"id": "mark", "set": {"watch.first_tier": true}}]}]})json");
  use(R"("shop": {}, "watch": {})");
  ok({"set", customers.at("C"), "shop.tier=gold"});
  ok({"set", customers.at("N"), "shop.tier=gold"});
  ok({"run-due", "--until-idle"});
  EXPECT_EQ(record(customers.at("C")).at("watch.first_tier"), json::value(nullptr));
  EXPECT_EQ(record(customers.at("N")).at("watch.first_tier"), json::value(true));
}

TEST_F(EnumsContractTest, ADotInAMistakeMakesNoBundleOfIt) {
  const std::string ann = create({"customer", "kind=person", "name=Ann"});
  const Outcome wrong =
      here_.kith({"create", "interaction", "customer=" + ann, "channel=Tel. No", "at=2026-02-01T10:00:00Z"});
  EXPECT_EQ(wrong.exit, 1);
  EXPECT_THAT(wrong.err, AllOf(HasSubstr("is not one of its values"), Not(HasSubstr("kith.json"))));
}

TEST_F(EnumsContractTest, TakenOutItIsToldHowManyRecordsHaveItsValues) {
  const std::map<std::string, std::string> customers = fill();
  ok({"set", customers.at("C"), R"(shop.likes=["tea","mall.juice"])"});
  use(kShopAlone);
  const json::value info = data({"plugin", "info", "mall"}, 1);
  EXPECT_EQ(info.at("state"), json::value("orphaned"));
  EXPECT_EQ(info.at("values"), json::value(2));
  const json::array& kept = info.at("orphaned").at("enums").as_array();
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept.at(0), json::value({{"type", "customer"}, {"name", "shop.tier"}, {"records", 1}}));
  EXPECT_EQ(kept.at(1), json::value({{"type", "customer"}, {"name", "shop.likes"}, {"records", 1}}));
  EXPECT_THAT(here_.kith({"plugin", "info", "mall"}).out, HasSubstr("shop.tier"));
  EXPECT_THAT(here_.kith({"plugins"}).out, HasSubstr("2 values kept"));
}

TEST_F(EnumsContractTest, TakenOutAndPutBackWhatReadsTheOrderIsComputedAnew) {
  const std::map<std::string, std::string> customers = fill();
  use(kShopAlone);
  EXPECT_EQ(where("in_segment('shop.high')"), "G S ") << "what has no place is not known to be high";
  EXPECT_EQ(where("shop.tier >= 'silver'"), "G S ");
  EXPECT_EQ(record(customers.at("C")).at("shop.below_gold"), json::value(nullptr));
  ok({"run-due", "--until-idle"});
  EXPECT_EQ(where("in_segment('shop.high')"), "G S ");
  use(kBoth);
  EXPECT_EQ(where("in_segment('shop.high')"), "C G S ");
  EXPECT_EQ(record(customers.at("C")).at("shop.below_gold"), json::value(true));
}

TEST_F(EnumsContractTest, AMistakeInTheSectionIsRefusedWithItsPlaceBeforeAnythingOpens) {
  bundle("mall", R"json({"id": "mall", "version": "0.1.0", "requires": {"plugins": {"shop": "*"}},
  "enums": {"customer.kind": {"add": ["robot"]},
            "customer.shop.tier": {"add": ["club"]}}})json");
  const Outcome outcome = here_.kith({"check"});
  EXPECT_EQ(outcome.exit, 3);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("plugins/mall/plugin.json:2:13"), HasSubstr("plugins/mall/plugin.json:3:"),
                                 HasSubstr("is not extensible"), HasSubstr("is ordered")));
  EXPECT_FALSE(fs::exists(here_.path("crm.kith")));
}

// --- over a shipped plugin ------------------------------------------------------------------------------------------

// What an integrator writes for one chain of hotels.
constexpr const char* kLakeside = R"json({
  "id": "lakeside", "version": "1.0.0", "overlay": true, "label": {"en": "Lakeside Hotels", "zh": "湖畔酒店"},
  "requires": {"plugins": {"hospitality": "^0.1"}},
  "enums": {
    "interaction.channel": {"add": [{"id": "lakeside.mini_program", "label": {"en": "WeChat mini program",
     "zh": "微信小程序"}}]},
    "customer.hospitality.vip_code": {"add": [{"id": "black", "after": "v1", "label": {"en": "Black", "zh": "黑金"}}]},
    "customer.hospitality.room_features": {"add": [{"id": "lake_view", "label": {"en": "Lake view", "zh": "湖景"}}]},
    "hospitality.guest_request.kind": {"add": [{"id": "boat", "label": {"en": "Boat trip", "zh": "游船"}}]}},
  "segments": [{"name": "most_dear", "on": "customer", "when": "hospitality.vip_code > 'v1'",
   "label": {"en": "Most dear", "zh": "至尊"}}]})json";

TEST_F(EnumsContractTest, AChainOfHotelsAddsItsOwnRankChannelAndWishes) {
  bundle("lakeside", kLakeside);
  here_.write("kith.json", std::string(R"({"database": {"url": "sqlite:crm.kith"}, "plugin_folders": [")") +
                               KITH_PLUGIN_FOLDER +
                               R"(", "plugins"], "clock": "fixed:2026-03-01T12:00:00Z",
    "plugins": {"sales": {}, "insight": {}, "hospitality": {}, "lakeside": {}}})");
  const std::string ann = create({"customer", "kind=person", "name=Ann", "hospitality.vip_code=lakeside.black",
                                  R"(hospitality.room_features=["lakeside.lake_view"])"});
  create({"customer", "kind=person", "name=Bob", "hospitality.vip_code=v1"});
  create({"interaction", "customer=" + ann, "channel=lakeside.mini_program", "at=2026-02-01T10:00:00Z"});
  create({"interaction", "customer=" + ann, "channel=hospitality.front_desk", "at=2026-02-02T10:00:00Z"});
  EXPECT_EQ(where("in_segment('lakeside.most_dear')"), "Ann ");
  EXPECT_EQ(names({"--order", "hospitality.vip_code desc"}), "Ann Bob ");
  EXPECT_THAT(ok({"timeline", ann}).out, AllOf(HasSubstr("WeChat mini program"), HasSubstr("Front desk")));
  EXPECT_THAT(ok({"catalog", "enums", "hospitality.guest_request", "--format", "csv"}).out,
              HasSubstr("hospitality.guest_request,kind,lakeside.boat,Boat trip,lakeside"));
}

}  // namespace
}  // namespace kith::test
