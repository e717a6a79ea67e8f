// The engine behind Engine: marking, freshness, settling. The rules are those of design/derivations.md, "Freshness".
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "access/unit.hpp"
#include "derive/engine.hpp"
#include "derive/mark_book.hpp"
#include "derive/plan.hpp"
#include "derive/shelf.hpp"

namespace kith::internal::derive {

/// What an evaluation of a derivation comes to.
struct Computed {
  Value value, band;
  std::int64_t until = kForever;
};

class Settler {
 public:
  explicit Settler(access::Unit& unit);

  // marking.cpp
  void touched(const Touch& touch, std::span<const std::int32_t> changed);
  void related(const store::Edge& edge);
  void scope(std::int32_t derivation, const store::Cause& cause);  ///< all its records, and all that read it
  void mark_at_most(std::size_t records) noexcept { most_marks_ = records; }

  // settling.cpp
  bool fresh(const Slot& slot);
  expr::Timed value(const Slot& slot, bool band);
  void settle(const Slot& slot);
  void flush() { book_.flush(); }
  void forget();

  // computing.cpp
  Computed compute(const catalog::Derivation& derivation, RowView& record, const RecordId& id);
  std::unique_ptr<expr::RecordView> draft(std::int32_t record_type, const RecordId& id, const store::Row& row);

  // batch.cpp
  std::int64_t settle_some(std::int64_t limit);
  void settle_for_query(const std::vector<std::int32_t>& derivations, std::int64_t limit);
  bool settled(const std::vector<std::int32_t>& derivations);
  std::int64_t pending();

  // adoption.cpp
  /// Notices derivations that are new here, changed, or were away while facts were written. A writing unit scope-marks
  /// them; in a reading one nothing stored counts as fresh until a writing one came by. Returns whether all is known.
  /// `born`: a record whose creation is under way, which needs no scope mark.
  bool adopted(const RecordId& born = {});

  access::Unit& unit() noexcept { return *unit_; }
  Plan& plan() noexcept { return plan_; }
  Shelf& shelf() noexcept { return shelf_; }

 private:
  /// What is known of a slot in this unit.
  struct Held {
    store::Derived stored;  ///< as in the database; in a reading unit, once settled, as computed
    bool settled = false;   ///< holds at this unit's now
  };
  struct Work {
    RecordId record;
    std::int32_t derivation;
    friend auto operator<=>(const Work&, const Work&) = default;
  };

  Held& hold(const Slot& slot);
  bool current(const Slot& slot, const Held& held) const;  ///< present, by today's definition, within its time
  bool fresh(const Slot& slot, const Held& held);
  bool cut_off(const Slot& slot, Held& held);  ///< soft marks that came to nothing
  void retire(const Slot& slot, Held& held);
  void keep(const Slot& slot, Held& held, Computed&& computed);
  void propagate(const Slot& slot, const store::Derived& before, const store::Derived& after,
                 const store::Cause& cause);
  void lower(const Slot& slot, std::int64_t until);
  void announce(const catalog::Derivation& derivation, const RecordId& id, const store::Derived& before,
                const store::Derived& after, const MarkState& marks);

  struct Closure;
  void mark(const Slot& slot, bool hard, const store::Cause& cause);
  void close_over(Closure& closure, const Slot& slot, bool hard);

  struct Group;
  std::vector<Group> scope_groups(const std::vector<std::int32_t>* only);
  std::int64_t expand_scopes(std::int64_t limit, const std::vector<std::int32_t>* only);
  std::int64_t settle_found(std::int64_t limit, const std::vector<std::int32_t>* only);
  std::int64_t settle_pass(std::int64_t limit, const std::vector<std::int32_t>* only);
  void settle_all(std::vector<Work>& work);
  std::int64_t pending_of(const std::vector<std::int32_t>* only);
  void trim();

  access::Unit* unit_;
  expr::Env env_;
  /// Beyond this many records that one write reaches, a mark for each costs more than one mark for all.
  std::size_t most_marks_ = 20'000;
  Plan plan_;
  MarkBook book_;
  Shelf shelf_;
  std::unordered_map<Slot, Held, SlotHash> held_;
  std::optional<bool> adopted_;
};

}  // namespace kith::internal::derive
