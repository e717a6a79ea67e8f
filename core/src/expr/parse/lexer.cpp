#include "expr/parse/lexer.hpp"

#include <algorithm>
#include <array>

#include "base/text/text.hpp"
#include "expr/parse/utf8.hpp"

namespace kith::internal::expr {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_name_part(char c) { return is_name_start(c) || is_digit(c); }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

class Lexer {
 public:
  Lexer(std::string_view source, std::vector<Diagnostic>& diagnostics) : source_(source), diagnostics_(diagnostics) {}

  std::vector<Token> run() {
    for (skip_blank(); at_ < source_.size(); skip_blank()) {
      const char c = source_[at_];
      if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
        number();
      } else if (is_name_start(c)) {
        name(TokenKind::name, at_);
      } else if (c == '$') {
        parameter();
      } else if (c == '\'' || c == '"') {
        text(c);
      } else {
        mark();
      }
    }
    add(TokenKind::end, at_, {});
    return std::move(tokens_);
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0'; }

  void add(TokenKind kind, std::size_t begin, std::string text) {
    tokens_.push_back({kind, begin, at_, std::move(text)});
  }

  void complain(std::size_t begin, std::size_t end, std::string message, std::string fix,
                ProblemNumber number = ProblemNumber::expression_syntax) {
    diagnostics_.push_back({number, begin, end, std::move(message), std::move(fix)});
  }

  void skip_blank() {
    while (at_ < source_.size()) {
      if (is_space(source_[at_])) {
        ++at_;
      } else if (source_[at_] == '/' && peek(1) == '/') {
        while (at_ < source_.size() && source_[at_] != '\n') ++at_;
      } else {
        return;
      }
    }
  }

  void name(TokenKind kind, std::size_t begin) {
    const std::size_t start = at_;
    while (is_name_part(peek())) ++at_;
    add(kind, begin, std::string{source_.substr(start, at_ - start)});
  }

  void parameter() {
    const std::size_t begin = at_++;
    if (is_name_start(peek())) return name(TokenKind::parameter, begin);
    complain(begin, at_, "'$' without a name", "write the parameter's name behind it: $name");
  }

  void digits() {
    while (is_digit(peek())) ++at_;
  }

  void number() {
    const std::size_t begin = at_;
    const std::string zero = peek() == '.' ? "0" : "";
    bool real = false;
    digits();
    if (peek() == '.' && is_digit(peek(1))) {
      real = true;
      ++at_;
      digits();
    }
    const bool sign = peek(1) == '+' || peek(1) == '-';
    if ((peek() == 'e' || peek() == 'E') && is_digit(peek(sign ? 2 : 1))) {
      real = true;
      at_ += sign ? 2 : 1;
      digits();
    }
    if (is_name_start(peek())) {
      while (is_name_part(peek())) ++at_;
      return complain(begin, at_, "'" + std::string{source_.substr(begin, at_ - begin)} + "' is not a number",
                      "write an int (42) or a double (4.2, 1e9); a duration is duration('30d')",
                      ProblemNumber::bad_literal);
    }
    add(real ? TokenKind::real : TokenKind::integer, begin, zero + std::string{source_.substr(begin, at_ - begin)});
  }

  void text(char quote) {
    const std::size_t begin = at_++;
    std::string out;
    bool good = true;
    while (at_ < source_.size() && source_[at_] != quote && source_[at_] != '\n') {
      if (source_[at_] == '\\') {
        good = escape(out) && good;
      } else {
        out.push_back(source_[at_++]);
      }
    }
    if (peek() != quote) {
      return complain(begin, at_, "the text that begins here has no end",
                      std::string{"close it with "} + quote + "; inside of it write the quote as \\" + quote);
    }
    ++at_;
    if (good)
      add(TokenKind::text, begin, std::move(out));
    else
      add(TokenKind::text, begin, {});
  }

  // The escapes of CEL; a code is a Unicode code point, never a byte.
  bool escape(std::string& out) {
    static constexpr std::string_view kLetters = "abfnrtv";
    static constexpr std::string_view kControls = "\a\b\f\n\r\t\v";
    const std::size_t begin = at_++;
    const char c = peek();
    if (at_ < source_.size()) ++at_;
    if (const std::size_t found = kLetters.find(c); c != '\0' && found != std::string_view::npos) {
      out.push_back(kControls[found]);
      return true;
    }
    if (c != '\0' && std::string_view{"\\'\"`?"}.find(c) != std::string_view::npos) {
      out.push_back(c);
      return true;
    }
    const bool hex = c == 'x' || c == 'X';
    if (hex) return code(out, begin, 2);
    if (c == 'u') return code(out, begin, 4);
    if (c == 'U') return code(out, begin, 8);
    complain(begin, at_, "no such escape in a text",
             "write a backslash as \\\\; known are \\' \\\" \\n \\r \\t \\xHH \\uHHHH", ProblemNumber::bad_literal);
    return false;
  }

