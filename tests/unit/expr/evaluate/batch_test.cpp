// Column batches against the evaluator of one record: the same values and the same valid_until, however rows are
// divided.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <iostream>

#include "base/problem/error.hpp"
#include "base/time/time.hpp"
#include "expr/batch/batch.hpp"
#include "unit/expr/worlds/generator.hpp"
#include "unit/expr/worlds/world.hpp"

namespace kith::internal::expr::testing {
namespace {

constexpr std::int64_t kNow = 1'767'607'200'000'000;  // 2026-01-05T10:00:00Z

/// Answers that count how a plugin is called.
class CountedAnswers : public Answers {
 public:
  Value call(std::int32_t function, const std::vector<Value>& arguments) const override {
    ++rows;
    return Answers::call(function, arguments);
  }
  std::vector<Value> call_batch(std::int32_t function, const std::vector<std::vector<Value>>& columns,
                                std::size_t count) const override {
    ++batches;
    return Answers::call_batch(function, columns, count);
  }
  mutable std::int64_t rows = 0, batches = 0;
};

class BatchTest : public ::testing::Test {
 protected:
  BatchTest() { env_.surroundings = &answers_; }

  void fill(Generator& make, std::size_t count, std::int64_t now) {
    env_.now = now;
    for (std::uint8_t i = 0; i < 3; ++i) regions_.emplace_back(world_, kRegion, i);
    for (std::size_t i = 0; i < count; ++i) customers_.emplace_back(world_, kCustomer, static_cast<std::uint8_t>(i));
    const auto any = [&] {
      return &customers_[static_cast<std::size_t>(make.below(static_cast<std::int64_t>(count)))];
    };
    for (Record& region : regions_) {
      values(region, make);
      region.link("chief", make.chance(70) ? any() : nullptr);
    }
    regions_[2].removed = true;
    for (Record& customer : customers_) {
      values(customer, make);
      customer.removed = make.chance(15);
      customer.has_derived = make.chance(80);
      customer.link("parent", make.chance(75) ? any() : nullptr);
      customer.link("about", make.chance(60) ? any() : nullptr);
      customer.link("home", make.chance(80) ? &regions_[static_cast<std::size_t>(make.below(3))] : nullptr);
      Record* best = make.chance(60) ? any() : nullptr;
      customer.link("retail.best", best);
      if (best == nullptr) continue;
      customer.set_course("retail.best", {best->self(), {{now + make.below(3 * kMicrosPerDay), Value::null()}}});
    }
  }

  void values(Record& record, Generator& make) {
    record.now = env_.now;
    for (const std::string& name : world_.member_names(record.type())) {
      const Member member = *world_.member(record.type(), name);
      if (member.kind == MemberKind::set || member.type.kind == Kind::ref) continue;
      Course course{make.value_for(member, env_.now), {}};
      if (member.kind == MemberKind::derived && make.chance(60)) {
        course.later.emplace_back(env_.now + 1 + make.below(2 * kMicrosPerDay), make.value_for(member, env_.now));
      }
      record.set_course(name, std::move(course));
    }
  }

  ProgramPtr compile_any(const std::string& source, bool old = false) {
    Scope scope;
    scope.names = &world_;
    scope.record_type = kCustomer;
    scope.rules.allow_old = old;
    return compile_or_throw(source, scope);
  }

