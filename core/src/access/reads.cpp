#include "access/reads.hpp"

#include "access/policy.hpp"
#include "access/unit.hpp"

namespace kith::internal::access {

const store::Records& Reads::records(const ReadPurpose& purpose, std::int32_t record_type) const {
  require_read(*unit_, purpose.operation, record_type, purpose.members);
  return unit_->records;
}

std::optional<store::Record> Reads::load(const ReadPurpose& purpose, std::int32_t record_type, const RecordId& id,
                                         bool also_removed) const {
  return records(purpose, record_type).load(record_type, id, also_removed);
}

std::int64_t Reads::rid(const ReadPurpose& purpose, std::int32_t record_type, const RecordId& id) const {
  return records(purpose, record_type).rid(record_type, id);
}

bool Reads::is_live(const ReadPurpose& purpose, std::int32_t record_type, const RecordId& id) const {
  return records(purpose, record_type).is_live(record_type, id);
}

std::optional<RecordId> Reads::find(const ReadPurpose& purpose, std::int32_t record_type,
                                    std::span<const std::int32_t> members, std::span<const Value> values) const {
  return records(purpose, record_type).find(record_type, members, values);
}

void Reads::children(const ReadPurpose& purpose, std::int32_t child_type, std::int32_t ref_member,
                     const RecordId& parent, const std::function<void(store::Record&&)>& visit) const {
  records(purpose, child_type).children(child_type, ref_member, parent, visit);
}

std::vector<RecordId> Reads::child_ids(const ReadPurpose& purpose, std::int32_t child_type, std::int32_t ref_member,
                                       const RecordId& parent, bool also_removed) const {
  return records(purpose, child_type).child_ids(child_type, ref_member, parent, also_removed);
}

bool Reads::any(const ReadPurpose& purpose, std::int32_t record_type) const {
  return records(purpose, record_type).any(record_type);
}

std::vector<RecordId> Reads::ids_after(const ReadPurpose& purpose, std::int32_t record_type, const RecordId& after,
                                       std::int64_t limit) const {
  return records(purpose, record_type).ids_after(record_type, after, limit);
}

std::int64_t Reads::count(const ReadPurpose& purpose, std::int32_t record_type) const {
  return records(purpose, record_type).count(record_type);
}

std::int64_t Reads::count_after(const ReadPurpose& purpose, std::int32_t record_type, const RecordId& after) const {
  return records(purpose, record_type).count_after(record_type, after);
}

bool Reads::more_children_than(const ReadPurpose& purpose, std::int64_t most, std::int32_t child_type,
                               std::int32_t ref_member, const RecordId& parent) const {
  return records(purpose, child_type).more_children_than(most, child_type, ref_member, parent);
}

}  // namespace kith::internal::access
