// What a unit brings to evaluations: settings, published parameters, functions of plugins.
#include "unit/access/world.hpp"

namespace kith::internal::testing {
namespace {

const char* const kSections = R"json(
  "settings": [{"name": "lapse_days", "type": "int", "default": 90, "label": {"en": "Lapse"}}],
  "parameters": [{"set": "limits", "values": [{"name": "high", "type": "int"}, {"name": "since", "type": "date"},
                                              {"name": "share", "type": "double"}, {"name": "spend",
                                               "type": "money"}]}])json";

store::PublishedSet published(const std::string& values, std::int64_t as_of) {
  store::PublishedSet set;
  set.set = "shop.limits";
  set.values_json = values;
  set.as_of_us = set.published_us = as_of;
  return set;
}

TEST(UnitTest, GivesSettingsAndTheNewestPublishedParametersInTheirTypes) {
  World world{std::string(kSections)};
  world.write([&](access::Unit& unit) {
    EXPECT_EQ(unit.surroundings.setting("shop.lapse_days"), Value::integer(90));
    EXPECT_EQ(unit.surroundings.parameter("shop.limits", "high").value, Value::null()) << "nothing published";
    store::add_parameters(unit.records, published(R"({"high": 3})", world.now));
    store::add_parameters(
        unit.records, published(R"({"high": 4, "since": "2026-01-02", "share": 1, "spend": "12.50"})", world.now + 1));
    EXPECT_EQ(unit.surroundings.parameter("shop.limits", "high").value, Value::null()) << "read once in a unit";
    unit.surroundings.forget_parameters();
    EXPECT_EQ(unit.surroundings.parameter("shop.limits", "high").value, Value::integer(4));
    EXPECT_EQ(unit.surroundings.parameter("shop.limits", "since").value, Value::date(*parse_date("2026-01-02")));
    EXPECT_EQ(unit.surroundings.parameter("shop.limits", "share").value, Value::real(1));
    EXPECT_EQ(unit.surroundings.parameter("shop.limits", "spend").value, world.money(1'250));
    EXPECT_EQ(unit.surroundings.parameter("shop.limits", "high").until, kForever);
  });
}

TEST(UnitTest, RefusesNamesThatDoNotExistAndFunctionsWithoutAPlugin) {
  World world{std::string(kSections)};
  world.read([&](access::Unit& unit) {
    EXPECT_EQ(problem_of([&] { unit.surroundings.setting("shop.nothing"); }), ProblemNumber::unknown_thing);
    EXPECT_EQ(problem_of([&] { unit.surroundings.parameter("shop.nothing", "x"); }), ProblemNumber::unknown_thing);
    EXPECT_EQ(problem_of([&] { unit.surroundings.call(0, {}); }), ProblemNumber::misuse);
  });
}

TEST(UnitTest, CallsTheFunctionsItWasGiven) {
  World world{std::string(kSections)};
  const access::FunctionCaller twice = [](std::int32_t function, const std::vector<Value>& arguments) {
    return Value::integer(function + 2 * arguments.at(0).i);
  };
  store::Reader reader = world.database->read(1'000'000);
  access::Unit unit(reader.connection(), *world.layout, world.principal, world.now, false, world.ids, &twice);
  EXPECT_EQ(unit.env().surroundings->call(100, {Value::integer(4)}), Value::integer(108));
  EXPECT_EQ(unit.env().now, world.now);
}

}  // namespace
}  // namespace kith::internal::testing
