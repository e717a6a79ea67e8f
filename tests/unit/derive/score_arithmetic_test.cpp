// Over random models and records: the lines of an explanation add up to the score, to the thousandth.
#include <algorithm>

#include "derive/compute/score.hpp"
#include "unit/derive/bench.hpp"

namespace kith::internal::testing {
namespace {

using catalog::ScoreRule;

/// A row without a database; whatever set is asked for, it is `related`.
class RowOnly final : public expr::RecordView {
 public:
  explicit RowOnly(store::Row row) : row_(std::move(row)) {}
  void related(const expr::Hop&, std::vector<expr::Related>& out) override { out = rows; }
  std::vector<expr::Related> rows;
  Value self() override { return Value::null(); }
  expr::Timed get(std::int32_t member) override { return {row_[static_cast<std::size_t>(member)], kForever}; }
  expr::RecordView* follow(std::int32_t) override { return nullptr; }

 private:
  store::Row row_;
};

class Models {
 public:
  Models(const catalog::Catalog& catalog, unsigned seed) : catalog_(&catalog), random_(seed) {
    for (const char* source : {"shop.vip", "shop.points > 2", "shop.points * 9223372036854775807 > 0"})
      truths_.push_back(compiled("customer", source));
    for (const char* source : {"shop.points", "double(shop.points) / 3.0"})
      numbers_.push_back(compiled("customer", source));
    where_ = compiled("shop.order", "!returned");
    at_ = compiled("shop.order", "placed_at");
  }
  catalog::Derivation make() {
    catalog::Derivation derivation;
    derivation.record_type = catalog_->type("customer").number;
    derivation.score = std::make_unique<catalog::ScoreModel>();
    catalog::ScoreModel& model = *derivation.score;
    model.low_milli = pick(-20, 0) * 1'000;
    model.high_milli = model.low_milli + pick(1, 100'000);
    model.normalise = pick(0, 1) == 1;
    for (int d = pick(1, 2); d > 0; --d) {
      model.dimensions.emplace_back();
      for (int g = pick(1, 3); g > 0; --g) add_group(model.dimensions.back());
    }
    return derivation;
  }
  int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }

 private:
  expr::ProgramPtr compiled(const char* type, const char* source) {
    expr::Scope scope;
    scope.names = &catalog_->names();
    scope.record_type = catalog_->type(type).number;
    return expr::compile_or_throw(source, scope);
  }
  void add_group(catalog::ScoreDimension& dimension) {
    catalog::ScoreGroup group;
    group.id = "g" + std::to_string(dimension.groups.size());
    if (pick(0, 1) == 1) group.min_milli = pick(-9'000, 2'000);
    if (pick(0, 1) == 1)
      group.max_milli = std::max<std::int64_t>(group.min_milli.value_or(-9'000), pick(-1'000, 20'000));
    for (int r = pick(1, 4); r > 0; --r) group.rules.push_back(rule());
    dimension.groups.push_back(std::move(group));
  }
  ScoreRule rule() {
    ScoreRule rule;
    rule.form = static_cast<ScoreRule::Form>(pick(0, 3));
    rule.on_unknown = static_cast<ScoreRule::OnUnknown>(pick(0, 1));
    rule.points_milli = pick(-9'999, 9'999);
    rule.each_milli = pick(1, 5'000) * (pick(0, 3) == 0 ? -1 : 1);
    rule.cap_milli = pick(0, 12'345) * (rule.each_milli < 0 ? -1 : 1);
    rule.when = truths_[static_cast<std::size_t>(pick(0, 2))];
    rule.value = numbers_[static_cast<std::size_t>(pick(0, 1))];
    rule.steps = {{-1.5, pick(-3'000, 3'000)}, {0.5, pick(-3'000, 3'000)}, {4, pick(-3'000, 9'000)}};
    const catalog::RecordType& customer = catalog_->type("customer");
    rule.over = expr::Hop{true, customer.number, catalog_->member_index(customer, "shop.orders")};
    rule.where = pick(0, 1) == 1 ? where_ : nullptr;
    rule.at = at_;
    if (pick(0, 1) == 1) rule.window_days = pick(1, 9);
    return rule;
  }

  const catalog::Catalog* catalog_;
  std::mt19937 random_;
  std::vector<expr::ProgramPtr> truths_, numbers_;
  expr::ProgramPtr where_, at_;
};

TEST(ScoreArithmeticTest, TheLinesOfEveryExplanationAddUpToTheScore) {
  Bench bench{std::string(kShopFacts)};
  const int models = repetitions(400, 20'000);
  for (int seed = 1; seed <= models; ++seed) {
    Models random(*bench.catalog, static_cast<unsigned>(seed));
    const catalog::Derivation derivation = random.make();
    Fields fields;
    if (random.pick(0, 4) > 0) fields["shop.points"] = Value::integer(random.pick(-4, 9));
    if (random.pick(0, 4) > 0) fields["shop.vip"] = Value::boolean(random.pick(0, 1) == 1);
    RowOnly customer(bench.row("customer", fields));
    std::vector<RowOnly> orders;
    for (int i = random.pick(0, 5); i > 0; --i) {
      orders.emplace_back(
          bench.row("shop.order",
                    {{"placed_at", Value::timestamp(kStart + random.pick(-12, 3) * kDay)},
                     {"returned", random.pick(0, 2) == 0 ? Value::null() : Value::boolean(random.pick(0, 1) == 1)}}));
    }
    expr::Env env;
    env.now = kStart;
    for (RowOnly& order : orders) customer.rows.push_back({&order, true, kForever});
    const derive::ScoreResult result = derive::compute_score(derivation, customer, env, true);
    std::int64_t sum = 0;
    for (const derive::RuleResult& rule : result.rules) sum += rule.points_milli;
    for (const derive::Adjustment& adjustment : result.adjustments) sum += adjustment.points_milli;
    ASSERT_EQ(sum, result.score_milli) << "model " << seed;
    ASSERT_GE(result.score_milli, derivation.score->low_milli) << "model " << seed;
    ASSERT_LE(result.score_milli, derivation.score->high_milli) << "model " << seed;
    ASSERT_GT(result.until, kStart) << "model " << seed;
    // Explaining changes nothing, and what holds until then is the same score at every instant before.
    const std::int64_t last = std::min(result.until - 1, kStart + 30 * kDay);
    for (const std::int64_t at : {kStart, kStart + (last - kStart) / 2, last}) {
      env.now = at;
      ASSERT_EQ(derive::compute_score(derivation, customer, env, false).score_milli, result.score_milli)
          << "model " << seed;
    }
  }
}

}  // namespace
}  // namespace kith::internal::testing
