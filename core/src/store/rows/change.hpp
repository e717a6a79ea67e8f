// What happened, typed: changes of records, and what is no change: emitted events and announced edges of derivations.
// A change is written once and read by everybody: the host, workflows, timelines, whoever asks what a record was.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/value/id.hpp"
#include "base/value/value.hpp"

namespace kith::internal::store {

/// Why something happens: carried from an event to what follows from it (design/derivations.md, Event cause).
struct Cause {
  std::string root;  ///< "call" for a host's own call, else the root event's number or "due:<derivation>"
  std::int32_t depth = 0;
  bool automation = true;  ///< false: import with "automation": "suppress"
  std::string by;  ///< for people: "workflow retail.win_back", "job insight.rfm", "import imp_..."; "" = the actor
  friend bool operator==(const Cause&, const Cause&) = default;
};

/// A relationship between two records, on days.
struct Edge {
  std::int64_t row = 0;
  std::string relationship;
  std::int32_t from_type = -1, to_type = -1;
  RecordId from, to;
  std::int64_t from_on = 0;           ///< day
  std::optional<std::int64_t> to_on;  ///< day; nullopt = goes on
  std::string attributes_json;
};

/// Stored as numbers: never reuse one.
enum class ChangeKind : std::int32_t { create = 1, update = 2, remove = 3, transition = 4, relate = 5, unrelate = 6 };

/// A member that has another value after a change than before it.
struct MemberChange {
  std::int32_t member = -1;  ///< the catalog's number; -1: its bundle is not loaded, or declares it no longer
  std::string name;          ///< then: as it was declared
  Value before, after;       ///< null: there was none
};

/// A state that a change entered. A change may hold several, in the order in which they were made.
struct EnteredState {
  std::string lifecycle, event, from, to;
  std::string by;  ///< where it differs from the change's cause: "raised by ..."
};

/// One record in one transaction: committed before, committed after. A relationship that begins or ends is a change of
/// the record from which it leads.
struct Change {
  std::int64_t sequence = 0;  ///< of the last event that it stands for; the others have the numbers before it
  std::int64_t at_us = 0;
  std::string actor;
  ChangeKind kind = ChangeKind::update;
  std::int32_t record_type = -1;
  RecordId record;
  std::int64_t version = 0;
  std::vector<MemberChange> members;  ///< in the catalog's order; those that stayed are left out
  std::vector<EnteredState> states;
  std::optional<Edge> edge;  ///< relate, unrelate
  Cause cause;
  const MemberChange* find(std::int32_t member) const;
};

/// Stored as numbers: never reuse one.
enum class EventKind : std::int32_t { changed = 1, transition = 2, derived = 3, emitted = 4, related = 5 };

/// What is no change of a record. The host sees changes in the same form (facts/read/host_events.hpp).
struct Event {
  std::int64_t sequence = 0;
  std::int64_t at_us = 0;
  EventKind kind = EventKind::changed;
  std::int32_t record_type = -1;
  RecordId record;
  std::string name;  ///< changed: "created", "updated", "removed"; transition: lifecycle; derived: derivation; emitted:
                     ///< event; related: relationship
  std::string payload_json;  ///< emitted: its own; derived: {"old","new"}, made from the two values
  Value before, after;       ///< derived: a truth value, a band or a state; null = none
  Cause cause;
};

/// One row of the log.
struct LogEntry {
  std::optional<Change> change;  ///< else:
  Event event;
  std::int64_t sequence() const { return change ? change->sequence : event.sequence; }
  std::int32_t record_type() const { return change ? change->record_type : event.record_type; }
  const RecordId& record() const { return change ? change->record : event.record; }
  const Cause& cause() const { return change ? change->cause : event.cause; }
  std::int64_t at_us() const { return change ? change->at_us : event.at_us; }
};

/// One event as the host and workflows count them: that a record changed, each state that it entered, an edge, ...
struct Happening {
  std::int64_t number = 0;
  EventKind kind = EventKind::changed;
  const LogEntry* entry = nullptr;
  const EnteredState* state = nullptr;  ///< transition
};

/// How many events a change stands for; 0: it changes nothing.
std::int64_t events_of(const Change& change);
std::vector<Happening> happenings(const LogEntry& entry);
/// "created", "updated", "removed" for a change of fields.
const char* changed_name(ChangeKind kind);

}  // namespace kith::internal::store
