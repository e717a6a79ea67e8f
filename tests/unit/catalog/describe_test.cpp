#include "catalog/describe.hpp"

#include <boost/json.hpp>

#include "manifests.hpp"

namespace kith::internal::catalog {
namespace {
namespace json = boost::json;

const json::object* named(const json::value& list, std::string_view name, const char* key = "name") {
  for (const json::value& element : list.as_array())
    if (element.at(key).as_string() == json::string_view(name.data(), name.size())) return &element.as_object();
  return nullptr;
}

TEST(DescribeTest, TellsTypesAndMembersWithLabelsInTheAskedLanguage) {
  const Built built = Manifests().bundle("shop", kOrders).build();
  ASSERT_BUILDS(built);
  const json::value english = describe(*built, "en"), chinese = describe(*built, "zh");
  EXPECT_EQ(named(english.at("types"), "customer")->at("label").as_string(), "Customer");
  EXPECT_EQ(named(chinese.at("types"), "customer")->at("label").as_string(), "客户");
  EXPECT_EQ(named(chinese.at("types"), "shop.order")->at("label").as_string(), "Order");
  const json::object* order = named(english.at("types"), "shop.order");
  const json::object* customer = named(order->at("members"), "customer");
  EXPECT_EQ(customer->at("type").as_string(), "ref customer");
  EXPECT_EQ(customer->at("inverse").as_string(), "shop.orders");
  EXPECT_TRUE(customer->at("required").as_bool());
  const json::object* set = named(named(english.at("types"), "customer")->at("members"), "shop.orders");
  EXPECT_EQ(set->at("type").as_string(), "set of shop.order");
}

TEST(DescribeTest, TellsScoresRulesAndWorkflowsAndHidesTriggers) {
  const Built built = build_bundle(
      R"("scores": [{"name": "value", "on": "customer", "rules": [{"id": "known", "when": "email != null",
        "points": 2.5}], "bands": [{"id": "low", "from": 0}]}],
    "workflows": [{"id": "w", "on": "customer", "trigger": {"became": "email != null"}, "actions": [{"id": "e",
     "emit": "happened"}]}])");
  ASSERT_BUILDS(built);
  const json::value out = describe(*built, "en");
  const json::object* score = named(out.at("scores"), "shop.value");
  ASSERT_NE(score, nullptr);
  const json::value& rule = score->at("dimensions").at(0).at("groups").at(0).at("rules").at(0);
  EXPECT_EQ(rule.at("points").as_double(), 2.5);
  EXPECT_EQ(rule.at("when").as_string(), "email != null");
  const json::object* workflow = named(out.at("workflows"), "shop.w", "id");
  EXPECT_EQ(workflow->at("trigger").at("expr").as_string(), "email != null");
  EXPECT_EQ(json::serialize(out).find('#'), std::string::npos);
}

TEST(DescribeTest, TellsEverySection) {
  const Built built = Manifests().build();
  ASSERT_BUILDS(built);
  const json::value out = describe(*built, "en");
  for (const char* section :
       {"bundles", "types", "relationships", "lifecycles", "formulas", "rollups", "segments", "scores", "validations",
        "workflows", "functions", "actions", "jobs", "parameters", "settings", "roles"})
    EXPECT_TRUE(out.as_object().contains(section)) << section;
  EXPECT_EQ(named(out.at("lifecycles"), "customer.lifecycle")->at("states").as_array().size(), 5U);
}

}  // namespace
}  // namespace kith::internal::catalog