  /// "" where the batch agrees with the evaluator in every row, else the first row that does not.
  std::string difference(const Program& program, std::size_t begin, std::size_t end) {
    std::vector<RecordView*> views;
    for (std::size_t i = begin; i < end; ++i) views.push_back(&customers_[i]);
    Gatherer gatherer(program);
    BatchEvaluator evaluator(program);
    const Batch& batch = gatherer.gather(views, env_);
    const Column column = evaluator.evaluate(batch, env_);
    for (std::size_t row = 0; row < views.size(); ++row) {
      const Timed one = evaluate(program, *views[row], env_);
      const Value value = value_at(column, row);
      const std::int64_t until = until_at(column, row);
      if (value == one.value && until == one.until) continue;
      return "row " + std::to_string(begin + row) + ": evaluator " + kind_name(one.value.kind) + " " +
             to_text(one.value) + " until " + std::to_string(one.until) + ", batch " + kind_name(value.kind) + " " +
             to_text(value) + " until " + std::to_string(until);
    }
    if (program.type.kind != Kind::boolean) return {};
    const BatchTruth truth = evaluator.judge(batch, env_);
    for (std::size_t row = 0; row < views.size(); ++row) {
      const Timed one = evaluate(program, *views[row], env_);
      const std::int64_t until = truth.until == nullptr ? kForever : truth.until[row];
      if (truth.yes[row] != one.value.is_true() || truth.no[row] != one.value.is_false() || until != one.until) {
        return "row " + std::to_string(begin + row) + ": its truth differs";
      }
    }
    const Mask held = evaluator.holds(batch, env_);
    for (std::size_t row = 0; row < views.size(); ++row) {
      if (held[row] != holds(program, *views[row], env_))
        return "row " + std::to_string(begin + row) + ": holds() differs";
    }
    return held.count() > views.size() ? "holds() has rows behind the end" : "";
  }

