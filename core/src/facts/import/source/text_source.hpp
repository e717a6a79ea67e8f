// A text file in any encoding, read in pieces as UTF-8, with the byte offsets of its lines in the file.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace kith::internal::facts {

/// The end of a line: where it is in the decoded text (as appended so far) and in the file.
struct LineEnd {
  std::size_t text = 0;   ///< just behind the line-end character
  std::int64_t file = 0;  ///< bytes from the start of the file
};

class TextSource {
 public:
  /// `encoding`: utf-8, utf-16, gb18030, latin1, or another name that ICU knows. A UTF-8 byte order mark wins over it.
  /// Throws file_unreadable, and bad_value for an encoding that nobody knows.
  static std::unique_ptr<TextSource> open(const std::string& path, const std::string& encoding);
  static bool has_mark(const std::string& path);  ///< a byte order mark says what it is
  virtual ~TextSource() = default;
  /// Appends the next piece to `text` and its line ends to `ends`. False: the file is at its end.
  virtual bool fill(std::string& text, std::vector<LineEnd>& ends) = 0;
  virtual std::int64_t total_bytes() const = 0;
  virtual const std::string& encoding() const = 0;  ///< by which the file is read
  /// True: bytes are passed on as they are, unchecked. False: they were decoded, with U+FFFD where they fitted no
  /// character.
  virtual bool is_utf8() const = 0;
};

bool is_known_encoding(const std::string& name);

}  // namespace kith::internal::facts
