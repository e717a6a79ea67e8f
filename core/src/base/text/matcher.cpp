#include "base/text/matcher.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <utility>

namespace kith::internal {
namespace {

constexpr std::int64_t kMostMemory = 4 << 20;  // of one compiled pattern, states that it makes as it goes included

RE2::Options re2_options() {
  RE2::Options out;
  out.set_log_errors(false);
  out.set_max_mem(kMostMemory);
  return out;
}

// Brackets within each other, classes aside. RE2 itself walks them by recursion.
std::size_t bracket_depth(std::string_view pattern) {
  std::size_t depth = 0, deepest = 0;
  bool in_class = false;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    const char c = pattern[at];
    if (c == '\\') {
      ++at;
    } else if (in_class) {
      in_class = c != ']';
    } else if (c == '[') {
      in_class = true;
    } else if (c == '(') {
      deepest = std::max(deepest, ++depth);
    } else if (c == ')' && depth > 0) {
      --depth;
    }
  }
  return deepest;
}

bool looks_around_or_back(std::string_view pattern) {
  for (const std::string_view form : {"(?=", "(?!", "(?<=", "(?<!"}) {
    if (pattern.find(form) != std::string_view::npos) return true;
  }
  for (std::size_t at = pattern.find('\\'); at != std::string_view::npos; at = pattern.find('\\', at + 2)) {
    if (at + 1 < pattern.size() && pattern[at + 1] >= '1' && pattern[at + 1] <= '9') return true;
  }
  return false;
}

}  // namespace

struct Matcher::Body {
  explicit Body(std::string_view pattern) : re(re2::StringPiece(pattern.data(), pattern.size()), re2_options()) {}
  RE2 re;
};

Matcher::Matcher(std::unique_ptr<Body> body) : body_(std::move(body)) {}
Matcher::~Matcher() = default;

std::shared_ptr<const Matcher> Matcher::make(std::string_view pattern, std::string& why) {
  if (pattern.size() > kLongestPattern) {
    why = "it has " + std::to_string(pattern.size()) + " bytes, and at most " + std::to_string(kLongestPattern) +
          " are allowed";
    return nullptr;
  }
  if (const std::size_t depth = bracket_depth(pattern); depth > kDeepestPattern) {
    why = std::to_string(depth) + " brackets stand within each other, and at most " + std::to_string(kDeepestPattern) +
          " are allowed";
    return nullptr;
  }
  auto body = std::make_unique<Body>(pattern);
  if (body->re.ok()) return std::shared_ptr<const Matcher>(new Matcher(std::move(body)));
  why = looks_around_or_back(pattern) ? "it looks ahead, behind or back to a group, which can't be done in linear time"
        : body->re.error_code() == RE2::ErrorPatternTooLarge
            ? "it takes too much memory: repeat fewer times"
            : "it is no regular expression of RE2's syntax: " + body->re.error();
  return nullptr;
}

bool Matcher::matches(std::string_view text) const {
  return RE2::FullMatch(re2::StringPiece(text.data(), text.size()), body_->re);
}

}  // namespace kith::internal
