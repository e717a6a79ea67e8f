#include <gtest/gtest.h>

#include "base/problem/error.hpp"
#include "expr/parse/utf8.hpp"
#include "expr/sql/reach.hpp"
#include "expr/sql/sql_text.hpp"
#include "unit/expr/worlds/world.hpp"

namespace kith::internal::expr::testing {
namespace {

class LowerTest : public ::testing::Test {
 protected:
  LowerTest() {
    env_.surroundings = &answers_;
    env_.now = instant("2026-01-05T10:00:00Z");
    env_.parameters = {{"since", Value::timestamp(17)}};
    how_.schema = &world_;
    how_.tenant = kTenant;
  }
  ProgramPtr program(std::string_view source) {
    Scope scope;
    scope.names = &world_;
    scope.record_type = kCustomer;
    scope.rules.allow_old = true;
    scope.parameters = {{"since", Type::of(Kind::timestamp)}};
    return compile_or_throw(source, scope);
  }
  static std::string shown(const Sql& sql) {
    std::string out = sql.text + " |";
    for (const Value& value : sql.binds)
      out +=
          " " + (value.kind == Kind::timestamp || value.kind == Kind::date ? std::to_string(value.i) : to_text(value));
    return out;
  }
  std::string t(std::string_view source) { return shown(lower_true(*program(source), env_, how_)); }
  std::string f(std::string_view source) { return shown(lower_false(*program(source), env_, how_)); }

