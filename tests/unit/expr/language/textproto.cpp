#include "unit/expr/language/textproto.hpp"

#include <algorithm>
#include <stdexcept>

#include "expr/parse/utf8.hpp"

namespace kith::internal::expr::testing {
namespace {

class Reader {
 public:
  explicit Reader(const std::string& text) : text_(text) {}

  std::vector<ProtoField> fields(char end) {
    std::vector<ProtoField> found;
    for (skip(); at_ < text_.size() && text_[at_] != end; skip()) {
      ProtoField field;
      field.name = text_[at_] == '[' ? bracketed() : word();
      skip();
      const bool colon = take(':');
      skip();
      if (colon && take('[')) {
        for (skip(); !take(']'); skip()) {
          found.push_back(value(field.name));
          skip();
          take(',');
        }
      } else {
        found.push_back(value(field.name));
      }
      skip();
      if (!take(',')) take(';');
    }
    return found;
  }

 private:
  [[noreturn]] void stop(const std::string& what) const {
    const auto line =
        std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(std::min(at_, text_.size())), '\n') + 1;
    throw std::runtime_error("line " + std::to_string(line) + ": " + what);
  }
  void skip() {
    while (at_ < text_.size()) {
      if (text_[at_] == '#')
        at_ = std::min(text_.find('\n', at_), text_.size());
      else if (std::string_view{" \t\r\n"}.find(text_[at_]) != std::string_view::npos)
        ++at_;
      else
        return;
    }
  }
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  std::string bracketed() {
    const std::size_t begin = at_;
    at_ = text_.find(']', at_);
    if (at_ == std::string::npos) stop("'[' without an end");
    return text_.substr(begin, ++at_ - begin);
  }
  std::string word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 ||
                                  std::string_view{"_.+-"}.find(text_[at_]) != std::string_view::npos))
      ++at_;
    if (at_ == begin) stop("a name or a value is missing");
    return text_.substr(begin, at_ - begin);
  }
  ProtoField value(const std::string& name) {
    ProtoField field;
    field.name = name;
    if (take('{')) {
      field.fields = fields('}');
      if (!take('}')) stop("'{' without an end");
    } else if (text_[at_] == '"' || text_[at_] == '\'') {
      for (; at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\''); skip()) field.scalar += quoted();
    } else {
      field.scalar = word();
    }
    return field;
  }
  std::string quoted() {
    const char quote = text_[at_++];
    std::string out;
    while (at_ < text_.size() && text_[at_] != quote) {
      if (text_[at_] == '\\')
        escape(out);
      else
        out.push_back(text_[at_++]);
    }
    if (!take(quote)) stop("a text without an end");
    return out;
  }
  void escape(std::string& out) {
    static const std::string letters = "abfnrtv", controls = "\a\b\f\n\r\t\v";
    const char c = text_[++at_];
    ++at_;
    if (const auto found = letters.find(c); found != std::string::npos) {
      out.push_back(controls[found]);
    } else if (c >= '0' && c <= '7') {
      --at_;
      out.push_back(static_cast<char>(number(8, 3)));
    } else if (c == 'x' || c == 'X') {
      out.push_back(static_cast<char>(number(16, 2)));
    } else if (c == 'u' || c == 'U') {
      append_utf8(out, number(16, c == 'u' ? 4 : 8));
    } else {
      out.push_back(c);
    }
  }
  std::uint32_t number(std::uint32_t base, int digits) {
    std::uint32_t value = 0;
    for (int i = 0; i < digits; ++i, ++at_) {
      const auto digit = std::string_view{"0123456789abcdef"}.find(
          static_cast<char>(std::tolower(static_cast<unsigned char>(text_[at_]))));
      if (digit >= base) break;
      value = value * base + static_cast<std::uint32_t>(digit);
    }
    return value;
  }

  const std::string& text_;
  std::size_t at_ = 0;
};

}  // namespace

const ProtoField* ProtoField::find(std::string_view wanted) const {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const ProtoField& field) { return field.name == wanted; });
  return found == fields.end() ? nullptr : &*found;
}

std::string ProtoField::text(std::string_view wanted) const {
  const ProtoField* found = find(wanted);
  return found == nullptr ? std::string{} : found->scalar;
}

ProtoField read_textproto(const std::string& text) {
  ProtoField file;
  file.fields = Reader(text).fields('\0');
  return file;
}

}  // namespace kith::internal::expr::testing
