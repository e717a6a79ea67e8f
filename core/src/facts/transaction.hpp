// The save pipeline: the only write path (design/engine.md). Create, update, remove, transition and relate pass the
// same steps: permission, version, normalisation, defaults, validation (all failures at once), uniqueness, then record,
// change log, marks and outbox events in one transaction.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/unit.hpp"
#include "derive/engine.hpp"

namespace kith::internal::facts {

/// A member to be written, as it comes in: names as in expressions; text is parsed to the member's type where exact
/// ("2026-01-02" for a date, "12.50" for money, "true"), so that JSON, CSV and the command line share one rule.
struct Input {
  std::string name;
  Value value;
};

/// What may be written besides ordinary fields; only the engine itself asks for more.
struct WriteOptions {
  std::string initial_state;  ///< create: of the type's only lifecycle; "" = its first
};

/// What another system says of a record's state.
struct StateSaid {
  std::string state;
  std::string reason;  ///< of each transition on the way
  std::string event;   ///< which of several ways: the one on which it is
  bool force = false;  ///< along no transition, its guard unasked; the history says so
};

struct Saved {
  RecordId id;
  std::int64_t version = 0;
  bool changed = true;  ///< false: the write changed nothing, and nothing was logged
};

class Transaction {
 public:
  /// Over an open write transaction of the unit's connection; commit() flushes into it, the caller commits the
  /// connection.
  Transaction(access::Unit& unit, derive::Engine& derivations);
  ~Transaction();

  Saved create(std::string_view record_type, const std::vector<Input>& inputs, const WriteOptions& options = {});
  /// `version` 0: any. Throws version_conflict naming both.
  Saved update(std::string_view record_type, const RecordId& id, std::int64_t version,
               const std::vector<Input>& inputs);
  void remove(std::string_view record_type, const RecordId& id, std::int64_t version);
  /// `inputs`: "reason" and fields that the new state requires.
  Saved transition(std::string_view record_type, const RecordId& id, std::string_view lifecycle, std::string_view event,
                   const std::vector<Input>& inputs);
  /// Puts a record that has no state of the lifecycle yet into its first. False: it has one, or it doesn't apply.
  bool begin(std::string_view record_type, const RecordId& id, std::string_view lifecycle);
  /// Brings the record into the state by the only shortest way of transitions, each with its guards; states on the way
  /// are in the history, and set nothing going. False: it stands there already. Throws no_such_transition for none or
  /// several, and what the transitions throw.
  bool follow(std::string_view record_type, const RecordId& id, std::string_view lifecycle, const StateSaid& said);
  /// `relationship` may be the inverse name. `inputs`: attributes, "from_on", "to_on" (dates; default: today, open).
  void relate(std::string_view from_type, const RecordId& from, std::string_view relationship, std::string_view to_type,
              const RecordId& to, const std::vector<Input>& inputs);
  void unrelate(std::string_view from_type, const RecordId& from, std::string_view relationship,
                std::string_view to_type, const RecordId& to);
  /// An event for the host and for workflows.
  void emit(std::string_view name, std::string_view record_type, const RecordId& about, std::string payload_json);

  /// Whether update() with these inputs would change a field. Throws what update() would say of the inputs.
  bool would_change(std::string_view record_type, const RecordId& id, const std::vector<Input>& inputs);
  /// The live record whose fields equal the inputs, each taken as a write would take it. A null input matches nothing.
  std::optional<RecordId> find(std::string_view record_type, const std::vector<Input>& fields);

  /// A record as it was before this transaction and as it is in it; null rows where it was not, or no longer is.
  /// Nothing when this transaction did not write it.
  struct Written {
    const store::Row* before = nullptr;
    const store::Row* after = nullptr;
  };
  std::optional<Written> written(std::int32_t record_type, const RecordId& id) const;

  /// Deferred checks, then one coalesced change per record. Throws; then the caller rolls back.
  /// Afterwards the object stands at the start of the next piece of work over the same open transaction (an import's
  /// row). Ends no step of the derivations: whoever commits, or ends a run, does that.
  void finish();
  /// Whether the present piece of work has written anything yet: one that failed before has left nothing behind.
  bool has_written() const;
  /// Everything since the start of the piece is forgotten: it was rolled back, or has written nothing.
  void abandon();

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

/// Turns text or another kind into the member's type. Throws value_invalid naming the field, what was expected and
/// found.
Value coerce(const catalog::Catalog& catalog, const catalog::Member& member, const Value& value);

}  // namespace kith::internal::facts
