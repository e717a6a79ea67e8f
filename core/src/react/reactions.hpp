// What follows from events: workflows run from the log. The effects of a run commit with its row and the
// dispatcher's cursor, so database effects happen exactly once; a failing run is retried and in the end set aside.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "access/unit.hpp"
#include "derive/engine.hpp"
#include "facts/transaction.hpp"

namespace kith::internal::react {

inline constexpr std::int32_t kMaxDepth = 8;
inline constexpr std::int64_t kMaxActionsPerRoot = 1'000;
inline constexpr std::int64_t kMaxTries = 8;

/// Thrown by an action where another try with the same input would end the same way: the run is dead at once.
class NotWorthRetrying : public Error {
 public:
  using Error::Error;
};

/// Calls a plugin's database action inside the transaction; given by the floor that loads plugins. Throws Error.
using ActionCaller = std::function<void(std::int32_t action, access::Unit& unit, derive::Engine& derivations,
                                        facts::Transaction& transaction, std::int32_t record_type,
                                        const RecordId& record, const std::vector<facts::Input>& arguments,
                                        std::int64_t attempt, const std::string& idempotency_key)>;

struct Progress {
  std::int64_t events = 0, runs = 0, failed = 0;
  bool more = false;   ///< work is left at this now
  bool wrote = false;  ///< there is something to commit
};

class Reactions {
 public:
  explicit Reactions(ActionCaller actions) : actions_(std::move(actions)) {}
  /// Inside a write transaction that holds nothing else: dispatches a window of up to `limit` due runs and rows of the
  /// log. Runs that move the same record's values go together; the order per record is kept. No run has a savepoint:
  /// when one fails half-way, the transaction is rolled back, begun anew, and the window done again with a savepoint
  /// for each. `go_on`: asked between runs; when it says no, what is left of the window is kept as runs that are due.
  Progress step(access::Unit& unit, std::int64_t limit, const std::function<bool()>& go_on = {}) const;
  /// When there is work again: now, when events or due runs wait; nullopt: nothing is planned.
  static std::optional<std::int64_t> next_due(access::Unit& unit);
  /// Whether there is something to do at this now. Costs the same however much it is.
  static bool any_due(access::Unit& unit);
  /// Sets a dead, quarantined or waiting run going again. Throws unknown_thing, or usage when it has not failed.
  static void requeue(access::Unit& unit, std::int64_t run);
  /// What is to be done at this now: this tenant's events that were not yet looked at, and runs that are
  /// due. Runs that wait for a later try don't count.
  static std::int64_t pending(access::Unit& unit);

 private:
  ActionCaller actions_;
};

}  // namespace kith::internal::react
