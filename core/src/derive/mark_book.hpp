// Marks: those in the database, those of this unit that are not yet written, and scope marks.
#pragma once
#include <optional>
#include <unordered_map>
#include <vector>

#include "access/unit.hpp"
#include "derive/slot.hpp"

namespace kith::internal::derive {

/// What marks say of one slot.
struct MarkState {
  bool any = false;
  bool hard = false;
  store::Cause cause;             ///< the deepest of those that let automation run; else the deepest
  std::vector<store::Mark> rows;  ///< in the database
};

class MarkBook {
 public:
  explicit MarkBook(access::Unit& unit) : unit_(&unit) {}

  /// Kept in memory until flush(); marks of one slot become one, the hardest, with the deepest cause.
  void add(const Slot& slot, bool hard, const store::Cause& cause);
  void add_scope(std::int32_t derivation, const store::Cause& cause);
  MarkState state(const Slot& slot);
  bool any(const Slot& slot);
  bool waits(const Slot& slot, bool hard) const;  ///< is in memory, at least as hard
  void clear(const Slot& slot, const MarkState& read);
  void flush();
  void forget_stored() noexcept;  ///< what is known of the database: it may have changed

  const std::vector<store::ScopeMark>& scopes();
  void advance(const store::ScopeMark& scope, const RecordId& after);
  void finish(const store::ScopeMark& scope);

 private:
  struct Waiting {
    bool hard = false;
    store::Cause cause;
  };
  bool any_stored();
  const std::vector<store::Mark>& stored(const Slot& slot);
  access::Unit* unit_;
  std::unordered_map<Slot, Waiting, SlotHash> waiting_;
  /// What was read of the database. Marks that another unit adds later are not among these, so they are not removed by
  /// this one and are seen by the next.
  std::unordered_map<Slot, std::vector<store::Mark>, SlotHash> read_;
  std::optional<bool> any_stored_;  ///< whether the database has any mark at all: most of the time it has none
  std::optional<std::vector<store::ScopeMark>> scopes_;
};

}  // namespace kith::internal::derive
