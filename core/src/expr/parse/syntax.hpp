// The tree as written: no names resolved, no types. Parentheses leave no trace.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "expr/program.hpp"

namespace kith::internal::expr {

inline constexpr std::size_t kMaxSource = 8 * 1024;  ///< bytes
inline constexpr int kMaxDepth = 32;                 ///< levels of brackets, arguments and signs within each other

enum class SyntaxKind : std::uint8_t {
  integer,
  real,
  text,
  boolean,
  null,
  list,
  name,       ///< `text`
  parameter,  ///< `text`, without the $
  select,     ///< parts[0] . text
  call,       ///< text(parts...), or parts[0].text(parts[1]...) where has_target
  unary,      ///< `text` is ! or -
  binary,     ///< `text` is the operator; && and || have two or more parts
  conditional
};

struct Syntax {
  SyntaxKind kind = SyntaxKind::null;
  std::string text;
  std::vector<std::unique_ptr<Syntax>> parts;
  bool has_target = false;
  std::size_t begin = 0, end = 0;            ///< bytes of the source
  std::size_t word_begin = 0, word_end = 0;  ///< of the name, the operator or the function's name
};
using SyntaxPtr = std::unique_ptr<Syntax>;

/// nullptr when the text can't be read; then there is at least one diagnostic more. Safe on any bytes.
SyntaxPtr parse(std::string_view source, std::vector<Diagnostic>& diagnostics);

}  // namespace kith::internal::expr
