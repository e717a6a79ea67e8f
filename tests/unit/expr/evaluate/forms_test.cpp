// What is given is brought to the form of what it meets: a text as it would be stored, a parameter as what it stands
// beside, an address as what its spellings have in common.
#include <gtest/gtest.h>

#include "base/problem/error.hpp"
#include "unit/expr/worlds/world.hpp"

namespace kith::internal::expr::testing {
namespace {

/// The world with fields whose texts have forms.
class Formed : public World {
 public:
  std::optional<Member> member(std::int32_t record_type, std::string_view name) const override {
    auto found = World::member(record_type, name);
    if (!found || record_type != kCustomer) return found;
    if (name == "name" || name == "tags") found->type.form = TextForm::plain;
    if (name == "note") found->type.form = TextForm::phone;
    if (name == "zone") found->type.form = TextForm::country;
    return found;
  }
};

class FormsTest : public ::testing::Test {
 protected:
  FormsTest() : ada_(world_, kCustomer, 1) {
    env_.surroundings = &answers_;
    ada_.set("name", Value::text("Zo\xC3\xAB"))
        .set("note", Value::text("+4930901820"))
        .set("zone", Value::text("DE"))
        .set("mail", Value::text("Ada@m\xC3\xBCnchen.example"))
        .set("tags", Value::json(R"(["caf\u00e9"])"))
        .set("n", Value::integer(7))
        .set("x", Value::real(2.5))
        .set("ok", Value::boolean(true))
        .set("born", Value::date(day("1990-06-15")))
        .set("joined", Value::timestamp(instant("2026-01-01T12:00:00Z")))
        .set("balance", Value::money(50000, kYuan));
  }
  std::string shown(std::string_view source, Value given = Value::null()) {
    Scope scope;
    scope.names = &world_;
    scope.record_type = kCustomer;
    Type type = Type::of(given.kind);
    if (given.kind == Kind::json) type.element = Kind::text;
    scope.parameters = {{"p", type}};
    env_.parameters = {{"p", std::move(given)}};
    const Value value = evaluate(*compile_or_throw(source, scope), ada_, env_).value;
    return value.is_unknown() ? "unknown" : to_text(value);
  }

