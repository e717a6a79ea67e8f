// Section "enums": values that a bundle adds to the enums of others.
#include <boost/json.hpp>

#include "catalog/describe.hpp"
#include "catalog/manifest/sleeping.hpp"
#include "manifests.hpp"

namespace kith::internal::catalog {
namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

// Whose enums others may add to: an ordered one, a list, one on a type of its own; and some that they may not.
const char* const kShop = R"("fields": {"customer": [
    {"name": "tier", "type": "enum", "ordered": true, "extensible": true, "values": ["bronze", "silver", "gold"]},
    {"name": "likes", "type": "list", "of": "enum", "extensible": true, "values": ["tea", "coffee"]},
    {"name": "size", "type": "enum", "values": ["s", "l"]},
    {"name": "note", "type": "text"}]},
  "record_types": [{"name": "order", "fields": [
    {"name": "customer", "type": "ref", "to": "customer", "inverse": "orders"},
    {"name": "channel", "type": "enum", "extensible": true, "values": ["web", "store"]}]}],
  "formulas": {"customer": [{"name": "mood", "type": "enum", "values": ["good"],
   "expr": "name == null ? null : 'good'"}]})";
const char* const kRequiresShop = R"(, "requires": {"plugins": {"shop": "^0.1"}})";

Manifests with_shop() { return std::move(Manifests().bundle("shop", kShop)); }

/// "mall", with these additions, beside "shop".
Built build_mall(const std::string& enums, const std::string& more = {}, const std::string& head = kRequiresShop) {
  return with_shop().bundle("mall", "\"enums\": {" + enums + "}" + more, head).build();
}

const std::vector<std::string>& ids_of(const Built& built, const std::string& type, const std::string& field) {
  return built->member(built->type(type), field).values->ids;
}

TEST(EnumsTest, AddsValuesNamedAfterTheirBundleToFieldsOfTheCoreAndOfOthers) {
  const Built built = build_mall(R"(
    "interaction.channel": {"add": [{"id": "kiosk", "label": {"en": "Kiosk", "zh": "自助机"}}]},
    "shop.order.channel": {"add": ["kiosk", "mall.phone"]},
    "customer.shop.likes": {"add": [{"id": "mall.juice"}]})");
  ASSERT_BUILDS(built);
  const Member& channel = built->member(built->type("interaction"), "channel");
  EXPECT_EQ(channel.values->ids.back(), "mall.kiosk");
  EXPECT_EQ(channel.value_labels.back().id, "mall.kiosk");
  EXPECT_EQ(channel.value_labels.back().label.in("zh"), "自助机");
  EXPECT_EQ(channel.value_labels.back().owner, "mall");
  EXPECT_EQ(channel.type.values, channel.values.get()) << "what reads the type sees the added values";
  EXPECT_THAT(ids_of(built, "shop.order", "channel"), ElementsAre("web", "store", "mall.kiosk", "mall.phone"));
  EXPECT_THAT(ids_of(built, "customer", "shop.likes"), ElementsAre("tea", "coffee", "mall.juice"));
  const Member& likes = built->member(built->type("customer"), "shop.likes");
  EXPECT_EQ(likes.value_labels.back().label.in("en"), "mall.juice") << "without a label the id is shown";
}

TEST(EnumsTest, PutsValuesOfAnOrderedEnumRightAfterTheOnesTheyName) {
  const Built built = build_mall(R"("customer.shop.tier": {"add": [
    {"id": "club", "after": "silver"}, {"id": "club_plus", "after": "club"}, {"id": "late", "after": "silver"},
    {"id": "top", "after": "gold"}, {"id": "gold", "after": "mall.late"}]})");
  ASSERT_BUILDS(built);
  EXPECT_THAT(ids_of(built, "customer", "shop.tier"), ElementsAre("bronze", "silver", "mall.club", "mall.club_plus",
                                                                  "mall.late", "mall.gold", "gold", "mall.top"));
  const Member& tier = built->member(built->type("customer"), "shop.tier");
  for (std::size_t i = 0; i < tier.values->ids.size(); ++i) EXPECT_EQ(tier.value_labels[i].id, tier.values->ids[i]);
}