  World world_;
  CountedAnswers answers_;
  Env env_;
  std::deque<Record> regions_, customers_;
};

TEST_F(BatchTest, GivesTheValuesAndInstantsOfTheEvaluatorInAnyDivision) {
  const std::uint64_t seed = first_seed() + 5;
  Generator make(seed, Taste{true, true, true, false});
  Generator timely(seed + 1, Taste{true, true, false, true});
  constexpr std::int64_t kRows = 150;
  fill(make, kRows, kNow);
  const std::int64_t cases = case_count(3'000, 100'000);
  std::int64_t wrong = 0, conditions = 0, finite = 0;
  for (std::int64_t i = 0; i < cases && wrong < 10; ++i) {
    Generator& from = i % 2 == 0 ? make : timely;
    const int depth = static_cast<int>(1 + make.below(4));
    std::string source = make.chance(60) ? from.boolean(depth) : from.of(from.any_kind(), depth);
    if (make.chance(5)) source = "(" + from.boolean(2) + (make.chance(50) ? " && " : " || ") + "retail.twice(n) == 4)";
    const ProgramPtr program = compile_any(source);
    conditions += program->type.kind == Kind::boolean ? 1 : 0;
    finite += evaluate(*program, customers_[0], env_).until != kForever ? 1 : 0;
    const auto cut = static_cast<std::size_t>(make.below(kRows + 1));
    const std::vector<std::pair<std::size_t, std::size_t>> divisions = {{0, kRows}, {0, cut}, {cut, kRows}};
    for (std::size_t d = 0; d < (i % 4 == 0 ? 3U : 1U); ++d) {
      const std::string found = difference(*program, divisions[d].first, divisions[d].second);
      if (found.empty()) continue;
      ++wrong;
      ADD_FAILURE() << "seed " << seed << " case " << i << " rows " << divisions[d].first << " to "
                    << divisions[d].second << "\n"
                    << source << "\n"
                    << found;
      break;
    }
  }
  std::cout << cases << " expressions over " << kRows << " rows, " << conditions << " conditions, " << finite
            << " with an end; wrong " << wrong << " (seed " << seed << ")\n";
  EXPECT_GT(conditions, cases / 3);
  EXPECT_GT(finite, cases / 10);
}

TEST_F(BatchTest, EvaluatesRecordByRecordWhatNoColumnHolds) {
  Generator make(first_seed(), Taste{});
  fill(make, 70, kNow);
  Record before(world_, kCustomer, 200);
  before.set("name", Value::text("before")).set("n", Value::integer(2)).set("ok", Value::boolean(false));
  env_.old = &before;
  for (const char* source :
       {"changed(n)", "became(ok)", "changed(name) && n > 1", "old.n == n || ok", "ok ? old.n : n", "old.name + name",
        "joined < now() - (seen - joined)", "today(zone) == born", "record == parent", "coalesce(parent, record)"}) {
    EXPECT_EQ(difference(*compile_any(source, true), 0, customers_.size()), "") << source;
  }
}

TEST_F(BatchTest, AsksNothingThatCanFailBeforeARowNeedsIt) {
  Generator make(first_seed(), Taste{});
  fill(make, 100, kNow);
  Scope scope;
  scope.names = &world_;
  scope.record_type = kCustomer;
  scope.parameters = {{"limit", Type::of(Kind::integer)}};
  const ProgramPtr program = compile_or_throw("name == 'nobody has this name' && n > $limit", scope);
  std::vector<RecordView*> views;
  for (Record& customer : customers_) views.push_back(&customer);
  Gatherer gatherer(*program);
  BatchEvaluator evaluator(*program);
  EXPECT_TRUE(evaluator.holds(gatherer.gather(views, env_), env_).none()) << "$limit is not given";
  EXPECT_TRUE(evaluator.judge(gatherer.gather(views, env_), env_).yes.none());
}

TEST_F(BatchTest, CallsAPluginOnceForTheRowsThatNeedIt) {
  Generator make(first_seed(), Taste{});
  fill(make, 100, kNow);
  std::int64_t needed = 0;
  for (Record& customer : customers_) needed += evaluate(*compile_any("ok"), customer, env_).value.is_false() ? 0 : 1;
  ASSERT_GT(needed, 0);
  ASSERT_LT(needed, 100);
  std::vector<RecordView*> views;
  for (Record& customer : customers_) views.push_back(&customer);
  const ProgramPtr program = compile_any("ok && retail.twice(n) == 4");
  Gatherer gatherer(*program);
  BatchEvaluator evaluator(*program);
  evaluator.evaluate(gatherer.gather(views, env_), env_);
  EXPECT_EQ(answers_.batches, 1);
  EXPECT_EQ(answers_.rows, needed);
}

TEST_F(BatchTest, TakesColumnsAsTheyAreAndRefusesTooManyRows) {
  const ProgramPtr program = compile_any("n > 3 && kind == 'person' || balance >= 12.5");
  ASSERT_EQ(program->reads.size(), 3U);
  const std::vector<std::int64_t> numbers = {4, 3, 9, 0, 5};
  const std::vector<std::string_view> kinds = {"person", "person", "organization", "person", ""};
  const std::vector<std::int64_t> balances = {0, 1249, 1250, 1251, 5000};
  Mask some;
  for (const std::size_t row : {0U, 1U, 2U, 4U}) some.set(row);
  Batch batch;
  batch.rows = 5;
  batch.columns.resize(3);
  batch.columns[0].kind = Kind::integer;
  batch.columns[0].ints = numbers.data();
  batch.columns[1].kind = Kind::text;
  batch.columns[1].texts = kinds.data();
  batch.columns[2].kind = Kind::money;
  batch.columns[2].ints = balances.data();
  batch.columns[2].currency = kYuan;
  batch.columns[2].valid = &some;
  BatchEvaluator evaluator(*program);
  const BatchTruth truth = evaluator.judge(batch, env_);
  EXPECT_EQ(truth.yes.words[0], 0b10101U);
  EXPECT_EQ(truth.no.words[0], 0b00010U) << "the fourth balance is null, so that its || is unknown";
  batch.rows = kBatchRows + 1;
  EXPECT_THROW(evaluator.holds(batch, env_), Error);
}

TEST_F(BatchTest, LooksAtEveryByteOfATextWhateverItsLength) {
  for (std::size_t size = 1; size <= 20; ++size) {
    const std::string text = std::string("abcdefghijklmnopqrst").substr(0, size);
    const ProgramPtr program = compile_any("note == '" + text + "'");
    // The text itself, then the text with one byte changed, one row for each place of it.
    std::vector<std::string> texts(size + 1, text);
    for (std::size_t at = 0; at < size; ++at) texts[at + 1][at] = 'X';
    const std::vector<std::string_view> notes(texts.begin(), texts.end());
    Batch batch;
    batch.rows = notes.size();
    batch.columns.resize(program->reads.size());
    batch.columns[0].kind = Kind::text;
    batch.columns[0].texts = notes.data();
    BatchEvaluator evaluator(*program);
    EXPECT_EQ(evaluator.holds(batch, env_).words[0], 1U) << text;
  }
}

}  // namespace
}  // namespace kith::internal::expr::testing
