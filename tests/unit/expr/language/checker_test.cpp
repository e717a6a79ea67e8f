#include <gtest/gtest.h>

#include "base/problem/error.hpp"
#include "expr/program.hpp"
#include "unit/expr/worlds/world.hpp"

namespace kith::internal::expr::testing {
namespace {

class CheckerTest : public ::testing::Test {
 protected:
  CheckerTest() {
    scope_.names = &world_;
    scope_.record_type = kCustomer;
    scope_.parameters = {{"since", Type::of(Kind::timestamp)}, {"least", Type::of(Kind::integer)}};
  }
  std::vector<Diagnostic> complaints(std::string_view source) {
    std::vector<Diagnostic> diagnostics;
    const ProgramPtr program = compile(source, scope_, diagnostics);
    EXPECT_EQ(program == nullptr, !diagnostics.empty()) << source;
    return diagnostics;
  }
  World world_;
  Scope scope_;
};

struct Wrong {
  const char* source;
  ProblemNumber number;
  const char* carets;   ///< the piece that is underlined
  const char* message;  ///< contained
  const char* fix;      ///< contained
};

using N = ProblemNumber;

TEST_F(CheckerTest, PointsAtEachMistakeAndSaysWhatToWrite) {
  const std::vector<Wrong> table = {
      // names
      {"nmae == 'x'", N::unknown_name, "nmae", "unknown name 'nmae' on customer",
       "did you mean name (text, on customer)?"},
      {"retail.teir == 'gold'", N::unknown_name, "retail.teir", "unknown name 'retail.teir'",
       "did you mean retail.tier (enum, on customer)?"},
      {"score > 1", N::unknown_name, "score", "unknown name 'score'", "did you mean retail.score (int, on customer)?"},
      {"home.cod == 'x'", N::unknown_name, "cod", "unknown name 'cod' on region",
       "did you mean code (text, on region)?"},
      {"parent.home.rnak > 1", N::unknown_name, "rnak", "on region", "did you mean rank"},
      {"tier == gold", N::unknown_name, "gold", "unknown name 'gold'", "a text needs quotes: 'gold'"},
      {"name.code == 'x'", N::unknown_name, "name", "'name' is text and has no fields", "only a ref leads on"},
      {"about.name == 'x'", N::unknown_name, "about", "'about' is ref", "only a ref to one type leads on"},
      {"joined < now", N::unknown_name, "now", "unknown name 'now'", "write now()"},
      {"retail.orders == null", N::not_allowed_here, "retail.orders", "a set of records", "declare a rollup"},
      {"retail.orders.total > 5", N::not_allowed_here, "retail.orders", "a set of records",
       "retail.orders.exists(x, x.total == ...)"},
      {"retail.orders.exists(o, o.totl > 5)", N::unknown_name, "totl", "unknown name 'totl' on retail.order",
       "did you mean total"},
      {"size(rel('referred')) > 0", N::unknown_name, "'referred'", "no relationship 'referred' begins at customer",
       "known are knows"},
      {"size(retail.orders) == 'a'", N::type_mismatch, "size(retail.orders) == 'a'", "can't compare int with text",
       "without quotes"},
      {"old.name == 'x'", N::not_allowed_here, "old", "no old record", "triggers, conditions, guards"},
      {"changed(name)", N::not_allowed_here, "changed(name)", "there is no change", "triggers"},
      {"$snice < joined", N::unknown_parameter, "$snice", "no value was given for $snice", "did you mean \"since\"?"},
      {"state('customer.lifecycel') == 'lead'", N::unknown_name, "'customer.lifecycel'", "unknown lifecycle",
       "did you mean \"customer.lifecycle\"?"},
      {"home.state('x') == 'y'", N::unknown_name, "'x'", "unknown lifecycle 'x' on region", "none is declared"},
      {"name.state('x') == 'y'", N::type_mismatch, "name", "not a record of one type", "behind a ref"},
      {"in_segment('retail.vip')", N::unknown_name, "'retail.vip'", "unknown segment", "did you mean \"retail.vips\"?"},
      {"in_segment(name)", N::wrong_arguments, "name", "a name in quotes", "in_segment('bundle.segment')"},
      {"setting('retail.day') > n", N::unknown_name, "'retail.day'", "unknown setting",
       "did you mean \"retail.days\"?"},
      {"param('insight.rfm', 'r3') > n", N::unknown_name, "'insight.rfm', 'r3'", "insight.rfm.r3", "did you mean"},
      // functions
      {"nwo() > joined", N::unknown_function, "nwo", "unknown function 'nwo'", "did you mean \"now\"?"},
      {"name.containz('x')", N::unknown_function, "containz", "unknown function 'containz'",
       "did you mean \"contains\"?"},
      {"name.matches('x.*')", N::unknown_function, "matches", "unknown function 'matches'",
       "use contains, startsWith or endsWith"},
      {"retail.twise(n) > 1", N::unknown_function, "retail.twise", "unknown function 'retail.twise'",
       "did you mean \"retail.twice\"?"},
      {"retail.twice(x) > 1", N::type_mismatch, "x", "this is double, but int is wanted", "write int(x)"},
      {"retail.twice() > 1", N::wrong_arguments, "retail.twice()", "takes 1 arguments, but 0 are given",
       "list of functions"},
      {"contains(name, 'x')", N::unknown_function, "contains", "is called on a text", "text.contains('part')"},
      {"joined.days_since() > 1", N::unknown_function, "days_since", "stands on its own",
       "days_since(timestamp or date)"},
      {"days_since(joined, 1) > 1", N::wrong_arguments, "days_since(joined, 1)", "too many arguments",
       "days_since(timestamp or date)"},
      {"days_since(name) > 1", N::wrong_arguments, "name", "can't take text", "days_since(timestamp or date)"},
      {"max(n, m) > 1", N::unknown_function, "max", "unknown function 'max'", "greatest(a, b)"},
      {"today('Asia/Shangai') > born", N::bad_literal, "'Asia/Shangai'", "unknown time zone", "IANA"},
      {"seen < now() - duration('3 days')", N::bad_literal, "'3 days'", "is not a duration", "'30d'"},
      // types
      {"n == x", N::type_mismatch, "n == x", "can't compare int with double", "write double(n)"},
      {"x > n", N::type_mismatch, "x > n", "can't compare double with int", "write double(n)"},
      {"balance > x", N::type_mismatch, "balance > x", "can't compare money (CNY) with double",
       "write double(balance)"},
      {"balance > 1.005", N::bad_literal, "1.005", "not an exact amount of CNY", "at most 2 decimals"},
      {"balance * 1.5 > 3", N::type_mismatch, "balance * 1.5", "money can only be multiplied by an int",
       "write double(balance)"},
      {"balance / 2 > 3", N::type_mismatch, "balance / 2", "money can only be multiplied", "write double(balance)"},
      {"tier == 'glod'", N::bad_enum_value, "'glod'", "'glod' is not a value of this enum", "did you mean \"gold\"?"},
      {"tier in ['gold', 'bronze']", N::bad_enum_value, "'bronze'", "not a value",
       "its values are 'none', 'silver', 'gold'"},
      {"ok ? tier == 'x' : ok", N::bad_enum_value, "'x'", "not a value", "its values are"},
      {"kind < 'person'", N::type_mismatch, "kind < 'person'", "this enum has no order", "\"ordered\": true"},
      {"ok < sure", N::type_mismatch, "ok < sure", "bool has no order", "use == or !="},
      {"joined >= '2006-13-01'", N::bad_literal, "'2006-13-01'", "is not an instant", "'2026-01-31'"},
      {"born == '01.02.2006'", N::bad_literal, "'01.02.2006'", "is not a date", "'2026-01-31'"},
      {"coalesce(born, joined) == null", N::type_mismatch, "born, joined", "can't choose between date and timestamp",
       "write date(joined)"},
      {"born == 2024-02-29", N::type_mismatch, "born == 2024-02-29", "can't compare date with int", "'2024-02-29'"},
      {"joined < 2024/2/29", N::type_mismatch, "joined < 2024/2/29", "can't compare timestamp with int", "duration"},
      {"joined < 2024/02/29", N::type_mismatch, "joined < 2024/02/29", "can't compare timestamp with int",
       "'2024-02-29'"},
      {"born > 7", N::type_mismatch, "born > 7", "can't compare date with int", "days_since(born)"},
      {"note == NULL", N::unknown_name, "NULL", "unknown name 'NULL'", "write null"},
      {"note != None", N::unknown_name, "None", "unknown name 'None'", "write null"},
      {"ok == TRUE", N::unknown_name, "TRUE", "unknown name 'TRUE'", "write true"},
      {"note == 7", N::type_mismatch, "note == 7", "can't compare text with int", "'7'"},
      {"n in (1)", N::type_mismatch, "(1)", "must be a list", "write [1]"},
      {"note + 1.5 == 'x'", N::type_mismatch, "note + 1.5", "can't add text and double", "write string(1.5)"},
      {"n % 2.0 == 0", N::type_mismatch, "n % 2.0", "'%' is for int", "write n % 2"},
      {"n % 2.5 == 0", N::type_mismatch, "n % 2.5", "'%' is for int", "write n % int(2.5)"},
      {"joined == name", N::type_mismatch, "joined == name", "can't compare timestamp with text",
       "write timestamp(name)"},
      {"n == '5'", N::type_mismatch, "n == '5'", "can't compare int with text", "write it without quotes: 5"},
      {"n == name", N::type_mismatch, "n == name", "can't compare int with text", "write int(name)"},
      {"parent == 'x'", N::type_mismatch, "parent == 'x'", "can't compare ref with text", "parent.<field>"},
      {"parent == home", N::type_mismatch, "parent == home", "can't compare a customer with a region", "its own type"},
      {"tags == 'a'", N::type_mismatch, "tags == 'a'", "can't compare list of text with text", "bring both"},
      {"extra == extra", N::type_mismatch, "extra == extra", "can only be compared with null", "== null"},
      {"n in tags", N::type_mismatch, "n in tags", "int can't be in a list of text", "look for a text"},
      {"name in note", N::type_mismatch, "note", "must be a list", "text.contains('part')"},
      {"name && ok", N::type_mismatch, "name", "a side of '&&' must be bool", "name == 'x'"},
      {"!n", N::type_mismatch, "n", "must be bool", "n != null"},
      {"-name == 'x'", N::type_mismatch, "name", "text has no negative", "number"},
      {"n ? 1 : 2", N::type_mismatch, "n", "what stands before '?' must be bool", "n != null"},
      {"(ok ? n : name) == 1", N::type_mismatch, "n : name", "can't choose between int and text", "int(name)"},
      {"born - left_on > 3", N::type_mismatch, "born - left_on", "dates can't be calculated",
       "days_between(left_on, born)"},
      {"name + n == 'x'", N::type_mismatch, "name + n", "can't add text and int", "string(n)"},
      {"ok + sure", N::type_mismatch, "ok + sure", "bool can't be calculated", "use numbers"},
      {"x % 2.0 == 0.0", N::type_mismatch, "x % 2.0", "'%' is for int", "write int(x) % 2"},
      {"n > 99999999999999999999", N::bad_literal, "99999999999999999999", "does not fit into 64 bits",
       "9223372036854775807"},
      {"x > 1e999", N::bad_literal, "1e999", "out of the range of double", "e308"},
      {"x > 9007199254740993", N::bad_literal, "9007199254740993", "not exact as a double", "as a double"},
      {"['a'] == name", N::type_mismatch, "['a']", "only stand on the right of 'in'", "value in"},
      {"int(balance) > 1", N::wrong_arguments, "balance", "no conversion from money (CNY) to int",
       "compare it with a literal"},
  };
  for (const Wrong& wrong : table) {
    const std::vector<Diagnostic> found = complaints(wrong.source);
    ASSERT_EQ(found.size(), 1U) << wrong.source << "\n" << (found.empty() ? "" : found.back().message);
    const Diagnostic& one = found[0];
    EXPECT_EQ(one.number, wrong.number) << wrong.source << "\n" << one.message;
    EXPECT_EQ(std::string_view{wrong.source}.substr(one.begin, one.end - one.begin), wrong.carets) << wrong.source;
    EXPECT_NE(one.message.find(wrong.message), std::string::npos) << wrong.source << "\n" << one.message;
    EXPECT_NE(one.fix.find(wrong.fix), std::string::npos) << wrong.source << "\n" << one.fix;
  }
}

TEST_F(CheckerTest, FindsAllMistakesInOneGoAndSaysNoneTwice) {
  const std::vector<Diagnostic> found =
      complaints("nmae == 'x' && n == x && tier == 'glod' && (nmae + 'y').contains('z') && days_sinse(joined) > 3");
  ASSERT_EQ(found.size(), 5U);
  EXPECT_EQ(found[0].number, N::unknown_name);
  EXPECT_EQ(found[1].number, N::type_mismatch);
  EXPECT_EQ(found[2].number, N::bad_enum_value);
  EXPECT_EQ(found[3].number, N::unknown_name);
  EXPECT_EQ(found[4].number, N::unknown_function);
}

TEST_F(CheckerTest, DrawsCaretsUnderThePiece) {
  try {
    compile_or_throw("ok && tier == 'glod'", scope_);
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    ASSERT_EQ(error.problems().size(), 1U);
    EXPECT_EQ(error.first().number, N::bad_enum_value);
    EXPECT_EQ(error.first().excerpt, "ok && tier == 'glod'\n              ^~~~~~");
    EXPECT_EQ(error.first().fix, "did you mean \"gold\"?");
  }
  const Problem placed = to_problem({N::unknown_name, 3, 5, "unknown name 'x'", "write y"}, "a, xx",
                                    "condition of workflow w does not hold", [](std::size_t offset) {
                                      return Place{"plugin.json", 7, static_cast<int>(offset)};
                                    });
  EXPECT_EQ(placed.message, "condition of workflow w does not hold: unknown name 'x'");
  EXPECT_EQ(placed.where.text(), "plugin.json:7:3");
}

TEST_F(CheckerTest, TakesLiteralsAsTheTypeTheyMeet) {
  for (const char* good : {"balance == 0",
                           "balance >= 12.5",
                           "balance < -3",
                           "-5 < balance",
                           "balance + 1.25 > spent",
                           "balance in [1, 2.5]",
                           "x > 0",
                           "x * 2 > 1",
                           "0.25 * double(balance) < x",
                           "joined >= '2006-01-01'",
                           "born == '2000-02-29'",
                           "born in ['2000-02-29', null]",
                           "tier == 'gold'",
                           "(ok ? 'gold' : 'none') == tier",
                           "coalesce(tier, 'none') == 'gold'",
                           "coalesce(tier, '-') == '-'",
                           "tier == setting('retail.label')",
                           "coalesce(1, 2, x) > 0",
                           "least(1, x) > 0",
                           "parent == record",
                           "about == home",
                           "null == name",
                           "name == null",
                           "n in [1, null]",
                           "n in []",
                           "'a' in tags",
                           "joined > $since && n >= $least",
                           "retail.twice(n) == 4",
                           "name.size() > 2",
                           "size(name) > 2",
                           "tier >= 'silver'",
                           "state('customer.lifecycle') == 'lead'",
                           "parent.state('customer.lifecycle') != 'lead'",
                           "record.name == name",
                           "days_since(state_since('customer.lifecycle')) > 3",
                           "home.chief.home.code == 'x'",
                           "days_between(born, joined) > 1"}) {
    const auto found = complaints(good);
    EXPECT_TRUE(found.empty()) << good << "\n" << (found.empty() ? "" : found[0].message + " (" + found[0].fix + ")");
  }
}

TEST_F(CheckerTest, HoldsTheResultToTheTypeThatIsWanted) {
  struct Wanted {
    const char* source;
    Kind kind;
    const char* said;  ///< "" = fits
  };
  const std::vector<Wanted> table = {{"n > 1", Kind::boolean, ""},
                                     {"ok", Kind::boolean, ""},
                                     {"null", Kind::boolean, ""},
                                     {"name", Kind::boolean, "this is text, but bool is wanted"},
                                     {"n", Kind::real, "this is int, but double is wanted"},
                                     {"5", Kind::real, ""},
                                     {"ok ? 1 : 2", Kind::real, ""},
                                     {"x", Kind::integer, "this is double"},
                                     {"'2026-01-01'", Kind::date, ""},
                                     {"joined", Kind::date, "this is timestamp, but date is wanted"},
                                     {"'x'", Kind::date, "is not a date"},
                                     {"n", Kind::text, "this is int, but text is wanted"},
                                     {"tier", Kind::text, ""},
                                     {"n > 0 ? double(n) / 2.0 : null", Kind::real, ""}};
  for (const Wanted& wanted : table) {
    scope_.wanted = Type::of(wanted.kind);
    const auto found = complaints(wanted.source);
    if (*wanted.said == 0) {
      EXPECT_TRUE(found.empty()) << wanted.source << "\n" << (found.empty() ? "" : found[0].message);
    } else {
      ASSERT_EQ(found.size(), 1U) << wanted.source;
      EXPECT_NE(found[0].message.find(wanted.said), std::string::npos) << found[0].message;
    }
  }
  scope_.wanted = world_.member(kCustomer, "tier")->type;
  EXPECT_TRUE(complaints("ok ? 'gold' : old_tier").empty());
  EXPECT_EQ(complaints("ok ? 'golden' : 'none'").size(), 1U);
}

TEST_F(CheckerTest, KeepsToTheRulesOfItsPlace) {
  scope_.rules = Rules{};
  scope_.rules.allow_old = true;
  for (const char* good : {"changed(name)", "changed(parent.name)", "old.tier == 'gold'", "became(n > 3)",
                           "old == null", "old.home.code != home.code", "old.state('customer.lifecycle') == 'lead'",
                           "changed(state('customer.lifecycle'))"}) {
    EXPECT_TRUE(complaints(good).empty()) << good;
  }
  EXPECT_EQ(complaints("changed(n + 1)").at(0).number, N::wrong_arguments);
  EXPECT_EQ(complaints("became(old.n > 1)").at(0).number, N::not_allowed_here);
  EXPECT_EQ(complaints("became(changed(n))").at(0).number, N::not_allowed_here);
  EXPECT_EQ(complaints("became(n)").at(0).number, N::type_mismatch);

  scope_.rules = Rules{};
  scope_.rules.allow_refs = false;
  EXPECT_EQ(complaints("home.code == 'x'").at(0).number, N::not_allowed_here);
  EXPECT_TRUE(complaints("home != null").empty());
  scope_.rules = Rules{};
  scope_.rules.allow_derived = false;
  EXPECT_EQ(complaints("retail.score > 1").at(0).number, N::not_allowed_here);
  EXPECT_EQ(complaints("in_segment('retail.vips')").at(0).number, N::not_allowed_here);
  EXPECT_EQ(complaints("retail.best.name == 'x'").at(0).number, N::not_allowed_here);
  scope_.rules = Rules{};
  scope_.rules.allow_parameters = false;
  EXPECT_EQ(complaints("n > $least").at(0).number, N::unknown_parameter);
}

TEST_F(CheckerTest, RefusesNowInStoredExpressionsOutsideOfTheKnownForms) {
  scope_.rules.stored = true;
  for (const char* good :
       {"joined < now()", "now() - duration('3d') >= seen", "seen + duration('1d') == now() + duration('1h')",
        "days_since(joined) * 2 > n", "born < today('Asia/Shanghai')", "year(today()) - year(born) >= 18",
        "date(now()) == born", "born < now()", "days_between(born, now()) > 3", "year(now()) == 2026",
        "coalesce(seen, joined) < now() - duration('3d') && ok"}) {
    const auto found = complaints(good);
    EXPECT_TRUE(found.empty()) << good << "\n" << (found.empty() ? "" : found[0].message);
  }
  for (const char* bad : {"now() - joined > duration('3d')", "coalesce(seen, now()) > joined",
                          "(ok ? now() : seen) < joined", "date(now() - duration('1d')) == born", "now() == now()"}) {
    const auto found = complaints(bad);
    ASSERT_FALSE(found.empty()) << bad;
    EXPECT_EQ(found[0].number, N::now_not_allowed) << bad;
    EXPECT_EQ(std::string_view{bad}.substr(found[0].begin, 5), "now()");
  }
  EXPECT_EQ(complaints("n > $least").at(0).number, N::unknown_parameter);
}

TEST_F(CheckerTest, GathersWhatIsRead) {
  const ProgramPtr program = compile_or_throw(
      "home.chief.retail.score > setting('retail.days') && home.code == 'x' && parent.in_segment('retail.vips') && "
      "retail.twice(n) > param('insight.rfm', 'r1') && home != null",
      scope_);
  const auto at = [&](std::int32_t type, const char* name) { return world_.number(type, name); };
  const Hop home{false, kCustomer, at(kCustomer, "home")};
  const Hop chief{false, kRegion, at(kRegion, "chief")};
  const Hop parent{false, kCustomer, at(kCustomer, "parent")};
  const std::vector<Read> wanted = {{{}, kCustomer, home.member},
                                    {{home}, kRegion, chief.member},
                                    {{home, chief}, kCustomer, at(kCustomer, "retail.score")},
                                    {{home}, kRegion, at(kRegion, "code")},
                                    {{}, kCustomer, parent.member},
                                    {{parent}, kCustomer, at(kCustomer, "retail.vip")},
                                    {{}, kCustomer, at(kCustomer, "n")}};
  EXPECT_EQ(program->reads, wanted);
  EXPECT_EQ(program->settings, std::vector<std::string>{"retail.days"});
  EXPECT_EQ(program->parameters, std::vector<std::string>{"insight.rfm"});
  EXPECT_EQ(program->functions, std::vector<std::string>{"retail.twice"});
  EXPECT_FALSE(program->uses_now);
  EXPECT_EQ(program->sql_class, SqlClass::superset);
  EXPECT_TRUE(compile_or_throw("days_since(joined) > 3", scope_)->uses_now);
}

TEST_F(CheckerTest, ComputesConstantsOnce) {
  EXPECT_EQ(compile_or_throw("1 + 2 * 3", scope_)->type.kind, Kind::integer);
  EXPECT_EQ(compile_or_throw("'a' + 'b' == 'ab'", scope_)->sql_class, SqlClass::exact);
  EXPECT_TRUE(compile_or_throw("'ABC'.fold() == name", scope_)->sql_class == SqlClass::exact);
}

}  // namespace
}  // namespace kith::internal::expr::testing
