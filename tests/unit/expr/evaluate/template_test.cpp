#include "expr/template.hpp"

#include <gtest/gtest.h>

#include "unit/expr/worlds/world.hpp"

namespace kith::internal::expr::testing {
namespace {

class TemplateTest : public ::testing::Test {
 protected:
  TemplateTest() : anna_(world_, kCustomer, 1) {
    scope_.names = &world_;
    scope_.record_type = kCustomer;
    env_.now = instant("2026-01-05T10:00:00Z");
    anna_.set("name", Value::text("Anna")).set("n", Value::integer(5)).set("born", Value::date(day("1990-06-15")));
  }
  Template make(std::string_view source) {
    std::vector<Diagnostic> diagnostics;
    Template made = Template::compile(source, scope_, diagnostics);
    for (const Diagnostic& one : diagnostics) ADD_FAILURE() << source << ": " << one.message;
    return made;
  }
  std::vector<Diagnostic> complaints(std::string_view source) {
    std::vector<Diagnostic> diagnostics;
    Template::compile(source, scope_, diagnostics);
    return diagnostics;
  }
  World world_;
  Record anna_;
  Scope scope_;
  Env env_;
};

TEST_F(TemplateTest, ExactlyOneExpressionIsThatTypedValue) {
  const Template made = make("{{born}}");
  EXPECT_TRUE(made.is_single());
  EXPECT_EQ(made.type().kind, Kind::date);
  EXPECT_EQ(made.render(anna_, env_), Value::date(day("1990-06-15")));
  EXPECT_EQ(make("{{record}}").render(anna_, env_), anna_.self());
  EXPECT_EQ(make("{{n / 0}}").render(anna_, env_), Value::null());
  EXPECT_EQ(make("{{date(now() + duration('7d'))}}").render(anna_, env_), Value::date(day("2026-01-12")));
}

TEST_F(TemplateTest, AnythingAroundItMakesAText) {
  EXPECT_EQ(make("Dear {{name}}, born {{born}}").render(anna_, env_), Value::text("Dear Anna, born 1990-06-15"));
  EXPECT_EQ(make("{{n}}{{n}}").render(anna_, env_), Value::text("55"));
  EXPECT_EQ(make(" {{n}}").render(anna_, env_), Value::text(" 5"));
  EXPECT_EQ(make("a {{note}} b").render(anna_, env_), Value::text("a  b"));
  EXPECT_EQ(make("{{name}} {not} }} this").render(anna_, env_), Value::text("Anna {not} }} this"));
  EXPECT_FALSE(make("{{n}}{{n}}").is_single());
}

TEST_F(TemplateTest, ALiteralTakesTheWantedType) {
  EXPECT_TRUE(make("plain").is_literal());
  EXPECT_EQ(make("").render(anna_, env_), Value::text(""));
  scope_.wanted = Type::of(Kind::date);
  EXPECT_EQ(make("2026-01-31").render(anna_, env_), Value::date(day("2026-01-31")));
  EXPECT_EQ(complaints("soon").size(), 1U);
  scope_.wanted = world_.member(kCustomer, "tier")->type;
  EXPECT_EQ(make("gold").render(anna_, env_), Value::text("gold"));
  EXPECT_EQ(complaints("golden").at(0).number, ProblemNumber::bad_enum_value);
  scope_.wanted = world_.member(kCustomer, "home")->type;
  EXPECT_EQ(make("north").render(anna_, env_), Value::text("north"));  // the target's key
  scope_.wanted = Type::of(Kind::integer);
  EXPECT_EQ(complaints("five").at(0).number, ProblemNumber::type_mismatch);
}

TEST_F(TemplateTest, BracesInsideOfAQuotedTextDontEndIt) {
  EXPECT_EQ(make("{{ name + '}}' }}").render(anna_, env_), Value::text("Anna}}"));
  EXPECT_EQ(make("{{ name + 'it\\'s }}' }}!").render(anna_, env_), Value::text("Annait's }}!"));
}

TEST_F(TemplateTest, MistakesAreCountedFromTheStartOfTheText) {
  const auto found = complaints("Dear {{nmae}}, you have {{n + x}} and {{");
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].begin, 7U);
  EXPECT_EQ(found[0].end, 11U);
  EXPECT_EQ(found[1].begin, 26U);
  EXPECT_EQ(found[2].begin, 38U);
  EXPECT_EQ(found[2].number, ProblemNumber::expression_syntax);
  EXPECT_EQ(complaints("{{ }}").at(0).number, ProblemNumber::expression_syntax);
  scope_.wanted = Type::of(Kind::date);
  EXPECT_EQ(complaints("on {{born}}").at(0).number, ProblemNumber::type_mismatch);
  EXPECT_EQ(complaints("{{name}}").at(0).number, ProblemNumber::type_mismatch);
}

}  // namespace
}  // namespace kith::internal::expr::testing
