// The log of one tenant in its order: changes and events, one after the other.
#pragma once
#include <cstdint>

#include "store/rows/journal.hpp"

namespace kith::internal::store {

/// Hold it briefly: its statements are open as long as it lives.
class LogReader {
 public:
  /// Rows behind `after`.
  LogReader(const Journal& journal, std::int64_t after);
  /// The next row; false: there is none.
  bool next(LogEntry& entry);

  // Rows by statements of the journal; both end with the columns of the cause.
  static constexpr const char* kChangeColumns =
      "c.sequence, c.record_type, c.record, c.operation, c.version, c.content, k.at_us, k.actor, k.root, k.depth, "
      "k.automation, k.by";
  static constexpr const char* kEventColumns =
      "e.sequence, e.record_type, e.record, e.kind, e.name, e.payload, e.content, k.at_us, k.root, k.depth, "
      "k.automation, k.by";
  static Change read_change(const Statement& row, const Layout& layout);
  static Event read_event(const Statement& row, const Layout& layout);

 private:
  bool step(Statement& rows) const;
  Records* records_;
  StatementPtr changes_, events_;
  bool change_there_ = false, event_there_ = false;
};

}  // namespace kith::internal::store