  Formed world_;
  Answers answers_;
  Env env_;
  Record ada_;
};

TEST_F(FormsTest, LiteralsAndParametersBecomeWhatWritingWouldStore) {
  for (const auto& [source, text] :
       std::vector<std::pair<std::string, std::string>>{{"name == ", "Zoe\xCC\x88"},
                                                        {"name == ", "  Zo\xC3\xAB\t"},
                                                        {"name in ['x', ] || name == ", "\xE3\x80\x80Zoe\xCC\x88 "},
                                                        {"note == ", "030 901820"},
                                                        {"note == ", "+49 (30) 90 18 20"},
                                                        {"zone == ", "de"},
                                                        {"mail == ", "Ada@M\xC3\x9CNCHEN.example"},
                                                        {"mail == ", "ADA@xn--mnchen-3ya.EXAMPLE"}}) {
    const std::string expression = source.find(", ]") == std::string::npos ? source : "name == ";
    EXPECT_EQ(shown(expression + "'" + text + "'"), "true") << source << text;
    EXPECT_EQ(shown(expression + "$p", Value::text(text)), "true") << source << text;
  }
  EXPECT_EQ(shown("note in ['x', '030 901820']"), "true");
  EXPECT_EQ(shown("note in ['x', $p]", Value::text("030/901820")), "true");
  EXPECT_EQ(shown("' caf\x65\xCC\x81' in tags"), "true");
  EXPECT_EQ(shown("$p in tags", Value::text("caf\x65\xCC\x81 ")), "true");
  EXPECT_EQ(shown("name.startsWith('Zoe\xCC\x88')"), "true");
  EXPECT_EQ(shown("name.contains($p)", Value::text("e\xCC\x88")), "true");
  // A blank may stand in the middle of a name.
  EXPECT_EQ(shown("name.contains(' ')"), "false");
  EXPECT_EQ(shown("note == 'no number'"), "false");
  EXPECT_EQ(shown("note != '030 901820'"), "false");
  EXPECT_EQ(shown("(ok ? '030 901820' : 'x') == note"), "true");
}

TEST_F(FormsTest, AnAddressEqualsItsOtherSpellingsAndNothingElse) {
  EXPECT_EQ(shown("mail in ['x@y.example', 'ada@xn--mnchen-3ya.example']"), "true");
  EXPECT_EQ(shown("mail != 'ADA@m\xC3\xBCnchen.example'"), "false");
  EXPECT_EQ(shown("mail == 'adam@m\xC3\xBCnchen.example'"), "false");
  EXPECT_EQ(shown("mail == null"), "false");
  EXPECT_EQ(shown("mail == $p", Value::null()), "false");
  EXPECT_EQ(shown("mail"), "Ada@m\xC3\xBCnchen.example");
  ada_.set("mail", Value::null());
  EXPECT_EQ(shown("mail == null"), "true");
  EXPECT_EQ(shown("mail == 'a@b.example'"), "false");
  EXPECT_EQ(shown("mail != 'a@b.example'"), "true");
}

TEST_F(FormsTest, ATextParameterIsWhatItStandsBeside) {
  EXPECT_EQ(shown("name == $p", Value::text("007")), "false");
  for (const auto& [source, text] : std::vector<std::pair<const char*, const char*>>{
           {"n == $p", "007"},
           {"$p <= n", "7"},
           {"n in [1, $p]", "7"},
           {"x == $p", "2.5"},
           {"ok == $p", "true"},
           {"$p && ok", "true"},
           {"!(!$p)", "true"},
           {"born == $p", "1990-06-15"},
           {"joined > $p", "2025-12-31"},
           {"joined == $p", "2026-01-01T13:00:00+01:00"},
           {"now() - joined < now() - joined + duration('1d') && joined - joined < $p", "1d"},
           {"balance == $p", "500"},
           {"balance == $p", "500.00"},
           {"balance == $p", "500 CNY"},
           {"balance * $p == 1000", "2"},
           {"n + $p == 10", "3"},
           {"days_between($p, born) == 1", "1990-06-14"}}) {
    EXPECT_EQ(shown(source, Value::text(text)), "true") << source << " " << text;
  }
  EXPECT_EQ(shown("balance == $p", Value::integer(500)), "true");
  EXPECT_EQ(shown("balance == $p", Value::real(500.0)), "true");
  EXPECT_EQ(shown("balance > $p", Value::real(499.99)), "true");
  EXPECT_EQ(shown("balance == '500 CNY'"), "true");
  EXPECT_EQ(shown("x == $p", Value::integer(2)), "false");
}

TEST_F(FormsTest, ANumberAsATextMayHaveOneSign) {
  EXPECT_EQ(shown("n == $p", Value::text("+2")), shown("n == $p", Value::integer(2)));
  EXPECT_EQ(shown("x == $p", Value::text("+2.5")), shown("x == $p", Value::real(2.5)));
  EXPECT_EQ(shown("int('+5') == 5"), "true");
  EXPECT_EQ(shown("double('-1.5') < 0.0"), "true");
  EXPECT_EQ(shown("int('+-5') == -5"), "unknown");
}

TEST_F(FormsTest, AParameterThatCannotBeThatIsNamedWithWhatIsWanted) {
  const auto complaint = [&](std::string_view source, Value given) {
    try {
      shown(source, std::move(given));
    } catch (const Error& error) {
      return error.first().message;
    }
    return std::string{"none"};
  };
  EXPECT_EQ(complaint("n > $p", Value::text("many")), "$p is 'many', where a whole number of 64 bits is wanted");
  EXPECT_EQ(complaint("n > $p", Value::text("+-5")), "$p is '+-5', where a whole number of 64 bits is wanted");
  EXPECT_EQ(complaint("balance > $p", Value::text("1.005")),
            "$p is '1.005', where an amount of CNY with at most 2 decimals is wanted");
  EXPECT_EQ(complaint("balance > $p", Value::real(0.001)),
            "$p is 0.001, where an amount of CNY with at most 2 decimals is wanted");
  EXPECT_EQ(complaint("balance > $p", Value::text("5 EUR")),
            "$p is '5 EUR', where an amount of CNY with at most 2 decimals is wanted");
  EXPECT_EQ(complaint("born > $p", Value::text("2024-02-30")),
            "$p is '2024-02-30', where a date such as 2026-01-31 is wanted");
  EXPECT_EQ(complaint("name == $p", Value::integer(7)), "can't compare text with int");
}

TEST_F(FormsTest, ALongSumIsNoDeepOne) {
  std::string sum = "n";
  while (sum.size() < 7'000) sum += "+n";
  EXPECT_EQ(shown(sum), std::to_string(7 * (sum.size() / 2 + 1)));
  std::string reals = "x";
  while (reals.size() < 7'000) reals += "+x";
  EXPECT_EQ(shown(reals + " > 1.0"), "true");
  std::string choices;
  while (choices.size() < 7'000) choices += "n==1?2:";
  EXPECT_EQ(shown(choices + "3"), "3");
}

/// Functions of plugins that give what is no value.
class Wild : public Answers {
 public:
  Value call(std::int32_t, const std::vector<Value>&) const override { return given; }
  Value given;
};

TEST_F(FormsTest, WhatAFunctionCannotGiveIsUnknownWithItsReason) {
  Wild wild;
  env_.surroundings = &wild;
  Scope scope;
  scope.names = &world_;
  scope.record_type = kCustomer;
  const ProgramPtr program = compile_or_throw("retail.twice(n)", scope);
  for (const Value& given :
       {Value::date(INT64_MAX), Value::date(INT64_MIN), Value::timestamp(INT64_MAX), Value::date(3'000'000)}) {
    wild.given = given;
    const Timed found = evaluate(*program, ada_, env_);
    EXPECT_TRUE(found.value.is_unknown());
    EXPECT_NE(found.value.s.find("retail.twice() gave"), std::string::npos) << found.value.s;
    EXPECT_EQ(explain(*program, ada_, env_).value.s, found.value.s);
  }
  wild.given = Value::date(day("9999-12-31"));
  EXPECT_EQ(evaluate(*program, ada_, env_).value, wild.given);
}

}  // namespace
}  // namespace kith::internal::expr::testing
