// The formulas of the recency, frequency and monetary scores, and the segment made of them.
#include <array>

#include "plugins/world.hpp"

namespace kith::test {
namespace {

// What gives each score on the scale of World::publish_scale().
constexpr std::array kDaysOfScore = {0, 50, 40, 30, 20, 10};
constexpr std::array kPurchasesOfScore = {0, 2, 6, 7, 8, 10};

Ref customer_of(World& world, int r, int f, int m) {
  const Ref customer = world.person(std::to_string(r) + std::to_string(f) + std::to_string(m));
  world.purchases(customer, kDaysOfScore[static_cast<std::size_t>(r)], kPurchasesOfScore[static_cast<std::size_t>(f)],
                  std::to_string(100 * m));
  return customer;
}

std::string scores_of(World& world, const Ref& customer) {
  return world.value(customer, "insight.r_score") + world.value(customer, "insight.f_score") +
         world.value(customer, "insight.m_score");
}

struct Range {
  int from, to;
  bool has(int score) const { return from <= score && score <= to; }
};
struct Segment {
  const char* id;
  Range r, f, m;
};
// The ranges of the package rfm, in matching order: the first that fits wins.
constexpr Segment kSegments[] = {
    {"champions", {5, 5}, {5, 5}, {5, 5}},       {"potential_loyalist", {3, 5}, {3, 5}, {2, 5}},
    {"loyal_customers", {2, 4}, {2, 4}, {2, 4}}, {"promising", {3, 4}, {1, 3}, {3, 5}},
    {"new_customers", {4, 5}, {1, 3}, {1, 5}},   {"cant_lose_them", {1, 2}, {3, 4}, {4, 5}},
    {"at_risk", {1, 2}, {2, 5}, {4, 5}},         {"need_attention", {1, 3}, {3, 5}, {3, 5}},
    {"about_to_sleep", {2, 3}, {1, 3}, {1, 4}},  {"lost", {1, 1}, {1, 5}, {1, 5}}};

std::string expected_segment(int r, int f, int m) {
  for (const Segment& segment : kSegments)
    if (segment.r.has(r) && segment.f.has(f) && segment.m.has(m)) return segment.id;
  return "others";
}

TEST(RfmScoresTest, AreUnknownUntilBoundsArePublished) {
  World world(kInsight);
  const Ref ada = world.person("Ada");
  world.entry(ada, 10, "100");
  EXPECT_EQ(scores_of(world, ada), "");
  EXPECT_EQ(world.value(ada, "insight.recency_days"), "");
  EXPECT_EQ(world.value(ada, "insight.rfm_segment"), "");
}

TEST(RfmScoresTest, AreUnknownForWhoNeverBought) {
  World world(kInsight);
  world.publish_scale();
  const Ref ada = world.person("Ada"), bo = world.person("Bo");
  world.entry(bo, 10, "-5", "return");
  EXPECT_EQ(scores_of(world, ada), "");
  EXPECT_EQ(scores_of(world, bo), "");
  EXPECT_EQ(world.value(ada, "insight.rfm_segment"), "");
}

TEST(RfmScoresTest, CountRecencyFromTheDayOfTheBounds) {
  World world(kInsight);
  world.publish_scale();
  const Ref ada = customer_of(world, 3, 1, 1);
  EXPECT_EQ(world.value(ada, "insight.recency_days"), "30");
  world.pass(100);
  EXPECT_EQ(world.value(ada, "insight.recency_days"), "30") << "the bounds have a date of their own";
}

TEST(RfmScoresTest, RateRecencyTheOtherWayRound) {
  World world(kInsight);
  world.publish_scale();
  for (int score = 1; score <= 5; ++score)
    EXPECT_EQ(world.value(customer_of(world, score, 1, 1), "insight.r_score"), std::to_string(score));
  const Ref at_the_bound = world.person("at the bound"), before_it = world.person("before it");
  world.entry(at_the_bound, 19, "1");  // r1 is 19
  world.entry(before_it, 18, "1");
  EXPECT_EQ(world.value(at_the_bound, "insight.r_score"), "4");
  EXPECT_EQ(world.value(before_it, "insight.r_score"), "5");
}

TEST(RfmScoresTest, RateFrequency) {
  World world(kInsight);
  world.publish_scale();
  for (int score = 1; score <= 5; ++score)
    EXPECT_EQ(world.value(customer_of(world, 1, score, 1), "insight.f_score"), std::to_string(score));
}

TEST(RfmScoresTest, RateMoney) {
  World world(kInsight);
  world.publish_scale();
  for (int score = 1; score <= 5; ++score)
    EXPECT_EQ(world.value(customer_of(world, 1, 1, score), "insight.m_score"), std::to_string(score));
  const Ref at_the_bound = world.person("at the bound"), below_it = world.person("below it");
  world.entry(at_the_bound, 10, "181");  // m1 is 181
  world.entry(below_it, 10, "180.99");
  EXPECT_EQ(world.value(at_the_bound, "insight.m_score"), "2");
  EXPECT_EQ(world.value(below_it, "insight.m_score"), "1");
}

TEST(RfmScoresTest, FollowANewPurchaseAtOnce) {
  World world(kInsight);
  world.publish_scale();
  const Ref ada = customer_of(world, 1, 1, 1);
  EXPECT_EQ(scores_of(world, ada), "111");
  world.entry(ada, 0, "400");
  EXPECT_EQ(scores_of(world, ada), "515");
}

TEST(RfmScoresTest, PutEachOfThe125CombinationsIntoItsSegment) {
  World world(kInsight);
  world.publish_scale();
  struct Case {
    Ref customer;
    std::string scores, segment;
  };
  std::vector<Case> cases;
  for (int r = 1; r <= 5; ++r)
    for (int f = 1; f <= 5; ++f)
      for (int m = 1; m <= 5; ++m)
        cases.push_back({customer_of(world, r, f, m), std::to_string(r) + std::to_string(f) + std::to_string(m),
                         expected_segment(r, f, m)});
  world.settle();
  for (const Case& one : cases) {
    EXPECT_EQ(scores_of(world, one.customer), one.scores);
    EXPECT_EQ(world.value(one.customer, "insight.rfm_segment"), one.segment) << one.scores;
  }
}

}  // namespace
}  // namespace kith::test
