// The common forms that quick.cpp compiles say of every record what the walk over the tree says, at the ends of every
// range too: of numbers, of now() and of what is added to it.
#include <gtest/gtest.h>

#include <limits>

#include "base/time/time.hpp"
#include "expr/quick/quick.hpp"
#include "expr/tree/node.hpp"
#include "unit/expr/worlds/generator.hpp"
#include "unit/expr/worlds/world.hpp"

namespace kith::internal::expr::testing {
namespace {

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kToday = 1'767'607'200'000'000;
constexpr std::int64_t kDay = kMicrosPerDay;

/// The same record, whose fields have to be asked for: no common form applies.
class Asked : public RecordView {
 public:
  explicit Asked(Record& record) : record_(record) {}
  Value self() override { return record_.self(); }
  Timed get(std::int32_t member) override { return record_.get(member); }
  RecordView* follow(std::int32_t member) override { return record_.follow(member); }

 private:
  Record& record_;
};

/// Conditions of the common forms alone.
class Conditions {
 public:
  explicit Conditions(std::uint64_t seed) : make_(seed, Taste{}) {}

  std::string any(int depth) {
    const std::int64_t choice = depth == 0 ? 0 : make_.below(6);
    if (choice == 1) return "!(" + any(depth - 1) + ")";
    if (choice < 4) return term();
    std::string text = any(depth - 1);
    for (std::int64_t more = 1 + make_.below(3); more > 0; --more)
      text += (choice == 4 ? " && " : " || ") + group(depth);
    return "(" + text + ")";
  }
  std::int64_t now() {
    const std::int64_t near = make_.below(5) - 2;
    switch (make_.below(6)) {
      case 0: return kLeast + make_.below(3);
      case 1: return kMost - make_.below(3);
      case 2: return kLeast + 1000 * kDay + near;
      case 3: return kMost - 1000 * kDay + near;
      default: return kToday;
    }
  }
  void fill(Record& record, std::int64_t now) {
    for (const char* name : {"n", "m"}) record.set(name, sometimes(Value::integer(number())));
    for (const char* name : {"x", "y"}) record.set(name, sometimes(Value::real(make_.pick(reals_))));
    for (const char* name : {"joined", "seen"}) record.set(name, sometimes(Value::timestamp(instant(now))));
    for (const char* name : {"born", "left_on"})
      record.set(name, sometimes(Value::date(make_.chance(80) ? days(now) : number())));
    for (const char* name : {"balance", "spent"})
      record.set(name, sometimes(Value::money(make_.chance(50) ? 1250 : number(), make_.pick(currencies_))));
    record.set("ok", sometimes(Value::boolean(make_.chance(50))));
    record.set("sure", Value::boolean(make_.chance(50)));
    record.set("note", sometimes(Value::text(make_.pick(texts_))));
    record.set("kind", sometimes(Value::text(make_.chance(50) ? "person" : "organization")));
  }

 private:
  std::string group(int depth) { return "(" + any(depth - 1) + ")"; }
  Value sometimes(Value value) { return make_.chance(15) ? Value::null() : value; }
  std::string op() { return make_.pick(ops_); }
  std::string compared(const std::string& a, const std::string& b) {
    return make_.chance(70) ? a + op() + b : b + op() + a;
  }

  std::int64_t number() {
    switch (make_.below(6)) {
      case 0: return kLeast + make_.below(3);
      case 1: return kMost - make_.below(3);
      case 2: {
        // Around where a sum of a few of it leaves the range.
        const std::int64_t part = kMost / (2 + make_.below(4)) + make_.below(5) - 2;
        return make_.chance(50) ? part : -part;
      }
      default: return make_.below(7) - 3;
    }
  }
  std::string whole() {
    const std::int64_t value = number();
    return value == kLeast ? "(-9223372036854775807 - 1)"
           : value < 0     ? "(" + std::to_string(value) + ")"
                           : std::to_string(value);
  }
  std::int64_t instant(std::int64_t now) {
    const std::int64_t days = (make_.below(5) - 2) * kDay + make_.below(3) - 1;
    std::int64_t sum = 0;
    return make_.chance(20) ? number() : __builtin_add_overflow(now, days, &sum) ? now : sum;
  }
  static std::int64_t days(std::int64_t now) { return now / kDay; }

