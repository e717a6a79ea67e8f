// Recursive descent over the grammar of CEL, without message and map literals. Precedence from loose to tight:
// ?:, ||, &&, comparisons and `in`, + -, * / %, ! -, then . and ( ).
#include <array>
#include <initializer_list>

#include "base/problem/excerpt.hpp"
#include "base/text/text.hpp"
#include "expr/parse/lexer.hpp"
#include "expr/parse/syntax.hpp"

namespace kith::internal::expr {
namespace {

class Parser {
 public:
  Parser(std::string_view source, std::vector<Token> tokens, std::vector<Diagnostic>& diagnostics)
      : source_(source), tokens_(std::move(tokens)), diagnostics_(diagnostics) {}

  SyntaxPtr run() {
    if (peek().kind == TokenKind::end) {
      complain(peek(), "there is no expression here", "write one, such as name != null");
      return nullptr;
    }
    SyntaxPtr whole = conditional();
    if (whole && peek().kind != TokenKind::end) {
      complain(peek(), "did not expect " + shown(peek()) + " here", hint(peek()));
      return nullptr;
    }
    return whole;
  }

 private:
  const Token& peek() const { return tokens_[at_]; }
  const Token& take() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
  bool is_mark(std::string_view mark) const { return peek().kind == TokenKind::mark && peek().text == mark; }
  bool take_mark(std::string_view mark) {
    if (!is_mark(mark)) return false;
    take();
    return true;
  }

  static std::string shown(const Token& token) {
    if (token.kind == TokenKind::end) return "the end";
    if (token.kind == TokenKind::text) return "the text '" + token.text + "'";
    return "'" + std::string{token.kind == TokenKind::parameter ? "$" : ""} + token.text + "'";
  }

  static std::string hint(const Token& token) {
    if (token.kind == TokenKind::name && (token.text == "and" || token.text == "AND")) return "write && for 'and'";
    if (token.kind == TokenKind::name && (token.text == "or" || token.text == "OR")) return "write || for 'or'";
    const std::string word = token.kind == TokenKind::name ? lower_ascii(token.text) : std::string{};
    if (word == "is") return "write == null or != null";
    if (word == "like" || word == "ilike")
      return "write text.startsWith('A'), text.endsWith('z') or text.contains('part')";
    if (word == "between") return "write x >= 1 && x <= 5";
    if (word == "not") return "write !(x in ['a', 'b']), or != for one value";
    if (token.kind == TokenKind::mark && token.text == ")")
      return "there is a ( missing before it, or this ) is one too many";
    return "an operator such as && or == must stand between two terms";
  }

  void complain(const Token& token, std::string message, std::string fix,
                ProblemNumber number = ProblemNumber::expression_syntax) {
    if (failed_) return;  // what follows the first break of the grammar would only be noise
    failed_ = true;
    diagnostics_.push_back({number, token.begin, token.end, std::move(message), std::move(fix)});
  }

  SyntaxPtr make(SyntaxKind kind, const Token& word) const {
    auto node = std::make_unique<Syntax>();
    node->kind = kind;
    node->text = word.text;
    node->begin = node->word_begin = word.begin;
    node->end = node->word_end = word.end;
    return node;
  }

  // Takes `part` under `node`.
  static bool adopt(Syntax& node, SyntaxPtr part) {
    if (!part) return false;
    node.begin = std::min(node.begin, part->begin);
    node.end = std::max(node.end, part->end);
    node.parts.push_back(std::move(part));
    return true;
  }

  // What stands in brackets, is an argument or follows a sign is one level further in. A chain, of a + b + c as of
  // a ? x : b ? y : z, is on one level however long it is.
  bool enter() {
    if (++nesting_ <= kMaxDepth) return true;
    complain(peek(), "the expression is nested too deeply (at most " + std::to_string(kMaxDepth) + " levels)",
             "take a part of it out into a formula of its own", ProblemNumber::expression_too_large);
    return false;
  }

  SyntaxPtr inner() {
    SyntaxPtr whole = enter() ? conditional() : nullptr;
    --nesting_;
    return whole;
  }

  SyntaxPtr conditional() {
    SyntaxPtr condition = chain("||");
    if (!condition || !is_mark("?")) return condition;
    SyntaxPtr node = make(SyntaxKind::conditional, take());
    if (!adopt(*node, std::move(condition)) || !adopt(*node, inner())) return nullptr;
    if (!take_mark(":")) {
      complain(peek(), "expected ':' but found " + shown(peek()), "write condition ? value : other value");
      return nullptr;
    }
    return adopt(*node, conditional()) ? std::move(node) : nullptr;
  }

