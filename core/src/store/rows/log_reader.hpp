// The log of one tenant in its order: changes and events, one after the other.
#pragma once
#include <cstdint>
#include <optional>

#include "store/rows/causes.hpp"
#include "store/rows/journal.hpp"

namespace kith::internal::store {

/// Hold it briefly: its statements are open as long as it lives.
class LogReader {
 public:
  /// Rows behind `after`.
  LogReader(const Journal& journal, std::int64_t after);
  /// The next row; false: there is none.
  bool next(LogEntry& entry);

  // Rows by statements of the journal. Nothing: their cause is no longer kept.
  static constexpr const char* kChangeColumns =
      "c.sequence, c.record_type, c.record, c.operation, c.version, c.content, c.cause, c.root";
  static constexpr const char* kEventColumns =
      "e.sequence, e.record_type, e.record, e.kind, e.name, e.payload, e.content, e.cause, e.root";
  static std::optional<Change> read_change(const Statement& row, const Layout& layout, Causes& causes);
  static std::optional<Event> read_event(const Statement& row, const Layout& layout, Causes& causes);

 private:
  bool step(Statement& rows, int tenant_column) const;
  bool next_change(LogEntry& entry);
  bool next_event(LogEntry& entry);
  Records* records_;
  Causes causes_;
  StatementPtr changes_, events_;
  bool change_there_ = false, event_there_ = false;
};

}  // namespace kith::internal::store
