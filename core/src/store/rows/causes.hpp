// Why rows of the log were written, and when. Rows of one cause follow each other, so that it is read once for all.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "store/rows/change.hpp"
#include "store/rows/records.hpp"

namespace kith::internal::store {

/// Which rows a cause is of; those of changes and of events are kept for different times, so that each has its own.
enum class CauseOf : std::int64_t { change = 1, event = 2 };

struct KnownCause {
  std::int64_t at_us = 0;
  std::string actor;
  Cause cause;
};

class Causes {
 public:
  explicit Causes(const Records& records) : records_(&records) {}
  /// nullptr: it is no longer kept, and neither is what came of it. Valid until the next one of its kind is asked for.
  const KnownCause* find(CauseOf of, std::int64_t number);

 private:
  struct Last {
    std::int64_t number = 0;
    std::optional<KnownCause> known;
  };
  const Records* records_;
  std::array<Last, 2> last_;
};

/// Of a row: what it shares with others, and the number of the event from which its own chain began, where it has one.
inline Cause cause_of_row(const Statement& row, int root_column, const KnownCause& known) {
  Cause cause = known.cause;
  if (!row.is_null(root_column)) cause.root = std::to_string(row.integer(root_column));
  return cause;
}

}  // namespace kith::internal::store
