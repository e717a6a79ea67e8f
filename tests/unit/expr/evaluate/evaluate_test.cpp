#include <gtest/gtest.h>

#include <limits>

#include "base/problem/error.hpp"
#include "unit/expr/worlds/world.hpp"

namespace kith::internal::expr::testing {
namespace {

class EvaluateTest : public ::testing::Test {
 protected:
  EvaluateTest() : anna_(world_, kCustomer, 1), bert_(world_, kCustomer, 2), north_(world_, kRegion, 1) {
    env_.surroundings = &answers_;
    env_.now = instant("2026-01-05T10:00:00Z");
    env_.parameters = {{"since", Value::timestamp(instant("2025-01-01"))}, {"nothing", Value::null()}};
    anna_.set("name", Value::text("Anna"))
        .set("n", Value::integer(5))
        .set("x", Value::real(2.5))
        .set("ok", Value::boolean(true))
        .set("sure", Value::boolean(false))
        .set("tier", Value::text("silver"))
        .set("born", Value::date(day("1990-06-15")))
        .set("joined", Value::timestamp(instant("2026-01-01T12:00:00Z")))
        .set("balance", Value::money(1250, kYuan))
        .set("tags", Value::json(R"(["new","it's"])"))
        .set("lifecycle", Value::text("lead"))
        .set("lifecycle_since", Value::timestamp(instant("2026-01-04")))
        .set("retail.vip", Value::boolean(true))
        .set("retail.tier", Value::text("gold"));
    bert_.set("name", Value::text("Bert"))
        .set("n", Value::integer(std::numeric_limits<std::int64_t>::max()))
        .set("tier", Value::text("gold"));
    north_.set("code", Value::text("N")).set("rank", Value::integer(3));
    anna_.link("parent", &bert_).link("home", &north_);
    bert_.link("home", &north_);
  }

  Value eval(std::string_view source) {
    Scope scope;
    scope.names = &world_;
    scope.record_type = kCustomer;
    scope.rules.allow_old = true;
    scope.parameters = {{"since", Type::of(Kind::timestamp)}, {"nothing", Type::of(Kind::integer)}};
    return evaluate(*compile_or_throw(source, scope), anna_, env_).value;
  }
  // "true", "unknown", "null", or the value.
  std::string shown(std::string_view source) {
    const Value value = eval(source);
    return value.is_unknown() ? "unknown" : value.is_null() ? "null" : to_text(value);
  }

  World world_;
  Answers answers_;
  Env env_;
  Record anna_, bert_, north_;
};

struct Case {
  const char* source;
  const char* result;
};

TEST_F(EvaluateTest, NullIsDefiniteForEqualityAndUnknownElsewhere) {
  for (const Case& one : std::vector<Case>{{"note == null", "true"},
                                           {"note != null", "false"},
                                           {"note == 'x'", "false"},
                                           {"note != 'x'", "true"},
                                           {"note < 'x'", "unknown"},
                                           {"note in ['x', null]", "true"},
                                           {"note in ['x']", "false"},
                                           {"n in []", "false"},
                                           {"m + 1 == null", "unknown"},
                                           {"m + 1 == 2", "unknown"},
                                           {"note.contains('x')", "unknown"},
                                           {"size(note) > 0", "unknown"},
                                           {"m == null && m + 1 > 0", "unknown"},
                                           {"has(note)", "false"},
                                           {"has(name)", "true"},
                                           {"has(m + 1)", "unknown"},
                                           {"note == parent.note", "true"},
                                           {"-m", "unknown"},
                                           {"!(m > 1)", "unknown"},
                                           {"note + 'x'", "unknown"},
                                           {"null == null", "true"},
                                           {"days_since(seen)", "unknown"},
                                           {"$nothing == null", "true"},
                                           {"n > $nothing", "unknown"}}) {
    EXPECT_EQ(shown(one.source), one.result) << one.source;
  }
}

TEST_F(EvaluateTest, LogicAbsorbsTheUnknown) {
  for (const Case& one : std::vector<Case>{{"m > 1 && sure", "false"},
                                           {"sure && m > 1", "false"},
                                           {"m > 1 || ok", "true"},
                                           {"ok || m > 1", "true"},
                                           {"m > 1 && ok", "unknown"},
                                           {"m > 1 || sure", "unknown"},
                                           {"(m > 1) == true", "unknown"},
                                           {"(m > 1 ? 1 : 2) == 1", "unknown"},
                                           {"ok ? 1 : m / 0", "1"},
                                           {"coalesce(m, n / 0, n)", "5"},
                                           {"coalesce(m, note == null ? null : 1)", "null"},
                                           {"ok && 1 / 0 == 1", "unknown"},
                                           {"sure && 1 / 0 == 1", "false"}}) {
    EXPECT_EQ(shown(one.source), one.result) << one.source;
  }
}

TEST_F(EvaluateTest, WhatHasNoValueIsUnknown) {
  for (const Case& one : std::vector<Case>{{"n / 0", "unknown"},
                                           {"n % 0", "unknown"},
                                           {"x / 0.0", "unknown"},
                                           {"parent.n + 1", "unknown"},
                                           {"parent.n * 2", "unknown"},
                                           {"-(-9223372036854775807 - 1)", "unknown"},
                                           {"(-9223372036854775807 - 1) / -1", "unknown"},
                                           {"(-9223372036854775807 - 1) % -1", "0"},
                                           {"int(1e30)", "unknown"},
                                           {"int('12a')", "unknown"},
                                           {"double('')", "unknown"},
                                           {"x * 1e308 * 10.0", "unknown"},
                                           {"date('x' + name)", "unknown"},
                                           {"today('No/' + name)", "unknown"},
                                           {"balance * 9223372036854775807", "unknown"}}) {
    EXPECT_EQ(shown(one.source), one.result) << one.source;
  }
}

TEST_F(EvaluateTest, CalculatesNumbersMoneyAndTexts) {
  for (const Case& one : std::vector<Case>{{"n + 2 * 3", "11"},
                                           {"7 / 2", "3"},
                                           {"-7 / 2", "-3"},
                                           {"-7 % 5", "-2"},
                                           {"43 % (-5)", "3"},
                                           {"x * 2", "5"},
                                           {"double(n) / 2.0", "2.5"},
                                           {"int(2.9)", "2"},
                                           {"int(-2.9)", "-2"},
                                           {"int('-42')", "-42"},
                                           {"double('1.5')", "1.5"},
                                           {"double(balance)", "12.5"},
                                           {"balance + 0.5 == 13", "true"},
                                           {"balance * 2 == 25", "true"},
                                           {"balance - balance == 0", "true"},
                                           {"balance == 12.5", "true"},
                                           {"balance > 12.49", "true"},
                                           {"name + '!'", "Anna!"},
                                           {"string(n)", "5"},
                                           {"string(ok)", "true"},
                                           {"least(n, 3, 9)", "3"},
                                           {"greatest(x, 3)", "3"},
                                           {"greatest(balance, 20) == 20", "true"},
                                           {"n in [1, 5]", "true"},
                                           {"x in [1, 2.5]", "true"},
                                           {"'b' > 'B'", "true"},
                                           {"'\xEF\xBF\xBD' < '\xF0\x9F\x98\x80'", "true"},
                                           {"setting('retail.days') + 1", "31"},
                                           {"param('insight.rfm', 'r1')", "10"},
                                           {"param('insight.rfm', 'r2') == null", "true"},
                                           {"retail.twice(n)", "10"},
                                           {"retail.twice(m) == null", "true"}}) {
    EXPECT_EQ(shown(one.source), one.result) << one.source;
  }
}

TEST_F(EvaluateTest, TestsTextsListsAndEnums) {
  for (const Case& one : std::vector<Case>{{"name.contains('nn')", "true"},
                                           {"name.contains('')", "true"},
                                           {"name.startsWith('An')", "true"},
                                           {"name.startsWith('an')", "false"},
                                           {"name.endsWith('na')", "true"},
                                           {"name.endsWith('xAnna')", "false"},
                                           {"name.lowerAscii()", "anna"},
                                           {"'STRASSE'.fold() == 'stra\xC3\x9F"
                                            "e'.fold()",
                                            "true"},
                                           {"size('\xE4\xB8\xAD\xF0\x9F\x98\x80')", "2"},
                                           {"size(tags)", "2"},
                                           {"'new' in tags", "true"},
                                           {"'old' in tags", "false"},
                                           {"note in tags", "false"},
                                           {"tier < 'gold'", "true"},
                                           {"tier >= 'silver'", "true"},
                                           {"tier < parent.tier", "true"},
                                           {"tier == 'silver'", "true"},
                                           {"retail.tier > tier", "true"},
                                           {"old_tier < 'gold'", "unknown"}}) {
    EXPECT_EQ(shown(one.source), one.result) << one.source;
  }
}

TEST_F(EvaluateTest, KnowsDaysAndInstants) {
  for (const Case& one : std::vector<Case>{{"days_since(joined)", "3"},
                                           {"days_since(born) > 12000", "true"},
                                           {"days_since(now() + duration('1s'))", "-1"},
                                           {"today()", "2026-01-05"},
                                           {"today('Pacific/Auckland')", "2026-01-05"},
                                           {"date(joined)", "2026-01-01"},
                                           {"date(timestamp('2026-01-01T20:00:00Z'), 'Asia/Shanghai')", "2026-01-02"},
                                           {"timestamp(born)", "1990-06-15T00:00:00Z"},
                                           {"year(born)", "1990"},
                                           {"month(born)", "6"},
                                           {"day(joined)", "1"},
                                           {"days_between(born, date('1990-06-20'))", "5"},
                                           {"days_between(joined, today())", "4"},
                                           {"joined + duration('1d12h')", "2026-01-03T00:00:00Z"},
                                           {"now() - joined == duration('3d22h')", "true"},
                                           {"joined >= '2026-01-01'", "true"},
                                           {"joined > $since", "true"},
                                           {"born < '1990-06-16'", "true"},
                                           {"now()", "2026-01-05T10:00:00Z"}}) {
    EXPECT_EQ(shown(one.source), one.result) << one.source;
  }
}

TEST_F(EvaluateTest, FollowsRefsToRecordsThatLive) {
  for (const Case& one : std::vector<Case>{{"parent.name", "Bert"},
                                           {"parent.home.code", "N"},
                                           {"parent.parent.name == null", "true"},
                                           {"home.rank", "3"},
                                           {"parent == record", "false"},
                                           {"parent != null", "true"},
                                           {"record == record", "true"},
                                           {"state('customer.lifecycle')", "lead"},
                                           {"days_since(state_since('customer.lifecycle'))", "1"},
                                           {"in_segment('retail.vips')", "true"},
                                           {"parent.in_segment('retail.vips') == null", "true"},
                                           {"parent.state('customer.lifecycle') == null", "true"},
                                           {"home.chief.name == null", "true"}}) {
    EXPECT_EQ(shown(one.source), one.result) << one.source;
  }
  bert_.removed = true;
  EXPECT_EQ(shown("parent.name == null"), "true");
  EXPECT_EQ(shown("parent != null"), "true");  // the ref itself is still a fact
}

TEST_F(EvaluateTest, ComparesWithTheRecordBeforeTheChange) {
  Record before = anna_;
  before.set("n", Value::integer(1)).set("name", Value::text("Ann"));
  env_.old = &before;
  for (const Case& one : std::vector<Case>{{"changed(name)", "true"},
                                           {"changed(tier)", "false"},
                                           {"old.n", "1"},
                                           {"became(n > 3)", "true"},
                                           {"became(n > 0)", "false"},
                                           {"became(m > 0)", "unknown"},
                                           {"old.home.code", "N"},
                                           {"changed(note)", "false"},
                                           {"old == record", "true"}}) {
    EXPECT_EQ(shown(one.source), one.result) << one.source;
  }
  env_.old = nullptr;
  for (const Case& one : std::vector<Case>{{"changed(name)", "true"},
                                           {"changed(note)", "false"},
                                           {"old.n == null", "true"},
                                           {"old == null", "true"},
                                           {"became(n > 3)", "true"}}) {
    EXPECT_EQ(shown(one.source), one.result) << one.source;
  }
}

TEST_F(EvaluateTest, AmountsOfTwoCurrenciesDontMeet) {
  anna_.set("spent", Value::money(1250, Currency{{'E', 'U', 'R'}, 2}));
  EXPECT_EQ(shown("balance == spent"), "unknown");
  EXPECT_EQ(shown("balance < spent"), "unknown");
  EXPECT_EQ(shown("balance + spent"), "unknown");
}

TEST_F(EvaluateTest, HoldsOnlyWhenTrue) {
  Scope scope;
  scope.names = &world_;
  scope.record_type = kCustomer;
  EXPECT_TRUE(holds(*compile_or_throw("ok", scope), anna_, env_));
  EXPECT_FALSE(holds(*compile_or_throw("m > 1", scope), anna_, env_));
  EXPECT_FALSE(holds(*compile_or_throw("sure", scope), anna_, env_));
}

TEST_F(EvaluateTest, AParameterWithoutAValueIsAnError) {
  env_.parameters.clear();
  EXPECT_THROW(eval("joined > $since"), Error);
}

}  // namespace
}  // namespace kith::internal::expr::testing
