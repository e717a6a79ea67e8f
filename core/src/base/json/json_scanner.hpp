// Strict JSON (RFC 8259) read token by token, with the place of everything. Building values and finding places share
// it.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem/error.hpp"

namespace kith::internal {

enum class JsonToken { object, array, string, number, literal, end };

/// Reads from left to right; throws Error (json_syntax) with place, excerpt and advice at the first mistake. The text
/// and the file's name must outlive it.
class JsonScanner {
 public:
  JsonScanner(std::string_view text, std::string_view file) : text_(text), file_(file) {}

  std::size_t offset() const noexcept { return at_; }
  std::string_view text() const noexcept { return text_; }

  /// What begins at the next character that isn't white space; moves to it.
  JsonToken peek();
  /// One after '{', in turn: false at the '}'. Takes commas. `first` is true before the first member.
  bool next_member(bool first);
  bool next_element(bool first);
  void open();                ///< takes the '{' or '[' at the cursor and remembers where it stands
  std::string take_string();  ///< decoded
  void take_colon();
  std::string_view take_number();   ///< as written
  std::string_view take_literal();  ///< true, false or null
  void skip_value();
  void take_end();  ///< throws unless only white space is left

  /// Offset in the file of byte `decoded` of the string that begins at the cursor; that of its closing quote beyond.
  std::size_t offset_in_string(std::size_t decoded);

  [[noreturn]] void fail(std::size_t at, std::size_t length, std::string message, std::string expected,
                         std::string fix) const;

 private:
  void skip_space();
  bool next_item(char closing, bool first, const char* what);
  char32_t take_escape();
  char32_t take_hex(std::size_t escape);
  std::string_view word_at_cursor() const;
  [[noreturn]] void fail_value() const;
  [[noreturn]] void fail_unclosed(const char* what) const;

  std::string_view text_;
  std::string_view file_;
  std::size_t at_ = 0;
  std::vector<std::size_t> open_;
};

void append_utf8(std::string& out, char32_t code);

}  // namespace kith::internal
