// The engine's own rows that belong to a change: change log, outbox events, lifecycle history, relationship edges,
// external ids. All functions work inside the caller's transaction.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/rows/records.hpp"

namespace kith::internal::store {

/// Why something happens: carried from an event to what follows from it (design/derivations.md, Event cause).
struct Cause {
  std::string root;  ///< "call" for a host's own call, else the root event's number or "due:<derivation>"
  std::int32_t depth = 0;
  bool automation = true;  ///< false: import with "automation": "suppress"
  std::string by;  ///< for people: "workflow retail.win_back", "job insight.rfm", "import imp_..."; "" = the actor
};

struct Change {
  std::int64_t sequence = 0;
  std::int64_t at_us = 0;
  std::string actor, operation;  ///< "create", "update", "remove", "transition", "relate", "unrelate"
  std::int32_t record_type = -1;
  RecordId record;
  std::int64_t version = 0;
  std::string changes_json;  ///< {"member": [old, new], ...}
  Cause cause;
};

enum class EventKind : std::int32_t { changed = 1, transition = 2, derived = 3, emitted = 4, related = 5 };
struct Event {
  std::int64_t sequence = 0;
  std::int64_t at_us = 0;
  EventKind kind = EventKind::changed;
  std::int32_t record_type = -1;
  RecordId record;
  /// changed: "created", "updated", "removed"; transition: lifecycle; derived: derivation; emitted: event
  std::string name;
  /// changed: as Change::changes_json; transition: {"event","from","to"}; derived: {"old","new"}
  std::string payload_json;
  Cause cause;
};

struct TransitionRow {
  std::string lifecycle, from_state, to_state, event, reason, actor, guard_json, bundle_version;
  std::int32_t record_type = -1;
  RecordId record;
  std::int64_t entered_us = 0;
  std::optional<std::int64_t> left_us;
  Cause cause;
};

struct Edge {
  std::int64_t row = 0;
  std::string relationship;
  std::int32_t from_type = -1, to_type = -1;
  RecordId from, to;
  std::int64_t from_on = 0;           ///< day
  std::optional<std::int64_t> to_on;  ///< day; nullopt = goes on
  std::string attributes_json;
};

class Journal {
 public:
  explicit Journal(Records& records) : records_(&records) {}

  std::int64_t add_change(const Change& change);  ///< returns its sequence
  std::int64_t add_event(const Event& event);
  /// Changes of a record, newest first, at most `limit`, before sequence `before` (0 = from the end).
  std::vector<Change> changes(std::int32_t record_type, const RecordId& id, std::int64_t before,
                              std::int64_t limit) const;
  std::vector<Event> events_after(std::int64_t sequence, std::int64_t limit) const;  ///< of this tenant
  std::int64_t last_event() const;
  std::int64_t cursor(std::string_view consumer) const;  ///< 0 = from the start
  void set_cursor(std::string_view consumer, std::int64_t sequence);

  void add_transition(const TransitionRow& row);  ///< also closes the open row of that lifecycle of that record
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
  Records* records_;
};

}  // namespace kith::internal::store
