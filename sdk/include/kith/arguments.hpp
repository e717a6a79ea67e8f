// arguments.hpp - the settings of a plugin and the arguments of a job: one JSON object of scalars, read without a JSON
// library. Header-only. Since 0.1.
#pragma once
#include <kith/iso_time.hpp>
#include <kith/session.hpp>

#include <algorithm>
#include <charconv>
#include <clocale>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace kith {

/// `{"as_of": "2006-12-31", "bins": 5}`. A name that is absent or null reads as nothing; one of another type throws
/// KITH_INVALID and says which. Nested values are kept as text: see json(). Complexity: one pass at construction.
class Arguments {
 public:
  Arguments() = default;
  /// Throws KITH_INVALID when the text is not a JSON object.
  explicit Arguments(std::string_view object) : rest_(object) {
    read_object();
    rest_ = {};
  }

  bool has(std::string_view name) const { return find(name) != nullptr; }
  std::optional<std::string> text(std::string_view name) const {
    const Entry* entry = find(name);
    if (!entry) return std::nullopt;
    if (entry->kind != Kind::text) throw wrong(name, "text");
    return entry->value;
  }
  std::optional<std::int64_t> integer(std::string_view name) const {
    return number<std::int64_t>(name, "a whole number");
  }
  std::optional<double> real(std::string_view name) const { return number<double>(name, "a number"); }
  std::optional<bool> boolean(std::string_view name) const {
    const Entry* entry = find(name);
    if (!entry) return std::nullopt;
    if (entry->kind != Kind::boolean) throw wrong(name, "true or false");
    return entry->value == "true";
  }
  /// A text "yyyy-mm-dd".
  std::optional<Date> date(std::string_view name) const {
    const auto written = text(name);
    if (!written) return std::nullopt;
    std::string_view rest = *written;
    const auto days = detail::take_date(rest);
    if (!days || !rest.empty()) throw wrong(name, "a date such as \"2006-12-31\"");
    return Date{*days};
  }
  /// A text "yyyy-mm-ddThh:mm:ssZ", also with a fraction or an offset; a date alone is its midnight UTC.
  std::optional<Timestamp> timestamp(std::string_view name) const {
    const auto written = text(name);
    if (!written) return std::nullopt;
    const auto us = detail::parse_instant(*written);
    if (!us) throw wrong(name, "an instant such as \"2006-12-31T00:00:00Z\"");
    return Timestamp{*us};
  }
  /// The value as it was written; a text without its quotes.
  std::optional<std::string> json(std::string_view name) const {
    const Entry* entry = find(name);
    return entry ? std::optional<std::string>(entry->value) : std::nullopt;
  }

 private:
  enum class Kind : std::uint8_t { text, number, boolean, nested };
  struct Entry {
    Kind kind;
    std::string value;
  };

  const Entry* find(std::string_view name) const {
    const auto found = entries_.find(name);
    return found == entries_.end() ? nullptr : &found->second;
  }
  static Error wrong(std::string_view name, std::string_view expected) {
    return Error(KITH_INVALID, "argument '" + std::string(name) + "' must be " + std::string(expected));
  }
  static Error broken() { return Error(KITH_INVALID, "the arguments are not a JSON object"); }

  template <class Number>
  std::optional<Number> number(std::string_view name, std::string_view expected) const {
    const Entry* entry = find(name);
    if (!entry) return std::nullopt;
    std::optional<Number> parsed = entry->kind == Kind::number ? parse_number<Number>(entry->value) : std::nullopt;
    if (!parsed) throw wrong(name, expected);
    return parsed;
  }
  template <class Number>
  static std::optional<Number> parse_number(const std::string& written) {
    if constexpr (std::same_as<Number, double>) {
      return parse_decimal(written);
    } else {
      Number value{};
      const char* end = written.data() + written.size();
      const auto result = std::from_chars(written.data(), end, value);
      return result.ec == std::errc{} && result.ptr == end ? std::optional<Number>(value) : std::nullopt;
    }
  }
  static std::optional<double> parse_decimal(const std::string& written) {
#if defined(__cpp_lib_to_chars)
    double value = 0;
    const char* end = written.data() + written.size();
    const auto result = std::from_chars(written.data(), end, value);
    return result.ec == std::errc{} && result.ptr == end ? std::optional<double>(value) : std::nullopt;
#else  // libc++ 14 reads integers only; strtod alone would follow the locale
    char* end = nullptr;
    const locale_t plain = ::newlocale(LC_ALL_MASK, "C", nullptr);
    const double value = ::strtod_l(written.c_str(), &end, plain);
    ::freelocale(plain);
    return end == written.c_str() + written.size() && end != written.c_str() ? std::optional<double>(value)
                                                                             : std::nullopt;
#endif
  }