TEST(EnumsTest, KeepsTheOrderOfTheBundlesWhereTwoAddAfterTheSameValue) {
  const char* const after_silver = R"("enums": {"customer.shop.tier": {"add": [
    {"id": "a", "after": "silver"}, {"id": "b", "after": "a"}, {"id": "z", "after": "gold"}]}})";
  const Built built =
      with_shop()
          .bundle("mall", after_silver, kRequiresShop)
          .bundle("arcade", after_silver, kRequiresShop)
          .bundle("stall", R"("enums": {"customer.shop.tier": {"add": [{"id": "x", "after": "mall.a"}]}})",
                  R"(, "requires": {"plugins": {"shop": "*", "mall": "*"}})")
          .build();
  ASSERT_BUILDS(built);
  EXPECT_THAT(ids_of(built, "customer", "shop.tier"),
              ElementsAre("bronze", "silver", "mall.a", "mall.b", "stall.x", "arcade.a", "arcade.b", "gold", "mall.z",
                          "arcade.z"));
}

TEST(EnumsTest, LetsExpressionsAndWorkflowsUseAddedValues) {
  const Built built = build_mall(R"(
    "interaction.channel": {"add": ["kiosk"]}, "customer.shop.tier": {"add": [{"id": "club", "after": "silver"}]})",
                                 R"(,
    "segments": [{"name": "high", "on": "customer", "when": "shop.tier >= 'mall.club'"}],
    "rollups": {"customer": [{"name": "visits", "type": "int", "aggregate": "count", "over": "interactions",
                              "where": "channel in ['visit', 'mall.kiosk']"}]},
    "workflows": [{"id": "greet", "on": "customer", "trigger": {"created": true}, "actions": [
      {"id": "rank", "set": {"shop.tier": "mall.club"}},
      {"id": "note", "log": {"channel": "mall.kiosk", "direction": "in", "at": "{{now()}}"}}]}])");
  EXPECT_BUILDS(built);
}

TEST(EnumsTest, OffersAddedValuesWhereAnExpressionMisspellsOne) {
  const Built built = build_mall(R"("interaction.channel": {"add": ["kiosk"]})", R"(,
    "rollups": {"customer": [{"name": "visits", "type": "int", "aggregate": "count", "over": "interactions",
                              "where": "channel == 'mall.kisok'"}]})");
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_EQ(built.problems[0].number, ProblemNumber::bad_enum_value);
  EXPECT_THAT(built.problems[0].fix, HasSubstr("mall.kiosk"));
}

// --- what is refused ------------------------------------------------------------------------------------------------

struct Refused {
  const char* enums;  ///< on line 2 of the manifest
  ProblemNumber number;
  const char* message;
  const char* fix;
  int column;
};
class EnumsRefusedTest : public testing::TestWithParam<Refused> {};

TEST_P(EnumsRefusedTest, IsToldWithItsPlaceAndWhatToDo) {
  const Refused& expected = GetParam();
  const Built built =
      with_shop().bundle("mall", std::string("\"enums\": {") + expected.enums + "}", kRequiresShop).build();
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  const Problem& problem = built.problems[0];
  EXPECT_EQ(problem.number, expected.number);
  EXPECT_THAT(problem.message, HasSubstr(expected.message));
  EXPECT_THAT(problem.fix, HasSubstr(expected.fix));
  EXPECT_EQ(problem.where.file, "mall/plugin.json");
  EXPECT_EQ(problem.where.line, 2);
  EXPECT_EQ(problem.where.column, expected.column);
}

