// Rollups over a relationship: what they come to, from when until when an edge counts, and that no write at either end
// leaves a value that is no longer true.
#include "unit/derive/bench.hpp"

namespace kith::internal::testing {
namespace {

const char* const kSections = R"json(,
  "relationships": [
    {"name": "sponsors", "inverse": "sponsored_by", "from": {"type": "customer"}, "to": {"type": "shop.group"}}],
  "rollups": {
    "customer": [
      {"name": "referrals", "type": "int", "over": "rel('referred')", "aggregate": "count"},
      {"name": "vip_referrals", "type": "int", "over": "rel('referred')", "aggregate": "count", "where": "shop.vip"},
      {"name": "lately", "type": "int", "over": "rel('referred')", "aggregate": "count",
       "where": "days_since(shop.joined_at) < 3"},
      {"name": "at_home", "type": "int", "over": "rel('referred')", "aggregate": "count",
       "where": "days_since(shop.joined_at) >= 1"},
      {"name": "referrer_points", "type": "int", "over": "rel('referred_by')", "aggregate": "sum",
       "value": "shop.points"},
      {"name": "partner_points", "type": "int", "over": "rel('partner_of')", "aggregate": "sum",
       "value": "shop.points"},
      {"name": "spend", "type": "money", "over": "shop.orders", "aggregate": "sum", "value": "total"},
      {"name": "partner_spend", "type": "money", "over": "rel('partner_of')", "aggregate": "max",
       "value": "shop.spend"},
      {"name": "discounts", "type": "int", "over": "rel('shop.sponsors')", "aggregate": "sum",
       "value": "discount * sponsors"}],
    "shop.group": [
      {"name": "sponsors", "type": "int", "over": "rel('shop.sponsored_by')", "aggregate": "count",
       "where": "shop.points > 0"},
      {"name": "first_sponsor_at", "type": "timestamp", "over": "rel('shop.sponsored_by')", "aggregate": "min",
       "value": "shop.joined_at"},
      {"name": "last_sponsor_at", "type": "timestamp", "over": "rel('shop.sponsored_by')", "aggregate": "max",
       "value": "shop.joined_at"}]},
  "scores": [{"name": "reach", "on": "customer", "range": [0, 100], "rules": [
    {"id": "brought", "text": {"en": "Brought {{v}}"}, "each": 5, "cap": 20,
     "count": {"over": "rel('referred')", "where": "shop.vip", "at": "shop.joined_at", "window_days": 10}}]}])json";

class EdgeRollupsTest : public ::testing::Test {
 protected:
  Bench bench{std::string(kShopFacts) + kSections};

  RecordId customer(const Fields& fields = {}) { return bench.create("customer", fields); }
  static Fields points(std::int64_t points) { return {{"shop.points", Value::integer(points)}}; }
  static Fields vip(bool vip) { return {{"shop.vip", Value::boolean(vip)}}; }
  std::int64_t today() const { return bench.now / kDay; }

