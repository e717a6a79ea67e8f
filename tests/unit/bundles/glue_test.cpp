// Bodies written in C++ with the glue, through the real loader.
#include <thread>

#include "base/time/time.hpp"
#include "unit/bundles/support.hpp"

namespace kith::internal::bundles::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

const Currency kEuro{{'E', 'U', 'R'}, 2};

class GlueTest : public ::testing::Test {
 protected:
  GlueTest() {
    for (const char* id : {"probe", "words"}) {
      folder_.copy(std::string(KITH_TEST_PLUGINS) + "/" + id + "/plugin.json",
                   "plugins/" + std::string(id) + "/plugin.json");
    }
    folder_.copy(std::string(KITH_TEST_PLUGINS) + "/probe/probe.so", "plugins/probe/probe.so");
    config_ = config_of(folder_, R"("probe": {"settings": {"factor": 5}}, "words": {})");
    found_ = find_bundles(config_, kQuiet);
    catalog_ = catalog_of(found_, config_);
    plugins_ = Plugins::load(found_, *catalog_, empty_api(), kQuiet);
  }

  std::int32_t number(const std::string& name) const {
    for (const catalog::Function& function : catalog_->functions)
      if (function.name == "probe." + name) return function.number;
    throw std::runtime_error("no function " + name);
  }
  Value call(const std::string& name, const std::vector<Value>& arguments) const {
    return plugins_->functions()(number(name), arguments);
  }
  std::string failure(const std::string& name, const std::vector<Value>& arguments) const {
    return problems_of([&] { call(name, arguments); });
  }
  const catalog::Job& job() const { return catalog_->jobs.front(); }

  Folder folder_;
  Config config_;
  Found found_;
  catalog::CatalogPtr catalog_;
  std::unique_ptr<Plugins> plugins_;
};

TEST_F(GlueTest, PassesEveryTypeInAndOut) {
  EXPECT_EQ(call("not_it", {Value::boolean(true)}), Value::boolean(false));
  EXPECT_EQ(call("scaled", {Value::integer(7)}), Value::integer(35)) << "the setting of the config reaches the plugin";
  EXPECT_EQ(call("half", {Value::real(7)}), Value::real(3.5));
  EXPECT_EQ(call("half", {Value::integer(7)}), Value::real(3.5)) << "an int is taken for a double";
  EXPECT_EQ(call("joined", {Value::text("李"), Value::text("娜")}), Value::text("李+娜"));
  EXPECT_EQ(call("next_day", {Value::date(-1)}), Value::date(0));
  EXPECT_EQ(call("between", {Value::timestamp(10), Value::timestamp(25)}), Value::duration(15));
  EXPECT_EQ(call("later", {Value::timestamp(10), Value::duration(5)}), Value::timestamp(15));
  EXPECT_EQ(call("doubled", {Value::money(125, kEuro)}), Value::money(250, kEuro));
  EXPECT_EQ(call("greeting", {}), Value::text("hello \"you\""));
}

TEST_F(GlueTest, GivesNullForANullThatABodyDoesNotTake) {
  EXPECT_EQ(call("scaled", {Value::null()}), Value::null());
  EXPECT_EQ(call("joined", {Value::text("a"), Value::null()}), Value::null());
  EXPECT_EQ(call("between", {Value::null(), Value::timestamp(1)}), Value::null());
  EXPECT_EQ(call("or_zero", {Value::null()}), Value::integer(0));
  EXPECT_EQ(call("doubled", {Value::null()}), Value::null());
}