INSTANTIATE_TEST_SUITE_P(
    Enums, EnumsRefusedTest,
    testing::Values(
        Refused{R"("interation.channel": {"add": ["x"]})", ProblemNumber::unknown_reference,
                "there is no record type \"interation\"", "did you mean \"interaction.channel\"?", 11},
        Refused{R"("shop.oder.channel": {"add": ["x"]})", ProblemNumber::unknown_reference,
                "there is no record type \"shop.oder\"", "did you mean \"shop.order.channel\"?", 11},
        Refused{R"("nothing.at_all": {"add": ["x"]})", ProblemNumber::unknown_reference,
                "there is no record type \"nothing\"", "", 11},
        Refused{R"("interaction.chanel": {"add": ["x"]})", ProblemNumber::unknown_reference,
                "there is no field \"chanel\" on interaction", "did you mean \"interaction.channel\"?", 11},
        Refused{R"("customer.likes": {"add": ["x"]})", ProblemNumber::unknown_reference,
                "there is no field \"likes\" on customer", "\"shop.likes\"", 11},
        Refused{R"("interaction": {"add": ["x"]})", ProblemNumber::unknown_reference, "\"interaction\" names no field",
                "interaction.channel", 11},
        Refused{R"("customer.shop.note": {"add": ["x"]})", ProblemNumber::type_mismatch,
                "has no values to add to: it is of type text", "enum", 11},
        Refused{R"("customer.shop.orders": {"add": ["x"]})", ProblemNumber::type_mismatch, "it is a set of records",
                "enum", 11},
        Refused{R"("customer.lifecycle": {"add": ["x"]})", ProblemNumber::not_allowed_here,
                "is the state of a lifecycle by the core", "name a field", 11},
        Refused{R"("customer.shop.mood": {"add": ["x"]})", ProblemNumber::not_allowed_here, "is computed by shop",
                "name a field", 11},
        Refused{R"("customer.shop.size": {"add": ["x"]})", ProblemNumber::not_allowed_here,
                "is not extensible: its values are those of shop alone", "\"extensible\": true in shop", 11},
        Refused{R"("customer.kind": {"add": ["x"]})", ProblemNumber::not_allowed_here,
                "is not extensible: its values are those of the core alone", "a field of your own", 11},
        Refused{R"("interaction.channel": {"add": ["x", "y", "mall.x"]})", ProblemNumber::duplicate_name,
                "\"mall.x\" is declared twice", "rename", 53},
        Refused{R"("interaction.channel": {"add": [{"id": "shop.x"}]})", ProblemNumber::bad_name,
                "\"shop.x\" would not be named as one of mall's", "write \"mall.x\", or only \"x\"", 50},
        Refused{R"("interaction.channel": {"add": ["mall.x.y"]})", ProblemNumber::bad_name, "\"mall.x.y\"",
                "\"mall.y\"", 43},
        Refused{R"("customer.shop.tier": {"add": [{"id": "x"}]})", ProblemNumber::missing_key,
                "is ordered, and \"x\" does not say where it stands", "\"after\"", 42},
        Refused{R"("customer.shop.tier": {"add": ["x"]})", ProblemNumber::missing_key, "is ordered", "\"after\"", 42},
        Refused{R"("customer.shop.tier": {"add": [{"id": "x", "after": "sliver"}]})", ProblemNumber::unknown_reference,
                "there is no value \"sliver\" of \"customer.shop.tier\"", "did you mean \"silver\"?", 63},
        Refused{R"("customer.shop.tier": {"add": [{"id": "x", "after": "y"}, {"id": "y", "after": "gold"}]})",
                ProblemNumber::unknown_reference, "there is no value \"y\"", "bronze", 63},
        Refused{R"("shop.order.channel": {"add": [{"id": "x", "after": "web"}]})", ProblemNumber::not_allowed_here,
                "is not ordered", "leave \"after\" out", 54},
        Refused{R"("interaction.channel": {"adds": ["x"]})", ProblemNumber::unknown_key, "\"adds\" is not a key",
                "did you mean \"add\"?", 35},
        Refused{R"("interaction.channel": ["x"])", ProblemNumber::wrong_type, "", "", 34},
        Refused{R"("interaction.channel": {"add": ["Big One"]})", ProblemNumber::bad_name, "\"Big One\" is not a name",
                "", 43},
        Refused{R"("interaction.channel": {"add": [{"label": {"en": "X"}}]})", ProblemNumber::missing_key,
                "has no \"id\"", "add \"id\"", 43}));

TEST(EnumsTest, TellsAllMistakesAtOnceEachAtItsLine) {
  const Built built = with_shop()
                          .bundle("mall",
                                  "\"enums\": {\n"
                                  "  \"customer.shop.size\": {\"add\": [\"m\"]},\n"
                                  "  \"interaction.chanel\": {\"add\": [\"kiosk\"]},\n"
                                  "  \"customer.shop.tier\": {\"add\": [\n"
                                  "    {\"id\": \"club\"},\n"
                                  "    {\"id\": \"shop.club\", \"after\": \"gold\"}]}}",
                                  kRequiresShop)
                          .build();
  ASSERT_EQ(built.problems.size(), 4U) << built.text();
  std::vector<int> lines;
  for (const Problem& problem : built.problems) lines.push_back(problem.where.line);
  EXPECT_THAT(lines, ElementsAre(3, 4, 6, 7));
}

