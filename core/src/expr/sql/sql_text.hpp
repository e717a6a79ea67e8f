// Pieces of SQL that carry their values along, so that text and binds can't come apart.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/problem/error.hpp"
#include "expr/sql/lower.hpp"

namespace kith::internal::expr {

inline constexpr std::size_t kMaxSql = 64 * 1024;  ///< bytes of one lowered expression

inline Sql literally(std::string_view text) { return {std::string{text}, {}}; }
inline Sql bound(Value value) { return {"?", {value.is_dead() ? Value::null() : std::move(value)}}; }

inline void append(Sql& to, const Sql& piece) {
  to.text += piece.text;
  to.binds.insert(to.binds.end(), piece.binds.begin(), piece.binds.end());
  if (to.text.size() > kMaxSql) {
    throw Error(ProblemNumber::expression_too_large, "the condition is longer than 64 KiB in SQL",
                "take parts of it out into formulas");
  }
}
inline void append(Sql& to, std::string_view piece) { to.text += piece; }

/// All pieces, one after the other; each is an Sql or text.
template <class... Pieces>
Sql cat(const Pieces&... pieces) {
  Sql out;
  (append(out, pieces), ...);
  return out;
}

inline bool is_word(const Sql& sql, std::string_view word) { return sql.binds.empty() && sql.text == word; }
inline Sql sql_true() { return literally("TRUE"); }
inline Sql sql_false() { return literally("FALSE"); }

/// TRUE iff one of them is TRUE. What is always FALSE is left out.
Sql any_of(const std::vector<Sql>& predicates);
/// TRUE iff all of them are TRUE.
Sql all_of(const std::vector<Sql>& predicates);

}  // namespace kith::internal::expr
