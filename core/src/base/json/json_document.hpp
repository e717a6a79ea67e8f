// A JSON file that can say where each of its values stands. Strict JSON (RFC 8259), unique keys, UTF-8.
#pragma once
#include <boost/json/fwd.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "base/problem/error.hpp"

namespace kith::internal {

class JsonDocument {
 public:
  /// Throws json_syntax or duplicate_key with line and column. `file` is only shown.
  static JsonDocument parse(std::string text, std::string file);
  static JsonDocument read(const std::string& path);  ///< also throws file_unreadable

  JsonDocument();
  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;
  ~JsonDocument();

  const boost::json::value& root() const;
  const std::string& file() const noexcept;
  const std::string& text() const noexcept;
  /// The place of the value at a JSON pointer (RFC 6901); scans the text again, so only for errors. For a key of an
  /// object rather than its value, ask key_place.
  Place place(std::string_view pointer) const;
  Place key_place(std::string_view pointer) const;
  /// The place of byte `offset` inside the *decoded* string at `pointer`: for carets inside expressions.
  Place place_in_string(std::string_view pointer, std::size_t offset) const;

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

/// "/fields/customer/0/name" of parts; escapes ~ and /.
std::string pointer_join(std::string_view pointer, std::string_view key);
std::string pointer_join(std::string_view pointer, std::size_t index);

}  // namespace kith::internal
