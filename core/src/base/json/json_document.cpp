#include "base/json/json_document.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "base/file/file.hpp"
#include "base/json/json_scanner.hpp"
#include "base/problem/excerpt.hpp"
#include "base/text/text.hpp"

namespace kith::internal {
namespace {

namespace json = boost::json;

// Of a number that no double holds: whether it is too small, rather than too large, for one.
bool is_below_one(std::string_view number) {
  const std::size_t mark = std::min(number.find_first_of("eE"), number.size());
  const std::string_view digits = number.substr(0, mark);
  const std::size_t point = std::min(digits.find('.'), digits.size());
  const std::size_t first = digits.find_first_of("123456789");
  if (first == std::string_view::npos) return true;
  const auto places = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first);
  std::string_view exponent = number.substr(std::min(mark + 1, number.size()));
  const bool negative = !exponent.empty() && exponent.front() == '-';
  if (!exponent.empty() && (negative || exponent.front() == '+')) exponent.remove_prefix(1);
  std::int64_t power = 0;
  const auto read = std::from_chars(exponent.data(), exponent.data() + exponent.size(), power);
  if (read.ec == std::errc::result_out_of_range) return negative;
  return places + (negative ? -power : power) <= 0;
}

// Builds the value with the scanner rather than with Boost's parser: it names the place of every mistake, refuses
// duplicate keys in the same pass, and rounds every number correctly, which Boost.JSON 1.81 doesn't promise.
class Builder {
 public:
  Builder(std::string_view text, std::string_view file) : scanner_(text, file), file_(file) {}

  json::value document() {
    json::value root = value();
    scanner_.take_end();
    return root;
  }

 private:
  json::value value() {
    switch (scanner_.peek()) {
      case JsonToken::object: return object();
      case JsonToken::array: return array();
      case JsonToken::string: return json::value(json::string(scanner_.take_string()));
      case JsonToken::number: return number();
      case JsonToken::literal: return literal();
      case JsonToken::end: break;
    }
    scanner_.fail(scanner_.offset(), 1, "the text ends where a value should stand", "a value", "write the value");
  }

  json::value object() {
    json::object out;
    scanner_.open();
    for (bool first = true; scanner_.next_member(first); first = false) {
      const std::size_t at = scanner_.offset();
      std::string key = scanner_.take_string();
      if (out.contains(key)) duplicate(key, at);
      scanner_.take_colon();
      out.emplace(key, value());
    }
    return out;
  }

  json::value array() {
    json::array out;
    scanner_.open();
    for (bool first = true; scanner_.next_element(first); first = false) out.push_back(value());
    return out;
  }

  json::value literal() {
    const std::string_view word = scanner_.take_literal();
    if (word == "null") return nullptr;
    return json::value(word == "true");
  }

  json::value number() {
    const std::size_t at = scanner_.offset();
    const std::string_view text = scanner_.take_number();
    const char* const end = text.data() + text.size();
    if (text.find_first_of(".eE") == std::string_view::npos) {
      std::int64_t integer = 0;
      if (std::from_chars(text.data(), end, integer).ec == std::errc{}) return integer;
      std::uint64_t large = 0;
      if (std::from_chars(text.data(), end, large).ec == std::errc{}) return large;
    }
    double real = 0;
    if (std::from_chars(text.data(), end, real).ec == std::errc{}) return real;
    // Too small for a double is as good as zero; too large has no value. (strtod would follow the host's locale.)
    if (is_below_one(text)) return 0.0;
    scanner_.fail(at, text.size(), "the number is too large", "a number up to 1.797e308", "write a smaller number");
  }

  [[noreturn]] void duplicate(const std::string& key, std::size_t at) const {
    Problem problem;
    problem.number = ProblemNumber::duplicate_key;
    problem.message = "the key \"" + key + "\" stands twice in the same object";
    problem.where = place_of_offset(scanner_.text(), at, std::string{file_});
    problem.excerpt = caret_excerpt(scanner_.text(), at, scanner_.offset() - at);
    problem.fix = "keep one of the two";
    throw Error(std::move(problem));
  }