  World world_;
  Answers answers_;
  Env env_;
  Lowering how_;
};

TEST_F(LowerTest, WritesPlainComparisonsSoThatIndexesServe) {
  EXPECT_EQ(t("name == 'Anna'"), "t.\"c_name\" = ? | Anna");
  EXPECT_EQ(f("name == 'Anna'"), "t.\"c_name\" <> ? | Anna");  // a name is never null
  EXPECT_EQ(f("note == 'x'"), "(t.\"c_note\" <> ? OR t.\"c_note\" IS NULL) | x");
  EXPECT_EQ(t("note != null"), "t.\"c_note\" IS NOT NULL |");
  EXPECT_EQ(t("n >= 5 && joined > $since"), "(t.\"c_n\" >= ? AND t.\"c_joined\" > ?) | 5 17");
  EXPECT_EQ(t("n in [1, 2, null]"), "(t.\"c_n\" IS NULL OR t.\"c_n\" IN (?, ?)) | 1 2");
  EXPECT_EQ(t("tier < 'gold'"), "t.\"c_tier\" IN (?, ?) | none silver");
  EXPECT_EQ(f("tier < 'gold'"), "t.\"c_tier\" IN (?) | gold");
  EXPECT_EQ(t("!(ok || sure)"), "(t.\"c_ok\" = FALSE AND t.\"c_sure\" = FALSE) |");
  EXPECT_EQ(t("balance >= 12.5"), "t.\"c_balance\" >= ? | " + to_text(Value::money(1250, kYuan)));
}

TEST_F(LowerTest, BindsManyValuesAsOneAndEqualitiesOfOneFieldAsAList) {
  std::string many, equal;
  for (int i = 1; i <= 300; ++i) {
    many += (i == 1 ? "" : ", ") + std::to_string(i);
    equal += (i == 1 ? "n == " : " || n == ") + std::to_string(i);
  }
  const Sql list = lower_true(*program("n in [" + many + "]"), env_, how_);
  EXPECT_EQ(list.text, "t.\"c_n\" IN (SELECT value FROM json_each(?))");
  ASSERT_EQ(list.binds.size(), 1U);
  EXPECT_EQ(program("n in [" + many + "]")->sql_class, SqlClass::exact) << "however many they are";
  EXPECT_EQ(program(equal)->sql_class, SqlClass::exact);
  EXPECT_EQ(shown(lower_true(*program(equal), env_, how_)), shown(list));
  EXPECT_EQ(t("n == 2 || 1 == n || n in [3, 2]"), "t.\"c_n\" IN (?, ?, ?) | 1 2 3");
  EXPECT_EQ(f("n == 2 || n == null"), "t.\"c_n\" <> ? | 2");
  EXPECT_EQ(f("n == 2 || n == 1"), "(t.\"c_n\" NOT IN (?, ?) OR t.\"c_n\" IS NULL) | 1 2");
  EXPECT_EQ(t("n == 2 || m == 2"), "(t.\"c_n\" = ? OR t.\"c_m\" = ?) | 2 2") << "two fields are no list";
}

TEST_F(LowerTest, SaysWhichColumnEachPartOfAConditionBounds) {
  const auto reaches = [&](std::string_view source) {
    std::string out;
    for (const Part& part : lower_parts(*program(source), env_, how_).parts) {
      if (!out.empty()) out += "; ";
      if (!part.reach) {
        out += part.ways.empty() ? "-" : "or";
        continue;
      }
      out += part.reach->column + (part.reach->range ? " range" : "");
      for (const Value& value : part.reach->values) out += " " + to_text(value);
      if (part.reach->or_null) out += " null";
    }
    return out;
  };
  EXPECT_EQ(reaches("n == 2 && name > 'A'"), "\"c_n\" 2; \"c_name\" range");
  EXPECT_EQ(reaches("n in [3, 1, null, 3] && n != 4"), "\"c_n\" 1 3 null; -");
  EXPECT_EQ(reaches("name.startsWith('An') && name.contains('n')"), "\"c_name\" range; -");
  EXPECT_EQ(reaches("tier >= 'gold' && ok && !sure"), "\"c_tier\" gold; \"c_ok\" true; \"c_sure\" false");
  EXPECT_EQ(reaches("days_since(joined) > 30"), "\"c_joined\" range");
  EXPECT_EQ(reaches("n == 1 || name == 'A'"), "or");
  EXPECT_EQ(reaches("parent.n == 1 && n + 1 == 2"), "-; -");
  EXPECT_EQ(reaches("name.fold() == 'x' && n == 1"), "\"c_n\" 1") << "what SQL can't decide is left out";
}

TEST_F(LowerTest, RewritesDaysSinceToAComparisonOfTheMoment) {
  const std::int64_t now = env_.now;
  const auto at = [&](std::int64_t days) { return std::to_string(now - days * kMicrosPerDay); };
  EXPECT_EQ(t("days_since(joined) > 30"), "t.\"c_joined\" <= ? | " + at(31));
  EXPECT_EQ(f("days_since(joined) > 30"), "t.\"c_joined\" > ? | " + at(31));
  EXPECT_EQ(t("days_since(joined) >= 30"), "t.\"c_joined\" <= ? | " + at(30));
  EXPECT_EQ(t("30 >= days_since(joined)"), "t.\"c_joined\" > ? | " + at(31));
  EXPECT_EQ(t("days_since(joined) > setting('retail.days') * 2"), "t.\"c_joined\" <= ? | " + at(61));
  EXPECT_EQ(t("days_since(joined) > 9223372036854775807"), "FALSE |");
  EXPECT_EQ(t("days_since(joined) > -9223372036854775808"), "t.\"c_joined\" IS NOT NULL |");
  EXPECT_EQ(t("days_since(born) == 0"), "(t.\"c_born\" <= ? AND t.\"c_born\" > ?) | 20458 20457");
}

TEST_F(LowerTest, BindsWhatNeedsNoRecord) {
  EXPECT_EQ(t("seen < now() - duration('1d')"), "t.\"c_seen\" < ? | " + std::to_string(env_.now - kMicrosPerDay));
  EXPECT_EQ(t("n > setting('retail.days') + 1"), "t.\"c_n\" > ? | 31");
  EXPECT_EQ(t("n > param('insight.rfm', 'r2')"), "FALSE |");
  EXPECT_EQ(t("name == 'ABC'.fold()"), "t.\"c_name\" = ? | abc");
  EXPECT_EQ(t("1 < 2"), "TRUE |");
}

TEST_F(LowerTest, ReachesOtherRecordsBySubSelectsOfTheSameTenantThatLive) {
  EXPECT_EQ(t("home.rank > 2"),
            "(SELECT tr1.\"c_rank\" FROM region AS tr1 WHERE tr1.tenant = ? AND tr1.id = t.\"c_home\" AND "
            "tr1.removed_at IS NULL) > ? | 7 2");
  EXPECT_EQ(t("parent.home.size_class == 1"),
            "(SELECT tr2d.\"c_size_class\" FROM customer AS tr1 JOIN region AS tr2 ON tr2.tenant = ? AND tr2.id = "
            "tr1.\"c_home\" AND tr2.removed_at IS NULL "
            "JOIN region__d AS tr2d ON tr2d.rid = tr2.rid WHERE tr1.tenant = ? AND tr1.id = t.\"c_parent\" AND "
            "tr1.removed_at IS NULL) = ? | 7 7 1");
  EXPECT_EQ(t("retail.score > 3"), "td.\"c_retail.score\" > ? | 3");
  EXPECT_TRUE(needs_derived(*program("retail.score > 3")));
  EXPECT_TRUE(needs_derived(*program("retail.best.name == 'x'")));
  EXPECT_FALSE(needs_derived(*program("parent.retail.score > 3")));
}

TEST_F(LowerTest, TurnsPrefixesIntoRanges) {
  EXPECT_EQ(t("name.startsWith('An')"), "(t.\"c_name\" >= ? AND t.\"c_name\" < ?) | An Ao");
  EXPECT_EQ(f("name.startsWith('An')"), "(t.\"c_name\" < ? OR t.\"c_name\" >= ?) | An Ao");
  EXPECT_EQ(t("name.contains('%')"), "instr(t.\"c_name\", ?) > 0 | %");
  EXPECT_EQ(prefix_end("a\x7F"), "a\xC2\x80");
  EXPECT_EQ(prefix_end("\xED\x9F\xBF"), "\xEE\x80\x80");  // over the surrogates
  EXPECT_EQ(prefix_end("a\xF4\x8F\xBF\xBF"), "b");        // the last code point has no next
  EXPECT_EQ(prefix_end("\xF4\x8F\xBF\xBF"), "");
  EXPECT_EQ(prefix_end("\xDF\xBF"), "\xE0\xA0\x80");
}

TEST_F(LowerTest, ClassesTermsByWhatSqlCanDecide) {
  struct Class {
    const char* source;
    SqlClass sql_class;
  };
  for (const Class& one : std::vector<Class>{{"n + 1 > 2", SqlClass::exact},
                                             {"name.fold() == 'x'", SqlClass::vm_only},
                                             {"n > 1 && name.fold() == 'x'", SqlClass::superset},
                                             {"n > 1 || name.fold() == 'x'", SqlClass::vm_only},
                                             {"n > 1 || (ok && name.fold() == 'x')", SqlClass::superset},
                                             {"!(n > 1 && name.fold() == 'x')", SqlClass::vm_only},
                                             {"retail.twice(n) == 4", SqlClass::vm_only},
                                             {"retail.twice(3) == n", SqlClass::exact},
                                             {"changed(name)", SqlClass::vm_only},
                                             {"old.n == 1", SqlClass::vm_only},
                                             {"int(name) == 1", SqlClass::vm_only},
                                             {"date(joined, 'Asia/Shanghai') == born", SqlClass::vm_only},
                                             {"date(joined) == born", SqlClass::exact},
                                             {"today('Asia/Shanghai') == born", SqlClass::exact},
                                             {"today(zone) == born", SqlClass::vm_only},
                                             {"'a' in tags && size(tags) > 1", SqlClass::exact}}) {
    EXPECT_EQ(program(one.source)->sql_class, one.sql_class)
        << one.source << " is " << sql_class_name(program(one.source)->sql_class);
  }
  EXPECT_EQ(t("n > 1 && name.fold() == 'x'"), "t.\"c_n\" > ? | 1");
  EXPECT_THROW(f("n > 1 && name.fold() == 'x'"), Error);
  EXPECT_THROW(t("name.fold() == 'x'"), Error);
  EXPECT_THROW(lower_value(*program("name.fold()"), env_, how_), Error);
}

TEST_F(LowerTest, LeavesWhatWouldOutgrowTheTextToTheEvaluator) {
  std::string nested = "n";
  for (int i = 0; i < 14; ++i) nested = "((" + nested + ") % 7 + 1)";
  EXPECT_EQ(program(nested + " > 3")->sql_class, SqlClass::vm_only);
  std::string equal = "ok";
  for (int i = 0; i < 12; ++i) equal = "(" + equal + " == sure)";
  EXPECT_EQ(program(equal)->sql_class, SqlClass::vm_only);
  std::string sum = "n";
  for (int i = 0; i < 25; ++i) sum += " + n";
  EXPECT_EQ(program(sum + " > 3")->sql_class, SqlClass::exact);
  EXPECT_LT(lower_true(*program(sum + " > 3"), env_, how_).text.size(), 2'000U);
  how_.dialect = Dialect::postgresql;
  EXPECT_LT(lower_true(*program(sum + " > 3"), env_, how_).text.size(), 6'000U);
  std::string product = "x";
  int steps = 0;
  for (; program(product + " > 1.0")->sql_class == SqlClass::exact; ++steps) product += " * x";
  EXPECT_GT(steps, 5);
  EXPECT_EQ(program(product + " > 1.0")->sql_class, SqlClass::vm_only);
  const std::string longest = product.substr(0, product.size() - 4);
  EXPECT_LT(lower_true(*program(longest + " > 1.0"), env_, how_).text.size(), 60'000U);
}

}  // namespace
}  // namespace kith::internal::expr::testing
