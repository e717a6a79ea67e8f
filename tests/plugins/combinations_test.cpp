// Any of the four industries on one core: alone, together, none, taken out and put back.
#include "plugins/world.hpp"

namespace kith::test {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Vertical {
  const char* name;
  bool needs_insight;
  /// What a person is asked for by this industry, and its answer.
  const char *field, *value;
  const char* score;
  /// The record type that stands on the timeline.
  const char* type;
};
constexpr Vertical kVerticals[] = {
    {"retail", true, "retail.preferred_channel", "web", "retail.value", "retail.order"},
    {"b2b", false, "b2b.industry_code", "28.41", "b2b.deal_fit", "b2b.contract"},
    {"finance", false, "finance.pep_status", "none", "finance.risk", "finance.account"},
    {"hospitality", true, "hospitality.floor", "high", "hospitality.guest_value", "hospitality.reservation"}};

bool has(unsigned set, const char* vertical) {
  for (unsigned i = 0; i < 4; ++i)
    if (std::string_view(kVerticals[i].name) == vertical) return (set >> i & 1U) != 0;
  return false;
}

/// The section "plugins" of kith.json: the verticals of a set, and what they need.
std::string plugins_of(unsigned set) {
  json::object plugins{{"sales", json::object()}};
  for (unsigned i = 0; i < 4; ++i) {
    if ((set >> i & 1U) == 0) continue;
    if (kVerticals[i].needs_insight) plugins["insight"] = json::object();
    plugins[kVerticals[i].name] = json::object();
  }
  return json::serialize(plugins);
}

/// The same person: a shopper, a buyer of machines, a client of a bank, a guest of a hotel, as far as loaded.
struct Person {
  Ref customer, deal;
};

Person live(World& world, unsigned set) {
  Person ada{world.me.create("customer",
                             {{"kind", "person"}, {"name", "Ada Li"}, {"email", "ada@example.com"}, {"country", "SE"}}),
             {}};
  ada.deal = world.me.create(
      "sales.deal",
      {{"title", "Presses"}, {"customer", ada.customer.text()}, {"amount", "80000"}, {"pipeline", "key_account"}});
  for (unsigned i = 0; i < 4; ++i)
    if ((set >> i & 1U) != 0) world.me.update(ada.customer, {{kVerticals[i].field, kVerticals[i].value}});
  if (has(set, "retail")) world.order(ada.customer, 10, "40");
  if (has(set, "b2b")) {
    world.me.update(ada.deal, {{"b2b.need_explicit", true}});
    world.me.transition(ada.deal, "b2b.deal_stage", "qualify");
    world.me.create(
        "b2b.contract",
        {{"number", "C-1"}, {"customer", ada.customer.text()}, {"starts_on", "2026-01-01"}, {"ends_on", "2026-12-31"}});
  }
  if (has(set, "finance")) {
    world.me.transition(ada.customer, "finance.client_state", "approach");
    world.me.create("finance.account",
                    {{"number", "A-1"}, {"customer", ada.customer.text()}, {"opened_on", "2026-01-01"}});
  }
  if (has(set, "hospitality")) {
    const Ref house = world.me.create(
        "hospitality.property",
        {{"code", "LAKE"}, {"name", "Lakeside"}, {"time_zone", "Europe/Zurich"}, {"business_date", world.day_ago(0)}});
    const Ref reservation = world.me.create("hospitality.reservation", {{"confirmation_no", "R-1"},
                                                                        {"property", house.text()},
                                                                        {"guest", ada.customer.text()},
                                                                        {"arrival_on", world.day_ago(3)},
                                                                        {"departure_on", world.day_ago(1)},
                                                                        {"room_type", "DBL"},
                                                                        {"channel", "ota"},
                                                                        {"identity_checked", true},
                                                                        {"room_no", "204"},
                                                                        {"room_revenue", "300"}});
    world.me.transition(reservation, "hospitality.reservation_state", "check_in");
    world.me.transition(reservation, "hospitality.reservation_state", "check_out");
  }
  world.settle();
  return ada;
}

/// What each industry makes of the person.
std::map<std::string, std::string> seen(World& world, const Person& ada, unsigned set) {
  std::map<std::string, std::string> values;
  const auto take = [&](const Ref& record, const char* expression) {
    values[expression] = world.value(record, expression);
  };
  for (unsigned i = 0; i < 4; ++i)
    if ((set >> i & 1U) != 0) take(ada.customer, kVerticals[i].field);
  if (has(set, "retail"))
    for (const char* one : {"retail.value", "retail.value_band", "retail.net_spend_12m",
                            "state('retail.shopper_state')", "in_segment('retail.active_shoppers')"})
      take(ada.customer, one);
  if (has(set, "b2b"))
    for (const char* one : {"b2b.deal_fit", "b2b.probability", "state('b2b.deal_stage')"}) take(ada.deal, one);
  if (has(set, "finance"))
    for (const char* one : {"finance.risk", "finance.risk_band", "state('finance.client_state')"})
      take(ada.customer, one);
  if (has(set, "hospitality"))
    for (const char* one : {"hospitality.guest_value", "hospitality.nights_12m", "state('hospitality.guest_state')"})
      take(ada.customer, one);
  return values;
}

void expect_exactly(World& world, const Person& ada, unsigned set) {
  const std::string catalog = json::serialize(world.run("catalog"));
  const std::string timeline =
      json::serialize(world.run("timeline", {{"type", "customer"}, {"key", ada.customer.text().substr(9)}}));
  const std::string record =
      json::serialize(world.run("get", {{"type", "customer"}, {"key", ada.customer.text().substr(9)}}));
  for (unsigned i = 0; i < 4; ++i) {
    const Vertical& vertical = kVerticals[i];
    const std::string prefix = "\"" + std::string(vertical.name) + ".";
    const std::string entry = R"("type":")" + std::string(vertical.type) + "\"";
    if ((set >> i & 1U) != 0) {
      EXPECT_THAT(catalog, HasSubstr(prefix));
      EXPECT_THAT(timeline, HasSubstr(entry));
      EXPECT_THAT(record, HasSubstr(vertical.field));
    } else {
      EXPECT_THAT(catalog, Not(HasSubstr(prefix)));
      EXPECT_THAT(timeline, Not(HasSubstr(entry)));
      EXPECT_THAT(record, Not(HasSubstr(prefix)));
      EXPECT_EQ(failure_of([&] { world.count(vertical.type); }).code(), KITH_NOT_FOUND) << vertical.type;
      failure_of([&] { world.value(ada.customer, vertical.field); });
    }
  }
}

