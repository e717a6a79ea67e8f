#include "expr/template.hpp"

#include "base/text/text.hpp"
#include "expr/check/checker.hpp"

namespace kith::internal::expr {
namespace {

// The "}}" that ends an expression: not one inside of a quoted text of it.
std::size_t end_of_expression(std::string_view source, std::size_t from) {
  char quote = 0;
  for (std::size_t at = from; at < source.size(); ++at) {
    const char c = source[at];
    if (quote != 0) {
      if (c == '\\')
        ++at;
      else if (c == quote)
        quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (source.substr(at, 2) == "}}") {
      return at;
    }
  }
  return std::string_view::npos;
}

bool is_blank(std::string_view text) { return trim(text).empty(); }

// A text of a manifest where a value of another type is wanted: 'gold' of an enum, '2026-01-31' of a date. A ref keeps
// its text: it is the target's key, which only the catalog of records can look up.
Value literal_value(std::string_view source, const Scope& scope, Type& type, std::vector<Diagnostic>& diagnostics) {
  type = Type::of(Kind::text);
  if (!scope.wanted || scope.wanted->kind == Kind::ref) return Value::text(std::string{source});
  Syntax literal;
  literal.kind = SyntaxKind::text;
  literal.text = std::string{source};
  literal.end = source.size();
  Checker checker(source, scope, diagnostics);
  NodePtr node = checker.check(literal);
  checker.require(node, *scope.wanted);
  type = node->type;
  return node->constant;
}

}  // namespace

Template Template::compile(std::string_view source, const Scope& scope, std::vector<Diagnostic>& diagnostics) {
  Template out;
  Scope inner = scope;
  const std::size_t before = diagnostics.size();
  const std::size_t first = source.find("{{");
  const std::size_t first_end = first == std::string_view::npos ? first : end_of_expression(source, first + 2);
  out.single_ = first == 0 && first_end != std::string_view::npos && first_end + 2 == source.size();
  if (!out.single_) inner.wanted.reset();

  std::size_t at = 0;
  for (std::size_t open = first; open != std::string_view::npos; open = source.find("{{", at)) {
    const std::size_t close = end_of_expression(source, open + 2);
    if (close == std::string_view::npos) {
      diagnostics.push_back({ProblemNumber::expression_syntax, open, source.size(),
                             "the {{ that begins here has no end", "close it with }}"});
      break;
    }
    out.literals_.emplace_back(source.substr(at, open - at));
    std::vector<Diagnostic> found;
    const std::string_view text = source.substr(open + 2, close - open - 2);
    ProgramPtr program;
    if (is_blank(text)) {
      found.push_back({ProblemNumber::expression_syntax, 0, text.size(), "there is no expression between {{ and }}",
                       "write one, such as {{name}}"});
    } else {
      program = expr::compile(text, inner, found);
    }
    for (Diagnostic& one : found) {
      one.begin += open + 2;
      one.end += open + 2;
      diagnostics.push_back(std::move(one));
    }
    if (program) out.programs_.push_back(std::move(program));
    at = close + 2;
  }
  out.literals_.emplace_back(source.substr(std::min(at, source.size())));

  const bool text = !out.single_ && !out.programs_.empty();
  const bool text_wanted = !scope.wanted || scope.wanted->kind == Kind::text || scope.wanted->kind == Kind::ref;
  if (text && !text_wanted) {
    diagnostics.push_back({ProblemNumber::type_mismatch, 0, source.size(),
                           "this makes a text, but " + type_name(*scope.wanted) + " is wanted",
                           "write exactly one {{expression}} and nothing around it"});
  }
  if (first == std::string_view::npos) out.literal_ = literal_value(source, scope, out.type_, diagnostics);
  if (diagnostics.size() != before) return {};
  if (out.single_) out.type_ = out.programs_.front()->type;
  if (text) out.type_ = Type::of(Kind::text);
  return out;
}

bool Template::is_single() const noexcept { return single_; }
bool Template::is_literal() const noexcept { return programs_.empty(); }
Type Template::type() const { return type_; }

Value Template::render(RecordView& record, const Env& env) const {
  if (programs_.empty()) return literal_;
  if (single_) {
    Value value = evaluate(*programs_.front(), record, env).value;
    return value.is_unknown() ? Value::null() : value;
  }
  std::string text = literals_.front();
  for (std::size_t i = 0; i < programs_.size(); ++i) {
    text += to_text(evaluate(*programs_[i], record, env).value);
    text += literals_[i + 1];
  }
  return Value::text(std::move(text));
}

}  // namespace kith::internal::expr
