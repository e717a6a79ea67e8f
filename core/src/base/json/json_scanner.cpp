#include "base/json/json_scanner.hpp"

#include <algorithm>
#include <utility>

#include "base/problem/excerpt.hpp"

namespace kith::internal {
namespace {

constexpr std::size_t kDeepest = 200;  // deeper nesting is a mistake or an attack on the stack

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$'; }

}  // namespace

void append_utf8(std::string& out, char32_t code) {
  const auto tail = [&](unsigned shift) { out.push_back(static_cast<char>(0x80U | ((code >> shift) & 0x3FU))); };
  if (code < 0x80U) {
    out.push_back(static_cast<char>(code));
  } else if (code < 0x800U) {
    out.push_back(static_cast<char>(0xC0U | (code >> 6U)));
    tail(0);
  } else if (code < 0x10000U) {
    out.push_back(static_cast<char>(0xE0U | (code >> 12U)));
    tail(6);
    tail(0);
  } else {
    out.push_back(static_cast<char>(0xF0U | (code >> 18U)));
    tail(12);
    tail(6);
    tail(0);
  }
}

void JsonScanner::fail(std::size_t at, std::size_t length, std::string message, std::string expected,
                       std::string fix) const {
  Problem problem;
  problem.number = ProblemNumber::json_syntax;
  problem.message = std::move(message);
  problem.where = place_of_offset(text_, at, std::string{file_});
  problem.excerpt = caret_excerpt(text_, at, length);
  problem.expected = std::move(expected);
  if (at >= text_.size()) {
    problem.found = "the end of the text";
  } else if (!problem.expected.empty()) {
    problem.found = "\"" + std::string{text_.substr(at, std::max<std::size_t>(length, 1))} + "\"";
  }
  problem.fix = std::move(fix);
  throw Error(std::move(problem));
}

void JsonScanner::fail_unclosed(const char* what) const {
  Place opened = place_of_offset(text_, open_.back());
  fail(text_.size(), 1,
       "the " + std::string{what} + " opened at " + opened.text().insert(0, "line ") + " is not closed",
       what == std::string_view{"object"} ? "}" : "]", "close it, or look for a bracket too many above");
}

// The letters, digits and signs at the cursor, for messages; one whole character at least.
std::string_view JsonScanner::word_at_cursor() const {
  std::size_t end = at_;
  while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]) || text_[end] == '-')) ++end;
  if (end == at_ && at_ < text_.size()) {
    ++end;
    while (end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0xC0U) == 0x80U) ++end;
  }
  return text_.substr(at_, end - at_);
}

void JsonScanner::fail_value() const {
  const std::string_view word = word_at_cursor();
  const char c = at_ < text_.size() ? text_[at_] : '\0';
  std::string fix = "write a text in double quotes, a number, true, false, null, an object or an array";
  if (c == '/' || c == '#') fix = "JSON has no comments: take it out, or put it into a \"description\"";
  if (c == '\'') fix = "JSON puts texts in double quotes";
  if (c == ',') fix = "take out the comma too many, or write the value that is missing before it";
  if (c == '+' || c == '.') fix = "JSON numbers begin with a digit or a minus sign: 0.5, not .5 or +0.5";
  if (c == '}' || c == ']') fix = "write the value, or take out the comma or colon before";
  if (word == "True" || word == "False" || word == "None") fix = "JSON writes true, false and null";
  if (word == "NaN" || word == "Infinity") fix = "JSON has no such number";
  if (c == '\xE2') fix = "JSON puts texts in straight double quotes, not in curly ones";
  fail(at_, word.size(), "a value is missing or not JSON", "a value", std::move(fix));
}

void JsonScanner::skip_space() {
  while (at_ < text_.size() && is_space(text_[at_])) ++at_;
}

JsonToken JsonScanner::peek() {
  skip_space();
  if (at_ == text_.size()) return JsonToken::end;
  const char c = text_[at_];
  if (c == '{') return JsonToken::object;
  if (c == '[') return JsonToken::array;
  if (c == '"') return JsonToken::string;
  if (c == '-' || is_digit(c)) return JsonToken::number;
  const std::string_view word = word_at_cursor();
  if (word == "true" || word == "false" || word == "null") return JsonToken::literal;
  fail_value();
}

