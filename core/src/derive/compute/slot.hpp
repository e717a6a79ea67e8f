// One derivation of one record.
#pragma once
#include <cstdint>
#include <functional>

#include "base/value/id.hpp"

namespace kith::internal::derive {

struct Slot {
  std::int32_t derivation = -1;
  RecordId record;
  friend bool operator==(const Slot&, const Slot&) = default;
};

// Not noexcept: the library then keeps each hash beside its key, instead of making it anew for each neighbour it meets.
struct SlotHash {
  std::size_t operator()(const Slot& slot) const {
    return std::hash<RecordId>{}(slot.record) ^ (static_cast<std::size_t>(slot.derivation) * 0x9E3779B97F4A7C15ULL);
  }
};

/// A record of a type, as a key.
struct RecordKey {
  std::int32_t record_type = -1;
  std::int32_t member = -1;  ///< a child set of it; -1: the record itself
  RecordId id;
  friend bool operator==(const RecordKey&, const RecordKey&) = default;
};
struct RecordKeyHash {
  std::size_t operator()(const RecordKey& key) const {
    return std::hash<RecordId>{}(key.id) ^
           (static_cast<std::size_t>(key.record_type * 1'009 + key.member) * 0x9E3779B97F4A7C15ULL);
  }
};

}  // namespace kith::internal::derive