std::string name_of(unsigned set) {
  std::string name;
  for (unsigned i = 0; i < 4; ++i)
    if ((set >> i & 1U) != 0) name += (name.empty() ? "" : "_") + std::string(kVerticals[i].name);
  return name.empty() ? "none" : name;
}

class CombinationTest : public testing::TestWithParam<unsigned> {};

TEST_P(CombinationTest, OpensWorksAndCloses) {
  const unsigned set = GetParam();
  const TemporaryFolder home;
  Timestamp now{};
  Person ada;
  std::map<std::string, std::string> before;
  {
    World world(plugins_of(set), home, noon(2026, 3, 10));
    ada = live(world, set);
    before = seen(world, ada, set);
    expect_exactly(world, ada, set);
    now = world.now();
  }
  World again(plugins_of(set), home, now);
  EXPECT_EQ(seen(again, ada, set), before);
  if (has(set, "retail")) {
    EXPECT_EQ(before.at("state('retail.shopper_state')"), "first_time");
    EXPECT_EQ(before.at("retail.value"), "0");
  }
  if (has(set, "b2b")) {
    EXPECT_EQ(before.at("b2b.deal_fit"), "20");
  }
  if (has(set, "finance")) {
    EXPECT_EQ(before.at("finance.risk"), "40");
    EXPECT_EQ(before.at("finance.risk_band"), "medium");
  }
  if (has(set, "hospitality")) {
    EXPECT_EQ(before.at("hospitality.guest_value"), "17");
    EXPECT_EQ(before.at("state('hospitality.guest_state')"), "first_stay");
  }
}