void JsonScanner::open() {
  open_.push_back(at_);
  if (open_.size() > kDeepest) {
    fail(at_, 1, "the nesting is deeper than " + std::to_string(kDeepest) + " levels", {}, "flatten the document");
  }
  ++at_;
}

bool JsonScanner::next_item(char closing, bool first, const char* what) {
  skip_space();
  if (at_ == text_.size()) fail_unclosed(what);
  if (text_[at_] == closing) {
    ++at_;
    open_.pop_back();
    return false;
  }
  if (first) return true;
  if (text_[at_] != ',') {
    const std::string either = std::string{"a comma or "} + closing;
    const bool comment = text_[at_] == '/' || text_[at_] == '#';
    fail(at_, word_at_cursor().size(), "two items without a comma between them, or an unclosed " + std::string{what},
         either,
         comment ? "JSON has no comments: take it out"
                 : "write a comma after the item before, or close the " + std::string{what});
  }
  const std::size_t comma = at_++;
  skip_space();
  if (at_ < text_.size() && text_[at_] == closing) {
    fail(comma, 1, "a comma stands behind the last item of an " + std::string{what}, std::string{closing},
         "take out this comma");
  }
  if (at_ == text_.size()) fail_unclosed(what);
  return true;
}

bool JsonScanner::next_member(bool first) {
  if (!next_item('}', first, "object")) return false;
  if (text_[at_] != '"') {
    const std::string_view word = word_at_cursor();
    const bool name = !word.empty() && is_letter(word.front());
    std::string fix = "write the key in double quotes";
    if (name) fix += ": \"" + std::string{word} + "\"";
    if (word == "/" || word == "#") fix = "JSON has no comments: take it out, or put it into a \"description\"";
    fail(at_, word.size(), "a key of an object is not in double quotes", "a key in double quotes", std::move(fix));
  }
  return true;
}

bool JsonScanner::next_element(bool first) { return next_item(']', first, "array"); }

void JsonScanner::take_colon() {
  skip_space();
  if (at_ < text_.size() && text_[at_] == ':') {
    ++at_;
    return;
  }
  fail(at_, word_at_cursor().size(), "a key has no value", "a colon", "write \"key\": value");
}

char32_t JsonScanner::take_hex(std::size_t escape) {
  char32_t code = 0;
  for (int i = 0; i < 4; ++i, ++at_) {
    const char c = at_ < text_.size() ? text_[at_] : '"';
    const bool lower = c >= 'a' && c <= 'f';
    const bool upper = c >= 'A' && c <= 'F';
    if (!is_digit(c) && !lower && !upper) {
      fail(escape, at_ - escape, "an escape \\u is not complete", "four hexadecimal digits",
           "write \\u and four of 0-9 a-f");
    }
    const int digit = is_digit(c) ? c - '0' : (lower ? c - 'a' : c - 'A') + 10;
    code = code * 16 + static_cast<char32_t>(digit);
  }
  return code;
}

// The code point of the escape at the cursor; the two halves of a surrogate pair are one.
char32_t JsonScanner::take_escape() {
  static constexpr std::string_view kLetters = "\"\\/bfnrt";
  static constexpr std::string_view kMeaning = "\"\\/\b\f\n\r\t";
  const std::size_t escape = at_++;
  if (at_ == text_.size()) fail(at_, 1, "a text is not closed", "\"", "write the closing quote");
  const char letter = text_[at_++];
  const std::size_t index = kLetters.find(letter);
  if (index != std::string_view::npos) return static_cast<unsigned char>(kMeaning[index]);
  if (letter != 'u') {
    fail(escape, 2, "an escape that JSON doesn't know", "one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u",
         "write a backslash itself as \\\\");
  }
  const char32_t code = take_hex(escape);
  if (code == 0) fail(escape, 6, "a text contains U+0000, which no text here may", {}, "take it out");
  if (code < 0xD800U || code > 0xDFFFU) return code;
  if (code <= 0xDBFFU && text_.substr(at_, 2) == "\\u") {
    at_ += 2;
    const char32_t low = take_hex(escape);
    if (low >= 0xDC00U && low <= 0xDFFFU) return 0x10000U + ((code - 0xD800U) << 10U) + (low - 0xDC00U);
  }
  fail(escape, at_ - escape, "half of a surrogate pair", {},
       "write both halves, as in \\ud83d\\ude00, or the character itself");
}

