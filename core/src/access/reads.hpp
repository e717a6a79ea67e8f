// The one door to stored records for everything above the store: who asks, of which tenant, is the unit's; what for, of
// which type and for which members is said with each call. For now whoever asks may read all within the tenant;
// policies that come later are asked here and in readable(), and nowhere else.
#pragma once
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "access/operation.hpp"
#include "store/rows/records.hpp"

namespace kith::internal::access {

class Unit;

/// What records are read for. `members` empty: all of them.
struct ReadPurpose {
  Operation operation = Operation::read;
  std::span<const std::int32_t> members = {};
  ReadPurpose(Operation for_operation) : operation(for_operation) {}  // NOLINT: most reads are of whole records
  ReadPurpose(Operation for_operation, std::span<const std::int32_t> of) : operation(for_operation), members(of) {}
};

class Reads {
 public:
  explicit Reads(const Unit& unit) : unit_(&unit) {}

  std::optional<store::Record> load(const ReadPurpose& purpose, std::int32_t record_type, const RecordId& id,
                                    bool also_removed = false) const;
  std::int64_t rid(const ReadPurpose& purpose, std::int32_t record_type, const RecordId& id) const;
  bool is_live(const ReadPurpose& purpose, std::int32_t record_type, const RecordId& id) const;
  /// The live record whose members equal the values (a unique or index set); nulls match nothing.
  std::optional<RecordId> find(const ReadPurpose& purpose, std::int32_t record_type,
                               std::span<const std::int32_t> members, std::span<const Value> values) const;
  /// Live records of `child_type` whose `ref_member` names `parent`, in id order.
  void children(const ReadPurpose& purpose, std::int32_t child_type, std::int32_t ref_member, const RecordId& parent,
                const std::function<void(store::Record&&)>& visit) const;
  std::vector<RecordId> child_ids(const ReadPurpose& purpose, std::int32_t child_type, std::int32_t ref_member,
                                  const RecordId& parent, bool also_removed) const;
  bool any(const ReadPurpose& purpose, std::int32_t record_type) const;
  /// Ids after `after` in id order, at most `limit`.
  std::vector<RecordId> ids_after(const ReadPurpose& purpose, std::int32_t record_type, const RecordId& after,
                                  std::int64_t limit) const;
  std::int64_t count(const ReadPurpose& purpose, std::int32_t record_type) const;
  std::int64_t count_after(const ReadPurpose& purpose, std::int32_t record_type, const RecordId& after) const;
  /// Whether a parent has more than `most` live children.
  bool more_children_than(const ReadPurpose& purpose, std::int64_t most, std::int32_t child_type,
                          std::int32_t ref_member, const RecordId& parent) const;

 private:
  const store::Records& records(const ReadPurpose& purpose, std::int32_t record_type) const;
  const Unit* unit_;
};

}  // namespace kith::internal::access
