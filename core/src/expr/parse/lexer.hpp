// From bytes to tokens. Any bytes are safe: what is not a token becomes a diagnostic.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "expr/program.hpp"

namespace kith::internal::expr {

enum class TokenKind : std::uint8_t { end, integer, real, text, name, parameter, mark };

struct Token {
  TokenKind kind = TokenKind::end;
  std::size_t begin = 0, end = 0;
  std::string text;  ///< mark: as written; name, parameter: the name; text: decoded; numbers: the digits as written
};

/// Always ends with a token of kind `end`. Bytes that fit nothing are reported and left out.
std::vector<Token> tokenize(std::string_view source, std::vector<Diagnostic>& diagnostics);

}  // namespace kith::internal::expr
