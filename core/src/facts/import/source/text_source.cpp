#include "facts/import/source/text_source.hpp"

#include <unicode/ucnv.h>
#include <unicode/utf8.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/file/file.hpp"
#include "base/problem/error.hpp"
#include "base/text/text.hpp"

namespace kith::internal::facts {

namespace {

constexpr std::size_t kPiece = 256 * 1024;
/// No encoding that ICU knows needs more bytes for one character, so that one is never cut unless the file is.
constexpr std::ptrdiff_t kLongestCharacter = 16;
constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

class File {
 public:
  explicit File(const std::string& path) : path_(path) {
    Opening opening = open_regular(path);
    if (!opening.file.open()) throw_unreadable(path, opening);
    descriptor_ = std::move(opening.file);
    struct stat status {};
    if (::fstat(descriptor_.number(), &status) != 0) throw_unreadable(path, "it can't be looked at");
    total_ = status.st_size;
  }
  /// Appends at most `count` bytes; returns how many.
  std::size_t read(std::string& bytes, std::size_t count) {
    const std::size_t before = bytes.size();
    bytes.resize(before + count);
    ssize_t got = 0;
    do {
      got = ::read(descriptor_.number(), bytes.data() + before, count);
    } while (got < 0 && errno == EINTR);
    if (got < 0) throw_unreadable(path_, "reading stopped in the middle");
    bytes.resize(before + static_cast<std::size_t>(got));
    return static_cast<std::size_t>(got);
  }
  void skip(std::int64_t bytes) { ::lseek(descriptor_.number(), bytes, SEEK_SET); }
  std::int64_t total() const { return total_; }

 private:
  std::string path_;
  Descriptor descriptor_;
  std::int64_t total_ = 0;
};

class Utf8Source : public TextSource {
 public:
  Utf8Source(File file, std::int64_t start) : file_(std::move(file)), offset_(start) { file_.skip(start); }
  bool fill(std::string& text, std::vector<LineEnd>& ends) override {
    const std::size_t before = text.size();
    const std::size_t got = file_.read(text, kPiece);
    for (std::size_t i = before; i < text.size(); ++i) {
      if (text[i] == '\n' || text[i] == '\r')
        ends.push_back({i + 1, offset_ + static_cast<std::int64_t>(i + 1 - before)});
    }
    offset_ += static_cast<std::int64_t>(got);
    return got > 0;
  }
  std::int64_t total_bytes() const override { return file_.total(); }
  const std::string& encoding() const override { return name_; }
  bool is_utf8() const override { return true; }

 private:
  File file_;
  std::int64_t offset_;
  std::string name_ = "utf-8";
};

struct CloseConverter {
  void operator()(UConverter* converter) const noexcept { ucnv_close(converter); }
};
using ConverterPtr = std::unique_ptr<UConverter, CloseConverter>;

ConverterPtr open_converter(const std::string& name) {
  if (name.empty()) return nullptr;
  UErrorCode status = U_ZERO_ERROR;
  ConverterPtr converter(ucnv_open(name.c_str(), &status));
  return U_FAILURE(status) ? nullptr : std::move(converter);
}

class ConvertedSource : public TextSource {
 public:
  ConvertedSource(File file, std::string name, ConverterPtr converter)
      : file_(std::move(file)), name_(std::move(name)), converter_(std::move(converter)) {}

  bool fill(std::string& text, std::vector<LineEnd>& ends) override {
    const std::size_t got = at_end_ ? 0 : file_.read(bytes_, kPiece);
    at_end_ = at_end_ || got == 0;
    const std::size_t text_before = text.size();
    const char* at = bytes_.data();
    const char* const end = at + bytes_.size();
    while (at < end && (at_end_ || end - at > kLongestCharacter)) decode_one(at, end, text, ends);
    offset_ += at - bytes_.data();
    bytes_.erase(0, static_cast<std::size_t>(at - bytes_.data()));
    return text.size() > text_before || !at_end_;
  }
  std::int64_t total_bytes() const override { return file_.total(); }
  const std::string& encoding() const override { return name_; }
  bool is_utf8() const override { return false; }

 private:
  void decode_one(const char*& at, const char* end, std::string& text, std::vector<LineEnd>& ends) {
    UErrorCode status = U_ZERO_ERROR;
    UChar32 c = ucnv_getNextUChar(converter_.get(), &at, end, &status);
    if (status == U_INDEX_OUTOFBOUNDS_ERROR) {  // nothing but a byte order mark was left
      at = end;
      return;
    }
    if (U_FAILURE(status)) {
      // Bytes that are no character: they are shown as U+FFFD, and the row that has them is refused.
      if (status == U_TRUNCATED_CHAR_FOUND) at = end;
      c = 0xFFFD;
    }
    if (first_ && c == 0xFEFF) {
      first_ = false;
      return;
    }
    first_ = false;
    char buffer[U8_MAX_LENGTH];
    std::int32_t length = 0;
    U8_APPEND_UNSAFE(buffer, length, c);
    text.append(buffer, static_cast<std::size_t>(length));
    if (c == '\n' || c == '\r') ends.push_back({text.size(), offset_ + (at - bytes_.data())});
  }

  File file_;
  std::string name_;
  ConverterPtr converter_;
  std::string bytes_;
  std::int64_t offset_ = 0;
  bool at_end_ = false, first_ = true;
};

bool says_utf8(const std::string& encoding) {
  const std::string name = lower_ascii(encoding);
  return name.empty() || name == "utf-8" || name == "utf8" || name == "auto";
}

}  // namespace

bool is_known_encoding(const std::string& name) { return says_utf8(name) || open_converter(name) != nullptr; }

bool TextSource::has_mark(const std::string& path) {
  File file(path);
  std::string start;
  file.read(start, 3);
  return start == kUtf8Mark || start.substr(0, 2) == "\xFF\xFE" || start.substr(0, 2) == "\xFE\xFF";
}

std::unique_ptr<TextSource> TextSource::open(const std::string& path, const std::string& encoding) {
  File file(path);
  std::string start;
  file.read(start, 3);
  // A file that says that it is UTF-8 is; so a reject file can be read by the mapping of the file that it came from.
  if (start == kUtf8Mark) return std::make_unique<Utf8Source>(File(path), 3);
  const bool utf16_mark = start.substr(0, 2) == "\xFF\xFE" || start.substr(0, 2) == "\xFE\xFF";
  if (says_utf8(encoding) && !utf16_mark) return std::make_unique<Utf8Source>(File(path), 0);
  const std::string name = says_utf8(encoding) ? "UTF-16" : encoding;
  ConverterPtr converter = open_converter(name);
  if (converter == nullptr) {
    throw Error(ProblemNumber::bad_value, "there is no encoding '" + encoding + "'",
                "say utf-8, utf-16, gb18030, latin1, ...");
  }
  return std::make_unique<ConvertedSource>(File(path), name, std::move(converter));
}

}  // namespace kith::internal::facts