TEST(EnumsTest, RefusesToAddToAFieldOfABundleThatIsNotRequired) {
  const Built type = build_mall(R"("shop.order.channel": {"add": ["kiosk"]})", {}, "");
  ASSERT_EQ(type.problems.size(), 1U) << type.text();
  EXPECT_THAT(type.text(), AllOf(HasSubstr("mall uses \"shop.order\" but does not require \"shop\""),
                                 HasSubstr("add \"shop\" to \"requires\"")));
  const Built field = build_mall(R"("customer.shop.likes": {"add": ["juice"]})", {}, "");
  ASSERT_EQ(field.problems.size(), 1U) << field.text();
  EXPECT_THAT(field.text(), AllOf(HasSubstr("mall adds to \"customer.shop.likes\" but does not require \"shop\""),
                                  HasSubstr("add \"shop\" to \"requires\"")));
}

TEST(EnumsTest, RefusesToAddToAFieldOfTheSameBundle) {
  const Built built = with_shop()
                          .bundle("mall", R"("fields": {"customer": [
      {"name": "badge", "type": "enum", "extensible": true, "values": ["a"]}]},
    "enums": {"customer.mall.badge": {"add": ["b"]}})")
                          .build();
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_THAT(built.text(), AllOf(HasSubstr("is a field of mall itself"), HasSubstr("\"values\" of the field")));
}

TEST(EnumsTest, RefusesTheUseOfValuesThatABundleAddsWhichIsNotRequired) {
  const Built built =
      with_shop()
          .bundle("mall", R"("enums": {"customer.shop.tier": {"add": [{"id": "club", "after": "silver"}]},
                                       "customer.shop.likes": {"add": ["juice"]}})",
                  kRequiresShop)
          .bundle("post", R"(
    "enums": {"customer.shop.tier": {"add": [{"id": "x", "after": "mall.club"}]}},
    "segments": [{"name": "s", "on": "customer", "when": "shop.tier == 'mall.club'"},
                 {"name": "l", "on": "customer", "when": "'mall.juice' in shop.likes"}],
    "workflows": [{"id": "w", "on": "customer", "trigger": {"created": true}, "actions": [
      {"id": "a", "set": {"shop.tier": "mall.club"}}, {"id": "b", "set": {"shop.likes": ["tea", "mall.juice"]}}]}])",
                  kRequiresShop)
          .build();
  ASSERT_EQ(built.problems.size(), 5U) << built.text();
  std::vector<std::string> fixes;
  for (const Problem& problem : built.problems) fixes.push_back(problem.fix);
  EXPECT_THAT(fixes, Each(HasSubstr("add \"mall\" to \"requires\"")));
}

TEST(EnumsTest, SaysWhyTwoEnumsHaveNoCommonOrderOnceOneHasMoreValues) {
  const std::string sections = R"("fields": {"customer": [
      {"name": "rank", "type": "enum", "ordered": true, "extensible": true, "values": ["low", "high"]},
      {"name": "wish", "type": "enum", "ordered": true, "values": ["low", "high"]}]},
    "segments": [{"name": "wants_more", "on": "customer", "when": "shop.wish > shop.rank"}])";
  EXPECT_BUILDS(Manifests().bundle("shop", sections).build());
  const Built built =
      Manifests()
          .bundle("shop", sections)
          .bundle("mall", R"("enums": {"customer.shop.rank": {"add": [{"id": "top", "after": "high"}]}})",
                  kRequiresShop)
          .build();
  ASSERT_EQ(built.problems.size(), 1U) << built.text();
  EXPECT_THAT(built.text(),
              AllOf(HasSubstr("these enums have different values"), HasSubstr("compare each with a literal")));
}

// --- items that sleep -----------------------------------------------------------------------------------------------