INSTANTIATE_TEST_SUITE_P(All, CombinationTest, testing::Range(0U, 16U),
                         [](const auto& one) { return name_of(one.param); });

TEST(OnePersonTest, IsShopperBankClientAndHotelGuestOnOneTimeline) {
  World world(kFourVerticals);
  const Person ada = live(world, 15);
  EXPECT_EQ(world.count("customer"), 1);
  EXPECT_EQ(world.value(ada.customer, "state('retail.shopper_state')"), "first_time");
  EXPECT_EQ(world.value(ada.customer, "state('finance.client_state')"), "prospect");
  EXPECT_EQ(world.value(ada.customer, "state('hospitality.guest_state')"), "first_stay");
  EXPECT_EQ(world.value(ada.customer, "state('customer.lifecycle')"), "customer") << "raised by shop and hotel";
  const std::string timeline =
      json::serialize(world.run("timeline", {{"type", "customer"}, {"key", ada.customer.text().substr(9)}}));
  for (const char* type :
       {"retail.order", "finance.account", "hospitality.reservation", "hospitality.stay", "sales.deal"})
    EXPECT_THAT(timeline, HasSubstr(type));
  EXPECT_EQ(world.value(ada.customer, "insight.net_value"), "340.00 USD") << "one ledger: the order and the stay";
  EXPECT_EQ(world.value(ada.customer, "insight.value_count"), "2");
}

TEST(RetailTest, TakenOutAndPutBackIsAsItWas) {
  const TemporaryFolder home;
  constexpr std::string_view kWith = R"({"sales": {}, "insight": {}, "retail": {}})",
                             kWithout = R"({"sales": {}, "insight": {}})";
  Person ada;
  std::map<std::string, std::string> before;
  Timestamp now{};
  {
    World world(kWith, home, noon(2026, 3, 10));
    ada = live(world, 1);
    const Ref store = world.me.create("retail.store", {{"code", "S-1"}, {"name", "High Street"}});
    world.me.update(ada.customer, {{"retail.preferred_store", store.text()}});
    world.order(ada.customer, 5, "60");
    world.contact(ada.customer, 1);
    world.settle();
    before = seen(world, ada, 1);
    EXPECT_EQ(before.at("retail.value"), "2");
    EXPECT_EQ(before.at("state('retail.shopper_state')"), "active");
    now = world.now();
  }
  {
    World world(kWithout, home, now);
    expect_exactly(world, ada, 0);
    EXPECT_EQ(world.value(ada.customer, "insight.value_count"), "2") << "what others keep stays";
    const json::object plugins = json::parse(world.core.run("plugins")).as_object();
    const json::object* orphan = nullptr;
    for (const json::value& one : plugins.at("plugins").as_array())
      if (one.at("id").as_string() == "retail") orphan = &one.as_object();
    ASSERT_NE(orphan, nullptr);
    EXPECT_EQ(orphan->at("state").as_string(), "orphaned");
    world.me.update(ada.customer, {{"email", "ada.li@example.com"}});
    world.settle();
  }
  World world(kWith, home, now);
  world.settle();
  EXPECT_EQ(seen(world, ada, 1), before);
  EXPECT_EQ(world.value(ada.customer, "retail.preferred_store.name"), "High Street");
  EXPECT_EQ(failure_of([&] {
              world.me.create("retail.store", {{"code", "S-1"}, {"name", "Another"}});
            }).code(),
            KITH_CONFLICT)
      << "the unique key holds as before";
}

}  // namespace
}  // namespace kith::test