std::string JsonScanner::take_string() {
  std::string out;
  const std::size_t quote = at_++;
  for (;;) {
    const std::size_t from = at_;
    while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\' &&
           static_cast<unsigned char>(text_[at_]) >= 0x20U)
      ++at_;
    out.append(text_.substr(from, at_ - from));
    if (at_ == text_.size()) fail(quote, 1, "a text is not closed", {}, "write the closing quote");
    const char c = text_[at_];
    if (c == '"') {
      ++at_;
      return out;
    }
    if (c != '\\') {
      const bool line_end = c == '\n' || c == '\r';
      fail(line_end ? quote : at_, 1,
           line_end ? "a text is not closed on its line" : "a control character stands in a text", {},
           line_end ? "write the closing quote, or \\n for a line break" : "write it as an escape, a tabulator as \\t");
    }
    append_utf8(out, take_escape());
  }
}

std::size_t JsonScanner::offset_in_string(std::size_t decoded) {
  std::size_t done = 0;
  ++at_;
  while (at_ < text_.size() && text_[at_] != '"') {
    const std::size_t start = at_;
    std::size_t width = 1;
    if (text_[at_] == '\\') {
      std::string bytes;
      append_utf8(bytes, take_escape());
      width = bytes.size();
    } else {
      ++at_;
    }
    if (decoded < done + width) return start;
    done += width;
  }
  return at_;
}

std::string_view JsonScanner::take_number() {
  const std::size_t start = at_;
  const auto digits = [&] {
    const std::size_t from = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    return at_ - from;
  };
  const auto wrong = [&](const char* fix) {
    fail(start, std::max<std::size_t>(at_ - start, 1), "not a JSON number", "a number such as -12, 0.5 or 1e3", fix);
  };
  if (text_[at_] == '-') ++at_;
  const std::size_t first = at_;
  const std::size_t whole = digits();
  if (whole == 0) wrong("write digits after the minus sign");
  if (whole > 1 && text_[first] == '0') wrong("write the number without leading zeros, or as a text in quotes");
  if (at_ < text_.size() && text_[at_] == '.') {
    ++at_;
    if (digits() == 0) wrong("write digits behind the point");
  }
  if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
    ++at_;
    if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
    if (digits() == 0) wrong("write digits behind the e");
  }
  constexpr std::string_view kOfDatesAndTimes = ".-:";
  if (at_ < text_.size() && (is_letter(text_[at_]) || kOfDatesAndTimes.find(text_[at_]) != std::string_view::npos)) {
    at_ += word_at_cursor().size();
    wrong("put it in double quotes if it is a text, such as a date or a duration");
  }
  return text_.substr(start, at_ - start);
}

std::string_view JsonScanner::take_literal() {
  const std::string_view word = word_at_cursor();
  at_ += word.size();
  return word;
}

void JsonScanner::skip_value() {
  switch (peek()) {
    case JsonToken::object:
      open();
      for (bool first = true; next_member(first); first = false) {
        static_cast<void>(take_string());
        take_colon();
        skip_value();
      }
      return;
    case JsonToken::array:
      open();
      for (bool first = true; next_element(first); first = false) skip_value();
      return;
    case JsonToken::string: static_cast<void>(take_string()); return;
    case JsonToken::number: static_cast<void>(take_number()); return;
    case JsonToken::literal: static_cast<void>(take_literal()); return;
    case JsonToken::end: fail_value();
  }
}

void JsonScanner::take_end() {
  skip_space();
  if (at_ == text_.size()) return;
  fail(at_, word_at_cursor().size(), "text stands behind the end of the document", "nothing more",
       "a file holds one value: take out the rest, or look for a bracket too many above");
}

}  // namespace kith::internal