TEST_F(GlueTest, GivesTheSameAnswersHoweverABatchIsSplit) {
  std::vector<Value> a, b;
  for (std::int64_t i = 0; i < 5'000; ++i) {
    a.push_back(i % 7 == 0 ? Value::null() : Value::real(static_cast<double>(i) / 3));
    b.push_back(i % 11 == 0 ? Value::null() : Value::real(static_cast<double>(i)));
  }
  const std::vector<Value> whole = plugins_->call_batch(number("column_sum"), {a, b}, a.size());
  ASSERT_EQ(whole.size(), a.size());
  for (std::size_t i = 0; i < a.size(); ++i) ASSERT_EQ(whole[i], call("column_sum", {a[i], b[i]})) << i;
  std::vector<Value> left, right;
  for (std::size_t i = 0; i < a.size(); ++i) {
    left.push_back(a[i].is_null() ? Value::null() : Value::text(std::to_string(i)));
    right.push_back(Value::text(i % 3 == 0 ? "" : "客"));
  }
  const std::vector<Value> joined = plugins_->call_batch(number("joined"), {left, right}, left.size());
  for (std::size_t i = 0; i < left.size(); ++i) ASSERT_EQ(joined[i], call("joined", {left[i], right[i]})) << i;
}

TEST_F(GlueTest, TakesBatchesOfNoRowsAndOfNulls) {
  for (const catalog::Function& function : catalog_->functions) {
    const std::vector<std::vector<Value>> none(function.arguments.size()),
        nulls(function.arguments.size(), std::vector<Value>(3));
    EXPECT_TRUE(plugins_->call_batch(function.number, none, 0).empty()) << function.name;
    EXPECT_EQ(plugins_->call_batch(function.number, nulls, 3).size(), 3U) << function.name;
  }
}

TEST_F(GlueTest, ContainsWhatABodyThrows) {
  EXPECT_THAT(failure("fails", {Value::integer(1)}),
              AllOf(HasSubstr("KITH-2126"), HasSubstr("function 'probe.fails' of plugin probe 0.1.0"),
                    HasSubstr("only numbers up to 0")));
  EXPECT_EQ(call("fails", {Value::integer(0)}), Value::integer(0)) << "the next call is not harmed";
  EXPECT_THAT(failure("throws_oddly", {Value::integer(1)}), HasSubstr("a runtime error"));
  EXPECT_THAT(failure("throws_oddly", {Value::integer(2)}), HasSubstr("not a std::exception"));
}

TEST_F(GlueTest, RefusesATextThatIsNotUtf8) {
  EXPECT_THAT(failure("not_text", {Value::integer(1)}), HasSubstr("not UTF-8"));
}

TEST_F(GlueTest, TakesADoubleThatIsNotFiniteForUnknown) {
  EXPECT_EQ(call("not_finite", {Value::real(2)}), Value::unknown());
}

TEST_F(GlueTest, RefusesAnArgumentOfAnotherType) {
  EXPECT_THAT(failure("scaled", {Value::text("7")}), HasSubstr("takes int"));
}

TEST_F(GlueTest, RunsFunctionsOnManyThreadsAtOnce) {
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (std::int64_t i = 0; i < 500; ++i)
        if (call("joined", {Value::text(std::to_string(i)), Value::text(std::to_string(t))}) !=
            Value::text(std::to_string(i) + "+" + std::to_string(t)))
          ++wrong;
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(GlueTest, RunsAJobWithItsArgumentsAndReportsItsProgress) {
  std::vector<std::uint64_t> reported;
  JobProgress progress{[&](std::uint64_t done, std::uint64_t total) { reported.push_back(done * 10 + total); },
                       [] { return false; }};
  plugins_->run_job(job(), nullptr, R"({"to": 3, "as_of": "2006-12-31"})", progress);
  EXPECT_EQ(reported, (std::vector<std::uint64_t>{13, 23, 33}));
  EXPECT_THAT(problems_of([&] { plugins_->run_job(job(), nullptr, R"({"to": "many"})", progress); }),
              AllOf(HasSubstr("job 'probe.count'"), HasSubstr("argument 'to' must be a whole number")));
}

TEST_F(GlueTest, EndsAJobThatTheHostCancels) {
  std::uint64_t last = 0;
  JobProgress progress{[&](std::uint64_t done, std::uint64_t) { last = done; }, [&] { return last >= 5; }};
  try {
    plugins_->run_job(job(), nullptr, R"({"to": 100})", progress);
    FAIL() << "it was not cancelled";
  } catch (const Error& error) {
    EXPECT_EQ(error.number(), ProblemNumber::cancelled);
  }
  EXPECT_EQ(last, 5U);
}

}  // namespace
}  // namespace kith::internal::bundles::testing
