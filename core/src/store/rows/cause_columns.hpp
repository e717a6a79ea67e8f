// The four columns in which rows of the engine keep their cause: root, depth, automation, by.
#pragma once
#include "store/rows/journal.hpp"

namespace kith::internal::store {

inline constexpr const char* kCauseColumns = "root, depth, automation, by";

inline void bind_cause(Statement& statement, int position, const Cause& cause) {
  statement.bind(position, std::string_view(cause.root));
  statement.bind(position + 1, static_cast<std::int64_t>(cause.depth));
  statement.bind(position + 2, std::int64_t{cause.automation ? 1 : 0});
  statement.bind(position + 3, std::string_view(cause.by));
}

inline Cause read_cause(const Statement& row, int column) {
  Cause cause;
  cause.root = row.text(column);
  cause.depth = static_cast<std::int32_t>(row.integer(column + 1));
  cause.automation = row.integer(column + 2) != 0;
  cause.by = row.text(column + 3);
  return cause;
}

}  // namespace kith::internal::store
