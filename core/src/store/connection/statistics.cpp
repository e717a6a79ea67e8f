#include "store/connection/statistics.hpp"

#include <algorithm>

namespace kith::internal::store {
namespace {

// A record is some rows (its own, what is derived, its changes): this is about 2,000 records.
constexpr std::int64_t kFirst = 10'000;
constexpr std::int64_t kBytesOfFirst = 1 << 20;
// Measured: a row with its entries in four indexes.
constexpr std::int64_t kNanosecondsForRow = 1'000;

}  // namespace

void Statistics::look(NativeSession& session, std::int64_t written) {
  written_then_ = written;
  rows_ = 0;
  const bool taken = session.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_stat1'") != 0;
  if (taken) {
    rows_ = session.integer(
        "SELECT COALESCE(sum(n), 0) FROM (SELECT max(CAST(stat AS INTEGER)) AS n FROM sqlite_stat1 GROUP BY tbl)");
  }
  enough_ = std::max(kFirst, 2 * rows_);
  // A file that grew before anybody took statistics, or whose processes never wrote enough by themselves.
  const std::int64_t bytes = session.integer("PRAGMA page_count") * session.integer("PRAGMA page_size");
  if (!taken && bytes > kBytesOfFirst) enough_ = 0;
}

std::int64_t Statistics::price_us(std::int64_t written) const {
  return (rows_ + (written - written_then_)) * kNanosecondsForRow / 1'000;
}

}  // namespace kith::internal::store