  JsonScanner scanner_;
  std::string_view file_;
};

std::size_t first_bad_byte(std::string_view text) {
  // The valid prefix grows line by line first, so that large files are not searched byte by byte.
  std::size_t good = 0;
  for (std::size_t next = 0; (next = text.find('\n', good)) != std::string_view::npos; good = next + 1) {
    if (!is_utf8(text.substr(good, next + 1 - good))) break;
  }
  std::size_t length = 1;
  while (good < text.size()) {
    for (length = 1; length <= 4 && !is_utf8(text.substr(good, length)); ++length) {
    }
    if (length > 4 || length > text.size() - good) break;
    good += length;
  }
  return good;
}

void check_encoding(std::string_view text, const std::string& file) {
  if (is_utf8(text)) return;
  const std::size_t at = first_bad_byte(text);
  Problem problem;
  problem.number = ProblemNumber::json_syntax;
  problem.message = "the text is not UTF-8";
  problem.where = place_of_offset(text, at, file);
  problem.expected = "UTF-8 without U+0000";
  if (at < text.size()) problem.found = "byte 0x" + hex(text.substr(at, 1));
  problem.fix = "save the file again in the encoding UTF-8";
  throw Error(std::move(problem));
}

std::string unescape_pointer_part(std::string_view part) {
  std::string out;
  for (std::size_t i = 0; i < part.size(); ++i) {
    const bool escaped = part[i] == '~' && i + 1 < part.size() && (part[i + 1] == '0' || part[i + 1] == '1');
    out.push_back(escaped ? (part[++i] == '0' ? '~' : '/') : part[i]);
  }
  return out;
}

std::vector<std::string> pointer_parts(std::string_view pointer) {
  if (pointer.empty()) return {};
  if (pointer.front() == '/') pointer.remove_prefix(1);
  std::vector<std::string> parts = split(pointer, '/');
  for (std::string& part : parts) part = unescape_pointer_part(part);
  return parts;
}

// Where a pointer leads: the offsets of the value and of its key (that of the value in arrays and for the root). When
// a part doesn't exist, the last value that does.
struct Found {
  std::size_t value = 0;
  std::size_t key = 0;
  bool complete = true;
};

bool enter_member(JsonScanner& scanner, const std::string& name, Found& found) {
  scanner.open();
  for (bool first = true; scanner.next_member(first); first = false) {
    const std::size_t key = scanner.offset();
    const bool wanted = scanner.take_string() == name;
    scanner.take_colon();
    scanner.peek();
    if (wanted) {
      found = {scanner.offset(), key, true};
      return true;
    }
    scanner.skip_value();
  }
  return false;
}

bool enter_element(JsonScanner& scanner, const std::string& index, Found& found) {
  std::size_t wanted = 0;
  const auto [end, error] = std::from_chars(index.data(), index.data() + index.size(), wanted);
  if (error != std::errc{} || end != index.data() + index.size()) return false;
  scanner.open();
  for (bool first = true; scanner.next_element(first); first = false) {
    scanner.peek();
    if (wanted-- == 0) {
      found = {scanner.offset(), scanner.offset(), true};
      return true;
    }
    scanner.skip_value();
  }
  return false;
}

Found find(JsonScanner& scanner, std::string_view pointer) {
  scanner.peek();
  Found found{scanner.offset(), scanner.offset(), true};
  for (const std::string& part : pointer_parts(pointer)) {
    const JsonToken token = scanner.peek();
    const bool entered = (token == JsonToken::object && enter_member(scanner, part, found)) ||
                         (token == JsonToken::array && enter_element(scanner, part, found));
    if (entered) continue;
    found.complete = false;
    break;
  }
  return found;
}

}  // namespace

struct JsonDocument::Body {
  std::string file;
  std::string text;
  json::value root;
};

JsonDocument::JsonDocument() : body_(std::make_unique<Body>()) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;

JsonDocument JsonDocument::parse(std::string text, std::string file) {
  // RFC 8259 lets a reader ignore a byte order mark; some editors write one.
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.compare(0, kByteOrderMark.size(), kByteOrderMark) == 0) text.erase(0, kByteOrderMark.size());
  check_encoding(text, file);
  JsonDocument document;
  document.body_->root = Builder(text, file).document();
  document.body_->text = std::move(text);
  document.body_->file = std::move(file);
  return document;
}

JsonDocument JsonDocument::read(const std::string& path) { return parse(read_whole(path, Limit::json_file), path); }

const json::value& JsonDocument::root() const { return body_->root; }
const std::string& JsonDocument::file() const noexcept { return body_->file; }
const std::string& JsonDocument::text() const noexcept { return body_->text; }

Place JsonDocument::place(std::string_view pointer) const {
  if (body_->text.empty()) return {body_->file, 0, 0};
  JsonScanner scanner(body_->text, body_->file);
  return place_of_offset(body_->text, find(scanner, pointer).value, body_->file);
}

Place JsonDocument::key_place(std::string_view pointer) const {
  if (body_->text.empty()) return {body_->file, 0, 0};
  JsonScanner scanner(body_->text, body_->file);
  return place_of_offset(body_->text, find(scanner, pointer).key, body_->file);
}

Place JsonDocument::place_in_string(std::string_view pointer, std::size_t offset) const {
  if (body_->text.empty()) return {body_->file, 0, 0};
  JsonScanner scanner(body_->text, body_->file);
  const Found found = find(scanner, pointer);
  const bool in_string = found.complete && body_->text[found.value] == '"';
  const std::size_t at = in_string ? scanner.offset_in_string(offset) : found.value;
  return place_of_offset(body_->text, at, body_->file);
}

std::string pointer_join(std::string_view pointer, std::string_view key) {
  std::string out{pointer};
  out.push_back('/');
  for (const char c : key) {
    if (c == '~') {
      out.append("~0");
    } else if (c == '/') {
      out.append("~1");
    } else {
      out.push_back(c);
    }
  }
  return out;
}

std::string pointer_join(std::string_view pointer, std::size_t index) {
  return std::string{pointer} + "/" + std::to_string(index);
}

}  // namespace kith::internal