  bool code(std::string& out, std::size_t begin, int digits_wanted) {
    std::uint32_t value = 0;
    for (int i = 0; i < digits_wanted; ++i) {
      const int digit = hex_digit(peek());
      if (digit < 0) {
        complain(begin, at_, "an escape with too few hexadecimal digits", "write \\xHH, \\uHHHH or \\UHHHHHHHH",
                 ProblemNumber::bad_literal);
        return false;
      }
      value = value * 16U + static_cast<std::uint32_t>(digit);
      ++at_;
    }
    if (value == 0 || value > 0x10FFFFU || (value >= 0xD800U && value < 0xE000U)) {
      complain(begin, at_, "not a character that a text can hold",
               "use a Unicode code point other than 0 and the surrogates", ProblemNumber::bad_literal);
      return false;
    }
    append_utf8(out, value);
    return true;
  }

  void mark() {
    static constexpr std::array<std::string_view, 24> kMarks = {"||", "&&", "==", "!=", "<=", ">=", "<", ">",
                                                                "!",  "+",  "-",  "*",  "/",  "%",  "?", ":",
                                                                "(",  ")",  "[",  "]",  ",",  ".",  "=", "&"};
    static constexpr std::array<std::string_view, 8> kCurlyQuotes = {"\u2018", "\u2019", "\u201C", "\u201D",
                                                                     "\u300C", "\u300D", "\uFF02", "\uFF07"};
    const std::size_t begin = at_;
    for (const std::string_view mark : kMarks) {
      if (source_.substr(at_, mark.size()) != mark) continue;
      at_ += mark.size();
      if (mark == "=") return complain(begin, at_, "'=' is not an operator", "write == to compare");
      if (mark == "&") return complain(begin, at_, "'&' is not an operator", "write && for 'and'");
      return add(TokenKind::mark, begin, std::string{mark});
    }
    if (source_[at_] == '|') {
      ++at_;
      return complain(begin, at_, "'|' is not an operator", "write || for 'or'");
    }
    // All bytes of one character are reported together.
    ++at_;
    while (at_ < source_.size() && (static_cast<unsigned char>(source_[at_]) & 0xC0U) == 0x80U) ++at_;
    const std::string_view character = source_.substr(begin, at_ - begin);
    const bool curly = std::find(kCurlyQuotes.begin(), kCurlyQuotes.end(), character) != kCurlyQuotes.end();
    complain(begin, at_, "'" + std::string{character} + (curly ? "' is a typographic quote" : "' has no meaning here"),
             curly ? "a text stands in straight quotes: 'like this'" : meant_by(character));
  }

  // What people who come from elsewhere mean by a mark that the language does not have.
  std::string meant_by(std::string_view character) const {
    struct Mark {
      std::string_view mark, fix;
    };
    static constexpr std::array<Mark, 17> kOthers = {{
        {"{", "a list stands in square brackets: x in ['a', 'b']"},
        {"}", "a list stands in square brackets: x in ['a', 'b']"},
        {"`", "a name stands without quotes, a text in straight ones: name == 'like this'"},
        {"#", "a remark begins with //"},
        {"^", "there is no power; write x * x"},
        {"~", "write text.contains('part'), text.startsWith('A') or text.endsWith('z')"},
        {"@", "a parameter is written $name"},
        {"\\", "a backslash stands inside of a text only"},
        {"\uFF0C", "write a plain comma: ,"},
        {"\u3001", "write a plain comma: ,"},
        {"\uFF08", "write a plain bracket: ("},
        {"\uFF09", "write a plain bracket: )"},
        {"\uFF1D", "write == to compare"},
        {"\uFF1E", "write a plain >"},
        {"\uFF1C", "write a plain <"},
        {"\uFF01", "write a plain !"},
        {"\u2260", "write != to compare"},
    }};
    if (character == ";" || character == "\uFF1B") {
      const bool last = source_.find_first_not_of(" \t\r\n;", at_) == std::string_view::npos;
      return last ? "leave it out: an expression has no mark at its end" : "write && between two conditions";
    }
    const auto* found =
        std::find_if(kOthers.begin(), kOthers.end(), [&](const Mark& m) { return m.mark == character; });
    return found == kOthers.end() ? "a text needs quotes: 'like this'" : std::string{found->fix};
  }

  std::string_view source_;
  std::vector<Diagnostic>& diagnostics_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<Token> tokenize(std::string_view source, std::vector<Diagnostic>& diagnostics) {
  if (!is_utf8(source)) {
    diagnostics.push_back({ProblemNumber::expression_syntax, 0, source.size(), "the text is not valid UTF-8",
                           "save the file as UTF-8, without U+0000"});
    return {Token{TokenKind::end, source.size(), source.size(), {}}};
  }
  return Lexer(source, diagnostics).run();
}

}  // namespace kith::internal::expr
