// What happened around a record, newest first: records on its timeline, its states, its relationships, its changes.
#pragma once
#include <boost/json/fwd.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "access/unit.hpp"

namespace kith::internal::facts {

struct TimelineEntry {
  std::int64_t at_us = 0;
  std::string order;  ///< ties by this, so that pages don't overlap
  std::string kind;   ///< the record type's name, or "state", "change", "related", "unrelated"
  std::string title, detail, by;
  std::int32_t record_type = -1;
  RecordId id;
};

struct TimelinePage {
  std::vector<TimelineEntry> entries;
  std::string next;  ///< cursor of the next page; "" = the end
};
/// Throws query_invalid for a cursor that no page gave.
TimelinePage timeline_page(access::Unit& unit, const catalog::RecordType& type, const RecordId& id, std::int64_t limit,
                           std::string_view before);

/// The title of a record for people: its title field, or its type's label.
std::string record_title(access::Unit& unit, std::int32_t record_type, const RecordId& id);
/// Records of `child` on the timeline of (type, id): its timeline path walked backwards.
std::vector<RecordId> on_timeline(access::Unit& unit, const catalog::RecordType& child, const catalog::RecordType& type,
                                  const RecordId& id);

}  // namespace kith::internal::facts