const char* const kAddsWhereThere = R"("enums": {
    "customer.shop.likes": {"needs": "shop", "add": ["juice"]},
    "interaction.channel": {"add": [{"id": "kiosk", "needs": "shop"}, "screen"]}})";
const char* const kShopIfThere = R"(, "requires": {"optional": {"shop": "^0.1"}})";

TEST(EnumsTest, AddsWhatNeedsABundleOnlyWhereThatIsThere) {
  const Built with = with_shop().bundle("mall", kAddsWhereThere, kShopIfThere).build();
  ASSERT_BUILDS(with);
  EXPECT_THAT(ids_of(with, "customer", "shop.likes"), testing::Contains("mall.juice"));
  EXPECT_THAT(ids_of(with, "interaction", "channel"), testing::Contains("mall.kiosk"));
  const Built without = Manifests().bundle("mall", kAddsWhereThere, kShopIfThere).build();
  ASSERT_BUILDS(without);
  EXPECT_THAT(ids_of(without, "interaction", "channel"), testing::Not(testing::Contains("mall.kiosk")));
  EXPECT_EQ(ids_of(without, "interaction", "channel").back(), "mall.screen");
}

TEST(EnumsTest, NamesSleepingAdditionsByFieldAndValue) {
  const JsonDocument mall =
      JsonDocument::parse(R"({"id": "mall", "version": "0.1.0", "requires": {"optional": {"shop": "^0.1"}},)" +
                              std::string(kAddsWhereThere) + "}",
                          "mall/plugin.json");
  std::vector<std::string> names;
  for (const SleepingItem& item : sleeping_items({{&core_manifest(), true}, {&mall, false}}))
    names.push_back(item.section + " " + item.name);
  EXPECT_THAT(names, ElementsAre("enums customer.shop.likes", "enums interaction.channel/kiosk"));
}

// --- what others see of it ------------------------------------------------------------------------------------------

TEST(EnumsTest, IsDescribedWithTheOwnerOfEachValue) {
  const Built built =
      build_mall(R"("interaction.channel": {"add": [{"id": "kiosk", "label": {"en": "Kiosk", "zh": "自助机"}}]})");
  ASSERT_BUILDS(built);
  const boost::json::value described = describe(*built, "zh");
  for (const boost::json::value& type : described.at("types").as_array()) {
    if (type.at("name") != boost::json::value("interaction")) continue;
    for (const boost::json::value& member : type.at("members").as_array()) {
      if (member.at("name") != boost::json::value("channel")) continue;
      EXPECT_EQ(member.at("extensible"), boost::json::value(true));
      const boost::json::array& values = member.at("values").as_array();
      EXPECT_EQ(values.front().at("owner"), boost::json::value("kith"));
      EXPECT_EQ(values.back(), boost::json::value({{"id", "mall.kiosk"}, {"label", "自助机"}, {"owner", "mall"}}));
      return;
    }
  }
  FAIL() << "interaction.channel is not described";
}

// Whoever compares by order is computed anew when the order gets another value; nobody else is.
TEST(EnumsTest, ChangesTheFingerprintOfWhatReadsTheOrderAndNoOther) {
  const std::string sections = std::string(kShop) + R"(,
    "segments": [{"name": "high", "on": "customer", "when": "shop.tier >= 'silver'"},
                 {"name": "called", "on": "customer", "when": "name != null"}],
    "rollups": {"customer": [{"name": "web", "type": "int", "aggregate": "count", "over": "shop.orders",
     "where": "channel == 'web'"}]})";
  const Built before = Manifests().bundle("shop", sections).build();
  const Built after =
      Manifests()
          .bundle("shop", sections)
          .bundle("mall", R"("enums": {"customer.shop.tier": {"add": [{"id": "club", "after": "silver"}]},
                                                       "shop.order.channel": {"add": ["kiosk"]}})",
                  kRequiresShop)
          .build();
  ASSERT_BUILDS(before);
  ASSERT_BUILDS(after);
  const auto same = [&](const char* name) {
    return before->find_derivation(name)->fingerprint == after->find_derivation(name)->fingerprint;
  };
  EXPECT_FALSE(same("shop.high"));
  EXPECT_TRUE(same("shop.called"));
  EXPECT_TRUE(same("shop.web"));
}

}  // namespace
}  // namespace kith::internal::catalog