  // a && b && c is one node with three parts, so that a long condition is not a deep one.
  SyntaxPtr chain(std::string_view mark) {
    const bool either = mark == "||";
    SyntaxPtr first = either ? chain("&&") : relation();
    if (!first || !is_mark(mark)) return first;
    SyntaxPtr node = make(SyntaxKind::binary, peek());
    if (!adopt(*node, std::move(first))) return nullptr;
    while (take_mark(mark)) {
      if (!adopt(*node, either ? chain("&&") : relation())) return nullptr;
    }
    return node;
  }

  bool at_operator(std::initializer_list<std::string_view> marks) const {
    for (const std::string_view mark : marks) {
      if (is_mark(mark)) return true;
    }
    return false;
  }

  SyntaxPtr relation() {
    SyntaxPtr left = sum();
    while (left && (at_operator({"==", "!=", "<", "<=", ">", ">="}) ||
                    (peek().kind == TokenKind::name && peek().text == "in"))) {
      SyntaxPtr node = make(SyntaxKind::binary, take());
      left = adopt(*node, std::move(left)) && adopt(*node, sum()) ? std::move(node) : nullptr;
    }
    return left;
  }

  SyntaxPtr sum() {
    SyntaxPtr left = product();
    while (left && at_operator({"+", "-"})) {
      SyntaxPtr node = make(SyntaxKind::binary, take());
      left = adopt(*node, std::move(left)) && adopt(*node, product()) ? std::move(node) : nullptr;
    }
    return left;
  }

  SyntaxPtr product() {
    SyntaxPtr left = unary();
    while (left && at_operator({"*", "/", "%"})) {
      SyntaxPtr node = make(SyntaxKind::binary, take());
      left = adopt(*node, std::move(left)) && adopt(*node, unary()) ? std::move(node) : nullptr;
    }
    return left;
  }

  SyntaxPtr unary() {
    if (!at_operator({"!", "-"})) return postfix();
    SyntaxPtr node = make(SyntaxKind::unary, take());
    if (!enter()) return nullptr;
    // A number's sign belongs to it: -9223372036854775808 is an int, 9223372036854775808 is not.
    const bool number = node->text == "-" && (peek().kind == TokenKind::integer || peek().kind == TokenKind::real);
    SyntaxPtr result;
    if (number && peek().begin == node->end) {
      Token signed_number = take();
      signed_number.text.insert(0, "-");
      signed_number.begin = node->begin;
      result = postfix_of(
          make(signed_number.kind == TokenKind::real ? SyntaxKind::real : SyntaxKind::integer, signed_number));
    } else {
      result = adopt(*node, unary()) ? std::move(node) : nullptr;
    }
    --nesting_;
    return result;
  }

  SyntaxPtr postfix() { return postfix_of(primary()); }

  SyntaxPtr postfix_of(SyntaxPtr target) {
    while (target) {
      if (is_mark("[")) {
        complain(peek(), "an element of a list can't be picked by [ ]", "write value in list to test membership");
        return nullptr;
      }
      if (!take_mark(".")) return target;
      if (peek().kind != TokenKind::name) {
        complain(peek(), "expected a name behind '.' but found " + shown(peek()), "write a field, such as guest.name");
        return nullptr;
      }
      const Token& word = take();
      SyntaxPtr node = make(is_mark("(") ? SyntaxKind::call : SyntaxKind::select, word);
      node->has_target = true;
      if (!adopt(*node, std::move(target))) return nullptr;
      if (node->kind == SyntaxKind::call && !arguments(*node, ")")) return nullptr;
      target = std::move(node);
    }
    return target;
  }

  // At the opening mark; takes all up to the closing one.
  bool arguments(Syntax& node, std::string_view close) {
    take();
    while (!is_mark(close)) {
      if (!adopt(node, inner())) return false;
      if (is_mark(close)) break;
      if (!take_mark(",")) {
        complain(peek(), "expected ',' or '" + std::string{close} + "' but found " + shown(peek()),
                 "close what was opened with '" + std::string{close} + "'");
        return false;
      }
    }
    node.end = std::max(node.end, take().end);
    return true;
  }

