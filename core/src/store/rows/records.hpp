// Record rows in and out, by members. No rules here: floor facts decides what may be written.
#pragma once
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "store/layout/layout.hpp"

namespace kith::internal::store {

/// Values by member number of the record type; slots of derived members and child sets are null.
using Row = std::vector<Value>;
inline const Value& at(const Row& row, std::int32_t member) { return row[static_cast<std::size_t>(member)]; }

struct Record {
  RecordId id;
  bool live = true;  ///< not removed
  Row values;
  std::int64_t rid = 0;  ///< of the row; 0: it is not stored yet
};

class Records {
 public:
  Records(Connection& connection, const Layout& layout, std::int64_t tenant)
      : connection_(&connection), layout_(&layout), tenant_(tenant) {}

  std::optional<Record> load(std::int32_t record_type, const RecordId& id, bool also_removed = false) const;
  bool is_live(std::int32_t record_type, const RecordId& id) const;
  std::int64_t rid(std::int32_t record_type, const RecordId& id) const;  ///< throws record_not_found
  /// The live record whose members equal the values (a unique or index set); nulls match nothing.
  std::optional<RecordId> find(std::int32_t record_type, std::span<const std::int32_t> members,
                               std::span<const Value> values) const;
  std::int64_t insert(std::int32_t record_type, const Record& record);  ///< gives the row's rid
  void update(std::int32_t record_type, const RecordId& id, const Row& values, std::span<const std::int32_t> changed);
  void remove(std::int32_t record_type, const RecordId& id, std::int64_t at);  ///< marks as removed; keeps the row
  /// Live records of `child_type` whose `ref_member` names `parent`, in id order.
  void children(std::int32_t child_type, std::int32_t ref_member, const RecordId& parent,
                const std::function<void(Record&&)>& visit) const;
  std::vector<RecordId> child_ids(std::int32_t child_type, std::int32_t ref_member, const RecordId& parent,
                                  bool also_removed) const;
  bool any(std::int32_t record_type) const;  ///< is there a record of the type, removed or not?
  /// Ids after `after` in id order, at most `limit`.
  std::vector<RecordId> ids_after(std::int32_t record_type, const RecordId& after, std::int64_t limit) const;
  std::int64_t count(std::int32_t record_type) const;
  std::int64_t count_after(std::int32_t record_type, const RecordId& after) const;
  /// Whether a parent has more than `most` live children.
  bool more_children_than(std::int64_t most, std::int32_t child_type, std::int32_t ref_member,
                          const RecordId& parent) const;

  Connection& connection() const { return *connection_; }
  const Layout& layout() const { return *layout_; }
  std::int64_t tenant() const { return tenant_; }

 private:
  Connection* connection_;
  const Layout* layout_;
  std::int64_t tenant_;
};

}  // namespace kith::internal::store
