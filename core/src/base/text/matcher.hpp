// Regular expressions over whole texts, in time that grows with the text and no faster (RE2): none can be made to
// search for minutes, and none needs stack for a long text.
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace kith::internal {

inline constexpr std::size_t kLongestPattern = 4'096;  ///< bytes
inline constexpr std::size_t kDeepestPattern = 100;    ///< brackets within each other

class Matcher {
 public:
  /// nullptr where `pattern` can't be one; `why` then says so, and what is allowed.
  static std::shared_ptr<const Matcher> make(std::string_view pattern, std::string& why);
  ~Matcher();
  Matcher(const Matcher&) = delete;
  Matcher& operator=(const Matcher&) = delete;
  /// The whole of a UTF-8 text; a character is a code point. For any number of threads.
  bool matches(std::string_view text) const;

 private:
  struct Body;
  explicit Matcher(std::unique_ptr<Body> body);
  std::unique_ptr<Body> body_;
};

}  // namespace kith::internal