  SyntaxPtr primary() {
    const Token& token = peek();
    switch (token.kind) {
      case TokenKind::integer: return make(SyntaxKind::integer, take());
      case TokenKind::real: return make(SyntaxKind::real, take());
      case TokenKind::text: return make(SyntaxKind::text, take());
      case TokenKind::parameter: return make(SyntaxKind::parameter, take());
      case TokenKind::name: return name();
      case TokenKind::mark: break;
      case TokenKind::end:
        complain(token, "the expression ends too early", "a term is missing at its end");
        return nullptr;
    }
    if (token.text == "(") {
      const Token open = take();
      const std::size_t opened = at_;
      SyntaxPtr whole = inner();
      if (!whole) return nullptr;
      if (!is_mark(")")) {
        const bool list = is_mark(",") && opened >= 2 && tokens_[opened - 2].kind == TokenKind::name &&
                          tokens_[opened - 2].text == "in";
        complain(list ? open : peek(), "expected ')' but found " + shown(peek()),
                 list ? "a list stands in square brackets: in " + as_list(opened)
                      : "close the ( of column " + std::to_string(place_of_offset(source_, open.begin).column));
        return nullptr;
      }
      whole->begin = open.begin;
      whole->end = take().end;
      return whole;
    }
    if (token.text == "[") {
      SyntaxPtr list = make(SyntaxKind::list, token);
      return arguments(*list, "]") ? std::move(list) : nullptr;
    }
    const auto place = &token - tokens_.data();
    const bool after_less = token.text == ">" && place > 0 && tokens_[static_cast<std::size_t>(place - 1)].text == "<";
    complain(token, "expected a term but found " + shown(token),
             token.text == "=" ? "write == to compare"
             : after_less      ? "write != in place of <>"
                               : "write a name, a literal or a ( here");
    return nullptr;
  }

  // What is in the round brackets whose first token is at `at`, in square ones.
  std::string as_list(std::size_t at) const {
    constexpr std::size_t kMostShown = 60;
    int open = 0;
    for (std::size_t end = at; end < tokens_.size() && tokens_[end].kind != TokenKind::end; ++end) {
      const bool mark = tokens_[end].kind == TokenKind::mark;
      if (mark && tokens_[end].text == "(") ++open;
      if (!mark || tokens_[end].text != ")" || open-- > 0) continue;
      const std::string_view inside = source_.substr(tokens_[at].begin, tokens_[end].begin - tokens_[at].begin);
      return inside.size() > kMostShown ? "['a', 'b']" : "[" + std::string{inside} + "]";
    }
    return "['a', 'b']";
  }

  SyntaxPtr name() {
    const Token& word = take();
    if (word.text == "true" || word.text == "false") return make(SyntaxKind::boolean, word);
    if (word.text == "null") return make(SyntaxKind::null, word);
    if (word.text == "in") {
      complain(word, "expected a term but found 'in'", "write value in ['a', 'b']");
      return nullptr;
    }
    if (word.text == "not" && peek().kind != TokenKind::mark) {
      complain(word, "'not' is not an operator", "write ! for 'not'");
      return nullptr;
    }
    if (!is_mark("(")) return make(SyntaxKind::name, word);
    SyntaxPtr call = make(SyntaxKind::call, word);
    return arguments(*call, ")") ? std::move(call) : nullptr;
  }

  std::string_view source_;
  std::vector<Token> tokens_;
  std::vector<Diagnostic>& diagnostics_;
  std::size_t at_ = 0;
  int nesting_ = 0;
  bool failed_ = false;
};

}  // namespace

SyntaxPtr parse(std::string_view source, std::vector<Diagnostic>& diagnostics) {
  if (source.size() > kMaxSource) {
    diagnostics.push_back({ProblemNumber::expression_too_large, 0, 1,
                           "the expression has " + std::to_string(source.size()) + " bytes; at most " +
                               std::to_string(kMaxSource) + " are allowed",
                           "take parts of it out into formulas"});
    return nullptr;
  }
  const std::size_t before = diagnostics.size();
  std::vector<Token> tokens = tokenize(source, diagnostics);
  // Words that could not be read leave holes, and the grammar would only complain about these.
  if (diagnostics.size() != before) return nullptr;
  return Parser(source, std::move(tokens), diagnostics).run();
}

}  // namespace kith::internal::expr
