#include <gtest/gtest.h>

#include <random>

#include "expr/parse/lexer.hpp"
#include "expr/parse/syntax.hpp"
#include "unit/expr/worlds/generator.hpp"

namespace kith::internal::expr::testing {
namespace {

// The tree in brackets.
std::string shown(const Syntax& syntax) {
  std::string out;
  for (const SyntaxPtr& part : syntax.parts) out += " " + shown(*part);
  switch (syntax.kind) {
    case SyntaxKind::text: return "'" + syntax.text + "'";
    case SyntaxKind::parameter: return "$" + syntax.text;
    case SyntaxKind::list: return "[" + (out.empty() ? out : out.substr(1)) + "]";
    case SyntaxKind::select: return "(." + out + " " + syntax.text + ")";
    case SyntaxKind::call: return "(" + std::string{syntax.has_target ? "." : ""} + syntax.text + "()" + out + ")";
    case SyntaxKind::conditional: return "(?" + out + ")";
    case SyntaxKind::unary:
    case SyntaxKind::binary: return "(" + syntax.text + out + ")";
    default: return syntax.text;
  }
}

std::string parsed(std::string_view source) {
  std::vector<Diagnostic> diagnostics;
  const SyntaxPtr syntax = parse(source, diagnostics);
  if (!syntax)
    return diagnostics.empty() ? "no diagnostic"
                               : "error at " + std::to_string(diagnostics[0].begin) + ": " + diagnostics[0].message;
  return shown(*syntax);
}

TEST(ParserTest, BindsOperatorsAsCelDoes) {
  EXPECT_EQ(parsed("a || b && c"), "(|| a (&& b c))");
  EXPECT_EQ(parsed("a && b && c && d"), "(&& a b c d)");
  EXPECT_EQ(parsed("!a == b"), "(== (! a) b)");
  EXPECT_EQ(parsed("1 + 2 * 3 - 4"), "(- (+ 1 (* 2 3)) 4)");
  EXPECT_EQ(parsed("a < b == c"), "(== (< a b) c)");
  EXPECT_EQ(parsed("a ? b : c ? d : e"), "(? a b (? c d e))");
  EXPECT_EQ(parsed("-a.b"), "(- (. a b))");
  EXPECT_EQ(parsed("x in ['a', \"b\"] && y"), "(&& (in x ['a' 'b']) y)");
  EXPECT_EQ(parsed("a % b / c"), "(/ (% a b) c)");
  EXPECT_EQ(parsed("(a || b) && c"), "(&& (|| a b) c)");
}

TEST(ParserTest, ReadsNamesCallsAndParameters) {
  EXPECT_EQ(parsed("guest.hospitality.floor"), "(. (. guest hospitality) floor)");
  EXPECT_EQ(parsed("name.contains('x')"), "(.contains() name 'x')");
  EXPECT_EQ(parsed("f()"), "(f())");
  EXPECT_EQ(parsed("coalesce(a, b, )"), "(coalesce() a b)");
  EXPECT_EQ(parsed("$since"), "$since");
  EXPECT_EQ(parsed("a // the rest is a comment"), "a");
}

TEST(ParserTest, ReadsLiteralsOfEveryKind) {
  EXPECT_EQ(parsed("-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(parsed("1.5e-3"), "1.5e-3");
  EXPECT_EQ(parsed("a -1"), "(- a 1)");
  EXPECT_EQ(parsed(R"('a\'b\\\n\x41\u4e2d\U0001F600')"), "'a'b\\\nA\xE4\xB8\xAD\xF0\x9F\x98\x80'");
  EXPECT_EQ(parsed("\"it's\""), "'it's'");
}

struct Broken {
  const char* source;
  const char* said;
};

TEST(ParserTest, SaysWhatIsMissingAndWhere) {
  const std::vector<Broken> broken = {
      {"", "error at 0: there is no expression here"},
      {"a ==", "error at 4: the expression ends too early"},
      {"a == ) b", "error at 5: expected a term but found ')'"},
      {"(a", "error at 2: expected ')' but found the end"},
      {"f(a b)", "error at 4: expected ',' or ')' but found 'b'"},
      {"a = 1", "error at 2: '=' is not an operator"},
      {"a and b", "error at 2: did not expect 'and' here"},
      {"a & b", "error at 2: '&' is not an operator"},
      {"a | b", "error at 2: '|' is not an operator"},
      {"'abc", "error at 0: the text that begins here has no end"},
      {"'a\\q'", "error at 2: no such escape in a text"},
      {"'a\\x00'", "error at 2: not a character that a text can hold"},
      {"'\\uD800'", "error at 1: not a character that a text can hold"},
      {"12abc", "error at 0: '12abc' is not a number"},
      {"a ? b", "error at 5: expected ':' but found the end"},
      {"a.", "error at 2: expected a name behind '.' but found the end"},
      {"tags[0]", "error at 4: an element of a list can't be picked by [ ]"},
      {"not a", "error at 0: 'not' is not an operator"},
      {"a # b", "error at 2: '#' has no meaning here"},
      {"a \xE4\xB8\xAD", "error at 2: '\xE4\xB8\xAD' has no meaning here"},
      {"\xFF\xFE", "error at 0: the text is not valid UTF-8"},
      {"$ + 1", "error at 0: '$' without a name"},
  };
  for (const Broken& one : broken) EXPECT_EQ(parsed(one.source), one.said) << one.source;
}

TEST(ParserTest, KeepsToItsLimits) {
  EXPECT_EQ(parsed(std::string(kMaxSource + 1, ' ')),
            "error at 0: the expression has 8193 bytes; at most 8192 are allowed");
  EXPECT_EQ(parsed(std::string(32, '(') + "a" + std::string(32, ')')), "a");
  EXPECT_NE(parsed(std::string(33, '(') + "a" + std::string(33, ')')).find("nested too deeply"), std::string::npos);
  for (const std::string& deep : {std::string(4000, '('), std::string(4000, '-') + "a", std::string(4000, '!') + "a"}) {
    EXPECT_NE(parsed(deep).find("nested too deeply"), std::string::npos) << deep.substr(0, 3);
  }
  std::string sum = "a";
  std::string names = "a";
  std::string all = "a";
  std::string choices;
  std::string inner;
  for (int i = 0; i < 400; ++i) {
    sum += "+a";
    names += ".a";
    all += " && a";
    choices += "a ? a : ";
  }
  for (int i = 0; i < 32; ++i) inner += "(a+";
  // What is long is not deep.
  EXPECT_EQ(parsed(sum).find("error"), std::string::npos);
  EXPECT_EQ(parsed(names).find("error"), std::string::npos);
  EXPECT_EQ(parsed(choices + "a").find("error"), std::string::npos);
  EXPECT_EQ(parsed(inner + "a" + std::string(32, ')')).find("error"), std::string::npos);
  EXPECT_EQ(parsed(all).substr(0, 8), "(&& a a ");
}

TEST(ParserTest, IsSafeOnAnyBytes) {
  std::mt19937_64 random(first_seed());
  Generator make(first_seed(), Taste{true, true, true});
  World world;
  Scope scope;
  scope.names = &world;
  scope.record_type = kCustomer;
  const std::string marks = "()[]{}.,:?!&|<>=+-*/%$'\"\\ \n\t_aZ09\x80\xFF\xC3\xA9";
  const std::int64_t cases = case_count(20'000, 400'000);
  for (std::int64_t i = 0; i < cases; ++i) {
    std::string source;
    if (make.chance(50)) {
      source = make.boolean(3);
      for (std::int64_t edits = 1 + make.below(3); edits > 0; --edits) {
        const auto at = static_cast<std::size_t>(make.below(static_cast<std::int64_t>(source.size())));
        if (make.chance(30))
          source.erase(at, 1 + static_cast<std::size_t>(make.below(4)));
        else
          source.insert(at, 1, marks[static_cast<std::size_t>(make.below(static_cast<std::int64_t>(marks.size())))]);
        if (source.empty()) source = "a";
      }
    } else {
      for (std::int64_t length = make.below(40); length > 0; --length)
        source.push_back(static_cast<char>(random() & 0xFFU));
    }
    std::vector<Diagnostic> diagnostics;
    const ProgramPtr program = compile(source, scope, diagnostics);
    ASSERT_EQ(program == nullptr, !diagnostics.empty()) << source;
    for (const Diagnostic& one : diagnostics) {
      ASSERT_LE(one.begin, one.end) << source;
      ASSERT_LE(one.end, source.size() + 1) << source;
      ASSERT_FALSE(one.message.empty());
      ASSERT_FALSE(to_problem(one, source, "a test", {}).excerpt.empty() && !source.empty());
    }
  }
}

}  // namespace
}  // namespace kith::internal::expr::testing
