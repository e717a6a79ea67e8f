// The engine's own rows that belong to a change: the log of changes and events, lifecycle history, relationship edges,
// external ids. All functions work inside the caller's transaction.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/rows/causes.hpp"
#include "store/rows/change.hpp"
#include "store/rows/records.hpp"

namespace kith::internal::store {

struct TransitionRow {
  std::string lifecycle, from_state, to_state, event, reason, actor, guard_json, bundle_version;
  std::int32_t record_type = -1;
  RecordId record;
  std::int64_t entered_us = 0;
  std::optional<std::int64_t> left_us;
  Cause cause;
};

class Journal {
 public:
  explicit Journal(Records& records) : records_(&records) {}

  /// Returns its sequence; 0 for one that changes nothing, which is not written.
  std::int64_t add_change(const Change& change);
  std::int64_t add_event(const Event& event);  ///< emitted, derived: what is no change
  /// Changes of a record, newest first, at most `limit`, before sequence `before` (0 = from the end).
  std::vector<Change> changes(std::int32_t record_type, const RecordId& id, std::int64_t before,
                              std::int64_t limit) const;
  /// Changes of a record behind a sequence, newest first: what undoes them leads back to it.
  std::vector<Change> changes_since(std::int32_t record_type, const RecordId& id, std::int64_t sequence) const;
  /// The row that stands for the event of this number; nullopt: it is not there, or of another tenant.
  std::optional<LogEntry> entry(std::int64_t number) const;
  /// Whether this tenant has a row behind the sequence; and how many events they are.
  bool any_after(std::int64_t sequence) const;
  std::int64_t count_after(std::int64_t sequence) const;
  /// From which sequence on this tenant's rows behind `sequence` begin, as rows of others needn't be looked at;
  /// nullopt: there are none.
  std::optional<std::int64_t> begin_after(std::int64_t sequence) const;
  std::int64_t cursor(std::string_view consumer) const;  ///< 0 = from the start
  void set_cursor(std::string_view consumer, std::int64_t sequence);

  /// Also closes the open row of that lifecycle of that record; `first`: there is none.
  void add_transition(const TransitionRow& row, bool first = false);
  std::vector<TransitionRow> transitions(std::int32_t record_type, const RecordId& id) const;  ///< oldest first

  void add_edge(const Edge& edge);
  void end_edge(std::int64_t row, std::int64_t to_on);
  /// Edges at one end. `from_side`: those that start at the record; else those that end there. Only active ones on
  /// `day` unless `all`.
  std::vector<Edge> edges(std::string_view relationship, std::int32_t record_type, const RecordId& id, bool from_side,
                          std::int64_t day, bool all) const;

  std::optional<RecordId> by_external_id(std::int32_t record_type, std::string_view source, std::string_view key) const;
  void add_external_id(std::int32_t record_type, std::string_view source, std::string_view key, const RecordId& id);
  std::vector<std::pair<std::string, std::string>> external_ids(std::int32_t record_type, const RecordId& id) const;

 private:
  friend class LogReader;
  struct Interned {
    CauseOf of;
    std::int64_t at_us, number;
    std::string actor;
    Cause cause;
  };
  struct Shared;
  std::int64_t take_numbers(std::int64_t count);  ///< the last of them
  std::int64_t cause_number(CauseOf of, std::int64_t at_us, std::string_view actor, const Cause& cause,
                            std::int64_t sequence);

  Records* records_;
  std::vector<Interned> causes_;  ///< written in this transaction by this journal, the latest of each kind
  std::int64_t last_own_ = 0, rollbacks_ = 0;
};

/// The number of the newest row of the log, of whatever tenant; 0: there is none.
std::int64_t last_position(Connection& connection);

}  // namespace kith::internal::store