  /// An edge between two records, from a day until another; days are counted from today.
  void relate(const std::string& name, const RecordId& from, const RecordId& to, int begins = 0,
              std::optional<int> ends = {}) {
    store::Edge edge;
    edge.relationship = name;
    edge.from_type = bench.type("customer");
    edge.to_type = bench.type(name == "shop.sponsors" ? "shop.group" : "customer");
    edge.from = from;
    edge.to = to;
    edge.from_on = today() + begins;
    if (ends) edge.to_on = today() + *ends;
    edge.attributes_json = "{}";
    bench.writing([&](access::Unit& unit, derive::Engine& engine) {
      engine.relating(edge);
      unit.journal.add_edge(edge);
      engine.related(edge);
    });
  }
  /// Sets the end of every edge of that name that begins at a record.
  void end(const std::string& name, const RecordId& from, int ends) {
    bench.writing([&](access::Unit& unit, derive::Engine& engine) {
      for (store::Edge& edge : unit.journal.edges(name, bench.type("customer"), from, true, 0, true)) {
        engine.relating(edge);
        edge.to_on = today() + ends;
        unit.journal.end_edge(edge.row, *edge.to_on);
        engine.related(edge);
      }
    });
  }
  Value integer(std::int64_t wanted) { return Value::integer(wanted); }
};

TEST_F(EdgeRollupsTest, LooksFromBothEndsAndAlongSymmetricOnes) {
  const RecordId ann = customer(points(2)), ben = customer(points(30)), cem = customer(points(400));
  relate("referred", ann, ben);
  relate("referred", ann, cem);
  relate("partner_of", ben, ann);
  relate("partner_of", cem, ben);
  EXPECT_EQ(bench.value("shop.referrals", ann), integer(2));
  EXPECT_EQ(bench.value("shop.referrals", ben), integer(0));
  EXPECT_EQ(bench.value("shop.referrer_points", ben), integer(2));
  EXPECT_EQ(bench.value("shop.referrer_points", ann), integer(0));
  EXPECT_EQ(bench.value("shop.partner_points", ann), integer(30));
  EXPECT_EQ(bench.value("shop.partner_points", ben), integer(402));
  EXPECT_EQ(bench.value("shop.partner_points", cem), integer(30));
}

TEST_F(EdgeRollupsTest, AggregatesRecordsOfAnotherType) {
  const RecordId group = bench.create("shop.group", {{"discount", integer(5)}});
  EXPECT_EQ(bench.value("shop.group.first_sponsor_at", group), Value::null());
  const auto sponsor = [&](std::int64_t points, const Value& joined_at) {
    const RecordId id = customer({{"shop.points", integer(points)}, {"shop.joined_at", joined_at}});
    relate("shop.sponsors", id, group);
    return id;
  };
  sponsor(0, Value::timestamp(700));
  sponsor(1, Value::null());
  const RecordId third = sponsor(2, Value::timestamp(300));
  EXPECT_EQ(bench.value("shop.group.sponsors", group), integer(2)) << "who has no points does not count";
  EXPECT_EQ(bench.value("shop.group.first_sponsor_at", group), Value::timestamp(300));
  EXPECT_EQ(bench.value("shop.group.last_sponsor_at", group), Value::timestamp(700));
  EXPECT_EQ(bench.value("shop.discounts", third), integer(10))
      << "a rollup over what a rollup over the same edges gives";
}

TEST_F(EdgeRollupsTest, EachRelatedRecordCountsOnce) {
  const RecordId ann = customer(), ben = customer(points(7));
  relate("referred", ann, ben, -9, -2);
  relate("referred", ann, ben, -2, 3);
  relate("referred", ann, ben, 1, 8);
  relate("partner_of", ann, ben);
  relate("partner_of", ben, ann);
  EXPECT_EQ(bench.value("shop.referrals", ann), integer(1));
  EXPECT_EQ(bench.value("shop.partner_points", ann), integer(7));
}

TEST_F(EdgeRollupsTest, AnEdgeCountsFromItsFirstDayUntilItsLast) {
  const RecordId ann = customer(), ben = customer();
  relate("referred", ann, ben, 2, 5);
  const std::int64_t begins = (today() + 2) * kDay, ends = (today() + 5) * kDay;
  bench.settle();
  EXPECT_EQ(bench.stored("shop.referrals", ann).value, integer(0));
  EXPECT_EQ(bench.stored("shop.referrals", ann).until, begins) << "not yet begun: until it begins";
  bench.now = begins - 1;
  EXPECT_TRUE(bench.fresh("shop.referrals", ann));
  bench.now = begins;
  EXPECT_FALSE(bench.fresh("shop.referrals", ann)) << "it begins with the clock, and no write";
  bench.settle();
  EXPECT_EQ(bench.stored("shop.referrals", ann).value, integer(1));
  EXPECT_EQ(bench.stored("shop.referrals", ann).until, ends);
  bench.now = ends;
  EXPECT_FALSE(bench.fresh("shop.referrals", ann));
  bench.settle();
  EXPECT_EQ(bench.stored("shop.referrals", ann).value, integer(0));
  EXPECT_EQ(bench.stored("shop.referrals", ann).until, kForever) << "what is over stays over";
}

TEST_F(EdgeRollupsTest, ARecordThatDoesNotCountStaysOutForAsLongAsAnyOfItsReasons) {
  const RecordId ann = customer(), plain = customer(vip(false));
  relate("referred", ann, plain, 2, 5);
  EXPECT_EQ(bench.truth("shop.vip_referrals", ann, bench.now).until, kForever)
      << "when the edge begins, it is no VIP still";
  EXPECT_EQ(bench.truth("shop.referrals", ann, bench.now).until, (today() + 2) * kDay);
  const RecordId cem = customer(), fresh = customer({{"shop.joined_at", Value::timestamp(bench.now - kHour)}});
  relate("referred", cem, fresh, 2);
  EXPECT_EQ(bench.truth("shop.at_home", cem, bench.now).until, (today() + 2) * kDay)
      << "tomorrow it is at home, and not related yet";
  // Joined an hour ago: it fulfils the condition for three days, but the edge begins in two.
  const RecordId ben = customer(), recent = customer({{"shop.joined_at", Value::timestamp(bench.now - kHour)}});
  relate("referred", ben, recent, 2);
  expr::Timed timed = bench.truth("shop.lately", ben, bench.now);
  EXPECT_EQ(timed.value, integer(0));
  EXPECT_EQ(timed.until, (today() + 2) * kDay);
  timed = bench.truth("shop.lately", ben, timed.until);
  EXPECT_EQ(timed.value, integer(1));
  EXPECT_EQ(timed.until, bench.now - kHour + 3 * kDay)
      << "a counted record: the first of the edge's and the condition's ends";
}

TEST_F(EdgeRollupsTest, RelatingMarksBothEndsAndNobodyElse) {
  const RecordId ann = customer(points(1)), ben = customer(points(2)), other = customer();
  bench.settle();
  relate("referred", ann, ben);
  EXPECT_FALSE(bench.fresh("shop.referrals", ann));
  EXPECT_FALSE(bench.fresh("shop.referrer_points", ben));
  EXPECT_TRUE(bench.fresh("shop.referrals", other));
  EXPECT_TRUE(bench.fresh("shop.partner_points", ann)) << "another relationship";
  bench.settle();
  EXPECT_EQ(bench.stored("shop.referrals", ann).value, integer(1));
  EXPECT_EQ(bench.stored("shop.referrer_points", ben).value, integer(1));
}

TEST_F(EdgeRollupsTest, EndingAnEdgeOrMovingItsEndMarksBothEnds) {
  const RecordId ann = customer(points(1)), ben = customer(points(2));
  relate("referred", ann, ben, -3);
  bench.settle();
  end("referred", ann, 4);
  EXPECT_FALSE(bench.fresh("shop.referrals", ann));
  EXPECT_FALSE(bench.fresh("shop.referrer_points", ben));
  bench.settle();
  EXPECT_EQ(bench.stored("shop.referrals", ann).until, (today() + 4) * kDay);
  end("referred", ann, 0);
  EXPECT_FALSE(bench.fresh("shop.referrals", ann));
  EXPECT_FALSE(bench.fresh("shop.referrer_points", ben));
  bench.settle();
  EXPECT_EQ(bench.stored("shop.referrals", ann).value, integer(0));
  EXPECT_EQ(bench.stored("shop.referrer_points", ben).value, integer(0));
}

TEST_F(EdgeRollupsTest, AWriteToTheRecordAtTheOtherEndMarksWhatReadsItAndNothingElse) {
  const RecordId ann = customer(), ben = customer(vip(false));
  relate("referred", ann, ben);
  bench.settle();
  bench.update("customer", ben, vip(true));
  EXPECT_FALSE(bench.fresh("shop.vip_referrals", ann));
  EXPECT_TRUE(bench.fresh("shop.referrals", ann)) << "it asks only who is there";
  EXPECT_EQ(bench.value("shop.vip_referrals", ann), integer(1));
  bench.settle();
  bench.update("customer", ann, points(3));
  EXPECT_FALSE(bench.fresh("shop.referrer_points", ben));
  EXPECT_EQ(bench.value("shop.referrer_points", ben), integer(3));
}

TEST_F(EdgeRollupsTest, ARecordThatIsRemovedCountsAtNoEnd) {
  const RecordId ann = customer(points(1)), ben = customer(points(2)), cem = customer(points(4));
  relate("referred", ann, ben);
  relate("referred", ben, cem);
  relate("partner_of", ben, ann);
  bench.settle();
  bench.remove("customer", ben);
  EXPECT_FALSE(bench.fresh("shop.referrals", ann));
  EXPECT_FALSE(bench.fresh("shop.referrer_points", cem));
  EXPECT_FALSE(bench.fresh("shop.partner_points", ann));
  EXPECT_EQ(bench.value("shop.referrals", ann), integer(0));
  EXPECT_EQ(bench.value("shop.referrer_points", cem), integer(0));
  EXPECT_EQ(bench.value("shop.partner_points", ann), integer(0));
}

TEST_F(EdgeRollupsTest, WhatIsDerivedAtTheOtherEndIsMadeFreshFirst) {
  const RecordId ann = customer(), ben = customer();
  relate("partner_of", ann, ben);
  bench.settle();
  EXPECT_EQ(bench.stored("shop.partner_spend", ann).value, bench.money(0));
  bench.create("shop.order", {{"customer", bench.ref("customer", ben)}, {"total", bench.money(990)}});
  EXPECT_FALSE(bench.fresh("shop.partner_spend", ann)) << "two steps away: an order of who it is related to";
  EXPECT_EQ(bench.value("shop.partner_spend", ann), bench.money(990));
}

TEST_F(EdgeRollupsTest, AScoreCountsEventsOverEdges) {
  const RecordId ann = customer();
  Fields fields = vip(true);
  fields["shop.joined_at"] = Value::timestamp(bench.now - kDay);
  const RecordId ben = customer(fields), cem = customer(fields);
  relate("referred", ann, ben);
  relate("referred", ann, cem, 1, 3);
  EXPECT_EQ(bench.value("shop.reach", ann), Value::real(5));
  EXPECT_EQ(bench.truth("shop.reach", ann, bench.now).until, (today() + 1) * kDay);
  bench.now = (today() + 1) * kDay;
  EXPECT_FALSE(bench.fresh("shop.reach", ann));
  EXPECT_EQ(bench.value("shop.reach", ann), Value::real(10));
  bench.settle();
  bench.update("customer", ben, vip(false));
  EXPECT_EQ(bench.value("shop.reach", ann), Value::real(5));
}

}  // namespace
}  // namespace kith::internal::testing
