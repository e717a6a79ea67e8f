// How long what happened is kept, and the taking away of what is older, in small steps. The pages that become free are
// used again; the file does not shrink.
#pragma once
#include <cstdint>
#include <optional>

#include "store/rows/records.hpp"

namespace kith::internal::store {

/// For how long, by kind; nullopt: forever.
struct History {
  std::optional<std::int64_t> changes_us;
  std::optional<std::int64_t> runs_us = 90 * std::int64_t{86'400'000'000};    ///< those that are done or passed over
  std::optional<std::int64_t> events_us = 90 * std::int64_t{86'400'000'000};  ///< those that everybody has read
};

/// The old rows of one tenant. What a consumer has not read, and what a run that failed or waits follows from, stays
/// however old it is; so does the newest row of each kind, so that no number of the log comes twice.
class Purge {
 public:
  Purge(Records& records, const History& history, std::int64_t now)
      : records_(&records), history_(history), now_(now) {}

  /// Whether there is enough to begin with: something is older than it has to be by a part of its time.
  bool wanted() const;
  /// Takes away some hundred runs, or some thousand rows of the log with their causes, at most; how many it were. 0:
  /// nothing is left that is too old.
  std::int64_t step();

 private:
  enum class Log : std::int64_t { changes = 1, events = 2 };
  struct Range {
    std::int64_t from = 0, end = 0;  ///< causes, and rows of theirs: [from, end)
  };
  std::optional<Range> old_causes(Log log, std::int64_t before_us) const;
  std::int64_t begin_cause(Log log, std::int64_t number);  ///< takes rows of one cause alone
  std::int64_t purge_log(Log log, const std::optional<std::int64_t>& kept_us);
  std::int64_t purge_runs();
  /// The first row of the log that somebody still needs.
  std::int64_t needed_from() const;
  std::optional<std::int64_t> oldest(Log log) const;
  std::optional<std::int64_t> oldest_run() const;

  Records* records_;
  History history_;
  std::int64_t now_;
};

}  // namespace kith::internal::store