  std::string term() {
    switch (make_.below(9)) {
      case 0: return compared(make_.chance(50) ? "n" : "m", make_.chance(80) ? whole() : "null");
      case 1:
        if (make_.chance(10)) return compared("n", "m");
        return compared(make_.pick(sums_), make_.chance(50) ? whole() : make_.pick(sums_));
      case 2: return compared(make_.pick(real_sums_), make_.pick(real_texts_));
      case 3: return compared(make_.chance(50) ? "joined" : "seen", "now()" + shift());
      case 4: return compared("days_since(" + std::string(make_.pick(starts_)) + ")", make_.pick(counts_));
      case 5: return make_.chance(50) ? "ok" : make_.chance(50) ? "sure" : "has(note)";
      case 6: return compared("balance", make_.chance(50) ? "12.50" : "spent");
      case 7: return compared("note", make_.chance(70) ? "'b'" : "null");
      default: return make_.chance(50) ? "n in [1, 2, null]" : "kind in ['person']";
    }
  }
  std::string shift() {
    switch (make_.below(5)) {
      case 0: return "";
      case 1: return " - duration('2d')";
      case 2: return " + duration('1d') - duration('2d')";
      case 3: return " + duration('1000d')";
      default: return " - duration('1000d')";
    }
  }

  Generator make_;
  const std::vector<std::string> ops_ = {" == ", " != ", " < ", " <= ", " > ", " >= "};
  const std::vector<std::string> sums_ = {"n",
                                          "n + m",
                                          "n * 3",
                                          "n - 1",
                                          "n + m * 2",
                                          "m % 3",
                                          "n / m",
                                          "n * m + 1",
                                          "n + 5 - 5",
                                          "3 * n - m",
                                          "n - m * 2 - 7",
                                          "9223372036854775807 - n",
                                          "n * 4611686018427387904",
                                          "n * 0 + m",
                                          "n + n",
                                          "(n - m) * 3",
                                          "2 - (n - 2 * m)"};
  const std::vector<std::string> real_sums_ = {"x",
                                               "x * 2.0",
                                               "x + y",
                                               "x - y",
                                               "x / y",
                                               "x * y + 1.0",
                                               "1.0 - x",
                                               "0.5 - (x + y)",
                                               "x * 0.1 + y * 0.3",
                                               "x * 3.0 - y + 0.7",
                                               "x + 0.1 + 0.2",
                                               "x * 0.1 * 3.0",
                                               "(x + 0.1) - y"};
  const std::vector<std::string> real_texts_ = {
      "0.0", "(-0.0)", "0.5", "y", "1.0e308", "1.7976931348623157e308", "0.30000000000000004", "0.7"};
  const std::vector<std::string> starts_ = {"joined", "seen", "born"};
  const std::vector<std::string> counts_ = {"0",    "1",       "2",         "(-1)",
                                            "1000", "(-1000)", "100000000", "9223372036854775807"};
  const std::vector<double> reals_ = {
      0.0, -0.0, 0.5, 0.25, 0.1, 0.7, -1.0, 1.0e308, -1.0e308, 5e-324, std::numeric_limits<double>::max()};
  // As declared, without a code, and of another country: amounts that do and do not compare.
  const std::vector<Currency> currencies_ = {kYuan, kYuan, {{}, 2}, {{'U', 'S', 'D'}, 2}};
  const std::vector<std::string> texts_ = {"", "a", "b", "ba"};
};

std::string shown(const Timed& timed) {
  return to_text(timed.value) + " (" + kind_name(timed.value.kind) + ") until " + std::to_string(timed.until);
}

TEST(QuickTest, SaysOfEveryRecordWhatTheTreeSays) {
  const std::uint64_t seed = first_seed() + 11;
  World world;
  Conditions make(seed);
  Scope scope;
  scope.names = &world;
  scope.record_type = kCustomer;
  const std::int64_t cases = case_count(20'000, 1'000'000);
  std::int64_t quick = 0, yes = 0, no = 0, wrong = 0;
  for (std::int64_t i = 0; i < cases && wrong < 5; ++i) {
    const ProgramPtr program = compile_or_throw(make.any(2), scope);
    quick += program->root->quick != nullptr;
    for (int j = 0; j < 4; ++j) {
      Env env;
      env.now = make.now();
      Record record(world, kCustomer, 1);
      record.now = env.now;
      make.fill(record, env.now);
      Asked asked(record);
      const Timed expected = evaluate(*program, asked, env);
      const Timed found = evaluate(*program, record, env);
      const bool same = found.value == expected.value && found.until == expected.until &&
                        holds(*program, record, env) == expected.value.is_true() &&
                        holds(*program, asked, env) == expected.value.is_true();
      yes += expected.value.is_true();
      no += expected.value.is_false();
      if (same) continue;
      ++wrong;
      ADD_FAILURE() << program->source << "\n  at " << env.now << ": the tree says " << shown(expected) << ", the form "
                    << shown(found) << " and holds() " << holds(*program, record, env) << "; KITH_SEED=" << first_seed()
                    << ", case " << i;
    }
  }
  // Otherwise nothing was compared.
  EXPECT_GT(quick, cases * 7 / 10);  // beside them two amounts, and counts of days too large for an instant
  EXPECT_GT(yes, cases);
  EXPECT_GT(no, cases);
}

const Quick* form_of(const std::string& source) {
  static World world;
  static std::vector<ProgramPtr> kept;
  Scope scope;
  scope.names = &world;
  scope.record_type = kCustomer;
  return kept.emplace_back(compile_or_throw(source, scope))->root->quick;
}

TEST(QuickTest, TakesSumsOfOneOrTwoFieldsForRanges) {
  // How far from zero n and m may be is said exactly: the form would be right as well if it were less.
  const Quick* sum = form_of("n + m * 2 < 7");
  ASSERT_TRUE(sum->range);
  EXPECT_EQ(sum->range->fields, 2U);
  EXPECT_EQ(sum->range->reach, static_cast<std::uint64_t>((kMost - 7) / 3));
  ASSERT_TRUE(form_of("3 == 1 - n")->range);
  EXPECT_EQ(form_of("3 == 1 - n")->range->fields, 1U);
  EXPECT_TRUE(form_of("n < m")->range);
  EXPECT_TRUE(form_of("x * 2.0 - y < 1.0")->real_range);
  for (const char* source : {"n == m", "n != m + 1", "n * m < 1", "n / 2 < 1", "n + m + n < 1"})
    EXPECT_FALSE(form_of(source)->range) << source;
  // Added up in another order these come to another double.
  for (const char* source : {"x + 0.1 + 0.2 < 1.0", "x * 0.1 * 3.0 < 1.0", "x < y"})
    EXPECT_FALSE(form_of(source)->real_range) << source;
}

TEST(QuickTest, RunsARowAsLongAsASourceMayBe) {
  World world;
  std::string source = "n > 1";
  while (source.size() < 8'000) source += " || n > 1";
  Scope scope;
  scope.names = &world;
  scope.record_type = kCustomer;
  const ProgramPtr program = compile_or_throw(source, scope);
  Record record(world, kCustomer, 1);
  record.set("n", Value::integer(1));
  EXPECT_FALSE(holds(*program, record, {}));
  record.set("n", Value::integer(2));
  EXPECT_TRUE(holds(*program, record, {}));
}

}  // namespace
}  // namespace kith::internal::expr::testing