  // --- JSON ------------------------------------------------------------------------------------------------------

  void skip_space() {
    while (!rest_.empty() && std::string_view(" \t\r\n").find(rest_.front()) != std::string_view::npos)
      rest_.remove_prefix(1);
  }
  bool take(char c) {
    skip_space();
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void read_object() {
    skip_space();
    if (rest_.empty()) return;  // no arguments at all
    if (!take('{')) throw broken();
    if (take('}')) return;
    do {
      if (!take('"')) throw broken();
      const std::string name = read_string();
      if (!take(':')) throw broken();
      read_value(name);
    } while (take(','));
    if (!take('}')) throw broken();
  }
  void read_value(const std::string& name) {
    skip_space();
    if (take('"')) {
      entries_[name] = {Kind::text, read_string()};
      return;
    }
    const std::string_view start = rest_;
    if (!rest_.empty() && (rest_.front() == '{' || rest_.front() == '[')) {
      skip_nested();
      entries_[name] = {Kind::nested, std::string(start.substr(0, start.size() - rest_.size()))};
      return;
    }
    const std::size_t size = std::min(rest_.find_first_of(",}] \t\r\n"), rest_.size());
    const std::string word(rest_.substr(0, size));
    rest_.remove_prefix(size);
    if (word == "null") return;
    if (word.empty()) throw broken();
    entries_[name] = {word == "true" || word == "false" ? Kind::boolean : Kind::number, word};
  }
  void skip_nested() {
    std::size_t depth = 0;
    do {
      if (rest_.empty()) throw broken();
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '"') read_string();
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') --depth;
    } while (depth > 0);
  }
  std::string read_string() {  // behind the opening quote
    std::string out;
    for (;;) {
      if (rest_.empty()) throw broken();
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '"') return out;
      if (c == '\\')
        read_escape(out);
      else
        out += c;
    }
  }
  void read_escape(std::string& out) {
    if (rest_.empty()) throw broken();
    const char c = rest_.front();
    rest_.remove_prefix(1);
    constexpr std::string_view letters = "\"\\/bfnrt", meant = "\"\\/\b\f\n\r\t";
    if (const std::size_t at = letters.find(c); at != std::string_view::npos) {
      out += meant[at];
      return;
    }
    if (c != 'u') throw broken();
    std::uint32_t point = read_hex();
    if (point >= 0xD800 && point < 0xDC00 && rest_.starts_with("\\u")) {
      rest_.remove_prefix(2);
      point = 0x10000 + ((point - 0xD800) << 10) + (read_hex() - 0xDC00);
    }
    append_utf8(out, point);
  }
  std::uint32_t read_hex() {
    constexpr std::size_t digits = 4;
    std::uint32_t value = 0;
    if (rest_.size() < digits) throw broken();
    const auto result = std::from_chars(rest_.data(), rest_.data() + digits, value, 16);
    if (result.ptr != rest_.data() + digits) throw broken();
    rest_.remove_prefix(digits);
    return value;
  }
  static void append_utf8(std::string& out, std::uint32_t point) {
    const auto byte = [&](std::uint32_t b) { out += static_cast<char>(b); };
    if (point < 0x80) return byte(point);
    if (point < 0x800) return byte(0xC0 | point >> 6), byte(0x80 | (point & 0x3F));
    if (point < 0x10000) return byte(0xE0 | point >> 12), byte(0x80 | (point >> 6 & 0x3F)), byte(0x80 | (point & 0x3F));
    byte(0xF0 | point >> 18), byte(0x80 | (point >> 12 & 0x3F)), byte(0x80 | (point >> 6 & 0x3F)),
        byte(0x80 | (point & 0x3F));
  }

  std::string_view rest_;
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace kith
